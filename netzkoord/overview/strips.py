"""The state of cohorts at a glance: one strip each."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils import timezone

from curriculum.models import Cohort, CohortState, Session
from curriculum.queries import DeliveryFeatures
from curriculum.queries.features import Missing
from evaluation.models import Purpose, Survey, SurveyState
from netzkoord.lib.sentences import counted
from netzkoord.overview.dues import Due, due_of, url
from netzkoord.overview.facts import CohortSurveys, Facts, read_facts
from participants.counting import RegistrationCounts
from participants.models import Selection, TandemState
from participants.selection import Group

FINISHED_SHOWN = 3


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


def running_strips() -> list[Strip]:
    """Strips of all cohorts that are neither cancelled nor over, the one that starts first on top."""
    return strips(list(Cohort.objects.running().select_related("edition")))


def finished_strips() -> list[Strip]:
    """Strips of the cohorts that were over last, the latest on top."""
    return strips(list(Cohort.objects.finished().select_related("edition")[:FINISHED_SHOWN]))


def strip_of(cohort: Cohort) -> Strip:
    """The strip of one cohort."""
    dated = Cohort.objects.with_dates().select_related("edition").get(pk=cohort.pk)
    return strips([dated])[0]


def strips(cohorts: Sequence[Cohort]) -> list[Strip]:
    facts = read_facts(cohorts)
    return [build_strip(cohort, facts) for cohort in cohorts]


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
    tandems = facts.tandems.get(cohort.pk, RegistrationCounts())
    rows = [
        Figure("Personen bestätigt", tandems.confirmed.total(), tandems.people),
        Figure("Plätze belegt", cohort.places_taken, cohort.places),
        Figure("Tandems", tandems.running[Group.COMPLETE]),
        Figure("Einzelanmeldungen", tandems.running[Group.HALF]),
        Figure("Auf der Warteliste", tandems.waiting.total()),
    ]
    rows += survey_figures(cohort, facts)
    if facts.certificates.get(cohort.pk):
        rows.append(Figure("Bescheinigungen", facts.certificates[cohort.pk], tandems.confirmed[Selection.ACCEPTED]))
    return rows


ANSWERS = {
    Purpose.NEEDS: "Bedarfe beantwortet",
    Purpose.START: "Antworten zu Beginn",
    Purpose.END: "Antworten zum Abschluss",
    Purpose.TRANSFER: "Antworten zum Transfer",
}


def survey_figures(cohort: Cohort, facts: Facts) -> list[Figure]:
    """Who has answered by now: in the surveys of the whole cohort, and in the feedback that is open."""
    surveys = facts.surveys.get(cohort.pk, CohortSurveys())
    asked = [
        (ANSWERS[purpose], surveys.by_purpose[purpose]) for purpose in ANSWERS if purpose in surveys.by_purpose
    ]
    asked += [
        (f"Rückmeldungen zu {session.module.code}", survey)
        for session in facts.sessions.get(cohort.pk, [])
        if (survey := surveys.by_session.get(session.pk)) and survey.is_open
    ]
    return [answers_figure(label, survey) for label, survey in asked if survey.state is not SurveyState.SCHEDULED]


def answers_figure(label: str, survey: Survey) -> Figure:
    """Without „of how many“ where more have answered, on paper, than were invited."""
    return Figure(label, survey.answered, survey.invited if survey.answered <= survey.invited else None)


def features(cohort: Cohort, facts: Facts) -> list[Feature]:
    """The three features of delivery: tandems, practice reports, attitude."""
    tandems = facts.tandems.get(cohort.pk, RegistrationCounts())
    delivery = facts.features[cohort.pk]
    return [
        tandem_feature(cohort, tandems),
        report_feature(delivery),
        attitude_feature(delivery),
    ]


def tandem_feature(cohort: Cohort, tandems: RegistrationCounts) -> Feature:
    accepted, incomplete = tandems.accepted, tandems.accepted[Group.HALF]
    if not accepted.total():
        return Feature("Tandems", "neutral", "noch offen")
    text = f"{accepted[Group.COMPLETE]} von {accepted.total()} vollständig"
    if not incomplete:
        return Feature("Tandems", "done", text)
    sentence = counted(
        incomplete,
        "angenommener Einzelanmeldung fehlt die zweite Person.",
        "angenommenen Einzelanmeldungen fehlt die zweite Person.",
    )
    address = (
        f"{url('participants:tandem_list', cohort)}?selection={Selection.ACCEPTED}&state={TandemState.SEEKING}"
    )
    return Feature("Tandems", "due", text, (Due(sentence, address),))


def report_feature(delivery: DeliveryFeatures) -> Feature:
    feature = module_feature(
        "Erlebnisberichte", delivery.reports_planned, delivery.reports_required, dues(delivery.missing_reports)
    )
    if delivery.reports_released == delivery.reports_planned:
        return feature
    return replace(feature, text=f"{feature.text}, {delivery.reports_released} freigegeben")


def attitude_feature(delivery: DeliveryFeatures) -> Feature:
    return module_feature(
        "Haltung", delivery.attitude_present, delivery.attitude_required, dues(delivery.missing_attitude)
    )


def module_feature(label: str, value: int, required: int, missing: tuple[Due, ...]) -> Feature:
    """A feature that some modules require."""
    if not required:
        return Feature(label, "neutral", "nicht verlangt")
    return Feature(label, "due" if missing else "done", f"{value} von {required} Modulen", missing)


def dues(missing: Iterable[Missing]) -> tuple[Due, ...]:
    return tuple(Due(each.text, each.url) for each in missing)
