"""Moving and cancelling dates: the consequences first, then one decision that stores and tells."""

import datetime
import re

import pytest
import time_machine
from django.utils import timezone
from icalendar import Calendar
from post_office.models import Email

from curriculum.models import Audience, RemovedDay, Session, SessionDay, TrainerConfirmation
from evaluation.models import Purpose, Survey
from evaluation.questionnaires import default_questionnaire
from netzkoord import roles
from netzkoord.consequences import shifted
from netzkoord.models import AuditEvent
from participants.models import Attendance, Presence, Registration
from participants.queries.attendance import attendance_of
from participants.tokens import status_token
from tests import factories

MONDAY = datetime.date(2027, 3, 22)
TUESDAY = datetime.date(2027, 3, 23)
AFTER_THE_CHANGE = datetime.date(2027, 4, 12)


@pytest.fixture
def session(db, trainer):
    """Announced, on two days, with one accepted tandem and a trainer."""
    session = factories.SessionFactory(days=[MONDAY, TUESDAY], trainers=[trainer])
    factories.complete_tandem(cohort=session.cohort, selection="ACCEPTED")
    return session


@pytest.fixture
def signed_in(client, organiser):
    client.force_login(organiser)
    return client


def move_url(session):
    return f"/termine/{session.pk}/verschieben/"


def cancel_url(session):
    return f"/termine/{session.pk}/absagen/"


def typed(session, *dates, remove=(), venue=None, **more):
    """Step 1 as the browser sends it."""
    days = list(session.days.all())
    data = {
        "sequence": session.sequence,
        "venue": session.venue_id if venue is None else venue,
        "online_url": session.online_url,
        "tage-INITIAL_FORMS": len(days),
        "tage-TOTAL_FORMS": len(days) + 1,
    }
    for place, (pk, date) in enumerate(
        [*zip([day.pk for day in days], dates, strict=False), ("", more.pop("extra", ""))]
    ):
        hours = {"starts_at": "09:00", "ends_at": "16:30"} if date else {}
        row = {"id": pk, "date": date, "break_minutes": 90} | hours
        data |= {f"tage-{place}-{name}": value for name, value in row.items()}
        if place in remove:
            data[f"tage-{place}-DELETE"] = "on"
    return data | more


def draft_of(page):
    return re.search(r'name="draft" value="([^"]+)"', page)[1]


def check(client, session, *dates, **more):
    return client.post(move_url(session), typed(session, *dates, **more)).content.decode()


def store(client, session, *dates, message="", notify="on", **more):
    page = check(client, session, *dates, **more)
    return client.post(
        move_url(session), {"step": "store", "draft": draft_of(page), "message": message, "notify": notify}
    )


def dates_of(session):
    return list(session.days.values_list("date", flat=True))


def mail_to(email):
    return Email.objects.get(to=email)


# Moving: what follows is shown first


def test_session_move_shows_the_consequences_and_stores_nothing(signed_in, session, trainer):
    page = check(signed_in, session, AFTER_THE_CHANGE, TUESDAY)

    assert "Mo, 22.\u00a0März 2027, 9:00–16:30\u00a0Uhr" in page
    assert "Mo, 12.\u00a0April 2027, 9:00–16:30\u00a0Uhr" in page
    assert "2 angenommene Personen sind betroffen." in page
    for half in Registration.objects.all():
        assert half.full_name in page
    assert trainer.get_full_name() in page
    assert dates_of(session) == [MONDAY, TUESDAY]
    assert not Email.objects.exists()
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_session_move_check_query_count(signed_in, session, count, django_assert_num_queries):
    for _ in range(count):
        factories.complete_tandem(cohort=session.cohort, selection="ACCEPTED")
    data = typed(session, AFTER_THE_CHANGE, TUESDAY)

    with django_assert_num_queries(39):
        page = signed_in.post(move_url(session), data).content.decode()

    assert f"{2 * count + 2} angenommene Personen" in page


