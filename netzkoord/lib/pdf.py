"""PDF/UA and PDF/A from a template: closed to network and files, within limits of time and memory.

Paper is made of a template, style sheets of ours and pictures that the caller hands over as bytes:
`<img src="memory:name" alt="…">`. Nothing else is fetched; what asks for it fails. The template is filled here, a
press (`netzkoord.lib.press`) lays it out.
"""

import functools
import os
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.contrib.staticfiles.finders import FileSystemFinder
from django.template.loader import render_to_string

from netzkoord.lib.letters import printable
from netzkoord.lib.press import (
    SHORTEN,
    DataFile,
    DocumentTooLarge,
    ForbiddenResource,
    Label,
    Order,
    Presses,
    PressesBusy,
    PressFailed,
    Printed,
)

__all__ = [
    "DataFile",
    "DocumentTooLarge",
    "ForbiddenResource",
    "PressFailed",
    "PressesBusy",
    "Sheet",
    "pages_within",
    "render",
    "render_many",
    "render_within",
    "source_of",
]

AUTHOR = "netzkoord"
MAX_CHARACTERS = 600_000
MAX_PAGES = 300
SECONDS = 40
# An element takes milliseconds, however little stands in it.
MAX_TAGS = 40_000
# A word is tried line by line: one of twice as many letters takes four times as long.
MAX_WORD = 3000
ENDLESS_WORD = re.compile(rf"[^\s<>]{{{MAX_WORD + 1}}}")
# Of many of a kind so many are filled ahead of the presses.
AHEAD = 4


@dataclass(frozen=True)
class Sheet:
    """One document of many of a kind: what its template knows, its metadata and its data."""

    context: Mapping[str, Any]
    title: str
    description: str = ""
    pictures: Mapping[str, str | bytes] = field(default_factory=dict)
    data: DataFile | None = None


@functools.cache
def presses() -> Presses:
    """Two, so that a long document does not hold up a short one, and a batch uses two cores."""
    return Presses(static_folders(), count=2)


def static_folders() -> list[tuple[str, str]]:
    return [(prefix, os.fspath(folder)) for prefix, folder in FileSystemFinder().locations]


def made(order: Order) -> Printed:
    for html in order.versions:
        refuse_large(html)
    return presses().make(order)


def refuse_large(html: str) -> None:
    """What would certainly take too long is not even begun. Raises DocumentTooLarge."""
    if len(html) > MAX_CHARACTERS:
        raise DocumentTooLarge(f"Das Dokument ist zu lang für ein PDF. {SHORTEN}")
    if html.count("<") > MAX_TAGS:
        raise DocumentTooLarge(
            f"Das Dokument hat zu viele Zeilen, Listenpunkte oder Absätze für ein PDF. {SHORTEN}"
        )
    if ENDLESS_WORD.search(html):
        raise DocumentTooLarge(
            f"Im Dokument steht ein Wort mit mehr als {MAX_WORD} Zeichen. Bitte trennen Sie es durch Leerzeichen."
        )


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

    Raises DocumentTooLarge, PressesBusy.
    """
    label = Label(title, author, description)
    order = Order(
        [filled(template, context, label)], label, styles, pictures or {}, max_pages=MAX_PAGES, seconds=SECONDS
    )
    return made(order).paper


def render_within(
    most_pages: int, template: str, contexts: Iterable[Mapping[str, Any]], *, title: str, styles: Sequence[str] = ()
) -> bytes:
    """The first of several versions of a document that keeps to so many pages; the first of all where none does.

    Raises DocumentTooLarge, PressesBusy.
    """
    return made(order_within(most_pages, template, contexts, title=title, styles=styles)).paper


def pages_within(
    most_pages: int, template: str, contexts: Iterable[Mapping[str, Any]], *, title: str, styles: Sequence[str] = ()
) -> int:
    """How many pages `render_within` takes. Raises DocumentTooLarge, PressesBusy."""
    order = order_within(most_pages, template, contexts, title=title, styles=styles, is_only_counted=True)
    return made(order).pages


def order_within(
    most_pages: int,
    template: str,
    contexts: Iterable[Mapping[str, Any]],
    *,
    title: str,
    styles: Sequence[str],
    is_only_counted: bool = False,
) -> Order:
    label = Label(title, AUTHOR, "")
    versions = [filled(template, context, label) for context in contexts]
    return Order(
        versions,
        label,
        styles,
        most_pages=most_pages,
        max_pages=MAX_PAGES,
        seconds=SECONDS,
        is_only_counted=is_only_counted,
    )


def source_of(template: str, context: Mapping[str, Any], *, title: str) -> str:
    """What would be laid out; quick to make, and the same for the same content."""
    return filled(template, context, Label(title, AUTHOR, ""))


def filled(template: str, context: Mapping[str, Any], label: Label) -> str:
    metadata = {
        "document_title": label.title,
        "document_author": label.author,
        "document_description": label.description,
    }
    return printable(render_to_string(template, {**context, **metadata}))


def render_many(
    template: str, sheets: Iterable[Sheet], *, author: str = AUTHOR, styles: Sequence[str] = ()
) -> Iterator[bytes]:
    """Many documents of a kind in their order, made by two presses at once.

    The template gets `sheets`, a list of one context, whose pictures are named `memory:1-<name>`.
    Raises DocumentTooLarge, PressesBusy.
    """
    orders = (sheet_order(template, sheet, author=author, styles=styles) for sheet in sheets)
    with ThreadPoolExecutor(2) as threads:
        begun: deque[Future[Printed]] = deque(threads.submit(made, order) for order in islice(orders, AHEAD))
        while begun:
            paper = begun.popleft().result().paper
            begun.extend(threads.submit(made, order) for order in islice(orders, 1))
            yield paper


def sheet_order(template: str, sheet: Sheet, *, author: str, styles: Sequence[str]) -> Order:
    label = Label(sheet.title, author, sheet.description)
    html = filled(template, {"sheets": [{**sheet.context, "number_in_batch": 1}]}, label)
    pictures = {f"1-{name}": picture for name, picture in sheet.pictures.items()}
    return Order([html], label, styles, pictures, sheet.data, max_pages=MAX_PAGES, seconds=SECONDS)
