"""Cancelling a session or a whole cohort: whom it concerns, what they are told, and what counts no more."""

import datetime
import re

import pytest
import time_machine
from django.utils import timezone
from post_office.models import Email

from curriculum.models import Session, SessionDay
from evaluation.models import Participation, Survey
from netzkoord import roles
from netzkoord.models import AuditEvent
from participants.actions.waiting import offer_to
from participants.models import Offer, Registration
from participants.queries.attendance import attendance_of
from participants.tokens import status_token
from tests import factories
from tests.rewriting import rewrite
from tests.schedule.steps import (
    MONDAY,
    cancel_url,
    feedback,
    local,
    mail_to,
    move_url,
)

# Cancelling a session


def test_session_cancel_shows_first_whom_it_concerns(signed_in, session, trainer):
    page = signed_in.get(cancel_url(session)).content.decode()

    assert "2 Personen erhalten" in page
    assert trainer.get_full_name() in page
    session.refresh_from_db()
    assert session.cancelled_at is None


def test_session_cancel_says_that_its_feedback_does_not_come(signed_in, session):
    before = signed_in.get(cancel_url(session)).content.decode()
    feedback(session, local(2027, 3, 23, 16, 0))
    planned = signed_in.get(cancel_url(session)).content.decode()

    sentence = "Die anonyme Rückmeldung zu diesem Termin entfällt."
    assert sentence in before
    assert "öffnet nicht mehr" in planned
    assert sentence not in planned


def test_session_cancel_tells_the_reason_and_counts_nowhere_any_more(signed_in, session):
    feedback(session, local(2027, 3, 23, 16, 0))

    signed_in.post(cancel_url(session), {"reason": "Erkrankung"})

    session.refresh_from_db()
    assert (session.cancellation_reason, session.sequence) == ("Erkrankung", 1)
    assert Email.objects.count() == 3
    assert all("Der Grund: Erkrankung" in mail.message for mail in Email.objects.all())
    assert not Survey.objects.exists()
    assert not Session.objects.not_cancelled().exists()
    assert AuditEvent.objects.get().action == "SESSION_CANCELLED"
    assert (
        "Der Termin ist abgesagt. Grund: Erkrankung" in signed_in.get(session.get_absolute_url()).content.decode()
    )


@pytest.mark.parametrize("of", ["session", "cohort"])
def test_the_mails_keep_the_lines_of_the_reason(signed_in, session, of):
    url = cancel_url(session) if of == "session" else f"/durchgaenge/{session.cohort_id}/absagen/"

    signed_in.post(url, {"reason": "Das Haus ist zu.\r\nMehr auf www.haus.example"})

    assert Email.objects.count() == 3
    for mail in Email.objects.all():
        assert "\n\nDer Grund: Das Haus ist zu.\nMehr auf www. haus. example\n\n" in mail.message
        html = mail.email_message().alternatives[0][0]
        assert "<p>Der Grund: Das Haus ist zu.<br>Mehr auf www. haus. example</p>" in html


@pytest.mark.parametrize("of", ["session", "cohort"])
def test_what_concerns_nobody_is_cancelled_without_a_word_of_mails(signed_in, organiser, of):
    gone = factories.staff(roles.TRAINER, is_active=False)
    session = factories.SessionFactory(trainers=[gone])
    url = cancel_url(session) if of == "session" else f"/durchgaenge/{session.cohort_id}/absagen/"

    question = signed_in.get(url).content.decode()
    answer = signed_in.post(url, {"reason": "Umbau"}, follow=True).content.decode()

    assert "Niemand ist betroffen, es geht keine Mail hinaus." in question
    assert "und Mails senden" not in question
    assert gone.get_full_name() not in question
    assert "ist abgesagt. Es ging keine Mail hinaus." in answer


def test_what_concerns_somebody_is_cancelled_with_mails(signed_in, session):
    assert "Termin absagen und Mails senden" in signed_in.get(cancel_url(session)).content.decode()

    page = signed_in.post(cancel_url(session), {"reason": "Umbau"}, follow=True).content.decode()

    assert "ist abgesagt. 3 Mails an die Betroffenen sind unterwegs." in page


def test_session_cancel_needs_a_reason(signed_in, session):
    page = signed_in.post(cancel_url(session), {"reason": " "}).content.decode()

    assert "Bitte nennen Sie den Grund." in page
    assert not Email.objects.exists()


