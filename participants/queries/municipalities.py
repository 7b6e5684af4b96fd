"""Finding a municipality: in the list of organisers, and while somebody types its name."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import models
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import StrIndex
from django.db.models.lookups import LessThan

from netzkoord.lib.folding import spellings, words
from participants.models import Municipality
from participants.models.places import KREIS_DIGITS

LEAST_LETTERS = 2
MOST_FOUND = 20
# A query has a few words; what comes behind them narrows nothing.
MOST_WORDS = 8
# Words that names write in different ways: „Bad Neustadt an der Saale“ is officially „a.d.Saale“.
FILLERS = frozenset(["a", "am", "an", "auf", "b", "bei", "d", "dem", "der", "i", "im", "in", "o", "ob", "v", "vor"])
ARS_DIGITS = 12


@dataclass(frozen=True)
class Match:
    """A municipality to choose from; `place` tells those of one name apart, by the key where nothing else does."""

    municipality: Municipality
    place: str

    @property
    def name(self) -> str:
        return self.municipality.name

    @property
    def key(self) -> int:
        return self.municipality.pk


def matches_for(municipalities: Iterable[Municipality]) -> list[Match]:
    rows = list(municipalities)
    labels = Counter(row.label for row in rows)
    return [Match(row, place_of(row, is_alone=labels[row.label] == 1)) for row in rows]


def place_of(municipality: Municipality, *, is_alone: bool) -> str:
    parts = [municipality.place, "" if is_alone else f"AGS\u00a0{municipality.ags}"]
    return ", ".join(part for part in parts if part)


class Stand(models.TextChoices):
    """Which of the official municipalities a list shows."""

    ALL = "", "alle"
    OFFERED = "wahl", "zur Wahl"
    DISSOLVED = "aufgeloest", "aufgelöst"


def find_municipalities(text: str, stand: str = Stand.ALL) -> QuerySet[Municipality]:
    """For organisers: the official ones, by words of name, Kreis and Land or by the beginning of the key."""
    municipalities = Municipality.objects.official()
    if stand:
        municipalities = municipalities.filter(dissolved_on__isnull=stand == Stand.OFFERED)
    if not text:
        return municipalities.by_name()
    if key := key_in(text):
        return municipalities.filter(ags__startswith=key).by_name()
    return municipalities.filter(all_words(text)).by_name()


def search_municipalities(text: str) -> list[Municipality]:
    """What can be chosen for a typed text, the likeliest first; one query, at most `MOST_FOUND` + 1 rows.

    First those of exactly this name, then those that begin with it, then those with a word that begins so, then
    the rest. A row more than is shown says that there are more.
    """
    offered = Municipality.objects.offered()
    if len("".join(words(text))) < LEAST_LETTERS:
        return []
    if key := key_in(text):
        return list(offered.filter(ags__startswith=key).order_by("ags")[: MOST_FOUND + 1])
    found = offered.filter(all_words(text) & named_by_one(text)).alias(rank=rank_of(text))
    return list(found.by_name(first=["rank"])[: MOST_FOUND + 1])


def exactly_named(text: str, found: Sequence[Municipality]) -> list[Municipality]:
    """Those of the found that the text names in full: by name, by name and place, or by key.

    „Stadt Köln“ names the only one that is found for it, too.
    """
    if len(found) == 1 and set(words(found[0].name)) <= set(words(text)):
        return list(found)
    key, ways = key_in(text), joined_ways(text)
    return [
        row
        for row in found
        if row.ags == key or any(f" {way} " in row.search_text for way in ways) or ways & joined_ways(row.label)
    ]


def dissolved_named(text: str) -> Municipality | None:
    """A municipality of this name or key that is no longer one; the latest to go."""
    if not words(text):
        return None
    by_name = any_of(f" {way} " for way in joined_ways(text))
    gone = Municipality.objects.filter(by_name | Q(ags=key_in(text) or "-"), dissolved_on__isnull=False)
    return gone.order_by("-dissolved_on", "ags").first()


def same_municipality(municipality: Municipality, path: str) -> Q:
    """Rows whose municipality at `path` is this one; of one that is only written in, those with the same words.

    For finding a repeated submission: `same_municipality(municipality, "tandem__municipality")`.
    """
    if municipality.pk:
        return Q(**{path: municipality})
    return Q(**{f"{path}__{name}": getattr(municipality, name) for name in ("ags", "name", "state")})


def key_in(text: str) -> str:
    """The key if the text is one or begins one; out of the 12 digits of a Regionalschlüssel (ARS) the AGS."""
    digits = "".join(text.split())
    if not (digits.isascii() and digits.isdecimal()):
        return ""
    return digits[:KREIS_DIGITS] + digits[9:] if len(digits) == ARS_DIGITS else digits


def joined_ways(text: str) -> set[str]:
    return {"-".join(words(spelling)) for spelling in spellings(text)}


def any_of(pieces: Iterable[str]) -> Q:
    """Rows whose search text contains one of the pieces; of none, no row."""
    found = Q(pk__in=[])
    for piece in pieces:
        found |= Q(search_text__contains=piece)
    return found


def searched_words(text: str) -> list[set[str]]:
    """The words of the text, each in its spellings; short connecting words count only where there are no others."""
    ways = [{part for spelling in spellings(word) for part in words(spelling)} for word in split(text)]
    telling = [way for way in ways if not way & FILLERS]
    return (telling or ways)[:MOST_WORDS]


def split(text: str) -> list[str]:
    """The words as they were typed, so that each can be spelled in its ways."""
    return "".join(character if character.isalnum() else " " for character in text).split()


def all_words(text: str) -> Q:
    """Each word stands somewhere; of a text without words, nothing."""
    condition = Q()
    for way in searched_words(text):
        condition &= any_of(way)
    return condition or Q(pk__in=[])


def named_by_one(text: str) -> Q:
    """At least one word stands in the name itself: not every place in Niedersachsen for „Niedersachsen“."""
    found = Q(pk__in=[])
    for way in searched_words(text):
        for word in way:
            found |= Q(search_text__contains=word) & Q(LessThan(place_in_text(word), place_in_text("#")))
    return found


def place_in_text(piece: str) -> StrIndex:
    return StrIndex("search_text", Value(piece))


def rank_of(text: str) -> Case:
    ways = joined_ways(text)
    first = next(iter(searched_words(text)), set())
    return Case(
        When(any_of(f" {way} " for way in ways), then=Value(0)),
        When(any_of(f" {way}" for way in ways), then=Value(1)),
        When(any_of(f"{before}{word}" for word in first for before in (" ", "-")), then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
