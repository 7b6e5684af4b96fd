"""Surveys with too few answers each that were counted together; of a single one of them nothing is known."""

from django.db.models import QuerySet

from evaluation.models import Survey, SurveyPool
from evaluation.results import ResponseRate


def pool_of(survey: Survey) -> SurveyPool | None:
    """The pool that a survey was counted into, with its questionnaire, whose questions all its answers name."""
    return SurveyPool.objects.filter(surveys=survey).select_related("questionnaire", "cohort").first()


def counted_in(survey: Survey) -> Survey | SurveyPool:
    """What the results of a survey are those of: itself, or its pool."""
    return pool_of(survey) or survey


def pooled_surveys(pool: SurveyPool) -> QuerySet[Survey]:
    return pool.surveys.select_related("session__module", "cohort").order_by("opens_at", "pk")


def pool_rate(pool: SurveyPool) -> ResponseRate:
    """How many were invited to its surveys and took part, counted once for each survey. One query."""
    surveys = list(pool.surveys.with_counts())
    return ResponseRate(
        answered=sum(survey.answered for survey in surveys),
        invited=sum(survey.invited for survey in surveys),
        on_paper=sum(survey.on_paper for survey in surveys),
    )
