"""What an official list says, and every sentence against one that is not as it must be."""

import datetime
import io
import zipfile

import pytest

from participants.imports.municipalities import read
from participants.imports.municipality_rows import MAX_BYTES, NotAList
from tests.participants import gv100ad

DIEPHOLZ = [
    gv100ad.line("20", "034", "Stat. Region Hannover"),
    *gv100ad.county("03251", "Diepholz", ("028", "Neuenkirchen"), ("012", "Diepholz, Stadt", "63")),
    gv100ad.line("50", "03251", "Schwaförden", "52", association="5406"),
]
HEADER = "ags;ars;name;textkennzeichen;plz_sitz\r\n"


def csv(*lines, header=HEADER, encoding="utf-8"):
    return (header + "".join(f"{line}\r\n" for line in lines)).encode(encoding)


def rows(content):
    reading = read(content)
    assert reading.problems == []
    return [(row.ags, row.name, row.designation, row.county_name) for row in reading.rows]


def problems(content):
    return [(problem.line, problem.text) for problem in read(content).problems]


def refusal(content):
    with pytest.raises(NotAList) as caught:
        read(content)
    return str(caught.value)


# GV100AD


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_official_file_is_read_in_either_encoding(encoding, end):
    lines = gv100ad.whole_country(l03=DIEPHOLZ, l05=gv100ad.independent("05315", "Köln, Stadt"))

    found = rows(gv100ad.content(lines, encoding, end))

    assert [row for row in found if row[0].startswith(("03", "05"))] == [
        ("03251", "Landkreis Diepholz", "", ""),
        ("03251028", "Neuenkirchen", "", "Landkreis Diepholz"),
        ("03251012", "Diepholz", "Stadt", "Landkreis Diepholz"),
        ("05315000", "Köln", "Stadt", ""),
    ]
    assert len(found) == 18
    assert read(gv100ad.content(lines)).as_of == datetime.date(2024, 1, 31)


@pytest.mark.parametrize(
    ("name", "sign", "title"),
    [
        ("Diepholz", "44", "Landkreis Diepholz"),
        ("Dithmarschen", "43", "Kreis Dithmarschen"),
        ("Saarbrücken", "45", "Regionalverband Saarbrücken"),
        ("Regionalverband Saarbrücken", "45", "Regionalverband Saarbrücken"),
        ("Region Hannover", "43", "Region Hannover"),
        ("Städteregion Aachen", "43", "Städteregion Aachen"),
        ("Ilm-Kreis", "44", "Ilm-Kreis"),
        ("Heidekreis", "44", "Heidekreis"),
        ("Landkreis Rostock", "44", "Landkreis Rostock"),
    ],
)
def test_a_kreis_is_called_what_people_call_it(name, sign, title):
    lines = gv100ad.whole_country(l03=gv100ad.county("03251", name, ("001", "Ort"), sign=sign))

    assert (("03251001", "Ort", "", title)) in rows(gv100ad.content(lines))


@pytest.mark.parametrize(
    ("official", "name", "designation"),
    [
        ("Flensburg, Stadt", "Flensburg", "Stadt"),
        ("Lalling, M", "Lalling", "Markt"),
        ("Bad Reichenhall, GKSt", "Bad Reichenhall", "Große Kreisstadt"),
        ("Erkrath, Fundort des Neanderthalers, Stadt", "Erkrath", "Fundort des Neanderthalers, Stadt"),
        ("Sachsenwald (Forstgutsbez.),gemfr.Geb.", "Sachsenwald (Forstgutsbez.)", "gemeindefreies Gebiet"),
        ("Kreis- und  Hochschulstadt", "Kreis- und Hochschulstadt", ""),
        ("Fürstl. Löwenstein'scher Park", "Fürstl. Löwenstein'scher Park", ""),
        ("Cottbus/Chóśebuz, Stadt", "Cottbus/Chóśebuz", "Stadt"),
    ],
)
def test_the_name_stands_apart_from_what_the_place_is(official, name, designation):
    assert rows(csv(f"03251001;x;{official};64;1")) == [("03251001", name, designation, None)]


