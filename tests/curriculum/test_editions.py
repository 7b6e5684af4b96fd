"""Editions of the programme as they are read."""

import pytest
from django.urls import reverse

from curriculum.models import (
    Audience,
    Competence,
    CompetenceArea,
    CompetenceProfile,
    Responsibility,
    ResponsibilityLevel,
    Topic,
)
from curriculum.queries import edition_page
from tests import factories


def fill(edition, count):
    """`count` modules, each with as many units, topics and competences."""
    level = ResponsibilityLevel.objects.create(
        edition=edition, position=1, kind=Responsibility.NORMATIVE, question="Wozu?", responsible="Rat"
    )
    for number in range(count):
        module = factories.ModuleFactory(edition=edition)
        topic = Topic.objects.create(edition=edition, position=number, name=f"Thema {number}")
        for unit in factories.UnitFactory.create_batch(count, module=module):
            unit.topics.add(topic)
        area = CompetenceArea.objects.create(edition=edition, position=number, name=f"Bereich {number}")
        competence = Competence.objects.create(area=area, position=1, name=f"Kompetenz {number}")
        competence.modules.add(module)
        for track in edition.tracks.all():
            CompetenceProfile.objects.create(
                track=track, competence=competence, responsibility_level=level, target_level=3
            )


@pytest.mark.parametrize("count", [1, 3])
def test_edition_list_query_count(client, reader, django_assert_num_queries, count):
    factories.EditionFactory.create_batch(count)
    client.force_login(reader)

    with django_assert_num_queries(5):
        response = client.get("/programm/")

    assert response.content.decode().count("1. Fassung") == count


def test_empty_edition_list_says_so(client, reader):
    client.force_login(reader)

    assert "Es ist noch keine Fassung des Programms eingerichtet." in client.get("/programm/").content.decode()


@pytest.mark.parametrize("path", ["/programm/", "/programm/1/"])
def test_editions_forbidden_without_permission(client, stranger, path):
    client.force_login(stranger)

    assert client.get(path).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_edition_detail_query_count(client, trainer, django_assert_num_queries, count):
    edition = factories.EditionFactory()
    fill(edition, count)
    client.force_login(trainer)

    with django_assert_num_queries(19):
        response = client.get(edition.get_absolute_url())

    assert response.content.decode().count("Bausteine von ") == 2 * count


def test_edition_page_adds_up_minutes_per_module_and_track(db):
    edition = factories.EditionFactory()
    both = factories.ModuleFactory(edition=edition)
    coordinators = factories.ModuleFactory(edition=edition, audiences=[Audience.COORDINATOR])
    factories.UnitFactory.create_batch(2, module=both, minutes=90)
    factories.UnitFactory(module=coordinators, minutes=45)

    page = edition_page(edition)

    assert [part.minutes for part in page.modules] == [180, 45]
    assert {part.audience: part.minutes for part in page.tracks} == {
        Audience.MANAGER: 180,
        Audience.COORDINATOR: 225,
    }
    assert page.minutes == 225


def test_edition_page_knows_what_the_cascade_says_and_what_it_does_not(db):
    edition = factories.EditionFactory()
    fill(edition, 1)
    CompetenceProfile.objects.get(track__audience=Audience.MANAGER).delete()

    page = edition_page(edition)

    manager, coordinator = page.cascade.areas[0].rows[0].targets
    assert page.cascade.audiences == (Audience.MANAGER, Audience.COORDINATOR)
    assert (manager.level, manager.word) == (None, "keine Angabe")
    assert (coordinator.level, coordinator.word) == (3, "anwenden")


def test_edition_page_asks_nothing_more_once_it_is_read(db, django_assert_num_queries):
    edition = factories.EditionFactory()
    fill(edition, 2)
    page = edition_page(edition)

    with django_assert_num_queries(0):
        assert [unit.topics[0].name for part in page.modules for unit in part.units] == [
            "Thema 0",
            "Thema 0",
            "Thema 1",
            "Thema 1",
        ]


def test_edition_detail_marks_modules_without_a_practice_report(client, organiser):
    edition = factories.EditionFactory()
    factories.UnitFactory(module__edition=edition, has_practice_report=True)
    client.force_login(organiser)

    assert "hat noch keinen Erlebnisbericht" not in client.get(edition.get_absolute_url()).content.decode()

    factories.UnitFactory(module__edition=edition)

    assert "hat noch keinen Erlebnisbericht" in client.get(edition.get_absolute_url()).content.decode()


def test_edition_detail_prints_markup_literally(client, organiser):
    edition = factories.EditionFactory(note="<script>alert(1)</script>")
    factories.UnitFactory(module__edition=edition, title="{{ 7|add:7 }}<img src=x>")
    client.force_login(organiser)

    page = client.get(edition.get_absolute_url()).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{ 7|add:7 }}&lt;img src=x&gt;" in page


def test_edition_detail_that_is_not_there(client, organiser):
    client.force_login(organiser)

    assert client.get(reverse("curriculum:edition_detail", args=[10**20])).status_code == 404
