"""Which recommendation led to which change of the curriculum, seen from both ends."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from curriculum.difference import EDITION_KEY
from curriculum.models import Edition
from curriculum.queries.comparison import name_in, part_names
from evaluation.models import ChangeCause, Recommendation, RecommendationState
from netzkoord.models import User

STATUS_KINDS = {
    RecommendationState.OPEN.value: "due",
    RecommendationState.ACCEPTED.value: "info",
    RecommendationState.DONE.value: "done",
    RecommendationState.DECLINED.value: "neutral",
}


@dataclass(frozen=True)
class Consequence:
    """What a recommendation led to: a part that changed, and the edition that brought the change."""

    part_name: str
    part_key: uuid.UUID
    edition: Edition


@dataclass(frozen=True)
class RecommendationRow:
    """One line of the register of recommendations."""

    recommendation: Recommendation
    consequences: tuple[Consequence, ...]

    @property
    def kind(self) -> str:
        """Which sign stands beside the state."""
        return STATUS_KINDS[self.recommendation.state]


def causes_in(editions: Iterable[Edition]) -> dict[uuid.UUID, list[ChangeCause]]:
    """What was noted at any of these editions, by the key of the part; one query."""
    causes: dict[uuid.UUID, list[ChangeCause]] = defaultdict(list)
    rows = ChangeCause.objects.filter(edition__in=list(editions)).select_related("recommendation", "edition")
    for cause in rows.order_by("edition__number", "recommendation", "pk"):
        causes[cause.part_key].append(cause)
    return dict(causes)


def recommendation_rows(recommendations: Iterable[Recommendation], user: User) -> list[RecommendationRow]:
    """Each with what it led to; changes of editions that the user may not see (drafts) are left out."""
    entries = list(recommendations)
    editions = Edition.objects.visible_to(user)
    causes = list(
        ChangeCause.objects.filter(recommendation__in=entries, edition__in=editions)
        .select_related("edition")
        .order_by("edition__number", "pk")
    )
    names = part_names({cause.part_key for cause in causes}, editions) if causes else {}
    led_to: dict[int, list[Consequence]] = defaultdict(list)
    for cause in causes:
        name = cause_name(cause, names)
        if name:
            led_to[cause.recommendation_id].append(Consequence(name, cause.part_key, cause.edition))
    return [RecommendationRow(entry, tuple(led_to[entry.pk])) for entry in entries]


def cause_name(cause: ChangeCause, names: Mapping[uuid.UUID, Mapping[int, str]]) -> str:
    """What the edition calls the part that was changed; empty when no edition to be seen has it."""
    if cause.part_key == EDITION_KEY:
        return "Texte der Fassung"
    return name_in(names.get(cause.part_key, {}), cause.edition.number)
