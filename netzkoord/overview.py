"""The state of cohorts at a glance, and what is due for organisers.

Reads all apps. The number of queries does not depend on the number of people or of running cohorts; each of the
few finished cohorts in which somebody has no certificate yet costs some more.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from curriculum.models import Cohort, CohortState, Module, Session, TrainerConfirmation
from curriculum.queries import DeliveryFeatures, delivery_features
from curriculum.queries.features import Missing
from evaluation.models import Purpose, Survey
from netzkoord.lib.mail_states import MailState, count_by_state
from netzkoord.lib.sentences import counted, listed
from participants.halves import kinds_of
from participants.models import Attendance, Certificate, Registration, Selection, Tandem
from participants.queries.certificates import ready_for_certificate

FINISHED_SHOWN = 3
INVITED_BEFORE = datetime.timedelta(days=21)
FEEDBACK_STARTS_WITHIN = datetime.timedelta(days=60)


@dataclass(frozen=True)
class Milestone:
    """A date on a cohort's time line; `percent` is its place between the first and the last one."""

    label: str
    date: datetime.date
    is_past: bool
    percent: int


@dataclass(frozen=True)
class Figure:
    """A figure of a strip, such as 14 of 22 places."""

    label: str
    value: int
    maximum: int | None = None


@dataclass(frozen=True)
class Due:
    """Something that waits for a person, as a sentence with a link."""

    text: str
    url: str


@dataclass(frozen=True)
class Feature:
    """How far one of the three features of delivery is fulfilled, and what it lacks."""

    label: str
    kind: str
    text: str
    missing: tuple[Due, ...] = ()


@dataclass(frozen=True)
class Strip:
    """One cohort on the start page; `due` is None for those whose business it is not."""

    cohort: Cohort
    state: CohortState
    milestones: list[Milestone]
    today_percent: int | None
    counts: list[Figure]
    features: list[Feature]
    due: list[Due] | None

    @property
    def state_label(self) -> str:
        return self.state.label


@dataclass
class TandemCounts:
    """Tandems of one cohort by what matters to an organiser."""

    awaiting_decision: int = 0
    complete: int = 0
    waiting: int = 0
    accepted: int = 0
    accepted_complete: int = 0
    accepted_people: int = 0
    confirmed_people: int = 0


@dataclass
class SurveyCounts:
    """Surveys of one cohort: who was asked, who answered, which sessions have one."""

    has_needs: bool = False
    needs_invited: int = 0
    needs_answered: int = 0
    sessions_with_feedback: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Facts:
    """What the strips are made from, read once for all cohorts."""

    tandems: dict[int, TandemCounts]
    surveys: dict[int, SurveyCounts]
    sessions: dict[int, list[Session]]
    expected: dict[tuple[int, str], int]
    entered: dict[int, int]
    certificates: dict[int, int]
    features: dict[int, DeliveryFeatures]
    refusals: dict[int, list[str]]
    modules: dict[int, list[tuple[int, str]]]


def running_strips() -> list[Strip]:
    """Strips of all cohorts that are neither cancelled nor over, the one that starts first on top."""
    return strips(list(Cohort.objects.running().select_related("edition")))


def finished_strips() -> list[Strip]:
    """Strips of the cohorts that were over last, the latest on top."""
    return strips(list(Cohort.objects.finished().select_related("edition")[:FINISHED_SHOWN]))


def mail_dues() -> list[Due]:
    """Mails that a person must look after; one query."""
    counts = count_by_state(Email.objects.all())
    sentences = {
        MailState.FAILED: ("Mail ist nicht angekommen", "Mails sind nicht angekommen"),
        MailState.UNCERTAIN: ("Mail ist vielleicht nicht angekommen", "Mails sind vielleicht nicht angekommen"),
    }
    outbox = reverse("outbox")
    return [
        Due(counted(counts[state], *words), f"{outbox}?stand={state}")
        for state, words in sentences.items()
        if counts[state]
    ]


def strip_of(cohort: Cohort) -> Strip:
    """The strip of one cohort."""
    dated = Cohort.objects.with_dates().select_related("edition").get(pk=cohort.pk)
    return strips([dated])[0]


def strips(cohorts: Sequence[Cohort]) -> list[Strip]:
    facts = read_facts(cohorts)
    return [build_strip(cohort, facts) for cohort in cohorts]


