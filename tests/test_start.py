import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from curriculum.models import Session, TrainerConfirmation
from netzkoord import overview
from netzkoord.next_steps import dates_in_words
from participants.models import MailRule, Municipality, Offer, PartnerProposal
from tests import factories
from tests.participants.finished import attending, finished_cohort


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

    with django_assert_num_queries(37):
        response = client.get(reverse("start"))

    assert response.content.decode().count("wartet auf Entscheidung") == count


@pytest.mark.parametrize("count", [1, 3])
def test_start_query_count_for_trainer(client, trainer, django_assert_num_queries, count):
    for _ in range(count):
        factories.SessionFactory(trainers=[trainer])
    client.force_login(trainer)

    with django_assert_num_queries(11):
        response = client.get(reverse("start"))

    assert response.content.decode().count("Bedarfe der Gruppe") == count


@pytest.mark.parametrize("count", [1, 3])
def test_start_query_count_for_participant(client, stranger, django_assert_num_queries, count):
    for _ in range(count):
        half = factories.RegistrationFactory(person=stranger, accepted=True)
        factories.SessionFactory(cohort=half.cohort)
    client.force_login(stranger)

    with django_assert_num_queries(16):
        response = client.get(reverse("start"))

    assert response.content.decode().count("Ihr nächster Termin") == count


ONLINE = "https://treffen.example/1"


@pytest.fixture
def own_session(client, stranger):
    """In two days, also online, for somebody who is accepted and signed in."""
    half = factories.RegistrationFactory(person=stranger, accepted=True)
    client.force_login(stranger)
    date = timezone.localdate() + datetime.timedelta(days=2)
    return factories.SessionFactory(
        cohort=half.cohort, module__code="K1", module__title="Rolle", online_url=ONLINE, days=[date]
    )


def start_page(client):
    return " ".join(client.get(reverse("start")).content.decode().replace("&nbsp;", " ").split())


def test_start_of_a_participant_shows_what_takes_place(client, own_session):
    page = start_page(client)

    assert "Ihr nächster Termin: Rolle" in page
    assert "angenommen" in page
    assert ONLINE in page
    assert "abgesagt" not in page.replace("verschoben oder abgesagt", "")


def test_start_of_a_participant_says_that_the_cohort_is_cancelled_and_why(client, own_session):
    own_session.cohort.cancelled_at = timezone.now()
    own_session.cohort.cancellation_reason = "Zu wenige Anmeldungen.\nWir planen neu."
    own_session.cohort.save()

    page = start_page(client)

    assert "Der Durchgang ist abgesagt. Sie brauchen nichts zu tun." in page
    assert "Grund: Zu wenige Anmeldungen.<br>Wir planen neu." in page
    assert "angenommen" not in page
    assert page.count("</svg> abgesagt</span>") == 1
    assert ONLINE not in page


def test_start_of_a_participant_says_why_a_session_is_cancelled(client, own_session):
    Session.objects.filter(pk=own_session.pk).update(
        cancelled_at=timezone.now(), cancellation_reason="Das Haus ist zu."
    )

    page = start_page(client)

    assert "</svg> abgesagt</span>" in page
    assert "Grund: Das Haus ist zu." in page
    assert "angenommen" in page
    assert ONLINE not in page
    assert "Ihr nächster Termin" not in page


def test_start_of_a_participant_asks_for_the_answer_to_an_offered_place(client, stranger):
    half = factories.RegistrationFactory(person=stranger, tandem__selection="WAITING")
    client.force_login(stranger)
    assert "Wird ein Platz frei, schreiben wir Ihnen." in start_page(client)
    expires_at = timezone.now() + datetime.timedelta(days=3)
    Offer.objects.create(tandem=half.tandem, places=1, expires_at=expires_at)

    page = start_page(client)

    assert "Ein Platz wartet auf Ihre Antwort" in page
    assert reverse("participants:offer_show", args=[half.pk]) in page


