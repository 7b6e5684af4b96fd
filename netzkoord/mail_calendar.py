"""Who gets which mail when, for one cohort: rules, invitations and surveys together; reads all apps."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from curriculum.cancellations import is_off
from curriculum.models import Cohort, Session
from evaluation.models import Purpose, Survey
from netzkoord.lib.sentences import counted
from participants.mail_plan import MailingState
from participants.models import MailRule
from participants.queries.invitations import late_invitations
from participants.queries.mail_rules import Mailing, Reasons, mailings, sessions_of

# Organisers send the invitations themselves, for the paper needs their eye; by then they should have.
INVITATION_DAYS = 21


@dataclass(frozen=True)
class Line:
    """One line of the calendar: when, what, about which session, to whom, and what became of it."""

    at: datetime.datetime
    title: str
    url: str
    recipients: str
    kind: str
    label: str
    session: Session | None = None
    note: str = ""
    needs_decision: bool = False


@dataclass(frozen=True)
class MailCalendar:
    """All mails of a cohort by time, and the rules that make them."""

    now: datetime.datetime
    lines: list[Line]
    rules: list[tuple[MailRule, bool]]

    @property
    def missed(self) -> list[Line]:
        return [line for line in self.lines if line.needs_decision]

    @property
    def coming(self) -> list[Line]:
        return [line for line in self.lines if line.at > self.now and not line.needs_decision]

    @property
    def past(self) -> list[Line]:
        return [line for line in reversed(self.lines) if line.at <= self.now and not line.needs_decision]


def mail_calendar(cohort: Cohort) -> MailCalendar:
    """The number of queries depends neither on sessions nor on people."""
    found = mailings(cohort)
    reasons = Reasons.read(found)
    lines = [rule_line(mailing, reasons) for mailing in found]
    sessions = sessions_of(cohort.sessions.all())
    late = late_invitations(sessions)
    lines += [line for session in sessions if (line := invitation_line(session, late=late[session.pk]))]
    lines += [survey_line(survey) for survey in surveys_of(cohort)]
    return MailCalendar(timezone.now(), sorted(lines, key=lambda line: line.at), rules_of(cohort))


def rules_of(cohort: Cohort) -> list[tuple[MailRule, bool]]:
    """The common rules and those of the cohort, each with whether it holds here."""
    rules = MailRule.objects.active().filter(Q(cohort__isnull=True) | Q(cohort=cohort))
    suspended = set(cohort.suspended_mail_rules.values_list("pk", flat=True))
    return [(rule, rule.pk not in suspended) for rule in rules]


def rule_line(mailing: Mailing, reasons: Reasons) -> Line:
    state = mailing.state
    counts = [counted(len(mailing.people), "Person", "Personen")]
    if state is MailingState.PARTLY:
        counts.append(f"{len(mailing.waiting)} ohne Mail")
    if mailing.sent_late:
        counts.append(f"{mailing.sent_late} nachträglich")
    if mailing.unreachable:
        counts.append(f"{len(mailing.unreachable)} ohne gültige Adresse")
    return Line(
        at=mailing.sent_at or mailing.due_at,
        title=mailing.rule.title,
        url=reverse("participants:mailing_detail", args=[mailing.rule.pk, mailing.session.pk]),
        recipients=", ".join(counts) if mailing.people else "noch niemand",
        kind=state.kind,
        label=state.label,
        session=mailing.session,
        note=reasons.sentence(mailing),
        needs_decision=state.needs_decision,
    )


def invitation_line(session: Session, *, late: int) -> Line | None:
    """When the invitation went out, and to how many later on; for one that did not, when it should."""
    assert session.first_on  # noqa: S101 -- for the type checker: sessions_of leaves out those without
    day = session.first_on - datetime.timedelta(days=INVITATION_DAYS)
    due_at = timezone.make_aware(datetime.datetime.combine(day, datetime.time(9)))
    is_over = timezone.localdate() >= session.first_on
    if not session.invited_at and (is_off(session) or is_over):
        return None
    is_late = not session.invited_at and due_at < timezone.now()
    kind, label = ("due", "noch nicht gesendet") if is_late else ("info", "senden Sie selbst")
    if session.invited_at:
        kind, label = "done", "gesendet"
    return Line(
        at=session.invited_at or due_at,
        title="Einladung zum Termin",
        url=reverse("participants:invitation_send", args=[session.pk]),
        recipients=f"Angenommene, {late} nachträglich" if late else "Angenommene",
        kind=kind,
        label=label,
        session=session,
        note="Die Einladung senden Sie selbst, sobald der Ablauf steht." if is_late else "",
        needs_decision=is_late,
    )


def surveys_of(cohort: Cohort) -> list[Survey]:
    """With the number of people who were asked; one query."""
    surveys = Survey.objects.filter(cohort=cohort).select_related("session__module")
    return list(surveys.annotate(asked=Count("invitations", filter=Q(invitations__mailed_on__isnull=False))))


def survey_line(survey: Survey) -> Line:
    is_needs = survey.purpose == Purpose.NEEDS
    has_begun = survey.opens_at <= timezone.now()
    asked: int = getattr(survey, "asked", 0)
    return Line(
        at=survey.opens_at,
        title="Bedarfserhebung" if is_needs else "Rückmeldung zum Termin",
        url=reverse("evaluation:needs", args=[survey.cohort_id])
        if is_needs
        else reverse("evaluation:survey_detail", args=[survey.pk]),
        recipients=counted(asked, "Person", "Personen") if has_begun else "wer anwesend war",
        kind="done" if has_begun else "info",
        label="gesendet" if has_begun else "kommt",
        session=survey.session,
    )