def read_facts(cohorts: Sequence[Cohort]) -> Facts:
    ids = [cohort.pk for cohort in cohorts]
    sessions = sessions_by_cohort(ids)
    return Facts(
        tandems=tandem_counts(ids),
        surveys=survey_counts(ids),
        sessions=sessions,
        expected=expected_people(ids),
        entered=entered_attendance(ids),
        certificates=dict(
            Certificate.objects.valid()
            .filter(registration__cohort__in=ids)
            .values_list("registration__cohort")
            .annotate(Count("pk"))
        ),
        features=delivery_features(cohorts),
        refusals=trainers_refusing(ids),
        modules=modules_by_edition(cohorts),
    )


def tandem_counts(cohort_ids: Iterable[int]) -> dict[int, TandemCounts]:
    """One query for all cohorts."""
    counts: dict[int, TandemCounts] = defaultdict(TandemCounts)
    for tandem in Tandem.objects.filter(cohort__in=cohort_ids).with_halves():
        halves = tandem.confirmed_count
        if not halves:
            continue
        row = counts[tandem.cohort_id]
        row.confirmed_people += halves
        row.complete += halves == 2
        row.awaiting_decision += tandem.selection == Selection.OPEN
        row.waiting += tandem.selection == Selection.WAITING
        if tandem.selection == Selection.ACCEPTED:
            row.accepted += 1
            row.accepted_complete += halves == 2
            row.accepted_people += halves
    return counts


def survey_counts(cohort_ids: Iterable[int]) -> dict[int, SurveyCounts]:
    """One query for all cohorts."""
    counts: dict[int, SurveyCounts] = defaultdict(SurveyCounts)
    for survey in Survey.objects.filter(cohort__in=cohort_ids).with_counts():
        row = counts[survey.cohort_id]
        if survey.purpose == Purpose.NEEDS:
            row.has_needs, row.needs_invited, row.needs_answered = True, survey.invited, survey.answered
        elif survey.session_id:
            row.sessions_with_feedback.add(survey.session_id)
    return counts


def sessions_by_cohort(cohort_ids: Iterable[int]) -> dict[int, list[Session]]:
    """Sessions that are not cancelled, with their days, in order of date; two queries for all cohorts."""
    sessions: dict[int, list[Session]] = defaultdict(list)
    rows = Session.objects.not_cancelled().filter(cohort__in=cohort_ids).with_dates().select_related("module")
    for session in rows.prefetch_related("days"):
        sessions[session.cohort_id].append(session)
    return sessions


def expected_people(cohort_ids: Iterable[int]) -> dict[tuple[int, str], int]:
    """Accepted people per cohort and role; one query."""
    rows = Registration.objects.accepted().filter(cohort__in=cohort_ids)
    counted = rows.values_list("cohort", "role").annotate(Count("pk"))
    return {(cohort, role): count for cohort, role, count in counted}


def entered_attendance(cohort_ids: Iterable[int]) -> dict[int, int]:
    """Entries of attendance per session, of people who are still accepted; one query."""
    rows = Attendance.objects.filter(
        day__session__cohort__in=cohort_ids, registration__in=Registration.objects.accepted()
    )
    return dict(rows.values_list("day__session").annotate(Count("pk")))


def trainers_refusing(cohort_ids: Iterable[int]) -> dict[int, list[str]]:
    """Names of trainers who cannot come on the dates as they are now, per session; one query."""
    names: dict[int, list[str]] = defaultdict(list)
    refused = TrainerConfirmation.objects.refused().filter(session__cohort__in=cohort_ids).select_related("trainer")
    for confirmation in refused:
        names[confirmation.session_id].append(confirmation.trainer.get_full_name())
    return names


def modules_by_edition(cohorts: Iterable[Cohort]) -> dict[int, list[tuple[int, str]]]:
    """Keys and codes of the modules of these cohorts' editions; one query."""
    modules: dict[int, list[tuple[int, str]]] = defaultdict(list)
    rows = Module.objects.filter(edition__in={cohort.edition_id for cohort in cohorts})
    for edition, key, code in rows.values_list("edition", "pk", "code"):
        modules[edition].append((key, code))
    return modules


def build_strip(cohort: Cohort, facts: Facts) -> Strip:
    sessions = facts.sessions.get(cohort.pk, [])
    days = [day.date for session in sessions for day in session.days.all()]
    state = cohort.state(first_on=min(days, default=None), last_on=max(days, default=None))
    dates = milestone_dates(cohort, sessions)
    return Strip(
        cohort=cohort,
        state=state,
        milestones=milestones(dates),
        today_percent=percent_between(timezone.localdate(), dates),
        counts=figures(cohort, facts),
        features=features(cohort, facts),
        due=due_of(cohort, state, facts),
    )