def test_session_move_names_conflicts_and_other_hints(signed_in, session, trainer):
    other = factories.SessionFactory(cohort__title="Ein anderer", days=[AFTER_THE_CHANGE], trainers=[trainer])
    Session.objects.filter(pk=session.pk).update(invited_at=timezone.now())

    page = check(signed_in, session, AFTER_THE_CHANGE, datetime.date(2027, 3, 28))

    assert f"{trainer.get_full_name()} ist auch bei „{other.module}“ (Ein anderer)." in page
    assert "So, 28.\u00a0März 2027 liegt am Wochenende." in page
    assert "Die Einladung wurde am" in page


def test_session_move_names_holidays_of_the_land(signed_in, session):
    session.venue.state = "14"
    session.venue.save()

    page = check(signed_in, session, datetime.date(2027, 11, 17), datetime.date(2027, 11, 18))

    assert "Mi, 17.\u00a0November 2027 ist in Sachsen ein Feiertag: Buß- und Bettag." in page


def test_session_move_knows_no_conflict_with_itself_or_with_what_is_cancelled(signed_in, session, trainer):
    factories.SessionFactory(cancelled_at=timezone.now(), days=[AFTER_THE_CHANGE], trainers=[trainer])

    assert "ist auch bei" not in check(signed_in, session, AFTER_THE_CHANGE, TUESDAY)


def test_session_move_keeps_what_was_typed_on_the_way_back(signed_in, session):
    venue = factories.VenueFactory()
    page = check(signed_in, session, AFTER_THE_CHANGE, TUESDAY, remove=[1], venue=venue.pk, extra="2027-04-13")

    response = signed_in.post(
        move_url(session), {"step": "back", "draft": draft_of(page), "sequence": 0, "message": "Wegen Streik"}
    )

    back = response.content.decode()
    days = response.context["days"]
    assert [form["date"].value() for form in days] == ["2027-04-12", "2027-03-23", "2027-04-13", None]
    assert days.forms[1]["DELETE"].value()
    assert f'<option value="{venue.pk}" selected>' in back
    assert 'name="message" value="Wegen Streik"' in back


def test_session_move_says_when_nothing_changes(signed_in, session):
    page = check(signed_in, session, MONDAY, TUESDAY)

    assert "Tage und Ort sind unverändert." in page
    assert 'value="store"' not in page


@pytest.mark.parametrize(
    ("dates", "more", "message"),
    [
        ((MONDAY, MONDAY), {}, "Diesen Tag gibt es hier zweimal."),
        (("2027-02-30", TUESDAY), {}, "Bitte ein gültiges Datum eingeben."),
        ((MONDAY, TUESDAY), {"tage-0-ends_at": "08:00"}, "Das Ende liegt nicht nach dem Beginn."),
        ((MONDAY, TUESDAY), {"remove": [0, 1]}, "Ein Termin hat mindestens einen Tag."),
        ((MONDAY, TUESDAY), {"venue": ""}, "Es fehlt, wo der Termin stattfindet"),
        (
            (MONDAY, TUESDAY),
            {"online_url": "http://sitzung.example"},
            "Bitte eine Adresse angeben, die mit https://",
        ),
        (("2027-03-28", TUESDAY), {"tage-0-starts_at": "02:30"}, "Diese Uhrzeit gibt es nicht"),
    ],
)
def test_session_move_says_what_is_wrong(signed_in, session, dates, more, message):
    assert message in check(signed_in, session, *dates, **more)


def test_session_move_survives_nonsense(signed_in, session):
    for data in ({}, {"step": "store"}, {"step": "store", "draft": "x:y:z"}, {"sequence": "x" * 99}):
        assert signed_in.post(move_url(session), data).status_code in (200, 302)
    assert dates_of(session) == [MONDAY, TUESDAY]


def test_session_move_does_not_take_the_draft_of_another_session(signed_in, session):
    other = factories.SessionFactory()
    draft = draft_of(check(signed_in, session, AFTER_THE_CHANGE, TUESDAY))

    signed_in.post(move_url(other), {"step": "store", "draft": draft})

    assert other.days.get().date != AFTER_THE_CHANGE


# Moving: one decision


def test_session_move_keeps_the_rows_so_that_calendars_know_the_days(signed_in, session):
    before = dict(session.days.values_list("pk", "uid"))

    response = store(signed_in, session, TUESDAY, AFTER_THE_CHANGE)

    session.refresh_from_db()
    assert response.url == session.get_absolute_url()
    assert dates_of(session) == [TUESDAY, AFTER_THE_CHANGE]
    assert dict(session.days.values_list("pk", "uid")) == before
    assert session.sequence == 1
    assert AuditEvent.objects.get().action == "SESSION_MOVED"


