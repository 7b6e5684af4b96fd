"""What happens inside a press (`netzkoord.lib.press`): HTML becomes PDF/UA and PDF/A.

Two walls keep it in. WeasyPrint asks a fetcher that knows our style sheets, our fonts and the pictures of the order
and nothing else; and Python itself refuses network, other programs and other files to the whole process.
"""

import functools
import gc
import io
import json
import logging
import math
import mimetypes
import os
import resource
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import weasyprint
from PIL import Image, ImageFile
from weasyprint.document import Document
from weasyprint.pdf.stream import Stream
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from netzkoord.lib.fonts import FALLBACK_FILES, NOTO_SANS, SOURCE_SANS_FOLDER, fallback_font
from netzkoord.lib.letters import printable
from netzkoord.lib.pdf_standards import VARIANT, AccessibleArchive
from netzkoord.lib.press import (
    CODE,
    SHORTEN,
    TOO_MUCH,
    DataFile,
    DocumentTooLarge,
    ForbiddenResource,
    Label,
    Order,
    Printed,
)

SHOW_TEXT = b" TJ"
JPEG_BEGINS = b"\xff\xd8\xff"
MAX_PIXELS = 40_000_000
NOTO_SANS_URL = "face:NotoSans.ttf"
SHARED_STYLES = ("css/tokens.css", "css/pdf.css")
# A press that has once grown by so much is replaced by a new one: what Python has, it hardly gives back.
TIRED_BYTES = 300 * 1024 * 1024
TOO_DEEP = f"Das Dokument ist zu tief verschachtelt. {SHORTEN}"
UNREADABLE = "Ein Bild im Dokument lässt sich nicht lesen. Bitte speichern Sie es neu."
TOO_MANY_POINTS = "Ein Bild im Dokument hat mehr als 40 Millionen Bildpunkte. Bitte verkleinern Sie es."

# Half a picture passes as a whole one in the whole process, from the moment that WeasyPrint is imported.
ImageFile.LOAD_TRUNCATED_IMAGES = False

# It warns of every rule that only a browser understands; errors still show.
logging.getLogger("weasyprint").setLevel(logging.ERROR)
logging.getLogger("fontTools").setLevel(logging.ERROR)

# Names of what Python announces before it does it (sys.audit).
CLOSED = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "os.startfile",
    "ctypes.dlopen",
    "pty.",
    "webbrowser.",
)


class ClosedFetcher(URLFetcher):
    """Serves `static:` (style sheets, fonts, images of ours), `memory:`, Noto Sans, DejaVu as `fallback:`."""

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
        if url == NOTO_SANS_URL:
            return answer(url, NOTO_SANS.read_bytes(), "font/ttf")
        if scheme == "fallback" and name in FALLBACK_FILES:
            return answer(url, fallback_font(name).read_bytes(), "font/ttf")
        self.refused.append(url)
        raise FatalURLFetchingError(url)


static_folders: list[tuple[str, Path]] = []


def static_file(name: str) -> Path | None:
    for prefix, folder in static_folders:
        path = (folder / name.removeprefix(f"{prefix}/" if prefix else "")).resolve()
        if path.is_relative_to(folder.resolve()) and path.is_file():
            return path
    return None


def picture(url: str, body: str | bytes) -> URLFetcherResponse:
    if isinstance(body, str):
        return answer(url, body.encode(), "image/svg+xml")
    return answer(url, body, "image/jpeg" if body.startswith(JPEG_BEGINS) else "image/png")


def answer(url: str, body: bytes, content_type: str) -> URLFetcherResponse:
    return URLFetcherResponse(url, body, {"Content-Type": content_type})


@functools.cache
def fonts() -> FontConfiguration:
    return FontConfiguration()


@functools.cache
def style_sheet(name: str) -> weasyprint.CSS:
    return weasyprint.CSS(url=f"static:{name}", url_fetcher=ClosedFetcher({}), font_config=fonts())


def made(order: Order) -> Printed:
    """Raises DocumentTooLarge, ForbiddenResource."""
    try:
        refuse_large(order.pictures)
        document = lay_out(order)
        paper = b"" if order.is_only_counted else write(document, order)
        return Printed(paper, len(document.pages))
    except FatalURLFetchingError as error:
        raise ForbiddenResource(str(error)) from error


def refuse_large(pictures: Mapping[str, str | bytes]) -> None:
    """By what the head of each picture says, before anything of it is unpacked."""
    for body in pictures.values():
        if isinstance(body, bytes):
            try:
                width, height = Image.open(io.BytesIO(body)).size
            except Image.DecompressionBombError as error:
                raise DocumentTooLarge(TOO_MANY_POINTS) from error
            except (OSError, SyntaxError, ValueError) as error:
                raise DocumentTooLarge(UNREADABLE) from error
            if width * height > MAX_PIXELS:
                raise DocumentTooLarge(TOO_MANY_POINTS)


def lay_out(order: Order) -> Document:
    """The first version that keeps to its number of pages; the first of all where none does."""
    versions = (lay_out_version(html, order) for html in order.versions)
    first = next(versions)
    most = order.most_pages or len(first.pages)
    if len(first.pages) <= most:
        return first
    return next((version for version in versions if len(version.pages) <= most), first)


def lay_out_version(html: str, order: Order) -> Document:
    sheets = [style_sheet(name) for name in (*SHARED_STYLES, *order.styles)]
    source = weasyprint.HTML(string=html, url_fetcher=ClosedFetcher(order.pictures))
    document: Document = source.render(stylesheets=sheets, font_config=fonts(), **VARIANT)
    if len(document.pages) > order.max_pages:
        raise DocumentTooLarge(f"Das Dokument hätte mehr als {order.max_pages} Seiten. {SHORTEN}")
    return document


