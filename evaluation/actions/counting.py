"""Counting the ballots of closed surveys, or destroying them unopened."""

import logging
import secrets
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from curriculum.models import Cohort
from evaluation import ballots, codes
from evaluation.models import (
    Answer,
    Envelope,
    Outcome,
    Participation,
    Purpose,
    Question,
    QuestionKind,
    Response,
    Survey,
)
from evaluation.results import MINIMUM_ANSWERS
from evaluation.said import Key, Said, fields_of, fingerprint, without
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
    done += end_personal_surveys()
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
        number = locked.envelopes.count()
        if number < MINIMUM_ANSWERS:
            withhold_ballots(locked)
        else:
            write_responses(locked, ballots.open_all(locked))
            discard_ballots(locked, Outcome.COUNTED)
        audit.record(AuditAction.SURVEY_COUNTED, target=locked, by=None, ballots=number, outcome=locked.outcome)
    return True


@transaction.atomic
def end_personal_surveys() -> int:
    """Delete what was never sent of closed personal surveys, and the keys that it was encrypted with; how many."""
    ended = Survey.objects.closed().needs().filter(wrapped_private_key__isnull=False)
    for survey in ended.select_for_update():
        survey.drafts.all().delete()
        survey.public_key = survey.wrapped_private_key = None
        survey.must_forget = True
        survey.save(update_fields=["public_key", "wrapped_private_key", "must_forget"])
    return len(ended)


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


def write_responses(survey: Survey, opened: Iterable[ballots.Ballot]) -> None:
    """One response for each ballot, in the order given, under random keys; a code leaves only its prints."""
    kinds = dict(Question.objects.filter(section__questionnaire=survey.questionnaire_id).values_list("pk", "kind"))
    secret = ballots.code_secret(survey.cohort_id)
    counted = [(response_of(survey, ballot, kinds, secret), ballot) for ballot in opened]
    Response.objects.bulk_create(response for response, _ in counted)
    Answer.objects.bulk_create(
        Answer(response=response, **fields)
        for response, ballot in counted
        for key, said in shown_answers(ballot, kinds).items()
        for fields in fields_of(key, said, kinds[key[0]])
    )


def response_of(survey: Survey, ballot: ballots.Ballot, kinds: Mapping[int, str], secret: bytes) -> Response:
    code = next((said.text for (pk, _), said in ballot.answers.items() if kinds[pk] == QuestionKind.CODE), "")
    return Response(
        survey=survey,
        role=ballot.role,
        fingerprint=fingerprint(ballot.receipt, shown_answers(ballot, kinds)) if ballot.receipt else "",
        code_prints=codes.prints(code, secret=secret) if code else [],
    )


def shown_answers(ballot: ballots.Ballot, kinds: Mapping[int, str]) -> dict[Key, Said]:
    """All but the code, which is never stored."""
    return without(ballot.answers, [pk for pk, kind in kinds.items() if kind == QuestionKind.CODE])


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
    survey.counted_on = timezone.localdate()
    survey.public_key = survey.wrapped_private_key = None
    survey.must_forget = True
    survey.save(update_fields=["outcome", "counted_on", "public_key", "wrapped_private_key", "must_forget"])


def rewrite_in_one_go(survey: Survey) -> None:
    """Write anew, in the order of the invitations, what each submission wrote or locked.

    PostgreSQL keeps with every row the transaction that wrote it (xmin) and that last locked it (xmax, here by
    the foreign key): both told in which order people answered. Now all rows name this one transaction.
    """
    answered = sorted(Participation.objects.filter(invitation__survey=survey).values_list("pk", flat=True))
    Participation.objects.filter(pk__in=answered).delete()
    survey.invitations.update(link_key=F("link_key"))
    Participation.objects.bulk_create(Participation(invitation_id=pk) for pk in answered)
