"""How alike the names of two places are, however they were typed: pure calculation on texts."""

from difflib import SequenceMatcher
from functools import lru_cache

from netzkoord.lib.folding import spellings, words

# Words that people write before a name, and officials behind it or not at all.
KINDS = frozenset(
    {
        "stadt",
        "gemeinde",
        "markt",
        "flecken",
        "kommune",
        "hansestadt",
        "landeshauptstadt",
        "samtgemeinde",
        "kreisfreie",
    }
)
# What a name is written with in one list and without in the next: „a.d.Saale“, „an der Saale“.
FILLERS = frozenset(
    ["a", "am", "an", "auf", "b", "bei", "d", "dem", "den", "der", "i", "im", "in", "ob", "v", "vor"]
)
ABBREVIATIONS = {
    "lk": "landkreis",
    "lkr": "landkreis",
    "lkrs": "landkreis",
    "kr": "kreis",
    "krs": "kreis",
    "st": "sankt",
}
# What a name is worth that lacks a word, „Freiburg“ for Freiburg im Breisgau, or has one more, „Berlin-Mitte“.
BEGINNING, MORE = 0.9, 0.75


def likeness(written: str, official: str, place: str = "") -> float:
    """From 0 to 1, which says that both are one name: „Stadt Osnabrueck“ and „Osnabrück“.

    `place` is where the official one lies. What of it was written behind the name says nothing against it:
    „Osnabrück, Niedersachsen“.
    """
    named, around = telling_words(official), set(telling_words(place))
    typed = [word for word in telling_words(written) if word in named or word not in around]
    if not typed:
        return 0.0
    return max(share(typed, way.split()) for way in ways_of(official))


def share(typed: list[str], named: list[str]) -> float:
    """How many letters both have in the same order; a name that is part of the other is never far from it."""
    alike = SequenceMatcher(None, " ".join(typed), " ".join(named), autojunk=False).ratio()
    if set(typed) <= set(named):
        return max(alike, BEGINNING)
    return max(alike, MORE) if set(named) <= set(typed) else alike


def telling_words(name: str) -> list[str]:
    """Spelled out, and without „Stadt“ and the like where there is something else."""
    every = [ABBREVIATIONS.get(word, word) for word in words(name)]
    named = [word for word in every if word not in FILLERS] or every
    return [word for word in named if word not in KINDS] or named


@lru_cache(maxsize=4096)
def ways_of(name: str) -> tuple[str, ...]:
    """With the umlauts as they are and as two letters."""
    return tuple(" ".join(telling_words(way)) for way in spellings(name))
