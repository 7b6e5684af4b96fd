"""Legal pages: read by anyone, written by organisers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from netzkoord.actions import accounts as actions
from netzkoord.forms import LegalPageForm
from netzkoord.lib import markdown
from netzkoord.lib.http import Request
from netzkoord.models import LegalPage, LegalPageKey

GAP = "[Bitte eintragen"


@require_safe
@login_not_required
def legal_page(request: HttpRequest, key: str) -> HttpResponse:
    page = page_or_default(key)
    return render(request, "netzkoord/legal_page.html", {"page": page, "html": markdown.render(page.text)})


@require_http_methods(["GET", "POST"])
@permission_required("netzkoord.change_legalpage", raise_exception=True)
def legal_page_edit(request: Request, key: str) -> HttpResponse:
    page = page_or_default(key)
    sent = request.POST if request.method == "POST" else None
    form = LegalPageForm(sent, key=key, initial={"text": page.text})
    if form.is_valid():
        actions.change_legal_page(key=key, text=form.cleaned_data["text"], by=request.user)
        messages.success(request, f"Der neue Text „{page}“ ist veröffentlicht.")
        return redirect(page)
    return edit_page(request, page, form, gaps=page.text.count(GAP))


@require_POST
@permission_required("netzkoord.change_legalpage", raise_exception=True)
def legal_page_preview(request: Request, key: str) -> HttpResponse:
    """The edit page again, with what was typed and how it would look; nothing is stored."""
    page = page_or_default(key)
    form = LegalPageForm(request.POST, key=key)
    if not form.is_valid():
        return edit_page(request, page, form, gaps=0)
    text = form.cleaned_data["text"]
    return edit_page(request, page, form, gaps=text.count(GAP), preview=markdown.render(text))


def edit_page(
    request: HttpRequest, page: LegalPage, form: LegalPageForm, *, gaps: int, preview: str = ""
) -> HttpResponse:
    context = {"page": page, "form": form, "gaps": gaps, "preview": preview}
    return render(request, "netzkoord/legal_page_edit.html", context)


def page_or_default(key: str) -> LegalPage:
    if key not in LegalPageKey:
        raise Http404
    return LegalPage.objects.current(key)
