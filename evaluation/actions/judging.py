"""Which needs the survey at the end lets people judge, and adding up what they say: all together only."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from curriculum.models import Cohort
from evaluation.ballots import Ballot
from evaluation.judgements import added_up
from evaluation.models import JudgedNeed, Need, Purpose, QuestionKind, Survey
from evaluation.queries.asking import to_be_judged
from evaluation.queries.coverage import plans_of
from evaluation.queries.judgements import serving, verdicts_of
from evaluation.queries.people import surplus_in


def fix_needs(survey: Survey) -> None:
    """Write down once, before anybody is asked, which needs an open survey lets people judge.

    So everybody judges the same, and every ballot has the same size. Idempotent.
    """
    if survey.purpose == Purpose.END and survey.is_open and not survey.needs_fixed_on:
        write_needs(survey)


@transaction.atomic
def write_needs(survey: Survey) -> None:
    """Locks the survey, so that it happens once, and the needs, so that nobody takes one apart meanwhile."""
    locked = Survey.objects.select_for_update().filter(pk=survey.pk, needs_fixed_on=None).first()
    if locked is None:
        return
    if locked.questionnaire.asks(QuestionKind.COVERAGE):
        kept = Need.objects.select_for_update().filter(cohort=locked.cohort_id).values_list("pk", flat=True)
        needs = Need.objects.filter(pk__in=list(kept)).with_weight()
        JudgedNeed.objects.bulk_create(with_plan(to_be_judged(locked, needs), locked.cohort))
    locked.needs_fixed_on = timezone.localdate()
    locked.save(update_fields=["needs_fixed_on"])


def with_plan(judged: list[JudgedNeed], cohort: Cohort) -> list[JudgedNeed]:
    """The plan as it is now: a later change of it is no part of what people have judged."""
    plan = plans_of([cohort])[cohort.pk]
    verdicts = verdicts_of(plan, [one.need for one in judged])
    for one in judged:
        one.planned, one.planned_modules = verdicts[one.need_id].value, serving(plan, one.need)
    return judged


def count_judgements(survey: Survey, opened: Sequence[Ballot], kinds: Mapping[int, str]) -> None:
    """Add up what the ballots say of each need; written once, and only what is said by enough people."""
    if QuestionKind.COVERAGE not in kinds.values():
        return
    said: dict[int | None, list[int]] = defaultdict(list)
    for ballot in opened:
        for (question, item), answer in ballot.answers.items():
            if kinds[question] == QuestionKind.COVERAGE and answer.number is not None:
                said[item].append(answer.number)
    on_paper = sum(ballot.is_on_paper for ballot in opened)
    needed = survey.minimum + surplus_in(survey, len(opened), on_paper)
    judged = list(survey.judged_needs.all())
    for need in judged:
        need.people, need.fully, need.partly, need.uncovered = added_up(said[need.need_id]).of_enough(needed)
    JudgedNeed.objects.bulk_update(judged, ["people", "fully", "partly", "uncovered"])