@pytest.mark.parametrize(("agreed", "is_asked"), [(None, True), (True, False)])
def test_start_of_a_participant_asks_for_the_answer_to_a_proposal(client, stranger, agreed, is_asked):
    half = factories.RegistrationFactory(person=stranger, tandem__form="SEEKING")
    other = factories.RegistrationFactory(
        tandem__cohort=half.cohort, tandem__form="SEEKING", role="COORDINATOR", family_name="Geheim"
    )
    PartnerProposal.objects.create(
        manager=half, coordinator=other, is_same_municipality=False, manager_agreed=agreed
    )
    client.force_login(stranger)

    page = start_page(client)

    assert ("Vorschlag ansehen und antworten" in page) is is_asked
    assert "Geheim" not in page


def test_start_of_a_participant_names_the_second_person_only_when_confirmed(client, stranger):
    half = factories.RegistrationFactory(person=stranger)
    factories.RegistrationFactory(tandem=half.tandem, role="MANAGER", family_name="Voreilig", confirmed_at=None)
    client.force_login(stranger)

    page = start_page(client)

    assert "Voreilig" not in page
    assert "Die zweite Person hat ihre Angaben noch nicht bestätigt." in page


def test_start_does_not_call_cancelled_what_was_held_before(client, own_session):
    past = timezone.localdate() - datetime.timedelta(days=30)
    factories.SessionFactory(cohort=own_session.cohort, module__title="Auftakt", days=[past])
    own_session.cohort.cancelled_at = timezone.now()
    own_session.cohort.save()

    page = start_page(client)

    assert page.count("</svg> abgesagt</span>") == 1
    assert page.index("Auftakt") < page.index("Rolle") < page.index("</svg> abgesagt</span>")


@pytest.fixture
def taught(client, trainer):
    client.force_login(trainer)
    return factories.SessionFactory(trainers=[trainer])


def test_start_of_a_trainer_says_that_the_own_word_on_a_date_is_open(client, trainer, taught):
    link = f'href="/termine/{taught.pk}/zusage/"'
    assert link not in start_page(client)
    confirmation = TrainerConfirmation.objects.create(session=taught, trainer=trainer, sequence=0)

    page = start_page(client)
    assert "Bitte sagen Sie zu oder ab." in page
    assert link in page

    confirmation.answer, confirmation.answered_at = "YES", timezone.now()
    confirmation.save()
    assert link not in start_page(client)

    Session.objects.update(sequence=1)
    page = start_page(client)
    assert "Der Termin ist verschoben. Bitte antworten Sie noch einmal." in page
    assert link in page


@pytest.mark.parametrize("is_cancelled", [True, False])
def test_start_of_a_trainer_asks_nothing_about_what_is_cancelled_or_has_begun(client, trainer, is_cancelled):
    today = timezone.localdate()
    days = [today + datetime.timedelta(days=7)] if is_cancelled else [today - datetime.timedelta(days=1), today]
    cancelled_at = timezone.now() if is_cancelled else None
    session = factories.SessionFactory(trainers=[trainer], days=days, cancelled_at=cancelled_at)
    TrainerConfirmation.objects.create(session=session, trainer=trainer, sequence=0)
    client.force_login(trainer)

    assert "/zusage/" not in start_page(client)


def test_start_of_a_trainer_does_not_ask_for_the_word_of_another(client, taught):
    other = factories.UserFactory()
    taught.trainers.add(other)
    TrainerConfirmation.objects.create(session=taught, trainer=other, sequence=0)

    assert "/zusage/" not in start_page(client)


def test_start_of_a_trainer_says_why_a_session_is_cancelled(client, taught):
    Session.objects.update(cancelled_at=timezone.now(), cancellation_reason="Das Haus ist zu.")

    assert "abgesagt</span> <br>Grund: Das Haus ist zu." in start_page(client)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([3], "Do, 3. Dezember 2026"),
        ([3, 4], "Do, 3. Dezember 2026 und Fr, 4. Dezember 2026"),
        ([3, 4, 5, 6, 7], "Do, 3. Dezember 2026 bis Mo, 7. Dezember 2026"),
        ([3, 4, 10], "Do, 3. Dezember 2026, Fr, 4. Dezember 2026 und Do, 10. Dezember 2026"),
    ],
)
def test_dates_in_a_row_are_named_by_the_first_and_the_last(days, words):
    assert dates_in_words([datetime.date(2026, 12, day) for day in days]).replace("\u00a0", " ") == words


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
    MailRule.objects.all().delete()

    before = texts(overview.strip_of(session.cohort))
    for registration in session.cohort.registrations.all():
        factories.attend(registration, session.days.get())
    after = texts(overview.strip_of(session.cohort))

    needs = "Die Bedarfserhebung ist noch nicht gestartet"
    assert before == [needs, f"Anwesenheit fehlt: {session.module.code} (4 Einträge)"]
    assert after == [needs, f"Rückmeldung zu {session.module.code} ist noch nicht gestartet"]


