"""Trainers' word on their dates: asked by mail, given through a link or on the session's page."""

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from curriculum.models import Cohort, Session, TrainerConfirmation
from curriculum.queries.trainers import confirmation_token
from netzkoord import roles
from netzkoord.models import AuditEvent
from tests import factories
from tests.links import is_link_to


@pytest.fixture
def session(db, trainer):
    return factories.SessionFactory(trainers=[trainer])


@pytest.fixture
def confirmation(session, trainer):
    return TrainerConfirmation.objects.create(session=session, trainer=trainer, sequence=session.sequence)


def link_of(confirmation):
    return reverse("curriculum:trainer_answer", args=[confirmation_token(confirmation)])


def ask(client, session):
    return client.post(f"/termine/{session.pk}/terminzusagen/", follow=True).content.decode()


def test_session_ask_trainers_mails_each_a_personal_link(client, organiser, trainer, session):
    client.force_login(organiser)

    page = ask(client, session)

    mail = Email.objects.get()
    assert mail.to == [trainer.email]
    assert is_link_to(mail.message, "trainer-date", TrainerConfirmation.objects.get().pk)
    assert mail.headers["Sensitivity"] == "Private"
    assert "Eine Bitte um Terminzusage ist gesendet." in page
    assert "Terminzusage offen" in page
    assert AuditEvent.objects.get().action == "DATE_ASKED"


def test_session_ask_trainers_twice_asks_once_and_again_after_a_day(client, organiser, session):
    client.force_login(organiser)
    ask(client, session)

    assert "Niemand war neu zu fragen." in ask(client, session)
    assert Email.objects.count() == 1

    with time_machine.travel(timezone.now() + datetime.timedelta(days=1, minutes=1)):
        client.force_login(organiser)
        ask(client, session)
    assert Email.objects.count() == 2


def test_session_ask_trainers_asks_nobody_who_answered_and_no_closed_account(
    client, organiser, session, confirmation
):
    TrainerConfirmation.objects.update(answer="NO", answered_at=timezone.now())
    session.trainers.add(factories.staff(roles.TRAINER, is_active=False))
    client.force_login(organiser)

    ask(client, session)

    assert not Email.objects.exists()


def test_cohort_ask_trainers_asks_for_every_session_to_come(client, organiser, trainer, session):
    cohort = session.cohort
    factories.SessionFactory(cohort=cohort, trainers=[trainer])
    factories.SessionFactory(cohort=cohort, trainers=[trainer], days=[datetime.date(2020, 1, 6)])
    factories.SessionFactory(cohort=cohort, trainers=[trainer], cancelled_at=timezone.now())
    client.force_login(organiser)

    page = client.post(f"/durchgaenge/{cohort.pk}/terminzusagen/", follow=True).content.decode()

    assert "2 Bitten um Terminzusage sind gesendet." in page


def test_trainer_answer_changes_nothing_when_it_is_opened(client, confirmation):
    page = client.get(link_of(confirmation)).content.decode()

    assert str(confirmation.session.module) in page
    confirmation.refresh_from_db()
    assert confirmation.answer == ""


@pytest.mark.parametrize(("answer", "label"), [("YES", "zugesagt"), ("NO", "kann nicht")])
def test_trainer_answer_is_stored_and_shown(client, organiser, confirmation, answer, label):
    data = {"answer": answer, "remark": "Ab 10 Uhr", "sequence": 0}

    client.post(link_of(confirmation), data)
    client.post(link_of(confirmation), data)

    confirmation.refresh_from_db()
    assert (confirmation.answer, confirmation.remark) == (answer, "Ab 10 Uhr")
    assert AuditEvent.objects.get().action == "DATE_ANSWERED"
    client.force_login(organiser)
    for url in (confirmation.session.get_absolute_url(), f"/durchgaenge/{confirmation.session.cohort_id}/termine/"):
        assert label in client.get(url).content.decode()


