"""The organiser's decision about tandems; each is decided as one, and those that share a half together."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from curriculum.models import Cohort
from netzkoord.models import User
from participants import mails
from participants.actions.decisions import Decision, store_decisions
from participants.actions.locking import lock
from participants.actions.places import recount, settle_offers
from participants.models import Selection, Tandem, TandemState
from participants.queries.places import free_places
from participants.queries.selection import Ranking, ranking_of
from participants.selection import Candidate, fitting


@dataclass(frozen=True)
class Plan:
    """What a decision would do: whom it reaches, who does not fit, and whom it does not concern."""

    ready: list[Tandem] = field(default_factory=list)
    without_room: list[Tandem] = field(default_factory=list)
    unconfirmed: list[Tandem] = field(default_factory=list)
    unchanged: list[Tandem] = field(default_factory=list)
    offered: list[Tandem] = field(default_factory=list)

    @property
    def incomplete(self) -> list[Tandem]:
        return [tandem for tandem in self.ready if tandem.state is not TandemState.COMPLETE]


def plan_decision(
    *, cohort: Cohort, keys: Collection[int], selection: Selection, stale: Collection[int] = ()
) -> Plan:
    """What deciding these tandems of the cohort would do now; writes nothing. The number of queries is constant.

    Whoever shares a half with one of them is decided with it, and not at all where one of them is `stale`.
    """
    ranking = ranking_of(cohort)
    wanted, left = set(keys), set(stale)
    candidates = [row.candidate for row in ranking.rows if left.isdisjoint(row.candidate.keys)]
    chosen = [one for one in candidates if not wanted.isdisjoint(one.keys)]
    confirmed = [one for one in chosen if one.people]
    due = [one for one in confirmed if one.selection != selection and not one.is_offered]
    ready = due
    if selection is Selection.ACCEPTED:
        ready = fitting(due, free_places=free_places(cohort))
    return Plan(
        ready=changing(ranking, ready, selection),
        without_room=all_of(ranking, [one for one in due if one not in ready]),
        unconfirmed=all_of(ranking, [one for one in chosen if not one.people]),
        unchanged=all_of(ranking, [one for one in confirmed if one.selection == selection]),
        offered=all_of(ranking, [one for one in confirmed if one.is_offered and one.selection != selection]),
    )


def all_of(ranking: Ranking, candidates: Collection[Candidate]) -> list[Tandem]:
    return [tandem for candidate in candidates for tandem in ranking.tandems_of(candidate)]


def changing(ranking: Ranking, candidates: Collection[Candidate], selection: Selection) -> list[Tandem]:
    """Their tandems, but of those that share a half the ones that are decided differently so far."""
    return [tandem for tandem in all_of(ranking, candidates) if tandem.selection != selection]


@transaction.atomic
def decide(*, cohort: Cohort, seen: Mapping[int, str], selection: Selection, by: User) -> Plan:
    """Decide tandems and mail both halves; `ready` of the returned plan holds those that have changed.

    `seen` maps each tandem to the decision that was shown when it was chosen: one that somebody else has
    decided meanwhile stays as it is. So does one that no longer fits, and a second call changes nothing. In a
    cancelled cohort nothing is decided.
    """
    cohort = lock(cohort)
    if cohort.cancelled_at:
        return Plan()
    current = dict(cohort.tandems.filter(pk__in=seen).values_list("pk", "selection"))
    stale = [pk for pk, value in current.items() if value != seen[pk]]
    plan = plan_decision(cohort=cohort, keys=current.keys() - set(stale), selection=selection, stale=stale)
    change_selections([Decision(tandem, selection) for tandem in plan.ready], by=by)
    recount(cohort)
    return plan


def change_selections(decisions: Sequence[Decision], *, by: User | None) -> None:
    """Store decisions with their reasons, log them and mail the people of the tandems; the caller recounts.

    All are of one cohort, under its lock: the number of queries does not depend on how many they are.
    """
    store_decisions(decisions, by=by)
    settle_offers([decision.tandem for decision in decisions], by=by)
    mails.send_decisions([decided for decision in decisions for decided in decided_halves(decision)])


def decided_halves(decision: Decision) -> list[mails.Decided]:
    """The people of the tandem; they read tandem and cohort that are in memory already."""
    tandem = decision.tandem
    halves = tandem.confirmed_registrations()
    for half in halves:
        half.tandem, half.cohort = tandem, tandem.cohort
    return [mails.Decided(half, decision.selection) for half in halves]
