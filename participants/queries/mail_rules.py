"""The mails of the rules: who gets what when, what went out, and why something did not."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Max, Q
from django.utils import timezone

from curriculum.cancellations import is_off
from curriculum.models import Cohort, Session, SessionAudience
from curriculum.models.schedule import SessionQuerySet
from netzkoord.lib.mail import is_address
from netzkoord.models import AuditAction, AuditEvent
from netzkoord.templatetags.german import german_date
from participants.mail_plan import GRACE, Dates, MailingState, due_to, state_of
from participants.models import Anchor, MailDelivery, MailRule, MailSkip, Registration, Selection, StatusChange
from participants.queries.search import sorted_by_name

DATES_CHANGED = {
    AuditAction.SESSION_CREATED: "angelegt",
    AuditAction.SESSION_CHANGED: "geändert",
    AuditAction.SESSION_MOVED: "verschoben",
}


@dataclass(frozen=True)
class Mailing:
    """The mails of one rule about one session."""

    rule: MailRule
    session: Session
    dates: Dates
    people: Sequence[Registration]
    sent: dict[int, datetime.datetime]
    skip: MailSkip | None

    @property
    def about_on(self) -> datetime.date:
        return self.dates.counted_from(self.rule)

    @property
    def due_at(self) -> datetime.datetime:
        return self.dates.due_at(self.rule)

    @property
    def state(self) -> MailingState:
        state = state_of(
            self.rule,
            self.dates,
            people=[half.pk for half in self.people if half.pk not in self.unreachable],
            sent=self.sent,
            late=self.late,
            is_cancelled=is_off(self.session),
            is_skipped=self.skip is not None,
            now=timezone.now(),
        )
        return MailingState.UNREACHABLE if state is MailingState.NOBODY and self.unreachable else state

    @property
    def is_due(self) -> bool:
        return self.state is MailingState.DUE

    @property
    def waiting(self) -> list[Registration]:
        """Who does not have it yet and can get it."""
        return [half for half in self.people if half.pk not in self.sent and half.pk not in self.unreachable]

    @property
    def due(self) -> list[Registration]:
        """To whom it goes now by itself."""
        keys = due_to(
            self.rule,
            self.dates,
            waiting=[half.pk for half in self.waiting],
            late=self.late,
            has_gone_out=bool(self.sent),
            now=timezone.now(),
        )
        return [half for half in self.waiting if half.pk in keys]

    @cached_property
    def late(self) -> set[int]:
        """Who got the place when the moment was over; thanks are for those only who had it before."""
        if self.rule.anchor == Anchor.AFTER:
            return set()
        held_since = max(self.due_at, self.rule.changed_at)
        return {half.pk for half in self.people if half.accepted_at > held_since}

    @cached_property
    def unreachable(self) -> set[int]:
        """Whose address is none: nothing is tried before it is corrected."""
        return {half.pk for half in self.people if half.pk not in self.sent and not is_address(half.email)}

    @property
    def sent_late(self) -> int:
        """How many got it when the others had it long."""
        return sum(moment >= self.due_at + GRACE for moment in self.sent.values())

    @property
    def sent_at(self) -> datetime.datetime | None:
        return min(self.sent.values(), default=None)

    @property
    def can_be_sent(self) -> bool:
        """By hand: to those who do not have it, as long as it is of use."""
        is_useless = self.dates.is_useless(self.rule, timezone.now())
        return bool(self.waiting) and not is_off(self.session) and not is_useless

    @property
    def can_be_skipped(self) -> bool:
        return self.state in (MailingState.COMING, MailingState.MISSED, MailingState.PARTLY)


def mailings(cohort: Cohort) -> list[Mailing]:
    """All mails of the rules about the sessions of a cohort, by time; seven queries."""
    return mailings_of([cohort])


def mailings_of(cohorts: Sequence[Cohort]) -> list[Mailing]:
    """The same of several cohorts; the number of queries does not depend on how many they are."""
    sessions = sessions_of(Session.objects.filter(cohort__in=cohorts))
    rules = rules_for(cohorts)
    people = people_of(cohorts)
    sent = deliveries_of(MailDelivery.objects.filter(session__in=sessions))
    skips = {
        (skip.rule_id, skip.session_id, skip.about_on): skip
        for skip in MailSkip.objects.filter(session__in=sessions)
    }
    found = []
    for session in sessions:
        dates, invited = dates_of(session), people[session.cohort_id, session.audience]
        for rule in rules:
            key = (rule.pk, session.pk, dates.counted_from(rule))
            if sent[key] or (holds(rule, session.cohort_id) and not is_off(session)):
                found.append(Mailing(rule, session, dates, invited, sent[key], skips.get(key)))
    return sorted(found, key=lambda each: (each.due_at, each.rule.pk, each.session.pk))


def missed_mails(cohorts: Sequence[Cohort]) -> dict[int, int]:
    """How many mails of rules wait for a decision, by cohort; for a page that says what is due. Seven queries."""
    return Counter(each.session.cohort_id for each in mailings_of(cohorts) if each.state.needs_decision)


def sessions_of(sessions: SessionQuerySet) -> list[Session]:
    """With first and last day; those without a day have no mails. Two queries."""
    dated = sessions.with_dates().select_related("cohort", "module", "venue").prefetch_related("days")
    return [session for session in dated if session.first_on]


def dates_of(session: Session) -> Dates:
    assert session.first_on  # noqa: S101 -- for the type checker: sessions_of leaves out those without
    assert session.last_on  # noqa: S101
    return Dates(session.first_on, session.last_on)


def rules_for(cohorts: Sequence[Cohort]) -> list[MailRule]:
    """The common rules and those of these cohorts, also those that sent something once. Two queries."""
    rules = MailRule.objects.filter(Q(cohort__isnull=True) | Q(cohort__in=cohorts))
    return list(rules.prefetch_related("suspended_in"))


def holds(rule: MailRule, cohort_id: int) -> bool:
    """Whether a rule sends something in this cohort; reads the prefetched cohorts in which it is suspended."""
    if not rule.is_active or rule.cohort_id not in (None, cohort_id):
        return False
    return all(cohort.pk != cohort_id for cohort in rule.suspended_in.all())


def people_of(cohorts: Sequence[Cohort]) -> dict[tuple[int, str], list[Registration]]:
    """The accepted people by name, for each cohort and audience of a session; one query."""
    people: dict[tuple[int, str], list[Registration]] = defaultdict(list)
    by_key = {cohort.pk: cohort for cohort in cohorts}
    accepted = Registration.objects.accepted().with_accepted_at().filter(cohort__in=cohorts)
    accepted = accepted.select_related("tandem__municipality")
    for half in sorted_by_name(accepted):
        half.cohort = by_key[half.cohort_id]
        for audience in (half.role, SessionAudience.BOTH):
            people[half.cohort_id, audience].append(half)
    return people


def deliveries_of(
    rows: Iterable[MailDelivery],
) -> dict[tuple[int, int, datetime.date], dict[int, datetime.datetime]]:
    """When each person got it, by rule, session and day."""
    sent: dict[tuple[int, int, datetime.date], dict[int, datetime.datetime]] = defaultdict(dict)
    for row in rows:
        sent[row.rule_id, row.session_id, row.about_on][row.registration_id] = row.sent_at
    return sent


def mailing_of(rule: MailRule, session: Session) -> Mailing | None:
    """One of them, as it stands now; None for a session without days. Five queries."""
    dated = next(iter(sessions_of(Session.objects.filter(pk=session.pk))), None)
    if dated is None:
        return None
    dates = dates_of(dated)
    key = (rule.pk, dated.pk, dates.counted_from(rule))
    rows = MailDelivery.objects.filter(rule=rule, session=dated, about_on=key[2])
    skip = MailSkip.objects.select_related("skipped_by").filter(rule=rule, session=dated, about_on=key[2]).first()
    halves = Registration.objects.of_session(dated).with_accepted_at()
    halves = halves.select_related("cohort", "tandem__municipality")
    return Mailing(rule, dated, dates, sorted_by_name(halves), deliveries_of(rows)[key], skip)


@dataclass(frozen=True)
class Reasons:
    """Why mails were missed: what happened to sessions and tandems, and when."""

    changed: dict[str, tuple[str, datetime.datetime]]
    accepted: dict[int, datetime.datetime]

    @classmethod
    def read(cls, found: Sequence[Mailing]) -> "Reasons":
        """Two queries, or none where nothing is missed."""
        missed = [mailing for mailing in found if mailing.state.needs_decision]
        if not missed:
            return cls({}, {})
        keys = {str(mailing.session.pk) for mailing in missed}
        events = AuditEvent.objects.filter(
            target_type="curriculum.session", target_id__in=keys, action__in=DATES_CHANGED
        )
        tandems = {half.tandem_id for mailing in missed for half in mailing.waiting}
        accepted = StatusChange.objects.filter(tandem__in=tandems, to_selection=Selection.ACCEPTED)
        return cls(
            {event.target_id: (event.action, event.occurred_at) for event in events.order_by("occurred_at", "pk")},
            dict(accepted.values_list("tandem").annotate(Max("changed_at"))),
        )

    def sentence(self, mailing: Mailing) -> str:
        """Why the mails of this rule did not go out; empty where none is missing."""
        if not mailing.state.needs_decision:
            return ""
        due_at = mailing.due_at
        if mailing.sent:
            return (
                "Diese Personen kamen erst nach dem Versand dazu, oder ihre Adresse wurde erst danach berichtigt."
            )
        action, occurred_at = self.changed.get(str(mailing.session.pk), ("", due_at))
        if occurred_at > due_at:
            return f"Der Termin wurde erst am {german_date(occurred_at)} {DATES_CHANGED[AuditAction(action)]}."
        if mailing.rule.changed_at > due_at:
            return f"Die Regel gilt erst seit {german_date(mailing.rule.changed_at)}."
        if all(self.accepted.get(half.tandem_id, due_at) > due_at for half in mailing.waiting):
            return "Damals hatte noch niemand einen Platz."
        return "Der Hintergrunddienst lief zu dieser Zeit nicht."
