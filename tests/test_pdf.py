"""PDFs are closed to network and files, say who they are, and are valid PDF/UA-1."""

import socket
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


@pytest.fixture
def template(settings, tmp_path):
    """Writes a template that fills the block `content` of pdf/base.html."""

    def write(content: str, name: str = "document.html") -> str:
        (tmp_path / name).write_text(
            "{% extends 'pdf/base.html' %}{% block content %}" + content + "{% endblock content %}"
        )
        return name

    options = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**options, "DIRS": [*options["DIRS"], tmp_path]}]
    return write


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a PDF asked for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.verapdf
def test_document_is_tagged_and_valid(template, no_network):
    name = template(
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


def test_metadata_names_title_author_and_language(template):
    reader = pdf_reader(pdf.render(template("<h1>Bericht</h1>"), {}, title="Bericht über Łódź", description="Kurz"))

    assert reader.metadata.title == "Bericht über Łódź"
    assert reader.metadata.author == "netzkoord"
    assert reader.metadata.subject == "Kurz"
    assert reader.trailer["/Root"]["/Lang"] == "de"


def test_pages_are_numbered_and_carry_the_running_title(template):
    paper = pdf.render(template("<h1>Bericht</h1><p>eins</p><p class='page-break'>zwei</p>"), {}, title="Bericht")

    assert pdf_text(paper) == "Bericht eins Seite 1 von 2 zwei Bericht Seite 2 von 2"


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_a_user_prints_literally(template, no_network, text):
    paper = pdf.render(template("<h1>Name</h1><p>{{ name }}</p>"), {"name": text}, title=text)

    assert text in pdf_text(paper)
    assert "/EmbeddedFiles" not in pdf_reader(paper).trailer["/Root"].get("/Names", {})


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "/etc/passwd",
        "http://169.254.169.254/latest/",
        "https://example.org/x.png",
        "ftp://example.org/x",
        "data:image/png;base64,iVBORw0KGgo=",
        "static:../manage.py",
        "static:missing.png",
        "fallback:../../../etc/passwd",
        "memory:unknown",
    ],
)
@pytest.mark.parametrize(
    "markup", ["<img src='{}' alt='x'>", "<link rel=stylesheet href='{}'>", "<p style='background:url({})'>x</p>"]
)
def test_unsafe_markup_reaches_nothing(template, no_network, markup, address):
    name = template("<h1>x</h1>" + markup.format(address))

    try:
        paper = pdf.render(name, {}, title="x")
    except pdf.ForbiddenResource:
        return

    assert address == "/etc/passwd"  # without a base a path has no address at all
    assert "root:" not in pdf_text(paper)
    assert b"/Subtype /Image" not in paper


@pytest.mark.parametrize(
    "markup", ["<link rel=attachment href='file:///etc/passwd'>", "<embed src='file:///etc/passwd'>"]
)
def test_no_file_is_attached(template, markup):
    name = template("<h1>x</h1>" + markup)

    try:
        paper = pdf.render(name, {}, title="x")
    except pdf.ForbiddenResource:
        return

    assert b"/EmbeddedFile" not in paper


def test_link_that_attaches_a_file_is_refused(template):
    name = template("<h1>x</h1><p><a rel=attachment href='file:///etc/passwd'>x</a></p>")

    with pytest.raises(pdf.ForbiddenResource):
        pdf.render(name, {}, title="x")


def test_picture_that_refers_to_a_file_is_refused(template):
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>x</title>'
        '<image href="file:///etc/passwd" width="9" height="9"/></svg>'
    )

    with pytest.raises(pdf.ForbiddenResource):
        pdf.render(template("<h1>x</h1><img src='memory:a' alt='x'>"), {}, title="x", pictures={"a": svg})


@pytest.mark.verapdf
def test_letter_that_no_font_has_is_named_and_stays_valid(template):
    paper = pdf.render(
        template("<h1>Karte</h1><p>{{ text }}</p>"), {"text": "李雷\u202e \u200bgut"}, title="Karte 李"
    )

    assert "[U+674E][U+96F7] gut" in pdf_text(paper)
    assert_pdf_ua_and_a(paper)


def test_text_of_five_megabytes_is_refused_with_a_sentence(template):
    with pytest.raises(pdf.DocumentTooLarge, match="Das Dokument ist zu lang für ein PDF"):
        pdf.render(template("<p>{{ text }}</p>"), {"text": "x " * 2_500_000}, title="x")


@pytest.mark.slow
def test_too_many_pages_are_refused_with_a_sentence(template):
    pages = "<p class='page-break'>x</p>" * (pdf.MAX_PAGES + 2)

    with pytest.raises(pdf.DocumentTooLarge, match="mehr als 300 Seiten"):
        pdf.render(template(pages), {}, title="x")


BLATT = "<h1>Blatt {{ sheet.name }}</h1><img src='memory:{{ sheet.number_in_batch }}-qr' alt='{{ sheet.name }}'>"


def many(template, count, content=BLATT):
    name = template(
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
def test_many_of_a_kind_are_each_valid_and_their_own(template):
    papers = many(template, 3)

    assert [pdf_reader(paper).metadata.title for paper in papers] == ["Blatt N1", "Blatt N2", "Blatt N3"]
    for number, paper in enumerate(papers, 1):
        assert pdf_text(paper).startswith(f"Blatt N{number}")
        assert f"Figure: N{number}" in pdf_outline(paper)
        assert len(pdf_reader(paper).pages) == 1
        assert_pdf_ua_and_a(paper)


def test_many_go_in_batches(template, monkeypatch):
    monkeypatch.setattr(pdf, "BATCH", 2)

    papers = many(template, 5)

    assert [pdf_text(paper)[:8] for paper in papers] == [f"Blatt N{n}" for n in range(1, 6)]


def test_sheet_of_two_pages_keeps_both(template):
    papers = many(template, 2, "<h1>{{ sheet.name }}</h1><p class='page-break'>hinten {{ sheet.name }}</p>")

    assert [len(pdf_reader(paper).pages) for paper in papers] == [2, 2]
    assert "hinten N2" in pdf_text(papers[1])
    assert "N1" not in pdf_text(papers[1])


def test_two_threads_may_print_at_once(template):
    name = template("<h1>{{ name }}</h1>")
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
