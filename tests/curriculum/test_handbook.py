"""The Modulhandbuch: what it says, on which page, and that a draft says that it is one."""

import re

import pytest

from curriculum.handbook import render_handbook
from curriculum.models import Aim, Audience, EditionStatus, GlossaryTerm, LearningGoal, Method, Topic
from curriculum.queries.handbook import handbook_of
from netzkoord.lib import pdf
from tests import factories
from tests.benchmarks.large_edition import large_edition
from tests.pdf import assert_pdf_ua_and_a, pdf_reader, pdf_text

HOSTILE = '"><script>alert(1)</script>{{7*7}}'


@pytest.fixture
def edition(db):
    """A small draft with something of everything that the handbook prints."""
    edition = large_edition(modules=2, units_per_module=2)
    for kept in (edition.competence_areas, edition.topics, edition.methods):
        kept.exclude(pk__in=kept.values("pk")[:2]).delete()
    for area in edition.competence_areas.all():
        area.competences.exclude(pk__in=area.competences.values("pk")[:2]).delete()
    module = edition.modules.first()
    module.title, module.requires_practice_report = f"Grundlagen {HOSTILE}", True
    module.save()
    return edition


def pages(paper):
    return [" ".join(page.extract_text().split()) for page in pdf_reader(paper).pages]


@pytest.mark.verapdf
def test_handbook_of_a_draft_is_valid_says_everything_and_on_each_page_that_it_is_a_draft(edition):
    """One paper, three looks: it takes a second to print."""
    content = handbook_of(edition)

    paper = render_handbook(content)

    assert_pdf_ua_and_a(paper)
    assert_says_everything(pdf_text(paper), content)
    assert_contents_lead_to_their_pages(pages(paper))
    assert_competences_are_whole(pages(paper), content)
    header = f"{edition.title}, 1. Fassung, Entwurf, nicht veröffentlicht"
    assert [number for number, text in enumerate(pages(paper)[1:], 2) if header not in text] == []
    assert [number for number, text in enumerate(pages(paper), 1) if "ENTWURF" not in text] == []


def assert_says_everything(text, content):
    edition = content.edition
    expected = [
        edition.title,
        "1. Fassung, Entwurf, nicht veröffentlicht",
        f"Grundlagen {HOSTILE}",
        "verlangt einen Erlebnisbericht aus der Praxis",
        *(part.text for part in edition.aims.all()),
        *(part.name for part in edition.methods.all()),
        *(part.name for part in edition.topics.all()),
        *(part.term for part in edition.glossary.all()),
        *(competence.name for area in edition.competence_areas.all() for competence in area.competences.all()),
        *(goal.text for part in content.modules for goal in part.goals),
    ]
    assert len(expected) > 20
    assert [words for words in expected if " ".join(words.split()) not in text] == []
    assert "90\u00a0Min. · Themen: Thema 01, Thema 02 · Methoden: Methode 01 Material: Karten, Stifte" in text


def assert_contents_lead_to_their_pages(paper):
    for chapter in (
        "Verantwortungskaskade",
        "Ebenen der Verantwortung",
        "Kompetenzen",
        "Methoden",
        "Themen",
        "Glossar",
    ):
        number = int(re.search(rf"{chapter}[ .]*?(\d+)", paper[1]).group(1))
        assert chapter in paper[number - 1], chapter


def assert_competences_are_whole(paper, content):
    """Each stands on one page, from its name to its modules."""
    rows = [row for part in content.cascade.areas for row in part.rows]
    whole = [
        row
        for row in rows
        if any(
            re.search(rf"{re.escape(row.competence.name)} Nicht die Menschen.*Stufe 4: .*Wird gefördert in", text)
            for text in paper
        )
    ]
    assert len(rows) == 4
    assert whole == rows


def test_units_of_a_topic_stand_in_the_order_of_the_programme(edition):
    topic = edition.topics.first()
    last, first = edition.modules.get(code="M02"), edition.modules.get(code="M01")
    topic.units.set([last.units.get(position=1), first.units.get(position=2), first.units.get(position=1)])

    units = handbook_of(edition).topics[0].units.all()

    assert [unit.title for unit in units] == ["Baustein 1.1", "Baustein 1.2", "Baustein 2.1"]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("status", "words"),
    [
        (EditionStatus.PUBLISHED, "veröffentlicht am Mi, 14. Juni 2017"),
        (EditionStatus.ARCHIVED, "Fassung, archiviert am Mi, 14. Juni 2017"),
    ],
)
def test_an_edition_that_is_no_draft_says_what_it_is(db, status, words):
    edition = factories.EditionFactory()
    factories.UnitFactory(module__edition=edition)
    factories.publish(edition)
    if status == EditionStatus.ARCHIVED:
        edition.status, edition.archived_on = status, edition.published_on
        edition.save()

    paper = render_handbook(handbook_of(edition))

    assert "ENTWURF" not in pdf_text(paper)
    assert words in pages(paper)[0].replace("\u00a0", " ")
    assert "gültig" not in pdf_text(paper)  # a cohort may still follow an archived edition


@pytest.mark.one_database
def test_an_empty_draft_has_a_handbook_that_says_so(db):
    text = pdf_text(render_handbook(handbook_of(factories.EditionFactory(abstract=""))))

    assert "Diese Fassung hat noch kein Modul." in text
    assert "Verantwortungskaskade" not in text


@pytest.mark.parametrize("count", [1, 3])
def test_handbook_query_count(django_assert_num_queries, db, count):
    edition = factories.EditionFactory()
    for number in range(count):
        module = factories.ModuleFactory(edition=edition, audiences=[Audience.MANAGER])
        goal = LearningGoal.objects.create(module=module, position=1, text=f"Ziel {number}")
        term = GlossaryTerm.objects.create(
            edition=edition, position=number, term=f"Begriff {number}", definition="x"
        )
        topic = Topic.objects.create(edition=edition, position=number, name=f"Thema {number}")
        method = Method.objects.create(edition=edition, name=f"Methode {number}")
        Aim.objects.create(edition=edition, position=number, text=f"Aufgabe {number}")
        unit = factories.UnitFactory(module=module)
        for field, part in (
            ("topics", topic),
            ("methods", method),
            ("learning_goals", goal),
            ("glossary_terms", term),
        ):
            getattr(unit, field).add(part)

    with django_assert_num_queries(18):
        content = handbook_of(edition)
        render_handbook(content)

    assert len(content.modules) == count


def test_handbook_of_a_draft_is_for_those_who_write_it(client, organiser, trainer):
    edition = factories.EditionFactory()
    address = f"/programm/{edition.pk}/modulhandbuch.pdf"
    client.force_login(organiser)

    response = client.get(address)

    assert response["Content-Type"] == "application/pdf"
    assert "modulhandbuch" in response["Content-Disposition"]
    client.force_login(trainer)
    assert client.get(address).status_code == 404


@pytest.mark.one_database
def test_handbook_that_is_too_large_says_so(client, organiser, monkeypatch):
    monkeypatch.setattr(pdf, "MAX_CHARACTERS", 100)
    client.force_login(organiser)

    response = client.get(f"/programm/{factories.EditionFactory().pk}/modulhandbuch.pdf")

    assert response.status_code == 422
    assert "zu lang für ein PDF" in response.content.decode()


def test_handbook_refuses_posts(client, organiser):
    client.force_login(organiser)

    assert client.post(f"/programm/{factories.EditionFactory().pk}/modulhandbuch.pdf").status_code == 405