@pytest.mark.django_db
def test_strip_of_finished_cohort_counts_certificates_to_issue():
    session = factories.SessionFactory(days=[timezone.localdate() - datetime.timedelta(days=90)])
    factories.complete_tandem(cohort=session.cohort, selection="ACCEPTED")
    for registration in session.cohort.registrations.all():
        factories.attend(registration, session.days.get())

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

    assert "1 Tandem wartet auf Entscheidung" in for_organiser
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


def world_of_cohorts(count):
    """Running ones with registrations, offers and sessions; finished ones in which certificates are due."""
    today = timezone.localdate()
    for number in range(count):
        session = factories.SessionFactory(days=[today + datetime.timedelta(days=30)])
        for selection in ("ACCEPTED", "WAITING", "DECLINED"):
            factories.complete_tandem(cohort=session.cohort, selection=selection)
        tandem = session.cohort.tandems.get(selection="WAITING")
        Offer.objects.create(tandem=tandem, places=2, expires_at=timezone.now() + datetime.timedelta(hours=5))
        cohort = finished_cohort(title=f"Vorbei {number}", programme=f"Programm {number}")
        for _ in range(2):
            attending(cohort)


@pytest.mark.parametrize("count", [1, 3])
def test_dashboard_query_count_does_not_grow_with_cohorts(client, organiser, django_assert_num_queries, count):
    world_of_cohorts(count)
    client.force_login(organiser)

    with django_assert_num_queries(65):
        page = client.get(reverse("start")).content.decode()

    assert page.count("2 Bescheinigungen können ausgestellt werden") == count
    assert page.count("1 Angebot läuft bis morgen ab") == count


@pytest.mark.django_db
def test_strip_counts_no_declined_tandem_and_counts_an_exception_as_complete():
    cohort = factories.CohortFactory()
    factories.complete_tandem(cohort=cohort, selection="DECLINED")
    lender = factories.complete_tandem(cohort=cohort)
    single = factories.RegistrationFactory(tandem__cohort=cohort, role="MANAGER").tandem
    single.shared_half, single.exception_reason = lender.registrations.get(role="COORDINATOR"), "Zweckvereinbarung"
    single.save()

    figures = {figure.label: figure.value for figure in overview.strip_of(cohort).counts}

    assert (figures["Tandems"], figures["Einzelanmeldungen"]) == (2, 0)
    assert figures["Personen bestätigt"] == 5


@pytest.mark.django_db
def test_free_places_that_nobody_is_offered_are_due():
    cohort = factories.CohortFactory(registration_closes_on=timezone.localdate() - datetime.timedelta(days=1))
    factories.complete_tandem(cohort=cohort, selection="WAITING")

    assert "22 Plätze sind frei, niemand rückt gerade nach" in texts(overview.strip_of(cohort))


@pytest.mark.django_db
def test_mails_that_a_rule_has_missed_are_due():
    session = factories.SessionFactory(days=[timezone.localdate() + datetime.timedelta(days=3)])
    tandem = factories.complete_tandem(cohort=session.cohort, selection="ACCEPTED")
    tandem.registrations.update(confirmed_at=timezone.now() - datetime.timedelta(days=30))

    assert "1 Mail nach Regel ist versäumt" in texts(overview.strip_of(session.cohort))


def test_municipalities_that_were_written_in_are_due(client, organiser):
    factories.TandemFactory(municipality=Municipality.objects.create(name="Neu"))
    client.force_login(organiser)

    assert "1 eingetragene Kommune ist noch nicht zugeordnet" in client.get(reverse("start")).content.decode()
