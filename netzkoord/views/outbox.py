"""The outbox: every message, whether it went out, and why not."""

import re
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe
from post_office.models import STATUS, Email

from netzkoord import queries
from netzkoord.actions import accounts as actions
from netzkoord.forms import SearchForm
from netzkoord.lib.http import Request

PAGE_SIZE = 50
STATES = {
    STATUS.sent: ("done", "gesendet"),
    STATUS.failed: ("error", "fehlgeschlagen"),
    STATUS.requeued: ("due", "wird erneut versucht"),
}
WAITING = ("neutral", "wartet")


@require_safe
@permission_required("post_office.view_email", raise_exception=True)
def outbox(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET, label="Adresse oder Betreff")
    search = form.words()
    page = Paginator(queries.outbox(search), PAGE_SIZE).get_page(request.GET.get("seite"))
    rows = [{"mail": mail} | state_of(mail) for mail in page]
    return render(request, "netzkoord/outbox.html", {"form": form, "search": search, "page": page, "rows": rows})


@require_safe
@permission_required("post_office.view_email", raise_exception=True)
def outbox_mail(request: HttpRequest, pk: int) -> HttpResponse:
    mail = get_object_or_404(queries.outbox(), pk=pk)
    context = {"mail": mail, "headers": (mail.headers or {}).items(), "text": readable_text(mail)}
    context |= state_of(mail) | {"can_resend": mail.status in (STATUS.sent, STATUS.failed)}
    return render(request, "netzkoord/outbox_mail.html", context)


@require_POST
@permission_required("post_office.add_email", raise_exception=True)
def outbox_resend(request: Request, pk: int) -> HttpResponse:
    mail = get_object_or_404(queries.outbox(), pk=pk)
    actions.resend_mail(mail.pk, by=request.user)
    messages.success(request, f"Die Mail an {', '.join(mail.to)} geht noch einmal hinaus.")
    return redirect("outbox")


def state_of(mail: Email) -> dict[str, str]:
    """Sign, word and, when it failed, what the mail server said (the newest of its answers)."""
    kind, label = STATES.get(mail.status, WAITING)
    failures = [log.message for log in mail.logs.all() if log.status == STATUS.failed]
    is_trouble = mail.status in (STATUS.failed, STATUS.requeued)
    return {"kind": kind, "label": label, "reason": failures[0] if failures and is_trouble else ""}


def readable_text(mail: Email) -> SafeString | None:
    """The message; None for a private one, which in earnest only its recipient may read."""
    headers: dict[str, Any] = mail.headers or {}
    if headers.get("Sensitivity") == "Private" and not settings.DEMO:
        return None
    return with_live_links(mail.message)


def with_live_links(text: str) -> SafeString:
    """Plain text as HTML; only an address of this site becomes a link."""
    own_address = re.compile(rf"({re.escape(settings.BASE_URL)}/[^\s<>\"']*)")
    parts = own_address.split(text)
    return format_html_join(
        "",
        "{}",
        ((format_html('<a href="{0}">{0}</a>', part) if place % 2 else part,) for place, part in enumerate(parts)),
    )