def milestone_dates(cohort: Cohort, sessions: Sequence[Session]) -> list[tuple[str, datetime.date]]:
    dates = [("Anmeldeschluss", cohort.registration_closes_on)]
    if cohort.announced_at:
        dates.append(("Ausschreibung", timezone.localdate(cohort.announced_at)))
    for session in sessions:
        first_day = min((day.date for day in session.days.all()), default=None)
        if first_day:
            dates.append((session.module.code, first_day))
    return sorted(dates, key=lambda pair: pair[1])


def milestones(dates: Sequence[tuple[str, datetime.date]]) -> list[Milestone]:
    today = timezone.localdate()
    return [
        Milestone(label=label, date=date, is_past=date < today, percent=percent_between(date, dates) or 0)
        for label, date in dates
    ]


def percent_between(date: datetime.date, dates: Sequence[tuple[str, datetime.date]]) -> int | None:
    """Place of a date between the first and the last one in percent; None when it lies outside."""
    first, last = dates[0][1], dates[-1][1]
    if not first <= date <= last:
        return None
    return round(100 * (date - first).days / max(1, (last - first).days))


def figures(cohort: Cohort, facts: Facts) -> list[Figure]:
    tandems = facts.tandems.get(cohort.pk, TandemCounts())
    surveys = facts.surveys.get(cohort.pk, SurveyCounts())
    rows = [
        Figure("Angemeldete Personen", tandems.confirmed_people),
        Figure("Plätze vergeben", tandems.accepted_people, cohort.places),
        Figure("Vollständige Tandems", tandems.complete),
        Figure("Warteliste (Tandems)", tandems.waiting),
    ]
    if surveys.has_needs:
        rows.append(Figure("Bedarfe beantwortet", surveys.needs_answered, surveys.needs_invited))
    if facts.certificates.get(cohort.pk):
        rows.append(Figure("Bescheinigungen", facts.certificates[cohort.pk], tandems.accepted_people))
    return rows


def features(cohort: Cohort, facts: Facts) -> list[Feature]:
    """The three features of delivery: tandems, practice reports, attitude."""
    tandems = facts.tandems.get(cohort.pk, TandemCounts())
    delivery = facts.features[cohort.pk]
    return [
        tandem_feature(cohort, tandems),
        report_feature(delivery),
        module_feature(
            "Haltung", delivery.attitude_present, delivery.attitude_required, dues(delivery.missing_attitude)
        ),
    ]


def tandem_feature(cohort: Cohort, tandems: TandemCounts) -> Feature:
    if not tandems.accepted:
        return Feature("Tandems", "neutral", "noch offen")
    text = f"{tandems.accepted_complete} von {tandems.accepted} vollständig"
    incomplete = tandems.accepted - tandems.accepted_complete
    if not incomplete:
        return Feature("Tandems", "done", text)
    sentence = counted(
        incomplete,
        "angenommenem Tandem fehlt die zweite Person.",
        "angenommenen Tandems fehlt die zweite Person.",
    )
    return Feature("Tandems", "due", text, (Due(sentence, url("participants:tandem_list", cohort)),))


def report_feature(delivery: DeliveryFeatures) -> Feature:
    feature = module_feature(
        "Erlebnisberichte", delivery.reports_planned, delivery.reports_required, dues(delivery.missing_reports)
    )
    if delivery.reports_released == delivery.reports_planned:
        return feature
    return replace(feature, text=f"{feature.text}, {delivery.reports_released} freigegeben")


def module_feature(label: str, value: int, required: int, missing: tuple[Due, ...]) -> Feature:
    """A feature that some modules require."""
    if not required:
        return Feature(label, "neutral", "nicht verlangt")
    return Feature(label, "due" if missing else "done", f"{value} von {required} Modulen", missing)


def dues(missing: Iterable[Missing]) -> tuple[Due, ...]:
    return tuple(Due(each.text, each.url) for each in missing)


def due_of(cohort: Cohort, state: CohortState, facts: Facts) -> list[Due]:
    """Everything that waits for an organiser in this cohort."""
    if state is CohortState.CANCELLED:
        return []
    due = [*due_before_start(cohort, state, facts), *due_without_session(cohort, state, facts)]
    for session in facts.sessions.get(cohort.pk, []):
        due += due_before_session(cohort, session, facts)
        due += due_after_session(cohort, session, facts)
    if state is CohortState.FINISHED:
        due += due_at_end(cohort, facts)
    return due


