"""What may come in as a file: decided by its content, each refusal with its sentence."""

import io
import time
import tracemalloc
import zipfile
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from netzkoord.lib import uploads
from netzkoord.lib.archives import DOCX, ODF, PPTX, XLSX
from netzkoord.lib.photos import read_photo
from netzkoord.lib.uploads import UploadRefused, check, plain_name

PDF_END = b"\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj" + PDF_END
TYPES = b'<Types><Override ContentType="application/x+xml"/></Types>'
WORD = {"[Content_Types].xml": TYPES, "word/document.xml": b"<w:document/>"}
ODT = {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<office/>"}


def packed(entries, compression=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def picture(kind, size=(4, 3), **options):
    out = io.BytesIO()
    Image.new("RGB", size, "#356").save(out, kind, **options)
    return out.getvalue()


def with_place_and_camera():
    exif = Image.Exif()
    exif[0x010F] = "Geheime Kamera"
    return picture("JPEG", exif=exif, comment=b"Geheimer Kommentar")


def sent(name, content):
    return check(SimpleUploadedFile(name, content))


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("ablauf.pdf", PDF, "application/pdf"),
        ("bild.PNG", picture("PNG"), "image/png"),
        ("bild.jpeg", picture("JPEG"), "image/jpeg"),
        ("text.docx", packed(WORD), DOCX),
        ("text.odt", packed(ODT, zipfile.ZIP_STORED), ODF + "text"),
        (
            "folien.pptx",
            packed({"[Content_Types].xml": TYPES, "ppt/presentation.xml": b"<p/>"}),
            PPTX,
        ),
        (
            "tabelle.xlsx",
            packed({"[Content_Types].xml": TYPES, "xl/workbook.xml": b"<x/>"}),
            XLSX,
        ),
    ],
)
def test_allowed_files_come_in_by_their_content(name, content, content_type):
    checked = sent(name, content)

    assert checked.content_type == content_type
    assert checked.size_bytes == len(checked.content.read())


def object_stream(text, head=b"/Type/ObjStm/N 1/First 4"):
    return b"5 0 obj<<" + head + b">>\nstream\n" + zlib.compress(text) + b"\nendstream endobj"


