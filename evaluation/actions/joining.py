"""Joining the responses of a later survey with those of the beginning, and throwing the codes away."""

import logging
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from curriculum.models import Cohort
from evaluation import ballots, sealed_codes
from evaluation.codes import Coded
from evaluation.models import MOMENTS, Outcome, Purpose, ResponsePair, SealedCodes, Survey
from evaluation.pairing import Pair, kept, matches, told
from evaluation.queries.pairs import kinds_of, people_in_both
from evaluation.queries.people import needed_for
from evaluation.timetable import LATEST
from evaluation.withholding import are_blocks

logger = logging.getLogger(__name__)


def use_codes(survey: Survey, coded: Sequence[Coded]) -> None:
    """Keep the codes of the beginning under seal, and compare those of a later survey with them at once.

    The responses are stored already; of the codes of a later survey nothing ever is. A role that could name
    somebody is not kept under seal either.
    """
    if survey.purpose == Purpose.START:
        sealed_codes.seal(survey, told(coded, survey.minimum)).save(force_insert=True)
        return
    pairs = pairs_with_beginning(survey, coded)
    ResponsePair.objects.bulk_create(
        ResponsePair(before_id=pair.before, after_id=pair.after, role=pair.role) for pair in pairs
    )


def pairs_with_beginning(survey: Survey, coded: Sequence[Coded]) -> list[Pair]:
    """None where the beginning is not counted, or so few have answered both that a pair would name them."""
    codes = SealedCodes.objects.filter(survey__cohort=survey.cohort_id).select_related("survey").first()
    if codes is None:
        return []
    needed = needed_in_all(survey)
    if not are_blocks([people_in_both(codes.survey, survey)], needed):
        return []
    try:
        before = sealed_codes.unsealed(codes)
    except ballots.BallotsUnreadableError:
        logger.warning("Survey %s is compared without pairs: the codes have another secret", survey.pk)
        return []
    return kept(matches(before, coded), kinds_of(codes.survey), kinds_of(survey), needed)


def needed_in_all(survey: Survey) -> int:
    """The most answers that a question needs in any survey of the cohort that is joined, or may be."""
    joined = Survey.objects.filter(cohort=survey.cohort_id, purpose__in=MOMENTS)
    return max(needed_for(each) for each in joined.with_counts())


@transaction.atomic
def forget_codes() -> int:
    """Delete the codes of every beginning that no later survey waits for; `forget_traces` follows. How many.

    That is so once the survey months later is settled, and when it cannot come any more: the cohort is cancelled,
    or it has been over, or the beginning counted and no session left, for longer than any rule allows.
    """
    surveys = list(SealedCodes.objects.filter(is_last_settled() | is_too_late()).values_list("pk", flat=True))
    if surveys:
        Survey.objects.filter(pk__in=surveys).update(must_forget=True)
        SealedCodes.objects.filter(pk__in=surveys).delete()
    return len(surveys)


def is_last_settled() -> Q:
    of_cohort = Survey.objects.filter(cohort=OuterRef("survey__cohort"))
    last = of_cohort.filter(purpose=Purpose.TRANSFER).exclude(outcome=Outcome.PENDING)
    pending = of_cohort.filter(purpose=Purpose.END, outcome=Outcome.PENDING)
    return Q(Exists(last)) & ~Q(Exists(pending))


def is_too_late() -> Q:
    """The beginning itself can have been counted late; a cohort can have lost all its sessions since."""
    until = timezone.localdate() - LATEST
    cancelled = Q(survey__cohort__cancelled_at__isnull=False)
    over = Cohort.objects.with_dates().filter(Q(last_on__isnull=True) | Q(last_on__lt=until)).order_by()
    return cancelled | Q(survey__cohort__in=over.values("pk"), survey__counted_on__lt=until)
