"""How registrations are counted, by one definition and in the same words on dashboard, list and desk.

A registration is a tandem (Tandem) when two people have confirmed, or one with a neighbour's half by exception; a
single one (Einzelanmeldung) as long as one has; before, and after everybody has left, it is neither.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from netzkoord.lib.sentences import counted, listed
from participants.models import Selection, TandemState
from participants.selection import Group

WORDS = {
    Group.COMPLETE: ("Tandem", "Tandems"),
    Group.HALF: ("Einzelanmeldung", "Einzelanmeldungen"),
    Group.UNCONFIRMED: ("unbestätigte Anmeldung", "unbestätigte Anmeldungen"),
    Group.DISSOLVED: ("zurückgezogene Anmeldung", "zurückgezogene Anmeldungen"),
}
CONFIRMED = (Group.COMPLETE, Group.HALF)


def group_for(state: TandemState, *, confirmed: int) -> Group:
    """The one rule, for models, rows of the list and counts."""
    if state is TandemState.COMPLETE:
        return Group.COMPLETE
    if state is TandemState.DISSOLVED:
        return Group.DISSOLVED
    return Group.HALF if confirmed else Group.UNCONFIRMED


def in_words(groups: Iterable[Group] | Mapping[Group, int]) -> str:
    """„48 Tandems und 12 Einzelanmeldungen“; what there is none of is not named."""
    counts = Counter(groups)
    return listed([counted(counts[group], *WORDS[group]) for group in Group if counts[group]]) or "keine Anmeldung"


@dataclass
class RegistrationCounts:
    """One cohort: who has registered, and by decision the tandems and singles, whoever has confirmed in them."""

    people: int = 0
    groups: dict[str, Counter[Group]] = field(default_factory=lambda: defaultdict(Counter))
    confirmed: Counter[str] = field(default_factory=Counter)

    def add(self, *, selection: str, group: Group, confirmed: int) -> None:
        self.confirmed[selection] += confirmed
        if group in CONFIRMED:
            self.groups[selection][group] += 1

    @property
    def open(self) -> Counter[Group]:
        return self.groups[Selection.OPEN]

    @property
    def waiting(self) -> Counter[Group]:
        return self.groups[Selection.WAITING]

    @property
    def accepted(self) -> Counter[Group]:
        return self.groups[Selection.ACCEPTED]

    @property
    def running(self) -> Counter[Group]:
        """All that were not declined."""
        return self.open + self.waiting + self.accepted

    @property
    def open_sentence(self) -> str:
        """„48 Tandems und 12 Einzelanmeldungen warten auf Entscheidung“, empty where none does."""
        if not self.open.total():
            return ""
        return f"{in_words(self.open)} {'wartet' if self.open.total() == 1 else 'warten'} auf Entscheidung"

    @property
    def waiting_sentence(self) -> str:
        return f"{in_words(self.waiting)} auf der Warteliste" if self.waiting.total() else ""