def pdf_with(part):
    return PDF.replace(b"endobj", b"endobj " + part)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("seite.html", b"<!DOCTYPE html><script>1</script>", "Endung „.html“ nehmen wir nicht an"),
        ("seite.pdf", b"<!DOCTYPE html><script>1</script>", "HTML-Seiten nehmen wir nicht an"),
        ("bild.png", b"<?xml version='1.0'?><svg onload='x()'/>", "SVG-Bilder nehmen wir nicht an"),
        ("setup.pdf", b"MZ\x90\0" + b"\0" * 99, "Programme nehmen wir nicht an"),
        ("setup.exe", b"MZ\x90\0" + b"\0" * 99, "Endung „.exe“ nehmen wir nicht an"),
        ("rechnung.exe.pdf", PDF, "Endung „.exe.pdf“ nehmen wir nicht an"),
        ("rechnung.pdf.exe", PDF, "Endung „.pdf.exe“ nehmen wir nicht an"),
        ("bild.png", PDF, "endet auf „.png“, ihr Inhalt ist aber PDF"),
        ("ablauf", PDF, "hat keine Endung, ihr Inhalt ist aber PDF"),
        ("test.pdf", b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + uploads.EICAR + b"$H+H*", "Testmuster für Virenscanner"),
        ("test.pdf", PDF.replace(b"/Catalog", b"/Catalog %" + uploads.EICAR), "Testmuster für Virenscanner"),
        ("alt.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 99, "Dateien älterer Büroprogramme"),
        ("notiz.txt", b"nur Text", "Dateien dieser Art nehmen wir nicht an"),
        ("nichts.pdf", b"", "Die Datei ist leer."),
        # PDF
        ("a.pdf", PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript/JS(x)>>"), "Skripte"),
        ("a.pdf", PDF.replace(b"/Catalog", b"/Catalog/AA<</S/J#61vaScript>>"), "Skripte"),
        ("a.pdf", PDF.replace(b"/Catalog", b"/Catalog/A<</S/Launch/F(cmd.exe)>>"), "Programmaufrufe"),
        ("a.pdf", pdf_with(object_stream(b"1 0 <</S/JavaScript>>")), "Skripte"),
        ("a.pdf", pdf_with(object_stream(b"1 0 <</S/#4cau#6Ech>>")), "Programmaufrufe"),
        ("a.pdf", pdf_with(object_stream(b" " * 3_000_000 + b"1 0 <</S/JavaScript>>")), "Skripte"),
        ("a.pdf", pdf_with(object_stream(b"1 0 <</S/JavaScript", b"/Type/Obj#53tm")), "Skripte"),
        (
            "a.pdf",
            pdf_with(object_stream(b"1 0 <</S/JavaScript>>", b"/Type/ObjStm/X(obj)" + b" " * 700)),
            "Skripte",
        ),
        ("a.pdf", pdf_with(b"%endstream\n<</S/JavaScript>>\n%endstream"), "Skripte"),
        ("a.pdf", PDF.replace(b"/Root", b"/Encrypt 2 0 R/Root"), "Das PDF ist verschlüsselt."),
        ("a.pdf", PDF + packed(WORD), "enthält noch etwas anderes"),
        ("a.pdf", b"%PDF-1.7\nohne Ende", "Das PDF ist beschädigt"),
        ("a.pdf", b"GIF89a" + PDF, "Dateien dieser Art"),
        # archives
        ("a.docx", packed({"irgendwas.txt": b"x"}), "ZIP-Archive nehmen wir nicht an"),
        ("a.docx", packed(WORD | {"word/vbaProject.bin": b"x"}), "Die Datei enthält Makros."),
        ("a.docx", packed(WORD | {"[Content_Types].xml": b"a.macroEnabled.main+xml"}), "Die Datei enthält Makros."),
        ("a.odt", packed(ODT | {"Basic/Standard/Module1.xml": b"x"}), "Die Datei enthält Makros."),
        ("a.docx", packed(WORD | {"../../etc/passwd": b"x"}), "Pfade, die aus ihr hinausführen"),
        ("a.docx", packed(WORD | {"bombe": b"\0" * 8_000_000}), "beim Entpacken übermäßig groß"),
        ("a.docx", packed({"word/document.xml": b"<w:document/>"}), "Die Datei ist beschädigt."),
        ("a.docx", packed(WORD, zipfile.ZIP_BZIP2), "Die Datei ist beschädigt."),
        ("a.docx", b"PK\x03\x04" + b"\0" * 99, "Die Datei ist beschädigt."),
        # pictures
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "Die Datei ist unvollständig"),
        ("a.jpg", picture("JPEG")[:200], "Die Datei ist unvollständig"),
        ("a.jpg", picture("JPEG")[:-9], "Die Datei ist unvollständig"),
        ("a.png", picture("PNG", size=(99, 99))[:-30], "Die Datei ist unvollständig"),
    ],
)
def test_everything_else_is_refused_with_its_sentence(name, content, message):
    with pytest.raises(UploadRefused) as refusal:
        sent(name, content)

    assert message in str(refusal.value)


def test_a_picture_with_too_many_points_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(uploads, "MAX_PIXELS", 11)

    with pytest.raises(UploadRefused, match="Bildpunkte"):
        sent("a.png", picture("PNG"))


def test_pictures_lose_what_was_hung_onto_them():
    checked = sent("a.jpg", with_place_and_camera())

    content = checked.content.read()
    assert b"Geheim" not in content
    assert Image.open(io.BytesIO(content)).size == (4, 3)


def test_a_picture_with_something_behind_it_comes_in_without_that():
    content = sent("a.png", picture("PNG") + packed(WORD)).content.read()

    assert b"PK\x03\x04" not in content


def test_a_pdf_that_only_looks_bad_inside_a_picture_of_it_comes_in():
    stream = b"endobj 3 0 obj<</Length 20>>\nstream\n\x01\x02/JS /Launch \x03\nendstream endobj"

    assert sent("a.pdf", PDF.replace(b"endobj", stream)).content_type == "application/pdf"