def test_session_cancel_twice_mails_once(signed_in, session):
    for _ in range(2):
        signed_in.post(cancel_url(session), {"reason": "Erkrankung"})

    assert Email.objects.count() == 3


def test_session_cancel_refuses_what_was_held(signed_in, session):
    for place, day in enumerate(session.days.all()):
        SessionDay.objects.filter(pk=day.pk).update(date=datetime.date(2020, 1, 6 + place))

    page = signed_in.post(cancel_url(session), {"reason": "zu spät"}).content.decode()

    assert "Der Termin ist vorbei." in page
    session.refresh_from_db()
    assert session.cancelled_at is None


@pytest.mark.parametrize("answers", [0, 1])
def test_session_cancel_closes_open_feedback_that_has_answers_and_removes_what_has_none(
    signed_in, session, answers
):
    survey = feedback(session, timezone.now() - datetime.timedelta(hours=1))
    for person in Registration.objects.filter(cohort=session.cohort)[:answers]:
        Participation.objects.create(invitation=survey.invitations.create(registration=person))

    signed_in.post(cancel_url(session), {"reason": "Erkrankung"})

    assert [each.is_open for each in Survey.objects.filter(pk=survey.pk)] == [False] * answers


# Cancelling a cohort


def test_cohort_cancel_writes_to_each_group_in_its_words(signed_in, session, trainer):
    cohort = session.cohort
    accepted = Registration.objects.first()
    waiting = factories.complete_tandem(cohort=cohort, selection="WAITING").registrations.first()
    undecided = factories.complete_tandem(cohort=cohort).registrations.first()
    declined = factories.complete_tandem(cohort=cohort, selection="DECLINED").registrations.first()
    unconfirmed = factories.RegistrationFactory(tandem__cohort=cohort, confirmed_at=None)

    response = signed_in.post(f"/durchgaenge/{cohort.pk}/absagen/", {"reason": "Zu wenige Anmeldungen"})

    assert response.url == cohort.get_absolute_url()
    assert "Sie hatten einen Platz." in mail_to(accepted.email).message
    assert (
        "Sie standen auf der Warteliste; auch ein angebotener Platz gilt nicht mehr."
        in mail_to(waiting.email).message
    )
    assert "war noch nicht entschieden" in mail_to(undecided.email).message
    assert "Zu wenige Anmeldungen" in mail_to(trainer.email).message
    assert not Email.objects.filter(to__in=[declined.email, unconfirmed.email]).exists()
    assert AuditEvent.objects.get().action == "COHORT_CANCELLED"


def test_cohort_cancel_ends_open_offers_in_the_one_mail(signed_in, organiser, session):
    tandem = factories.complete_tandem(cohort=session.cohort, selection="WAITING")
    factories.RegistrationFactory(tandem__cohort=session.cohort, tandem__selection="WAITING")
    offer_to(tandem=tandem, reason="", by=organiser)
    Email.objects.all().delete()

    signed_in.post(f"/durchgaenge/{session.cohort_id}/absagen/", {"reason": "Zu wenige Anmeldungen"})

    session.cohort.refresh_from_db()
    assert [offer.answer for offer in Offer.objects.all()] == ["REVOKED"]
    assert session.cohort.places_taken == 2
    for half in tandem.registrations.all():
        assert "auch ein angebotener Platz gilt nicht mehr" in mail_to(half.email).message


def test_a_cancelled_cohort_says_so_to_its_people_and_takes_nobody(client, signed_in, session):
    half = Registration.objects.first()
    signed_in.post(f"/durchgaenge/{session.cohort_id}/absagen/", {"reason": "Zu wenige Anmeldungen"})
    client.logout()

    status = client.get(f"/anmeldung/{status_token(half)}/").content.decode()

    assert "Durchgang abgesagt" in status
    assert "Grund: Zu wenige Anmeldungen" in status
    assert re.search(r"</svg>\s+abgesagt</span>", status)
    assert "Anmeldung zurückziehen" not in status
    assert "ist abgesagt" in client.get(f"/angebote/{session.cohort_id}/anmelden/").content.decode()
    assert "Dieser Durchgang ist abgesagt." in client.get(f"/angebote/{session.cohort_id}/").content.decode()


