"""The selection desk: who stands where, what is prepared, and what deciding it would change."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from curriculum.models import Cohort
from curriculum.rules import Rule
from participants.counting import in_words
from participants.models import (
    Approval,
    Registration,
    Rest,
    Selection,
    SelectionDraft,
    SelectionOverride,
    Tandem,
    TandemState,
)
from participants.proposal import Line, Outcome, Proposal, propose
from participants.queries.one_person import one_person_in
from participants.queries.places import PlaceCounts, place_counts
from participants.queries.selection import Ranking, group_of, ranking_of
from participants.quotas import QuotaGroup, quota_groups
from participants.selection import Group, Ranked
from participants.selection_words import behind, explanation

SIGNS = {
    Selection.ACCEPTED: "done",
    Selection.WAITING: "info",
    Selection.DECLINED: "neutral",
    Selection.OPEN: "due",
}
# What an organiser would do.
DECISIONS = {
    Selection.ACCEPTED: "annehmen",
    Selection.WAITING: "auf die Warteliste",
    Selection.DECLINED: "absagen",
    Selection.OPEN: "bleibt offen",
}
NO_ROOM = "passt nicht mehr auf die freien Plätze"


@dataclass(frozen=True)
class Change:
    """One tandem that would be decided differently from now, and why."""

    tandem: Tandem
    after: Selection
    reason: str
    is_override: bool = False

    @property
    def is_incomplete(self) -> bool:
        """Accepted with one person only."""
        return self.after == Selection.ACCEPTED and self.tandem.state is not TandemState.COMPLETE

    @property
    def shown(self) -> str:
        """What a page shows of it, so that a later one can tell whether it still holds."""
        tandem = self.tandem
        return f"{tandem.pk}:{tandem.selection}:{self.after.value}:{tandem.people}"


@dataclass(frozen=True)
class DeskRow:
    """One line of the desk."""

    row: Ranked
    tandems: Sequence[Tandem]
    outcome: Outcome
    explanation: str
    behind: str
    override: SelectionOverride | None
    is_last_above: bool
    is_one_person: bool

    @property
    def key(self) -> int:
        return self.row.candidate.key

    @property
    def sign(self) -> str:
        return SIGNS[self.outcome.after]

    @property
    def label(self) -> str:
        """What stands already, or what would be done."""
        return DECISIONS[self.outcome.after] if self.outcome.is_changed else self.outcome.after.label

    @property
    def note(self) -> str:
        """What keeps the row from what the line says."""
        if self.row.candidate.is_offered:
            return "hat ein Angebot für einen frei gewordenen Platz"
        if not self.row.candidate.people:
            return "noch von niemandem bestätigt"
        return NO_ROOM if self.outcome.lacks_room else ""


@dataclass(frozen=True)
class Desk:
    """Everything that the desk of one cohort shows."""

    cohort: Cohort
    ranking: Ranking
    draft: SelectionDraft
    proposal: Proposal
    overrides: dict[int, SelectionOverride]
    places: PlaceCounts

    @property
    def rule(self) -> Rule:
        return self.ranking.rule

    @cached_property
    def changes(self) -> list[Change]:
        """Every tandem that deciding would change, in the order of rank."""
        return [
            Change(tandem, outcome.after, self.reason(outcome), outcome.is_override)
            for outcome in self.proposal.outcomes
            if outcome.after != Selection.OPEN and outcome.candidate.is_decidable
            for tandem in self.ranking.tandems_of(outcome.candidate)
            if tandem.selection != outcome.after
        ]

    def reason(self, outcome: Outcome) -> str:
        """What the history of the tandem will say."""
        override = self.overrides.get(outcome.candidate.key)
        if override:
            return override.reason
        note = f", {NO_ROOM}" if outcome.lacks_room else ""
        return f"Rang\u00a0{outcome.row.rank} nach der Auswahlregel{note}"

    @property
    def obstacle(self) -> str:
        """Why nothing can be decided now; empty when it can."""
        if self.cohort.cancelled_at:
            return "Der Durchgang ist abgesagt. Hier ist nichts mehr zu entscheiden."
        if self.rule.waits_for_lot:
            return "Das Los ist noch nicht gezogen. Bis dahin stehen sonst Gleiche in der Reihenfolge des Eingangs."
        if self.proposal.room < 0:
            return (
                f"Ihre Abweichungen vergeben {-self.proposal.room} Plätze mehr, als frei sind. "
                "Bitte nehmen Sie eine Zusage zurück."
            )
        return ""

    @cached_property
    def rows(self) -> list[DeskRow]:
        """The lines of the page; who has left stands in none."""
        outcomes = [one for one in self.proposal.outcomes if self.is_alive(one)]
        return [
            self.desk_row(outcome, outcomes[place - 1] if place else None) for place, outcome in enumerate(outcomes)
        ]

    def is_alive(self, outcome: Outcome) -> bool:
        tandems = self.ranking.tandems_of(outcome.candidate)
        return any(tandem.state is not TandemState.DISSOLVED for tandem in tandems)

    def desk_row(self, outcome: Outcome, ahead: Outcome | None) -> DeskRow:
        return DeskRow(
            row=outcome.row,
            tandems=self.ranking.tandems_of(outcome.candidate),
            outcome=outcome,
            explanation=explanation(outcome.row, self.rule),
            behind=behind(ahead.row, outcome.row, self.rule) if ahead else "",
            override=self.overrides.get(outcome.candidate.key),
            is_last_above=outcome.row.rank == self.proposal.up_to,
            is_one_person=not self.one_person.isdisjoint(outcome.candidate.keys),
        )

    @cached_property
    def one_person(self) -> set[int]:
        """Keys of tandems whose two halves may be one person."""
        return {one.tandem.pk for one in one_person_in(self.ranking.tandems.values())}

    def by_rule(self, key: int) -> str:
        """What the line alone says of one candidate, all other overrides as they are; in words."""
        others = {other: Selection(one.selection) for other, one in self.overrides.items() if other != key}
        proposal = propose(self.ranking.rows, line_of(self.draft), overrides=others, free_places=self.free)
        after = next(one.after for one in proposal.outcomes if one.candidate.key == key)
        return DECISIONS[after]

    @property
    def free(self) -> int:
        """Places that nobody has, was offered, or keeps."""
        return max(0, self.cohort.places - self.places.taken)

    @property
    def taken_after(self) -> int:
        return self.cohort.places - self.proposal.room

    @property
    def waiting_after(self) -> Counter[Group]:
        """Who would wait after the decision, an offer or not."""
        waiting = [one.candidate for one in self.proposal.outcomes if one.after == Selection.WAITING]
        return Counter(group_of(tandem) for one in waiting for tandem in self.ranking.tandems_of(one))

    @property
    def sum_text(self) -> str:
        """What the decision comes to, in one line."""
        waiting = self.waiting_after.total()
        places = f"{self.taken_after} von {self.cohort.places} Plätzen belegt"
        return f"{places}, {waiting} auf der Warteliste" if waiting else places

    @property
    def in_words(self) -> str:
        """„48 Tandems und 12 Einzelanmeldungen“."""
        return in_words(group_of(tandem) for row in self.rows for tandem in row.tandems)

    @cached_property
    def quotas(self) -> list[QuotaGroup]:
        return quota_groups(
            self.proposal.outcomes,
            given=self.places.given,
            free=self.free,
            room=self.proposal.room,
            kept={"angeboten": self.places.offered, "für Vertretungen gehalten": self.places.held},
        )


def desk_of(cohort: Cohort) -> Desk:
    """The number of queries does not depend on how many have registered."""
    ranking = ranking_of(cohort)
    draft = SelectionDraft.objects.select_related("changed_by").filter(cohort=cohort).first()
    draft = draft or SelectionDraft(cohort=cohort)
    overrides = overrides_of(cohort, ranking)
    places = place_counts(cohort)
    proposal = propose(
        ranking.rows,
        line_of(draft),
        overrides={key: Selection(override.selection) for key, override in overrides.items()},
        free_places=max(0, cohort.places - places.taken),
    )
    return Desk(cohort, ranking, draft, proposal, overrides, places)


def line_of(draft: SelectionDraft) -> Line:
    return Line(draft.line, draft.waiting_count, declines_rest=draft.rest == Rest.DECLINED)


def overrides_of(cohort: Cohort, ranking: Ranking) -> dict[int, SelectionOverride]:
    """By the key of the candidate; of tandems that share a half the first one counts. What cannot be decided now
    has none.
    """
    stored = {one.tandem_id: one for one in SelectionOverride.objects.filter(tandem__cohort=cohort)}
    candidates = [row.candidate for row in ranking.rows if row.candidate.is_decidable]
    found = {
        candidate.key: next((stored[key] for key in candidate.keys if key in stored), None)
        for candidate in candidates
    }
    return {key: override for key, override in found.items() if override}


def without_approval(cohort: Cohort, changes: Sequence[Change]) -> list[Registration]:
    """People who would be accepted though their superior has not agreed, where the cohort asks. One query."""
    if not cohort.asks_approval:
        return []
    granted = set(
        Approval.objects.filter(registration__cohort=cohort, is_granted=True).values_list("registration", flat=True)
    )
    accepted = [change.tandem for change in changes if change.after == Selection.ACCEPTED]
    halves = [half for tandem in accepted for half in tandem.confirmed_registrations()]
    return [half for half in halves if half.pk not in granted]
