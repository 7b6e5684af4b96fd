"""How far the sheets of a survey have been typed in."""

from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.models import PaperSheet, PaperState, Survey


@dataclass(frozen=True)
class Sheets:
    """The sheets of one survey by their numbers; of none of them its answers."""

    sheets: Sequence[PaperSheet]

    @property
    def numbers(self) -> list[int]:
        return [sheet.number for sheet in self.sheets]

    @property
    def numbers_once(self) -> list[int]:
        return [sheet.number for sheet in self.once]

    @property
    def once(self) -> list[PaperSheet]:
        return [sheet for sheet in self.sheets if sheet.state == PaperState.FIRST]

    @property
    def differing(self) -> list[PaperSheet]:
        return [sheet for sheet in self.sheets if sheet.state == PaperState.DIFFERS]

    @property
    def done(self) -> list[PaperSheet]:
        return [sheet for sheet in self.sheets if sheet.is_done]


def sheets_of(survey: Survey) -> Sheets:
    """One query."""
    return Sheets(list(survey.paper_sheets.only("survey", "number", "state")))
