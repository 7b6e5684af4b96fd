"""The answers that a survey was counted into: its own, or those of the pool that it was put into."""

from django.db.models import QuerySet

from evaluation.models import Answer, Outcome, Response, Survey, SurveyPool
from netzkoord.models import User


def responses_of(survey: Survey) -> QuerySet[Response]:
    if survey.pool_id:
        return Response.objects.filter(pool=survey.pool_id)
    return Response.objects.filter(survey=survey)


def answers_of(survey: Survey) -> QuerySet[Answer]:
    if survey.pool_id:
        return Answer.objects.filter(response__pool=survey.pool_id)
    return Answer.objects.filter(response__survey=survey)


def is_counted(survey: Survey) -> bool:
    return survey.outcome in (Outcome.COUNTED, Outcome.POOLED)


def may_see_result(user: User, survey: Survey) -> bool:
    """Whether somebody who sees the survey may see what it was counted into: a pool stands for others, too."""
    return survey.pool_id is None or SurveyPool.objects.visible_to(user).filter(pk=survey.pool_id).exists()
