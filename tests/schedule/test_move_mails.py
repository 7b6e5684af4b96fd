"""Who is told that dates were moved, and in which words."""

import re

import pytest
from post_office.models import Email

from curriculum.models import Audience, Session
from participants.models import Registration
from tests import factories
from tests.links import is_link_to, token_in
from tests.rewriting import rewrite
from tests.schedule.steps import AFTER_THE_CHANGE, MONDAY, NEW, OLD, TUESDAY, check, dates_of, mail_to, store


def test_session_move_tells_people_and_trainers(signed_in, session, trainer):
    half = Registration.objects.filter(role=Audience.MANAGER).get()

    store(signed_in, session, AFTER_THE_CHANGE, TUESDAY, message="Das Haus ist zu. {{ 7 }}")

    text = mail_to(half.email).message
    now, _, before = text.partition("Bisher:")
    assert "Mo, 12.\u00a0April 2027, 9:00–16:30\u00a0Uhr" in now
    assert "Mo, 22.\u00a0März 2027, 9:00–16:30\u00a0Uhr" in before
    assert "Das Haus ist zu. {{ 7 }}" in text
    assert is_link_to(text, "registration-status", half.pk)
    assert "/terminzusage/" in mail_to(trainer.email).message
    assert Email.objects.count() == 3


def test_session_move_tells_only_those_the_session_is_for(signed_in, session):
    Session.objects.update(audience="MANAGER")

    store(signed_in, session, AFTER_THE_CHANGE, TUESDAY)

    assert not Email.objects.filter(to=Registration.objects.get(role=Audience.COORDINATOR).email).exists()
    assert Email.objects.count() == 2


def test_session_move_tells_nobody_when_asked_so(signed_in, session):
    factories.complete_tandem(cohort=session.cohort, selection="WAITING")

    page = store(signed_in, session, AFTER_THE_CHANGE, TUESDAY, notify="").content.decode()

    assert dates_of(session) == [TUESDAY, AFTER_THE_CHANGE]
    assert not Email.objects.exists()
    assert "Es ging keine Mail hinaus." in page


def test_session_move_of_dates_that_concern_nobody_speaks_of_no_mail(signed_in, organiser):
    session = factories.SessionFactory(days=[MONDAY])

    page = store(signed_in, session, AFTER_THE_CHANGE).content.decode()

    assert "Es ging keine Mail hinaus." in page
    assert "unterwegs" not in page


def test_session_move_tells_where_the_calendar_finds_the_dates(signed_in, session):
    half = Registration.objects.first()

    store(signed_in, session, AFTER_THE_CHANGE, TUESDAY)

    html = mail_to(half.email).email_message().alternatives[0][0]
    own = f"http://testserver/anmeldung/{token_in(html)}/"
    assert re.findall(r'href="([^"]+)"', html) == [own, f"{own}termine.ics"]


def test_session_move_keeps_the_lines_of_the_message(signed_in, session):
    half = Registration.objects.first()

    store(
        signed_in,
        session,
        AFTER_THE_CHANGE,
        TUESDAY,
        message="Das Haus ist zu.\r\nMehr auf www.haus.example\r\n\r\nBis bald",
    )

    mail = mail_to(half.email)
    assert (
        "Die Organisation schreibt dazu:\nDas Haus ist zu.\nMehr auf www. haus. example\n\nBis bald\n"
        in mail.message
    )
    html = mail.email_message().alternatives[0][0]
    assert "Das Haus ist zu.<br>Mehr auf www. haus. example</p>" in html
    assert "<p>Bis bald</p>" in html


# Moving: another place to meet online


@pytest.mark.parametrize(
    ("before", "after", "subject", "sentence"),
    [
        ("", NEW, "Adresse der Online-Sitzung: ", f"Hier kommen Sie zur Online-Sitzung:\n\n{NEW}\n"),
        (OLD, NEW, "Adresse der Online-Sitzung: ", f"Die Adresse der Online-Sitzung ist neu:\n\n{NEW}\n"),
        (OLD, "", "Keine Online-Sitzung mehr: ", "Eine Online-Sitzung gibt es nicht mehr.\n"),
    ],
)
def test_session_move_names_what_is_new_about_meeting_online(
    signed_in, session, trainer, before, after, subject, sentence
):
    Session.objects.update(online_url=before)
    half = Registration.objects.first()

    store(signed_in, session, MONDAY, TUESDAY, online_url=after)

    for email in (half.email, trainer.email):
        mail = mail_to(email)
        assert mail.subject.startswith(subject)
        assert sentence in mail.message
        assert "Tage und Ort bleiben:\nMo, 22.\u00a0März 2027" in mail.message
        assert "Bisher:" not in mail.message
        assert "Können Sie zu den neuen Zeiten" not in mail.message


def test_session_move_to_other_days_and_another_address_names_both(signed_in, session):
    Session.objects.update(online_url=OLD)

    store(signed_in, session, AFTER_THE_CHANGE, TUESDAY, online_url=NEW)

    mail = mail_to(Registration.objects.first().email)
    assert mail.subject.startswith("Termin geändert: ")
    assert "Es gilt jetzt:\nDi, 23.\u00a0März 2027" in mail.message
    assert f"ist neu:\n\n{NEW}\n" in mail.message
    assert OLD not in mail.message


