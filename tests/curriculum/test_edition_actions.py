"""Programmes and editions as organisers make, copy, publish, archive and delete them."""

import datetime
import json

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from curriculum import defaults
from curriculum.actions.editions import (
    DraftExists,
    NotReadyToPublish,
    copy_edition,
    create_programme,
    delete_draft,
    publish_edition,
)
from curriculum.actions.in_use import InUse
from curriculum.models import (
    Aim,
    Audience,
    Competence,
    CompetenceProfile,
    Edition,
    EditionStatus,
    GlossaryTerm,
    LearningGoal,
    Module,
    Programme,
    TandemProfile,
    Topic,
    Unit,
)
from evaluation.models import Workshop
from netzkoord.models import AuditAction, AuditEvent
from tests import factories
from tests.benchmarks.large_edition import large_edition
from tests.curriculum.test_editions import text_of

TODAY = datetime.date(2027, 3, 1)


def address(name, edition):
    return reverse(f"curriculum:edition_{name}", args=[edition.pk])


def complete(**fields):
    """A draft to which nothing is missing."""
    edition = factories.EditionFactory(**fields)
    Aim.objects.create(edition=edition, position=1, text="Sie initiieren Netzwerke.")
    factories.UnitFactory(module__edition=edition)
    return edition


def published(**fields):
    return factories.publish(complete(**fields))


def actions_on(edition):
    return list(AuditEvent.objects.filter(target_id=str(edition.pk)).values_list("action", flat=True))


def picture(edition):
    """Everything an edition holds, in words that do not name a primary key."""
    competences = Competence.objects.filter(area__edition=edition)
    goals = LearningGoal.objects.filter(module__edition=edition)
    profiles = CompetenceProfile.objects.filter(track__edition=edition)
    tandems = TandemProfile.objects.filter(responsibility_level__edition=edition)
    units = Unit.objects.filter(module__edition=edition)
    rows = {
        "aims": edition.aims.values_list("key", "position", "text"),
        "tracks": edition.tracks.values_list("key", "audience", "title", "summary"),
        "topics": edition.topics.values_list("key", "position", "name"),
        "methods": edition.methods.values_list("key", "name", "description", "material"),
        "glossary": edition.glossary.values_list(
            "key", "position", "parent__key", "term", "definition", "examples"
        ),
        "modules": edition.modules.values_list(
            "key", "position", "code", "title", "summary", "requires_practice_report", "requires_attitude_unit"
        ),
        "tracks of modules": edition.modules.values_list("key", "tracks__key"),
        "goals": goals.values_list(
            "key", "module__key", "position", "text", "competence__key", "responsibility_level__key"
        ),
        "units": units.values_list(
            "key",
            "module__key",
            "position",
            "title",
            "summary",
            "minutes",
            "material",
            "has_practice_report",
            "is_about_attitude",
        ),
        **{
            f"{name} of units": units.values_list("key", f"{name}__key")
            for name in ("topics", "methods", "learning_goals", "glossary_terms")
        },
        "levels": edition.responsibility_levels.values_list(
            "key", "position", "kind", "question", "responsible", "products"
        ),
        "areas": edition.competence_areas.values_list("key", "position", "name"),
        "competences": competences.values_list(
            "key", "area__key", "position", "name", "description", *(f"behaviour_{level}" for level in range(5))
        ),
        "modules of competences": competences.values_list("key", "modules__key"),
        "profiles": profiles.values_list(
            "track__key", "competence__key", "responsibility_level__key", "target_level"
        ),
        "tandems": tandems.values_list("competence__key", "responsibility_level__key", "target_level"),
    }
    return {name: sorted(map(str, values)) for name, values in rows.items()}


# A new programme


def test_programme_add_makes_a_draft_with_proposals(client, organiser):
    client.force_login(organiser)

    response = client.post(reverse("curriculum:programme_add"), {"title": "Netzwerkkoordination"}, follow=True)

    edition = Edition.objects.get()
    assert response.redirect_chain == [(edition.get_absolute_url(), 302)]
    assert "„Netzwerkkoordination“ ist angelegt, mit einem ersten Entwurf." in text_of(response)
    assert (edition.programme.title, edition.number, edition.status) == ("Netzwerkkoordination", 1, "DRAFT")
    assert [aim.position for aim in edition.aims.all()] == [1, 2, 3, 4, 5]
    assert {track.audience for track in edition.tracks.all()} == set(Audience)
    assert [area.name for area in edition.competence_areas.all()] == list(defaults.AREAS)
    assert [str(level) for level in edition.responsibility_levels.all()] == ["normativ", "strategisch", "operativ"]
    assert [(term.term, str(term.parent or "")) for term in edition.glossary.select_related("parent")] == [
        ("Natürliche Netzwerke", ""),
        ("Primäre Netzwerke", "Natürliche Netzwerke"),
        ("Sekundäre Netzwerke", "Natürliche Netzwerke"),
        ("Professionelle Netzwerke", ""),
        ("Tertiäre Netzwerke", "Professionelle Netzwerke"),
    ]
    assert actions_on(edition) == [AuditAction.EDITION_CREATED]


