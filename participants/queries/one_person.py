"""Tandems whose two halves may be one person with two addresses: a tandem is two people."""

from collections.abc import Iterable
from dataclasses import dataclass

from netzkoord.lib.sentences import listed
from participants.models import Registration, Tandem
from participants.queries.duplicates import dismissed_pairs, name_keys
from participants.queries.search import fold


@dataclass(frozen=True)
class OnePerson:
    """A tandem, its two halves, and what they have in common."""

    tandem: Tandem
    first: Registration
    second: Registration

    @property
    def in_common(self) -> str:
        """„gleicher Name, gleiche Organisation“"""
        found = ["gleicher Name"]
        if fold(self.first.organisation) == fold(self.second.organisation):
            found.append("gleiche Organisation")
        if self.first.phone and digits(self.first.phone) == digits(self.second.phone):
            found.append("gleiches Telefon")
        return listed(found)


def digits(phone: str) -> str:
    return "".join(sign for sign in phone if sign.isdigit())


def one_person_in(tandems: Iterable[Tandem]) -> list[OnePerson]:
    """Those of these tandems, all of one cohort, whose halves have one name and were not called two people.

    Reads the prefetched registrations. One query where there are any.
    """
    found = [OnePerson(tandem, *halves) for tandem in tandems if len(halves := tandem.active_registrations()) == 2]
    alike = [one for one in found if have_one_name(one.first, one.second)]
    if not alike:
        return []
    dismissed = dismissed_pairs(alike[0].tandem.cohort)
    return [one for one in alike if (min(keys := (one.first.pk, one.second.pk)), max(keys)) not in dismissed]


def have_one_name(one: Registration, other: Registration) -> bool:
    keys = (name_keys(half.given_names, half.family_name) for half in (one, other))
    return bool(set.intersection(*keys))
