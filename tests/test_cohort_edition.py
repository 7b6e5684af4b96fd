"""Moving a cohort that has not begun to a newer edition: what it means, and what stands against it."""

import datetime

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from curriculum.actions.copying import copy_parts
from curriculum.models import AgendaItem, AgendaKind, Edition, PracticeReport, SessionMaterial
from evaluation.actions.surveys import start_needs_survey
from netzkoord.models import AuditAction, AuditEvent
from participants.models import Registration
from tests import factories


@pytest.fixture
def cohort(db):
    """Two modules with a session each, on an edition that a second one replaces."""
    cohort = factories.CohortFactory(title="Durchgang 2018", edition__number=1)
    for code in ("K1", "K2"):
        module = factories.ModuleFactory(edition=cohort.edition, code=code, title=f"Modul {code}")
        factories.UnitFactory(module=module, title=f"Baustein {code}")
        factories.SessionFactory(cohort=cohort, module=module)
    factories.publish(cohort.edition)
    return cohort


def newer(cohort, *, number=2, without=(), publish=True):
    old = cohort.edition
    edition = Edition.objects.create(
        programme=old.programme, number=number, title=old.title, abstract=old.abstract, replaces=old
    )
    copy_parts(old, edition)
    edition.modules.filter(code__in=without).delete()
    return factories.publish(edition) if publish else edition


def session(cohort, code):
    return cohort.sessions.get(module__code=code)


def address(cohort):
    return reverse("cohort_edition", args=[cohort.pk])


def move(client, cohort, edition, **data):
    return client.post(address(cohort), {"auf": edition.pk, "is_confirmed": "on", **data})


def text_of(response):
    return response.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")


@pytest.fixture
def signed_in(client, organiser):
    client.force_login(organiser)
    return client


def test_cohort_edition_moves_sessions_along_and_says_so(signed_in, cohort):
    edition = newer(cohort)

    response = move(signed_in, cohort, edition)

    assert response.url == reverse("curriculum:session_list", args=[cohort.pk])
    cohort.refresh_from_db()
    assert cohort.edition == edition
    assert {each.module.edition for each in cohort.sessions.all()} == {edition}
    assert sorted(each.module.code for each in cohort.sessions.all()) == ["K1", "K2"]
    event = AuditEvent.objects.get(action=AuditAction.COHORT_EDITION_CHANGED)
    assert event.details == {
        "edition_before": edition.replaces_id,
        "edition_after": edition.pk,
        "sessions_moved": 2,
        "sessions_deleted": 0,
        "agenda_items_moved": 0,
        "agenda_items_freed": 0,
    }


def test_cohort_edition_shows_the_difference_and_the_consequences_first(signed_in, cohort):
    factories.complete_tandem(cohort=cohort)
    edition = newer(cohort, without=["K2"], publish=False)
    factories.ModuleFactory(edition=edition, code="K9", title="Neuland")
    factories.publish(edition)

    text = text_of(signed_in.get(address(cohort)))

    assert "Gegenüber der 1. Fassung: 1 Modul neu, 1 entfallen, 1 Baustein entfallen, 4 → 2 UE." in text
    assert "K2 Modul K2, " in text
    assert "Das Modul gibt es nicht mehr." in text
    assert "K9 Neuland" in text
    assert "2 Anmeldungen beziehen sich auf die bisherige Ausschreibung" in text
    assert "Sie zeigt sofort die neue Fassung." in text
    cohort.refresh_from_db()
    assert cohort.edition.number == 1


def test_cohort_edition_drops_sessions_whose_module_is_gone(signed_in, cohort):
    move(signed_in, cohort, newer(cohort, without=["K2"]))

    assert [each.module.code for each in cohort.sessions.all()] == ["K1"]


def test_cohort_edition_keeps_the_record_of_a_cancelled_session(signed_in, cohort):
    cancelled = session(cohort, "K2")
    cancelled.cancelled_at = timezone.now()
    cancelled.save()

    move(signed_in, cohort, newer(cohort, without=["K2"]))

    cancelled.refresh_from_db()
    assert cancelled.module.edition.number == 1
    assert cancelled.cohort.edition.number == 2


