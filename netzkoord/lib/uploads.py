"""Files that people send: what may come in is decided by what is inside, never by what the file is called.

A byte check is no virus scanner. It keeps out what is not of an allowed kind, what obviously runs by itself, and
what is two kinds at once; what stays is served as a download only, in a sandbox.
"""

import io
import re
import struct
import unicodedata
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from PIL import Image, ImageOps, UnidentifiedImageError

from netzkoord.lib import archives
from netzkoord.lib.archives import DOCX, ODF, PPTX, XLSX, Damaged, Kind, Limits, Oversized, kind_of

MAX_MB = 20
MAX_BYTES = MAX_MB * 1024 * 1024
MAX_PIXELS = 40_000_000
UNREADABLE = (
    "Das Bild lässt sich nicht lesen: Die Datei ist unvollständig oder beschädigt. "
    "Bitte senden Sie sie noch einmal, oder speichern Sie das Bild neu."
)
TOO_MANY_POINTS = "Das Bild hat mehr als 40 Millionen Bildpunkte. Bitte verkleinern Sie es."
MAX_NAME = 200
# An honest packer reaches the ratio with nothing but blanks.
LIMITS = Limits(members=5000, unpacked=200 * 1024 * 1024, ratio=400)
# Of all compressed objects of a PDF together; a tagged one of 150 pages has 2 MB.
MAX_UNPACKED = 32 * 1024 * 1024

PDF = "application/pdf"
# Content type → its extension.
EXTENSIONS = {
    PDF: "pdf",
    "image/png": "png",
    "image/jpeg": "jpg",
    DOCX: "docx",
    PPTX: "pptx",
    XLSX: "xlsx",
    ODF + "text": "odt",
    ODF + "presentation": "odp",
    ODF + "spreadsheet": "ods",
}
ALLOWED = "Möglich sind PDF, PNG, JPEG, DOCX, PPTX, XLSX, ODT, ODP und ODS."
# fmt: off
RUNS_BY_ITSELF = frozenset({
    "exe", "com", "scr", "bat", "cmd", "ps1", "vbs", "js", "jar", "msi", "lnk", "hta", "html",
    "htm", "xhtml", "svg", "php", "py", "sh", "apk", "dll", "docm", "pptm", "xlsm",
})
# fmt: on
EICAR = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!"


