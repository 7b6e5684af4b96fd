"""Whom a cohort brings together, before a decision and after it: pure counting."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from curriculum.models import Audience
from participants.models import Sector, Selection
from participants.proposal import Outcome
from participants.selection import Candidate, Group


@dataclass(frozen=True)
class Quota:
    """One figure, now and after the decision."""

    label: str
    before: int
    after: int

    @property
    def change(self) -> str:
        """„+4“, „−1“, empty when nothing changes."""
        difference = self.after - self.before
        return f"{difference:+d}".replace("-", "−") if difference else ""


@dataclass(frozen=True)
class QuotaGroup:
    """Figures that belong together."""

    title: str
    quotas: Sequence[Quota]


def quota_groups(
    outcomes: Iterable[Outcome], *, given: int, free: int, room: int, kept: Mapping[str, int]
) -> list[QuotaGroup]:
    """`given` places somebody has now and `free` ones nobody, `room` would be left after the decision.

    `kept` are those that a decision about others does not touch, in words: offered, or held for substitutes.
    """
    outcomes = list(outcomes)
    before = [one.candidate for one in outcomes if one.before == Selection.ACCEPTED]
    after = [one.candidate for one in outcomes if one.after == Selection.ACCEPTED]
    return [
        QuotaGroup(
            "Plätze",
            [
                Quota("vergeben", given, given + free - room),
                *(Quota(label, count, count) for label, count in kept.items() if count),
                Quota("frei", free, room),
            ],
        ),
        QuotaGroup("Zusammensetzung", compared(makeup(before), makeup(after))),
        QuotaGroup("Rollen und Seiten", compared(sides(before), sides(after))),
        QuotaGroup("Handlungsfelder", compared(fields(before), fields(after), by_label=True)),
        QuotaGroup("Länder", compared(states(before), states(after), by_label=True)),
    ]


def compared(before: Counter[str], after: Counter[str], *, by_label: bool = False) -> list[Quota]:
    labels = sorted(before.keys() | after.keys()) if by_label else list(before)
    return [Quota(label, before[label], after[label]) for label in labels]


def makeup(accepted: Sequence[Candidate]) -> Counter[str]:
    complete = sum(len(one.keys) for one in accepted if one.group is Group.COMPLETE)
    singles = sum(len(one.keys) for one in accepted if one.group is Group.HALF)
    return Counter(
        {
            "Tandems": complete,
            "Einzelanmeldungen": singles,
            "Kommunen": len({trait for one in accepted for trait in one.municipalities}),
            "Länder": len({trait for one in accepted for trait in one.states}),
        }
    )


def sides(accepted: Sequence[Candidate]) -> Counter[str]:
    """People by role and by sector."""
    people = [person for one in accepted for person in one.people]
    roles = {role.label: sum(person.role == role for person in people) for role in Audience}
    sectors = {
        label: sum(person.sector == sector for person in people)
        for sector, label in ((Sector.PUBLIC, "Verwaltung"), (Sector.CIVIC, "Zivilgesellschaft"))
    }
    others = sum(person.sector not in {Sector.PUBLIC, Sector.CIVIC} for person in people)
    return Counter(roles | sectors | {"andere oder ohne Angabe": others})


def fields(accepted: Sequence[Candidate]) -> Counter[str]:
    people = (person for one in accepted for person in one.people)
    return Counter(person.field.label if person.field else "ohne Angabe" for person in people)


def states(accepted: Sequence[Candidate]) -> Counter[str]:
    return Counter(trait.label for one in accepted for trait in one.states)