def test_programme_add_refuses_a_name_twice(client, organiser):
    factories.ProgrammeFactory(title="Netzwerkkoordination")
    client.force_login(organiser)

    response = client.post(reverse("curriculum:programme_add"), {"title": "Netzwerkkoordination"})

    assert "Ein Programm mit diesem Namen gibt es schon." in text_of(response)
    assert not Edition.objects.exists()


def test_programme_add_without_a_name_says_so(client, organiser):
    client.force_login(organiser)

    response = client.post(reverse("curriculum:programme_add"), {})

    assert "error-summary" in response.content.decode()
    assert not Programme.objects.exists()


def test_proposals_must_be_looked_at_before_they_are_published(organiser):
    edition = create_programme(title="Netzwerkkoordination", by=organiser)
    for audience in Audience:
        factories.UnitFactory(module=factories.ModuleFactory(edition=edition, audiences=[audience]))
    with pytest.raises(NotReadyToPublish):
        publish_edition(edition=edition, by=organiser)

    edition.note = ""
    edition.save()

    assert publish_edition(edition=edition, by=organiser).status == EditionStatus.PUBLISHED


def test_programme_edit_changes_the_name_and_nothing_of_the_editions(client, organiser):
    edition = published(programme__title="Alt")
    client.force_login(organiser)

    client.post(reverse("curriculum:programme_edit", args=[edition.programme_id]), {"title": "Neu"})

    assert Programme.objects.get().title == "Neu"
    assert Edition.objects.get().title == "Alt"


# A new draft out of an edition


@pytest.mark.database
def test_edition_copy_has_every_part_with_its_key(organiser):
    edition = factories.publish(large_edition(modules=4, units_per_module=3))
    before = picture(edition)

    draft = copy_edition(edition=edition, by=organiser)

    assert picture(draft) == before == picture(edition)
    assert all(before.values())
    assert (draft.number, draft.status, draft.replaces) == (2, EditionStatus.DRAFT, edition)
    assert (draft.title, draft.abstract, draft.note) == (edition.title, edition.abstract, edition.note)
    assert actions_on(draft) == [AuditAction.EDITION_CREATED]


def test_edition_copy_leaves_no_table_out():
    """A new table of an edition must be copied, too: this test fails until `picture` and `copy_parts` know it."""
    parts = {
        field.related_model
        for model in (Edition, Module, Unit, LearningGoal, Competence, GlossaryTerm, Topic)
        for field in model._meta.related_objects
        if field.related_model._meta.app_label == "curriculum"
    }

    assert sorted(model.__name__ for model in parts) == [
        "AgendaItem",  # of a cohort
        "Aim",
        "Cohort",
        "Competence",
        "CompetenceArea",
        "CompetenceProfile",
        "Edition",
        "GlossaryTerm",
        "LearningGoal",
        "Method",
        "Module",
        "ResponsibilityLevel",
        "Session",  # of a cohort
        "TandemProfile",
        "Topic",
        "Track",
        "Unit",
    ]


@pytest.mark.parametrize("size", [1, 3])
def test_edition_copy_query_count(organiser, size):
    edition = factories.publish(large_edition(modules=size, units_per_module=size))

    with CaptureQueriesContext(connection) as captured:
        copy_edition(edition=edition, by=organiser)

    assert len(captured) == 47


def test_edition_copy_by_button_leads_to_the_draft_and_a_second_click_to_the_same(client, organiser):
    edition = published(number=1)
    client.force_login(organiser)

    first = client.post(address("copy", edition), follow=True)
    second = client.post(address("copy", edition), follow=True)

    draft = Edition.objects.get(status=EditionStatus.DRAFT)
    assert first.redirect_chain == second.redirect_chain == [(draft.get_absolute_url(), 302)]
    assert "Die 2. Fassung ist als Entwurf angelegt." in text_of(first)
    assert "Aus der 1. Fassung gibt es schon diesen Entwurf." in text_of(second)