class UploadRefused(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """The German sentence says what is wrong with the file and what to do."""


@dataclass(frozen=True)
class Checked:
    """A file that may come in: pictures drawn anew, everything else as it was."""

    content: IO[bytes]
    size_bytes: int
    content_type: str
    name: str


class RefuseLarge(FileUploadHandler):
    """Drops the rest of a file that is too large while it still comes in: nothing of it reaches memory or disk.

    What is left is a file with its size and without content, for the form to say so.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.received += len(raw_data)
        return None if self.received > MAX_BYTES else raw_data

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        if self.received <= MAX_BYTES:
            return None
        for handler in self.request.upload_handlers if self.request else []:
            if begun := getattr(handler, "file", None):
                begun.close()
        return UploadedFile(io.BytesIO(), self.file_name, self.content_type, self.received, self.charset)


def check(file: "UploadedFile[bytes]") -> Checked:
    """What may be stored of a file; the caller gives the content a name of its own. Raises `UploadRefused`."""
    size = file.size or 0
    if size > MAX_BYTES:
        raise UploadRefused(f"Die Datei ist größer als {MAX_MB}\u00a0MB. Bitte verkleinern oder teilen.")
    if not size:
        raise UploadRefused("Die Datei ist leer. Bitte wählen Sie eine andere.")
    content = file.read()
    name = plain_name(file.name or "")
    refuse_name(name)
    if EICAR in content:
        raise UploadRefused("Die Datei enthält das Testmuster für Virenscanner (EICAR) und bleibt draußen.")
    content_type = content_type_of(content)
    refuse_other_extension(name, content_type)
    if content_type.startswith("image/"):
        content = drawn_anew(content, content_type)
    return Checked(io.BytesIO(content), len(content), content_type, name)


def plain_name(name: str) -> str:
    """The last part of a path, composed, without what cannot be seen; at most `MAX_NAME` bytes."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(character for character in last if unicodedata.category(character)[0] != "C").strip(" .")
    stem, dot, extension = visible.rpartition(".")
    if not dot or len(extension) > 10:
        stem, extension = visible, ""
    ending = f".{extension}" if extension else ""
    room = MAX_NAME - len(ending.encode())
    shortened = (stem or "datei").encode()[:room].decode(errors="ignore").rstrip(" .")
    return f"{shortened}{ending}"


def refuse_name(name: str) -> None:
    parts = [part.lower() for part in name.split(".")[1:]]
    if any(part in RUNS_BY_ITSELF for part in parts):
        raise UploadRefused(f"Eine Datei mit der Endung „.{'.'.join(parts)}“ nehmen wir nicht an. {ALLOWED}")


def refuse_other_extension(name: str, content_type: str) -> None:
    """A name that promises something else would be opened by the wrong program."""
    expected = EXTENSIONS[content_type]
    extension = PurePosixPath(name).suffix.lower().lstrip(".").replace("jpeg", "jpg")
    if extension != expected:
        shown = f"endet auf „.{extension}“" if extension else "hat keine Endung"
        raise UploadRefused(
            f"Der Name der Datei {shown}, ihr Inhalt ist aber {expected.upper()}. Bitte benennen Sie sie um."
        )


# What a file seems to be instead, for the sentence.
FOREIGN = {
    Kind.PROGRAM: "Programme",
    Kind.SVG: "SVG-Bilder",
    Kind.HTML: "HTML-Seiten",
    Kind.OLD_OFFICE: "Dateien älterer Büroprogramme (DOC, XLS, PPT)",
}


def content_type_of(content: bytes) -> str:
    """By what is inside. Raises `UploadRefused` for everything that is not allowed."""
    kind = kind_of(content)
    if kind is Kind.PDF:
        refuse_pdf(content)
        return PDF
    if kind is Kind.PNG:
        return "image/png"
    if kind is Kind.JPEG:
        return "image/jpeg"
    if kind is Kind.ARCHIVE:
        return content_type_of_archive(content)
    raise UploadRefused(f"{FOREIGN.get(kind, 'Dateien dieser Art')} nehmen wir nicht an. {ALLOWED}")


def names(*words: str) -> re.Pattern[bytes]:
    """Finds names of a PDF, any letter of which may be written as #xx; a byte must follow to end them."""
    starts = "".join(sorted({word[0] for word in words}))
    spelled = ("".join(f"(?:{letter}|#(?i:{ord(letter):02x}))" for letter in word) for word in words)
    return re.compile(rf"/(?=[#{starts}])(?:{'|'.join(spelled)})(?=[^A-Za-z0-9])".encode())


STREAM = re.compile(rb"stream(?<!endstream)\r?\n")
ENCRYPTED = names("Encrypt")
OBJECT_STREAM = names("ObjStm")
FORBIDDEN = names("JavaScript", "JS", "Launch", "RichMedia", "EmbeddedFile", "EmbeddedFiles", "XFA")
# More than the longest of these has with every letter as #xx.
LONGEST = 64
PIECE = 1024 * 1024
SAVE_PDF = "Bitte speichern Sie es neu, zum Beispiel über „Als PDF drucken“."


def refuse_pdf(content: bytes) -> None:
    """As far as bytes tell: no scripts, no programs to start, no files inside, nothing behind its end."""
    end = content.rfind(b"%%EOF")
    if end < 0 or content[end + 5 :].strip(b"\0\t\r\n "):
        raise UploadRefused("Das PDF ist beschädigt oder enthält noch etwas anderes. Bitte erzeugen Sie es neu.")
    outside = b"\n".join(before for before, _ in streams(content))
    if ENCRYPTED.search(outside):
        raise UploadRefused("Das PDF ist verschlüsselt. Bitte speichern Sie es ohne Kennwort.")
    if FORBIDDEN.search(outside) or has_forbidden_objects(content):
        raise UploadRefused(f"Das PDF enthält Skripte, Programmaufrufe oder eingebettete Dateien. {SAVE_PDF}")


def streams(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Every stream with what stands before it; at last what stands behind them all, with an empty one.

    One pass: an end that is missing once is sought no more.
    """
    begin = 0
    while (start := STREAM.search(content, begin)) and (end := content.find(b"endstream", start.end())) >= 0:
        yield content[begin : start.start()], content[start.end() : end]
        begin = end + len(b"endstream")
    yield content[begin:], b""


def has_forbidden_objects(content: bytes) -> bool:
    """Whether one stands in a compressed stream. Raises `UploadRefused` if there is too much to look through."""
    unpacked = 0
    for before, packed in streams(content):
        if not OBJECT_STREAM.search(before):
            continue
        text = b""
        for piece in pieces(packed):
            unpacked += len(piece)
            if unpacked > MAX_UNPACKED:
                raise UploadRefused(f"Das PDF wird beim Entpacken übermäßig groß. {SAVE_PDF}")
            text = text[-LONGEST:] + piece
            if FORBIDDEN.search(text):
                return True
    return False


def pieces(packed: bytes) -> Iterator[bytes]:
    """What a stream holds, as far as it can be unpacked, and the end of its last line."""
    unpacker = zlib.decompressobj()
    with suppress(zlib.error):
        while packed and not unpacker.eof:
            yield unpacker.decompress(packed, PIECE)
            packed = unpacker.unconsumed_tail
        yield unpacker.flush()
    yield b"\n"


def drawn_anew(content: bytes, content_type: str) -> bytes:
    """The picture alone: without place, camera and whatever else was hung onto the file."""
    upright = decoded(content, ["PNG", "JPEG"])
    is_png = content_type == "image/png"
    modes = ("1", "L", "LA", "P", "RGB", "RGBA") if is_png else ("L", "RGB", "CMYK")
    bare = upright if upright.mode in modes else upright.convert("RGBA" if is_png else "RGB")
    clean = Image.new(bare.mode, bare.size)
    clean.paste(bare)
    if bare.mode == "P" and (palette := bare.getpalette()):
        clean.putpalette(palette)
    out = io.BytesIO()
    if is_png:
        clean.save(out, "PNG", optimize=True)
    else:
        clean.save(out, "JPEG", quality=90)
    return out.getvalue()


def decoded(content: bytes, formats: list[str], *, edge: int | None = None) -> Image.Image:
    """The picture as it is meant to be seen: turned as the camera says. Raises `UploadRefused`.

    With `edge` a JPEG is unpacked only as large as is needed for this edge, which takes a fraction of the memory.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=formats)
        if picture.width * picture.height > MAX_PIXELS:
            raise UploadRefused(TOO_MANY_POINTS)
        if edge:
            picture.draft(None, (edge, edge))
        picture.load()
        return ImageOps.exif_transpose(of_eight_bits(picture))
    except Image.DecompressionBombError as error:
        raise UploadRefused(TOO_MANY_POINTS) from error
    except (UnidentifiedImageError, OSError, SyntaxError, TypeError, ValueError, struct.error) as error:
        raise UploadRefused(UNREADABLE) from error


def of_eight_bits(picture: Image.Image) -> Image.Image:
    """Greys of 16 bits, as scanners store them, brought to 8: Pillow would take all but the darkest for white."""
    if not picture.mode.startswith("I"):
        return picture
    return picture.point(lambda grey: grey * (1 / 256)).convert("L")


def content_type_of_archive(content: bytes) -> str:
    """Which office document a ZIP file is. Raises `UploadRefused` for any other archive."""
    try:
        with archives.opened(content, LIMITS) as archive:
            refuse_paths(archive)
            content_type = archives.office_kind(archive)
            if content_type not in EXTENSIONS:
                raise UploadRefused(f"ZIP-Archive nehmen wir nicht an. {ALLOWED}")
            refuse_macros(archive, content_type)
            return content_type
    except Oversized as error:
        text = "Die Datei wird beim Entpacken übermäßig groß. Sie wurde nicht gespeichert."
        raise UploadRefused(text) from error
    except Damaged as error:
        raise UploadRefused("Die Datei ist beschädigt. Bitte speichern Sie sie neu.") from error


def refuse_paths(archive: zipfile.ZipFile) -> None:
    for name in archive.namelist():
        if name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name):
            raise UploadRefused("Die Datei enthält Pfade, die aus ihr hinausführen. Sie wurde nicht gespeichert.")


def refuse_macros(archive: zipfile.ZipFile, content_type: str) -> None:
    has_macros = odf_has_macros if content_type.startswith(ODF) else ooxml_has_macros
    if has_macros(archive):
        raise UploadRefused("Die Datei enthält Makros. Bitte speichern Sie sie ohne Makros, oder als PDF.")


def odf_has_macros(archive: zipfile.ZipFile) -> bool:
    return any(name.startswith(("Basic/", "Scripts/")) for name in archive.namelist())


def ooxml_has_macros(archive: zipfile.ZipFile) -> bool:
    types = archives.read(archive, "[Content_Types].xml").lower()
    if b"macroenabled" in types or b"vbaproject" in types:
        return True
    programs = (".exe", ".dll", "vbaproject.bin", ".js", ".vbs")
    return any(name.lower().endswith(programs) for name in archive.namelist())
