"""Invitations to a session: who gets them, what is missing, sending once, and what the invited then read."""

import datetime
import re

import pytest
import time_machine
from django.utils import timezone
from post_office.models import Email

from curriculum.models import AgendaItem, AgendaKind, Audience, Session
from netzkoord import overview
from netzkoord.models import AuditEvent
from participants.actions.invitations import invite_latecomers
from participants.actions.joining import join_halves
from participants.models import StatusChange
from participants.tokens import status_token
from tests import factories
from tests.links import is_link_to, token_in
from tests.pdf import pdf_text


def in_days(days):
    return timezone.localdate() + datetime.timedelta(days=days)


@pytest.fixture
def session(db):
    """In ten days, for coordinators, with course and directions."""
    cohort = factories.CohortFactory(title="Durchgang 2027", contact_email="kurs@stadt.example")
    session = factories.SessionFactory(
        cohort=cohort,
        module__code="K1",
        module__title="Rolle",
        audience=Audience.COORDINATOR,
        venue=factories.VenueFactory(name="Bürgerhaus", directions="Tram 4"),
        days=[in_days(10)],
    )
    day = session.days.get()
    AgendaItem.objects.create(day=day, position=1, kind=AgendaKind.OTHER, title="Begrüßung", minutes=360)
    AgendaItem.objects.create(day=day, position=2, kind=AgendaKind.BREAK, title="Mittagspause", minutes=90)
    return session


@pytest.fixture
def person(session):
    """The accepted coordinator; the manager of the tandem does not come to this session."""
    tandem = factories.complete_tandem(cohort=session.cohort, selection="ACCEPTED")
    return tandem.registrations.get(role=Audience.COORDINATOR)


def url(session):
    return f"/termine/{session.pk}/einladung/"