def test_edition_copy_of_a_draft_does_not_exist(client, organiser):
    draft = complete()
    client.force_login(organiser)

    assert client.post(address("copy", draft)).status_code == 404


def test_edition_copy_again_once_the_draft_is_published(organiser):
    edition = published(number=1)
    draft = copy_edition(edition=edition, by=organiser)
    with pytest.raises(DraftExists) as refusal:
        copy_edition(edition=edition, by=organiser)
    assert refusal.value.draft == draft
    publish_edition(edition=draft, by=organiser)

    assert copy_edition(edition=edition, by=organiser).number == 3


# Publishing and archiving


@time_machine.travel(TODAY)
def test_edition_publish_freezes_the_draft(client, organiser):
    edition = complete(number=3)
    client.force_login(organiser)
    assert "Danach wird sie nicht mehr geändert" in text_of(client.get(address("publish", edition)))

    response = client.post(address("publish", edition), follow=True)

    edition.refresh_from_db()
    assert (edition.status, edition.published_on) == (EditionStatus.PUBLISHED, TODAY)
    assert "Die 3. Fassung ist veröffentlicht und wird nicht mehr geändert." in text_of(response)
    assert actions_on(edition) == [AuditAction.EDITION_PUBLISHED]


def test_edition_publish_twice_writes_once(client, organiser):
    edition = complete()
    client.force_login(organiser)

    for _ in range(2):
        response = client.post(address("publish", edition))
        assert response.url == edition.get_absolute_url()

    assert actions_on(edition) == [AuditAction.EDITION_PUBLISHED]
    assert "Die Fassung ist seit" in text_of(client.get(address("publish", edition)))


def test_edition_publish_names_everything_that_stands_in_the_way(client, organiser):
    edition = factories.EditionFactory()
    factories.ModuleFactory(edition=edition, code="K1", title="Anfang", audiences=[Audience.COORDINATOR])
    homeless = factories.ModuleFactory(edition=edition, code="X", title="Heimatlos")
    homeless.tracks.clear()
    client.force_login(organiser)

    response = client.get(address("publish", edition))

    text = text_of(response)
    assert "Die Fassung hat noch kein Ziel." in text
    assert "K1 Anfang hat noch keinen Baustein." in text
    assert "X Heimatlos gehört zu keinem Angebot." in text
    assert "„Angebot für Führungskräfte“ hat noch kein Modul." in text
    assert "Fassung veröffentlichen</button>" not in response.content.decode()


def test_edition_publish_refuses_an_empty_draft_however_it_is_asked(client, organiser):
    edition = factories.EditionFactory()
    client.force_login(organiser)

    response = client.post(address("publish", edition), follow=True)

    edition.refresh_from_db()
    assert edition.is_draft
    assert "Die Fassung kann noch nicht veröffentlicht werden." in text_of(response)
    assert "Die Fassung hat noch kein Modul." in text_of(response)


@pytest.mark.parametrize(("ticked", "status"), [({}, "PUBLISHED"), ({"archives_previous": "on"}, "ARCHIVED")])
def test_edition_publish_archives_the_previous_one_if_wished(client, organiser, ticked, status):
    previous = published(number=1)
    other_programme = published()
    draft = copy_edition(edition=previous, by=organiser)
    client.force_login(organiser)
    assert "Veröffentlicht ist bisher: 1. Fassung." in text_of(client.get(address("publish", draft)))

    client.post(address("publish", draft), ticked)

    previous.refresh_from_db()
    other_programme.refresh_from_db()
    assert previous.status == status
    assert other_programme.status == EditionStatus.PUBLISHED
    assert actions_on(previous) == ([AuditAction.EDITION_ARCHIVED] if ticked else [])


def test_edition_publish_hints_at_gaps_without_standing_in_the_way(client, organiser):
    edition = complete(abstract="")
    Topic.objects.create(edition=edition, position=1, name="Macht")
    client.force_login(organiser)

    text = text_of(client.get(address("publish", edition)))

    assert "Die Kurzbeschreibung fehlt." in text
    assert "Themen ohne Baustein: 1" in text
    assert "Module ohne Lernziel: M" in text


@time_machine.travel(TODAY)
def test_edition_archive_takes_it_out_of_the_choice_and_leaves_it_to_its_cohorts(client, organiser):
    edition = published(number=1)
    factories.CohortFactory(edition=edition, title="Hannover")
    client.force_login(organiser)
    assert "Diese Durchgänge behalten sie: Hannover" in text_of(client.get(address("archive", edition)))

    for _ in range(2):
        client.post(address("archive", edition))

    edition.refresh_from_db()
    assert (edition.status, edition.archived_on) == (EditionStatus.ARCHIVED, TODAY)
    assert not Edition.objects.published().exists()
    assert actions_on(edition) == [AuditAction.EDITION_ARCHIVED]


