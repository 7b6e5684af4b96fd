"""Modules and their learning goals: read by the staff, written by organisers in drafts."""

import pytest
from django.test import Client
from django.utils import timezone

from curriculum.models import Audience, LearningGoal, Module
from tests import factories
from tests.curriculum.parts import (
    BAD_TEXT,
    MARKUP,
    add_competence,
    add_level,
    audit_lines,
    changed,
    errors_in,
    page_data,
    text_of,
)


@pytest.fixture
def edition(db):
    edition = factories.EditionFactory()
    for audience in Audience:
        factories.TrackFactory(edition=edition, audience=audience)
    return edition


@pytest.fixture
def module(edition):
    return factories.ModuleFactory(edition=edition, code="K1", title="Grundlagen")


def fields(edition, **others):
    tracks = [track.pk for track in edition.tracks.all()]
    return {"code": "K9", "title": "Netzwerk-Arten", "summary": "Worum es geht.", "tracks": tracks} | others


def fill(module, count):
    """`count` goals and as many units, each with a topic, a method, a goal and a term."""
    edition = module.edition
    for number in range(count):
        goal = module.learning_goals.create(
            position=number,
            text=f"Ziel {number}",
            competence=add_competence(edition) if not number else None,
        )
        unit = factories.UnitFactory(module=module, position=number, title=f"Baustein-Nr-{number}")
        unit.learning_goals.add(goal)
        unit.topics.add(edition.topics.create(position=number, name=f"Thema {number}"))
        unit.methods.add(edition.methods.create(name=f"Methode {number}"))
        unit.glossary_terms.add(edition.glossary.create(position=number, term=f"Begriff {number}", definition="."))


@pytest.mark.parametrize("count", [1, 3])
def test_module_detail_query_count(client, organiser, module, django_assert_num_queries, count):
    fill(module, count)
    for _ in range(count):
        factories.SessionFactory(cohort__edition=module.edition, module=module)
    client.force_login(organiser)

    with django_assert_num_queries(20):
        response = client.get(f"/module/{module.pk}/")

    assert text_of(response).count('<tr id="baustein-') == count
    assert text_of(response).count("Thema ") == count


def test_module_detail_adds_up_minutes_and_ue(client, reader, module):
    for position, minutes in enumerate((45, 90), start=1):
        factories.UnitFactory(module=module, position=position, minutes=minutes)
    factories.publish(module.edition)
    client.force_login(reader)

    page = text_of(client.get(f"/module/{module.pk}/"))

    assert "45\xa0Min.<br>1\xa0UE" in page
    assert "135\xa0Min.<br>3\xa0UE" in page
    assert "3\xa0UE (135\xa0Minuten ohne Pausen)" in page


@pytest.mark.parametrize(
    ("required", "brought", "sentence"),
    [
        (True, True, "verlangt, vorgesehen in „Lebenslinie“"),
        (True, False, "verlangt, aber noch in keinem Baustein vorgesehen"),
        (False, True, "nicht verlangt, vorgesehen in „Lebenslinie“"),
        (False, False, "nicht verlangt"),
    ],
)
def test_module_detail_says_whether_units_bring_what_the_module_requires(
    client, organiser, module, required, brought, sentence
):
    module.requires_attitude_unit = required
    module.save()
    factories.UnitFactory(module=module, title="Lebenslinie", is_about_attitude=brought)
    client.force_login(organiser)

    page = client.get(f"/module/{module.pk}/").context["page"]

    assert page.features[1].sentence == sentence


def test_module_detail_shows_goals_with_competence_and_level(client, organiser, module):
    module.learning_goals.create(
        position=1,
        text="Netzwerke unterscheiden.",
        competence=add_competence(module.edition),
        responsibility_level=add_level(module.edition),
    )
    client.force_login(organiser)

    page = text_of(client.get(f"/module/{module.pk}/"))

    assert "Netzwerke unterscheiden." in page
    assert "Netzwerke verstehen</td>" in page
    assert "strategisch</td>" in page
    assert "noch keiner" in page


