"""What a person does on the own page: consents, partners, the own address. Each needs a button; no link does it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from netzkoord.lib import links
from netzkoord.lib.limits import limit_submissions
from participants import tokens
from participants.actions.addresses import ask_for_address, change_address
from participants.actions.approvals import answer_approval
from participants.actions.consents import give_consent, withdraw_consent
from participants.actions.locking import RegistrationRefused
from participants.actions.matching import answer_proposal
from participants.actions.partners import give_up_partner, refuse_complete
from participants.forms.registrations import AddressForm, ApprovalForm, GiveUpForm
from participants.models import Approval, ConsentPurpose, PartnerProposal, Registration, TandemForm
from participants.queries.own_page import losses
from participants.views.registrations import own_registration, render_refused


@require_POST
@login_not_required
@never_cache
@limit_submissions
def consent_edit(request: HttpRequest, token: str) -> HttpResponse:
    """One consent, given or withdrawn; `purpose` and `is_given` say which and how."""
    half = confirmed_registration(request, token)
    purpose = request.POST.get("purpose", "")
    if purpose not in ConsentPurpose.values:
        raise Http404
    is_given = request.POST.get("is_given") == "yes"
    change = give_consent if is_given else withdraw_consent
    change(registration=half, purpose=ConsentPurpose(purpose))
    sentence = "Die Einwilligung ist erteilt." if is_given else "Die Einwilligung ist widerrufen."
    messages.success(request, f"{ConsentPurpose(purpose).label}: {sentence}")
    return redirect("participants:registration_status", token)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@limit_submissions
def partner_give_up(request: HttpRequest, token: str) -> HttpResponse:
    """Go on without the second person: the page says what is lost then, its button does it."""
    half = confirmed_registration(request, token)
    data = request.POST if request.method == "POST" else None
    form = GiveUpForm(data, tandem=half.tandem, initial={"form": half.tandem.form})
    try:
        refuse_complete(half.tandem)
        if form.is_valid():
            give_up_partner(registration=half, form=form.cleaned_data["form"])
            messages.success(request, GIVEN_UP[form.cleaned_data["form"]])
            return redirect("participants:registration_status", token)
    except RegistrationRefused as refusal:
        return render_refused(request, refusal, token=token)
    context = {"registration": half, "form": form, "losses": losses(half), "token": token}
    return render(request, "participants/partner_give_up.html", context)


GIVEN_UP = {
    TandemForm.SEEKING.value: "Wir suchen jemanden für Sie und schreiben Ihnen, sobald wir einen Vorschlag haben.",
    TandemForm.ALONE.value: "Sie machen allein weiter.",
}


@require_POST
@login_not_required
@never_cache
@limit_submissions
def proposal_answer(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """Yes or no to somebody who was proposed."""
    half = confirmed_registration(request, token)
    proposals = PartnerProposal.objects.filter(manager=half) | PartnerProposal.objects.filter(coordinator=half)
    proposal = get_object_or_404(proposals, pk=pk)
    agrees = request.POST.get("agrees") == "yes"
    try:
        is_joined = answer_proposal(registration=half, proposal=proposal, agrees=agrees)
    except RegistrationRefused as refusal:
        return render_refused(request, refusal, token=token)
    messages.success(request, proposal_sentence(agrees=agrees, is_joined=is_joined))
    return redirect("participants:registration_status", token)


def proposal_sentence(*, agrees: bool, is_joined: bool) -> str:
    if is_joined:
        return "Sie sind jetzt ein Tandem. Sie beide bekommen eine Mail mit Namen und Adresse."
    if agrees:
        return "Ihr Ja ist gespeichert. Sobald die andere Person antwortet, schreiben wir Ihnen."
    return "Sie haben abgelehnt. Die andere Person weiß nicht, wer Sie sind. Wir suchen weiter."


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@limit_submissions
def address_edit(request: HttpRequest, token: str) -> HttpResponse:
    """Name a new address; the answer is the same for every address."""
    half = confirmed_registration(request, token)
    form = AddressForm(request.POST if request.method == "POST" else None, registration=half)
    if form.is_valid():
        try:
            ask_for_address(registration=half, email=form.cleaned_data["email"])
        except RegistrationRefused as refusal:
            return render_refused(request, refusal, token=token)
        messages.success(
            request, f"An {form.cleaned_data['email']} ist ein Link unterwegs. Bis dahin gilt die alte Adresse."
        )
        return redirect("participants:registration_status", token)
    return render(request, "participants/address_edit.html", {"registration": half, "form": form, "token": token})


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def address_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the new mailbox: opening it changes nothing, the button does."""
    link = links.find(token)
    if link is None or link.purpose != tokens.ADDRESS or not link.is_valid:
        raise links.NotValid(token)
    half = get_object_or_404(Registration.objects.active().select_related("cohort"), pk=link.target_id)
    if request.method != "POST":
        return render(
            request,
            "participants/address_confirm.html",
            {"registration": half, "email": link.email, "is_done": half.email == link.email},
        )
    try:
        half = change_address(link=link)
    except RegistrationRefused as refusal:
        return render_refused(request, refusal)
    messages.success(
        request,
        f"Ab jetzt gilt {link.email}. Ein neuer Link zu Ihrer Anmeldung ist unterwegs, frühere gelten nicht mehr.",
    )
    return redirect("participants:registration_status", tokens.status_token(half))


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@limit_submissions
def approval_answer(request: HttpRequest, token: str) -> HttpResponse:
    """A superior's page: who wants to take part in what; the buttons answer, and may be pressed again later."""
    key = links.target(tokens.APPROVAL, token)
    approvals = Approval.objects.select_related("registration__cohort", "registration__tandem__municipality")
    approval = approvals.filter(pk=key or 0, registration__withdrawn_at__isnull=True).first()
    if approval is None:
        raise links.NotValid(token)
    initial = {"name": approval.name, "position": approval.position}
    form = ApprovalForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        answer_approval(approval=approval, **form.cleaned_data)
        messages.success(request, "Ihre Antwort ist gespeichert. Die angemeldete Person bekommt eine Mail. Danke!")
        return redirect("participants:approval_answer", token)
    context = {"approval": approval, "registration": approval.registration, "form": form}
    return render(request, "participants/approval_answer.html", context)


def confirmed_registration(request: HttpRequest, token: str) -> Registration:
    """Raises `Http404` where there is nothing to do any more."""
    half = own_registration(request, token)
    if half.confirmed_at is None or half.withdrawn_at is not None:
        raise Http404
    return half
