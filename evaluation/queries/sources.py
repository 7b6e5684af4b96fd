"""What the sources of needs weigh by now: a column counts its cards, and a merged one counts where these hang."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Count

from evaluation.boards import unpacked
from evaluation.merging import column_of_most, last_cards
from evaluation.models import Card, Cluster, Need, NeedSource, Step
from evaluation.models.needs import NeedQuerySet, named_cards


@dataclass(frozen=True)
class MergedSource:
    """A source whose column was taken off the wall; `column` is where most of its cards hang now.

    `named` is what that column counts, where no other source counts it already.
    """

    source: NeedSource
    column: Cluster | None
    named: int
    is_counted_elsewhere: bool


def weighed(needs: NeedQuerySet) -> list[Need]:
    """The heaviest first. One query, and seven more where a column of a source was taken off its wall."""
    found = {need.pk: need for need in needs.with_weight()}
    cohorts = {need.cohort_id for need in found.values() if need.has_merged}
    for merged in merged_sources(cohorts):
        if need := found.get(merged.source.need_id):
            need.weight += merged.named
    return sorted(found.values(), key=lambda need: -need.weight)


def merged_sources(cohorts: Collection[int]) -> list[MergedSource]:
    """Of all needs of these cohorts. Seven queries, or none without cohorts."""
    if not cohorts:
        return []
    of_cohorts = NeedSource.objects.filter(need__cohort__in=cohorts)
    sources = list(of_cohorts.filter(cluster__is_dropped=True).select_related("cluster"))
    columns = columns_by_now(source.cluster for source in sources if source.cluster)
    named = dict(named_cards().filter(cluster__in=columns.values()).values_list("cluster").annotate(Count("pk")))
    counted = set(of_cohorts.filter(cluster__in=columns.values()).values_list("cluster", flat=True))
    found = []
    for source in sources:
        column = columns.get(source.cluster_id or 0)
        is_elsewhere = column is not None and column.pk in counted
        own = 0 if column is None or is_elsewhere else named.get(column.pk, 0)
        found.append(MergedSource(source, column, own, is_elsewhere))
        counted |= {column.pk} if column else set()
    return found


def columns_by_now(dropped: Iterable[Cluster]) -> dict[int, Cluster]:
    """Dropped column → where most of its cards hang now; without those that were empty. Four queries, or none."""
    gone = {cluster.pk: cluster for cluster in dropped}
    if not gone:
        return {}
    questions = {cluster.guiding_question_id for cluster in gone.values()}
    steps = Step.objects.filter(guiding_question__in=questions, is_undone=False).order_by("pk")
    cards = last_cards(unpacked(undo) for undo in steps.values_list("undo", flat=True))
    hung = Card.objects.filter(pk__in={card for pk in gone for card in cards.get(pk, ())}, cluster__isnull=False)
    places = dict(hung.values_list("pk", "cluster_id"))
    found = {pk: column_of_most(cards.get(pk, ()), places) for pk in gone}
    columns = Cluster.objects.prefetch_related("cards").in_bulk(pk for pk in found.values() if pk)
    return {pk: columns[column] for pk, column in found.items() if column}