def test_module_detail_names_what_is_scheduled_beside_what_is_planned(client, reader, module):
    factories.UnitFactory(module=module, minutes=405)
    cohort = factories.CohortFactory(edition=module.edition, title="Hannover")
    factories.SessionFactory(cohort=cohort, module=module)
    cancelled = factories.CohortFactory(edition=module.edition, title="Abgesagter", cancelled_at=timezone.now())
    factories.SessionFactory(cohort=cancelled, module=module)
    factories.publish(module.edition)
    client.force_login(reader)

    page = text_of(client.get(f"/module/{module.pk}/"))

    assert "Hannover" in page
    assert "45 Minuten zu wenig" in page
    assert "Abgesagter" not in page


def test_module_detail_shows_a_trainer_the_own_sessions_only(client, trainer, module):
    own = factories.SessionFactory(cohort__edition=module.edition, module=module, trainers=[trainer])
    other = factories.SessionFactory(cohort__edition=module.edition, module=module)
    factories.publish(module.edition)
    client.force_login(trainer)

    page = text_of(client.get(f"/module/{module.pk}/"))

    assert own.cohort.title in page
    assert other.cohort.title not in page


@pytest.mark.parametrize("role", ["reader", "trainer"])
def test_module_of_a_draft_is_hidden_from_who_only_reads(client, request, module, role):
    client.force_login(request.getfixturevalue(role))

    assert client.get(f"/module/{module.pk}/").status_code == 404


def test_module_of_a_published_edition_shows_nothing_to_write_with(client, organiser, module):
    fill(module, 2)
    factories.publish(module.edition)
    client.force_login(organiser)

    page = text_of(client.get(f"/module/{module.pk}/"))

    assert "Bearbeiten" not in page
    assert "nach oben" not in page
    assert "sorting.js" not in page


def test_empty_module_says_what_next(client, organiser, module):
    client.force_login(organiser)

    page = text_of(client.get(f"/module/{module.pk}/"))

    assert "Das Modul hat noch keine Bausteine und deshalb keinen Umfang." in page
    assert f'href="/module/{module.pk}/lernziele/neu/"' in page


def test_module_add_stores_it_last(client, organiser, edition, module):
    client.force_login(organiser)

    response = client.post(f"/programm/{edition.pk}/module/neu/", fields(edition, requires_practice_report="on"))

    added = Module.objects.get(code="K9")
    assert response.url == f"/module/{added.pk}/"
    assert added.position == module.position + 1
    assert added.requires_practice_report
    assert set(added.audiences) == set(Audience)
    assert [line.details["added"] for line in audit_lines()] == ["module"]


def test_module_add_refuses_a_code_that_another_has(client, organiser, edition, module):
    client.force_login(organiser)

    response = client.post(f"/programm/{edition.pk}/module/neu/", fields(edition, code="K1"))

    assert "Dieses Kürzel hat schon ein anderes Modul der Fassung." in text_of(response)
    assert "Netzwerk-Arten" in text_of(response)
    assert Module.objects.count() == 1


def test_the_same_code_may_stand_in_another_edition(client, organiser, edition):
    factories.ModuleFactory(code="K9")
    client.force_login(organiser)

    assert client.post(f"/programm/{edition.pk}/module/neu/", fields(edition)).status_code == 302


@pytest.mark.parametrize("code", ["K 1", MARKUP[:8], "K/1", "#"])
def test_module_code_is_one_word(client, organiser, edition, code):
    client.force_login(organiser)

    response = client.post(f"/programm/{edition.pk}/module/neu/", fields(edition, code=code))

    assert errors_in(response) == [
        "Ein Kürzel besteht aus Buchstaben, Ziffern, Punkt und Bindestrich, ohne Leerzeichen."
    ]


@pytest.mark.parametrize(("title", "sentence"), BAD_TEXT)
def test_module_title_that_cannot_be_printed_gets_one_sentence(client, organiser, edition, title, sentence):
    client.force_login(organiser)

    response = client.post(f"/programm/{edition.pk}/module/neu/", fields(edition, title=title))

    assert len(errors_in(response)) == 1
    assert sentence in errors_in(response)[0]
    assert not Module.objects.exists()


