"""Rules for mails around sessions, and what becomes of each mail."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from curriculum.models import Cohort, Session
from netzkoord.lib.http import Request
from netzkoord.lib.sentences import counted
from participants import mails
from participants.actions import mail_rules as actions
from participants.forms.mail_rules import MailRuleForm
from participants.models import MailRule
from participants.occasions import OWN_SESSION_MAIL
from participants.queries.mail_rules import Mailing, Reasons, mailing_of

may_change_rules = permission_required("participants.change_mailrule", raise_exception=True)


@require_safe
@may_change_rules
def mail_rule_list(request: HttpRequest) -> HttpResponse:
    rules = MailRule.objects.filter(cohort__isnull=True).prefetch_related("suspended_in")
    return render(request, "participants/mail_rule_list.html", {"rules": rules})


@require_http_methods(["GET", "HEAD", "POST"])
@may_change_rules
def mail_rule_add(request: Request) -> HttpResponse:
    return edit(request, MailRule())


@require_http_methods(["GET", "HEAD", "POST"])
@may_change_rules
def cohort_mail_rule_add(request: Request, pk: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    return edit(request, MailRule(cohort=cohort))


@require_http_methods(["GET", "HEAD", "POST"])
@may_change_rules
@transaction.atomic
def mail_rule_edit(request: Request, pk: int) -> HttpResponse:
    rules = MailRule.objects.select_for_update(of=("self",)) if request.method == "POST" else MailRule.objects
    return edit(request, get_object_or_404(rules.select_related("cohort"), pk=pk))


def edit(request: Request, rule: MailRule) -> HttpResponse:
    form = MailRuleForm(request.POST if request.method == "POST" else None, instance=rule)
    if form.is_valid():
        if form.changed:
            actions.save_rule(form.save(commit=False), by=request.user)
        messages.success(request, f"Die Regel gilt ab jetzt: {rule}. {form.merged_sentence}".strip())
        return redirect(place_of(rule))
    context = {
        "form": form,
        "rule": rule,
        "cohort": rule.cohort,
        "back": place_of(rule),
        "placeholders": OWN_SESSION_MAIL.placeholders,
    }
    return render(request, "participants/mail_rule_edit.html", context)


def place_of(rule: MailRule) -> str:
    """Where the rule is listed: in its cohort's calendar of mails, or among the common ones."""
    if rule.cohort_id:
        return reverse("mail_calendar", args=[rule.cohort_id])
    return reverse("participants:mail_rule_list")


@require_POST
@may_change_rules
def mail_rule_delete(request: Request, pk: int) -> HttpResponse:
    rule = get_object_or_404(MailRule, pk=pk)
    if actions.delete_rule(rule, by=request.user):
        messages.success(request, "Die Regel ist gelöscht.")
        return redirect(place_of(rule))
    messages.error(
        request, "Nach dieser Regel sind schon Mails gegangen. Bitte schalten Sie sie ab, statt sie zu löschen."
    )
    return redirect("participants:mail_rule_edit", pk)


@require_POST
@may_change_rules
def mail_rule_suspend(request: Request, pk: int, rule_pk: int) -> HttpResponse:
    return suspend(request, pk, rule_pk, is_suspended=True)


@require_POST
@may_change_rules
def mail_rule_resume(request: Request, pk: int, rule_pk: int) -> HttpResponse:
    return suspend(request, pk, rule_pk, is_suspended=False)


def suspend(request: Request, pk: int, rule_pk: int, *, is_suspended: bool) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    rule = get_object_or_404(MailRule, pk=rule_pk, cohort__isnull=True)
    actions.set_suspended(rule=rule, cohort=cohort, is_suspended=is_suspended, by=request.user)
    word = "gilt in diesem Durchgang nicht" if is_suspended else "gilt in diesem Durchgang wieder"
    messages.success(request, f"Die Regel „{rule}“ {word}.")
    return redirect("mail_calendar", pk)


@require_safe
@may_change_rules
def mailing_detail(request: Request, pk: int, session_pk: int) -> HttpResponse:
    """What one rule sends about one session, to whom, and what became of it."""
    mailing = mailing_or_404(request, pk, session_pk)
    half = next(iter([*mailing.waiting, *mailing.people]), None)
    context = {
        "mailing": mailing,
        "rule": mailing.rule,
        "session": mailing.session,
        "reason": Reasons.read([mailing]).sentence(mailing),
        "half": half,
        "preview": mails.session_mail_preview(half, mailing.session, rule=mailing.rule) if half else None,
        "rows": [(half, mailing.sent.get(half.pk), half.pk in mailing.unreachable) for half in mailing.people],
    }
    return render(request, "participants/mailing_detail.html", context)


def mailing_or_404(request: Request, pk: int, session_pk: int) -> Mailing:
    """A common rule has something to say about every session, one of a cohort about those of that cohort."""
    rule = get_object_or_404(MailRule, pk=pk)
    sessions = Session.objects.visible_to(request.user)
    if rule.cohort_id:
        sessions = sessions.filter(cohort=rule.cohort_id)
    mailing = mailing_of(rule, get_object_or_404(sessions, pk=session_pk))
    if mailing is None:
        raise Http404
    return mailing


@require_POST
@may_change_rules
def mailing_send(request: Request, pk: int, session_pk: int) -> HttpResponse:
    mailing = mailing_or_404(request, pk, session_pk)
    count = actions.send_now(rule=mailing.rule, session=mailing.session, by=request.user)
    if count:
        messages.success(request, f"{counted(count, 'Mail ist', 'Mails sind')} unterwegs.")
    else:
        messages.info(request, "Es gibt niemanden mehr, an den diese Mail gehen könnte.")
    return redirect("participants:mailing_detail", pk, session_pk)


@require_POST
@may_change_rules
def mailing_skip(request: Request, pk: int, session_pk: int) -> HttpResponse:
    mailing = mailing_or_404(request, pk, session_pk)
    actions.skip(rule=mailing.rule, session=mailing.session, by=request.user)
    messages.success(request, "Diese Mail wird zu diesem Termin ausgelassen.")
    return redirect("participants:mailing_detail", pk, session_pk)


@require_POST
@may_change_rules
def mailing_unskip(request: Request, pk: int, session_pk: int) -> HttpResponse:
    mailing = mailing_or_404(request, pk, session_pk)
    actions.unskip(rule=mailing.rule, session=mailing.session, by=request.user)
    messages.success(request, "Diese Mail wird nicht mehr ausgelassen.")
    return redirect("participants:mailing_detail", pk, session_pk)