def test_cohort_edition_turns_the_agenda_to_the_new_units_and_frees_the_rest(signed_in, cohort):
    day = session(cohort, "K1").days.get()
    unit = session(cohort, "K1").module.units.get()
    kept = AgendaItem.objects.create(day=day, position=1, unit=unit, minutes=60)
    pause = AgendaItem.objects.create(day=day, position=2, kind=AgendaKind.BREAK, title="Pause", minutes=15)
    other_day = session(cohort, "K2").days.get()
    freed = AgendaItem.objects.create(
        day=other_day, position=1, unit=session(cohort, "K2").module.units.get(), minutes=45
    )
    edition = newer(cohort, publish=False)
    edition.modules.get(code="K2").units.get().delete()
    factories.publish(edition)

    assert "„Baustein K2“." in text_of(signed_in.get(address(cohort)))
    move(signed_in, cohort, edition)

    for item in (kept, pause, freed):
        item.refresh_from_db()
    assert kept.unit == edition.modules.get(code="K1").units.get()
    assert (kept.kind, kept.minutes) == (AgendaKind.UNIT, 60)
    assert (pause.kind, pause.title) == (AgendaKind.BREAK, "Pause")
    assert (freed.kind, freed.unit, freed.title, freed.minutes) == (AgendaKind.OTHER, None, "Baustein K2", 45)


def test_cohort_edition_hints_at_a_module_that_is_for_others_now(signed_in, cohort):
    edition = newer(cohort, publish=False)
    edition.modules.get(code="K1").tracks.remove(edition.tracks.get(audience="MANAGER"))
    factories.publish(edition)

    text = text_of(signed_in.get(address(cohort)))

    assert text.count("Das Modul richtet sich jetzt an Koordinierungskräfte; der Termin ist für Führungs-") == 1


def test_cohort_edition_asks_for_an_explicit_yes(signed_in, cohort):
    response = move(signed_in, cohort, newer(cohort), is_confirmed="")

    assert "Bitte bestätigen Sie, dass Sie die Änderungen und ihre Folgen gelesen haben." in text_of(response)
    cohort.refresh_from_db()
    assert cohort.edition.number == 1


def test_cohort_edition_clicked_twice_moves_once(signed_in, cohort):
    edition = newer(cohort)
    move(signed_in, cohort, edition)

    response = move(signed_in, cohort, edition)

    assert response.url == cohort.get_absolute_url()
    assert AuditEvent.objects.filter(action=AuditAction.COHORT_EDITION_CHANGED).count() == 1


def refused(client, cohort, edition):
    """The page after a refusal; the cohort is where it was."""
    text = text_of(move(client, cohort, edition))
    cohort.refresh_from_db()
    assert cohort.edition.number == 1
    assert cohort.sessions.count() == 2
    assert "Durchgang umstellen</button>" not in text
    return text


def test_cohort_edition_is_refused_once_the_first_day_has_come(signed_in, cohort):
    session(cohort, "K1").days.update(date=timezone.localdate())

    assert "Umgestellt wird nur vor dem ersten Termin." in refused(signed_in, cohort, newer(cohort))


def test_cohort_edition_is_refused_for_a_cancelled_cohort(signed_in, cohort):
    cohort.cancelled_at = timezone.now()
    cohort.save()

    assert "Der Durchgang hat den Stand „abgesagt“." in refused(signed_in, cohort, newer(cohort))


def test_cohort_edition_is_refused_once_needs_were_asked_for(signed_in, organiser, cohort):
    closes_at = timezone.now() + datetime.timedelta(days=7)
    start_needs_survey(cohort=cohort, closes_at=closes_at, by=organiser)

    assert "Die Bedarfserhebung hat begonnen" in refused(signed_in, cohort, newer(cohort))