def test_cohort_cancel_speaks_of_those_without_a_mail_only_where_there_may_be_any(signed_in, session):
    url = f"/durchgaenge/{session.cohort_id}/absagen/"
    assert "Wer schon abgelehnt ist" in signed_in.get(url).content.decode()
    rewrite(session.cohort, announced_at=None)

    page = signed_in.get(url).content.decode()

    assert "und Mails senden" in page
    assert "Wer schon abgelehnt ist" not in page


def test_cohort_cancel_twice_mails_once(signed_in, session):
    for _ in range(2):
        signed_in.post(f"/durchgaenge/{session.cohort_id}/absagen/", {"reason": "Zu wenige"})

    assert Email.objects.count() == 3
    session.refresh_from_db()
    assert session.sequence == 1


@pytest.mark.parametrize("name", ["verschieben", "absagen"])
def test_nobody_but_organisers_moves_or_cancels(client, trainer, session, name):
    client.force_login(trainer)

    assert client.get(f"/termine/{session.pk}/{name}/").status_code == 403
    assert client.put(f"/termine/{session.pk}/{name}/").status_code == 405


# What was cancelled counts nowhere


def test_attendance_of_a_cancelled_session_stays_where_it_was_taken(session):
    other = factories.SessionFactory(cohort=session.cohort, days=[datetime.date(2027, 5, 3)])
    half = Registration.objects.first()
    factories.attend(half, session.days.first())
    Session.objects.filter(pk=session.pk).update(cancelled_at=timezone.now())

    dates = [record.day.date for record in attendance_of(session.cohort)[0].days]

    assert dates == [MONDAY, other.days.get().date]


def test_a_cancelled_session_is_no_longer_edited_or_moved(signed_in, session):
    Session.objects.filter(pk=session.pk).update(cancelled_at=timezone.now(), cancellation_reason="Erkrankung")

    for address in (move_url(session), f"/termine/{session.pk}/bearbeiten/"):
        response = signed_in.get(address, follow=True)
        assert "Der Termin ist abgesagt und lässt sich nicht mehr ändern." in response.content.decode()
    page = signed_in.get(f"/durchgaenge/{session.cohort_id}/termine/").content.decode()
    assert "abgesagt" in page
    assert "Erkrankung" in page
    assert f"/termine/{session.pk}/bearbeiten/" not in page


def test_attendance_is_not_taken_on_days_after_the_cancellation(signed_in, session):
    with time_machine.travel(local(2027, 3, 22, 18, 0)):
        Session.objects.filter(pk=session.pk).update(cancelled_at=timezone.now())
    with time_machine.travel(local(2027, 3, 25, 12, 0)):
        signed_in.force_login(factories.staff(roles.ORGANISATION))
        page = signed_in.get(f"/termine/{session.pk}/anwesenheit/")

    assert [day.date for day in page.context["days"]] == [MONDAY]


def test_decisions_about_a_cancelled_cohort_are_refused(signed_in, session):
    tandem = factories.complete_tandem(cohort=session.cohort)
    session.cohort.cancelled_at = timezone.now()
    session.cohort.save()

    page = signed_in.post(
        f"/durchgaenge/{session.cohort_id}/anmeldungen/entscheiden/senden/",
        {"selection": "ACCEPTED", "tandem": f"{tandem.pk}:OPEN"},
        follow=True,
    ).content.decode()

    assert "Hier ist nichts mehr zu entscheiden." in page
    assert not Email.objects.exists()


@pytest.mark.parametrize("what", ["durchgaenge", "termine"])
def test_what_is_cancelled_is_not_asked_about_again(signed_in, session, what):
    session.cohort.cancelled_at = timezone.now()
    session.cohort.save()
    key = session.cohort_id if what == "durchgaenge" else session.pk

    response = signed_in.get(f"/{what}/{key}/absagen/", follow=True)

    assert "ist schon abgesagt. Es ging keine weitere Mail hinaus." in response.content.decode()
    assert "<textarea" not in response.content.decode()


def test_a_cancelled_cohort_takes_no_more_sessions(signed_in, session):
    factories.ModuleFactory(edition=session.cohort.edition)
    session.cohort.cancelled_at = timezone.now()
    session.cohort.save()
    add = f"/durchgaenge/{session.cohort_id}/termine/neu/"

    assert add not in signed_in.get(f"/durchgaenge/{session.cohort_id}/termine/").content.decode()
    assert "bekommt keine Termine mehr." in signed_in.post(add, follow=True).content.decode()