@pytest.mark.parametrize("text", [b"/JSON/Launchpad", b"(JS)", b"/J", b"/#4aSON"])
def test_a_name_that_only_begins_like_a_forbidden_one_comes_in(text):
    assert sent("a.pdf", pdf_with(text + b" " + object_stream(text))).content_type == "application/pdf"


@pytest.mark.parametrize("before", range(18))
def test_a_name_is_found_wherever_the_pieces_of_a_stream_part_it(monkeypatch, before):
    monkeypatch.setattr(uploads, "PIECE", 20)

    with pytest.raises(UploadRefused, match="Skripte"):
        sent("a.pdf", pdf_with(object_stream(b" " * before + b"/Java#53cript")))


@pytest.mark.parametrize("size", [1, 7, 100, 5000])
def test_a_stream_that_breaks_off_is_unpacked_to_its_last_byte(monkeypatch, size):
    monkeypatch.setattr(uploads, "PIECE", size)
    without_checksum = zlib.compress(b" " * 1000)[:-5]

    assert b"".join(uploads.pieces(without_checksum)) == b" " * 1000 + b"\n"


def cpu_seconds(content):
    begun = time.process_time()
    sent("a.pdf", content)
    return time.process_time() - begun


@pytest.mark.parametrize(
    "line",
    [b"stream\n", b"endstream\n", b"/ObjStm stream\n", b"stream\nendstream\n", b"/J", b"/#4Aava", b"/#4", b"#41"],
)
def test_looking_through_a_pdf_takes_time_in_proportion_to_its_size(line):
    small, large = (cpu_seconds(pdf_with(line * (size // len(line)))) for size in (8_000, 32_000))

    # Four times as much, and what a busy machine adds; where every line is compared with all others it is sixteen.
    assert large < 8 * small + 0.1


@pytest.fixture
def peak():
    """The most memory that was in use since the last `tracemalloc.reset_peak`."""
    tracemalloc.start()
    yield lambda: tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()


def test_a_pdf_that_unpacks_to_much_in_many_streams_is_refused_in_little_memory(peak):
    bomb = pdf_with(object_stream(b"\0" * 2_000_000) * 200)
    tracemalloc.reset_peak()

    with pytest.raises(UploadRefused, match="beim Entpacken übermäßig groß"):
        sent("a.pdf", bomb)

    assert peak() < 8_000_000


def test_all_objects_of_a_pdf_count_together(monkeypatch):
    stream = object_stream(b"1 0 <</Type/Page>>")
    monkeypatch.setattr(uploads, "MAX_UNPACKED", 2 * len(b"1 0 <</Type/Page>>\n"))

    assert sent("a.pdf", pdf_with(2 * stream)).content_type == "application/pdf"
    with pytest.raises(UploadRefused, match="beim Entpacken übermäßig groß"):
        sent("a.pdf", pdf_with(3 * stream))


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Eigene Dateien\\Plan.pdf", "Plan.pdf"),
        ("Ma\u0308rz\u202egnp.pdf", "Märzgnp.pdf"),
        ("a\0b\r\n.pdf", "ab.pdf"),
        (".pdf", "pdf"),
        ("", "datei"),
    ],
)
def test_names_lose_paths_and_what_cannot_be_seen(typed, stored):
    assert plain_name(typed) == stored


def test_long_names_with_umlauts_keep_their_extension():
    name = plain_name("ä" * 250 + ".docx")

    assert name.endswith("ä.docx")
    assert len(name.encode()) <= 200


def test_grey_of_16_bits_stays_grey():
    """Scanners store it so; it came out white."""
    scan = Image.new("I;16", (60, 20), 65_535)
    scan.paste(Image.new("I;16", (20, 10), 3_000), (20, 5))
    out = io.BytesIO()
    scan.save(out, "PNG")

    kept = Image.open(sent("scan.png", out.getvalue()).content).convert("L")
    photo = Image.open(io.BytesIO(read_photo(out.getvalue()).jpeg)).convert("L")

    assert (kept.getpixel((30, 10)), kept.getpixel((5, 10))) == (11, 255)
    assert photo.getpixel((30, 10)) < 40
    assert photo.getpixel((5, 10)) > 240
