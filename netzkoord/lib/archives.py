"""What a file is by its first bytes, and archives (ZIP) looked into without being unpacked by surprise.

`zipfile` believes what an archive says of itself: it takes a directory of any length apart, and read at once an
entry grows to what its packed bytes hold, not to the size it declares.
"""

import copy
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, auto

OOXML = "application/vnd.openxmlformats-officedocument."
ODF = "application/vnd.oasis.opendocument."
DOCX = OOXML + "wordprocessingml.document"
PPTX = OOXML + "presentationml.presentation"
XLSX = OOXML + "spreadsheetml.sheet"
# The part all others hang from → content type.
MAIN_PARTS = {"word/document.xml": DOCX, "ppt/presentation.xml": PPTX, "xl/workbook.xml": XLSX}
# An entry that says what the others are; real ones have a few kilobytes.
MAX_MANIFEST = 2 * 1024 * 1024
# A real one has some hundred bytes for each entry.
MAX_DIRECTORY = 1024 * 1024
# Office programs write no others, and of these alone zipfile unpacks no more than it is asked for.
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
PIECE = 64 * 1024
# What zipfile raises over files that are not what they claim to be.
UNREADABLE = (
    EOFError,
    LookupError,  # no such entry
    OSError,
    OverflowError,  # places beyond what can be counted
    RuntimeError,  # a password, or what zipfile has not learnt
    ValueError,  # places before the beginning, names that are no UTF-8
    zipfile.BadZipFile,
    zlib.error,
)


class Damaged(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """The archive cannot be read, or is not what it says of itself."""


class Oversized(Exception):  # noqa: N818 -- as above
    """The archive, or an entry of it, becomes larger than honest ones do."""


class Kind(Enum):
    PDF = auto()
    PNG = auto()
    JPEG = auto()
    ARCHIVE = auto()
    OLD_OFFICE = auto()
    PROGRAM = auto()
    SVG = auto()
    HTML = auto()
    XML = auto()
    UNKNOWN = auto()


STARTS = (
    (b"%PDF-", Kind.PDF),
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"PK\x03\x04", Kind.ARCHIVE),
    (b"PK\x05\x06", Kind.ARCHIVE),  # without any entry
    (b"\xd0\xcf\x11\xe0", Kind.OLD_OFFICE),
    (b"MZ", Kind.PROGRAM),
    (b"\x7fELF", Kind.PROGRAM),
    (b"#!", Kind.PROGRAM),
)


def kind_of(content: bytes) -> Kind:
    for start, kind in STARTS:
        if content.startswith(start):
            return kind
    text = content[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith(b"<") and b"<svg" in text:
        return Kind.SVG
    if text.startswith((b"<!doctype", b"<html", b"<head", b"<body", b"<script", b"<table")):
        return Kind.HTML
    return Kind.XML if text.startswith(b"<?xml") else Kind.UNKNOWN


@dataclass(frozen=True)
class Limits:
    """What an archive may say of itself: number of entries, bytes unpacked, and those per packed byte."""

    members: int
    unpacked: int
    ratio: int


class Sparing(io.BytesIO):
    """Gives out no more at once than a directory may have: zipfile reads the whole of it before anything else."""

    def read(self, size: int | None = -1, /) -> bytes:
        content = super().read(size)
        if len(content) > MAX_DIRECTORY:
            raise Oversized
        return content


@contextmanager
def opened(content: bytes, limits: Limits) -> Iterator[zipfile.ZipFile]:
    """An archive within its limits. Raises `Oversized`, and `Damaged` also for what shows only inside the block."""
    try:
        with zipfile.ZipFile(Sparing(content)) as archive:
            refuse_oversized(archive.infolist(), limits)
            yield archive
    except UNREADABLE as error:
        raise Damaged from error


def refuse_oversized(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    # A small file may consist of little more than blanks.
    most = min(limits.unpacked, limits.ratio * max(packed, 4096))
    if len(members) > limits.members or unpacked > most:
        raise Oversized
    if any(member.compress_type not in METHODS for member in members):
        raise Damaged


def read(archive: zipfile.ZipFile, name: str | zipfile.ZipInfo, *, at_most: int = MAX_MANIFEST) -> bytes:
    """An entry as a whole. Raises `Oversized`, and `Damaged` if there is more or less of it than it declares."""
    member = archive.getinfo(name) if isinstance(name, str) else name
    if member.file_size > at_most:
        raise Oversized
    # zipfile stops at the size it is told, and what is behind that would stay unseen.
    one_more = copy.copy(member)
    one_more.file_size += 1
    with archive.open(one_more) as source:
        content = b"".join(iter(lambda: source.read(PIECE), b""))
    if len(content) != member.file_size:
        raise Damaged
    return content


def office_kind(archive: zipfile.ZipFile) -> str | None:
    """The content type of an office document; None for any other archive."""
    names = archive.namelist()
    if names[:1] == ["mimetype"]:
        kind = read(archive, "mimetype").decode("ascii", errors="replace").strip()
        return kind if kind.startswith(ODF) else None
    kinds = [kind for part, kind in MAIN_PARTS.items() if part in names]
    return kinds[0] if len(kinds) == 1 else None
