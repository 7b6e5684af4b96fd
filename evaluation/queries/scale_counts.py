"""How often each value of a scale was chosen, survey by survey and question by question."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db.models import Count

from evaluation.models import SCALE_KINDS, Answer, Question

# The same question: its key stays through all versions, and it is comparable on the same kind of scale.
Identity = tuple[uuid.UUID, str]
# Survey → question → value → how often.
Counts = Mapping[int, Mapping[Identity, Mapping[int, int]]]


def identity_of(question: Question) -> Identity:
    return question.key, question.kind


def counts_per_question(surveys: Sequence[int]) -> Counts:
    """What was answered on scales; a survey without such answers has none. One query."""
    rows = (
        Answer.objects.filter(response__survey__in=surveys, question__kind__in=SCALE_KINDS, number__isnull=False)
        .order_by()
        .values_list("response__survey", "question__key", "question__kind", "number")
        .annotate(count=Count("pk"))
    )
    counts: dict[int, dict[Identity, dict[int, int]]] = {pk: defaultdict(dict) for pk in surveys}
    for survey, key, kind, number, count in rows:
        counts[survey][key, kind][number] = count
    return counts