@pytest.mark.parametrize(
    ("official", "name"),
    [
        ("Osnabrück, Landkreis", "Landkreis Osnabrück"),
        ("Dithmarschen, Kreis", "Kreis Dithmarschen"),
        ("Heidekreis, Landkreis", "Heidekreis"),
        ("Region Hannover, Landkreis", "Region Hannover"),
        ("Saarbrücken, Regionalverband", "Regionalverband Saarbrücken"),
        ("Landkreis Göttingen", "Landkreis Göttingen"),
    ],
)
def test_a_kreis_of_a_csv_is_called_what_people_call_it(official, name):
    assert rows(csv(f"03459;x;{official};64;1")) == [("03459", name, "", None)]


def test_a_gemeinde_of_a_csv_lies_in_the_kreis_as_people_call_it():
    content = b'ags;name;kreis\n03459013;Dissen am Teutoburger Wald, Stadt;"Osnabr\xc3\xbcck, Landkreis"\n'

    assert rows(content) == [("03459013", "Dissen am Teutoburger Wald", "Stadt", "Landkreis Osnabrück")]


def test_a_line_that_is_cut_off_is_named():
    lines = gv100ad.whole_country()
    lines[-1] = lines[-1][:140]

    assert problems(gv100ad.content(lines))[0] == (
        len(lines),
        "Die Zeile ist nicht so aufgebaut wie in GV100AD. Ist die Datei abgeschnitten, oder hat ein Programm sie "
        "umgebrochen?",
    )


@pytest.mark.parametrize("line", ["60 broken", "70" + "2" * 218, "60" + "x" * 218, "60" + "20249931" + "1" * 210])
def test_a_line_that_means_nothing_is_named(line):
    lines = gv100ad.whole_country()

    assert [place for place, _ in problems(gv100ad.content([*lines, line]))] == [len(lines) + 1]


def test_a_file_that_ends_too_early_says_which_lander_and_towns_are_missing():
    lines = gv100ad.whole_country(l03=DIEPHOLZ)
    end = next(number for number, line in enumerate(lines) if line.startswith("40") and "Diepholz" in line) + 1

    assert problems(gv100ad.content(lines[:end])) == [
        (
            None,
            "Die Datei ist unvollständig: Es fehlt Bremen, Nordrhein-Westfalen, Hessen, Rheinland-Pfalz, "
            "Baden-Württemberg, Bayern, Saarland, Berlin, Brandenburg, Mecklenburg-Vorpommern, Sachsen, "
            "Sachsen-Anhalt und Thüringen.",
        ),
        (None, "Die Datei ist unvollständig: Es fehlen die Gemeinden von Landkreis Diepholz."),
    ]


def test_a_key_that_stands_twice_is_named_with_both_lines():
    lines = gv100ad.whole_country()
    lines.append(lines[-1])

    assert problems(gv100ad.content(lines)) == [
        (len(lines), f"Der AGS 16001000 steht schon in Zeile\u00a0{len(lines) - 1}.")
    ]


def test_a_town_without_its_kreis_is_named():
    lines = [line for line in gv100ad.whole_country(l03=DIEPHOLZ) if not line.startswith("402024013103251")]

    assert {text for _, text in problems(gv100ad.content(lines))} == {"Der Kreis 03251 steht nicht in der Datei."}


# CSV


def test_a_csv_is_read_by_its_headings():
    assert rows(csv("01001000;010010000000;Flensburg, Stadt;61;24937")) == [
        ("01001000", "Flensburg", "Stadt", None)
    ]


