"""Editions of the programme as they are read: the list, the overview, and the pages of who takes part."""

import re

import pytest
from django.urls import reverse

from curriculum.models import (
    Aim,
    Audience,
    Competence,
    CompetenceArea,
    CompetenceProfile,
    GlossaryTerm,
    LearningGoal,
    Method,
    Responsibility,
    ResponsibilityLevel,
    Topic,
)
from curriculum.queries.editions import edition_overview
from tests import factories


def fill(edition, count):
    """`count` modules, each with as many units and everything that belongs to them."""
    level = ResponsibilityLevel.objects.create(
        edition=edition, position=1, kind=Responsibility.NORMATIVE, question="Wozu?", responsible="Rat"
    )
    for number in range(1, count + 1):
        Aim.objects.create(edition=edition, position=number, text=f"Ziel {number}")
        Method.objects.create(edition=edition, name=f"Methode {number}")
        GlossaryTerm.objects.create(edition=edition, position=number, term=f"Begriff {number}", definition="So.")
        module = factories.ModuleFactory(edition=edition)
        LearningGoal.objects.create(module=module, position=1, text="Sie erklären Netzwerke.")
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


def text_of(response):
    """What the page says, without its tags."""
    plain = re.sub(r"<[^>]*>", " ", response.content.decode())
    return re.sub(r"\s+", " ", plain.replace("&nbsp;", " ").replace("\u00a0", " "))


@pytest.fixture
def participant(db):
    """A participant of a published edition with one module of two units."""
    registration = factories.RegistrationFactory(accepted=True)
    edition = registration.cohort.edition
    module = factories.ModuleFactory(edition=edition, code="K1", title="Grundverständnis")
    factories.UnitFactory(module=module, title="Arten von Netzwerken", minutes=90)
    factories.publish(edition)
    return registration


@pytest.mark.parametrize("count", [1, 3])
def test_edition_list_query_count(client, reader, django_assert_num_queries, count):
    for edition in factories.EditionFactory.create_batch(count):
        factories.publish(edition)
    client.force_login(reader)

    with django_assert_num_queries(6):
        response = client.get("/programm/")

    assert response.content.decode().count('<section aria-labelledby="programm-') == count


@pytest.mark.parametrize("count", [1, 3])
def test_edition_list_query_count_within_one_programme(client, organiser, django_assert_num_queries, count):
    programme = factories.ProgrammeFactory()
    for edition in factories.EditionFactory.create_batch(count, programme=programme):
        factories.CohortFactory(edition=factories.publish(edition))
    client.force_login(organiser)

    with django_assert_num_queries(6):
        response = client.get("/programm/")

    assert len(re.findall(r'href="/programm/name/\d+/"', response.content.decode())) == 1
    assert len(re.findall(r'<th scope="row"><a href="/programm/\d+/">', response.content.decode())) == count


def test_edition_list_names_state_date_and_number_of_cohorts(client, reader):
    older = factories.publish(factories.EditionFactory(title="Netzwerke", number=1))
    factories.CohortFactory.create_batch(2, edition=older)
    newer = factories.EditionFactory(title="Netzwerke", programme=older.programme, number=2, replaces=older)
    factories.publish(newer)
    client.force_login(reader)

    text = text_of(client.get("/programm/"))

    assert "2. Fassung Netzwerke veröffentlicht Mi, 14. Juni 2017 ersetzt die 1. Fassung –" in text
    assert "1. Fassung Netzwerke veröffentlicht Mi, 14. Juni 2017 2" in text


def test_drafts_are_seen_by_who_may_write_them_only(client, organiser, reader, trainer):
    draft = factories.EditionFactory(title="Noch geheim")

    for user, status, shown in ((organiser, 200, True), (reader, 404, False), (trainer, 404, False)):
        client.force_login(user)
        assert client.get(draft.get_absolute_url()).status_code == status
        assert ("Noch geheim" in client.get("/programm/").content.decode()) is shown


