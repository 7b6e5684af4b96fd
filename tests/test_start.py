import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from netzkoord import overview
from participants.models import Attendance, Presence
from tests import factories


def texts(strip):
    return [due.text for due in strip.due]


@pytest.mark.django_db
def test_start_shows_offers_to_anyone(client):
    factories.CohortFactory(title="Durchgang für alle")
    factories.CohortFactory(title="Noch geheim", announced_at=None)

    page = client.get(reverse("start")).content.decode()

    assert "Durchgang für alle" in page
    assert "Noch geheim" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_start_query_count_for_organiser(client, organiser, django_assert_num_queries, count):
    for _ in range(count):
        session = factories.SessionFactory()
        factories.complete_tandem(cohort=session.cohort)
    client.force_login(organiser)

    with django_assert_num_queries(20):
        response = client.get(reverse("start"))

    assert response.content.decode().count("wartet auf Entscheidung") == count


@pytest.mark.parametrize("count", [1, 3])
def test_start_query_count_for_trainer(client, trainer, django_assert_num_queries, count):
    for _ in range(count):
        factories.SessionFactory(trainers=[trainer])
    client.force_login(trainer)

    with django_assert_num_queries(8):
        response = client.get(reverse("start"))

    assert response.content.decode().count("Bedarfe der Gruppe") == count


@pytest.mark.parametrize("count", [1, 3])
def test_start_query_count_for_participant(client, stranger, django_assert_num_queries, count):
    for _ in range(count):
        half = factories.RegistrationFactory(person=stranger, accepted=True)
        factories.SessionFactory(cohort=half.cohort)
    client.force_login(stranger)

    with django_assert_num_queries(12):
        response = client.get(reverse("start"))

    assert response.content.decode().count("Ihr nächster Termin") == count


@pytest.mark.django_db
def test_strip_says_that_sessions_are_missing():
    cohort = factories.CohortFactory(announced_at=None)

    assert texts(overview.strip_of(cohort)) == ["Der Durchgang hat noch keine Termine"]


@pytest.mark.django_db
def test_strip_says_that_cohort_is_not_announced():
    session = factories.SessionFactory(cohort__announced_at=None)

    assert texts(overview.strip_of(session.cohort)) == ["Der Durchgang ist noch nicht ausgeschrieben"]


@pytest.mark.django_db
def test_strip_counts_missing_attendance_and_asks_for_feedback_after_it_is_entered():
    session = factories.SessionFactory(days=[timezone.localdate()])
    factories.complete_tandem(cohort=session.cohort, selection="ACCEPTED")

    before = texts(overview.strip_of(session.cohort))
    for registration in session.cohort.registrations.all():
        Attendance.objects.create(registration=registration, day=session.days.get(), presence=Presence.FULL)
    after = texts(overview.strip_of(session.cohort))

    needs = "Die Bedarfserhebung ist noch nicht gestartet"
    assert before == [needs, f"Anwesenheit fehlt: {session.module.code} (2 Einträge)"]
    assert after == [needs, f"Rückmeldung zu {session.module.code} ist noch nicht gestartet"]


@pytest.mark.django_db
def test_strip_of_finished_cohort_counts_certificates_to_issue():
    session = factories.SessionFactory(days=[timezone.localdate() - datetime.timedelta(days=90)])
    factories.complete_tandem(cohort=session.cohort, selection="ACCEPTED")
    for registration in session.cohort.registrations.all():
        Attendance.objects.create(registration=registration, day=session.days.get(), presence=Presence.FULL)

    assert texts(overview.strip_of(session.cohort)) == ["2 Bescheinigungen können ausgestellt werden"]


@pytest.mark.django_db
def test_strip_ignores_unconfirmed_halves():
    session = factories.SessionFactory()
    factories.RegistrationFactory(tandem__cohort=session.cohort, confirmed_at=None)

    assert texts(overview.strip_of(session.cohort)) == []


@pytest.mark.django_db
def test_own_edition_is_read_by_its_participant_only(client, stranger):
    half = factories.RegistrationFactory(accepted=True)
    address = reverse("own_edition", args=[half.pk])

    client.force_login(half.person)
    own = client.get(address)
    client.force_login(stranger)
    foreign = client.get(address)

    assert half.cohort.edition.title in own.content.decode()
    assert foreign.status_code == 404


@pytest.mark.django_db
def test_own_edition_is_not_shown_before_the_address_is_confirmed(client):
    half = factories.RegistrationFactory(confirmed_at=None)
    client.force_login(half.person)

    assert client.get(reverse("own_edition", args=[half.pk])).status_code == 404


@pytest.mark.django_db
def test_what_is_due_is_shown_to_organisers_only(client, organiser, trainer):
    session = factories.SessionFactory(trainers=[trainer])
    factories.complete_tandem(cohort=session.cohort)
    address = reverse("cohort_detail", args=[session.cohort.pk])

    client.force_login(organiser)
    for_organiser = client.get(address).content.decode()
    client.force_login(trainer)
    for_trainer = client.get(address).content.decode()

    assert "1 Anmeldung wartet auf Entscheidung" in for_organiser
    assert "wartet auf Entscheidung" not in for_trainer
    assert "Nichts ist fällig" not in for_trainer


@pytest.mark.django_db
def test_start_shows_the_latest_finished_cohorts_only(client, organiser):
    today = timezone.localdate()
    for years in range(1, 5):
        factories.SessionFactory(
            cohort__title=f"Vor {years} Jahren", days=[today - datetime.timedelta(days=365 * years)]
        )
    client.force_login(organiser)

    page = client.get(reverse("start")).content.decode()

    assert "Vor 3 Jahren" in page
    assert "Vor 4 Jahren" not in page
