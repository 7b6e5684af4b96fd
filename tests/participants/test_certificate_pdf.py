"""The paper: what it says, how it is built, and that it is valid whatever the name."""

import datetime
import json
import socket

import pytest
import time_machine
from django.urls import reverse

from netzkoord.models import Installation
from participants.certificates import render_certificate, render_certificates
from participants.models import Certificate
from tests.participants.finished import attending, certificate_for, finished_cohort
from tests.pdf import assert_pdf_ua_and_a, pdf_outline, pdf_reader, pdf_text

NAMES = [
    "Prof. Dr. Łucja von und zu Größenwahn-Şahin",
    "Nguyễn Thị Ánh M̂arija C̆ẞ",
    '"><script>alert(1)</script>',
    "<img src=file:///etc/passwd>",
    "<link rel=attachment href=file:///etc/passwd>",
    "@import url(http://169.254.169.254/)",
    "{{7*7}} {% load static %} {0.__class__} %s",
    ("Maximiliane-Friederike-Charlotte-Oberhuber-" * 3)[:59] + " " + ("von-der-Leyendecker-Donnersmarck-" * 3)[:60],
]


@pytest.fixture
def cohort(db):
    return finished_cohort()


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a PDF asked for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def paper_for(cohort, organiser, name):
    return render_certificate(certificate_for(attending(cohort, given_names="", family_name=name), organiser))


@pytest.mark.verapdf
def test_paper_says_everything_on_one_page(cohort, organiser):
    certificate = certificate_for(attending(cohort, given_names="Anna", family_name="Berg"), organiser)

    paper = render_certificate(certificate)

    text = pdf_text(paper).replace("\u00a0", " ")
    for part in [
        "Teilnahmebescheinigung",
        "Anna Berg",
        "Koordinierungskraft, Stadt",
        "„Netzwerkkoordination in der Kommune“",
        "hat an der Fortbildung „Netzwerkkoordination in der Kommune“ teilgenommen und 16 von 16 "
        "Unterrichtseinheiten (UE) zu je 45 Minuten besucht.",
        "Durchgang 2017/18",
        "Haus Durchgang 2017/18, Hannover",
        "Prof. Dr. Thea Trainer",
        "Grundlagen der Netzwerkarbeit",
        "Netzwerke analysieren · Konflikte moderieren",
        "Köln, ",
        "Dr. Anna Beispiel",
        "Leitung der Fortbildung",
        "Institut für Netzwerkarbeit",
        f"Nr. {certificate.number}",
        f"http://testserver/pruefen/{certificate.code}/",
    ]:
        assert part in text
    assert "Demo" not in text
    assert len(pdf_reader(paper).pages) == 1
    assert_pdf_ua_and_a(paper)


@pytest.mark.one_database
def test_paper_is_built_for_screen_readers(cohort, organiser):
    paper = paper_for(cohort, organiser, "Anna Berg")

    outline = [tag for tag in pdf_outline(paper) if tag != "Div"]
    assert outline[:7] == ["Document", "Art", "Figure: Zeichen von netzkoord", "P", "H1", "P", "P"]
    assert outline.count("H1") == 1
    assert outline.count("TH") == outline.count("TD of 1") == 5
    assert "H2" in outline
    assert any(tag.startswith("Figure: QR-Code zur Prüfung: http://testserver/pruefen/") for tag in outline)
    assert pdf_reader(paper).metadata.title.startswith("Teilnahmebescheinigung 20")


@pytest.mark.verapdf
@pytest.mark.parametrize("name", NAMES)
def test_every_name_prints_literally_on_one_page(cohort, organiser, no_network, name):
    paper = paper_for(cohort, organiser, name)

    letters = "".join(pdf_text(paper).split())
    assert "".join(name.split()) in letters
    assert "root:" not in letters
    assert len(pdf_reader(paper).pages) == 1
    assert_pdf_ua_and_a(paper)


@pytest.mark.one_database
def test_paper_of_the_demo_says_so(cohort, organiser):
    Installation.objects.create(is_demo=True)

    assert "Demo – erfundene Person" in pdf_text(paper_for(cohort, organiser, "Anna Berg"))


@pytest.mark.verapdf
def test_many_modules_and_days_flow_on_without_loss(cohort, organiser):
    certificate = certificate_for(attending(cohort), organiser)
    module = {"title": "Netzwerke verstehen", "goals": ["die Rolle der Koordination beschreiben"] * 8}
    certificate.content["modules"] = [module | {"title": f"Modul {n}"} for n in range(20)]

    paper = render_certificate(certificate)

    text = pdf_text(paper)
    assert [n for n in range(20) if f"Modul {n}" not in text] == []
    assert certificate.number in text
    assert_pdf_ua_and_a(paper)


@pytest.mark.verapdf
def test_papers_made_together_are_each_valid_and_their_own(cohort, organiser):
    certificates = [certificate_for(attending(cohort), organiser) for _ in range(3)]

    papers = list(render_certificates(certificates))

    for certificate, paper in zip(certificates, papers, strict=True):
        text = pdf_text(paper)
        assert [certificate.number in text for certificate in certificates].count(True) == 1
        assert certificate.number in text
        assert certificate.number in pdf_reader(paper).metadata.title
        assert data_in(paper)["number"] == certificate.number
        assert_pdf_ua_and_a(paper)


def data_in(paper):
    """The only file inside the PDF."""
    (name, (content,)), *others = pdf_reader(paper).attachments.items()
    assert (name, others) == ("bescheinigung.json", [])
    return json.loads(content)


def test_paper_carries_its_data_for_machines(cohort, organiser):
    certificate = certificate_for(attending(cohort, family_name='Größe"><script>'), organiser)

    data = data_in(bytes(certificate.paper.pdf))

    assert data == {
        "format": "netzkoord-certificate",
        "version": 1,
        "kind": "ATTENDANCE",
        "number": certificate.number,
        "code": certificate.code,
        "check_address": f"http://testserver{reverse('participants:certificate_verify', args=[certificate.code])}",
        "issued_at": certificate.issued_at.astimezone(datetime.UTC).isoformat(timespec="seconds"),
        "content": certificate.content,
    }


def test_data_of_the_paper_is_associated_with_it(cohort, organiser):
    certificate = certificate_for(attending(cohort), organiser)

    (associated,) = pdf_reader(bytes(certificate.paper.pdf)).trailer["/Root"]["/AF"]

    file = associated.get_object()
    assert file["/AFRelationship"] == "/Data"
    assert file["/EF"]["/F"]["/Subtype"] == "/application/json"
    issued_at = certificate.issued_at.astimezone(datetime.UTC)
    assert file["/EF"]["/F"]["/Params"]["/ModDate"] == f"D:{issued_at:%Y%m%d%H%M%S}Z"


def test_paper_is_the_same_whenever_it_is_made(cohort, organiser):
    certificate = certificate_for(attending(cohort), organiser)

    with time_machine.travel(certificate.issued_at + datetime.timedelta(days=400)):
        again = render_certificate(Certificate.objects.get(pk=certificate.pk))

    assert again == bytes(certificate.paper.pdf)
