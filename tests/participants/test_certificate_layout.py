"""Where everything stands on a certificate: nothing on something else, whoever signs and however long the names."""

from dataclasses import asdict, replace
from itertools import combinations

import pypdfium2
import pytest

from participants.certificates import render_with_pictures
from participants.imprint import Imprint, Signatory
from participants.models import Certificate
from tests.pdf import assert_pdf_ua_and_a, pdf_reader
from tests.pictures import picture

MM = 25.4 / 72
LONG_NAME = (
    "Dr.-Ing. Dr. phil. habil. Maximiliane-Alexandra Konstantina Philippa Freifrau von und zu "
    "Guttenberg-Schwarzenberg-Hohenlohe-Langenburg"
)
LONG_ISSUER = (
    "Institut für Netzwerkarbeit und kommunale Entwicklung in der Metropolregion Rhein-Ruhr mit dem Zweckverband "
    "für Fort- und Weiterbildung der Gemeinden"
)
LONG_FUNCTION = (
    "Stellvertretende Vorsitzende des Zweckverbandes für kommunale Fort- und Weiterbildung in der Metropolregion"
)
INTRO = (
    "Ein Angebot des Instituts für Netzwerkarbeit mit Förderung durch das Ministerium für Kinder, Familie "
    "und Integration des Landes und die Europäische Union, begleitet von der Hochschule für öffentliche Verwaltung "
    "in den Jahren 2026 und 2027, ohne die es nicht ginge."
)
SHORT = [("Dr. Frauke Petersen", "Leitung der Fortbildung"), ("Jens Albrecht", "Vorstand"), ("Kim Ö", "Leitung")]
LONG = [
    ("Prof. Dr. Dr. h. c. mult. Sieglinde-Charlotte von Hohenstaufen-Wittelsbach", LONG_FUNCTION),
    ("Dr.-Ing. Karl-Theodor Freiherr von und zu Guttenberg-Schwarzenberg", LONG_FUNCTION),
    ("Prof. Dr. Maximiliane-Alexandra Leutheusser-Schnarrenberger", LONG_FUNCTION),
]
PICTURES = {"a" * 64: picture((800, 180)), "b" * 64: picture((300, 90))}
KINDS = ["ATTENDANCE", "REDUCED", "QUALIFICATION", "MUNICIPALITY"]


def imprint(layout, signatories, *, is_long):
    people = (LONG if is_long else SHORT)[:signatories]
    return Imprint(
        issuer=LONG_ISSUER if is_long else "Institut für Netzwerkarbeit",
        place="Köln",
        signatories=tuple(Signatory(name, function, "b" * 64) for name, function in people),
        layout=layout,
        intro=INTRO if is_long else "",
        logo="a" * 64 if is_long else "",
        logo_alternative="Logo" if is_long else "",
    )


def module(number):
    return {
        "title": f"Modul {number}: Grundverständnis, Haltung und Rolle",
        "goals": ["Sie klären Auftrag, Rolle und Mandat mit der eigenen Leitung"] * 3,
        "competences": [{"name": f"Netzwerke verstehen {number}", "levels": ["strategisch"]}],
    }


def content_of(design, kind, name, modules=2):
    shared = {
        "version": 2,
        "name": name,
        "programme": "Netzwerkkoordination in der Kommune",
        "cohort": "Durchgang 2017/18",
        "imprint": asdict(design) | {"signatories": [asdict(each) for each in design.signatories]},
        "issued_on": "2018-07-27",
        "is_demo": False,
    }
    listed = [module(number) for number in range(modules)]
    if kind == "MUNICIPALITY":
        half = {"track": "Netzwerke verantworten", "planned_minutes": 720, "modules": listed}
        halves = [half | {"role": role} for role in ("Führungskraft", "Koordinierungskraft")]
        return shared | {
            "kind": kind,
            "heading": "Urkunde",
            "first_on": "2017-12-07",
            "last_on": "2018-07-06",
            "halves": halves,
        }
    done = {"title": "Ein Netz für frühe Hilfen", "units": 2, "completed_on": "2018-07-01"}
    day = {"minutes": 360, "is_half": False, "half": "", "place": "Haus Lindenhof, Köln", "format": "Präsenz"}
    is_qualified = kind == "QUALIFICATION"
    return shared | {
        "kind": "QUALIFICATION" if is_qualified else "ATTENDANCE",
        "heading": "Zertifikat" if is_qualified else "Teilnahmebescheinigung",
        "role": "Koordinierungskraft",
        "municipality": "Herne",
        "track": "Angebot für Koordinierungskräfte",
        "format": "Präsenz",
        "days": [day | {"date": f"2018-02-{number:02}"} for number in range(1, 5)],
        "planned_minutes": 1440,
        "attended_minutes": 720 if kind == "REDUCED" else 1440,
        "is_reduced": kind == "REDUCED",
        "made_up_minutes": 0,
        "project": done if is_qualified else None,
        "colloquium": done if is_qualified else None,
        "modules": listed,
        "trainers": ["Prof. Dr. Thea Trainer"],
    }