def test_trainer_answer_can_be_changed_until_the_session_begins(client, confirmation):
    client.post(link_of(confirmation), {"answer": "YES", "sequence": 0})
    client.post(link_of(confirmation), {"answer": "NO", "sequence": 0})
    confirmation.refresh_from_db()
    assert confirmation.answer == "NO"

    day = confirmation.session.days.get()
    begin = timezone.make_aware(datetime.datetime.combine(day.date, day.starts_at))
    with time_machine.travel(begin):
        page = client.post(link_of(confirmation), {"answer": "YES", "sequence": 0}, follow=True).content.decode()

    confirmation.refresh_from_db()
    assert "Der Termin hat schon begonnen." in page
    assert confirmation.answer == "NO"


def test_trainer_answer_to_days_that_were_moved_meanwhile_is_not_taken(client, confirmation):
    Session.objects.update(sequence=1)

    page = client.post(link_of(confirmation), {"answer": "YES", "sequence": 0}, follow=True).content.decode()

    assert "Bitte antworten Sie zu den neuen Tagen." in page
    confirmation.refresh_from_db()
    assert confirmation.answer == ""


def test_trainer_answer_says_what_is_missing(client, confirmation):
    for data in ({}, {"answer": "VIELLEICHT", "sequence": "x" * 50}):
        response = client.post(link_of(confirmation), data)
        assert response.status_code == 200
    assert "Bitte wählen Sie Ja oder Nein." in client.post(link_of(confirmation), {"sequence": 0}).content.decode()


def test_trainer_answer_of_a_cancelled_session_says_so(client, confirmation):
    Session.objects.update(cancelled_at=timezone.now())

    page = client.get(link_of(confirmation)).content.decode()

    assert "Der Termin ist abgesagt." in page
    assert "Antwort senden" not in page


@pytest.mark.parametrize("of", ["session", "cohort"])
def test_trainer_answer_of_what_was_cancelled_speaks_of_no_move(client, confirmation, of):
    """Cancelling counts as a change for calendars, but nothing was moved."""
    TrainerConfirmation.objects.update(answer="YES", answered_at=timezone.now())
    Session.objects.update(sequence=1)
    assert "für die Tage vor dem Verschieben" in client.get(link_of(confirmation)).content.decode()
    (Session if of == "session" else Cohort).objects.update(cancelled_at=timezone.now())

    page = client.get(link_of(confirmation)).content.decode()

    assert "zugesagt am" in page
    assert "vor dem Verschieben" not in page


def test_trainer_answer_does_not_exist_for_forged_links_removed_trainers_and_closed_accounts(client, confirmation):
    url = link_of(confirmation)
    assert client.get("/terminzusage/unsinn/").status_code == 404

    confirmation.trainer.is_active = False
    confirmation.trainer.save()
    assert client.get(url).status_code == 404

    confirmation.trainer.is_active = True
    confirmation.trainer.save()
    assert client.get(url).status_code == 200
    confirmation.session.trainers.clear()
    assert client.post(url, {"answer": "YES", "sequence": 0}).status_code == 409


def test_session_confirm_is_for_the_trainers_of_the_session_who_are_signed_in(client, trainer, session):
    client.force_login(trainer)
    url = f"/termine/{session.pk}/zusage/"
    assert url in client.get(session.get_absolute_url()).content.decode()

    response = client.post(url, {"answer": "YES", "sequence": 0})

    assert response.url == session.get_absolute_url()
    assert TrainerConfirmation.objects.get().answer == "YES"
    client.force_login(factories.staff(roles.TRAINER))
    assert client.get(url).status_code == 404


def test_trainer_who_cannot_come_is_told_to_the_organisers(client, organiser, confirmation):
    client.post(link_of(confirmation), {"answer": "NO", "remark": "Im Urlaub", "sequence": 0})

    mail = Email.objects.get()
    assert mail.to == [confirmation.session.cohort.contact]
    assert mail.subject.startswith("Absage einer Trainerin oder eines Trainers: ")
    assert "Bemerkung: Im Urlaub" in mail.message
    assert f"/termine/{confirmation.session_id}/bearbeiten/" in mail.message
    client.force_login(organiser)
    sentence = f"{confirmation.trainer.get_full_name()} kann zu {confirmation.session.module.code} nicht kommen"
    assert sentence in client.get("/").content.decode()


def test_asking_where_nobody_teaches_says_so(client, organiser):
    session = factories.SessionFactory()
    client.force_login(organiser)

    assert "Es ist noch niemand eingeplant." in ask(client, session)
