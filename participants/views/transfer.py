"""The Transfervereinbarung of the two of a tandem, by personal link or signed in; nobody else reads it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from netzkoord.lib.http import NotStored, pdf_response, too_large
from netzkoord.lib.limits import limit_papers, limit_submissions
from netzkoord.lib.pdf import DocumentTooLarge
from participants.actions.locking import RegistrationRefused, lock
from participants.actions.transfer import confirm_agreement, write_agreement
from participants.forms.transfer import TransferForm
from participants.models import TransferAgreement
from participants.queries.transfer import AgreementPage, agreement_page
from participants.transfer_papers import paper_of
from participants.views.own_page import confirmed_registration


@require_safe
@login_not_required
@never_cache
def transfer_show(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """What is agreed and who has confirmed it; what is confirmed here is what is read here."""
    return render(
        request, "participants/transfer_show.html", {"page": own_page(request, token, pk), "token": token}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@limit_submissions
def transfer_edit(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    if request.method != "POST":
        page = own_page(request, token, pk)
        if page.why_closed:
            return redirect("participants:transfer_show", token, pk)
        return edit_page(request, page, TransferForm(instance=page.agreement), token=token)
    with transaction.atomic():
        lock(confirmed_registration(request, token).cohort)  # the other one's save waits here, and is seen then
        return save(request, own_page(request, token, pk), token=token)


def save(request: HttpRequest, page: AgreementPage, *, token: str) -> HttpResponse:
    if page.why_closed:
        raise NotStored(page.why_closed)
    form = TransferForm(request.POST, instance=page.agreement or TransferAgreement(tandem=page.tandem))
    if not form.is_valid():
        return edit_page(request, page, form, token=token)
    is_taken_back = bool(form.changed) and write_agreement(page=page, agreement=form.instance)
    messages.success(request, " ".join(filter(None, [saved_sentence(page, is_taken_back), form.merged_sentence])))
    return redirect("participants:transfer_show", token, page.tandem.pk)


def saved_sentence(page: AgreementPage, is_taken_back: bool) -> str:
    if not is_taken_back:
        return "Gespeichert."
    return (
        "Gespeichert. Was bestätigt war, gilt jetzt nicht mehr: Bitte bestätigen Sie beide noch einmal. "
        f"{page.partner} bekommt eine Mail."
    )


def edit_page(request: HttpRequest, page: AgreementPage, form: TransferForm, *, token: str) -> HttpResponse:
    return render(request, "participants/transfer_edit.html", {"page": page, "form": form, "token": token})


@require_POST
@login_not_required
@never_cache
@limit_submissions
def transfer_confirm(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """Confirm for oneself; a second press finds it done."""
    page = own_page(request, token, pk)
    try:
        page = confirm_agreement(registration=page.registration, tandem_key=pk, seen=request.POST.get("seen", ""))
    except RegistrationRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, confirmed_sentence(page))
    return redirect("participants:transfer_show", token, pk)


def confirmed_sentence(page: AgreementPage) -> str:
    if page.stands:
        return "Sie haben beide bestätigt. Die Vereinbarung gilt. Sie beide bekommen eine Mail."
    return f"Sie haben bestätigt. {page.partner} bekommt eine Mail mit der Bitte, auch zu bestätigen."


@require_safe
@login_not_required
@never_cache
@limit_papers
def transfer_paper(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """The paper of what both have confirmed; `?linien=ja` for those who want to sign it by hand as well."""
    page = own_page(request, token, pk)
    if not page.stands:
        return redirect("participants:transfer_show", token, pk)
    try:
        paper = paper_of(page, has_signature_lines=request.GET.get("linien") == "ja")
    except DocumentTooLarge as error:
        return too_large(request, error, back=reverse("participants:transfer_show", args=[token, pk]))
    return pdf_response(paper, f"Transfervereinbarung {page.tandem.municipality.name}")


def own_page(request: HttpRequest, token: str, pk: int) -> AgreementPage:
    """The agreement of this tandem for one of its people. Raises `Http404` for anybody else."""
    page = agreement_page(confirmed_registration(request, token), pk)
    if page is None:
        raise Http404
    return page
