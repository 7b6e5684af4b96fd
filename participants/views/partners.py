"""The second half of a tandem: the invited person's own link, and the invitation itself."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from netzkoord.lib import links
from netzkoord.lib.limits import limit_submissions
from participants import drafts, tokens
from participants.actions.locking import RegistrationRefused
from participants.actions.partners import complete_tandem, decline_invitation, invite_partner, role_to_join
from participants.forms.registrations import InvitationForm, PartnerForm
from participants.models import Tandem
from participants.queries.status import status_page
from participants.views.registrations import own_registration, public_cohort, render_refused


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@limit_submissions
def partner_add(request: HttpRequest, token: str) -> HttpResponse:
    """The invited person's half; who invites stands above it, the municipality is the tandem's."""
    tandem = invited_tandem(token)
    if request.method != "POST":
        initial = {"email": tandem.partner_email} | drafts.find(request, tandem)
        return render_partner(request, "partner_add", PartnerForm(initial=initial, tandem=tandem), token)
    form = PartnerForm(request.POST, tandem=tandem)
    drafts.keep(request, tandem, form.payload())
    if form.is_valid():
        return redirect("participants:partner_check", token=token)
    return render_partner(request, "partner_add", form, token)


@require_POST
@login_not_required
@never_cache
@limit_submissions
def partner_address(request: HttpRequest, token: str) -> HttpResponse:
    """„Meinten Sie …?“: the address that was meant stands in the place of the one that was typed.

    The form sends everything that was typed into it by then; „Angaben prüfen“ sends nothing else.
    """
    tandem = invited_tandem(token)
    is_form = "email" in request.POST
    draft = PartnerForm(request.POST, tandem=tandem).typed() if is_form else drafts.find(request, tandem)
    meant = {slip.name: slip.meant for slip in PartnerForm(draft, tandem=tandem).slips}
    if (name := request.POST.get("feld", "")) in meant:
        draft |= {name: meant[name]}
    drafts.keep(request, tandem, drafts.pack(draft))
    return redirect("participants:partner_check", token=token)


@require_safe
@login_not_required
@never_cache
def partner_check(request: HttpRequest, token: str) -> HttpResponse:
    """„Angaben prüfen“; without complete input, back to the form."""
    tandem = invited_tandem(token)
    form = PartnerForm(drafts.find(request, tandem), tandem=tandem)
    if not form.is_valid():
        return redirect("participants:partner_add", token=token)
    return render_partner(request, "partner_check", form, token)


@require_POST
@login_not_required
@never_cache
@limit_submissions
def partner_submit(request: HttpRequest, token: str) -> HttpResponse:
    tandem = invited_tandem(token)
    form = PartnerForm(drafts.sent(request), tandem=tandem)
    if not form.is_valid():
        return render_partner(request, "partner_add", form, token)
    try:
        is_confirmed = complete_tandem(tandem=tandem, particulars=form.particulars(), wishes=form.wishes())
    except RegistrationRefused as refusal:
        return render_refused(request, refusal)
    drafts.forget(request, tandem)
    name = "participants:partner_done" if is_confirmed else "participants:registration_done"
    return redirect(name, pk=tandem.cohort_id)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@limit_submissions
def partner_decline(request: HttpRequest, token: str) -> HttpResponse:
    """„Einladung ablehnen“: opening the page changes nothing, the button declines; the inviter is told."""
    link = links.find(token)
    if request.method == "POST" and link is not None and link.purpose == tokens.PARTNER:
        tandem = Tandem.objects.filter(pk=link.target_id, partner_email=link.email).select_related("cohort").first()
        if tandem and not link.is_valid:
            raise links.NotValid(token)
        if tandem:
            decline_invitation(tandem=tandem)
        return render(request, "participants/partner_declined.html")
    tandem = invited_tandem(token)
    context = {"tandem": tandem, "told": tandem.substitute_for or tandem.inviter, "token": token}
    return render(request, "participants/partner_decline.html", context)


@require_safe
@login_not_required
def partner_done(request: HttpRequest, pk: int) -> HttpResponse:
    """„Fertig“ after the invited address was kept: nothing more to confirm."""
    return render(request, "participants/partner_done.html", {"cohort": public_cohort(pk)})


@require_POST
@login_not_required
@never_cache
@limit_submissions
def partner_invite(request: HttpRequest, token: str) -> HttpResponse:
    """Invite the second person from one's own page, for the first time or again."""
    page = status_page(own_registration(request, token), token=token)
    form = InvitationForm(request.POST, registration=page.registration)
    if not form.is_valid():
        context = {"page": page, "token": token, "form": form}
        return render(request, "participants/registration_status.html", context)
    try:
        is_sent = invite_partner(registration=page.registration, partner_email=form.cleaned_data["partner_email"])
    except RegistrationRefused as refusal:
        return render_refused(request, refusal, token=token)
    if is_sent:
        messages.success(request, "Die Einladung ist gesendet.")
    else:
        messages.info(
            request, "Die Einladung ist schon gesendet. In zehn Minuten können Sie sie noch einmal senden."
        )
    return redirect("participants:registration_status", token=token)


def render_partner(request: HttpRequest, name: str, form: PartnerForm, token: str) -> HttpResponse:
    """A page of the partner's half; a sentence instead when nobody can join the tandem now."""
    tandem = form.tandem
    try:
        role = role_to_join(tandem)
    except RegistrationRefused as refusal:
        return render_refused(request, refusal)
    context = {"tandem": tandem, "inviter": tandem.inviter, "role": role.person, "form": form, "token": token}
    return render(request, f"participants/{name}.html", context)


def invited_tandem(token: str) -> Tandem:
    """The tandem that a partner's link opens. Raises `NotValid` for a link that is not, or no longer, good."""
    link = links.find(token)
    related = Tandem.objects.select_related("cohort", "municipality", "substitute_for")
    tandems = related.prefetch_related("registrations")
    is_good = link is not None and link.purpose == tokens.PARTNER and link.is_valid
    tandem = tandems.filter(pk=link.target_id, partner_email=link.email).first() if link and is_good else None
    if tandem is None:
        raise links.NotValid(token)
    return tandem
