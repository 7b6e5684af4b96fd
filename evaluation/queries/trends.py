"""Results over time: the sessions of a cohort side by side, and cohorts side by side."""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from curriculum.models import Cohort, Module
from evaluation.models import SCALE_KINDS, Outcome, Question, Survey
from evaluation.models.surveys import SurveyQuerySet
from evaluation.queries.people import needed_for
from evaluation.queries.results import asked_of
from evaluation.queries.scale_counts import Identity, counts_per_question, identity_of
from evaluation.trends import Row, cell_of
from netzkoord.models import User


@dataclass(frozen=True)
class Column:
    """A session, or a cohort, with the surveys that are counted in it."""

    title: str
    date: datetime.date | None
    surveys: Sequence[Survey]

    @property
    def mark(self) -> str:
        """„3/2017“: short enough to stand below a point."""
        return f"{self.date.month}/{self.date.year}" if self.date else "–"


@dataclass(frozen=True)
class TrendTable:
    """Questions down, columns across; `left_out` surveys had too few answers for a result of their own."""

    columns: Sequence[Column]
    rows: Sequence[Row]
    left_out: int

    @property
    def has_bands(self) -> bool:
        return any(row.asked.has_bands for row in self.rows)


def sessions_compared(cohort: Cohort) -> TrendTable:
    """The feedback on each session of a cohort. Three queries."""
    settled = settled_surveys(cohort.surveys.feedback())
    columns = [
        Column(str(survey.session), timezone.localdate(survey.opens_at), [survey]) for survey in counted(settled)
    ]
    return compared(columns, left_out=len(settled) - len(columns))


def cohorts_compared(user: User, purpose: str, module: uuid.UUID | None = None) -> TrendTable:
    """One purpose in every cohort that the user may see; of feedback all sessions, or those of one module.

    Four queries.
    """
    surveys = Survey.objects.filter(purpose=purpose, cohort__in=Cohort.objects.visible_to(user).order_by())
    if module:
        surveys = surveys.filter(session__module__key=module)
    settled = settled_surveys(surveys)
    shown = counted(settled)
    return compared(cohort_columns(shown), left_out=len(settled) - len(shown))


def settled_surveys(surveys: SurveyQuerySet) -> list[Survey]:
    closed = surveys.closed().anonymous().exclude(outcome=Outcome.PENDING)
    return list(closed.with_counts().select_related("session__module").order_by("opens_at", "pk"))


def counted(surveys: Sequence[Survey]) -> list[Survey]:
    return [survey for survey in surveys if survey.outcome == Outcome.COUNTED]


def cohort_columns(surveys: Sequence[Survey]) -> list[Column]:
    """The earliest cohort first. One query."""
    by_cohort: dict[int, list[Survey]] = defaultdict(list)
    for survey in surveys:
        by_cohort[survey.cohort_id].append(survey)
    cohorts = Cohort.objects.with_dates().filter(pk__in=by_cohort)
    earliest_first = sorted(cohorts, key=lambda cohort: (cohort.first_on or datetime.date.max, cohort.pk))
    return [Column(cohort.title, cohort.first_on, by_cohort[cohort.pk]) for cohort in earliest_first]


def compared(columns: Sequence[Column], *, left_out: int) -> TrendTable:
    """Every question on a scale that one of the columns asks, as its newest version puts it. Two queries."""
    surveys = [survey for column in columns for survey in column.surveys]
    questions = scale_questions({survey.questionnaire_id for survey in surveys})
    counts = counts_per_question([survey.pk for survey in surveys])
    rows = [
        Row(
            asked_of(question),
            [
                cell_of(
                    asked_of(question),
                    [(counts[survey.pk][identity], needed_for(survey)) for survey in column.surveys],
                )
                for column in columns
            ],
        )
        for identity, question in newest(questions).items()
    ]
    return TrendTable(columns, rows, left_out)


def scale_questions(questionnaires: set[int]) -> dict[int, Question]:
    """The newest version first, each in the order of the page."""
    found = Question.objects.filter(section__questionnaire__in=questionnaires, kind__in=SCALE_KINDS)
    order = "-section__questionnaire__version", "section__position", "position"
    return {question.pk: question for question in found.order_by(*order)}


def newest(questions: Mapping[int, Question]) -> dict[Identity, Question]:
    """Each question once, as its newest version puts it; what is not asked any more stands below."""
    by_identity: dict[Identity, Question] = {}
    for question in questions.values():
        by_identity.setdefault(identity_of(question), question)
    return by_identity


def modules_with_feedback(user: User) -> list[Module]:
    """One of each module that has counted feedback in what the user may see, in the order of the programme."""
    sessions = Survey.objects.feedback().filter(
        outcome=Outcome.COUNTED, cohort__in=Cohort.objects.visible_to(user).order_by()
    )
    found = Module.objects.filter(sessions__surveys__in=sessions).order_by("position", "-edition").distinct()
    return list({module.key: module for module in reversed(found)}.values())[::-1]
