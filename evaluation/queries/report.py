"""What is known about a whole cohort, for its report: counts only, no person and no municipality by name."""

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Max
from django.utils import timezone

from curriculum.models import Audience, Cohort, Topic
from curriculum.queries.features import DeliveryFeatures, delivery_features
from curriculum.queries.schedule import ScheduleRow, schedule_rows
from evaluation import results
from evaluation.models import MOMENTS, Outcome, Purpose, Recommendation, Survey, present_minimum
from evaluation.queries.before_after import BeforeAfter, ComparedMoments, before_after
from evaluation.queries.judgements import JudgedNeeds, judged_needs
from evaluation.queries.needs import NeedsOverview, needs_aggregated, needs_survey_of
from evaluation.queries.recommendations import once
from evaluation.queries.recurrence import recurrences
from evaluation.queries.results import SurveyResult, survey_result
from evaluation.queries.session_feedback import survey_status
from netzkoord.lib.numbers import decimal, percent
from netzkoord.lib.sentences import listed
from participants.models import Certificate, Selection, TandemState
from participants.queries.certificates import certificate_rows

# Below this response rate a result is called uncertain.
LOW_RATE = 0.5
TOP_NEEDS = 3


@dataclass(frozen=True)
class PeopleFigures:
    """Who takes part, in numbers."""

    tandems: int
    complete_tandems: int
    municipalities: int
    managers: int
    coordinators: int

    @property
    def people(self) -> int:
        return self.managers + self.coordinators


@dataclass(frozen=True)
class AttendanceFigures:
    """Attendance of all people together, in net minutes."""

    planned_minutes: int
    attended_minutes: float
    people: int
    fulfilling: int

    @property
    def share(self) -> float:
        return self.attended_minutes / self.planned_minutes if self.planned_minutes else 0.0


@dataclass(frozen=True)
class SessionPart:
    """One session and what was said about it; `result` is None unless it was counted."""

    row: ScheduleRow
    status: str
    result: SurveyResult | None
    is_withheld: bool = False


@dataclass(frozen=True)
class PoolPart:
    """Sessions to which too few have answered each, and what they say together."""

    modules: list[str]
    result: SurveyResult

    @property
    def title(self) -> str:
        return f"Zusammen: {listed(self.modules)}"


@dataclass(frozen=True)
class CoursePart:
    """A survey on the whole course; `survey` is None when it was not asked, `result` unless it was counted."""

    purpose: Purpose
    survey: Survey | None
    result: SurveyResult | None

    @property
    def title(self) -> str:
        return self.purpose.label

    @property
    def status(self) -> str:
        return survey_status(self.survey)[1] if self.survey else "nicht erhoben"


@dataclass(frozen=True)
class CoveredTopic:
    """A topic of the edition and the modules that have a unit on it."""

    name: str
    modules: list[str]


@dataclass(frozen=True)
class CohortReport:
    """`as_of` is the day of the last event in it, so that the same data give the same document."""

    cohort: Cohort
    as_of: datetime.date | None
    first_on: datetime.date | None
    last_on: datetime.date | None
    people: PeopleFigures
    attendance: AttendanceFigures
    features: DeliveryFeatures
    needs: NeedsOverview | None
    sessions: list[SessionPart]
    pools: list[PoolPart]
    certificates: int
    coverage: list[CoveredTopic]
    uncovered_needs: list[str]
    judged: JudgedNeeds
    course: BeforeAfter
    course_parts: list[CoursePart]
    register: list[Recommendation]

    @property
    def counted(self) -> list[SessionPart]:
        return [part for part in self.sessions if part.result]

    @property
    def without_result(self) -> list[SessionPart]:
        """No sum over sessions is shown, so that none of these can be calculated."""
        return [part for part in self.sessions if not part.result]

    @property
    def withheld(self) -> list[SessionPart]:
        """Sessions to which too few have answered."""
        return [part for part in self.sessions if part.is_withheld]

    @property
    def assessment(self) -> list[str]:
        return [
            *delivery_sentences(self),
            *([self.judged.sentence] if self.judged.is_judged else []),
            *(sentence for comparison in self.course.comparisons for sentence in change_sentences(comparison)),
            *(sentence for part in self.counted for sentence in session_sentences(part)),
        ]

    @property
    def recommendations(self) -> list[str]:
        return recommendations_of(self)


