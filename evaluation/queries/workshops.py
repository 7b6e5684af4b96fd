"""What the pages of workshops show."""

from collections import defaultdict
from dataclasses import dataclass

from curriculum.models import SessionAudience
from evaluation.models import (
    Card,
    Cluster,
    GuidingQuestion,
    Poll,
    QuestionPurpose,
    Recommendation,
    Round,
    WallPhoto,
    Workshop,
)
from evaluation.queries.polls import Weighing, weighings_of
from evaluation.queries.recommendations import once
from evaluation.queries.walls import ENTRIES

UNSORTED = "Noch keinem Cluster zugeordnet"
SHORT_COLUMN = 6
# As the record of 2017 calls them.
STAGES = {
    QuestionPurpose.NEED: "Vorstellungsrunde unter der Leitfrage",
    QuestionPurpose.COVERAGE: "Diskussion unter der Leitfrage",
    QuestionPurpose.RECOMMENDATION: "Vertiefung unter der Leitfrage",
}


@dataclass(frozen=True)
class WallColumn:
    """A cluster with its cards; the last column of a wall may hold cards that belong to none.

    `entered_as` of a card is the key of the recommendation that it became, `taken_back_as` of one taken back.
    """

    title: str
    cards: list[Card]


@dataclass(frozen=True)
class Wall:
    """The answers to one guiding question, and how each poll weighed them."""

    question: GuidingQuestion
    columns: list[WallColumn]
    weighings: list[Weighing]

    @property
    def takes_recommendations(self) -> bool:
        return self.question.purpose == QuestionPurpose.RECOMMENDATION

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
    photos: list[WallPhoto]

    @property
    def people_present(self) -> int:
        """People in the chosen round, or in all of them."""
        return sum(entry.people_present for entry in ([self.chosen] if self.chosen else self.rounds))


def workshop_page(workshop: Workshop, round_number: str) -> WorkshopPage:
    """The workshop with all its cards, or with those of the round of this number.

    A number that is no round of the workshop shows all. Queries: seven, and one where something was weighed.
    """
    rounds = list(workshop.rounds.all())
    chosen = next((entry for entry in rounds if str(entry.position) == round_number), None)
    cards = (
        Card.objects.filter(guiding_question__workshop=workshop, is_hidden=False)
        .select_related("round")
        .annotate(**ENTRIES)
    )
    if chosen:
        cards = cards.filter(round=chosen)
    photos = workshop.photos.defer("jpeg").select_related("round")
    return WorkshopPage(
        workshop,
        rounds,
        chosen,
        walls_of(workshop, list(cards)),
        once(workshop.recommendations.told()),
        list(photos.filter(round=chosen) if chosen else photos),
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
    weighings = weighings_in(workshop)
    return [
        Wall(
            question,
            columns_of(clusters[question.pk], by_cluster, loose[question.pk]),
            weighings[question.pk],
        )
        for question in workshop.guiding_questions.all()
    ]


def weighings_in(workshop: Workshop) -> dict[int, list[Weighing]]:
    return weighings_of(Poll.objects.filter(guiding_question__workshop=workshop))


def columns_of(
    clusters: list[Cluster], by_cluster: dict[int | None, list[Card]], loose: list[Card]
) -> list[WallColumn]:
    columns = [WallColumn(cluster.title, by_cluster[cluster.pk]) for cluster in clusters if by_cluster[cluster.pk]]
    return [*columns, WallColumn(UNSORTED, loose)] if loose else columns


@dataclass(frozen=True)
class RecordedRound:
    """What one round answered to a question; columns that stayed empty in it are left out."""

    round: Round
    columns: list[WallColumn]

    @property
    def is_short(self) -> bool:
        """Whether two columns fit beside each other, none of them longer than a page."""
        return all(len(column.cards) <= SHORT_COLUMN for column in self.columns)


@dataclass(frozen=True)
class RecordedQuestion:
    """A guiding question with the answers of each round, and the points of each poll."""

    question: GuidingQuestion
    rounds: list[RecordedRound]
    weighings: list[Weighing]

    @property
    def stage(self) -> str:
        """When in the workshop the question was asked."""
        return STAGES.get(QuestionPurpose(self.question.purpose), "Leitfrage")


def record_of(workshop: Workshop) -> list[RecordedQuestion]:
    """All that a workshop brought together, round by round; what is hidden is left out.

    Queries: four, and one where something was weighed with points.
    """
    cards: dict[tuple[int, int], list[Card]] = defaultdict(list)
    shown = Card.objects.filter(guiding_question__workshop=workshop, is_hidden=False).select_related("cluster")
    for card in shown.order_by("cluster__position", "cluster", "position", "pk"):
        cards[card.guiding_question_id, card.round_id].append(card)
    rounds = list(workshop.rounds.all())
    weighings = weighings_in(workshop)
    return [
        RecordedQuestion(
            question,
            [
                RecordedRound(each, recorded_columns(cards[question.pk, each.pk]))
                for each in rounds
                if cards[question.pk, each.pk]
            ],
            weighings[question.pk],
        )
        for question in workshop.guiding_questions.all()
    ]


@dataclass(frozen=True)
class RecommendedPart:
    """What was recommended for one audience."""

    audience: str
    recommendations: list[Recommendation]


def recommended_in(workshop: Workshop) -> list[RecommendedPart]:
    """By audience, those for both last; one query."""
    entered = once(workshop.recommendations.told())
    parts = [
        RecommendedPart(audience.label, [entry for entry in entered if entry.audience == audience])
        for audience in SessionAudience
    ]
    return [part for part in parts if part.recommendations]


def features_of(parts: list[RecommendedPart]) -> list[Recommendation]:
    """What was recommended about the features of delivery."""
    return [entry for part in parts for entry in part.recommendations if entry.feature]


def recorded_columns(cards: list[Card]) -> list[WallColumn]:
    """Cards in the order of their columns; those that hang in none come last."""
    columns: dict[Cluster | None, list[Card]] = defaultdict(list)
    for card in cards:
        columns[card.cluster].append(card)
    loose = columns.pop(None, [])
    named = [WallColumn(cluster.title, hung) for cluster, hung in columns.items() if cluster]
    return [*named, WallColumn(UNSORTED, loose)] if loose else named
