"""How wide a text is on paper, and at which size it fits a box: measured letter by letter, never cut."""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fontTools.ttLib import TTFont

from netzkoord.lib.fonts import SOURCE_SANS_FOLDER, fallback_font
from netzkoord.lib.letters import CLUSTER

POINTS_PER_MM = 72 / 25.4
LEADING = 1.15
# Kerning may widen a line by a little; a line is taken as full somewhat before it is.
SLACK = 0.98
SMALLEST = 3.0
STEP = 0.5
FONTS = {
    False: ("SourceSansPro-Regular.ttf", "DejaVuSans.ttf"),
    True: ("SourceSansPro-Semibold.ttf", "DejaVuSans-Bold.ttf"),
}


@dataclass(frozen=True)
class Fitted:
    """A text in lines that fit, and the size of its letters in points."""

    size: float
    lines: tuple[str, ...]

    @property
    def height_mm(self) -> float:
        return len(self.lines) * self.size * LEADING / POINTS_PER_MM


@functools.cache
def advances(*, bold: bool) -> tuple[dict[int, float], ...]:
    """Width of each letter in em: of Source Sans, and of DejaVu Sans for what it lacks."""
    ours, fallback = FONTS[bold]
    return tuple(read_advances(path) for path in (SOURCE_SANS_FOLDER / ours, fallback_font(fallback)))


def read_advances(path: Path) -> dict[int, float]:
    with TTFont(path, lazy=True) as font:
        em = font["head"].unitsPerEm  # type: ignore[attr-defined]  # set while the font is read
        widths = font["hmtx"].metrics
        return {code: widths[name][0] / em for code, name in (font.getBestCmap() or {}).items()}


def width_mm(text: str, size: float, *, bold: bool = False) -> float:
    return sum(cluster_width(cluster, bold=bold) for cluster in CLUSTER.findall(text)) * size / POINTS_PER_MM


def cluster_width(cluster: str, *, bold: bool) -> float:
    """A letter with its accents, in em: by the first font that has all of it."""
    for font in advances(bold=bold):
        if all(ord(character) in font for character in cluster):
            return font[ord(cluster[0])]
    return 1.0


def fit(text: str, *, width: float, height: float, sizes: Sequence[float], bold: bool = False) -> Fitted:
    """The greatest of these sizes at which the text fits into so many millimetres, in lines.

    Words stay whole while one of the sizes lets them; then a word is broken where it must be; then the letters get
    smaller than all of the sizes.
    """
    for keeps_words in (True, False):
        for size in sizes:
            lines = wrapped(text, width, size, bold=bold, keeps_words=keeps_words)
            if lines and Fitted(size, lines).height_mm <= height:
                return Fitted(size, lines)
    size = sizes[-1]
    while size > SMALLEST:
        size -= STEP
        fitted = Fitted(size, wrapped(text, width, size, bold=bold, keeps_words=False))
        if fitted.height_mm <= height:
            break
    return fitted


def wrapped(text: str, width: float, size: float, *, bold: bool, keeps_words: bool) -> tuple[str, ...]:
    """Lines that are not wider than `width`; none at all where a word would have to be broken and must not."""
    limit = width * SLACK
    lines: list[str] = []
    for piece in pieces(text):
        if lines and width_mm((lines[-1] + piece).rstrip(), size, bold=bold) <= limit:
            lines[-1] += piece
            continue
        if width_mm(piece.rstrip(), size, bold=bold) > limit:
            if keeps_words:
                return ()
            lines += broken(piece, limit, size, bold=bold)
        else:
            lines.append(piece)
    return tuple(line.strip() for line in lines)


def pieces(text: str) -> Iterator[str]:
    """What may stand at the end of a line: words with the blank after them, and parts that end in a hyphen."""
    start = 0
    for at, character in enumerate(text):
        if character in " -–/":
            yield text[start : at + 1]
            start = at + 1
    if start < len(text):
        yield text[start:]


def broken(word: str, limit: float, size: float, *, bold: bool) -> list[str]:
    """A word that is too wide, letter by letter."""
    lines = [""]
    for cluster in CLUSTER.findall(word):
        if lines[-1] and width_mm(lines[-1] + cluster.rstrip(), size, bold=bold) > limit:
            lines.append("")
        lines[-1] += cluster
    return lines