def due_before_start(cohort: Cohort, state: CohortState, facts: Facts) -> list[Due]:
    tandems = facts.tandems.get(cohort.pk, TandemCounts())
    surveys = facts.surveys.get(cohort.pk, SurveyCounts())
    due = []
    if state is CohortState.PLANNED and not facts.sessions.get(cohort.pk):
        due.append(Due("Der Durchgang hat noch keine Termine", url("curriculum:session_add", cohort)))
    elif state is CohortState.PLANNED:
        due.append(Due("Der Durchgang ist noch nicht ausgeschrieben", url("curriculum:cohort_announce", cohort)))
    if tandems.awaiting_decision:
        text = counted(
            tandems.awaiting_decision, "Anmeldung wartet auf Entscheidung", "Anmeldungen warten auf Entscheidung"
        )
        due.append(Due(text, url("participants:tandem_list", cohort)))
    if tandems.accepted and state is not CohortState.FINISHED and not surveys.has_needs:
        due.append(Due("Die Bedarfserhebung ist noch nicht gestartet", url("evaluation:needs_survey_add", cohort)))
    return due


def due_without_session(cohort: Cohort, state: CohortState, facts: Facts) -> list[Due]:
    """Modules of an announced cohort that nobody is going to hold, as after a cancelled session."""
    if not cohort.announced_at or state is CohortState.FINISHED:
        return []
    held = {session.module_id for session in facts.sessions.get(cohort.pk, [])}
    missing = [code for key, code in facts.modules[cohort.edition_id] if key not in held]
    verb = "hat" if len(missing) == 1 else "haben"
    text = f"{listed(missing)} {verb} keinen Termin"
    return [Due(text, url("curriculum:session_add", cohort))] if missing else []


def due_before_session(cohort: Cohort, session: Session, facts: Facts) -> list[Due]:
    """Whoever teaches; the invitation, once the session is near and somebody is to come."""
    first_on = min((day.date for day in session.days.all()), default=None)
    if first_on is None or first_on < timezone.localdate():
        return []
    due = [
        Due(f"{name} kann zu {session.module.code} nicht kommen", url("curriculum:session_edit", session))
        for name in facts.refusals.get(session.pk, [])
    ]
    return due + due_invitation(cohort, session, facts, first_on=first_on)


def due_invitation(cohort: Cohort, session: Session, facts: Facts, *, first_on: datetime.date) -> list[Due]:
    people = sum(facts.expected.get((cohort.pk, audience), 0) for audience in session.audiences)
    if session.invited_at or not people:
        return []
    if not first_on - INVITED_BEFORE <= timezone.localdate() < first_on:
        return []
    text = f"Einladung zu {session.module.code} ist noch nicht versendet"
    return [Due(text, url("participants:invitation_send", session))]


def due_after_session(cohort: Cohort, session: Session, facts: Facts) -> list[Due]:
    today = timezone.localdate()
    past_days = [day for day in session.days.all() if day.date <= today]
    if not past_days:
        return []
    people = sum(facts.expected.get((cohort.pk, audience), 0) for audience in session.audiences)
    missing = people * sum(len(kinds_of(day)) for day in past_days) - facts.entered.get(session.pk, 0)
    due = []
    if people and missing > 0:
        text = f"Anwesenheit fehlt: {session.module.code} ({counted(missing, 'Eintrag', 'Einträge')})"
        due.append(Due(text, url("participants:attendance_edit", session)))
    surveys = facts.surveys.get(cohort.pk, SurveyCounts())
    is_recent = max(day.date for day in past_days) >= today - FEEDBACK_STARTS_WITHIN
    if facts.entered.get(session.pk) and is_recent and session.pk not in surveys.sessions_with_feedback:
        text = f"Rückmeldung zu {session.module.code} ist noch nicht gestartet"
        due.append(Due(text, url("evaluation:feedback_survey_add", session)))
    return due


def due_at_end(cohort: Cohort, facts: Facts) -> list[Due]:
    accepted = facts.tandems.get(cohort.pk, TandemCounts()).accepted_people
    if facts.certificates.get(cohort.pk, 0) >= accepted:
        return []
    ready = ready_for_certificate(cohort)
    if not ready:
        return []
    text = counted(ready, "Bescheinigung kann", "Bescheinigungen können") + " ausgestellt werden"
    return [Due(text, url("participants:certificate_issue", cohort))]


def url(name: str, target: Cohort | Session) -> str:
    return reverse(name, args=[target.pk])
