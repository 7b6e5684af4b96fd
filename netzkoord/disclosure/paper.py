"""The information as paper, of bounded length; what goes beyond stands in the file, and the paper says so."""

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from netzkoord.disclosure import Disclosure
from netzkoord.disclosure.formalities import formalities
from netzkoord.disclosure.shapes import Section, Table, Told, Value
from netzkoord.lib import markdown, pdf
from netzkoord.models import LegalPage, LegalPageKey

TITLE = "Auskunft nach Art. 15 DSGVO"
STYLES = ("css/pdf/disclosure.css",)
# Of one table, and of all together; a list of mails alone may be longer than any paper.
MOST_ROWS = 150
MOST_CHARACTERS = 80_000
# Of the page on data protection: each is laid out, and the rest of the paper needs its time as well.
MOST_PRIVACY_TAGS = 4000
NO_PAPER = (
    "Jede Auskunft druckt diese Seite ab, und mit ihr so wie hier ließe sich keine mehr als PDF erstellen: {}"
)
PER_CELL = 40  # what a cell takes beside its letters
TOP_HEADING = 3
NOTHING: tuple[Value, ...] = (None, "", [], {})
GAP, GAP_ON_PAPER = "[Bitte eintragen", "[noch nicht eingetragen"
ENDLESS = re.compile(r"\S{200}(?=\S)")  # takes the printer minutes, and breaks nowhere
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")  # as JSON keeps a day
LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


@dataclass(frozen=True)
class PaperTable:
    """A table in words: without columns in which nothing stands; `left` rows stand in the file only."""

    title: str
    note: str
    labels: Sequence[str]
    rows: Sequence[Sequence[str]]
    left: int
    as_facts: bool

    @property
    def facts(self) -> list[list[tuple[str, str]]]:
        """Each row as pairs of label and value, as far as there is a value."""
        return [[(label, text) for label, text in zip(self.labels, row, strict=True) if text] for row in self.rows]


@dataclass(frozen=True)
class PaperSection:
    title: str
    origin: str
    tables: Sequence[PaperTable]
    empty: Sequence[str]


def disclosure_paper(disclosure: Disclosure) -> bytes:
    """Raises DocumentTooLarge, PressesBusy."""
    privacy = LegalPage.objects.current(LegalPageKey.PRIVACY)
    context = {
        "title": TITLE,
        "disclosure": disclosure,
        "formalities": formalities(disclosure),
        "sections": sections_on_paper(disclosure.sections),
        "privacy": privacy_on_paper(privacy.text),
        "address": settings.BASE_URL,
    }
    return pdf.render(
        "netzkoord/pdf/disclosure.html",
        context,
        title=f"{TITLE}: {disclosure.person.get_full_name()}",
        styles=STYLES,
    )


def sections_on_paper(sections: Sequence[Section], *, most_characters: int = MOST_CHARACTERS) -> list[PaperSection]:
    """In their order, as far as the paper reaches."""
    found, room = [], most_characters
    for section in sections:
        tables = []
        for table in section.tables:
            if table.rows:
                shown = table_on_paper(table, room)
                room -= sum(length_of(row) for row in shown.rows)
                tables.append(shown)
        empty = [table.title for table in section.tables if not table.rows]
        found.append(PaperSection(section.title, section.origin, tables, empty))
    return found


def table_on_paper(table: Table, room: int) -> PaperTable:
    rows = list(fitting(table, room))
    filled = [place for place in range(len(table.columns)) if any(row[place] for row in rows)]
    return PaperTable(
        title=table.title,
        note=table.note,
        labels=[table.columns[place].label for place in filled],
        rows=[[row[place] for place in filled] for row in rows],
        left=len(table.rows) - len(rows),
        as_facts=table.as_facts,
    )


def fitting(table: Table, room: int) -> Iterator[list[str]]:
    for row in table.rows[:MOST_ROWS]:
        texts = [words(value) for value in row]
        room -= length_of(texts)
        if room < 0:
            return
        yield texts


def length_of(texts: Sequence[str]) -> int:
    return sum(len(text) + PER_CELL for text in texts)


def words(value: Value) -> str:
    """A value as a German reader knows it; of a collection each entry has a line."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, datetime.datetime):
        return f"{timezone.localtime(value):%d.%m.%Y, %H:%M}"
    if isinstance(value, list):
        return in_line(value)
    if isinstance(value, datetime.date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, Told):
        return words(dict(value.words))
    if isinstance(value, Mapping):
        return "\n".join(line_of(key, each) for key, each in value.items() if each not in NOTHING)
    return ENDLESS.sub(r"\g<0> ", day_in_german(str(value)))


def line_of(key: str, value: Value) -> str:
    """Several of a kind have a line each."""
    if isinstance(value, list) and len(value) > 1:
        return "\n".join([f"{key}:", *(f"– {in_line(each)}" for each in value)])
    return f"{key}: {in_line(value)}"


def day_in_german(text: str) -> str:
    """A day that was kept as text; any other text as it is."""
    if not ISO_DAY.fullmatch(text):
        return text
    try:
        return f"{datetime.date.fromisoformat(text):%d.%m.%Y}"
    except ValueError:
        return text


def in_line(value: Value) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {in_line(each)}" for key, each in value.items() if each not in NOTHING)
    if isinstance(value, list):
        return "; ".join(in_line(each) for each in value)
    return words(value)


def privacy_on_paper(text: str) -> SafeString:
    """The page on data protection under a heading of its own; addresses stand behind what led to them."""
    html = markdown.render(text.replace(GAP, GAP_ON_PAPER), top_level=TOP_HEADING)
    return mark_safe(LINK.sub(written_out, html))  # noqa: S308 -- as it came from `markdown`


def privacy_objection(text: str) -> str:
    """Why no paper could be made with this text on data protection; empty where it can."""
    html = privacy_on_paper(text)
    if pdf.ENDLESS_WORD.search(html):
        return NO_PAPER.format(
            f"Sie enthält ein Wort mit mehr als {pdf.MAX_WORD} Zeichen. Bitte trennen Sie es durch Leerzeichen."
        )
    if html.count("<") > MOST_PRIVACY_TAGS:
        return NO_PAPER.format("Sie hat zu viele Zeilen, Listenpunkte oder Absätze. Bitte kürzen Sie sie.")
    return ""


def written_out(link: re.Match[str]) -> str:
    address, text = link.groups()
    return text if address in (text, f"mailto:{text}") or address.startswith("#") else f"{text} ({address})"
