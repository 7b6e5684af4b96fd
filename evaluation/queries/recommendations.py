"""The register of recommendations as it is read: filtered, by what an edition owes, by cohort."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from curriculum.models import Edition, Module, SessionAudience
from evaluation.models import Recommendation, RecommendationState
from evaluation.queries.causes import RecommendationRow, recommendation_rows
from evaluation.wording import spoken
from netzkoord.models import User


def newest_modules(user: User) -> list[Module]:
    """The modules of the newest edition of each programme, as far as the user may see it; two queries."""
    editions = Edition.objects.visible_to(user).order_by("number").values_list("programme", "pk")
    newest = dict(editions)
    modules = Module.objects.filter(edition__in=newest.values())
    return list(modules.order_by("edition__programme", "position"))


def register(filters: Mapping[str, str], user: User) -> QuerySet[Recommendation]:
    """Those that fit: by state, audience (those for both included), key of the module, feature.

    Without a state it is those that count by themselves.
    """
    visible = Recommendation.objects.visible_to(user)
    entries = visible if filters.get("state") else visible.standing()
    found = entries.select_related("workshop", "round", "cohort", "edition", "decided_by", "merged_into")
    for name in ("state", "module_key", "feature"):
        if filters.get(name):
            found = found.filter(**{name: filters[name]})
    return found.for_audience(filters["audience"]) if filters.get("audience") else found


def once(entries: Iterable[Recommendation]) -> list[Recommendation]:
    """Without those that were merged into another one of them."""
    found = list(entries)
    return [entry for entry in found if not entry.merged_into or entry.merged_into not in found]


def alike(recommendation: Recommendation) -> list[Recommendation]:
    """What its cohort has in the register in the same words; without a cohort, what its workshop or nobody has.

    One sent under the same key is this one. Two queries at most.
    """
    said, cohort = spoken(recommendation.text), recommendation.said_in
    among = (
        Recommendation.objects.of_cohort(cohort)
        if cohort
        else Recommendation.objects.filter(cohort=None, workshop=recommendation.workshop)
    )
    others = among.told().exclude(key=recommendation.key).select_related("workshop", "round")
    return [other for other in others if spoken(other.text) == said] if said else []


def possible_debtors(recommendation: Recommendation, user: User) -> QuerySet[Edition]:
    """The editions that may still be changed, the newest first, and the one that owes it already."""
    drafts = Edition.objects.writable_by(user)
    found = Edition.objects.filter(Q(pk__in=drafts) | Q(owed_recommendations=recommendation))
    return found.select_related("programme").order_by("-number").distinct()


@dataclass(frozen=True)
class OwedPart:
    """What an edition owes to one audience."""

    audience: str
    rows: list[RecommendationRow]


@dataclass(frozen=True)
class OwedPage:
    """What an edition owes to whom, what it has fulfilled, and what nobody has promised for an edition yet."""

    owed: list[OwedPart]
    fulfilled: list[RecommendationRow]
    unassigned: list[RecommendationRow]


def owed_page(edition: Edition, user: User) -> OwedPage:
    """What was accepted for this edition; one that nobody has named an edition for may become its, too."""
    unassigned = Q(edition=None, state=RecommendationState.ACCEPTED)
    rows = recommendation_rows(register({}, user).filter(Q(edition=edition) | unassigned), user)
    accepted = [row for row in rows if row.recommendation.state == RecommendationState.ACCEPTED]
    owed = [row for row in accepted if row.recommendation.edition_id]
    parts = [
        OwedPart(audience.label, [row for row in owed if row.recommendation.audience == audience])
        for audience in SessionAudience
    ]
    return OwedPage(
        owed=[part for part in parts if part.rows],
        fulfilled=[row for row in rows if row.recommendation.state == RecommendationState.DONE],
        unassigned=[row for row in accepted if not row.recommendation.edition_id],
    )