@pytest.mark.parametrize("ags", ["01 001 000", " 01\u00a0001\u00a0000 "])
def test_a_csv_may_write_the_key_in_groups(ags):
    assert [row[0] for row in rows(csv(f"{ags};x;Flensburg;61;1"))] == ["01001000"]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_csv_may_have_kreise_and_other_delimiters_and_encodings(delimiter, encoding):
    lines = [
        ["AGS", " Name ", "Kreis"],
        ["03251028", '"Köln, Stadt"', "Landkreis Diepholz"],
        ["03251", "Diepholz", ""],
    ]
    content = "\n".join(delimiter.join(cells) for cells in lines).encode(encoding)

    assert rows(content) == [
        ("03251028", "Köln", "Stadt", "Landkreis Diepholz"),
        ("03251", "Diepholz", "", ""),
    ]
    assert read(content).has_counties


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("1001000;x;Flensburg;61;1", "Tabellenprogramme streichen führende Nullen"),
        ("01001-000;x;Flensburg;61;1", "ist kein AGS"),
        ("٠١٠٠١٠٠٠;x;Flensburg;61;1", "ist kein AGS"),
        ("99001000;x;Flensburg;61;1", "beginnt mit keiner Nummer eines Landes"),
        ("01001000;x;;61;1", "Hier fehlt der Name."),
        ("01001000;x; , Stadt;61;1", "Hier fehlt der Name."),
        (f"01001000;x;{'x' * 161};61;1", "mehr als 160 Zeichen"),
        (f"01001000;x;Ort, {'x' * 81};61;1", "mehr als 80 Zeichen"),
        ("01001000;x;Flens\u202eburg;61;1", "ändert die Schreibrichtung"),
        ("01001000;x;MÃ¼nchen;61;1", "in einer anderen Zeichenkodierung"),
        ("01001000;x;K”ln;61;1", "in einer anderen Zeichenkodierung"),
        ("01001000;x;=HYPERLINK(1);61;1", "in einer anderen Zeichenkodierung"),
        ("01001000;x;Flensburg", "Die Zeile hat 3 statt 5 Spalten. Ist die Datei abgeschnitten?"),
        ("01001000;x;Flensburg;61;1;2", "Die Zeile hat 6 statt 5 Spalten."),
    ],
)
def test_a_line_of_a_csv_that_is_wrong_is_named(line, sentence):
    found = problems(csv("01002000;x;Kiel;61;1", line, "01003000;x;Lübeck;61;1"))

    assert [place for place, _ in found] == [3]
    assert sentence in found[0][1]


def test_a_key_that_stands_twice_in_a_csv_is_named_with_both_lines():
    assert problems(csv("01002000;x;Kiel;61;1", "", "01002000;x;Kiel;61;1")) == [
        (4, "Der AGS 01002000 steht schon in Zeile\u00a02.")
    ]


def test_a_csv_in_the_encoding_of_dos_changes_nothing():
    content = csv("05315000;x;Köln, Stadt;61;1").decode().encode("cp850")

    assert "in einer anderen Zeichenkodierung" in problems(content)[0][1]


# Files that are something else


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Die Datei ist leer."),
        (b" \r\n\n", "Die Datei ist leer."),
        (b"%PDF-1.7\n%%EOF", "Die Datei ist ein PDF."),
        (b"\x89PNG\r\n\x1a\n", "Die Datei ist ein Bild."),
        (b"MZ\x00\x01", "Die Datei ist ein Programm."),
        (b"<!doctype html><table>", "Die Datei ist eine Webseite."),
        (b"\xd0\xcf\x11\xe0abc", "alten Format"),
        (b"\x00\x01\x02\x03" * 10, "keine Textdatei"),
        (b"\x81\x8d", "lassen sich nicht lesen"),
        (b"\xff\xfe\x00", "lassen sich nicht lesen"),
        ("ags;name\n".encode("utf-16-le"), "keine Textdatei"),
        (b"Vorname;Nachname\nAnna;M", "fehlt die Überschrift „ags“ und „name“"),
        (b"ags;bezeichnung\n01001000;Flensburg", "fehlt die Überschrift „name“"),
        (b"ags;name;AGS\n01001000;Flensburg;1", "Die Spalte „ags“ gibt es zweimal."),
        (b"ags;name\n", "In der Datei steht keine Kommune."),
        (b'ags;name\n01001000;"Flensburg', "In Zeile\u00a02 schließt ein Anführungszeichen nicht"),
        (b"x" * (MAX_BYTES + 1), "größer als 10\u00a0MB"),
        (b"hallo", "fehlt die Überschrift"),
        (b"ags;name\n" + b"01001000;A\n" * 50_001, "mehr als 50000 Zeilen"),
    ],
    ids=range(19),
)
def test_a_file_that_is_no_list_says_what_it_is(content, sentence):
    assert sentence in refusal(content)


def test_an_archive_says_that_it_must_be_unpacked():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("GV100AD.txt", "x")

    assert "Bitte entpacken Sie das Archiv" in refusal(packed.getvalue())
