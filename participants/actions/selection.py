"""The organiser's decision about tandems; each is decided as one."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction

from curriculum.models import Cohort
from netzkoord.lib import audit
from netzkoord.models import AuditAction, User
from participants import mails
from participants.actions.places import recount
from participants.actions.registrations import lock
from participants.models import Selection, StatusChange, Tandem
from participants.queries.places import free_places
from participants.selection import fitting, rank

AUDIT_ACTIONS = {
    Selection.ACCEPTED: AuditAction.TANDEM_ACCEPTED,
    Selection.WAITING: AuditAction.TANDEM_WAITLISTED,
    Selection.DECLINED: AuditAction.TANDEM_DECLINED,
}


@dataclass(frozen=True)
class Plan:
    """What a decision would do: whom it reaches, who does not fit, and whom it does not concern."""

    ready: list[Tandem] = field(default_factory=list)
    without_room: list[Tandem] = field(default_factory=list)
    unconfirmed: list[Tandem] = field(default_factory=list)
    unchanged: list[Tandem] = field(default_factory=list)

    @property
    def incomplete(self) -> list[Tandem]:
        return [tandem for tandem in self.ready if len(tandem.confirmed_registrations()) < 2]


def plan_decision(*, cohort: Cohort, keys: list[int], selection: Selection) -> Plan:
    """What deciding these tandems of the cohort would do now; writes nothing. Three queries."""
    found = cohort.tandems.filter(pk__in=keys).select_related("municipality", "cohort")
    tandems = rank(found.prefetch_related("registrations"))
    confirmed = [tandem for tandem in tandems if tandem.confirmed_registrations()]
    due = [tandem for tandem in confirmed if tandem.selection != selection]
    ready = due
    if selection is Selection.ACCEPTED:
        ready = fitting(due, free_places=free_places(cohort))
    return Plan(
        ready=ready,
        without_room=[tandem for tandem in due if tandem not in ready],
        unconfirmed=[tandem for tandem in tandems if tandem not in confirmed],
        unchanged=[tandem for tandem in confirmed if tandem.selection == selection],
    )


@transaction.atomic
def decide(*, cohort: Cohort, seen: Mapping[int, str], selection: Selection, by: User) -> Plan:
    """Decide tandems and mail both halves; `ready` of the returned plan holds those that have changed.

    `seen` maps each tandem to the decision that was shown when it was chosen: one that somebody else has
    decided meanwhile stays as it is. So does one that no longer fits, and a second call changes nothing.
    """
    cohort = lock(cohort)
    current = dict(cohort.tandems.filter(pk__in=seen).values_list("pk", "selection"))
    keys = [pk for pk, value in current.items() if value == seen[pk]]
    plan = plan_decision(cohort=cohort, keys=keys, selection=selection)
    for tandem in plan.ready:
        change_selection(tandem, selection, by=by)
    recount(cohort)
    return plan


def change_selection(tandem: Tandem, selection: Selection, *, by: User) -> None:
    before, tandem.selection = tandem.selection, selection
    tandem.save(update_fields=["selection"])
    StatusChange.objects.create(tandem=tandem, from_selection=before, to_selection=selection, changed_by=by)
    audit.record(AUDIT_ACTIONS[selection], target=tandem, by=by, before=before)
    for half in tandem.confirmed_registrations():
        half.cohort = tandem.cohort
        mails.send_decision(half, selection)
