"""The outbox: every mail, what became of it, and what to do where it did not arrive."""

import re

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from post_office.models import Email

from netzkoord import queries
from netzkoord.actions import outbox as actions
from netzkoord.forms import MailAddressForm, OutboxForm
from netzkoord.lib.http import Request
from netzkoord.lib.mail_keys import has_lost_keys, is_private, readable_text
from netzkoord.lib.mail_states import MailState, count_by_state, is_expired, resendable, state_of
from netzkoord.lib.sentences import counted
from netzkoord.models import SendingOutcome
from netzkoord.templatetags.german import german_datetime, german_time

PAGE_SIZE = 50
KINDS = {
    MailState.SENT: "done",
    MailState.FAILED: "error",
    MailState.UNCERTAIN: "due",
    MailState.RETRYING: "due",
    MailState.WAITING: "neutral",
}
TABS = {
    MailState.WAITING: "Wartet",
    MailState.RETRYING: "Wird erneut versucht",
    MailState.FAILED: "Fehlgeschlagen",
    MailState.UNCERTAIN: "Ungewiss",
    MailState.SENT: "Gesendet",
}


@require_safe
@permission_required("post_office.view_email", raise_exception=True)
def outbox(request: HttpRequest) -> HttpResponse:
    form = OutboxForm(request.GET)
    search, state = form.words(), form.state()
    counts = count_by_state(queries.mails(search))
    page = Paginator(queries.outbox(search, state), PAGE_SIZE).get_page(request.GET.get("seite"))
    context = {
        "form": form,
        "search": search,
        "state": state,
        "all_count": sum(counts.values()),
        "tabs": [(each, label, counts[each]) for each, label in TABS.items()],
        "page": page,
        "rows": [{"mail": mail} | standing_of(mail) for mail in page],
        "failed_count": resendable().count() if state == MailState.FAILED else 0,
    }
    return render(request, "netzkoord/outbox.html", context)


@require_safe
@permission_required("post_office.view_email", raise_exception=True)
def outbox_mail(request: Request, pk: int) -> HttpResponse:
    mail = get_object_or_404(queries.outbox(), pk=pk)
    context = {
        "mail": mail,
        "headers": (mail.headers or {}).items(),
        "text": text_of(mail),
        "hides_keys": is_private(mail) and not settings.DEMO and state_of(mail) is not MailState.SENT,
        "registrations": queries.registrations_of(mail, request.user),
    }
    return render(request, "netzkoord/outbox_mail.html", context | standing_of(mail) | offers(mail))


@require_POST
@permission_required("post_office.add_email", raise_exception=True)
def outbox_resend(request: Request, pk: int) -> HttpResponse:
    mail = get_object_or_404(queries.outbox(), pk=pk)
    if actions.resend_mail(mail.pk, by=request.user):
        messages.success(request, f"Die Mail an {', '.join(mail.to)} geht noch einmal hinaus.")
    else:
        messages.info(request, "Diese Mail ist schon unterwegs, oder sie lässt sich nicht noch einmal senden.")
    return redirect("outbox_mail", mail.pk)


@require_POST
@permission_required("post_office.add_email", raise_exception=True)
def outbox_resend_failed(request: Request) -> HttpResponse:
    count = actions.resend_failed(by=request.user)
    if count:
        messages.success(request, counted(count, "Mail geht", "Mails gehen") + " noch einmal hinaus.")
    else:
        messages.info(request, "Keine Mail ist fehlgeschlagen.")
    return redirect("outbox")


@require_POST
@permission_required("post_office.add_email", raise_exception=True)
def outbox_book(request: Request, pk: int) -> HttpResponse:
    mail = get_object_or_404(queries.outbox(), pk=pk)
    if actions.book_as_sent(mail.pk, by=request.user):
        messages.success(request, f"Die Mail an {', '.join(mail.to)} gilt als gesendet.")
    else:
        messages.info(request, "Über diese Mail ist schon entschieden.")
    return redirect("outbox_mail", mail.pk)


