"""Counting the ballots of closed surveys, or destroying them unopened."""

import logging
import secrets
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from curriculum.models import Cohort
from evaluation import ballots
from evaluation.models import Answer, Envelope, Outcome, Participation, Purpose, Response, Survey
from evaluation.results import MINIMUM_ANSWERS
from evaluation.traces import forget_traces
from netzkoord.lib import audit
from netzkoord.models import AuditAction

logger = logging.getLogger(__name__)


def count_due_surveys() -> int:
    """Count every closed survey, destroy what is due and finish what a killed process left; how many were done.

    Idempotent, and safe to run at the same time in several processes. A survey that cannot be opened is logged
    and does not keep the others waiting.
    """
    done = 0
    for survey in Survey.objects.due_for_counting():
        try:
            done += count_survey(survey)
        except ballots.BallotsUnreadableError:
            logger.exception("Survey %s cannot be counted", survey.pk)
    for survey in Survey.objects.filter(outcome=Outcome.WITHHELD):
        done += destroy_if_due(survey)
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
        number = locked.envelopes.count()
        if number < MINIMUM_ANSWERS:
            withhold_ballots(locked)
        else:
            write_responses(locked, ballots.open_all(locked))
            discard_ballots(locked, Outcome.COUNTED)
        audit.record(AuditAction.SURVEY_COUNTED, target=locked, by=None, ballots=number, outcome=locked.outcome)
    return True


def withhold_ballots(survey: Survey) -> None:
    """Leave too few ballots sealed, in an order and under keys that tell nothing; `forget_traces` follows."""
    sealed = ballots.sealed_ballots(survey)
    secrets.SystemRandom().shuffle(sealed)
    survey.envelopes.all().delete()
    Envelope.objects.bulk_create(Envelope(survey=survey, sealed=ballot) for ballot in sealed)
    rewrite_in_one_go(survey)
    survey.outcome = Outcome.WITHHELD
    survey.must_forget = True
    survey.save(update_fields=["outcome", "must_forget"])


def write_responses(survey: Survey, contents: Iterable[dict[int, int | str]]) -> None:
    """One response for each ballot, in the order given, under random keys."""
    answered = [(Response(survey=survey), content) for content in contents]
    Response.objects.bulk_create(response for response, _ in answered)
    Answer.objects.bulk_create(
        Answer(response=response, question_id=question, **stored_value(value))
        for response, content in answered
        for question, value in content.items()
    )


def stored_value(value: int | str) -> dict[str, int | str]:
    return {"text": value} if isinstance(value, str) else {"number": value}


def destroy_if_due(survey: Survey) -> bool:
    """Destroy withheld ballots unopened once the cohort is over and all its feedback surveys are closed."""
    if not is_over(survey.cohort_id):
        return False
    with transaction.atomic():
        locked = Survey.objects.select_for_update().filter(pk=survey.pk, outcome=Outcome.WITHHELD).first()
        if locked is None:
            return False
        number = locked.envelopes.count()
        discard_ballots(locked, Outcome.DESTROYED)
        audit.record(AuditAction.SURVEY_DESTROYED, target=locked, by=None, ballots=number)
    return True


def is_over(cohort_id: int) -> bool:
    cohort = Cohort.objects.with_dates().get(pk=cohort_id)
    if Survey.objects.filter(cohort=cohort, purpose=Purpose.FEEDBACK, closes_at__gt=timezone.now()).exists():
        return False
    return cohort.cancelled_at is not None or cohort.last_on is None or cohort.last_on < timezone.localdate()


def discard_ballots(survey: Survey, outcome: Outcome) -> None:
    """Delete envelopes and both halves of the key, and make the rest unrecognisable; `forget_traces` follows."""
    survey.envelopes.all().delete()
    rewrite_in_one_go(survey)
    survey.outcome = outcome
    survey.public_key = survey.wrapped_private_key = None
    survey.must_forget = True
    survey.save(update_fields=["outcome", "public_key", "wrapped_private_key", "must_forget"])


def rewrite_in_one_go(survey: Survey) -> None:
    """Write anew, in the order of the invitations, what each submission wrote or locked.

    PostgreSQL keeps with every row the transaction that wrote it (xmin) and that last locked it (xmax, here by
    the foreign key): both told in which order people answered. Now all rows name this one transaction.
    """
    answered = sorted(Participation.objects.filter(invitation__survey=survey).values_list("pk", flat=True))
    Participation.objects.filter(pk__in=answered).delete()
    survey.invitations.update(link_key=F("link_key"))
    Participation.objects.bulk_create(Participation(invitation_id=pk) for pk in answered)