def test_module_title_with_markup_is_shown_as_typed(client, organiser, edition):
    client.force_login(organiser)

    response = client.post(f"/programm/{edition.pk}/module/neu/", fields(edition, title=MARKUP), follow=True)

    assert MARKUP not in response.content.decode()
    assert f"<h1>K9 {MARKUP}</h1>" in text_of(response)


def test_module_add_wants_an_offer(client, organiser, edition):
    client.force_login(organiser)

    response = client.post(f"/programm/{edition.pk}/module/neu/", fields(edition, tracks=[]))

    assert errors_in(response) == ["Bitte wählen Sie mindestens ein Angebot."]


@pytest.mark.parametrize("key", ["0", "x", "9" * 30, "-1"])
def test_module_add_refuses_an_offer_that_is_none(client, organiser, edition, key):
    client.force_login(organiser)

    response = client.post(f"/programm/{edition.pk}/module/neu/", fields(edition, tracks=[key]))

    assert errors_in(response) == [
        "Etwas davon gibt es hier nicht mehr. Bitte wählen Sie aus dem, was jetzt in der Liste steht."
    ]


def test_module_never_takes_an_offer_of_another_edition(client, organiser, edition):
    foreign = factories.TrackFactory(title="Fremdes Angebot")
    client.force_login(organiser)
    address = f"/programm/{edition.pk}/module/neu/"

    response = client.post(address, fields(edition, tracks=[foreign.pk]))

    assert "Fremdes Angebot" not in text_of(client.get(address))
    assert len(errors_in(response)) == 1
    assert not Module.objects.exists()


def test_module_edit_leaves_one_line_in_the_log_and_none_when_nothing_changed(client, organiser, module):
    client.force_login(organiser)
    address = f"/module/{module.pk}/bearbeiten/"
    page = page_data(client.get(address))

    client.post(address, page)
    client.post(address, changed(page, title="Einführung"))
    client.post(address, changed(page, title="Einführung"))

    assert Module.objects.get().title == "Einführung"
    assert [line.details["fields"] for line in audit_lines()] == [["title"]]


def test_two_organisers_at_one_module_lose_nothing(organiser, module):
    first, second = Client(), Client()
    for client in (first, second):
        client.force_login(organiser)
    address = f"/module/{module.pk}/bearbeiten/"
    manager, coordinator = (module.edition.tracks.get(audience=audience) for audience in Audience)
    page_of_first, page_of_second = page_data(first.get(address)), page_data(second.get(address))

    first.post(address, changed(page_of_first, summary="Vom Ersten.", tracks=[manager.pk]))
    response = second.post(address, changed(page_of_second, title="Von der Zweiten"), follow=True)

    module.refresh_from_db()
    assert (module.title, module.summary) == ("Von der Zweiten", "Vom Ersten.")
    assert list(module.tracks.all()) == [manager]
    assert coordinator not in module.tracks.all()
    assert (
        "Inzwischen hat jemand anderes etwas geändert, das ist erhalten geblieben. "
        f"Beschreibung: „Vom Ersten.“; Angebote: „{manager}“"
    ) in text_of(response)


def test_two_organisers_at_the_same_title_see_each_other(organiser, module):
    first, second = Client(), Client()
    for client in (first, second):
        client.force_login(organiser)
    address = f"/module/{module.pk}/bearbeiten/"
    page_of_first, page_of_second = page_data(first.get(address)), page_data(second.get(address))

    first.post(address, changed(page_of_first, title="Vom Ersten"))
    refused = second.post(address, changed(page_of_second, title="Von der Zweiten"))

    assert "Dort steht jetzt: „Vom Ersten“." in text_of(refused)
    assert 'value="Von der Zweiten"' in text_of(refused)
    assert Module.objects.get().title == "Vom Ersten"

    second.post(address, page_data(refused))

    assert Module.objects.get().title == "Von der Zweiten"


def test_module_delete_names_what_goes_with_it(client, organiser, module):
    fill(module, 3)
    client.force_login(organiser)
    address = f"/module/{module.pk}/loeschen/"

    page = text_of(client.get(address))
    response = client.post(address, follow=True)

    assert "Mit ihm verschwinden 3 Bausteine und 3 Lernziele." in page
    assert "Das Modul „K1 Grundlagen“ ist gelöscht." in text_of(response)
    assert not Module.objects.exists()
    assert audit_lines()[-1].details["deleted"] == "module"


