"""What was said to the same question elsewhere: earlier in the cohort, and about the same module in other cohorts.

Each survey stands for itself, with what it shows on its own page, and only where the reader may see that page. A
question is the same in all versions of a questionnaire by its key.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from evaluation.models import SCALE_KINDS, Outcome, Question, Survey
from evaluation.queries.people import needed_for
from evaluation.queries.scale_counts import Identity, counts_per_question, identity_of
from evaluation.results import is_too_small, mean_of
from netzkoord.models import User

# More columns no page and no paper holds.
MOST = 4

# The means of a survey, by question.
Means = Mapping[Identity, float]


@dataclass(frozen=True)
class ComparedQuestion:
    """One question and its mean in each survey; None where it was not asked, or too few answered."""

    text: str
    scale: str
    means: list[float | None]


@dataclass(frozen=True)
class ComparedMeans:
    """Means of the same questions in several surveys, this one first."""

    title: str
    headings: list[str]
    rows: list[ComparedQuestion]


def comparisons_of(survey: Survey, user: User) -> list[ComparedMeans]:
    """What the user may see beside the result of a counted survey. Five queries at most."""
    if survey.outcome != Outcome.COUNTED:
        return []
    earlier, elsewhere = list(earlier_surveys(survey, user)), list(surveys_elsewhere(survey, user))
    if not earlier and not elsewhere:
        return []
    means = means_of([Survey.objects.with_counts().get(pk=survey.pk), *earlier, *elsewhere])
    questions = [q for q in survey.questionnaire.questions() if q.kind in SCALE_KINDS]
    found = [
        comparison("Frühere Termine des Durchgangs", survey, earlier, questions, means),
        comparison("Dasselbe in anderen Durchgängen", survey, elsewhere, questions, means),
    ]
    return [one for one in found if one.rows]


def earlier_surveys(survey: Survey, user: User) -> QuerySet[Survey]:
    """Of the cohort and for the same purpose, the latest first."""
    others = counted_by(user).filter(cohort=survey.cohort_id, purpose=survey.purpose)
    return others.filter(opens_at__lt=survey.opens_at)[:MOST]


def surveys_elsewhere(survey: Survey, user: User) -> QuerySet[Survey]:
    """Of other cohorts, on the same module in any edition if it is about a session; the latest first."""
    others = counted_by(user).filter(purpose=survey.purpose).exclude(cohort=survey.cohort_id)
    if survey.session:
        others = others.filter(session__module__key=survey.session.module.key)
    return others[:MOST]


def counted_by(user: User) -> QuerySet[Survey]:
    visible = Survey.objects.visible_to(user).filter(outcome=Outcome.COUNTED)
    found = Survey.objects.filter(pk__in=visible.order_by().values("pk")).with_counts()
    return found.select_related("session__module", "cohort").order_by("-opens_at", "pk")


def means_of(surveys: Sequence[Survey]) -> dict[int, Means]:
    """From as many answers on as each survey needs; they come `with_counts`. One query."""
    counts = counts_per_question([survey.pk for survey in surveys])
    return {
        survey.pk: {
            same: mean_of(said)
            for same, said in counts[survey.pk].items()
            if not is_too_small(sum(said.values()), needed_for(survey))
        }
        for survey in surveys
    }


def comparison(
    title: str,
    survey: Survey,
    others: Sequence[Survey],
    questions: Sequence[Question],
    means: Mapping[int, Means],
) -> ComparedMeans:
    """Only the questions that at least one of the others shows."""
    columns = [means.get(one.pk, {}) for one in [survey, *others]]
    rows = [
        ComparedQuestion(q.text, q.get_kind_display(), [column.get(identity_of(q)) for column in columns])
        for q in questions
    ]
    return ComparedMeans(
        title,
        ["diese Erhebung", *(heading_of(survey, one) for one in others)],
        [row for row in rows if any(mean is not None for mean in row.means[1:])],
    )


def heading_of(survey: Survey, other: Survey) -> str:
    """The session of the same cohort, or the other cohort."""
    if other.cohort_id == survey.cohort_id:
        return str(other.session or other.cohort)
    return other.cohort.title
