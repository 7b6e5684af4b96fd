"""The two people of a tandem who have a place in the cohort, one of them perhaps a neighbour's."""

from dataclasses import dataclass

from curriculum.models import Audience
from participants.models import Registration, Selection, Tandem


@dataclass(frozen=True)
class Pair:
    """The two people of a complete tandem."""

    manager: Registration
    coordinator: Registration

    @property
    def both(self) -> tuple[Registration, Registration]:
        return self.manager, self.coordinator

    def other_than(self, half: Registration) -> Registration:
        return self.coordinator if half.pk == self.manager.pk else self.manager


def pair_of(tandem: Tandem) -> Pair | None:
    """Manager and coordinator with a place, one perhaps a neighbour's; reads the prefetched registrations."""
    if tandem.selection != Selection.ACCEPTED:
        return None
    halves = {half.role: half for half in tandem.confirmed_registrations()}
    shared = tandem.shared
    if shared and shared.tandem.selection == Selection.ACCEPTED:
        halves[shared.role] = shared
    manager, coordinator = halves.get(Audience.MANAGER), halves.get(Audience.COORDINATOR)
    return Pair(manager, coordinator) if manager and coordinator else None
