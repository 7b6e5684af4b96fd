"""Charts as SVG, the same on page and paper: presentation attributes only, the title is the alternative text.

Positions are percentages, so a chart fills its column at every width and its letters keep their size.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

# From light to dark petrol; each carries letters of LETTERS at the same place with a contrast of 4.5 or more.
TONES = ("#e2eef0", "#b9d5d9", "#88b8bf", "#5c9da6", "#2a7480", "#00505c")
LETTERS = ("#12282c", "#12282c", "#12282c", "#12282c", "#ffffff", "#ffffff")
LINE = "#00505c"
MUTED = "#43525a"
NEED = "#9a5200"
TARGET = "#9a5200"
FAINT = "#b4c3c6"
# Of a stroke and of what is filled: the class that follows the scheme of the page, and the colour on paper.
NEED_MARKS = ("chart-need-stroke", "chart-need-fill", NEED)
LINE_MARKS = ("chart-stroke", "chart-fill", LINE)
BAR_HEIGHT = 24


@dataclass(frozen=True)
class Segment:
    """A part of a bar: its label, how many, and its tone from 0 (light) to 5 (dark)."""

    label: str
    count: int
    tone: int


def percentage(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") + "%"


def svg(title: str, height: int, content: SafeString) -> SafeString:
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart-drawing" role="img" width="100%" height="{}" '
        'font-family="Source Sans, DejaVu Sans, sans-serif" font-size="13"><title>{}</title>{}</svg>',
        height,
        title,
        content,
    )


def stacked_bar(title: str, segments: Sequence[Segment]) -> SafeString:
    """One bar of 100 percent: the count stands in each part, its label below; empty parts are left out."""
    total = sum(segment.count for segment in segments)
    parts, start = [], 0.0
    for segment in segments:
        if segment.count:
            width = 100 * segment.count / total
            parts.append(bar_part(segment, start=start, width=width))
            start += width
    frame = format_html(
        '<rect class="chart-stroke" x="0" y="0" width="100%" height="{}" fill="none" stroke="{}" '
        'stroke-width="1"/>',
        BAR_HEIGHT,
        LINE,
    )
    return svg(
        title, BAR_HEIGHT + 18, format_html("{}{}", format_html_join("", "{}", ((p,) for p in parts)), frame)
    )


def share_bar(title: str, share: float) -> SafeString:
    """How much of the whole, as a bar in a frame."""
    return svg(
        title,
        16,
        format_html(
            '<rect x="0" y="0" width="{width}" height="16" fill="{tone}"/>'
            '<rect class="chart-stroke" x="0" y="0" width="100%" height="16" fill="none" stroke="{line}" '
            'stroke-width="1"/>',
            width=percentage(100 * share),
            tone=TONES[4],
            line=LINE,
        ),
    )


def bar_part(segment: Segment, *, start: float, width: float) -> SafeString:
    middle = percentage(start + width / 2)
    return format_html(
        '<rect x="{}" y="0" width="{}" height="{}" fill="{}" stroke="#ffffff" stroke-width="1"/>'
        '<text x="{}" y="17" text-anchor="middle" font-weight="bold" fill="{}">{}</text>'
        '<text class="chart-label" x="{}" y="39" text-anchor="middle" fill="{}">{}</text>',
        percentage(start),
        percentage(width),
        BAR_HEIGHT,
        TONES[segment.tone],
        middle,
        LETTERS[segment.tone],
        segment.count,
        middle,
        MUTED,
        segment.label,
    )


@dataclass(frozen=True)
class Axis:
    """A scale from left to right, with room for half a sign at both ends."""

    lowest: int
    highest: int

    def position(self, value: float) -> str:
        return percentage(4 + 92 * (value - self.lowest) / (self.highest - self.lowest))


def gap_line(title: str, *, skill: float, importance: float, lowest: int, highest: int) -> SafeString:
    """Own skill (ring) and importance (dot) on one scale; the line between them is the need."""
    axis = Axis(lowest, highest)
    stroke, fill, colour = NEED_MARKS if importance > skill else LINE_MARKS
    return svg(
        title,
        BAR_HEIGHT,
        format_html(
            '<line x1="4%" y1="12" x2="96%" y2="12" stroke="{faint}" stroke-width="1"/>'
            '<line class="{stroke}" x1="{s}" y1="12" x2="{i}" y2="12" stroke="{colour}" stroke-width="4"/>'
            '<circle class="chart-stroke" cx="{s}" cy="12" r="6" fill="#ffffff" stroke="{line}" stroke-width="2"/>'
            '<circle class="{fill}" cx="{i}" cy="12" r="7" fill="{colour}"/>',
            s=axis.position(skill),
            i=axis.position(importance),
            stroke=stroke,
            fill=fill,
            colour=colour,
            faint=FAINT,
            line=LINE,
        ),
    )


def change_line(title: str, *, before: float, after: float, lowest: int, highest: int) -> SafeString:
    """Before (ring) and after (dot) on one scale with its whole numbers."""
    axis = Axis(lowest, highest)
    return svg(
        title,
        BAR_HEIGHT,
        format_html(
            "{ruler}"
            '<line class="chart-stroke" x1="{b}" y1="12" x2="{a}" y2="12" stroke="{line}" stroke-width="4"/>'
            '<circle class="chart-stroke" cx="{b}" cy="12" r="6" fill="#ffffff" stroke="{line}" stroke-width="2"/>'
            '<circle class="chart-fill" cx="{a}" cy="12" r="7" fill="{line}"/>',
            ruler=ruler(axis),
            b=axis.position(before),
            a=axis.position(after),
            line=LINE,
        ),
    )


def target_line(title: str, *, reached: float, target: float, lowest: int, highest: int) -> SafeString:
    """What is reached (dot) on one scale, and the target (an upright stroke)."""
    axis = Axis(lowest, highest)
    return svg(
        title,
        BAR_HEIGHT,
        format_html(
            "{ruler}"
            '<line class="chart-target" x1="{t}" y1="1" x2="{t}" y2="23" stroke="{colour}" stroke-width="4"/>'
            '<circle class="chart-fill" cx="{r}" cy="12" r="7" fill="{line}"/>',
            ruler=ruler(axis),
            t=axis.position(target),
            r=axis.position(reached),
            colour=TARGET,
            line=LINE,
        ),
    )


def ruler(axis: Axis) -> SafeString:
    """The scale as a line with a mark at each whole number."""
    marks = ((axis.position(value), axis.position(value), FAINT) for value in range(axis.lowest, axis.highest + 1))
    return format_html(
        '<line x1="4%" y1="12" x2="96%" y2="12" stroke="{}" stroke-width="1"/>{}',
        FAINT,
        format_html_join("", '<line x1="{}" y1="8" x2="{}" y2="16" stroke="{}"/>', marks),
    )


def trend_line(
    title: str, points: Sequence[tuple[str, float | None, str]], *, lowest: int, highest: int
) -> SafeString:
    """Means over time from left to right: a label below each, the value above it; a gap where there is none.

    `points` are label, value, and the value in words.
    """
    step = 100 / len(points)

    def height(value: float) -> float:
        return round(62 - 40 * (value - lowest) / (highest - lowest), 1)

    known = [
        (percentage(step * (place + 0.5)), height(value), label, words)
        for place, (label, value, words) in enumerate(points)
        if value is not None
    ]
    lines = format_html_join(
        "",
        '<line class="chart-line" x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="2"/>',
        ((x1, y1, x2, y2, LINE) for (x1, y1, *_), (x2, y2, *_) in pairwise(known)),
    )
    dots = format_html_join(
        "",
        '<circle class="chart-dot" cx="{x}" cy="{y}" r="5" fill="{line}"/>'
        '<text class="chart-value" x="{x}" y="{above}" text-anchor="middle" font-weight="bold" fill="{line}">'
        "{words}</text>"
        '<text class="chart-label" x="{x}" y="84" text-anchor="middle" fill="{muted}">{label}</text>',
        (
            {"x": x, "y": y, "above": y - 9, "line": LINE, "muted": MUTED, "words": words, "label": label}
            for x, y, label, words in known
        ),
    )
    frame = format_html(
        '<line x1="0" y1="22" x2="100%" y2="22" stroke="{c}" stroke-dasharray="2 4"/>'
        '<line x1="0" y1="62" x2="100%" y2="62" stroke="{c}"/>',
        c=FAINT,
    )
    return svg(title, 90, format_html("{}{}{}", frame, lines, dots))
