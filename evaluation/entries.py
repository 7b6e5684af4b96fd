"""What was typed in from a sheet of paper, until the sheet is a ballot: encrypted, for this survey and this number.

It ends with the survey's private key, like a draft (`evaluation.drafts`).
"""

import json
from dataclasses import dataclass

from evaluation import ballots
from evaluation.models import PaperSheet, Survey
from evaluation.said import Key, Said, packed, to_json, unpacked


@dataclass(frozen=True)
class Entry:
    """The answers of a sheet, and the key of the page on which they were typed: a double click sends it again."""

    answers: dict[Key, Said]
    page: str = ""


def locked(survey: Survey, number: int, entry: Entry) -> bytes:
    text = to_json({"answers": packed(entry.answers), "page": entry.page})
    return ballots.lock(survey, ballots.padded(survey, text), info=info_of(number))


def first_of(survey: Survey, sheet: PaperSheet) -> Entry:
    """Raises BallotsUnreadableError."""
    return opened(survey, sheet.number, bytes(sheet.first))


def second_of(survey: Survey, sheet: PaperSheet) -> Entry:
    """Raises BallotsUnreadableError."""
    return opened(survey, sheet.number, bytes(sheet.second))


def opened(survey: Survey, number: int, content: bytes) -> Entry:
    read = json.loads(ballots.unlock(survey, content, info=info_of(number)))
    return Entry(unpacked(read["answers"]), read["page"])


def info_of(number: int) -> bytes:
    return f"paper {number}".encode()