def test_session_move_to_another_venue_names_both(signed_in, session):
    venue = factories.VenueFactory(name="Schloss")

    store(signed_in, session, MONDAY, TUESDAY, venue=venue.pk)

    now, _, before = mail_to(Registration.objects.first().email).message.partition("Bisher:")
    assert "Schloss, Hannover" in now
    assert str(session.venue) in before


# Moving: those who have no place yet


@pytest.fixture
def seeking(session):
    """One tandem waits, one is undecided; the others are declined or never confirmed."""
    waiting = factories.complete_tandem(cohort=session.cohort, selection="WAITING")
    undecided = factories.complete_tandem(cohort=session.cohort)
    factories.complete_tandem(cohort=session.cohort, selection="DECLINED")
    factories.RegistrationFactory(tandem__cohort=session.cohort, confirmed_at=None)
    factories.complete_tandem(selection="WAITING")
    return [half.email for tandem in (waiting, undecided) for half in tandem.registrations.order_by("role")]


def test_session_move_says_who_signed_up_for_the_dates_and_has_no_place(signed_in, session, seeking):
    page = check(signed_in, session, AFTER_THE_CHANGE, TUESDAY)

    seeking_place = "2 Personen auf der Warteliste und 2 Personen ohne Entscheidung"
    assert f"Auch {seeking_place} haben sich für diese Angaben angemeldet." in page
    assert "Auch die 4 Personen informieren, die warten oder noch keine Entscheidung haben" in page
    assert re.search(r'name="notify_others"[^>]* checked', page)


def test_session_move_says_so_of_a_single_person(signed_in, session):
    factories.RegistrationFactory(tandem__cohort=session.cohort)

    page = check(signed_in, session, AFTER_THE_CHANGE, TUESDAY)

    assert "Auch 1 Person ohne Entscheidung hat sich für diese Angaben angemeldet." in page
    assert "Auch die eine Person informieren, die wartet oder noch keine Entscheidung hat" in page


def test_session_move_offers_nothing_when_everybody_has_a_place(signed_in, session):
    page = check(signed_in, session, AFTER_THE_CHANGE, TUESDAY)

    assert "notify_others" not in page
    assert "ohne Entscheidung" not in page


def test_session_move_tells_those_without_a_place_in_fitting_words(signed_in, session, seeking):
    Session.objects.update(online_url=OLD)

    page = store(signed_in, session, AFTER_THE_CHANGE, TUESDAY, online_url=NEW).content.decode()

    assert "7 Mails an die Betroffenen sind unterwegs." in page
    waiting, undecided = mail_to(seeking[0]).message, mail_to(seeking[2]).message
    assert "Sie stehen weiter auf der Warteliste." in waiting
    assert "Über Ihre Anmeldung ist noch nicht entschieden." in undecided
    for text in (waiting, undecided):
        assert "Mo, 12.\u00a0April 2027" in text
        assert "ziehen Sie Ihre Anmeldung dort bitte zurück" in text
        assert NEW not in text
        assert "termine.ics" not in text


def test_session_move_does_not_tell_them_when_asked_so(signed_in, session, seeking):
    store(signed_in, session, AFTER_THE_CHANGE, TUESDAY, notify_others="")

    assert Email.objects.count() == 3
    assert not Email.objects.filter(to__in=seeking).exists()


def test_session_move_tells_only_those_without_a_place_whom_the_session_is_for(signed_in, session, seeking):
    Session.objects.update(audience="MANAGER")

    assert "Auch die 2 Personen informieren" in check(signed_in, session, AFTER_THE_CHANGE, TUESDAY)


def test_another_address_of_the_online_meeting_is_nothing_to_those_without_a_place(signed_in, session, seeking):
    assert "notify_others" not in check(signed_in, session, MONDAY, TUESDAY, online_url=NEW)

    store(signed_in, session, MONDAY, TUESDAY, online_url=NEW)

    assert not Email.objects.filter(to__in=seeking).exists()


def test_session_move_proposes_mail_when_only_people_without_a_place_know_the_dates(signed_in, organiser):
    session = factories.SessionFactory(days=[MONDAY])
    half = factories.RegistrationFactory(tandem__cohort=session.cohort)

    assert re.search(r'name="notify"[^>]* checked', check(signed_in, session, AFTER_THE_CHANGE))
    store(signed_in, session, AFTER_THE_CHANGE)

    assert [mail.to for mail in Email.objects.all()] == [[half.email]]


def test_session_move_proposes_mail_only_when_people_know_the_date(signed_in, session):
    assert 'name="notify"' in (page := check(signed_in, session, AFTER_THE_CHANGE, TUESDAY))
    assert re.search(r'name="notify"[^>]* checked', page)

    rewrite(session.cohort, announced_at=None)

    assert not re.search(r'name="notify"[^>]* checked', check(signed_in, session, AFTER_THE_CHANGE, TUESDAY))
