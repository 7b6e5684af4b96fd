"""Areas, competences and levels of responsibility of a draft: add, change, order, delete."""

import pytest

from curriculum.models import Competence, CompetenceArea, LearningGoal, Responsibility, ResponsibilityLevel
from netzkoord.models import AuditEvent
from tests import factories


@pytest.fixture
def edition(db):
    return factories.EditionFactory()


@pytest.fixture
def area(edition):
    return CompetenceArea.objects.create(edition=edition, position=1, name="Fachkompetenz")


@pytest.fixture
def competence(area):
    return Competence.objects.create(area=area, position=1, name="Netzwerke verstehen")


@pytest.fixture
def level(edition):
    return ResponsibilityLevel.objects.create(
        edition=edition, position=1, kind=Responsibility.NORMATIVE, question="Wozu?", responsible="Der Rat"
    )


def cascade_url(edition):
    return f"/programm/{edition.pk}/kompetenzen/"


def sent_by(client, url):
    """What a browser would send back from the page as it now is."""
    form = client.get(url).context["form"]
    return {name: value for name in form.fields if (value := form[name].value()) is not None}


def event():
    return AuditEvent.objects.get()


# Areas


def test_area_add_puts_it_last(client, organiser, edition, area):
    client.force_login(organiser)

    response = client.post(f"/programm/{edition.pk}/kompetenzbereiche/neu/", {"name": "Sozialkompetenz"})

    assert response.url == cascade_url(edition)
    assert list(edition.competence_areas.values_list("name", "position")) == [
        ("Fachkompetenz", 1),
        ("Sozialkompetenz", 2),
    ]
    assert (event().action, event().details["added"]) == ("EDITION_CHANGED", "competencearea")


def test_area_add_twice_makes_one(client, organiser, edition):
    client.force_login(organiser)
    client.post(f"/programm/{edition.pk}/kompetenzbereiche/neu/", {"name": "Fachkompetenz"})

    page = client.post(f"/programm/{edition.pk}/kompetenzbereiche/neu/", {"name": "Fachkompetenz"})

    assert "Diesen Kompetenzbereich hat die Fassung schon." in page.content.decode()
    assert CompetenceArea.objects.count() == 1


def test_area_edit_renames_it(client, organiser, area):
    client.force_login(organiser)
    url = f"/kompetenzbereiche/{area.pk}/bearbeiten/"

    client.post(url, sent_by(client, url) | {"name": "Fachwissen"})

    area.refresh_from_db()
    assert area.name == "Fachwissen"
    assert event().details["fields"] == ["name"]


def test_area_edit_by_two_shows_the_second_what_the_first_has_changed(client, organiser, area):
    client.force_login(organiser)
    url = f"/kompetenzbereiche/{area.pk}/bearbeiten/"
    shown = sent_by(client, url)
    client.post(url, shown | {"name": "Fachwissen"})

    page = client.post(url, shown | {"name": "Fachkenntnis"}).content.decode()

    assert "Dort steht jetzt: „Fachwissen“" in page
    assert 'value="Fachkenntnis"' in page


def test_area_delete_names_what_goes_with_it(client, organiser, area, competence):
    client.force_login(organiser)
    url = f"/kompetenzbereiche/{area.pk}/loeschen/"

    page = client.get(url).content.decode()
    client.post(url)

    assert "verschwindet, was darin steht, samt Zielstufen: „Netzwerke verstehen“." in page
    assert not CompetenceArea.objects.exists()
    assert not Competence.objects.exists()
    assert event().details["deleted"] == "competencearea"


def test_area_order_moves_one_down(client, organiser, edition, area):
    other = CompetenceArea.objects.create(edition=edition, position=2, name="Sozialkompetenz")
    client.force_login(organiser)

    client.post(f"/programm/{edition.pk}/kompetenzbereiche/ordnen/", {"list": "bereiche", "down": f"{area.pk}:2"})

    assert list(edition.competence_areas.all()) == [other, area]


# Competences


def test_competence_add_stores_behaviour_and_modules(client, organiser, edition, area, competence):
    module = factories.ModuleFactory(edition=edition)
    client.force_login(organiser)

    client.post(
        f"/programm/{edition.pk}/kompetenzen/neu/",
        {"area": area.pk, "name": "Wirkung beurteilen", "behaviour_3": "Wertet aus.", "modules": [module.pk]},
    )

    added = Competence.objects.get(name="Wirkung beurteilen")
    assert (added.position, added.behaviours) == (2, ("", "", "", "Wertet aus.", ""))
    assert list(added.modules.all()) == [module]
    assert event().details["added"] == "competence"