def cohort_report(cohort: Cohort) -> CohortReport:
    """Everything the report shows; the number of queries grows with the counted surveys only."""
    rows = schedule_rows(cohort.sessions.all())
    days = [day.date for row in rows if not row.is_cancelled for day in row.days]
    survey = needs_survey_of(cohort.pk)
    needs = needs_aggregated(survey) if survey else None
    coverage = covered_topics(cohort)
    surveys = feedback_surveys(cohort)
    parts = [session_part(row, surveys.get(row.session.pk)) for row in rows]
    certificates = Certificate.objects.valid().filter(registration__cohort=cohort)
    return CohortReport(
        cohort=cohort,
        as_of=last_event(cohort, days),
        first_on=min(days, default=None),
        last_on=max(days, default=None),
        people=people_figures(cohort),
        attendance=attendance_figures(cohort),
        features=delivery_features([cohort])[cohort.pk],
        needs=needs,
        sessions=parts,
        pools=pool_parts(parts, surveys),
        certificates=certificates.count(),
        coverage=coverage,
        uncovered_needs=uncovered_needs(needs, coverage),
        judged=judged_needs(cohort, recurrences(Cohort.objects.all())),
        course=before_after(cohort),
        course_parts=course_parts(cohort),
        register=once(Recommendation.objects.about(cohort).told()),
    )


def last_event(cohort: Cohort, days: list[datetime.date]) -> datetime.date | None:
    """The last day that is over on which something happened that the report tells. One query."""
    counted: datetime.date | None = cohort.surveys.aggregate(last=Max("counted_on"))["last"]
    today = timezone.localdate()
    return max((day for day in (*days, counted) if day and day <= today), default=None)


def course_parts(cohort: Cohort) -> list[CoursePart]:
    surveys = cohort.surveys.filter(purpose__in=MOMENTS).select_related("questionnaire", "cohort")
    by_purpose = {survey.purpose: survey for survey in surveys}
    return [course_part(purpose, by_purpose.get(purpose)) for purpose in MOMENTS]


def course_part(purpose: Purpose, survey: Survey | None) -> CoursePart:
    return CoursePart(purpose, survey, survey_result(survey) if survey else None)


def covered_topics(cohort: Cohort) -> list[CoveredTopic]:
    """Two queries."""
    topics = Topic.objects.filter(edition=cohort.edition_id).prefetch_related("units__module")
    return [CoveredTopic(topic.name, sorted({unit.module.code for unit in topic.units.all()})) for topic in topics]


def people_figures(cohort: Cohort) -> PeopleFigures:
    tandems = list(cohort.tandems.filter(selection=Selection.ACCEPTED).prefetch_related("registrations"))
    confirmed = [half for tandem in tandems for half in tandem.confirmed_registrations()]
    return PeopleFigures(
        tandems=len(tandems),
        complete_tandems=sum(tandem.state is TandemState.COMPLETE for tandem in tandems),
        municipalities=len({tandem.municipality_id for tandem in tandems}),
        managers=sum(half.role == Audience.MANAGER for half in confirmed),
        coordinators=sum(half.role == Audience.COORDINATOR for half in confirmed),
    )


def attendance_figures(cohort: Cohort) -> AttendanceFigures:
    """Who fulfils the rule is who does in the list of certificates: with what was made up."""
    rows = certificate_rows(cohort)
    return AttendanceFigures(
        planned_minutes=sum(row.record.planned_minutes for row in rows),
        attended_minutes=sum(row.record.attended_minutes for row in rows),
        people=len(rows),
        fulfilling=sum(row.fulfils for row in rows),
    )


def feedback_surveys(cohort: Cohort) -> Mapping[int | None, Survey]:
    """Session → its survey. One query."""
    surveys = Survey.objects.feedback().filter(cohort=cohort).select_related("questionnaire")
    return {survey.session_id: survey for survey in surveys}


def session_part(row: ScheduleRow, survey: Survey | None) -> SessionPart:
    if survey is None:
        return SessionPart(row, "abgesagt" if row.is_cancelled else "keine Rückmeldung erhoben", None)
    is_withheld = survey.outcome in (Outcome.WITHHELD, Outcome.POOLED, Outcome.DESTROYED)
    result = survey_result(survey) if survey.outcome == Outcome.COUNTED else None
    return SessionPart(row, survey_status(survey)[1], result, is_withheld)