def test_edition_archive_of_a_draft_does_not_exist(client, organiser):
    client.force_login(organiser)

    assert client.post(address("archive", complete())).status_code == 404


# Deleting


def test_edition_delete_removes_a_draft_with_all_its_parts(client, organiser):
    edition = published(number=1)
    draft = copy_edition(edition=edition, by=organiser)
    client.force_login(organiser)
    assert "Entwurf löschen?" in text_of(client.get(address("delete", draft)))

    response = client.post(address("delete", draft), follow=True)

    assert list(Edition.objects.all()) == [edition]
    assert Module.objects.count() == 1
    assert "ist gelöscht." in text_of(response)
    assert set(actions_on(draft)) == {AuditAction.EDITION_CREATED, AuditAction.EDITION_DELETED}


def test_edition_delete_of_the_only_edition_removes_the_programme(organiser):
    edition = create_programme(title="Netzwerkkoordination", by=organiser)

    delete_draft(edition=edition, by=organiser)

    assert not Programme.objects.exists()


def test_edition_delete_names_who_uses_the_draft(client, organiser):
    draft = complete(number=1)
    factories.CohortFactory(edition=draft, title="Hannover")
    Workshop.objects.create(title="Kompetenzen", held_on=TODAY, place="Düsseldorf", edition=draft)
    client.force_login(organiser)

    for answer in (client.get(address("delete", draft)), client.post(address("delete", draft))):
        text = text_of(answer)
        assert "Ihn verwenden: Durchgang „Hannover“ Workshop „Kompetenzen“" in text
    assert Edition.objects.filter(pk=draft.pk).exists()
    with pytest.raises(InUse):
        delete_draft(edition=draft, by=organiser)
    assert not AuditEvent.objects.filter(action=AuditAction.EDITION_DELETED).exists()


def test_edition_delete_and_edit_of_a_published_one_say_why_not(client, organiser):
    edition = published(number=1)
    client.force_login(organiser)

    for name, data in (("delete", {}), ("edit", {"title": "Anders"})):
        response = client.post(address(name, edition), data)
        assert response.status_code == 409
        assert "Die 1. Fassung ist seit Mi, 14. Juni 2017 veröffentlicht. Es ist nichts gespeichert." in text_of(
            response
        )
    assert Edition.objects.get().title == edition.title


# Texts


def edit(client, edition, *, seen=None, **data):
    known = {"title": edition.title, "abstract": edition.abstract, "note": edition.note, "replaces": ""}
    return client.post(address("edit", edition), known | data | ({"seen": seen} if seen else {}), follow=True)


def test_edition_edit_stores_the_texts(client, organiser):
    edition = complete()
    client.force_login(organiser)

    response = edit(client, edition, title="Netzwerke", note="Zur Probe.")

    edition.refresh_from_db()
    assert (edition.title, edition.note) == ("Netzwerke", "Zur Probe.")
    assert "Die Texte sind gespeichert." in text_of(response)
    event = AuditEvent.objects.get(action=AuditAction.EDITION_CHANGED)
    assert event.details == {"fields": ["note", "title"]}


def test_edition_edit_without_a_change_writes_nothing(client, organiser):
    edition = complete()
    client.force_login(organiser)

    edit(client, edition)

    assert not AuditEvent.objects.exists()


def test_edition_edit_refuses_to_replace_a_newer_one(client, organiser):
    older = complete(number=1)
    newer = published(programme=older.programme, number=2)
    client.force_login(organiser)

    response = edit(client, older, replaces=newer.pk, title="Noch da")

    assert "ist keine ältere Fassung dieses Programms. Bitte eine ältere wählen." in text_of(response)
    assert 'value="Noch da"' in response.content.decode()
    older.refresh_from_db()
    assert older.replaces is None


def test_edition_edit_refuses_to_replace_itself_or_another_programme(client, organiser):
    edition = complete()
    client.force_login(organiser)

    for other in (edition, published()):
        response = edit(client, edition, replaces=other.pk)
        assert "Diese Fassung kann nicht ersetzt werden." in text_of(response)


