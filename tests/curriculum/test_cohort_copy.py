"""„Neuer Durchgang wie dieser“, and deleting a cohort that nobody knows of."""

import datetime

import pytest
from django.core.files.base import ContentFile

from curriculum.actions.editions import archive_edition
from curriculum.forms.cohorts import title_for_copy
from curriculum.models import (
    AgendaItem,
    Audience,
    Cohort,
    Module,
    Session,
    SessionMaterial,
    Unit,
)
from netzkoord.models import AuditEvent
from tests import factories

# A Thursday and a Friday; the Thursday of 26 weeks later lies behind the change to summer time.
DAYS = [datetime.date(2026, 12, 10), datetime.date(2026, 12, 11)]


@pytest.fixture
def source(db, trainer):
    cohort = factories.CohortFactory(title="Durchgang 2026", places=30, contact_email="kurs@stadt.example")
    module = factories.ModuleFactory(edition=cohort.edition, code="K1", audiences=[Audience.COORDINATOR])
    unit = factories.UnitFactory(module=module, title="Netzwerkskizze")
    session = factories.SessionFactory(cohort=cohort, module=module, days=DAYS, trainers=[trainer])
    session.days.filter(date=DAYS[1]).update(ends_at=datetime.time(13), break_minutes=30)
    AgendaItem.objects.create(day=session.days.first(), position=1, kind="UNIT", unit=unit, minutes=90)
    factories.publish(cohort.edition)
    return cohort


def url(cohort):
    return f"/durchgaenge/{cohort.pk}/kopieren/"


def valid(source, **changes):
    return {
        "title": "Durchgang 2027",
        "edition": source.edition_id,
        # a Tuesday: the sessions keep Thursday and Friday of that week
        "first_on": "2027-06-08",
        "registration_closes_on": "2027-04-30",
    } | changes


def new_edition(old, *, with_unit=True, with_module=True):
    """The next edition: its parts keep their keys."""
    edition = factories.EditionFactory(programme=old.programme, number=old.number + 1)
    if with_module:
        module = old.modules.get()
        tracks = [factories.TrackFactory(edition=edition, audience=audience) for audience in module.audiences]
        copy = Module.objects.create(edition=edition, key=module.key, position=1, code="K1a", title="Neu")
        copy.tracks.set(tracks)
        if with_unit:
            unit = module.units.get()
            Unit.objects.create(module=copy, key=unit.key, position=1, title="Skizze", minutes=90)
    return factories.publish(edition)


def copied():
    return Cohort.objects.get(title="Durchgang 2027")


def test_cohort_copy_proposes_title_and_edition(client, organiser, source):
    client.force_login(organiser)

    response = client.get(url(source))

    form = response.context["form"]
    assert (form["title"].value(), form["edition"].value()) == ("Durchgang 2027", source.edition_id)
    assert "Bisher am Do, 10.\u00a0Dezember 2026." in response.content.decode()


def test_cohort_copy_keeps_weekdays_and_all_that_belongs_to_them(client, organiser, trainer, source):
    client.force_login(organiser)

    response = client.post(url(source), valid(source))

    cohort = copied()
    session = cohort.sessions.get()
    first, second = session.days.all()
    assert response.url == f"/durchgaenge/{cohort.pk}/planen/"
    assert (cohort.announced_at, cohort.places, cohort.contact_email) == (None, 30, "kurs@stadt.example")
    assert [day.date.isoformat() for day in (first, second)] == ["2027-06-10", "2027-06-11"]
    assert [day.date.weekday() for day in (first, second)] == [3, 4]
    assert (first.starts_at, second.ends_at, second.break_minutes) == (datetime.time(9), datetime.time(13), 30)
    assert (session.audience, session.venue_id) == ("COORDINATOR", source.sessions.get().venue_id)
    assert list(session.trainers.all()) == [trainer]
    assert str(first.agenda.get().unit) == "Netzwerkskizze"
    assert first.uid != source.sessions.get().days.first().uid
    event = AuditEvent.objects.get()
    assert (event.action, event.details) == ("COHORT_CREATED", {"copied_from": source.pk, "weeks": 26})


