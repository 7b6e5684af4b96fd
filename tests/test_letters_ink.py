"""Every sequence of DIN 91379 looks right on paper: its accents stand where they belong, in a picture."""

import unicodedata
from dataclasses import dataclass
from functools import cached_property

import pypdfium2
import pytest
from django.utils.html import format_html

from netzkoord.lib import pdf
from netzkoord.lib.letters import needs_fallback
from netzkoord.templatetags.typefaces import one_face
from tests.din_91379 import COMBINED
from tests.pdf import assert_pdf_ua_and_a, pdf_text

DPI = 150
EM = round(20 * DPI / 72)
CELL_MM, COLUMNS, ROWS = 18, 10, 15
PER_PAGE = COLUMNS * ROWS
DARK = 160
# Where a mark stands, as Unicode counts it.
ABOVE, BELOW, RIGHT, DOUBLE_BELOW = {230}, {202, 220}, {216, 232}, {233}
# Of one piece with their letter, by nature.
TOUCHING = frozenset("\N{COMBINING CEDILLA}\N{COMBINING OGONEK}\N{COMBINING HORN}")
PIECES = {"\N{COMBINING DIAERESIS}": 2, "\N{COMBINING DOUBLE ACUTE ACCENT}": 2, "\N{COMBINING CANDRABINDU}": 2}
TEMPLATE = """{% extends 'pdf/base.html' %}{% block content %}
<style>@page { margin: 0 } .certificate p { position: absolute; font-size: 20pt; line-height: 1 }</style>
{% for page in pages %}<div class="certificate" style="position: relative; height: 290mm; break-after: page">
{% for text, left, top in page %}<p style="left: {{ left }}mm; top: {{ top }}mm">{{ text }}</p>
{% endfor %}</div>{% endfor %}{% endblock content %}"""


@dataclass(frozen=True)
class Ink:
    """The dark points of one text, (x, y), y downwards; the origin is the same for all texts."""

    points: frozenset[tuple[int, int]]

    @cached_property
    def left(self):
        return min(x for x, _ in self.points)

    @cached_property
    def right(self):
        return max(x for x, _ in self.points)

    @cached_property
    def top(self):
        return min(y for _, y in self.points)

    @cached_property
    def bottom(self):
        return max(y for _, y in self.points)

    @cached_property
    def pieces(self):
        """How many parts do not touch each other."""
        rest, count = set(self.points), 0
        while rest:
            count += 1
            reached = [rest.pop()]
            while reached:
                x, y = reached.pop()
                around = {(x + right, y + down) for right in (-1, 0, 1) for down in (-1, 0, 1)} & rest
                rest -= around
                reached += around
        return count


@pytest.fixture
def draw(settings, tmp_path):
    """Draws texts, which say themselves in which face, as a certificate does."""
    (tmp_path / "ink.html").write_text(TEMPLATE)
    options = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**options, "DIRS": [*options["DIRS"], tmp_path]}]

    def draw(texts):
        cells = [(text, *place_of(at)) for at, text in enumerate(texts)]
        pages = [cells[start : start + PER_PAGE] for start in range(0, len(cells), PER_PAGE)]
        return pdf.render("ink.html", {"pages": pages}, title="Zeichen", styles=["css/pdf/certificate.css"])

    return draw


def place_of(at):
    """Millimetres from the left and from the top of the page."""
    return 10 + at % COLUMNS * CELL_MM, 10 + at % PER_PAGE // COLUMNS * CELL_MM


def ink_of(texts, paper):
    pictures = [page.render(scale=DPI / 72).to_pil().convert("L") for page in pypdfium2.PdfDocument(paper)]
    return {text: cut(pictures[at // PER_PAGE], *place_of(at)) for at, text in enumerate(texts)}


def cut(picture, left_mm, top_mm):
    """The ink in the cell, with some room to the left and above."""
    left, top, size = (round(mm * DPI / 25.4) for mm in (left_mm - 3, top_mm - 5, CELL_MM))
    cell = picture.crop((left, top, left + size, top + size))
    return Ink(frozenset((at % size, at // size) for at, value in enumerate(cell.tobytes()) if value < DARK))


def in_face_of(sequence, text):
    """A part of the sequence in the typeface that the sequence takes."""
    return format_html('<span class="face">{}</span>', text) if needs_fallback(sequence) else text


def faults(sequence, ink):
    """What is wrong with how a sequence looks, beside the same without its last mark and its letter alone."""
    mark = next(character for character in reversed(sequence) if unicodedata.combining(character))
    place = unicodedata.combining(mark)
    drawn, before = ink[one_face(sequence)], ink[in_face_of(sequence, sequence.replace(mark, ""))]
    letter = ink[in_face_of(sequence, plain(sequence))]
    grown = EM * 0.04
    new = drawn.points - before.points
    if place in ABOVE:
        has_horn = any(unicodedata.combining(character) in RIGHT for character in sequence)
        ceiling = letter.top if has_horn else before.top
        over = [x for x, y in new if y < ceiling]
        if ceiling - min(y for _, y in new) < grown:
            yield "not above"
        elif not letter.left - 0.15 * EM <= sum(over) / len(over) <= letter.right + 0.15 * EM:
            yield "beside"
    if place in BELOW | DOUBLE_BELOW:
        under = [x for x, y in new if y > before.bottom]
        if drawn.bottom - before.bottom < grown:
            yield "not below"
        elif not letter.left <= sum(under) / len(under) <= letter.right:
            yield "beside"
    if place in RIGHT and max(x for x, _ in new) < (letter.left + letter.right) / 2:
        yield "not at the right"
    if mark not in TOUCHING and drawn.pieces != before.pieces + PIECES.get(mark, 1):
        yield f"{drawn.pieces} pieces"
    if ink[one_face(f"{sequence}n")].pieces != drawn.pieces + 1:
        yield "runs into the next letter"


def plain(sequence):
    return "".join(
        character for character in unicodedata.normalize("NFD", sequence) if not unicodedata.combining(character)
    )


def test_the_accents_of_every_sequence_of_din_91379_stand_where_they_belong(draw):
    texts = set()
    for sequence in COMBINED:
        parts = [plain(sequence), *(sequence.replace(mark, "") for mark in sequence if unicodedata.combining(mark))]
        texts |= {one_face(sequence), one_face(f"{sequence}n"), *(in_face_of(sequence, part) for part in parts)}

    ink = ink_of(sorted(texts), draw(sorted(texts)))

    wrong = {sequence: list(faults(sequence, ink)) for sequence in COMBINED}
    assert {sequence: found for sequence, found in wrong.items() if found} == {}


@pytest.mark.verapdf
def test_a_paper_in_both_faces_is_valid_and_can_be_read(draw):
    paper = draw([one_face(f"An{sequence}na") for sequence in COMBINED])

    assert "\ufffd" not in pdf_text(paper)
    assert_pdf_ua_and_a(paper)
