"""How large the letters of a certificate are, so that it stays one page: measured before it is laid out.

What fits at none of the sizes flows on to a second page, in letters that are easily read. The numbers are those of
`static/css/pdf/certificate.css` and `certificate_landscape.css`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from netzkoord.lib.letters import needs_fallback
from netzkoord.lib.measure import POINTS_PER_MM, fit, wrapped
from participants.models import CertificateKind, Layout

NAME_SIZES = (27.0, 24.0, 21.0, 18.0, 16.0, 14.0)


@dataclass(frozen=True)
class Size:
    """One size of everything below the name: letters in points, distances in millimetres.

    `fixed` is the sum of all that has the same height on every paper of this size; modules stand in `columns`.
    """

    name: str
    text: float
    statement: float
    gap: float
    fixed: float
    columns: int = 1


FLOWING = Size("flowing", text=9, statement=11.5, gap=4.5, fixed=105)


@dataclass(frozen=True)
class Page:
    """The room on one page: widths of the name, of a value among the facts, of the modules; height of all."""

    height: float
    name_width: float
    name_height: float
    programme_width: float
    value_width: float
    module_width: float
    is_beside: bool
    sizes: tuple[Size, ...]


PORTRAIT = Page(
    height=264,
    name_width=158,
    name_height=24,
    programme_width=91,
    value_width=116,
    module_width=158,
    is_beside=False,
    sizes=(
        Size("large", text=10, statement=12.5, gap=6, fixed=110),
        Size("medium", text=9, statement=11.5, gap=4.5, fixed=102),
        Size("small", text=8, statement=10.5, gap=3, fixed=85),
        Size("small", text=8, statement=10.5, gap=3, fixed=85, columns=2),
        Size("tiny", text=7.5, statement=10.5, gap=2.5, fixed=82),
        Size("tiny", text=7.5, statement=10.5, gap=2.5, fixed=85, columns=2),
    ),
)
LANDSCAPE = Page(
    height=179,
    name_width=156,
    name_height=22,
    programme_width=90,
    value_width=59,
    module_width=81,
    is_beside=True,
    sizes=(
        Size("large", text=10, statement=12.5, gap=6, fixed=2),
        Size("medium", text=9, statement=12.5, gap=4.5, fixed=2),
        Size("small", text=8, statement=12.5, gap=3, fixed=2),
        Size("tiny", text=7.5, statement=12.5, gap=2.5, fixed=2),
    ),
)
# Between the heading and the signatures of a page across, without the heading's own lines and distances.
LEFT_HEIGHT = 61.0
INTRO_GAP = 4.0
# No page has room for more: it is not even measured.
MOST_CHARACTERS = 8000
LINE = 1.35
STATEMENT_LINE = 1.42
ROW_PADDING = 1.9
ITEM_GAP = 1.4
HEADING_GAP = 1.2
COLUMN_GAP = 8.0
SIGNATURE_GAP = 8.0
WIDEST_SIGNATURE = 72.0


@dataclass(frozen=True)
class Fit:
    """What the template needs: the class of the size, in how many columns modules stand, and points of the name.

    Across, all that is on the left may be too much beside what is on the right: then it is crowded.
    """

    size: str
    columns: int
    name_pt: float
    is_crowded: bool = False


def fitted(context: Mapping[str, Any]) -> Fit:
    """The greatest size at which everything stands on one page."""
    page = LANDSCAPE if context["imprint"].layout == Layout.LANDSCAPE else PORTRAIT
    # Noto Sans is wider than what is measured.
    width = page.name_width * (0.93 if needs_fallback(context["name"]) else 1)
    name = fit(context["name"][:MOST_CHARACTERS], width=width, height=page.name_height, sizes=NAME_SIZES)
    above = name.height_mm + head(context, page)
    room = page.height if page.is_beside else page.height - above - signatures(context, page)
    sizes = page.sizes if content_length(context) <= MOST_CHARACTERS else ()
    size = next((size for size in sizes if needed(context, size, page) <= room), FLOWING)
    is_crowded = page.is_beside and above + statement(context, page, 12.5) > LEFT_HEIGHT
    return Fit(size.name, size.columns, name.size, is_crowded)


def content_length(context: Mapping[str, Any]) -> int:
    """Characters of all that has no limit of its own."""
    modules = (len(module["title"]) + sum(map(len, module["goals"])) for module in context["modules"])
    return sum(modules) + sum(map(len, facts_of(context)))


def needed(context: Mapping[str, Any], size: Size, page: Page) -> float:
    """Millimetres that all takes at this size, but for what stands above the statement and the signatures."""
    facts = sum(height(text, page.value_width, size.text) + ROW_PADDING for text in facts_of(context))
    lists = [module_texts(context["modules"]), level_texts(context["competences"])]
    listings = sum(listing(texts, size, page) for texts in lists)
    confirmed = 0.0 if page.is_beside else statement(context, page, size.statement)
    return size.fixed + confirmed + facts + listings


def statement(context: Mapping[str, Any], page: Page, points: float) -> float:
    return height(context["statement"], page.name_width, points, line=STATEMENT_LINE)


def head(context: Mapping[str, Any], page: Page) -> float:
    """What is above the statement beyond one line each; only a Teilnahmebescheinigung has a small heading."""
    programme = height(context["programme"], page.programme_width, 11, line=1.25, bold=True)
    role = height(context["role_line"], page.name_width, 12, line=1.45)
    intro = height(context["imprint"].intro, page.name_width, 10.5, line=STATEMENT_LINE)
    extra = [0 if context["kind"] == CertificateKind.ATTENDANCE else 4, intro and INTRO_GAP]
    return max(5.0 if context["imprint"].logo else 0.0, programme - 9) + role + intro + sum(extra)


def signatures(context: Mapping[str, Any], page: Page) -> float:
    """The highest of the names with their functions, which stand beside each other."""
    signatories = context["imprint"].signatories
    width = (page.name_width - SIGNATURE_GAP * (len(signatories) - 1)) / len(signatories)
    width = min(width, WIDEST_SIGNATURE)
    issued = f"{context['imprint'].issuer} · {context['imprint'].place}, 27. Dezember 2017"
    return height(issued, page.name_width, 9.5) + max(
        height(signatory.name, width, 9.5, bold=True) + height(signatory.function, width, 9.5)
        for signatory in signatories
    )


def facts_of(context: Mapping[str, Any]) -> list[str]:
    """The values of the table of facts, roughly as they are printed."""
    project = context["project"]["title"] + " abgeschlossen am 7. Dezember 2017" if context["project"] else ""
    texts = [
        context["offer"],
        context["period"],
        " · ".join(day["words"] for day in context["days"]),
        context["venue_words"],
        ", ".join(context["trainers"]),
        project,
        "Kolloquium" if context["colloquium"] else "",
    ]
    return [text for text in texts if text]


def module_texts(modules: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    return [(module["title"], " · ".join(module["goals"])) for module in modules]


def level_texts(competences: Iterable[tuple[str, list[str]]]) -> list[tuple[str, str]]:
    return [("", f"{levels}: {' · '.join(names)}") for levels, names in competences]


def listing(texts: list[tuple[str, str]], size: Size, page: Page) -> float:
    """A heading and its items, each with a title of its own, in as many columns as the size has."""
    if not texts:
        return 0.0
    width = (page.module_width - (size.columns - 1) * COLUMN_GAP) / size.columns
    heights = [
        height(title, width, size.text, bold=True) + height(text, width, size.text) + ITEM_GAP
        for title, text in texts
    ]
    rows = zip_longest(*(heights[start :: size.columns] for start in range(size.columns)), fillvalue=0.0)
    heading = size.gap + height("Module", width, size.text + 1.5, line=1.2) + HEADING_GAP
    return heading + sum(max(row) for row in rows)


def height(text: str, width: float, points: float, *, line: float = LINE, bold: bool = False) -> float:
    """Millimetres of a paragraph; nothing for no text."""
    lines = wrapped(text[:MOST_CHARACTERS], width, points, bold=bold, keeps_words=False) if text else ()
    return len(lines) * points * line / POINTS_PER_MM