def test_cohort_copy_keeps_how_the_waiting_list_moves_and_takes_no_count_along(client, organiser, source):
    settings = {"offer_days": 3, "moves_up_automatically": False, "asks_approval": True}
    Cohort.objects.filter(pk=source.pk).update(places_taken=4, **settings)
    client.force_login(organiser)

    client.post(url(source), valid(source, registration_opens_on="2027-03-01"))

    new = copied()
    assert {name: getattr(new, name) for name in settings} == settings
    assert (new.places_taken, new.registration_opens_on) == (0, datetime.date(2027, 3, 1))


def test_cohort_copy_leaves_the_source_alone(client, organiser, source):
    client.force_login(organiser)

    client.post(url(source), valid(source))

    session = source.sessions.get()
    assert [day.date for day in session.days.all()] == DAYS
    assert session.days.first().agenda.count() == 1


def test_cohort_copy_twice_makes_one(client, organiser, source):
    client.force_login(organiser)
    client.post(url(source), valid(source))

    page = client.post(url(source), valid(source)).content.decode()

    assert "Einen Durchgang mit diesem Titel gibt es schon." in page
    assert Cohort.objects.count() == 2


def test_cohort_copy_leaves_out_cancelled_sessions(client, organiser, source):
    source.sessions.update(cancelled_at=datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC))
    client.force_login(organiser)

    client.post(url(source), valid(source))

    assert not copied().sessions.exists()


def test_cohort_copy_turns_to_the_newest_edition(client, organiser, source):
    edition = new_edition(source.edition)
    client.force_login(organiser)

    client.post(url(source), valid(source, edition=edition.pk))

    session = copied().sessions.get()
    assert session.module.code == "K1a"
    assert str(session.days.first().agenda.get().unit) == "Skizze"


def test_cohort_copy_keeps_a_lost_unit_as_a_point_of_its_own(client, organiser, source):
    edition = new_edition(source.edition, with_unit=False)
    client.force_login(organiser)

    client.post(url(source), valid(source, edition=edition.pk))

    item = copied().sessions.get().days.first().agenda.get()
    assert (item.kind, item.title, item.minutes) == ("OTHER", "Netzwerkskizze", 90)


def test_cohort_copy_says_which_modules_the_new_edition_lacks(client, organiser, source):
    edition = new_edition(source.edition, with_module=False)
    client.force_login(organiser)

    page = client.post(url(source), valid(source, edition=edition.pk), follow=True).content.decode()

    assert "Ohne Termin, weil die neue Fassung sie nicht mehr hat: K1." in page
    assert not copied().sessions.exists()


def test_cohort_copy_leaves_out_trainers_who_no_longer_train(client, organiser, trainer, source):
    trainer.groups.clear()
    client.force_login(organiser)

    page = client.post(url(source), valid(source), follow=True).content.decode()

    assert f"Nicht übernommen, weil sie nicht mehr trainieren: {trainer.get_full_name()}." in page
    assert not copied().sessions.get().trainers.exists()


def test_cohort_copy_shows_holidays_on_the_plan(client, organiser, source):
    source.sessions.get().venue.__class__.objects.update(state="05")
    source.sessions.get().days.last().delete()
    client.force_login(organiser)

    page = client.post(
        url(source), valid(source, first_on="2027-05-27", registration_closes_on="2027-04-01"), follow=True
    ).content.decode()

    assert "ist in Nordrhein-Westfalen ein Feiertag: Fronleichnam." in page


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"first_on": "0026-06-08"}, "Bitte prüfen Sie das Jahr: Es liegt zwischen 2000 und 2099."),
        ({"first_on": "2099-12-31"}, "Bitte prüfen Sie das Jahr: Der letzte Termin läge nach 2099."),
        ({"first_on": ""}, "Bitte füllen Sie dieses Feld aus."),
        ({"registration_closes_on": "2027-06-08"}, "Der Anmeldeschluss muss vor dem ersten Tag liegen"),
        ({"title": ""}, "Bitte füllen Sie dieses Feld aus."),
        ({"edition": "999"}, "Bitte eine gültige Auswahl treffen."),
    ],
)
def test_cohort_copy_says_what_is_wrong(client, organiser, source, change, message):
    client.force_login(organiser)

    page = client.post(url(source), valid(source, **change)).content.decode()

    assert message in page
    assert Cohort.objects.count() == 1


