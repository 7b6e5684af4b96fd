"""The organiser's page of the waiting list: what is free, who stands where and why, offers and kept places."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from curriculum.models import Cohort
from netzkoord.lib.http import Request
from netzkoord.lib.sentences import counted
from participants.actions.locking import RegistrationRefused
from participants.actions.substitutes import release_place, replace_half
from participants.actions.waiting import OfferRefused, offer_free_places, offer_to, revoke_offer
from participants.forms.waiting import OfferForm, SubstituteForm
from participants.mails_waiting import offer_preview
from participants.models import Offer, Registration, Tandem
from participants.queries.offers import open_together, towns
from participants.queries.waiting import Unit, WaitingList, waiting_list
from participants.queries.waiting_page import waiting_page
from participants.views.offers import tell_sent

PAGE_SIZE = 100


@require_safe
@permission_required("participants.view_tandem", raise_exception=True)
def waiting_list_show(request: Request, pk: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    page = waiting_page(cohort)
    rows = Paginator(page.rows, PAGE_SIZE).get_page(request.GET.get("seite"))
    return render(request, "participants/waiting_list_show.html", {"cohort": cohort, "page": page, "rows": rows})


@require_POST
@permission_required("participants.change_tandem", raise_exception=True)
def offer_next(request: Request, pk: int) -> HttpResponse:
    """„Der Reihe nach anbieten“; a second press finds nothing left to offer."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    try:
        offers = offer_free_places(cohort=cohort, by=request.user)
    except OfferRefused as refusal:
        messages.error(request, str(refusal))
    else:
        tell_offered(request, offers)
    return redirect("participants:waiting_list_show", pk=cohort.pk)


def tell_offered(request: Request, offers: list[Offer]) -> None:
    if not offers:
        messages.info(request, "Es war nichts mehr anzubieten. Es wurde keine Mail gesendet.")
        return
    names = ", ".join(offer.tandem.municipality.name for offer in offers)
    messages.success(
        request,
        f"{counted(len(offers), 'Angebot ist', 'Angebote sind')} gemacht: {names}. Die Mails sind unterwegs.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("participants.change_tandem", raise_exception=True)
def offer_make(request: Request, pk: int) -> HttpResponse:
    """„Diesem Tandem anbieten“: with the mail before it goes out, and a reason where others stand before it."""
    tandem = get_object_or_404(Tandem.objects.visible_to(request.user).select_related("cohort"), pk=pk)
    waiting = waiting_list(tandem.cohort)
    unit = waiting.find(tandem.pk)
    if unit is None or unit.row.has_offer:
        messages.info(request, "Hier ist nichts mehr anzubieten. Es wurde keine Mail gesendet.")
        return redirect("participants:waiting_list_show", pk=tandem.cohort_id)
    form = OfferForm(request.POST if request.method == "POST" else None, is_turn=waiting.is_turn_of(unit))
    if form.is_valid():
        try:
            offers = offer_to(tandem=tandem, reason=form.reason_given(), by=request.user)
        except OfferRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            tell_offered(request, offers)
            return redirect("participants:waiting_list_show", pk=tandem.cohort_id)
    return render(request, "participants/offer_make.html", offer_context(waiting, unit, form))


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("participants.change_tandem", raise_exception=True)
def offer_revoke(request: Request, pk: int) -> HttpResponse:
    """Asks once more; what was answered meanwhile stays as it is."""
    offers = Offer.objects.filter(tandem__in=Tandem.objects.visible_to(request.user))
    offer = get_object_or_404(
        offers.select_related("tandem__cohort", "tandem__municipality").prefetch_related("tandem__registrations"),
        pk=pk,
    )
    if request.method != "POST" and not offer.answer:
        asked = open_together(offer)
        context = {"offer": offer, "offers": asked, "towns": towns(asked), "cohort": offer.tandem.cohort}
        return render(request, "participants/offer_revoke.html", context)
    if request.method == "POST" and revoke_offer(offer=offer, by=request.user):
        messages.success(request, "Das Angebot ist zurückgenommen. Die Mail darüber ist unterwegs.")
    else:
        messages.info(request, "Das Angebot ist schon beantwortet. Es bleibt dabei.")
    return redirect("participants:waiting_list_show", pk=offer.tandem.cohort_id)


@require_POST
@permission_required("participants.change_tandem", raise_exception=True)
def place_release(request: Request, pk: int) -> HttpResponse:
    """The kept place is free at once; a second press finds it done."""
    tandem = get_object_or_404(Tandem.objects.visible_to(request.user).select_related("cohort"), pk=pk)
    if release_place(tandem=tandem, by=request.user):
        messages.success(request, "Der Platz ist frei.")
    else:
        messages.info(request, "Der Platz war schon frei oder vergeben.")
    return redirect("participants:waiting_list_show", pk=tandem.cohort_id)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("participants.change_registration", raise_exception=True)
def registration_replace(request: Request, pk: int) -> HttpResponse:
    """Somebody else comes instead of this half, also in a cohort that has begun."""
    halves = Registration.objects.visible_to(request.user).select_related("tandem__municipality", "cohort")
    half = get_object_or_404(halves, pk=pk)
    form = SubstituteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            is_sent = replace_half(registration=half, email=form.cleaned_data["email"], by=request.user)
        except RegistrationRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            tell_sent(request, is_sent=is_sent)
            return redirect(half.tandem)
    context = {"registration": half, "tandem": half.tandem, "cohort": half.cohort, "form": form}
    return render(request, "participants/registration_replace.html", context)


def offer_context(waiting: WaitingList, unit: Unit, form: OfferForm) -> dict[str, object]:
    refusal = waiting.refusal(unit)
    offers = waiting.new_offers(unit)
    return {
        "cohort": waiting.cohort,
        "places": unit.row.places,
        "form": form,
        "offers": offers,
        "towns": towns(offers),
        "refusal": refusal,
        "preview": "" if refusal else offer_preview(offers),
    }
