"""What an edition leaves open."""

import pytest

from curriculum.models import (
    Audience,
    Competence,
    CompetenceArea,
    CompetenceProfile,
    LearningGoal,
    Responsibility,
    ResponsibilityLevel,
    Topic,
)
from curriculum.queries.gaps import edition_gaps
from tests import factories


@pytest.fixture
def edition(db):
    return factories.EditionFactory()


@pytest.fixture
def area(edition):
    return CompetenceArea.objects.create(edition=edition, position=1, name="Fachkompetenz")


def url(edition):
    return f"/programm/{edition.pk}/luecken/"


def texts(edition, key):
    return [gap.text for group in edition_gaps(edition).groups if group.key == key for gap in group.gaps]


def fill(edition, area, count):
    """`count` gaps of each kind."""
    level, _ = ResponsibilityLevel.objects.get_or_create(
        edition=edition,
        kind=Responsibility.NORMATIVE,
        defaults={"position": 1, "question": "?", "responsible": "?"},
    )
    for number in range(count):
        Competence.objects.create(area=area, position=number, name=f"Kompetenz {number}")
        Topic.objects.create(edition=edition, position=number, name=f"Thema {number}")
        module = factories.ModuleFactory(
            edition=edition, requires_practice_report=True, audiences=[Audience.COORDINATOR]
        )
        LearningGoal.objects.create(module=module, position=1, text=f"Lernziel {number}")
        served = Competence.objects.create(area=area, position=100 + number, name=f"Gefördert {number}")
        served.modules.add(factories.ModuleFactory(edition=edition, audiences=[Audience.COORDINATOR]))
        CompetenceProfile.objects.create(
            track=factories.TrackFactory(edition=edition, audience=Audience.MANAGER),
            competence=served,
            responsibility_level=level,
            target_level=3,
        )


@pytest.mark.parametrize("count", [1, 3])
def test_edition_gaps_query_count(client, organiser, edition, area, django_assert_num_queries, count):
    fill(edition, area, count)
    client.force_login(organiser)

    with django_assert_num_queries(11):
        response = client.get(url(edition))

    assert [len(group.gaps) for group in response.context["page"].groups] == [count] * 6


def states(edition):
    return {
        group.key: "fehlt" if group.gaps else "nichts da" if group.is_absent else "gut"
        for group in edition_gaps(edition).groups
    }


def test_edition_without_gaps_says_so_for_each_kind(client, organiser, edition, area):
    competence = Competence.objects.create(area=area, position=1, name="Vertrauen aufbauen")
    competence.modules.add(factories.ModuleFactory(edition=edition))
    client.force_login(organiser)

    page = client.get(url(edition)).content.decode()

    assert "Es gibt keine Lücke." in page
    assert "Jede Kompetenz wird von mindestens einem Modul gefördert." in page
    assert "Jedes Modul fördert mindestens eine Kompetenz." in page


def test_edition_with_nothing_in_it_says_so_and_where_to_begin(client, organiser, reader, edition):
    client.force_login(organiser)

    page = client.get(url(edition)).content.decode()

    assert "Noch steht nichts in dieser Fassung." in page
    assert f'href="/programm/{edition.pk}/module/neu/"' in page
    assert "Jede Kompetenz wird" not in page
    assert "Es gibt keine Lücke" not in page

    factories.publish(edition)
    client.force_login(reader)
    page = client.get(url(edition)).content.decode()

    assert "Diese Fassung beschreibt weder Module noch Kompetenzen." in page
    assert "/module/neu/" not in page


def test_what_an_edition_does_not_have_is_neither_a_gap_nor_praised(client, organiser, edition):
    module = factories.ModuleFactory(edition=edition)
    client.force_login(organiser)

    page = client.get(url(edition)).content.decode()

    nothing = dict.fromkeys(["kompetenzen", "zielstufen", "themen", "lernziele", "merkmale"], "nichts da")
    assert states(edition) == nothing | {"module": "fehlt"}
    assert "Die Fassung beschreibt keine Kompetenz." in page
    assert "Jede Kompetenz wird" not in page

    module.requires_practice_report = True
    module.save()
    factories.UnitFactory(module=module, has_practice_report=True)
    assert states(edition)["merkmale"] == "gut"


