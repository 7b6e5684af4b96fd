"""Emoji in German words: no font of ours has them, and what stands there in words can be heard and searched for."""

import functools
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from types import ModuleType

# The colour of a hand says something about whoever wrote an anonymous card.
SKIN_TONE = re.compile("[\U0001f3fb-\U0001f3ff]")
AS_PICTURE = "\N{VARIATION SELECTOR-16}"

# The package has its names in small letters. These stay so, …
# fmt: off
SMALL = frozenset({
    "ab", "aber", "acht", "als", "an", "auf", "aus", "ausatmet", "beim", "beißen", "bekommt", "bilden", "das",
    "dem", "den", "der", "des", "die", "drei", "durch", "ein", "eine", "einem", "einer", "eines", "extrafett",
    "frei", "für", "gegen", "geht", "geteilt", "geöffnet", "gibt", "gratis", "hinten", "hinter", "hoch", "im",
    "in", "kein", "leicht", "lila", "links", "mit", "nach", "neblig", "nicht", "oben", "oder", "ohne",
    "radioaktiv", "rechts", "reserviert", "runter", "schwindlig", "sich", "teilweise", "um", "und", "unten",
    "unter", "verboten", "verkleidet", "vom", "von", "vor", "vorne", "wälzen", "zu", "zum", "zur", "zurück",
    "zurückhält", "zwei", "über", "überqueren", "überwältigt",
})
# … and so do adjectives; these have the ending of one, but are none.
NOUNS = frozenset({
    "augen", "bauer", "betrachter", "boden", "bubble", "buchstabe", "dollarzeichen", "fahrräder", "familie",
    "finger", "fußgänger", "gleichheitszeichen", "grimassen", "großbuchstabe", "großbuchstaben", "händchen",
    "händen", "kinder", "lippe", "lippen", "minderjährige", "mobiltelefone", "ohren", "pommes",
    "schriftzeichen", "silhouette", "taste", "zimmer",
})
# fmt: on
SHORT = {word: word.upper() for word in ("cd", "dna", "dvd", "id", "it", "ok", "sos", "wc", "wlan")}
ADJECTIVE = re.compile(r"[a-zäöüß]+(?:e|em|en|er|es)")
TOUCHES = re.compile(r"[\w.,;:!?)]\(|\)\w")
BEGINNING = re.compile(r"(?:^\(?|(?<=[-/]))[^\W\d_]+")


@dataclass
class Run:
    """The same emoji, so many times one after the other."""

    sign: str
    start: int
    end: int
    times: int = 1

    def __str__(self) -> str:
        return f"({in_words(self.sign)})" if self.times == 1 else f"({self.times} × {in_words(self.sign)})"


@functools.cache
def library() -> ModuleType:
    import emoji  # noqa: PLC0415 -- reads half a megabyte of names, and few papers need one

    names: ModuleType = emoji
    names.config.load_language("de")
    return names


def spelled_out(text: str, *, known: Container[str]) -> str:
    """The text with „(Daumen hoch)“ in the place of each emoji, but for ♥ and the like that are known to a font."""
    bare = SKIN_TONE.sub("", text)
    parts, end = [], 0
    for run in runs(bare, known):
        parts += [bare[end : run.start], str(run)]
        end = run.end
    return spaced([*parts, bare[end:]])


def spaced(parts: list[str]) -> str:
    """Text and names in turn, with a blank where a name would touch a word or another name."""
    spelled = ""
    for part in parts:
        spelled += f" {part}" if TOUCHES.search(spelled[-1:] + part[:1]) else part
    return spelled


def runs(text: str, known: Container[str]) -> Iterator[Run]:
    last: Run | None = None
    for found in library().emoji_list(text):
        sign, start, end = found["emoji"], found["match_start"], found["match_end"]
        if is_letter(sign.removesuffix(AS_PICTURE), known):
            continue
        if last and last.sign == sign and last.end == start:
            last.end, last.times = end, last.times + 1
            continue
        if last:
            yield last
        last = Run(sign, start, end)
    if last:
        yield last


def is_letter(sign: str, known: Container[str]) -> bool:
    """Whether one of our fonts prints it; what is a picture by nature, Pango would seek in an emoji font."""
    status = library().EMOJI_DATA.get(sign, {}).get("status")
    return sign in known and status == library().STATUS["unqualified"]


@functools.cache
def in_words(sign: str) -> str:
    """„Daumen hoch“"""
    return written(library().EMOJI_DATA[sign]["de"].strip(":").split("_"))


def written(words: list[str]) -> str:
    """The name with capitals where German has them. Names of countries have one everywhere."""
    is_flag = words[0] == "flagge"
    return " ".join(
        word if word in SMALL or (describes(word, following) and not is_flag) else capital(word)
        for word, following in zip(words, [*words[1:], ""], strict=True)
    )


def describes(word: str, following: str) -> bool:
    """Whether it is an adjective before its noun, as far as its ending and its place tell."""
    looks_like_one = bool(ADJECTIVE.fullmatch(word)) and word not in NOUNS
    return looks_like_one and following[:1].isalpha() and following not in SMALL


def capital(word: str) -> str:
    """„Bento-Box“, „Arzt/Ärztin“, „Astronaut(in)“, „IT-Experte“"""
    return BEGINNING.sub(lambda part: SHORT.get(part[0], part[0].title()), word)