def test_module_that_a_cohort_uses_stays_and_says_which(client, organiser, module):
    cohort = factories.CohortFactory(edition=module.edition, title="Hannover")
    factories.SessionFactory(cohort=cohort, module=module)
    client.force_login(organiser)

    response = client.post(f"/module/{module.pk}/loeschen/")

    assert "bleibt bestehen: Termine dazu gibt es in „Hannover“." in text_of(response)
    assert Module.objects.exists()
    assert audit_lines() == []


def test_modules_are_sorted_on_the_page_of_the_edition(client, organiser, edition, module):
    other = factories.ModuleFactory(edition=edition, position=module.position + 1)
    client.force_login(organiser)

    response = client.post(f"/programm/{edition.pk}/module/ordnen/", {"up": f"{other.pk}:1", "list": "modules"})

    assert response.url == f"/programm/{edition.pk}/#modules-up-{other.pk}"
    assert list(edition.modules.all()) == [other, module]
    assert audit_lines()[-1].details == {"ordered": "module"}


def test_goal_add_ties_it_to_a_competence_and_a_level(client, organiser, module):
    competence, level = add_competence(module.edition), add_level(module.edition)
    client.force_login(organiser)

    response = client.post(
        f"/module/{module.pk}/lernziele/neu/",
        {"text": "Netzwerke unterscheiden.", "competence": competence.pk, "responsibility_level": level.pk},
    )

    goal = LearningGoal.objects.get()
    assert response.url == f"/module/{module.pk}/#lernziele"
    assert (goal.module, goal.position) == (module, 1)
    assert (goal.competence, goal.responsibility_level) == (competence, level)


def test_goal_added_twice_by_a_double_click_is_one(client, organiser, module):
    client.force_login(organiser)
    address = f"/module/{module.pk}/lernziele/neu/"
    page = changed(page_data(client.get(address)), text="Netzwerke unterscheiden.")

    client.post(address, page)
    response = client.post(address, page)

    assert response.status_code == 302
    assert LearningGoal.objects.count() == 1
    assert len(audit_lines()) == 1


def test_goal_never_takes_a_competence_or_level_of_another_edition(client, organiser, module):
    foreign = factories.EditionFactory()
    competence, level = add_competence(foreign), add_level(foreign)
    client.force_login(organiser)

    response = client.post(
        f"/module/{module.pk}/lernziele/neu/",
        {"text": "Ziel", "competence": competence.pk, "responsibility_level": level.pk},
    )

    assert len(errors_in(response)) == 2
    assert "Netzwerke verstehen" not in text_of(response)
    assert not LearningGoal.objects.exists()


@pytest.mark.parametrize(("text", "sentence"), BAD_TEXT[:3])
def test_goal_that_cannot_be_printed_gets_one_sentence(client, organiser, module, text, sentence):
    client.force_login(organiser)

    response = client.post(f"/module/{module.pk}/lernziele/neu/", {"text": text})

    assert len(errors_in(response)) == 1
    assert sentence in errors_in(response)[0]


def test_goal_edit_keeps_what_the_other_has_changed(organiser, module):
    goal = module.learning_goals.create(position=1, text="Alt")
    level = add_level(module.edition)
    first, second = Client(), Client()
    for client in (first, second):
        client.force_login(organiser)
    address = f"/lernziele/{goal.pk}/bearbeiten/"
    page_of_first, page_of_second = page_data(first.get(address)), page_data(second.get(address))

    first.post(address, changed(page_of_first, responsibility_level=level.pk))
    second.post(address, changed(page_of_second, text="Neu"))

    goal.refresh_from_db()
    assert (goal.text, goal.responsibility_level) == ("Neu", level)


def test_goal_delete_names_the_units_that_serve_it(client, organiser, module):
    goal = module.learning_goals.create(position=1, text="Netzwerke unterscheiden.")
    unit = factories.UnitFactory(module=module, title="Landkarte")
    unit.learning_goals.add(goal)
    client.force_login(organiser)

    page = text_of(client.get(f"/lernziele/{goal.pk}/loeschen/"))
    client.post(f"/lernziele/{goal.pk}/loeschen/")

    assert "Ihm dienen die Bausteine „Landkarte“; sie bleiben." in page
    assert list(module.units.all()) == [unit]
    assert not LearningGoal.objects.exists()


