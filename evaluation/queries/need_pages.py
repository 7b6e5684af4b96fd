"""What the pages about the needs of a cohort show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils import timezone

from curriculum.models import Cohort, Module, Session, Unit
from evaluation.coverage import Verdict
from evaluation.life_line import Facts, Station, life_line
from evaluation.models import Card, Cluster, JudgedNeed, Need, NeedSource
from evaluation.queries.coverage import matrix_of, need_plan, planned_modules, stored_coverages
from evaluation.queries.judgements import heard_at_end
from evaluation.queries.recurrence import recurrences
from evaluation.queries.recurring import RecurringNeed
from evaluation.queries.sources import MergedSource, merged_sources
from netzkoord.models import User


@dataclass(frozen=True)
class NeedRow:
    """A need in the list; `verdict` says how the plan covers it, `recurrence` that it was named before."""

    need: Need
    sources: int
    verdict: Verdict
    recurrence: RecurringNeed | None


def may_read_words(user: User) -> bool:
    """Organisers, and the trainers of the cohort; readers see what is added up only."""
    return user.has_perm("evaluation.view_personal_answers") or not user.has_perm("evaluation.view_all_surveys")


def need_rows(cohort: Cohort, said: Mapping[int, RecurringNeed]) -> list[NeedRow]:
    """The heaviest first; `said` is what is said of a need over several cohorts."""
    sources = dict(Need.objects.filter(cohort=cohort).order_by().values_list("pk").annotate(Count("sources")))
    rows = [
        NeedRow(row.need, sources[row.need.pk], row.verdict, said.get(row.need.pk))
        for row in matrix_of(cohort).rows
    ]
    return sorted(rows, key=lambda row: -row.need.weight)


@dataclass(frozen=True)
class NeedPage:
    need: Need
    stations: tuple[Station, ...]
    is_over: bool
    sources: list["ShownSource"]
    recurrence: RecurringNeed | None


@dataclass(frozen=True)
class ShownSource:
    """Where a need was named, as far as the reader of the page may know; words may be left out.

    `note` says why `named` is not the number of cards that hung there once.
    """

    source: NeedSource
    kind: str
    text: str
    cards: list[Card]
    named: int
    note: str = ""


def need_page(need: Need, user: User) -> NeedPage:
    """Of a need `with_weight` and its cohort; the number of queries does not depend on its sources."""
    sources, plan = shown_sources(need, has_words=may_read_words(user)), need_plan(need)
    facts = Facts(
        weight=need.weight,
        sources=len(sources),
        understanding=need.understanding,
        understood_on=need.understood_on,
        servings=plan.servings,
        gaps=plan.gaps,
        heard=heard_at_end(need, is_over=plan.is_over),
        outcome=need.outcome,
        outcome_on=need.outcome_on,
        is_over=plan.is_over,
    )
    recurrence = recurrences(Cohort.objects.visible_to(user)).get(need.pk)
    return NeedPage(need, life_line(facts), plan.is_over, sources, recurrence)


def asked_in(need: Need) -> JudgedNeed | None:
    """As the survey at the end asks for it; None while it does not."""
    return need.judgements.select_related("survey").first()


def shown_sources(need: Need, *, has_words: bool) -> list[ShownSource]:
    rows = need.sources.with_named().select_related("cluster__guiding_question__workshop", "topic")
    merged = {each.source.pk: each for each in merged_sources([need.cohort_id] if need.has_merged else [])}
    return [
        shown_column(row, row.cluster, merged.get(row.pk)) if row.cluster else shown_named(row, has_words=has_words)
        for row in rows.prefetch_related("cluster__cards")
    ]


def shown_column(source: NeedSource, column: Cluster, merged: MergedSource | None) -> ShownSource:
    """With the cards of the column with which it was merged, where it counts these."""
    kind = f"Kartenwand „{column.guiding_question.workshop}“"
    if merged:
        counted = merged.column if merged.column and not merged.is_counted_elsewhere else column
        return ShownSource(source, kind, column.title, shown_cards(counted), merged.named, merged_note(merged))
    cards = shown_cards(column)
    return ShownSource(source, kind, column.title, cards, source.named, column_note(len(cards), source.named))


def shown_cards(column: Cluster) -> list[Card]:
    return [card for card in column.cards.all() if not card.is_hidden]


def merged_note(merged: MergedSource) -> str:
    if merged.column is None:
        return "Die Spalte ist von der Wand genommen."
    counted = "dort schon gezählt" if merged.is_counted_elsewhere else "es zählen die Karten dort"
    return f"Mit „{merged.column}“ zusammengelegt; {counted}."


def column_note(cards: int, named: int) -> str:
    if not cards:
        return "In der Spalte hängt keine Karte mehr."
    if named == cards:
        return ""
    verb = "zählt" if cards - named == 1 else "zählen"
    return f"{cards - named} davon {verb} schon als eigene Worte der Bedarfserhebung."


def shown_named(source: NeedSource, *, has_words: bool) -> ShownSource:
    if source.topic:
        return ShownSource(source, "Bewertetes Thema der Bedarfserhebung", source.topic.name, [], source.named)
    text = f"„{source.text}“" if has_words else "Der Wortlaut steht nur der Organisation und dem Training offen."
    return ShownSource(source, "Eigene Worte in der Bedarfserhebung", text, [], source.named)


@dataclass(frozen=True)
class Proposal:
    """A unit that treats a topic from which the need came."""

    unit: Unit
    module: Module


@dataclass(frozen=True)
class Remedies:
    """What can be done for a need that is not covered."""

    proposals: list[Proposal]
    ahead: list[Session]


def remedies_for(need: Need) -> Remedies:
    """Units on its topics in modules that do not serve it yet, and the sessions that are still to come."""
    served = set(stored_coverages(Need.objects.filter(pk=need.pk)).get(need.pk, {}))
    modules = [each for each in planned_modules(need.cohort) if each.audiences & set(need.audiences)]
    topics = need.sources.filter(topic__isnull=False).values("topic__key")
    units = Unit.objects.filter(
        module__in=[each.module for each in modules if each.module.key not in served], topics__key__in=topics
    )
    units = units.select_related("module").order_by("module__position", "position").distinct()
    return Remedies(
        [Proposal(unit, unit.module) for unit in units],
        sessions_ahead([session for each in modules for session in each.held]),
    )


def sessions_ahead(sessions: Sequence[Session]) -> list[Session]:
    today = timezone.localdate()
    return [session for session in sessions if session.last_on and session.last_on >= today]
