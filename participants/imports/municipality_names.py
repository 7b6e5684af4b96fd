"""Which municipality a row of a table means: by its key, or by a name that only one has."""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from netzkoord.lib.folding import spellings, words
from participants.models import Municipality

SHOWN = 6
# What stands before a name on envelopes and belongs to none.
KIND = re.compile(
    r"(?:(?:kreisfreie |große )?(?:stadt|gemeinde|hansestadt|landeshauptstadt)|markt) ", re.IGNORECASE
)
AGS = re.compile(r"[0-9]{5}|[0-9]{8}")


class Unclear(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """A municipality that is not known or not unique; the German sentence says what to do."""

    def __init__(self, column: str, text: str) -> None:
        super().__init__(text)
        self.column = column


class Municipalities:
    """All that people can register from; one query when the first is asked for."""

    @cached_property
    def known(self) -> list[Municipality]:
        return list(Municipality.objects.offered())

    @cached_property
    def by_ags(self) -> dict[str, Municipality]:
        return {one.ags: one for one in self.known}

    @cached_property
    def by_name(self) -> dict[str, list[Municipality]]:
        found: dict[str, list[Municipality]] = defaultdict(list)
        for one in self.known:
            for key in {*keys_of(one.name), *keys_of(one.label)}:
                found[key].append(one)
        return found

    def find(self, *, ags: str, name: str, land: str) -> Municipality:
        """Raises `Unclear`."""
        if ags:
            return self.of_key(ags, name)
        if not name:
            raise Unclear("AGS", "Bitte geben Sie die Kommune an: den AGS oder einen eindeutigen Namen.")
        found = self.of_name(name)
        if land:
            found = [one for one in found if keys_of(one.get_state_display()) & keys_of(land)]
        if len(found) == 1:
            return found[0]
        raise Unclear("Kommune", choices(name, found) if found else unknown(name, land))

    def of_key(self, ags: str, name: str) -> Municipality:
        """A name beside the key must be that of the key: a slip in either would send somebody elsewhere."""
        digits = padded("".join(ags.split()))
        found = self.by_ags.get(digits)
        if found is None:
            raise Unclear("AGS", f"Unter dem AGS „{ags}“ ist keine Kommune bekannt, oder sie ist aufgelöst.")
        if name and found not in self.of_name(name):
            raise Unclear("Kommune", f"Der AGS {found.ags} gehört zu {found.label}, hier steht „{name}“.")
        return found

    def of_name(self, name: str) -> list[Municipality]:
        keys = keys_of(name) | keys_of(KIND.sub("", name, count=1))
        found = {one.pk: one for key in keys for one in self.by_name.get(key, [])}
        return sorted(found.values(), key=lambda one: one.ags)


def keys_of(name: str) -> set[str]:
    return {" ".join(words(way)) for way in spellings(name)} - {""}


def padded(digits: str) -> str:
    """A spreadsheet program has taken the key for a number: its leading zero comes back."""
    return f"0{digits}" if AGS.fullmatch(f"0{digits}") and not AGS.fullmatch(digits) else digits


def choices(name: str, found: Iterable[Municipality]) -> str:
    labels = [f"{one.ags} {one.label}" for one in found]
    more = f" und {len(labels) - SHOWN} weitere" if len(labels) > SHOWN else ""
    return f"„{name}“ gibt es mehrmals. Bitte tragen Sie den AGS ein: {'; '.join(labels[:SHOWN])}{more}."


def unknown(name: str, land: str) -> str:
    where = f" im Land „{land}“" if land else ""
    return (
        f"Eine Kommune „{name}“ ist{where} nicht bekannt. Bitte prüfen Sie den Namen, oder tragen Sie den AGS ein."
    )
