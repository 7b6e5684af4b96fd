"""A registration after it was sent: confirmation by mail, and the person's own page."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from curriculum.models import Cohort
from netzkoord.lib import links
from participants import tokens
from participants.actions.joining import confirm_registration
from participants.actions.locking import RegistrationPostponed, RegistrationRefused
from participants.actions.registrations import is_confirmable, refuse_left_out, withdraw_registration
from participants.forms.registrations import InvitationForm
from participants.models import Registration
from participants.queries.status import status_page
from participants.tokens import CONFIRM_DAYS


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def registration_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link: opening it changes nothing, the button confirms."""
    half = registration_to_confirm(token)
    if half is None:
        return render_refused(
            request,
            "Diese Anmeldung gibt es nicht mehr. Vielleicht haben Sie sich neu angemeldet, sie wurde "
            f"{CONFIRM_DAYS} Tage lang nicht bestätigt und ist gelöscht, oder wer Sie ins Tandem eingeladen hat, "
            "macht ohne Sie weiter.",
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
        return render_refused(request, refusal)
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
            f"{half.cohort.contact}.",
            token=token,
        )
    if request.method == "POST":
        withdraw_registration(registration=half)
    elif not half.withdrawn_at:
        return render(request, "participants/registration_withdraw.html", {"page": page, "token": token})
    return redirect("participants:registration_status", token=token)


def public_cohort(pk: int) -> Cohort:
    """A cohort that was announced, even if it was cancelled later. Raises `Http404`."""
    return get_object_or_404(Cohort, pk=pk, announced_at__isnull=False)


def render_refused(request: HttpRequest, refusal: Exception | str, *, token: str = "") -> HttpResponse:
    """Says in the heading already whether it is worth trying again; `token` leads back to the person's own page."""
    context = {"sentence": refusal, "is_postponed": isinstance(refusal, RegistrationPostponed), "token": token}
    return render(request, "participants/registration_refused.html", context)


def registration_to_confirm(token: str) -> Registration | None:
    """The registration that a mailed link confirms, an expired one too: the page says what then.

    None when the registration is gone. Raises `NotValid` for a token that is not ours or was revoked, and for an
    expired one that would lead to the page of a confirmed registration.
    """
    link = links.find(token)
    if link is None or link.purpose != tokens.CONFIRM or link.revoked_at:
        raise links.NotValid(token)
    half = with_tandem(Registration.objects.all()).filter(pk=int(link.target_id)).first()
    if half and (not link.is_valid if half.confirmed_at else half.email != link.email):
        raise links.NotValid(token)
    return half


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
    tandem = ("municipality", "cohort", "shared_half__tandem__municipality", "transfer_agreement")
    related = halves.select_related("cohort", "person", *(f"tandem__{name}" for name in tandem))
    return related.prefetch_related("tandem__registrations")
