"""PDF/UA and PDF/A from a template: closed to network and files, one shared set of fonts.

Paper is made of a template, style sheets of ours and pictures that the caller hands over as bytes:
`<img src="memory:name" alt="…">`. Nothing else is fetched; what asks for it fails.
"""

import functools
import logging
import mimetypes
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

import weasyprint
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.template.loader import render_to_string
from PIL import ImageFile
from weasyprint.document import Document, Page
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from netzkoord.lib.fonts import FALLBACK_FILES, fallback_font
from netzkoord.lib.letters import printable
from netzkoord.lib.pdf_standards import VARIANT, AccessibleArchive

AUTHOR = "netzkoord"
MAX_CHARACTERS = 600_000
MAX_PAGES = 300
BATCH = 25
JPEG_BEGINS = b"\xff\xd8\xff"

# Half a picture passes as a whole one in the whole process, from the moment that WeasyPrint is imported.
ImageFile.LOAD_TRUNCATED_IMAGES = False

# It warns of every rule that only a browser understands; errors still show.
logging.getLogger("weasyprint").setLevel(logging.ERROR)
logging.getLogger("fontTools").setLevel(logging.ERROR)

# Pango's font map is not made for two threads at once.
_one_at_a_time = threading.Lock()


class DocumentTooLarge(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """The document would not be made in reasonable time; its text is a sentence for the user."""


class ForbiddenResource(Exception):  # noqa: N818 -- the same
    """A template asked for something that is neither a static file of ours nor a picture handed over."""


@dataclass(frozen=True)
class Sheet:
    """One document of many of a kind: what its template knows, and its metadata."""

    context: Mapping[str, Any]
    title: str
    description: str = ""
    pictures: Mapping[str, str | bytes] = field(default_factory=dict)


class ClosedFetcher(URLFetcher):
    """Serves `static:` (style sheets, fonts, images of ours), `fallback:` (DejaVu) and `memory:` – nothing else."""

    def __init__(self, pictures: Mapping[str, str | bytes]) -> None:
        super().__init__(allowed_protocols=())  # type: ignore[no-untyped-call]  # WeasyPrint has no types here
        self.pictures = pictures
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        scheme, _, name = url.partition(":")
        if scheme == "memory" and name in self.pictures:
            return picture(url, self.pictures[name])
        if scheme == "static" and (path := static_file(name)):
            return answer(url, path.read_bytes(), mimetypes.guess_type(name)[0] or "application/octet-stream")
        if scheme == "fallback" and name in FALLBACK_FILES:
            return answer(url, fallback_font(name).read_bytes(), "font/ttf")
        self.refused.append(url)
        raise FatalURLFetchingError(url)


def static_file(name: str) -> Path | None:
    try:
        found = finders.find(name)
    except SuspiciousFileOperation:
        return None
    return Path(found) if isinstance(found, str) else None


def picture(url: str, body: str | bytes) -> URLFetcherResponse:
    if isinstance(body, str):
        return answer(url, body.encode(), "image/svg+xml")
    return answer(url, body, "image/jpeg" if body.startswith(JPEG_BEGINS) else "image/png")


def answer(url: str, body: bytes, content_type: str) -> URLFetcherResponse:
    return URLFetcherResponse(url, body, {"Content-Type": content_type})


@contextmanager
def printing() -> Iterator[None]:
    """One thread prints; what the fetcher refuses becomes an exception that `except Exception` can see."""
    with _one_at_a_time:
        try:
            yield
        except FatalURLFetchingError as error:
            raise ForbiddenResource(str(error)) from error


@functools.cache
def fonts() -> FontConfiguration:
    return FontConfiguration()


@functools.cache
def style_sheet(name: str) -> weasyprint.CSS:
    return weasyprint.CSS(url=f"static:{name}", url_fetcher=ClosedFetcher({}), font_config=fonts())


def render(
    template: str,
    context: Mapping[str, Any],
    *,
    title: str,
    author: str = AUTHOR,
    description: str = "",
    styles: Sequence[str] = (),
    pictures: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """One document. `styles` are static files that follow `css/pdf.css`; `pictures` are SVG text, or PNG or JPEG
    as bytes.

    Raises DocumentTooLarge.
    """
    metadata = {"document_title": title, "document_author": author, "document_description": description}
    with printing():
        document = lay_out(template, {**context, **metadata}, styles=styles, pictures=pictures or {})
        document.metadata = describe(title, author, description)
        return write(document)


def render_within(
    most_pages: int, template: str, contexts: Iterable[Mapping[str, Any]], *, title: str, styles: Sequence[str] = ()
) -> bytes:
    """The first of several versions of a document that keeps to so many pages; the first of all where none does.

    Raises DocumentTooLarge.
    """
    with printing():
        document = lay_out_within(most_pages, template, contexts, title=title, styles=styles)
        document.metadata = describe(title, AUTHOR, "")
        return write(document)


def pages_within(
    most_pages: int, template: str, contexts: Iterable[Mapping[str, Any]], *, title: str, styles: Sequence[str] = ()
) -> int:
    """How many pages `render_within` takes. Raises DocumentTooLarge."""
    with printing():
        return len(lay_out_within(most_pages, template, contexts, title=title, styles=styles).pages)


def lay_out_within(
    most_pages: int, template: str, contexts: Iterable[Mapping[str, Any]], *, title: str, styles: Sequence[str]
) -> Document:
    versions = (
        lay_out(template, with_metadata(context, title), styles=styles, pictures={}) for context in contexts
    )
    first = next(versions)
    return next((version for version in chain([first], versions) if len(version.pages) <= most_pages), first)


def with_metadata(context: Mapping[str, Any], title: str) -> dict[str, Any]:
    return {**context, "document_title": title, "document_author": AUTHOR, "document_description": ""}


def source_of(template: str, context: Mapping[str, Any], *, title: str) -> str:
    """What would be laid out; quick to make, and the same for the same content."""
    return printable(render_to_string(template, with_metadata(context, title)))


def render_many(
    template: str, sheets: Iterable[Sheet], *, author: str = AUTHOR, styles: Sequence[str] = ()
) -> Iterator[bytes]:
    """Many documents of a kind, one after the other, for half the time of rendering each alone.

    The template gets `sheets`, a list of contexts, and gives each an element of the class `sheet` with the id
    `sheet-{{ sheet.number_in_batch }}`; pictures are named `memory:{{ sheet.number_in_batch }}-<name>`.
    Raises DocumentTooLarge.
    """
    waiting = iter(sheets)
    while batch := list(islice(waiting, BATCH)):
        yield from render_batch(template, batch, author=author, styles=styles)


def render_batch(template: str, sheets: list[Sheet], *, author: str, styles: Sequence[str]) -> Iterator[bytes]:
    pictures = {
        f"{number}-{name}": picture
        for number, sheet in enumerate(sheets, 1)
        for name, picture in sheet.pictures.items()
    }
    contexts = [{**sheet.context, "number_in_batch": number} for number, sheet in enumerate(sheets, 1)]
    context = {
        "sheets": contexts,
        "document_title": sheets[0].title,
        "document_author": author,
        "document_description": sheets[0].description,
    }
    with printing():
        document = lay_out(template, context, styles=styles, pictures=pictures)
    for sheet, pages in zip(sheets, pages_of_sheets(document, len(sheets)), strict=True):
        with printing():
            single = document.copy(pages)
            single.metadata = describe(sheet.title, author, sheet.description)
            paper = write(single)
        yield paper


def pages_of_sheets(document: Document, count: int) -> list[list[Page]]:
    """The pages of each sheet: every page carries the anchor of the sheet that it shows."""
    return [
        [page for page in document.pages if f"sheet-{number}" in page.anchors] for number in range(1, count + 1)
    ]


def lay_out(
    template: str, context: dict[str, Any], *, styles: Sequence[str], pictures: Mapping[str, str | bytes]
) -> Document:
    html = printable(render_to_string(template, context))
    if len(html) > MAX_CHARACTERS:
        raise DocumentTooLarge(
            "Das Dokument ist zu lang für ein PDF. Bitte kürzen Sie die Texte oder teilen Sie es auf."
        )
    sheets = [style_sheet(name) for name in ("css/tokens.css", "css/pdf.css", *styles)]
    source = weasyprint.HTML(string=html, url_fetcher=ClosedFetcher(pictures))
    document: Document = source.render(stylesheets=sheets, font_config=fonts(), **VARIANT)
    if len(document.pages) > MAX_PAGES:
        raise DocumentTooLarge(
            f"Das Dokument hätte mehr als {MAX_PAGES} Seiten. Bitte kürzen Sie die Texte oder teilen Sie es auf."
        )
    return document


def write(document: Document) -> bytes:
    paper = bytes(document.write_pdf(**VARIANT))
    if document.url_fetcher.refused:  # inside an SVG the refusal itself is swallowed
        raise ForbiddenResource(", ".join(document.url_fetcher.refused))
    return paper


def describe(title: str, author: str, description: str) -> AccessibleArchive:
    return AccessibleArchive(printable(title), author=author, description=description)