def paper_of(content):
    certificate = Certificate(kind=content["kind"], year=2018, ordinal=17, code="0" * 32, content=content)
    return render_with_pictures(certificate, PICTURES)


def lines_of(page):
    """Every piece of text of a page: left, top, right, bottom in mm from the upper left, and what it says."""
    text, height = page.get_textpage(), page.get_height()
    for number in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(number)
        box = (left * MM, (height - top) * MM, right * MM, (height - bottom) * MM)
        yield box, text.get_text_bounded(left, bottom, right, top).strip()


def lie_on_each_other(one, other):
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return width > 0.3 and height > 0.3


def assert_nothing_on_something_else(paper):
    for page in pypdfium2.PdfDocument(paper):
        width, height = page.get_width() * MM, page.get_height() * MM
        lines = list(lines_of(page))
        clashes = [(a[1], b[1]) for a, b in combinations(lines, 2) if lie_on_each_other(a[0], b[0])]
        assert clashes == []
        assert [text for box, text in lines if box[0] < 8 or box[2] > width - 8 or box[3] > height - 8] == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("is_long", [False, True])
@pytest.mark.parametrize("signatories", [1, 2, 3])
@pytest.mark.parametrize("layout", ["PORTRAIT", "LANDSCAPE"])
def test_nothing_is_printed_on_something_else(settings, layout, signatories, is_long, kind):
    settings.BASE_URL = "https://netzkoord.example"
    design = imprint(layout, signatories, is_long=is_long)

    paper = paper_of(content_of(design, kind, LONG_NAME if is_long else "Anna Berg"))

    assert_nothing_on_something_else(paper)
    if not is_long:
        assert len(pypdfium2.PdfDocument(paper)) == 1


@pytest.mark.parametrize("layout", ["PORTRAIT", "LANDSCAPE"])
def test_three_sign_in_one_row(layout):
    paper = paper_of(content_of(imprint(layout, 3, is_long=False), "ATTENDANCE", "Anna Berg"))

    (page,) = pypdfium2.PdfDocument(paper)
    last_names = [name.split()[-1] for name, _ in SHORT]
    names = [(box[1], text) for box, text in lines_of(page) if any(name in text for name in last_names)]
    assert [name for name in last_names if not any(name in text for _, text in names)] == []
    tops = [top for top, _ in names]
    assert max(tops) - min(tops) < 2


@pytest.mark.verapdf
@pytest.mark.parametrize("layout", ["PORTRAIT", "LANDSCAPE"])
def test_paper_of_several_pages_says_on_each_whose_it_is(layout):
    name = "Łucja M̂arija von und zu Größenwahn"
    paper = paper_of(content_of(imprint(layout, 2, is_long=False), "QUALIFICATION", name, modules=16))

    pages = [page.extract_text() for page in pdf_reader(paper).pages]
    for number, text in enumerate(pages, 1):
        assert "".join(f"{name} · Nr. 2018-00017".split()) in "".join(text.split())
        assert f"Seite {number} von {len(pages)}" in text
    assert len(pages) > 1
    assert_nothing_on_something_else(paper)
    assert_pdf_ua_and_a(paper)


def test_paper_of_one_page_does_not_count_it():
    paper = paper_of(content_of(imprint("PORTRAIT", 1, is_long=False), "ATTENDANCE", "Anna Berg"))

    assert "Seite" not in pdf_reader(paper).pages[0].extract_text().replace("die Seite", "")


@pytest.mark.verapdf
def test_what_is_too_much_for_the_left_half_stands_one_below_the_other():
    content = content_of(imprint("LANDSCAPE", 3, is_long=True), "QUALIFICATION", f"{LONG_NAME} {LONG_NAME}")
    content |= {"municipality": LONG_FUNCTION, "programme": LONG_ISSUER + " " + "und darüber hinaus" * 2}

    paper = paper_of(content)

    page = pdf_reader(paper).pages[0]
    assert page.mediabox.width > page.mediabox.height
    assert_nothing_on_something_else(paper)
    assert_pdf_ua_and_a(paper)


def test_room_that_is_left_is_used():
    """With intro and logo the letters get no smaller than they must."""
    design = replace(imprint("PORTRAIT", 2, is_long=False), intro=INTRO, logo="a" * 64, logo_alternative="Logo")

    paper = paper_of(content_of(design, "QUALIFICATION", "Prof. Dr. Ulrike Freifrau von der Mühlen", modules=1))

    (page,) = pypdfium2.PdfDocument(paper)
    boxes = list(lines_of(page))
    end = next(box[1] for box, text in boxes if text.startswith("Institut für Netzwerkarbeit"))
    last = max(box[3] for box, _ in boxes if box[3] < end)
    assert 3 < end - last < 25


def test_goals_that_are_sentences_follow_each_other_without_a_dot():
    content = content_of(imprint("PORTRAIT", 1, is_long=False), "ATTENDANCE", "Anna Berg")
    content["modules"][0]["goals"] = ["Sie wissen, wann nicht.", "Sie kennen Ihren Teil", "Sie klären"]

    text = " ".join(pdf_reader(paper_of(content)).pages[0].extract_text().split())

    assert "wann nicht. Sie kennen Ihren Teil · Sie klären" in text