def test_session_move_adds_and_removes_days(signed_in, session):
    store(signed_in, session, MONDAY, TUESDAY, remove=[0], extra="2027-04-12")

    assert dates_of(session) == [TUESDAY, AFTER_THE_CHANGE]


def events_of(client, session):
    """The dates of an accepted person, by the name that calendars know them by."""
    half = Registration.objects.filter(cohort=session.cohort).first()
    file = client.get(f"/anmeldung/{status_token(half)}/termine.ics")
    return {str(event["UID"]): event for event in Calendar.from_ical(file.content).walk("VEVENT")}


def test_session_move_cancels_a_day_that_goes_in_the_calendars_that_have_it(signed_in, session):
    before = events_of(signed_in, session)
    gone = f"{session.days.get(date=TUESDAY).uid}@termine.netzkoord"

    store(signed_in, session, MONDAY, TUESDAY, remove=[1])

    after = events_of(signed_in, session)
    assert set(after) == set(before)
    assert (after[gone]["STATUS"], after[gone]["SEQUENCE"]) == ("CANCELLED", before[gone]["SEQUENCE"] + 1)
    assert [event["STATUS"] for uid, event in after.items() if uid != gone] == ["CONFIRMED"]


def test_session_move_remembers_no_day_of_dates_that_nobody_knows(signed_in, session):
    session.cohort.announced_at = None
    session.cohort.save()

    store(signed_in, session, MONDAY, TUESDAY, remove=[1], notify="")

    assert dates_of(session) == [MONDAY]
    assert not RemovedDay.objects.exists()


def test_session_move_tells_people_and_trainers(signed_in, session, trainer):
    half = Registration.objects.filter(role=Audience.MANAGER).get()

    store(signed_in, session, AFTER_THE_CHANGE, TUESDAY, message="Das Haus ist zu. {{ 7 }}")

    text = mail_to(half.email).message
    assert "Mo, 12.\u00a0April 2027, 9:00–16:30 Uhr" in text
    assert "Mo, 22.\u00a0März 2027, 9:00–16:30\u00a0Uhr" in text
    assert "Das Haus ist zu. {{ 7 }}" in text
    assert f"/anmeldung/{status_token(half)}/" in text
    assert "/terminzusage/" in mail_to(trainer.email).message
    assert Email.objects.count() == 3


def test_session_move_tells_only_those_the_session_is_for(signed_in, session):
    Session.objects.update(audience="MANAGER")

    store(signed_in, session, AFTER_THE_CHANGE, TUESDAY)

    assert not Email.objects.filter(to=Registration.objects.get(role=Audience.COORDINATOR).email).exists()
    assert Email.objects.count() == 2


def test_session_move_tells_nobody_when_asked_so(signed_in, session):
    store(signed_in, session, AFTER_THE_CHANGE, TUESDAY, notify="")

    assert dates_of(session) == [TUESDAY, AFTER_THE_CHANGE]
    assert not Email.objects.exists()


def test_session_move_proposes_mail_only_when_people_know_the_date(signed_in, session):
    assert 'name="notify"' in (page := check(signed_in, session, AFTER_THE_CHANGE, TUESDAY))
    assert re.search(r'name="notify"[^>]* checked', page)

    session.cohort.announced_at = None
    session.cohort.save()

    assert not re.search(r'name="notify"[^>]* checked', check(signed_in, session, AFTER_THE_CHANGE, TUESDAY))


def test_session_move_twice_writes_once(signed_in, session):
    draft = draft_of(check(signed_in, session, AFTER_THE_CHANGE, TUESDAY, extra="2027-04-13"))
    data = {"step": "store", "draft": draft, "notify": "on"}

    for _ in range(2):
        assert signed_in.post(move_url(session), data).url == session.get_absolute_url()

    session.refresh_from_db()
    assert session.sequence == 1
    assert session.days.count() == 3
    assert Email.objects.count() == 3


