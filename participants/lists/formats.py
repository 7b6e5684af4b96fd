"""Sheets of labels, in millimetres on A4 (210 × 297 mm).

Sizes and distances are those of the makers' templates as the open collection of gLabels gives them; the margins
follow from them, since all of these sheets are centred. The last one is no label sheet but plain paper to be cut,
for sleeves of 90 × 54 mm.
"""

from dataclasses import dataclass

from netzkoord.templatetags.german import NBSP

PAGE_WIDTH, PAGE_HEIGHT = 210.0, 297.0


@dataclass(frozen=True)
class LabelSheet:
    """One kind of sheet: so many columns and rows of labels, from edge to edge `pitch` apart."""

    key: str
    name: str
    columns: int
    rows: int
    width: float
    height: float
    pitch_x: float
    pitch_y: float

    @property
    def count(self) -> int:
        return self.columns * self.rows

    @property
    def left(self) -> float:
        return (PAGE_WIDTH - (self.columns - 1) * self.pitch_x - self.width) / 2

    @property
    def top(self) -> float:
        return (PAGE_HEIGHT - (self.rows - 1) * self.pitch_y - self.height) / 2

    @property
    def label(self) -> str:
        """With the size in millimetres and how many there are, held together by no-break spaces."""
        size = f"{self.width:g} × {self.height:g} mm, {self.columns} × {self.rows}".replace(".", ",")
        return f"{self.name} ({size.replace(' ', NBSP)})"

    def corner(self, place: int) -> tuple[float, float]:
        """Left and top of a label; places are counted from 0, row by row."""
        row, column = divmod(place, self.columns)
        return self.left + column * self.pitch_x, self.top + row * self.pitch_y


SHEETS = {
    sheet.key: sheet
    for sheet in (
        LabelSheet("l4785", "Namensetiketten Avery Zweckform L4784 bis L4787", 2, 5, 80, 50, 95, 55),
        LabelSheet("32015", "Karten Avery Zweckform 32015", 2, 4, 85, 54, 91, 60),
        LabelSheet("l7414", "Karten Avery L7414", 2, 5, 90, 52, 90, 52),
        LabelSheet("l7160", "Etiketten Avery L7160", 3, 7, 63.5, 38.1, 66.04, 38.1),
        LabelSheet("papier", "Normalpapier zum Schneiden, für Hüllen", 2, 5, 90, 54, 90, 54),
    )
}
DEFAULT_SHEET = "l4785"