def test_cohort_edition_is_refused_when_attendance_hangs_on_a_session_that_would_vanish(signed_in, cohort):
    factories.complete_tandem(cohort=cohort, selection="ACCEPTED")
    factories.attend(Registration.objects.filter(cohort=cohort).first(), session(cohort, "K2").days.get())

    text = refused(signed_in, cohort, newer(cohort, without=["K2"]))

    assert "Zu „K2 Modul K2“ ist Anwesenheit eingetragen." in text


def invite(held):
    held.invited_at = timezone.now()
    held.save()


def plan_report(held):
    PracticeReport.objects.create(session=held, practitioner="Ada Beispiel", municipality="Unna", title="Ein Jahr")


def add_material(held):
    SessionMaterial.objects.create(session=held, title="Folien", file=ContentFile(b"x", "f"), size_bytes=1)


@pytest.mark.parametrize(
    ("hang", "sentence"),
    [
        (invite, "Zu „K2 Modul K2“ ist schon eingeladen."),
        (plan_report, "Zu „K2 Modul K2“ ist ein Erlebnisbericht geplant."),
        (add_material, "Zu „K2 Modul K2“ liegt Material."),
    ],
)
def test_cohort_edition_is_refused_when_something_hangs_on_a_session_that_would_vanish(
    signed_in, cohort, settings, tmp_path, hang, sentence
):
    settings.MEDIA_ROOT = tmp_path
    hang(session(cohort, "K2"))

    assert sentence in refused(signed_in, cohort, newer(cohort, without=["K2"]))


def test_cohort_edition_offers_published_editions_of_the_same_programme_only(signed_in, cohort):
    draft = newer(cohort, publish=False)
    stranger = factories.publish(factories.EditionFactory(number=2))

    assert "keine neuere Fassung veröffentlicht" in text_of(signed_in.get(address(cohort)))
    for edition in (draft, stranger):
        assert move(signed_in, cohort, edition).status_code == 404


def test_cohort_edition_does_not_go_back(signed_in, cohort):
    old = cohort.edition
    move(signed_in, cohort, newer(cohort))

    assert move(signed_in, cohort, old).status_code == 404


def test_cohort_edition_lets_choose_among_several(signed_in, cohort):
    second, third = newer(cohort), newer(cohort, number=3)

    text = text_of(signed_in.get(address(cohort)))
    move(signed_in, cohort, second)

    assert "neu ist die 3." in text
    assert f'<a href="?auf={second.pk}">2. Fassung</a>' in text
    cohort.refresh_from_db()
    assert (cohort.edition, third.cohorts.count()) == (second, 0)


@pytest.mark.parametrize("asked", ["abc", "999999", "-1"])
def test_cohort_edition_survives_nonsense(signed_in, cohort, asked):
    newer(cohort)

    assert signed_in.get(address(cohort), {"auf": asked}).status_code == 404


def test_cohort_edition_forbidden_to_readers_and_to_other_methods(client, organiser, reader, cohort):
    edition = newer(cohort)
    client.force_login(reader)
    assert move(client, cohort, edition).status_code == 403

    client.force_login(organiser)
    assert client.put(address(cohort)).status_code == 405


def test_cohort_detail_says_that_there_is_a_newer_edition(signed_in, cohort):
    assert "neuere Fassung" not in text_of(signed_in.get(cohort.get_absolute_url()))

    newer(cohort)

    text = text_of(signed_in.get(cohort.get_absolute_url()))
    assert "Es gibt eine neuere Fassung" in text
    assert address(cohort) in text


@pytest.mark.parametrize("count", [1, 3])
def test_cohort_edition_query_count(signed_in, django_assert_num_queries, count):
    cohort = factories.CohortFactory(edition__number=1)
    for _ in range(count):
        module = factories.ModuleFactory(edition=cohort.edition)
        unit = factories.UnitFactory(module=module)
        held = factories.SessionFactory(cohort=cohort, module=module)
        AgendaItem.objects.create(day=held.days.get(), position=1, unit=unit, minutes=90)
    newer(cohort)

    with django_assert_num_queries(36):
        response = signed_in.get(address(cohort))

    assert f"{count} Punkt" in text_of(response)