def test_session_move_says_when_somebody_else_was_faster(signed_in, session):
    draft = draft_of(check(signed_in, session, AFTER_THE_CHANGE, TUESDAY))
    store(signed_in, session, MONDAY, datetime.date(2027, 5, 3))

    response = signed_in.post(move_url(session), {"step": "store", "draft": draft}, follow=True)

    assert "Inzwischen hat jemand anderes den Termin verschoben." in response.content.decode()
    assert dates_of(session) == [MONDAY, datetime.date(2027, 5, 3)]


def test_session_move_leaves_days_on_which_attendance_was_taken(signed_in, session):
    half = Registration.objects.first()
    Attendance.objects.create(registration=half, day=session.days.first(), presence=Presence.FULL)

    page = check(signed_in, session, AFTER_THE_CHANGE, TUESDAY)

    assert "An diesem Tag ist schon Anwesenheit eingetragen." in page
    assert 'name="draft"' not in page
    store(signed_in, session, MONDAY, AFTER_THE_CHANGE)
    assert dates_of(session) == [MONDAY, AFTER_THE_CHANGE]


def test_session_move_finds_attendance_taken_while_the_page_was_open(signed_in, session):
    draft = draft_of(check(signed_in, session, AFTER_THE_CHANGE, TUESDAY))
    Attendance.objects.create(
        registration=Registration.objects.first(), day=session.days.first(), presence=Presence.FULL
    )

    response = signed_in.post(move_url(session), {"step": "store", "draft": draft}, follow=True)

    assert "Die Anwesenheit ist schon eingetragen" in response.content.decode()
    assert dates_of(session) == [MONDAY, TUESDAY]


def feedback(session, opens_at):
    return Survey.objects.create(
        cohort=session.cohort,
        session=session,
        questionnaire=questionnaire(),
        purpose="FEEDBACK",
        opens_at=opens_at,
        closes_at=opens_at + datetime.timedelta(days=14),
    )


def questionnaire():
    return default_questionnaire(Purpose.FEEDBACK)


def local(*parts):
    return datetime.datetime(*parts, tzinfo=timezone.get_current_timezone())


def test_session_move_takes_the_feedback_along_at_the_same_hour_on_the_wall(signed_in, session):
    survey = feedback(session, local(2027, 3, 23, 16, 0))

    page = check(signed_in, session, MONDAY, AFTER_THE_CHANGE)
    assert "Die Rückmeldung öffnet Mo, 12.\u00a0April 2027, 16:00\u00a0Uhr" in page
    store(signed_in, session, MONDAY, AFTER_THE_CHANGE)

    survey.refresh_from_db()
    assert timezone.localtime(survey.opens_at).isoformat() == "2027-04-12T16:00:00+02:00"
    assert timezone.localtime(survey.closes_at).isoformat() == "2027-04-26T16:00:00+02:00"


def test_session_move_leaves_feedback_that_has_begun(signed_in, session):
    opened = timezone.now() - datetime.timedelta(hours=1)
    survey = feedback(session, opened)

    assert "hat schon begonnen" in check(signed_in, session, MONDAY, AFTER_THE_CHANGE)
    store(signed_in, session, MONDAY, AFTER_THE_CHANGE)

    survey.refresh_from_db()
    assert survey.opens_at == opened


@pytest.mark.parametrize(
    ("moment", "days", "expected"),
    [
        ((2027, 3, 27, 16, 0), 1, "2027-03-28T16:00:00+02:00"),
        ((2027, 10, 30, 16, 0), 1, "2027-10-31T16:00:00+01:00"),
        ((2027, 10, 31, 16, 0), -1, "2027-10-30T16:00:00+02:00"),
    ],
)
def test_shifted_counts_on_the_clock_on_the_wall(moment, days, expected):
    moved = shifted(local(*moment), datetime.timedelta(days=days))

    assert timezone.localtime(moved).isoformat() == expected


# Trainers' confirmations


def confirmed(session, trainer):
    return TrainerConfirmation.objects.create(
        session=session, trainer=trainer, sequence=session.sequence, answer="YES", answered_at=timezone.now()
    )


