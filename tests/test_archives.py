"""Archives that lie about themselves, and files known by their first bytes."""

import io
import struct
import tracemalloc
import zipfile
import zlib

import pytest

from netzkoord.lib.archives import (
    DOCX,
    ODF,
    XLSX,
    Damaged,
    Kind,
    Limits,
    Oversized,
    kind_of,
    office_kind,
    opened,
    read,
)

LIMITS = Limits(members=3, unpacked=1_000_000, ratio=100)
MAIN = "xl/workbook.xml"


def packed(entries, compression=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def declaring(text, size, compression):
    """An archive with one entry of this text; its directory names another size, and the checksum of so much."""
    changed = bytearray(packed({MAIN: text}, compression))
    entry = changed.rfind(b"PK\x01\x02")
    struct.pack_into("<I", changed, entry + 16, zlib.crc32(text[:size]))
    struct.pack_into("<I", changed, entry + 24, size)
    return bytes(changed)


def directory_alone(entries, extra=b"", offset=0):
    sizes = (0, 0, 0, 1, len(extra), 0, 0, 0, 0, offset)
    entry = struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 0, 0, 0, *sizes)
    directory = (entry + b"a" + extra) * entries
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, entries, entries, len(directory), 4, 0)
    return b"PK\3\4" + directory + end


def first(content):
    with opened(content, LIMITS) as archive:
        return read(archive, archive.infolist()[0])


@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
@pytest.mark.parametrize("text", [b"", b"x", b"<x/>" * 40_000])
def test_an_entry_is_read_as_it_was_packed(text, compression):
    assert first(packed({MAIN: text}, compression)) == text


@pytest.mark.parametrize(
    "content",
    [
        packed(dict.fromkeys("abcd", b"x")),
        packed({MAIN: bytes(range(256)) * 4_000}),
        packed({MAIN: b" " * 500_000}),
    ],
    ids=["entries", "bytes", "bytes for each packed one"],
)
def test_what_is_beyond_the_limits_is_oversized(content):
    with pytest.raises(Oversized), opened(content, LIMITS):
        pass


@pytest.mark.parametrize(
    "content",
    [directory_alone(30_000), directory_alone(17, extra=b"\x99\x99\0\0" * 16_000)],
    ids=["many entries", "large ones"],
)
def test_a_long_directory_is_not_even_read(content):
    with pytest.raises(Oversized), opened(content, Limits(members=100_000, unpacked=1, ratio=1)):
        pass


def test_an_entry_may_have_a_limit_of_its_own():
    with opened(packed({MAIN: b"12345"}), LIMITS) as archive:
        assert read(archive, MAIN, at_most=5) == b"12345"
        with pytest.raises(Oversized):
            read(archive, MAIN, at_most=4)


@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
@pytest.mark.parametrize("size", [0, 4, 6, 900])
def test_an_entry_of_another_size_than_it_declares_is_damaged(size, compression):
    with pytest.raises(Damaged):
        first(declaring(b"12345", size, compression))


@pytest.fixture
def peak():
    """The most memory that was in use since the last `tracemalloc.reset_peak`."""
    tracemalloc.start()
    yield lambda: tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()


@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_entry_that_hides_its_size_is_refused_in_little_memory(peak, compression):
    bomb = declaring(b"\0" * 5_000_000, 1000, compression)
    tracemalloc.reset_peak()

    with pytest.raises(Damaged):
        first(bomb)

    assert peak() < 1_000_000


def test_an_entry_that_is_not_there_is_damage():
    with pytest.raises(Damaged), opened(packed({"a": b"x"}), LIMITS) as archive:
        read(archive, MAIN)


def test_an_entry_beyond_what_can_be_counted_is_damaged():
    with pytest.raises(Damaged):
        first(directory_alone(1, struct.pack("<HHQ", 1, 8, 2**64 - 1), offset=0xFFFFFFFF))


@pytest.mark.parametrize("place", range(len(packed({MAIN: b"12345"}))))
def test_any_other_byte_is_survived(place):
    content = bytearray(packed({MAIN: b"12345"}))
    for value in (0, 0x80, 0xFF, content[place] ^ 0x01, content[place] ^ 0x08):
        content[place] = value
        try:
            first(bytes(content))
        except (Damaged, Oversized):
            continue


@pytest.mark.parametrize(
    ("entries", "content_type"),
    [
        ({MAIN: b""}, XLSX),
        ({"word/document.xml": b"", "a": b""}, DOCX),
        ({"word/document.xml": b"", MAIN: b""}, None),
        ({"mimetype": ODF.encode() + b"text\n", MAIN: b""}, ODF + "text"),
        ({"mimetype": b"application/epub+zip"}, None),
        ({"a": b"", "mimetype": ODF.encode() + b"text"}, None),
        ({}, None),
    ],
)
def test_office_documents_are_known_by_their_parts(entries, content_type):
    with opened(packed(entries), LIMITS) as archive:
        assert office_kind(archive) == content_type


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7", Kind.PDF),
        (packed({}), Kind.ARCHIVE),
        (packed({"a": b"x"}), Kind.ARCHIVE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", Kind.OLD_OFFICE),
        (b"MZ\x90\0", Kind.PROGRAM),
        (b"\xef\xbb\xbf <?xml version='1.0'?>\n<SVG>", Kind.SVG),
        (b"<?xml version='1.0'?><x/>", Kind.XML),
        (b"\r\n<!DOCTYPE html>", Kind.HTML),
        ("Schlüssel;<svg>".encode(), Kind.UNKNOWN),
        (b"", Kind.UNKNOWN),
    ],
)
def test_a_file_is_known_by_its_first_bytes(content, kind):
    assert kind_of(content) is kind