def text_of(response):
    return " ".join(response.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ").split())


def recipients():
    return sorted(address for mail in Email.objects.all() for address in mail.to)


def test_invitation_send_shows_who_gets_it_and_what_the_mail_says(client, organiser, session, person):
    client.force_login(organiser)

    page = text_of(client.get(url(session)))

    assert "An 1 Person<" in page.replace(" </h2>", "</h2>")
    assert person.full_name in page
    assert "wir laden Sie ein zum Termin „K1 Rolle“" in page
    assert "(Link zum PDF)" in page
    assert status_token(person) not in page
    assert "fehlt" not in page
    assert Email.objects.count() == 0


def test_invitation_send_names_what_is_missing(client, organiser, session, person):
    session.days.get().agenda.all().delete()
    session.venue.directions = ""
    session.venue.save()
    session.cohort.contact_email = ""
    session.cohort.save()
    client.force_login(organiser)

    page = text_of(client.get(url(session)))

    assert "Der Ablauf ist noch leer." in page
    assert "Zu „Bürgerhaus, Hannover“ fehlt die Anreise." in page
    assert "Es ist noch niemand für das Training eingetragen." in page
    assert "keine E-Mail-Adresse für Rückfragen" in page


def test_each_accepted_person_of_the_audience_gets_one_mail(client, organiser, session, person):
    factories.complete_tandem(cohort=session.cohort, selection="WAITING")
    client.force_login(organiser)

    response = client.post(url(session), {"seen": ""}, follow=True)

    assert recipients() == [person.email]
    assert "Die Einladung ist an eine Person gesendet." in text_of(response)
    session.refresh_from_db()
    assert session.invited_at is not None
    event = AuditEvent.objects.get(action="INVITATIONS_SENT")
    assert event.details == {"people": 1, "is_repeated": False}


def test_the_mail_links_to_paper_dates_and_own_page(client, organiser, session, person):
    client.force_login(organiser)
    client.post(url(session), {"seen": ""})

    mail = Email.objects.get()
    assert is_link_to(mail.message, "registration-status", person.pk)
    own = f"http://testserver/anmeldung/{token_in(mail.message)}/"
    html = mail.email_message().alternatives[0][0]
    assert re.findall(r'href="([^"]+)"', html) == [f"{own}einladung/{session.pk}.pdf", f"{own}termine.ics", own]
    assert mail.headers["Sensitivity"] == "Private"
    assert mail.headers["Reply-To"] == "kurs@stadt.example"


def test_a_double_click_sends_once(client, organiser, session, person):
    client.force_login(organiser)

    client.post(url(session), {"seen": ""})
    response = client.post(url(session), {"seen": ""}, follow=True)

    assert recipients() == [person.email]
    assert "Die Einladung war schon versendet." in text_of(response)


def test_sending_again_has_to_be_asked_for(client, organiser, session, person):
    client.force_login(organiser)
    client.post(url(session), {"seen": ""})
    page = client.get(url(session))
    seen = page.context["form"]["seen"].value()
    assert "Versendet am" in text_of(page)

    refused = client.post(url(session), {"seen": seen})
    assert "Bitte kreuzen Sie an" in text_of(refused)
    assert recipients() == [person.email]

    client.post(url(session), {"seen": seen, "again": "on"})
    client.post(url(session), {"seen": seen, "again": "on"})
    assert recipients() == [person.email] * 2
    assert AuditEvent.objects.filter(action="INVITATIONS_SENT").count() == 2


def accepted_later(session):
    """A coordinator whose tandem got its place two days after now."""
    tandem = factories.complete_tandem(cohort=session.cohort, selection="ACCEPTED")
    moment = timezone.now() + datetime.timedelta(days=2)
    StatusChange.objects.create(tandem=tandem, from_selection="WAITING", to_selection="ACCEPTED", changed_at=moment)
    return tandem.registrations.get(role=Audience.COORDINATOR)


def after_days(days):
    return time_machine.travel(timezone.now() + datetime.timedelta(days=days))


@pytest.fixture
def invited(client, organiser, session, person):
    client.force_login(organiser)
    client.post(url(session), {"seen": ""})
    return session


def test_who_gets_a_place_later_gets_the_invitation_once(client, organiser, invited, person):
    late = accepted_later(invited)

    with after_days(3):
        assert [invite_latecomers(), invite_latecomers()] == [1, 0]
        client.force_login(organiser)
        page = text_of(client.get(f"/durchgaenge/{invited.cohort_id}/mails/"))

    assert recipients() == sorted([person.email, late.email])
    assert is_link_to(Email.objects.latest("pk").message, "registration-status", late.pk)
    assert "Angenommene, 1 nachträglich" in page
    assert [event.details["people"] for event in AuditEvent.objects.filter(action="INVITATIONS_SENT")] == [1, 1]


def test_who_joins_an_accepted_tandem_later_gets_the_invitation(invited, person):
    alone = factories.RegistrationFactory(tandem__cohort=invited.cohort, role=Audience.MANAGER, accepted=True)
    late = factories.RegistrationFactory(
        tandem__cohort=invited.cohort, confirmed_at=timezone.now() - datetime.timedelta(days=9)
    )
    invited.session_invitations.create(registration=alone)

    with after_days(3):
        join_halves(alone, late, is_same_municipality=True)
        assert [invite_latecomers(), invite_latecomers()] == [1, 0]

    assert invited.session_invitations.filter(registration=late, is_late=True).exists()


def test_where_nobody_is_late_nothing_is_locked(invited, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert invite_latecomers() == 0


def test_who_was_invited_before_a_place_was_decided_anew_is_not_invited_again(invited, person):
    StatusChange.objects.create(
        tandem=person.tandem, from_selection="WAITING", to_selection="ACCEPTED", changed_at=timezone.now()
    )

    with after_days(1):
        assert invite_latecomers() == 0


@pytest.mark.parametrize(
    ("days", "fields"),
    [
        (11, {}),
        (3, {"invited_at": None}),
        (3, {"cancelled_at": timezone.now(), "cancellation_reason": "Krank"}),
    ],
    ids=["over", "not invited", "cancelled"],
)
def test_who_gets_a_place_later_is_not_invited_to(invited, person, days, fields):
    accepted_later(invited)
    Session.objects.filter(pk=invited.pk).update(**(fields or {"online_url": ""}))

    with after_days(days):
        assert invite_latecomers() == 0
    assert recipients() == [person.email]


def test_late_invitations_are_written_once_by_several_workers(at_once):
    session = factories.SessionFactory(days=[in_days(10)])
    Session.objects.filter(pk=session.pk).update(invited_at=timezone.now())
    accepted_later(session)

    with after_days(3):
        counts = at_once(*[invite_latecomers] * 4)

    assert sorted(counts) == [0, 0, 0, 2]
    assert Email.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"cancelled_at": timezone.now()}, "Der Termin ist abgesagt."),
        ({"audience": Audience.MANAGER}, ""),
    ],
)
def test_a_cancelled_session_invites_nobody(client, organiser, session, person, fields, sentence):
    Session.objects.filter(pk=session.pk).update(**fields)
    client.force_login(organiser)

    response = client.post(url(session), {"seen": ""}, follow=True)

    assert sentence in text_of(response)
    assert person.email not in recipients()