def pool_parts(parts: list[SessionPart], surveys: Mapping[int | None, Survey]) -> list[PoolPart]:
    """One for each pool; what is known of it is known of all of its sessions together."""
    pools: dict[int, list[SessionPart]] = defaultdict(list)
    for part in parts:
        survey = surveys.get(part.row.session.pk)
        if survey and survey.pool_id:
            pools[survey.pool_id].append(part)
    return [
        PoolPart([str(part.row.module) for part in pooled], result)
        for pooled in pools.values()
        if (result := survey_result(surveys[pooled[0].row.session.pk]))
    ]


def uncovered_needs(needs: NeedsOverview | None, coverage: list[CoveredTopic]) -> list[str]:
    """The greatest needs for which the edition has no unit."""
    if needs is None or not needs.topics:
        return []
    covered = {topic.name for topic in coverage if topic.modules}
    top = [topic.name for topic in needs.topics[:TOP_NEEDS] if (topic.gap or 0) > 0]
    return [name for name in top if name not in covered]


def delivery_sentences(report: CohortReport) -> list[str]:
    people, features = report.people, report.features
    sentences = []
    if people.tandems:
        word = "Alle" if people.complete_tandems == people.tandems else "Nicht alle"
        sentences.append(f"{word} Tandems sind vollständig ({people.complete_tandems} von {people.tandems}).")
    if features.modules:
        sentences.append(
            f"Erlebnisberichte haben in {features.practice_reports} von {features.modules} Modulen einen Platz, "
            f"die Arbeit an der Haltung in {features.attitude}."
        )
    if report.attendance.planned_minutes:
        sentences.append(
            f"Von den geplanten Unterrichtseinheiten wurden {percent(report.attendance.share)} besucht."
        )
    return sentences


def change_sentences(comparison: ComparedMoments) -> list[str]:
    """What the self-ratings say, each sentence with the time that it speaks of."""
    return [f"Zu Beginn und {comparison.after.title}: {sentence}" for sentence in comparison.summary]


def session_sentences(part: SessionPart) -> list[str]:
    """Strengths, weaknesses and a doubtful response rate of one session, by the thresholds of `results`."""
    if part.result is None:
        return []
    code, sentences = part.row.module.code, []
    if strong := results.strengths(part.result.questions):
        sentences.append(f"{code}: {strength_sentence(strong)}")
    sentences += [
        f"{code}: {weak.asked.quoted} findet wenig Zustimmung ({decimal(weak.mean or 0)} von 6)."
        for weak in results.needing_action(part.result.questions)
    ]
    if part.result.rate.share < LOW_RATE:
        rate = percent(part.result.rate.share)
        sentences.append(f"{code}: Der Rücklauf ist gering ({rate}); das Ergebnis ist mit Vorsicht zu lesen.")
    return sentences


def strength_sentence(strong: list[results.QuestionResult]) -> str:
    best = max(strong, key=lambda result: result.mean or 0)
    named = f"{best.asked.quoted} ({decimal(best.mean or 0)} von 6)"
    if len(strong) == 1:
        return f"1 Aussage findet starke Zustimmung: {named}."
    return f"{len(strong)} Aussagen finden starke Zustimmung, am meisten {named}."


def recommendations_of(report: CohortReport) -> list[str]:
    """What follows by rule from the numbers."""
    sentences = [
        f"Für „{name}“ ist der Bedarf hoch, die Fassung hat dazu keinen Baustein. Bitte ergänzen."
        for name in report.uncovered_needs
    ]
    sentences += [f"„{row.need}“: {row.difference}" for row in report.judged.differing if row.lacks]
    for part in report.counted:
        questions = part.result.questions if part.result else []
        code = part.row.module.code
        sentences += [
            f"{code}: Mit den Trainerinnen und Trainern besprechen, wie {weak.asked.quoted} besser gelingt."
            for weak in results.needing_action(questions)
        ]
        sentences += [f"{code}: {text}" for result in questions if (text := results.off_middle_sentence(result))]
    if report.withheld:
        sentences.append(
            f"Die Rückmeldung am Ende jedes Termins ankündigen, damit {present_minimum()} oder mehr antworten."
        )
    if report.people.complete_tandems < report.people.tandems:
        sentences.append("Vor dem nächsten Durchgang für jede Person eine zweite aus derselben Kommune gewinnen.")
    return sentences