@require_http_methods(["GET", "POST"])
@permission_required("post_office.add_email", raise_exception=True)
def outbox_correct(request: Request, pk: int) -> HttpResponse:
    mail = get_object_or_404(queries.outbox(), pk=pk)
    if not offers(mail)["can_correct"]:
        messages.info(request, "Die Adresse lässt sich nur ändern, wenn eine Mail fehlgeschlagen ist.")
        return redirect("outbox_mail", mail.pk)
    form = MailAddressForm(
        request.POST if request.method == "POST" else None, initial={"address": ", ".join(mail.to)}
    )
    if form.is_valid():
        address = form.cleaned_data["address"]
        if actions.correct_address(mail.pk, address=address, by=request.user):
            messages.success(request, f"Die Mail geht jetzt an {address}.")
        return redirect("outbox_mail", mail.pk)
    registrations = queries.registrations_of(mail, request.user)
    context = {"form": form, "mail": mail, "registrations": registrations} | standing_of(mail)
    return render(request, "netzkoord/outbox_correct.html", context)


def standing_of(mail: Email) -> dict[str, str]:
    """Sign and word, what comes next, and what the mail server said last."""
    state = state_of(mail)
    is_trouble = state in (MailState.FAILED, MailState.UNCERTAIN, MailState.RETRYING)
    replies = [attempt.reply for attempt in mail.attempts.all() if attempt.reply]
    return {
        "kind": KINDS[state],
        "label": state.label,
        "next": what_is_next(mail, state),
        "reason": replies[0] if replies and is_trouble else "",
    }


def what_is_next(mail: Email, state: MailState) -> str:
    if any(attempt.outcome == SendingOutcome.RUNNING for attempt in mail.attempts.all()):
        return "wird gerade gesendet"
    match state:
        case MailState.UNCERTAIN:
            return "vielleicht angekommen"
        case MailState.RETRYING:
            return f"nächster Versuch {clock(mail)}"
        case MailState.WAITING if mail.scheduled_time:
            return f"geht hinaus {clock(mail)}"
        case MailState.FAILED if is_expired(mail):
            return "galt nur kurze Zeit und wird nicht mehr gesendet"
    return ""


def clock(mail: Email) -> str:
    """„um 14:20 Uhr“, „am Mo, 7. Dezember 2026, 14:20 Uhr“, „gleich“."""
    moment = timezone.localtime(mail.scheduled_time)
    if moment <= timezone.localtime():
        return "gleich"
    if moment.date() == timezone.localdate():
        return f"um {german_time(moment.time())}\u00a0Uhr"
    return f"am {german_datetime(moment)}"


def offers(mail: Email) -> dict[str, bool]:
    """What an organiser can do with it."""
    is_good = not is_expired(mail)
    state = state_of(mail)
    is_failed, is_uncertain = state is MailState.FAILED, state is MailState.UNCERTAIN
    is_sent = state is MailState.SENT
    return {
        "can_resend": ((is_failed or is_uncertain) and is_good) or (is_sent and not has_lost_keys(mail)),
        "can_correct": is_failed and mail.expires_at is None,
        "can_book": is_uncertain,
        "has_lost_keys": is_sent and has_lost_keys(mail),
    }


def text_of(mail: Email) -> SafeString:
    """The message; its keys only in the demo, where everybody is invented."""
    return with_live_links(mail.message if settings.DEMO else readable_text(mail))


def with_live_links(text: str) -> SafeString:
    """Plain text as HTML; only an address of this site becomes a link."""
    own_address = re.compile(rf"({re.escape(settings.BASE_URL)}/[^\s<>\"']*)")
    parts = own_address.split(text)
    return format_html_join(
        "",
        "{}",
        ((format_html('<a href="{0}">{0}</a>', part) if place % 2 else part,) for place, part in enumerate(parts)),
    )