def test_edition_list_offers_the_draft_that_exists_instead_of_another(client, organiser):
    edition = factories.publish(factories.EditionFactory(number=1))
    client.force_login(organiser)
    assert "Neuen Entwurf aus der 1. Fassung anlegen" in text_of(client.get("/programm/"))

    factories.EditionFactory(programme=edition.programme, number=2, replaces=edition)

    text = text_of(client.get("/programm/"))
    assert "Am Entwurf der 2. Fassung weiterarbeiten" in text
    assert "Neuen Entwurf" not in text


def test_empty_edition_list_says_what_comes_next(client, organiser, reader):
    client.force_login(reader)
    assert "Es ist noch keine Fassung des Programms veröffentlicht." in text_of(client.get("/programm/"))

    client.force_login(organiser)
    page = client.get("/programm/").content.decode()
    assert "Es ist noch kein Programm angelegt." in page
    assert page.count(reverse("curriculum:programme_add")) == 1


@pytest.mark.parametrize("path", ["/programm/", "/programm/1/"])
def test_editions_forbidden_without_permission(client, stranger, path):
    client.force_login(stranger)

    assert client.get(path).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_edition_detail_query_count(client, trainer, django_assert_num_queries, count):
    edition = factories.EditionFactory()
    fill(edition, count)
    factories.publish(edition)
    client.force_login(trainer)

    with django_assert_num_queries(12):
        response = client.get(edition.get_absolute_url())

    assert response.content.decode().count('href="/module/') == count


@pytest.mark.parametrize("count", [1, 3])
def test_edition_detail_of_a_draft_query_count(client, organiser, django_assert_num_queries, count):
    edition = factories.EditionFactory()
    fill(edition, count)
    client.force_login(organiser)

    with django_assert_num_queries(17):
        response = client.get(edition.get_absolute_url())

    assert response.content.decode().count('href="/module/') == count


def test_edition_overview_adds_up_minutes_per_module_and_track(db):
    edition = factories.EditionFactory()
    both = factories.ModuleFactory(edition=edition)
    coordinators = factories.ModuleFactory(edition=edition, audiences=[Audience.COORDINATOR])
    factories.ModuleFactory(edition=edition)
    factories.UnitFactory.create_batch(2, module=both, minutes=90)
    factories.UnitFactory(module=coordinators, minutes=45)

    page = edition_overview(edition)

    assert [(row.units, row.minutes) for row in page.modules] == [(2, 180), (1, 45), (0, 0)]
    assert {part.audience: part.minutes for part in page.tracks} == {
        Audience.MANAGER: 180,
        Audience.COORDINATOR: 225,
    }
    assert (page.units, page.minutes) == (3, 225)


def test_edition_overview_asks_nothing_more_once_it_is_read(db, django_assert_num_queries):
    edition = factories.EditionFactory()
    fill(edition, 2)
    page = edition_overview(edition)

    with django_assert_num_queries(0):
        assert [len(row.audiences) for row in page.modules] == [2, 2]
        assert [str(part.track) for part in page.tracks]
        assert [aim.text for aim in page.aims] == ["Ziel 1", "Ziel 2"]


def test_edition_detail_marks_what_a_module_requires_and_lacks(client, organiser):
    edition = factories.EditionFactory()
    module = factories.ModuleFactory(edition=edition, requires_practice_report=True)
    client.force_login(organiser)
    assert "0 UE Erlebnisbericht fehlt Haltung nicht verlangt" in text_of(client.get(edition.get_absolute_url()))

    factories.UnitFactory(module=module, has_practice_report=True)

    assert "2 UE Erlebnisbericht ja Haltung nicht verlangt" in text_of(client.get(edition.get_absolute_url()))


def test_edition_detail_of_a_draft_says_what_is_missing_and_where(client, organiser):
    edition = factories.EditionFactory(abstract="")
    module = factories.ModuleFactory(edition=edition, code="K1", title="Anfang")
    client.force_login(organiser)

    page = client.get(edition.get_absolute_url()).content.decode()

    assert "Bis zur Veröffentlichung fehlt" in page
    assert f'K1 Anfang hat noch keinen Baustein. <a href="{module.get_absolute_url()}">' in page
    assert "Die Kurzbeschreibung fehlt." in page
    assert "Fassung veröffentlichen" not in page