def write(document: Document, order: Order) -> bytes:
    label = order.label
    document.metadata = AccessibleArchive(
        printable(label.title), author=label.author, description=label.description
    )
    attachments = [attachment(order.data)] if order.data else []
    paper = bytes(document.write_pdf(**VARIANT, finisher=mend, attachments=attachments))
    if document.url_fetcher.refused:  # inside an SVG the refusal itself is swallowed
        raise ForbiddenResource(", ".join(document.url_fetcher.refused))
    return paper


def attachment(file: DataFile) -> weasyprint.Attachment:
    """A file as PDF/A-3 wants it: it says how it belongs to the document, and is dated like it."""
    return weasyprint.Attachment(
        string=file.content,
        name=file.name,
        description=file.description,
        created=file.made_at,
        modified=file.made_at,
        relationship="Data",
        url_fetcher=ClosedFetcher({}),
    )


def mend(document: Document, file: Any) -> None:
    """What WeasyPrint writes otherwise than readers need it."""
    name_attachments_once(file)
    for part in file.objects:
        if isinstance(part, Stream):
            part.stream[:] = map(without_empty_strings, part.stream)


def name_attachments_once(file: Any) -> None:
    """WeasyPrint names each attached file twice among those that belong to a PDF/A-3a."""
    if "AF" in file.catalog:
        file.catalog["AF"][:] = dict.fromkeys(file.catalog["AF"])


def without_empty_strings(operation: Any) -> Any:
    """Between two accents WeasyPrint shows `<>`, after which PDFium (Chrome, Edge) misplaces the second one."""
    if isinstance(operation, bytes) and operation.endswith(SHOW_TEXT):
        return operation.replace(b"<>", b" ")
    return operation


def main() -> None:
    """The life of a press: `python -c "…main()" LINE MEMORY FOLDERS`. Ends when nobody holds the line any more."""
    line = Connection(int(sys.argv[1]))
    limit_memory(int(sys.argv[2]))
    make_ready([(prefix, Path(folder)) for prefix, folder in json.loads(sys.argv[3])])
    tired = most_memory() + TIRED_BYTES
    try:
        with suppress(EOFError, OSError):
            line.send_bytes(b"ready")
            while serve(line, line.recv(), tired=tired):
                pass
    finally:
        shutil.rmtree(tempfile.gettempdir(), ignore_errors=True)
        os._exit(0)  # what Python would still tidy up, the closed doors would refuse


def make_ready(folders: Sequence[tuple[str, Path]]) -> None:
    # Who started it ends it: a worker that is told to stop finishes what it has in hand.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    static_folders[:] = folders
    mimetypes.init()
    for name in SHARED_STYLES:
        style_sheet(name)
    made(Order(["<p>Aufwärmen"], Label("", "", ""), ()))
    # What is there now stays; to look through it for garbage after every few hundred objects takes a fifteenth.
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    close_doors([folder for _, folder in folders])


def limit_memory(most_bytes: int) -> None:
    """A document that wants more gets a MemoryError or ends the press; macOS knows no such limit."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))


def close_doors(folders: Sequence[Path]) -> None:
    """From now on Python refuses this process network, other programs, and files that are not ours; for good."""
    temporary = real(tempfile.gettempdir())
    fallbacks = [fallback_font(name).parent for name in FALLBACK_FILES]
    ours: list[str | Path] = [
        *folders,
        CODE,
        SOURCE_SANS_FOLDER,
        NOTO_SANS.parent,
        *fallbacks,
        sys.prefix,
        sys.base_prefix,
    ]
    readable = (temporary, *map(real, ours))

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(CLOSED):
            raise PermissionError(f"{event} inside a press")
        if event == "open" and not is_allowed(*arguments, readable=readable, writable=temporary):
            raise PermissionError(f"{arguments[0]!r} is closed to a press")

    sys.addaudithook(watch)


def is_allowed(path: Any, mode: object, flags: object, *, readable: tuple[str, ...], writable: str) -> bool:
    if isinstance(path, int):
        return True
    where = real(os.fsdecode(path))
    is_writing = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR)
    return where.startswith(writable if is_writing else readable)


def real(path: str | Path) -> str:
    """Without links, and with an end that no longer name shares."""
    return os.path.join(os.path.realpath(path), "")  # noqa: PTH118 -- a Path has no such end


def serve(line: Connection, order: Order, *, tired: int) -> bool:
    """Answer one order; whether the press goes on."""
    signal.alarm(math.ceil(order.seconds) + 1)  # should nobody be there any more to end it
    printed = Printed(b"", 0)
    refusal = text = ""
    is_last = False
    try:
        printed = made(order)
    except DocumentTooLarge as error:
        refusal, text = "too large", str(error)
    except RecursionError:
        refusal, text = "too large", TOO_DEEP
    except MemoryError:
        refusal, text, is_last = "too large", TOO_MUCH, True
    except ForbiddenResource as error:
        refusal, text = "forbidden", str(error)
    except Exception:
        refusal, text = "failed", traceback.format_exc()
    signal.alarm(0)
    is_last = is_last or most_memory() > tired
    head = {"pages": printed.pages, "refusal": refusal, "text": text, "is_last": is_last}
    line.send_bytes(json.dumps(head).encode())
    line.send_bytes(printed.paper)
    return not is_last


def most_memory() -> int:
    """What it had at most so far, in bytes; on Linux not less than what its parent had when it was started."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