def test_session_move_makes_the_confirmation_one_for_the_old_days(signed_in, session, trainer):
    confirmed(session, trainer)

    assert "hat zugesagt und wird neu gefragt" in check(signed_in, session, MONDAY, AFTER_THE_CHANGE)
    store(signed_in, session, MONDAY, AFTER_THE_CHANGE)

    page = signed_in.get(session.get_absolute_url()).content.decode()
    assert "zugesagt für die alten Tage" in page


def test_another_address_of_the_online_meeting_leaves_confirmations_as_they_are(signed_in, session, trainer):
    confirmation = confirmed(session, trainer)

    store(signed_in, session, MONDAY, TUESDAY, online_url="https://sitzung.example/neu")

    session.refresh_from_db()
    confirmation.refresh_from_db()
    assert session.online_url == "https://sitzung.example/neu"
    assert (session.sequence, confirmation.sequence, confirmation.answer) == (1, 1, "YES")


# Cancelling a session


def test_session_cancel_shows_first_whom_it_concerns(signed_in, session, trainer):
    page = signed_in.get(cancel_url(session)).content.decode()

    assert "2 Personen erhalten" in page
    assert trainer.get_full_name() in page
    session.refresh_from_db()
    assert session.cancelled_at is None


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


def test_session_cancel_closes_open_feedback(signed_in, session):
    survey = feedback(session, timezone.now() - datetime.timedelta(hours=1))

    signed_in.post(cancel_url(session), {"reason": "Erkrankung"})

    survey.refresh_from_db()
    assert not survey.is_open


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
    assert "Sie standen auf der Warteliste." in mail_to(waiting.email).message
    assert "war noch nicht entschieden" in mail_to(undecided.email).message
    assert "Zu wenige Anmeldungen" in mail_to(trainer.email).message
    assert not Email.objects.filter(to__in=[declined.email, unconfirmed.email]).exists()
    assert AuditEvent.objects.get().action == "COHORT_CANCELLED"


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


# What people read on their own page


def own_page(client, session):
    client.logout()
    half = Registration.objects.filter(cohort=session.cohort).first()
    return client.get(f"/anmeldung/{status_token(half)}/").content.decode()


def test_a_cancelled_session_stays_on_the_own_page_with_the_reason(client, signed_in, session):
    Session.objects.update(online_url="https://treffen.example/1")
    assert "https://treffen.example/1" in own_page(client, session)
    Session.objects.update(cancelled_at=timezone.now(), cancellation_reason="Das Haus ist zu.\nWasserschaden.")

    page = own_page(client, session)

    assert re.search(r"</svg>\s+abgesagt</span>", page)
    assert "Mo, 22.\u00a0März 2027" in page
    assert "Grund: Das Haus ist zu.<br>Wasserschaden." in page
    assert "termine.ics" in page
    assert "https://treffen.example/1" not in page


def test_what_is_cancelled_neither_begins_nor_ends_the_course(client, session):
    """Its people may still withdraw, and are not told that all is over."""
    SessionDay.objects.filter(session=session).delete()
    factories.SessionDayFactory(session=session, date=timezone.localdate() - datetime.timedelta(days=1))
    Session.objects.update(cancelled_at=timezone.now() - datetime.timedelta(days=3))

    page = own_page(client, session)

    assert "Anmeldung zurückziehen" in page
    assert "Der Durchgang ist abgeschlossen." not in page


@pytest.mark.parametrize("count", [1, 3])
def test_registration_status_query_count(client, session, count, django_assert_num_queries):
    for number in range(count):
        factories.SessionFactory(cohort=session.cohort, days=[AFTER_THE_CHANGE + datetime.timedelta(days=number)])
    token = status_token(Registration.objects.first())

    with django_assert_num_queries(5):
        page = client.get(f"/anmeldung/{token}/").content.decode()

    assert page.count('<span class="hours">') == count + 2


# What was cancelled counts nowhere


def test_attendance_of_a_cancelled_session_stays_where_it_was_taken(session):
    other = factories.SessionFactory(cohort=session.cohort, days=[datetime.date(2027, 5, 3)])
    half = Registration.objects.first()
    Attendance.objects.create(registration=half, day=session.days.first(), presence=Presence.FULL)
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

    assert [group.day.date for group in page.context["form"].groups] == [MONDAY]


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
