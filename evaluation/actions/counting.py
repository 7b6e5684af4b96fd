"""Counting the ballots of closed surveys."""

import logging

from django.db import transaction

from evaluation import ballots
from evaluation.actions.joining import forget_codes
from evaluation.actions.paper import settle_sheets
from evaluation.actions.pooling import settle_withheld, withheld_groups
from evaluation.actions.responses import discard_ballots, withhold_ballots, write_survey
from evaluation.actions.trainers import tell_trainers
from evaluation.models import Outcome, Survey, TopicTotal
from evaluation.queries.needs import totals_of
from evaluation.results import is_too_small
from evaluation.traces import forget_traces
from evaluation.withholding import may_be_opened
from netzkoord.lib import audit
from netzkoord.models import AuditAction

logger = logging.getLogger(__name__)


def count_due_surveys() -> int:
    """Count every closed survey, settle what was withheld and finish what a killed process left; how many.

    Idempotent, and safe to run at the same time in several processes. A survey that cannot be opened is logged
    and does not keep the others waiting.
    """
    done = 0
    for survey in Survey.objects.due_for_counting():
        try:
            done += count_survey(survey)
        except ballots.BallotsUnreadableError:
            logger.exception("Survey %s cannot be counted", survey.pk)
    for cohort, key in withheld_groups():
        try:
            done += settle_withheld(cohort, key)
        except ballots.BallotsUnreadableError:
            logger.exception("Surveys of cohort %s cannot be pooled", cohort)
    done += end_personal_surveys()
    forget_codes()
    forget_traces()
    return done


def count_survey(survey: Survey) -> bool:
    """Open and count the ballots of a closed survey, or leave them sealed when they are too few.

    False when it is not closed or was counted before. Raises BallotsUnreadableError; nothing is changed then.
    """
    with transaction.atomic():
        locked = Survey.objects.select_for_update().filter(pk=survey.pk).due_for_counting().first()
        if locked is None:
            return False
        locked.drafts.all().delete()
        settle_sheets(locked)
        number, on_paper = locked.envelopes.count(), locked.paper_sheets.count()
        if may_be_opened(number - on_paper, on_paper, locked.minimum):
            write_survey(locked, ballots.open_all(locked))
            discard_ballots(locked, Outcome.COUNTED)
            tell_trainers(locked)
        else:
            withhold_ballots(locked)
        audit.record(AuditAction.SURVEY_COUNTED, target=locked, by=None, ballots=number, outcome=locked.outcome)
    return True


@transaction.atomic
def end_personal_surveys() -> int:
    """Keep the totals of closed personal surveys; delete what was never sent, and the keys that locked it.

    How many surveys.
    """
    ended = list(Survey.objects.closed().needs().filter(wrapped_private_key__isnull=False).select_for_update())
    for survey in ended:
        keep_totals(survey)
        survey.drafts.all().delete()
        survey.public_key = survey.wrapped_private_key = None
        survey.must_forget = True
        survey.save(update_fields=["public_key", "wrapped_private_key", "must_forget"])
    return len(ended)


def keep_totals(survey: Survey) -> None:
    """What is published of a needs survey from now on, whoever has their answers erased later."""
    TopicTotal.objects.bulk_create(
        TopicTotal(survey=survey, topic_id=topic, **total._asdict())
        for topic, total in totals_of(survey).items()
        if not is_too_small(total.people, survey.minimum)
    )
