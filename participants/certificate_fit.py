"""How large the letters of a certificate are, so that it stays one page: measured before it is laid out.

What fits at none of the sizes flows on to a second page, in letters that are easily read. The numbers are those of
`static/css/pdf/certificate.css` and `certificate_landscape.css`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from netzkoord.lib.letters import needs_fallback
from netzkoord.lib.measure import POINTS_PER_MM, Fitted, fit, wrapped
from participants.models import CertificateKind, Layout

NAME_SIZES = (27.0, 24.0, 21.0, 18.0, 16.0, 14.0)


@dataclass(frozen=True)
class Step:
    """How large stands what is on every paper: heading, name, sentence, signatures. Letters in points.

    All else is in millimetres. `heading_large` is that of all but a Teilnahmebescheinigung; `hand` is the room of a
    signature above its line.
    """

    name: str
    heading: float
    heading_large: float
    heading_margins: float
    role_margins: float
    statement: float
    hand: float
    role: float = 12
    intro: float = 10.5
    intro_gap: float = 4
    signature: float = 9.5
    name_height: float = 24
    name_sizes: tuple[float, ...] = NAME_SIZES


@dataclass(frozen=True)
class Size:
    """One size of facts and modules, in `columns`; upright with the step of what stands around them."""

    name: str
    text: float
    gap: float
    step: Step
    columns: int = 1


@dataclass(frozen=True)
class Page:
    """The room on one page: height of all, widths of the name, of a value among the facts, of the modules."""

    height: float
    name_width: float
    programme_width: float
    value_width: float
    module_width: float
    sizes: tuple[Size, ...]


LARGE = Step("large", 30, 38, heading_margins=19, role_margins=7.5, statement=12.5, hand=15)
MEDIUM = Step("medium", 30, 38, heading_margins=14, role_margins=7.5, statement=11.5, hand=15)
SNUG = Step("snug", 26, 28, heading_margins=9, role_margins=5, statement=11, hand=12)
SMALL = Step("small", 24, 24, heading_margins=6, role_margins=4, statement=10.5, hand=10)
# Across, of what stands on the left.
ROOMY = Step("roomy", 32, 40, heading_margins=19, role_margins=7.5, statement=12.5, hand=15, name_height=22)
CROWDED = Step("crowded", 26, 30, heading_margins=9, role_margins=4, statement=11.5, hand=15, intro=10, intro_gap=3)
TIGHT = Step(
    "tight",
    20,
    20,
    heading_margins=5,
    role_margins=2.5,
    statement=10.5,
    hand=10,
    role=10.5,
    intro=9,
    intro_gap=2,
    signature=8,
    name_height=14,
    name_sizes=NAME_SIZES[3:],
)

PORTRAIT = Page(
    height=264,
    name_width=158,
    programme_width=91,
    value_width=116,
    module_width=158,
    sizes=(
        Size("large", text=10, gap=6, step=LARGE),
        Size("medium", text=9, gap=4.5, step=MEDIUM),
        Size("snug", text=9, gap=3.5, step=SNUG),
        Size("small", text=8, gap=3, step=SMALL),
        Size("small", text=8, gap=3, step=SMALL, columns=2),
        Size("tiny", text=7.5, gap=2.5, step=SMALL),
        Size("tiny", text=7.5, gap=2.5, step=SMALL, columns=2),
    ),
)
LANDSCAPE = Page(
    height=179,
    name_width=156,
    programme_width=90,
    value_width=59,
    module_width=81,
    sizes=(
        Size("large", text=10, gap=6, step=ROOMY),
        Size("medium", text=9, gap=4.5, step=ROOMY),
        Size("small", text=8, gap=3, step=ROOMY),
        Size("tiny", text=7.5, gap=2.5, step=ROOMY),
    ),
)
LEFT_STEPS = (ROOMY, CROWDED, TIGHT)
FLOWING = Size("flowing", text=9, gap=4.5, step=MEDIUM)
# The line of the mark or of the logo with the rule below; what is at the end beside names and room for the hand.
HEAD, HEAD_WITH_LOGO, END = 17.3, 22.3, 34.0
# Between the sentence and the end.
AIR = 4.0
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
NARROW_SIGNATURE = 46.5


STACKED = "stacked"


@dataclass(frozen=True)
class Fit:
    """What the template needs: the class of the size, in how many columns modules stand, and points of the name.

    Across, `left` is the step of the left half; where that is too full at each, all stands one below the other.
    """

    size: str
    columns: int
    name_pt: float
    left: str = ""

    @property
    def is_stacked(self) -> bool:
        return self.left == STACKED


def fitted(context: Mapping[str, Any]) -> Fit:
    """The greatest size at which everything stands on one page."""
    return across(context) if context["imprint"].layout == Layout.LANDSCAPE else upright(context)


def upright(context: Mapping[str, Any]) -> Fit:
    for size in sizes_for(context, PORTRAIT):
        name = fitted_name(context, PORTRAIT, size.step)
        around = standing(context, PORTRAIT, size.step, name) + size.gap
        if around + details(context, size, PORTRAIT) <= PORTRAIT.height:
            return Fit(size.name, size.columns, name.size)
    return Fit(FLOWING.name, FLOWING.columns, fitted_name(context, PORTRAIT, FLOWING.step).size)


def across(context: Mapping[str, Any]) -> Fit:
    """What was done stands on the left, of what it consisted on the right: each has its own size."""
    fitting = (
        size for size in sizes_for(context, LANDSCAPE) if details(context, size, LANDSCAPE) <= LANDSCAPE.height
    )
    size = next(fitting, FLOWING)
    for step in LEFT_STEPS:
        name = fitted_name(context, LANDSCAPE, step)
        if standing(context, LANDSCAPE, step, name) + AIR <= LANDSCAPE.height:
            return Fit(size.name, size.columns, name.size, step.name)
    return Fit(FLOWING.name, FLOWING.columns, fitted_name(context, LANDSCAPE, FLOWING.step).size, STACKED)


def sizes_for(context: Mapping[str, Any], page: Page) -> tuple[Size, ...]:
    return page.sizes if content_length(context) <= MOST_CHARACTERS else ()


def fitted_name(context: Mapping[str, Any], page: Page, step: Step) -> Fitted:
    # Noto Sans is wider than what is measured.
    width = page.name_width * (0.93 if needs_fallback(context["name"]) else 1)
    return fit(context["name"][:MOST_CHARACTERS], width=width, height=step.name_height, sizes=step.name_sizes)


def content_length(context: Mapping[str, Any]) -> int:
    """Characters of all that has no limit of its own."""
    modules = (len(module["title"]) + sum(map(len, module["goals"])) for module in context["modules"])
    return sum(modules) + sum(map(len, facts_of(context)))


def details(context: Mapping[str, Any], size: Size, page: Page) -> float:
    """Millimetres of facts and modules."""
    facts = sum(height(text, page.value_width, size.text) + ROW_PADDING for text in facts_of(context))
    lists = [module_texts(context["modules"]), level_texts(context["competences"])]
    return facts + sum(listing(texts, size, page) for texts in lists)


def standing(context: Mapping[str, Any], page: Page, step: Step, name: Fitted) -> float:
    """Millimetres of all that is on every paper, from the mark to the code at the end."""
    is_large = context["kind"] != CertificateKind.ATTENDANCE
    heading = step.heading_large if is_large else step.heading
    intro = height(context["imprint"].intro, page.name_width, step.intro, line=STATEMENT_LINE)
    return sum(
        [
            head(context, page),
            heading * 1.2 / POINTS_PER_MM + step.heading_margins,
            intro and intro + step.intro_gap,
            name.height_mm,
            height(context["role_line"], page.name_width, step.role, line=1.45) + step.role_margins,
            height(context["statement"], page.name_width, step.statement, line=STATEMENT_LINE),
            signatures(context, page, step),
            END,
        ]
    )


def head(context: Mapping[str, Any], page: Page) -> float:
    if context["imprint"].logo:
        return HEAD_WITH_LOGO
    programme = height(context["programme"], page.programme_width, 11, line=1.25, bold=True)
    return HEAD + max(0.0, programme - 9)


def signatures(context: Mapping[str, Any], page: Page, step: Step) -> float:
    """The line above, the room for the hand, and the highest of the names with their functions."""
    signatories = context["imprint"].signatories
    width = (page.name_width - SIGNATURE_GAP * (len(signatories) - 1)) / len(signatories)
    width = min(width, WIDEST_SIGNATURE if len(signatories) < 3 else NARROW_SIGNATURE)
    issued = f"{context['imprint'].issuer} · {context['imprint'].place}, 27. Dezember 2017"
    below = max(
        height(signatory.name, width, step.signature, bold=True) + height(signatory.function, width, step.signature)
        for signatory in signatories
    )
    return height(issued, page.name_width, step.signature) + step.hand + below


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