def test_competence_without_a_module_is_a_gap(edition, area):
    competence = Competence.objects.create(area=area, position=1, name="Vertrauen aufbauen")

    assert texts(edition, "kompetenzen") == [
        "„Vertrauen aufbauen“ (Fachkompetenz): Kein Modul fördert diese Kompetenz."
    ]

    competence.modules.add(factories.ModuleFactory(edition=edition))

    assert texts(edition, "kompetenzen") == []


def test_target_that_no_module_of_the_track_serves_is_a_gap(edition, area):
    level = ResponsibilityLevel.objects.create(
        edition=edition, position=1, kind=Responsibility.STRATEGIC, question="Was?", responsible="Amt"
    )
    competence = Competence.objects.create(area=area, position=1, name="Netzwerke aufbauen")
    competence.modules.add(factories.ModuleFactory(edition=edition, audiences=[Audience.COORDINATOR]))
    for audience in Audience:
        CompetenceProfile.objects.create(
            track=factories.TrackFactory(edition=edition, audience=audience),
            competence=competence,
            responsibility_level=level,
            target_level=2,
        )

    assert texts(edition, "zielstufen") == [
        "„Netzwerke aufbauen“: Von Führungskräften ist strategisch Stufe\u00a02 verlangt, "
        "aber kein Modul ihres Angebots fördert die Kompetenz."
    ]

    CompetenceProfile.objects.filter(track__audience=Audience.MANAGER).update(target_level=0)

    assert texts(edition, "zielstufen") == []


def test_topic_and_goal_without_a_unit_are_gaps(edition):
    topic = Topic.objects.create(edition=edition, position=1, name="Rolle und Mandat")
    unit = factories.UnitFactory(module=factories.ModuleFactory(edition=edition, code="K1"))
    goal = LearningGoal.objects.create(module=unit.module, position=1, text="Sie kennen Ihre Rolle.")

    assert texts(edition, "themen") == ["„Rolle und Mandat“: Kein Baustein behandelt dieses Thema."]
    assert texts(edition, "lernziele") == ["K1: „Sie kennen Ihre Rolle.“"]

    unit.topics.add(topic)
    unit.learning_goals.add(goal)

    assert texts(edition, "themen") == texts(edition, "lernziele") == []


def test_module_without_what_it_requires_is_a_gap(edition):
    module = factories.ModuleFactory(
        edition=edition, code="K2", title="Aufbau", requires_practice_report=True, requires_attitude_unit=True
    )
    factories.UnitFactory.create_batch(2, module=module, has_practice_report=True)

    assert texts(edition, "merkmale") == [
        "K2 Aufbau: Das Modul verlangt einen Baustein zur Haltung, hat aber keinen."
    ]


def test_module_without_a_competence_is_a_gap(edition):
    factories.ModuleFactory(edition=edition, code="K2", title="Aufbau")

    assert texts(edition, "module") == ["K2 Aufbau: Keine Kompetenz nennt dieses Modul."]


def test_edition_gaps_lead_to_where_they_are_mended(client, organiser, edition, area):
    competence = Competence.objects.create(area=area, position=1, name="Vertrauen aufbauen")
    client.force_login(organiser)

    assert f'href="/kompetenzen/{competence.pk}/bearbeiten/"' in client.get(url(edition)).content.decode()


def test_edition_gaps_of_a_published_edition_lead_nowhere(client, reader, organiser, edition, area):
    competence = Competence.objects.create(area=area, position=1, name="Vertrauen aufbauen")
    factories.publish(edition)

    for user in (reader, organiser):
        client.force_login(user)
        page = client.get(url(edition)).content.decode()
        assert "Kein Modul fördert diese Kompetenz." in page
        assert f"/kompetenzen/{competence.pk}/" not in page


def test_edition_gaps_of_a_draft_do_not_exist_for_readers(client, reader, edition):
    client.force_login(reader)

    assert client.get(url(edition)).status_code == 404