def test_edition_detail_of_a_complete_draft_offers_to_publish_it(client, organiser):
    edition = factories.EditionFactory()
    fill(edition, 1)
    client.force_login(organiser)

    page = client.get(edition.get_absolute_url()).content.decode()

    assert "Dem Veröffentlichen steht nichts im Weg" in page
    assert page.count("button-primary") == 1
    assert f'href="{reverse("curriculum:edition_publish", args=[edition.pk])}"' in page


def test_published_edition_offers_no_change(client, organiser, reader):
    edition = factories.EditionFactory()
    fill(edition, 1)
    factories.publish(edition)

    for user in (organiser, reader):
        client.force_login(user)
        page = client.get(edition.get_absolute_url()).content.decode()
        assert "bearbeiten" not in page
        assert ("Neuen Entwurf aus der" in page) is (user == organiser)


def test_edition_detail_names_the_cohorts_that_the_person_may_see(client, reader, trainer):
    edition = factories.EditionFactory()
    module = factories.ModuleFactory(edition=edition)
    own = factories.CohortFactory(edition=edition, title="Hannover")
    factories.CohortFactory(edition=edition, title="Langenfeld")
    factories.SessionFactory(cohort=own, module=module, trainers=[trainer])
    factories.publish(edition)

    client.force_login(reader)
    text = text_of(client.get(edition.get_absolute_url()))
    assert "Langenfeld" in text
    assert "Hannover" in text

    client.force_login(trainer)
    text = text_of(client.get(edition.get_absolute_url()))
    assert "Langenfeld" not in text
    assert "Hannover" in text


def test_edition_detail_prints_markup_literally(client, organiser):
    edition = factories.EditionFactory(note="<script>alert(1)</script>")
    factories.ModuleFactory(edition=edition, title="{{ 7|add:7 }}<img src=x>")
    client.force_login(organiser)

    page = client.get(edition.get_absolute_url()).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{ 7|add:7 }}&lt;img src=x&gt;" in page


def test_edition_detail_that_is_not_there(client, organiser):
    client.force_login(organiser)

    assert client.get(reverse("curriculum:edition_detail", args=[10**20])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_own_edition_query_count(client, db, django_assert_num_queries, count):
    registration = factories.RegistrationFactory()
    edition = registration.cohort.edition
    fill(edition, count)
    factories.publish(edition)
    client.force_login(registration.person)

    with django_assert_num_queries(20):
        response = client.get(reverse("own_edition", args=[registration.pk]))

    text = text_of(response)
    assert text.count("Kompetenz ") >= count
    assert all(
        f"{word} {number}" in text for word in ("Methode", "Begriff", "Ziel") for number in range(1, count + 1)
    )


def test_own_edition_leads_to_each_module_and_nowhere_else(client, participant):
    client.force_login(participant.person)

    page = client.get(reverse("own_edition", args=[participant.pk])).content.decode()

    assert "– Ihr Angebot" in page
    assert page.count("K1&ensp;Grundverständnis") == 2  # it is offered to both
    assert "/programm/" not in page
    assert "bearbeiten" not in page


def test_own_module_shows_its_units(client, participant):
    client.force_login(participant.person)
    module = participant.cohort.edition.modules.get()

    text = text_of(client.get(reverse("own_module", args=[participant.pk, module.pk])))

    assert "Arten von Netzwerken 90 Min." in text
    assert "Zusammen 2 UE" in text


def test_own_module_of_another_edition_or_person_does_not_exist(client, participant, stranger):
    other = factories.ModuleFactory()
    own = participant.cohort.edition.modules.get()
    client.force_login(participant.person)
    assert client.get(reverse("own_module", args=[participant.pk, other.pk])).status_code == 404

    client.force_login(stranger)
    assert client.get(reverse("own_module", args=[participant.pk, own.pk])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_own_module_query_count(client, db, django_assert_num_queries, count):
    registration = factories.RegistrationFactory()
    fill(registration.cohort.edition, count)
    module = factories.publish(registration.cohort.edition).modules.first()
    client.force_login(registration.person)

    with django_assert_num_queries(14):
        response = client.get(reverse("own_module", args=[registration.pk, module.pk]))

    assert (
        response.content.decode().count(" Min.</td>") + response.content.decode().count("&nbsp;Min.</td>") == count
    )