def test_competence_add_begins_with_the_area_asked_for(client, organiser, edition, area):
    client.force_login(organiser)

    page = client.get(f"/programm/{edition.pk}/kompetenzen/neu/", {"bereich": area.pk}).content.decode()

    assert f'<option value="{area.pk}" selected>' in page


def test_competence_add_refuses_areas_and_modules_of_another_edition(client, organiser, edition, area):
    foreign_area = CompetenceArea.objects.create(edition=factories.EditionFactory(), position=1, name="Fremd")
    foreign_module = factories.ModuleFactory()
    client.force_login(organiser)
    url = f"/programm/{edition.pk}/kompetenzen/neu/"

    client.post(url, {"area": foreign_area.pk, "name": "A"})
    client.post(url, {"area": area.pk, "name": "B", "modules": [foreign_module.pk]})
    client.post(url, {"area": area.pk, "name": "C", "modules": [10**30]})

    assert not Competence.objects.exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": ""}, "Bitte füllen Sie dieses Feld aus."),
        ({"name": "x" * 201}, "Platz ist für 200"),
        ({"name": "Netzwerke verstehen"}, "Diese Kompetenz hat der Bereich schon."),
        ({"behaviour_2": "x" * 5001}, "Platz ist für 5000"),
        ({"description": "unsichtbar\u202e"}, "U+202E"),
    ],
)
def test_competence_add_says_what_is_wrong(client, organiser, edition, area, competence, change, message):
    client.force_login(organiser)

    page = client.post(
        f"/programm/{edition.pk}/kompetenzen/neu/", {"area": area.pk, "name": "Neu"} | change
    ).content.decode()

    assert message in page
    assert Competence.objects.count() == 1


def test_competence_edit_stores_what_changed(client, organiser, competence):
    client.force_login(organiser)
    url = f"/kompetenzen/{competence.pk}/bearbeiten/"

    client.post(url, sent_by(client, url) | {"behaviour_1": "Kennt die Arten."})

    competence.refresh_from_db()
    assert competence.behaviour_1 == "Kennt die Arten."
    assert event().details["fields"] == ["behaviour_1"]


def test_competence_edit_without_a_change_writes_nothing(client, organiser, competence):
    client.force_login(organiser)
    url = f"/kompetenzen/{competence.pk}/bearbeiten/"

    assert client.post(url, sent_by(client, url)).status_code == 302
    assert not AuditEvent.objects.exists()


def test_competence_edit_into_another_area_puts_it_last_there(client, organiser, edition, competence):
    other = CompetenceArea.objects.create(edition=edition, position=2, name="Sozialkompetenz")
    Competence.objects.create(area=other, position=1, name="Vertrauen aufbauen")
    client.force_login(organiser)
    url = f"/kompetenzen/{competence.pk}/bearbeiten/"

    client.post(url, sent_by(client, url) | {"area": other.pk})

    assert [row.name for row in other.competences.all()] == ["Vertrauen aufbauen", "Netzwerke verstehen"]


def test_competence_edit_by_two_keeps_the_fields_of_both(client, organiser, competence):
    client.force_login(organiser)
    url = f"/kompetenzen/{competence.pk}/bearbeiten/"
    shown = sent_by(client, url)
    client.post(url, shown | {"behaviour_1": "Kennt die Arten."})

    page = client.post(url, shown | {"description": "Arten unterscheiden."}, follow=True).content.decode()

    competence.refresh_from_db()
    assert (competence.behaviour_1, competence.description) == ("Kennt die Arten.", "Arten unterscheiden.")
    assert "Inzwischen hat jemand anderes etwas geändert" in page


def test_competence_delete_says_what_loses_it(client, organiser, edition, competence):
    goal = LearningGoal.objects.create(
        module=factories.ModuleFactory(edition=edition), position=1, text="Arten nennen", competence=competence
    )
    client.force_login(organiser)
    url = f"/kompetenzen/{competence.pk}/loeschen/"

    page = client.get(url).content.decode()
    client.post(url)

    assert "1 Lernziel nennt sie danach nicht mehr." in page
    goal.refresh_from_db()
    assert goal.competence is None
    assert not Competence.objects.exists()