def test_cohort_copy_offers_no_edition_of_another_programme(client, organiser, source):
    other = factories.publish(factories.EditionFactory())
    client.force_login(organiser)

    client.post(url(source), valid(source, edition=other.pk))

    assert Cohort.objects.count() == 1


def test_cohort_copy_of_a_cohort_without_sessions(client, organiser, db):
    source = factories.CohortFactory(title="Leer")
    client.force_login(organiser)

    client.post(url(source), valid(source))

    assert not copied().sessions.exists()


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Durchgang 2026", "Durchgang 2027"),
        ("Durchgang 2026/27", "Durchgang 2027/28"),
        ("Durchgang 1999/00", "Durchgang 1999/00 (2)"),
        ("Herbst", "Herbst (2)"),
    ],
)
def test_title_for_copy(db, title, expected):
    assert title_for_copy(factories.CohortFactory(title=title)) == expected


def test_title_for_copy_takes_one_that_is_free(db):
    factories.CohortFactory(title="Durchgang 2027")

    assert title_for_copy(factories.CohortFactory(title="Durchgang 2026")) == "Durchgang 2028"


@pytest.mark.parametrize("fixture", ["trainer", "reader", "stranger"])
def test_cohort_copy_and_delete_forbidden(client, request, source, fixture):
    client.force_login(request.getfixturevalue(fixture))

    assert client.post(url(source), valid(source)).status_code == 403
    assert client.post(f"/durchgaenge/{source.pk}/loeschen/").status_code == 403
    assert Cohort.objects.count() == 1


@pytest.mark.parametrize("path", ["kopieren", "loeschen", "planen"])
def test_cohort_pages_refuse_other_methods(client, organiser, source, path):
    client.force_login(organiser)

    assert client.put(f"/durchgaenge/{source.pk}/{path}/").status_code == 405


# Delete


def delete_url(cohort):
    return f"/durchgaenge/{cohort.pk}/loeschen/"


@pytest.fixture
def planned(db):
    return factories.SessionFactory(cohort__announced_at=None, cohort__title="Geplant").cohort


def test_cohort_delete_asks_first(client, organiser, planned):
    client.force_login(organiser)

    page = client.get(delete_url(planned)).content.decode()

    assert "Durchgang löschen?" in page
    assert Cohort.objects.exists()


def test_cohort_delete_takes_its_sessions_and_files_along(
    client, organiser, planned, django_capture_on_commit_callbacks
):
    session = planned.sessions.get()
    material = SessionMaterial(session=session, title="Folien", original_name="a.pdf", size_bytes=1)
    material.file.save("a.pdf", ContentFile(b"x"))
    storage, name = material.file.storage, material.file.name
    client.force_login(organiser)

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(delete_url(planned))

    assert response.url == "/durchgaenge/"
    assert not Session.objects.exists()
    assert not storage.exists(name)
    assert AuditEvent.objects.get().action == "COHORT_DELETED"


def test_cohort_delete_keeps_an_announced_one(client, organiser, source):
    client.force_login(organiser)

    page = client.post(delete_url(source)).content.decode()

    assert "Der Durchgang war schon ausgeschrieben." in page
    assert Cohort.objects.exists()


def test_cohort_delete_says_who_uses_it(client, organiser, planned):
    factories.complete_tandem(cohort=planned)
    client.force_login(organiser)

    page = client.post(delete_url(planned)).content.decode()

    assert "Es gibt dazu schon: Anmeldung „" in page
    assert " und Tandem „Tandem " in page
    assert Cohort.objects.exists()
    assert not AuditEvent.objects.exists()


def test_cohort_delete_twice_is_not_there_the_second_time(client, organiser, planned):
    client.force_login(organiser)
    client.post(delete_url(planned))

    assert client.post(delete_url(planned)).status_code == 404


def test_cohort_copy_does_not_offer_what_is_archived(client, organiser, source):
    edition = source.edition if not source.edition.is_draft else factories.publish(source.edition)
    archive_edition(edition=edition, by=organiser)
    client.force_login(organiser)

    assert f'<option value="{source.edition_id}"' not in client.get(url(source)).content.decode()
