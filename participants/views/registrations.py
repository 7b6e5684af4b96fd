"""Registration without an account: form, check, confirmation by mail, and the person's own page."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from curriculum.models import Cohort
from netzkoord.lib import links
from netzkoord.lib.limits import limit_submissions
from participants import drafts, tokens
from participants.actions.registrations import (
    RegistrationRefused,
    confirm_registration,
    is_confirmable,
    refuse_left_out,
    submit_registration,
    withdraw_registration,
)
from participants.early import may_register
from participants.forms.registrations import InvitationForm, RegistrationForm
from participants.models import Registration
from participants.queries.registrations import contact_address
from participants.queries.status import status_page
from participants.tokens import CONFIRM_DAYS


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@limit_submissions
def registration_add(request: HttpRequest, pk: int) -> HttpResponse:
    """„Ihre Angaben“; what is complete leads to „Angaben prüfen“ and is no registration yet."""
    cohort = public_cohort(pk)
    if not may_register(request, cohort):
        return render_closed(request, cohort)
    if request.method != "POST":
        draft = drafts.find(request, cohort)
        return render_form(request, cohort, RegistrationForm(initial=draft, contact=contact_address(cohort)))
    form = RegistrationForm(request.POST, contact=contact_address(cohort))
    drafts.keep(request, cohort, form.payload())
    if form.is_valid():
        return redirect("participants:registration_check", pk=cohort.pk)
    return render_form(request, cohort, form)


@require_safe
@login_not_required
@never_cache
def registration_check(request: HttpRequest, pk: int) -> HttpResponse:
    """„Angaben prüfen“; without complete input, back to the form."""
    cohort = public_cohort(pk)
    form = RegistrationForm(drafts.find(request, cohort), contact=contact_address(cohort))
    if not form.is_valid():
        return redirect("participants:registration_add", pk=cohort.pk)
    return render(request, "participants/registration_check.html", {"cohort": cohort, "form": form})


@require_POST
@login_not_required
@never_cache
@limit_submissions
def registration_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """„Verbindlich anmelden“: a second press finds what the first one stored."""
    cohort = public_cohort(pk)
    form = RegistrationForm(drafts.sent(request), contact=contact_address(cohort))
    if not may_register(request, cohort):
        return render_closed(request, cohort)
    if not form.is_valid():
        return render_form(request, cohort, form)
    try:
        submit_registration(
            cohort=cohort,
            role=form.cleaned_data["role"],
            municipality=form.cleaned_data["municipality"],
            partner_email=form.cleaned_data["partner_email"],
            particulars=form.particulars(),
        )
    except RegistrationRefused:
        return render_closed(request, cohort)
    drafts.forget(request, cohort)
    return redirect("participants:registration_done", pk=cohort.pk)


@require_safe
@login_not_required
def registration_done(request: HttpRequest, pk: int) -> HttpResponse:
    """„Fertig“: the same for every address, whether it was known before or not."""
    cohort = public_cohort(pk)
    context = {"cohort": cohort, "contact": contact_address(cohort), "days": CONFIRM_DAYS}
    return render(request, "participants/registration_done.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def registration_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link: opening it changes nothing, the button confirms."""
    half = registration_to_confirm(token)
    if half is None:
        return render_refused(
            request,
            "Diese Anmeldung gibt es nicht mehr. Vielleicht haben Sie sich neu angemeldet, "
            f"oder sie wurde {CONFIRM_DAYS} Tage lang nicht bestätigt und ist gelöscht.",
        )
    if half.withdrawn_at or (not half.confirmed_at and not is_confirmable(half)):
        return render(
            request, "participants/registration_expired.html", {"cohort": half.cohort, "days": CONFIRM_DAYS}
        )
    try:
        if request.method == "POST":
            confirm_registration(registration=half)
            return redirect("participants:registration_status", token=tokens.status_token(half))
        if not half.confirmed_at:
            refuse_left_out(half.tandem)
    except RegistrationRefused as refusal:
        return render_refused(request, str(refusal))
    return render(request, "participants/registration_confirm.html", {"registration": half})


@require_safe
@login_not_required
@never_cache
def registration_status(request: HttpRequest, token: str) -> HttpResponse:
    """The person's own page: where the registration stands and what happens next."""
    page = status_page(own_registration(request, token), token=token)
    form = InvitationForm(
        registration=page.registration, initial={"partner_email": page.registration.tandem.partner_email}
    )
    context = {"page": page, "token": token, "form": form}
    return render(request, "participants/registration_status.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def registration_withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the page changes nothing; the button withdraws, and a second press finds it done."""
    half = own_registration(request, token)
    page = status_page(half, token=token)
    if not page.is_withdrawable and not half.withdrawn_at:
        return render_refused(
            request,
            "Der Durchgang hat schon begonnen. Bitte schreiben Sie uns, wenn Sie nicht mehr teilnehmen können: "
            f"{contact_address(half.cohort)}.",
        )
    if request.method == "POST":
        withdraw_registration(registration=half)
    elif not half.withdrawn_at:
        return render(request, "participants/registration_withdraw.html", {"page": page, "token": token})
    return redirect("participants:registration_status", token=token)


def public_cohort(pk: int) -> Cohort:
    """A cohort that was announced, even if it was cancelled later. Raises `Http404`."""
    return get_object_or_404(Cohort, pk=pk, announced_at__isnull=False)


def render_form(request: HttpRequest, cohort: Cohort, form: RegistrationForm) -> HttpResponse:
    return render(request, "participants/registration_add.html", {"cohort": cohort, "form": form})


def render_closed(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    context = {"cohort": cohort, "contact": contact_address(cohort)}
    return render(request, "participants/registration_closed.html", context)


def render_refused(request: HttpRequest, sentence: str) -> HttpResponse:
    return render(request, "participants/registration_refused.html", {"sentence": sentence})


def registration_to_confirm(token: str) -> Registration | None:
    """The registration that a mailed link confirms, an expired one too: the page says what then.

    None when the registration is gone. Raises `NotValid` for a token that is not ours.
    """
    link = links.find(token)
    if link is None or link.purpose != tokens.CONFIRM:
        raise links.NotValid(token)
    return with_tandem(Registration.objects.all()).filter(pk=int(link.target_id)).first()


def own_registration(request: HttpRequest, token: str) -> Registration:
    """The registration of a personal link, or one's own when one is signed in. Raises `NotValid`."""
    key = tokens.registration_key(tokens.STATUS, token)
    halves = Registration.objects.filter(pk=key or 0)
    if key is None and request.user.is_authenticated:
        halves = Registration.objects.filter(pk=tokens.own_key(token) or 0, person=request.user)
    half = with_tandem(halves).first()
    if half is None:
        raise links.NotValid(token)
    return half


def with_tandem(halves: QuerySet[Registration]) -> QuerySet[Registration]:
    """With all that the pages of one registration read."""
    related = halves.select_related("cohort", "person", "tandem__municipality", "tandem__cohort")
    return related.prefetch_related("tandem__registrations")
