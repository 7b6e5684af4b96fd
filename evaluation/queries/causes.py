"""Which recommendation led to which change of the curriculum, seen from both ends."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from curriculum.difference import EDITION_KEY
from curriculum.models import Edition, Module
from curriculum.queries.comparison import name_in, part_names
from evaluation.models import ChangeCause, Recommendation, RecommendationState, Workshop
from netzkoord.models import User

STATUS_KINDS = {
    RecommendationState.OPEN.value: "due",
    RecommendationState.ACCEPTED.value: "info",
    RecommendationState.DONE.value: "done",
    RecommendationState.DECLINED.value: "neutral",
    RecommendationState.WITHDRAWN.value: "neutral",
    RecommendationState.MERGED.value: "neutral",
}


@dataclass(frozen=True)
class Consequence:
    """What a recommendation led to: a part that changed, and the edition that brought the change."""

    part_name: str
    part_key: uuid.UUID
    edition: Edition

    @property
    def edition_words(self) -> str:
        number = f"{self.edition.number}.\N{NO-BREAK SPACE}Fassung"
        return f"{number}, Entwurf, noch nicht veröffentlicht" if self.edition.is_draft else number


@dataclass(frozen=True)
class RecommendationRow:
    """One line of the register of recommendations; `has_workshop_page`: its reader may open the workshop."""

    recommendation: Recommendation
    consequences: tuple[Consequence, ...]
    module: str = ""
    has_workshop_page: bool = False

    @property
    def changed(self) -> list[Consequence]:
        """What stands in editions that are published."""
        return [each for each in self.consequences if not each.edition.is_draft]

    @property
    def planned(self) -> list[Consequence]:
        """What is only planned: it stands in a draft."""
        return [each for each in self.consequences if each.edition.is_draft]

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
    workshops = Workshop.objects.visible_to(user).filter(recommendations__in=entries)
    pages = set(workshops.values_list("pk", flat=True))
    rows = rows_in(entries, Edition.objects.visible_to(user))
    return [replace(row, has_workshop_page=row.recommendation.workshop_id in pages) for row in rows]


def rows_in(recommendations: Iterable[Recommendation], editions: QuerySet[Edition]) -> list[RecommendationRow]:
    """Each with its module and what it led to, as far as these editions tell."""
    entries = list(recommendations)
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
    modules = module_names({entry.module_key for entry in entries if entry.module_key}, editions)
    return [
        RecommendationRow(
            entry, tuple(led_to[entry.pk]), modules.get(entry.module_key, "") if entry.module_key else ""
        )
        for entry in entries
    ]


def module_names(keys: Collection[uuid.UUID], editions: QuerySet[Edition]) -> dict[uuid.UUID, str]:
    """What the newest of these editions calls each module; one query, and none without a key."""
    if not keys:
        return {}
    modules = Module.objects.filter(key__in=keys, edition__in=editions).order_by("edition__number")
    return {key: f"{code} {title}" for key, code, title in modules.values_list("key", "code", "title")}


def cause_name(cause: ChangeCause, names: Mapping[uuid.UUID, Mapping[int, str]]) -> str:
    """What the edition calls the part that was changed; empty when no edition to be seen has it."""
    if cause.part_key == EDITION_KEY:
        return "Texte der Fassung"
    return name_in(names.get(cause.part_key, {}), cause.edition.number)