def test_competence_order_sorts_one_area(client, organiser, area, competence):
    others = [Competence.objects.create(area=area, position=n, name=f"Kompetenz {n}") for n in (2, 3)]
    client.force_login(organiser)
    keys = [others[1].pk, competence.pk, others[0].pk]

    response = client.post(f"/kompetenzbereiche/{area.pk}/ordnen/", {"list": "a", "order": keys})

    assert response.status_code == 302
    assert [row.pk for row in area.competences.all()] == keys
    assert event().details["ordered"] == "competence"


def test_competence_order_refuses_rows_of_another_area(client, organiser, edition, area, competence):
    other = CompetenceArea.objects.create(edition=edition, position=2, name="Sozialkompetenz")
    foreign = Competence.objects.create(area=other, position=1, name="Fremd")
    client.force_login(organiser)

    response = client.post(
        f"/kompetenzbereiche/{area.pk}/ordnen/", {"list": "a", "order": [foreign.pk, competence.pk]}
    )

    assert response.status_code == 409


# Levels of responsibility


def test_level_add_offers_each_kind_once(client, organiser, edition, level):
    client.force_login(organiser)
    url = f"/programm/{edition.pk}/ebenen/neu/"

    refused = client.post(url, {"kind": "NORMATIVE", "question": "Wozu?", "responsible": "Rat"}).content.decode()
    client.post(url, {"kind": "OPERATIVE", "question": "Wie?", "responsible": "Koordination"})

    assert "Diese Ebene hat die Fassung schon." in refused
    assert [row.kind for row in edition.responsibility_levels.all()] == ["NORMATIVE", "OPERATIVE"]


def test_level_edit_changes_the_question(client, organiser, level):
    client.force_login(organiser)
    url = f"/ebenen/{level.pk}/bearbeiten/"

    client.post(url, sent_by(client, url) | {"question": "Wozu? Auftrag"})

    level.refresh_from_db()
    assert level.question == "Wozu? Auftrag"


def test_level_delete_takes_its_targets_with_it(client, organiser, competence, level):
    competence.tandem_profiles.create(responsibility_level=level, target_level=3)
    client.force_login(organiser)
    url = f"/ebenen/{level.pk}/loeschen/"

    page = client.get(url).content.decode()
    client.post(url)

    assert "verschwindet 1 Zielstufe" in page
    assert not competence.tandem_profiles.exists()


def test_level_order_moves_one_up(client, organiser, edition, level):
    other = ResponsibilityLevel.objects.create(
        edition=edition, position=2, kind=Responsibility.OPERATIVE, question="Wie?", responsible="Koordination"
    )
    client.force_login(organiser)

    client.post(f"/programm/{edition.pk}/ebenen/ordnen/", {"list": "ebenen", "up": f"{other.pk}:1"})

    assert list(edition.responsibility_levels.all()) == [other, level]


# Who may, and when


def addresses(area, competence, level):
    return [
        f"/programm/{area.edition_id}/kompetenzbereiche/neu/",
        f"/programm/{area.edition_id}/kompetenzbereiche/ordnen/",
        f"/programm/{area.edition_id}/kompetenzen/neu/",
        f"/programm/{area.edition_id}/ebenen/neu/",
        f"/programm/{area.edition_id}/ebenen/ordnen/",
        *(f"/kompetenzbereiche/{area.pk}/{what}/" for what in ("bearbeiten", "loeschen", "ordnen")),
        *(f"/kompetenzen/{competence.pk}/{what}/" for what in ("bearbeiten", "loeschen")),
        *(f"/ebenen/{level.pk}/{what}/" for what in ("bearbeiten", "loeschen")),
    ]


def test_parts_of_a_published_edition_are_nowhere_changed(client, organiser, edition, area, competence, level):
    factories.publish(edition)
    client.force_login(organiser)

    answers = {client.post(url).status_code for url in addresses(area, competence, level)}

    assert answers == {409}
    assert Competence.objects.get() == competence


def test_parts_are_written_by_organisers_only(client, reader, area, competence, level):
    client.force_login(reader)

    answers = {client.post(url).status_code for url in addresses(area, competence, level)}

    assert answers == {403}
    assert Competence.objects.get() == competence