def test_a_session_that_has_begun_invites_nobody(client, organiser, session, person, time_machine):
    client.force_login(organiser)
    session.days.update(date=in_days(-1))

    response = client.post(url(session), {"seen": "Unsinn"}, follow=True)

    assert "Der Termin hat schon begonnen." in text_of(response)
    assert recipients() == []


def test_without_accepted_people_there_is_nobody_to_invite(client, organiser, session):
    client.force_login(organiser)

    page = text_of(client.get(url(session)))

    assert "Noch hat niemand" in page
    assert "Einladung versenden</button>" not in page


@pytest.mark.parametrize("role", ["stranger", "trainer", "reader"])
def test_invitation_send_is_for_organisers(request, client, session, person, role):
    client.force_login(request.getfixturevalue(role))

    assert client.get(url(session)).status_code == 403
    assert client.post(url(session), {"seen": ""}).status_code == 403
    assert recipients() == []


@pytest.mark.parametrize("count", [1, 3])
def test_invitation_send_query_count(client, organiser, session, count, django_assert_num_queries):
    for _ in range(count):
        factories.complete_tandem(cohort=session.cohort, selection="ACCEPTED")
    client.force_login(organiser)

    with django_assert_num_queries(12):
        page = client.get(url(session)).content.decode()

    assert page.count("(Koordinierungskraft)</li>") == count


# What the invited read


def test_the_invited_read_paper_and_course_after_the_invitation_only(client, session, person):
    token = status_token(person)
    paper = f"/anmeldung/{token}/einladung/{session.pk}.pdf"
    assert "Einladung und Ablauf" not in text_of(client.get(f"/anmeldung/{token}/"))
    assert client.get(paper).status_code == 404

    Session.objects.filter(pk=session.pk).update(invited_at=timezone.now())

    page = text_of(client.get(f"/anmeldung/{token}/"))
    assert "Einladung und Ablauf: K1 Rolle" in page
    assert "9:00–15:00" in page
    response = client.get(paper)
    assert "no-store" in response["Cache-Control"]
    assert "Begrüßung" in pdf_text(response.content)


def test_the_start_page_shows_the_course_too(client, session, person):
    Session.objects.filter(pk=session.pk).update(invited_at=timezone.now())
    client.force_login(person.person)

    page = text_of(client.get("/"))

    assert "Einladung und Ablauf: K1 Rolle" in page
    assert f"/anmeldung/{person.pk}/termine.ics" in page


def test_the_paper_is_for_accepted_people_of_the_audience(client, session, person):
    Session.objects.filter(pk=session.pk).update(invited_at=timezone.now())
    manager = person.tandem.registrations.get(role=Audience.MANAGER)
    waiting = factories.RegistrationFactory(tandem__cohort=session.cohort)
    elsewhere = factories.RegistrationFactory(accepted=True)

    for half in (manager, waiting, elsewhere):
        assert client.get(f"/anmeldung/{status_token(half)}/einladung/{session.pk}.pdf").status_code == 404
    assert client.post(f"/anmeldung/{status_token(person)}/einladung/{session.pk}.pdf").status_code == 405


def test_nobody_is_invited_to_what_is_cancelled(client, session, person):
    """A person who kept the link reads why instead."""
    Session.objects.filter(pk=session.pk).update(
        invited_at=timezone.now(), cancelled_at=timezone.now(), cancellation_reason="Das Haus ist zu."
    )
    token = status_token(person)

    response = client.get(f"/anmeldung/{token}/einladung/{session.pk}.pdf", follow=True)

    assert response.redirect_chain == [(f"/anmeldung/{token}/", 302)]
    assert "Grund: Das Haus ist zu." in text_of(response)
    assert "Einladung und Ablauf" not in text_of(response)


def test_nobody_is_invited_to_a_cancelled_cohort(client, session, person):
    Session.objects.filter(pk=session.pk).update(invited_at=timezone.now())
    session.cohort.cancelled_at = timezone.now()
    session.cohort.save()

    assert "Einladung und Ablauf" not in text_of(client.get(f"/anmeldung/{status_token(person)}/"))


# What is due


@pytest.mark.parametrize(("days", "is_due"), [(22, False), (21, True), (1, True), (0, False)])
def test_overview_reminds_from_three_weeks_before_until_the_session_begins(session, person, days, is_due):
    session.days.update(date=in_days(days))

    due = overview.strip_of(session.cohort).due

    assert ("Einladung zu K1 ist noch nicht versendet" in [line.text for line in due]) is is_due


def test_overview_is_silent_once_invitations_are_sent(session, person):
    Session.objects.filter(pk=session.pk).update(invited_at=timezone.now())

    assert "Einladung" not in str(overview.strip_of(session.cohort).due)