def test_goals_are_sorted(client, organiser, module):
    goals = [module.learning_goals.create(position=place, text=f"Z{place}") for place in (1, 2, 3)]
    client.force_login(organiser)

    response = client.post(f"/module/{module.pk}/lernziele/ordnen/", {"down": f"{goals[0].pk}:2", "list": "goals"})

    assert response.url == f"/module/{module.pk}/#goals-down-{goals[0].pk}"
    assert [goal.text for goal in module.learning_goals.all()] == ["Z2", "Z1", "Z3"]


def writing_addresses(module, goal):
    return [
        f"/programm/{module.edition_id}/module/neu/",
        f"/programm/{module.edition_id}/module/ordnen/",
        f"/module/{module.pk}/bearbeiten/",
        f"/module/{module.pk}/loeschen/",
        f"/module/{module.pk}/lernziele/neu/",
        f"/module/{module.pk}/lernziele/ordnen/",
        f"/lernziele/{goal.pk}/bearbeiten/",
        f"/lernziele/{goal.pk}/loeschen/",
    ]


def test_a_published_edition_is_not_written_at_any_address(client, organiser, module):
    goal = module.learning_goals.create(position=1, text="Ziel")
    factories.publish(module.edition)
    client.force_login(organiser)

    for address in writing_addresses(module, goal):
        assert client.post(address, fields(module.edition)).status_code == 409, address
    assert Module.objects.get().title == "Grundlagen"


@pytest.mark.parametrize("role", ["stranger", "reader", "trainer"])
def test_who_may_not_write_is_refused_at_every_address(client, request, module, role):
    goal = module.learning_goals.create(position=1, text="Ziel")
    client.force_login(request.getfixturevalue(role))

    for address in writing_addresses(module, goal):
        assert client.post(address, fields(module.edition)).status_code == 403, address
    assert Module.objects.get().title == "Grundlagen"


def test_sorting_refuses_to_be_read(client, organiser, module):
    client.force_login(organiser)

    assert client.get(f"/programm/{module.edition_id}/module/ordnen/").status_code == 405
    assert client.get(f"/module/{module.pk}/lernziele/ordnen/").status_code == 405


def test_the_pages_of_a_module_belong_to_the_programme(client, organiser, module):
    client.force_login(organiser)

    page = text_of(client.get(f"/module/{module.pk}/bearbeiten/"))

    assert '<a href="/programm/" aria-current="true">Programm</a>' in page


def test_module_detail_refuses_post(client, organiser, module):
    client.force_login(organiser)

    assert client.post(f"/module/{module.pk}/").status_code == 405


WHY_NOT_STORED = {
    "published": "veröffentlicht. Es ist nichts gespeichert.",
    "deleted": "hat inzwischen jemand gelöscht.",
}


@pytest.mark.parametrize("how", WHY_NOT_STORED)
def test_module_edit_shows_what_was_typed_where_it_cannot_be_stored_any_more(client, organiser, module, how):
    client.force_login(organiser)
    url = f"/module/{module.pk}/bearbeiten/"
    data = fields(module.edition) | {"summary": "Viel Arbeit, viele Wörter.", "seen": "{}"}
    if how == "published":
        factories.publish(module.edition)
    else:
        module.delete()

    response = client.post(url, data)

    page = response.content.decode()
    assert response.status_code == 409
    assert "<dt>Beschreibung</dt>" in page
    assert "<p>Viel Arbeit, viele Wörter.</p>" in page
    assert "<dt>Kürzel</dt>" in page
    assert "{}" not in page
    assert WHY_NOT_STORED[how] in page


def test_what_was_typed_is_shown_to_those_who_may_write_only(client, reader, module):
    client.force_login(reader)
    url = f"/module/{module.pk}/bearbeiten/"
    module.delete()

    assert client.post(url, {"title": "x"}).status_code == 403
