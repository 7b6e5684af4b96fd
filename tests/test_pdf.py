"""PDFs say who they are, print what was typed, and are valid PDF/UA-1. What attacks them: test_pdf_attacks."""

import threading

import pytest

from netzkoord.lib import pdf, qr
from tests.pdf import assert_pdf_ua_and_a, pdf_outline, pdf_reader, pdf_text

HOSTILE = [
    "<img src=file:///etc/passwd>",
    '<img src="file:///etc/passwd" alt="x">',
    "<link rel=attachment href=file:///etc/passwd>",
    "<style>@import url(http://169.254.169.254/latest/);</style>",
    '"><script>alert(1)</script>',
    "{{ 7*7 }}{% load static %}{0.__class__}%s${{}}",
]


@pytest.mark.verapdf
def test_document_is_tagged_and_valid(pdf_template):
    name = pdf_template(
        "<h1>Bericht</h1><h2>Zahlen</h2><table><caption>Werte</caption><thead><tr><th scope='col'>Frage</th>"
        "<th scope='col'>Wert</th></tr></thead><tbody><tr><th scope='row'>Nutzen</th><td>4,5</td></tr></tbody>"
        "</table><figure><img src='memory:qr' alt='QR-Code zur Prüfung'></figure>"
    )

    paper = pdf.render(name, {}, title="Bericht", pictures={"qr": qr.svg("https://x.example", title="QR-Code")})

    assert pdf_outline(paper) == [
        *["Document", "H1", "H2", "Table", "Caption", "THead", "TR", "TH", "TH"],
        *["TBody", "TR", "TH", "TD of 2", "Figure: QR-Code zur Prüfung"],
    ]
    assert_pdf_ua_and_a(paper)


def test_metadata_names_title_author_and_language(pdf_template):
    reader = pdf_reader(
        pdf.render(pdf_template("<h1>Bericht</h1>"), {}, title="Bericht über Łódź", description="Kurz")
    )

    assert reader.metadata.title == "Bericht über Łódź"
    assert reader.metadata.author == "netzkoord"
    assert reader.metadata.subject == "Kurz"
    assert reader.trailer["/Root"]["/Lang"] == "de"


def test_pages_are_numbered_and_carry_the_running_title(pdf_template):
    paper = pdf.render(
        pdf_template("<h1>Bericht</h1><p>eins</p><p class='page-break'>zwei</p>"), {}, title="Bericht"
    )

    assert pdf_text(paper) == "Bericht eins Seite 1 von 2 zwei Bericht Seite 2 von 2"


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_a_user_prints_literally(pdf_template, text):
    paper = pdf.render(pdf_template("<h1>Name</h1><p>{{ name }}</p>"), {"name": text}, title=text)

    assert text in pdf_text(paper)
    assert "/EmbeddedFiles" not in pdf_reader(paper).trailer["/Root"].get("/Names", {})


@pytest.mark.verapdf
def test_letter_that_no_font_has_is_named_and_stays_valid(pdf_template):
    paper = pdf.render(
        pdf_template("<h1>Karte</h1><p>{{ text }}</p>"), {"text": "李雷\u202e \u200bgut"}, title="Karte 李"
    )

    assert "[U+674E][U+96F7] gut" in pdf_text(paper)
    assert_pdf_ua_and_a(paper)


BLATT = "<h1>Blatt {{ sheet.name }}</h1><img src='memory:{{ sheet.number_in_batch }}-qr' alt='{{ sheet.name }}'>"


def many(pdf_template, count, content=BLATT):
    name = pdf_template(
        "{% for sheet in sheets %}<article class='sheet' id='sheet-{{ sheet.number_in_batch }}'>"
        + content
        + "</article>{% endfor %}"
    )
    sheets = [
        pdf.Sheet(
            {"name": f"N{n}"}, title=f"Blatt N{n}", pictures={"qr": qr.svg(f"https://x.example/{n}", title="QR")}
        )
        for n in range(1, count + 1)
    ]
    return list(pdf.render_many(name, sheets))


@pytest.mark.verapdf
def test_many_of_a_kind_are_each_valid_and_their_own(pdf_template):
    papers = many(pdf_template, 3)

    assert [pdf_reader(paper).metadata.title for paper in papers] == ["Blatt N1", "Blatt N2", "Blatt N3"]
    for number, paper in enumerate(papers, 1):
        assert pdf_text(paper).startswith(f"Blatt N{number}")
        assert f"Figure: N{number}" in pdf_outline(paper)
        assert len(pdf_reader(paper).pages) == 1
        assert_pdf_ua_and_a(paper)


def test_many_keep_their_order(pdf_template, monkeypatch):
    monkeypatch.setattr(pdf, "AHEAD", 2)

    papers = many(pdf_template, 5)

    assert [pdf_text(paper)[:8] for paper in papers] == [f"Blatt N{n}" for n in range(1, 6)]


def test_sheet_of_two_pages_keeps_both(pdf_template):
    papers = many(pdf_template, 2, "<h1>{{ sheet.name }}</h1><p class='page-break'>hinten {{ sheet.name }}</p>")

    assert [len(pdf_reader(paper).pages) for paper in papers] == [2, 2]
    assert "hinten N2" in pdf_text(papers[1])
    assert "N1" not in pdf_text(papers[1])


def test_two_threads_may_print_at_once(pdf_template):
    name = pdf_template("<h1>{{ name }}</h1>")
    papers = {}

    def work(key):
        papers[key] = pdf.render(name, {"name": key}, title=key)

    threads = [threading.Thread(target=work, args=[f"Faden {n}"]) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {key: pdf_text(paper).startswith(key) for key, paper in papers.items()} == dict.fromkeys(papers, True)
    assert len(papers) == 3