def test_edition_edit_of_two_people_loses_nothing(client, organiser):
    edition = complete(title="Alt", abstract="Alt.")
    client.force_login(organiser)
    seen = json.dumps({"title": ["Alt"], "abstract": ["Alt."], "note": [""], "replaces": [""]})
    edit(client, edition, seen=seen, title="Von der ersten Person")

    kept = edit(client, edition, seen=seen, abstract="Von der zweiten.")
    refused = edit(client, edition, seen=seen, title="Von der zweiten Person")

    edition.refresh_from_db()
    assert (edition.title, edition.abstract) == ("Von der ersten Person", "Von der zweiten.")
    assert "Inzwischen hat jemand anderes etwas geändert" in text_of(kept)
    assert "Dort steht jetzt: „Von der ersten Person“" in text_of(refused)
    assert 'value="Von der zweiten Person"' in refused.content.decode()


# Aims and tracks


@pytest.fixture
def aims(db):
    edition = factories.EditionFactory()
    return [Aim.objects.create(edition=edition, position=n, text=f"Ziel {n}") for n in (1, 2, 3)]


def order(edition):
    return [aim.text for aim in edition.aims.all()]


def test_aim_add_goes_to_the_end_and_a_double_click_adds_it_once(client, organiser, aims):
    edition = aims[0].edition
    client.force_login(organiser)
    page = client.get(reverse("curriculum:aim_list", args=[edition.pk]))
    sent = {"text": "Ziel 4", "key": str(page.context["form"]["key"].value())}

    for _ in range(2):
        client.post(reverse("curriculum:aim_list", args=[edition.pk]), sent)

    assert order(edition) == ["Ziel 1", "Ziel 2", "Ziel 3", "Ziel 4"]


def test_aim_edit_and_delete(client, organiser, aims):
    edition = aims[0].edition
    client.force_login(organiser)

    client.post(reverse("curriculum:aim_edit", args=[aims[0].pk]), {"text": "Anders"})
    client.post(reverse("curriculum:aim_delete", args=[aims[1].pk]))

    assert order(edition) == ["Anders", "Ziel 3"]
    assert AuditEvent.objects.filter(action=AuditAction.EDITION_CHANGED, target_id=str(edition.pk)).count() == 2


def test_aim_without_text_keeps_what_there_is(client, organiser, aims):
    client.force_login(organiser)

    response = client.post(reverse("curriculum:aim_edit", args=[aims[0].pk]), {"text": "  "})

    assert "error-summary" in response.content.decode()
    assert order(aims[0].edition) == ["Ziel 1", "Ziel 2", "Ziel 3"]


def test_aim_order_by_button_and_by_dragging(client, organiser, aims):
    edition = aims[0].edition
    client.force_login(organiser)
    url = reverse("curriculum:aim_order", args=[edition.pk])

    client.post(url, {"list": "aims", "down": f"{aims[0].pk}:2"})
    assert order(edition) == ["Ziel 2", "Ziel 1", "Ziel 3"]

    client.post(url, {"list": "aims", "order": [aims[2].pk, aims[0].pk, aims[1].pk]})
    assert order(edition) == ["Ziel 3", "Ziel 1", "Ziel 2"]


@pytest.mark.parametrize("count", [1, 3])
def test_aim_list_query_count(client, organiser, django_assert_num_queries, count):
    edition = factories.EditionFactory()
    for number in range(count):
        Aim.objects.create(edition=edition, position=number, text=f"Ziel {number}")
    client.force_login(organiser)

    with django_assert_num_queries(6):
        response = client.get(reverse("curriculum:aim_list", args=[edition.pk]))

    assert response.content.decode().count("data-sort-key") == count


def test_aims_and_tracks_of_a_published_edition_are_not_to_be_changed(client, organiser):
    edition = published()
    aim, track = edition.aims.get(), edition.tracks.first()
    client.force_login(organiser)

    for name, part in (("aim_edit", aim), ("aim_delete", aim), ("track_edit", track), ("aim_list", edition)):
        assert client.post(reverse(f"curriculum:{name}", args=[part.pk]), {"text": "Anders"}).status_code == 409
    assert order(edition) == ["Sie initiieren Netzwerke."]


def test_track_edit_stores_title_and_summary(client, organiser):
    track = factories.TrackFactory()
    client.force_login(organiser)

    response = client.post(
        reverse("curriculum:track_edit", args=[track.pk]), {"title": "Für Leitungen", "summary": "Kurz."}
    )

    track.refresh_from_db()
    assert (track.title, track.summary) == ("Für Leitungen", "Kurz.")
    assert response.url == track.edition.get_absolute_url()
