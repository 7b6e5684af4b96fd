"""What becomes of the ballots of surveys with too few answers once their cohort is over: pooled, or destroyed.

Final, and once for each questionnaire of a cohort: what was added to a pool later could be subtracted again, and so
could what was pooled with a survey that is shown by itself.
"""

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from curriculum.models import Cohort
from evaluation import ballots
from evaluation.actions.responses import discard_ballots, write_pool
from evaluation.actions.trainers import tell_trainers
from evaluation.ballots import Ballot
from evaluation.models import Invitation, Outcome, Survey, SurveyPool
from evaluation.queries.told import translation_of
from evaluation.withholding import may_be_pooled
from netzkoord.lib import audit
from netzkoord.models import AuditAction


def withheld_groups() -> list[tuple[int, uuid.UUID]]:
    """The cohorts with withheld surveys, each with the key of their questionnaire."""
    withheld = Survey.objects.filter(outcome=Outcome.WITHHELD).order_by()
    return list(withheld.values_list("cohort", "questionnaire__key").distinct())


@transaction.atomic
def settle_withheld(cohort_id: int, key: uuid.UUID) -> int:
    """Pool or destroy the withheld surveys of a cohort with one questionnaire; how many were settled.

    0 while the cohort goes on or another survey of that questionnaire was not counted. Raises
    BallotsUnreadableError; nothing is changed then.
    """
    of_key = Survey.objects.anonymous().filter(cohort=cohort_id, questionnaire__key=key)
    locked = list(
        of_key.select_for_update(of=("self",)).filter(outcome=Outcome.WITHHELD).select_related("questionnaire")
    )
    if not locked or not is_over(cohort_id) or of_key.filter(outcome=Outcome.PENDING).exists():
        return 0
    filled = [survey for survey in locked if survey.envelopes.exists()]
    is_first = not SurveyPool.objects.filter(cohort=cohort_id, questionnaire__key=key).exists()
    numbers, people = [survey.envelopes.count() for survey in filled], people_in(filled)
    minimum = max((survey.minimum for survey in filled), default=0)
    pooled = filled if is_first and may_be_pooled(numbers, people, minimum) else []
    if pooled:
        pool_ballots(pooled, people)
    for survey in locked:
        if survey not in pooled:
            destroy_ballots(survey)
    return len(locked)


def people_in(surveys: Sequence[Survey]) -> int:
    """How many different people have answered any of these surveys by link. One query."""
    answered = Invitation.objects.filter(survey__in=surveys, participation__isnull=False)
    return answered.order_by().values("registration").distinct().count()


def is_over(cohort_id: int) -> bool:
    cohort = Cohort.objects.with_dates().get(pk=cohort_id)
    return cohort.cancelled_at is not None or cohort.last_on is None or cohort.last_on < timezone.localdate()


def pool_ballots(surveys: Sequence[Survey], people: int) -> None:
    newest = max((survey.questionnaire for survey in surveys), key=lambda questionnaire: questionnaire.version)
    pool = SurveyPool.objects.create(
        cohort=surveys[0].cohort,
        questionnaire=newest,
        minimum_answers=max(survey.minimum_answers for survey in surveys),
        people=people,
    )
    write_pool(pool, opened_together(surveys, newest.pk))
    for survey in surveys:
        number = survey.envelopes.count()
        discard_ballots(survey, Outcome.POOLED, pool=pool)
        audit.record(AuditAction.SURVEY_POOLED, target=survey, by=None, ballots=number)
    for survey in surveys:
        tell_trainers(survey)


def opened_together(surveys: Sequence[Survey], newest: int) -> list[Ballot]:
    """The ballots of all of them, in the words of the newest questionnaire, in an order that nobody can know."""
    translation = translation_of({survey.questionnaire_id for survey in surveys}, newest)
    opened = [translation.of(ballot) for survey in surveys for ballot in ballots.open_all(survey)]
    return ballots.shuffled(opened)


def destroy_ballots(survey: Survey) -> None:
    number = survey.envelopes.count()
    discard_ballots(survey, Outcome.DESTROYED)
    audit.record(AuditAction.SURVEY_DESTROYED, target=survey, by=None, ballots=number)
