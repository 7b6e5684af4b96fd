"""The texts of all mails: organisers read, change, preview and try them."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from netzkoord.actions import mail_texts as actions
from netzkoord.lib.http import Request
from netzkoord.lib.mail_texts import Occasion, Text, occasions
from netzkoord.mail_forms import MailTextForm
from netzkoord.mail_previews import TextRow, previews, text_rows
from netzkoord.models import MailText


@require_safe
@permission_required("netzkoord.change_mailtext", raise_exception=True)
def mail_text_list(request: HttpRequest) -> HttpResponse:
    return render(request, "netzkoord/mail_text_list.html", {"areas": text_rows()})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("netzkoord.change_mailtext", raise_exception=True)
@transaction.atomic
def mail_text_edit(request: Request, name: str) -> HttpResponse:
    row = row_or_404(name, lock=request.method == "POST")
    form = form_of(request, row)
    if form.is_valid():
        stored = actions.store_mail_text(occasion=row.occasion, text=form.text, by=request.user)
        sentence = "Der neue Text gilt ab jetzt." if stored else "Der Text ist der der Vorlage."
        messages.success(request, f"{row.occasion.title}: {sentence}")
        return redirect("mail_text_edit", name)
    return edit_page(request, row, form, shown=None if form.is_bound else row.text)


@require_POST
@permission_required("netzkoord.change_mailtext", raise_exception=True)
def mail_text_preview(request: Request, name: str) -> HttpResponse:
    """The edit page again, with what was typed and how it would look; nothing is stored."""
    row = row_or_404(name)
    form = form_of(request, row)
    return edit_page(request, row, form, shown=form.text if form.is_valid() else None)


@require_POST
@permission_required("netzkoord.change_mailtext", raise_exception=True)
def mail_text_try(request: Request, name: str) -> HttpResponse:
    """What was typed as a mail to the person who typed it; nothing is stored."""
    row = row_or_404(name)
    form = form_of(request, row)
    if not form.is_valid():
        return edit_page(request, row, form, shown=None)
    is_new = actions.send_sample(occasion=row.occasion, text=form.text, to=request.user)
    word = "ist unterwegs" if is_new else "war schon unterwegs"
    messages.success(request, f"Die Probemail {word} an {request.user.email}.")
    return edit_page(request, row, form, shown=form.text)


@require_POST
@permission_required("netzkoord.change_mailtext", raise_exception=True)
def mail_text_reset(request: Request, name: str) -> HttpResponse:
    row = row_or_404(name)
    actions.reset_mail_text(occasion=row.occasion, by=request.user)
    messages.success(request, f"{row.occasion.title}: Es gilt wieder die Vorlage.")
    return redirect("mail_text_edit", name)


def row_or_404(name: str, *, lock: bool = False) -> TextRow:
    occasion: Occasion | None = occasions().get(name)
    if occasion is None:
        raise Http404
    texts = MailText.objects.select_for_update(of=("self",)) if lock else MailText.objects
    return TextRow(occasion, texts.select_related("changed_by").filter(pk=name).first())


def form_of(request: Request, row: TextRow) -> MailTextForm:
    default = row.occasion.default
    instance = row.stored or MailText(pk=row.occasion.name, subject=default.subject, body=default.body)
    data = request.POST if request.method == "POST" else None
    return MailTextForm(data, instance=instance, occasion=row.occasion)


def edit_page(request: Request, row: TextRow, form: MailTextForm, *, shown: Text | None) -> HttpResponse:
    """With a preview of the text that is shown; without one while there is something wrong with it."""
    context = {
        "row": row,
        "occasion": row.occasion,
        "form": form,
        "previews": previews(row.occasion, shown) if shown is not None else [],
        "is_typed": form.is_bound,
    }
    return render(request, "netzkoord/mail_text_edit.html", context)
