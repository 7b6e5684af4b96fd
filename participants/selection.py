"""Who gets a place: pure calculation on tandems that are already read.

The rule: complete tandems first, then those of which one half is confirmed, then the rest; among equals the
one that arrived first. A tandem is never divided.
"""

from collections.abc import Iterable

from participants.models import Tandem, TandemState


def rank(tandems: Iterable[Tandem]) -> list[Tandem]:
    """The tandems in the order in which places go to them."""
    return sorted(tandems, key=lambda tandem: (group(tandem), tandem.created_at, tandem.pk))


def group(tandem: Tandem) -> int:
    """0 complete, 1 half confirmed, 2 unconfirmed, 3 dissolved."""
    if tandem.state is TandemState.COMPLETE:
        return 0
    if tandem.state is TandemState.DISSOLVED:
        return 3
    return 1 if tandem.confirmed_registrations() else 2


def fitting(tandems: Iterable[Tandem], *, free_places: int) -> list[Tandem]:
    """Those that fit into the free places as a whole, taken in the order given.

    What does not fit is passed over: a single place left by a tandem may still go to a single.
    """
    chosen = []
    for tandem in tandems:
        size = len(tandem.confirmed_registrations())
        if size <= free_places:
            chosen.append(tandem)
            free_places -= size
    return chosen
