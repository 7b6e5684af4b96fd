"""What the pages of workshops show."""

from collections import defaultdict
from dataclasses import dataclass

from evaluation.models import Card, Cluster, GuidingQuestion, Recommendation, Round, Workshop


@dataclass(frozen=True)
class WallColumn:
    """A cluster with its cards; the last column of a wall may hold cards that belong to none."""

    title: str
    cards: list[Card]


@dataclass(frozen=True)
class Wall:
    """The answers to one guiding question."""

    question: GuidingQuestion
    columns: list[WallColumn]

    @property
    def count(self) -> int:
        return sum(len(column.cards) for column in self.columns)


@dataclass(frozen=True)
class WorkshopPage:
    workshop: Workshop
    rounds: list[Round]
    chosen: Round | None
    walls: list[Wall]
    recommendations: list[Recommendation]

    @property
    def people_present(self) -> int:
        """People in the chosen round, or in all of them."""
        return sum(entry.people_present for entry in ([self.chosen] if self.chosen else self.rounds))


def workshop_page(workshop: Workshop, round_number: str) -> WorkshopPage:
    """The workshop with all its cards, or with those of the round of this number; five queries.

    A number that is no round of the workshop shows all.
    """
    rounds = list(workshop.rounds.all())
    chosen = next((entry for entry in rounds if str(entry.position) == round_number), None)
    cards = Card.objects.filter(guiding_question__workshop=workshop, is_hidden=False).select_related("round")
    if chosen:
        cards = cards.filter(round=chosen)
    return WorkshopPage(
        workshop, rounds, chosen, walls_of(workshop, list(cards)), list(workshop.recommendations.all())
    )


def walls_of(workshop: Workshop, cards: list[Card]) -> list[Wall]:
    by_cluster: dict[int | None, list[Card]] = defaultdict(list)
    loose: dict[int, list[Card]] = defaultdict(list)
    for card in cards:
        if card.cluster_id:
            by_cluster[card.cluster_id].append(card)
        else:
            loose[card.guiding_question_id].append(card)
    clusters: dict[int, list[Cluster]] = defaultdict(list)
    for cluster in Cluster.objects.filter(guiding_question__workshop=workshop, is_dropped=False):
        clusters[cluster.guiding_question_id].append(cluster)
    return [
        Wall(question, columns_of(clusters[question.pk], by_cluster, loose[question.pk]))
        for question in workshop.guiding_questions.all()
    ]


def columns_of(
    clusters: list[Cluster], by_cluster: dict[int | None, list[Card]], loose: list[Card]
) -> list[WallColumn]:
    columns = [WallColumn(cluster.title, by_cluster[cluster.pk]) for cluster in clusters if by_cluster[cluster.pk]]
    return [*columns, WallColumn("Noch keinem Cluster zugeordnet", loose)] if loose else columns
