"""Calendar files, read back with icalendar and checked for what RFC 5545 and Outlook ask for."""

import datetime
import uuid
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from curriculum.calendars import Entry, berlin, calendar, moment
from curriculum.models import RemovedDay, Session, SessionDay
from curriculum.queries.calendars import with_calendar
from netzkoord.models import AuditAction, AuditEvent
from tests import factories
from tests.rewriting import rewrite

BERLIN = ZoneInfo("Europe/Berlin")
WINTER, SUMMER = datetime.date(2027, 2, 1), datetime.date(2027, 7, 1)
ANNOUNCED = datetime.datetime(2026, 11, 1, 8, tzinfo=datetime.UTC)
SECRET = "https://treffen.stadt.example/geheim-123"


@pytest.fixture
def session(db):
    cohort = factories.CohortFactory(title="Durchgang 2027", announced_at=ANNOUNCED)
    venue = factories.VenueFactory(
        name="Bürgerhaus; Saal 1",
        street="Markt 1",
        postal_code="01067",
        city="Dresden",
        directions="Tram 4,\nTram 9",
    )
    return factories.SessionFactory(
        cohort=cohort, module__code="K1", module__title="Rolle, Haltung", venue=venue, days=[WINTER, SUMMER]
    )


def file_of(session, **fields):
    found = with_calendar(Session.objects.filter(pk=session.pk)).get()
    return calendar([Entry(found, "https://netzkoord.example/angebote/1/", **fields)], name="Termine")


def events_of(body):
    return list(Calendar.from_ical(body).walk("VEVENT"))


def lines_of(body):
    """The content lines, unfolded."""
    return body.decode().replace("\r\n ", "").split("\r\n")


def test_each_day_is_an_event_with_what_rfc_5545_requires(session):
    body = file_of(session)

    whole = Calendar.from_ical(body)
    first, second = events_of(body)
    assert (whole["VERSION"], whole["METHOD"], whole["CALSCALE"]) == ("2.0", "PUBLISH", "GREGORIAN")
    assert whole["PRODID"] == "-//netzkoord//Termine//DE"
    for event in (first, second):
        assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "STATUS", "LAST-MODIFIED"} <= set(
            event
        )
    assert first["UID"] != second["UID"]
    assert first["SUMMARY"] == "K1 Rolle, Haltung"
    assert first["LOCATION"] == "Bürgerhaus; Saal 1, Markt 1, 01067 Dresden"
    assert first["DESCRIPTION"].startswith("Durchgang 2027, Tag 1 von 2\nTram 4,\nTram 9\n")
    assert first["URL"] == "https://netzkoord.example/angebote/1/"
    assert (first["STATUS"], first["SEQUENCE"]) == ("CONFIRMED", 0)


def test_hours_are_those_on_the_clock_in_winter_and_in_summer(session):
    winter, summer = events_of(file_of(session))

    assert winter.start.utcoffset() == datetime.timedelta(hours=1)
    assert summer.start.utcoffset() == datetime.timedelta(hours=2)
    assert [winter.start.hour, summer.start.hour, summer.end.hour, summer.end.minute] == [9, 9, 16, 30]
    assert "DTSTART;TZID=Europe/Berlin:20270201T090000" in lines_of(file_of(session))


def test_the_zone_has_both_rules_from_before_every_date(session):
    zone = Calendar.from_ical(file_of(session)).walk("VTIMEZONE")[0]

    daylight, standard = zone.walk("DAYLIGHT")[0], zone.walk("STANDARD")[0]
    assert zone["TZID"] == "Europe/Berlin"
    for part, month, before, after in ((daylight, 3, 1, 2), (standard, 10, 2, 1)):
        assert part["RRULE"]["BYMONTH"] == [month]
        assert part["RRULE"]["BYDAY"] == ["-1SU"]
        assert part["TZOFFSETFROM"].td == datetime.timedelta(hours=before)
        assert part["TZOFFSETTO"].td == datetime.timedelta(hours=after)
        assert part["DTSTART"].dt.year < 2000
        assert part["DTSTART"].dt.tzinfo is None


@settings(max_examples=40)
@given(st.dates(WINTER.replace(year=2000), SUMMER.replace(year=2099)), st.times())
def test_the_zone_agrees_with_the_clock_of_berlin(date, time):
    """Read by somebody who knows only the file, not the name of the zone."""
    zone = berlin().to_tz(lookup_tzid=False)
    naive = datetime.datetime.combine(date, time)

    assert naive.replace(tzinfo=zone).astimezone(datetime.UTC).replace(microsecond=0) in {
        naive.replace(tzinfo=BERLIN, fold=fold).astimezone(datetime.UTC).replace(microsecond=0) for fold in (0, 1)
    }


@given(st.integers(2000, 2099), st.sampled_from([3, 10]), st.times())
def test_no_event_begins_at_an_hour_that_the_change_to_summer_time_skips(year, month, time):
    last = max(day for day in range(25, 32) if datetime.date(year, month, day).weekday() == 6)
    date = datetime.date(year, month, last)

    found = moment(date, time)

    assert found.astimezone(datetime.UTC).astimezone(BERLIN).replace(fold=0) == found.replace(fold=0)
    if not (month == 3 and time.hour == 2):
        assert found.replace(tzinfo=None, fold=0) == datetime.datetime.combine(date, time)


def test_lines_end_with_crlf_and_have_at_most_75_octets(session):
    session.venue.name = "Straße der Völkerverständigung, großes Bürgerhaus mit Übernachtung für Gäste " * 2
    session.venue.save()

    body = file_of(session)

    assert body.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in body.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert events_of(body)[0]["LOCATION"].startswith(session.venue.name.strip())


@pytest.mark.parametrize(
    "text",
    ["a;b,c\\d", "BEGIN:VEVENT\r\nEND:VEVENT", "Zeile\x0bmit\x1bSteuerzeichen", 'Anführung"und:Punkte', "🎈" * 40],
)
def test_text_of_a_user_stays_text(session, text):
    Session.objects.filter(pk=session.pk).update(cancelled_at=ANNOUNCED, cancellation_reason=text)

    events = events_of(file_of(session))

    assert len(events) == 2
    expected = "".join(letter for letter in text.replace("\r\n", "\n") if letter >= " " or letter == "\n")
    assert f"Abgesagt. {expected}" in events[0]["DESCRIPTION"]


def test_a_cancelled_session_stays_and_says_so(session):
    Session.objects.filter(pk=session.pk).update(cancelled_at=ANNOUNCED, cancellation_reason="Sturm", sequence=3)

    event = events_of(file_of(session))[0]

    assert (event["STATUS"], event["SEQUENCE"], event["TRANSP"]) == ("CANCELLED", 3, "TRANSPARENT")
    assert event["SUMMARY"] == "Abgesagt: K1 Rolle, Haltung"
    assert "Abgesagt. Sturm" in event["DESCRIPTION"]


def test_sessions_of_a_cancelled_cohort_are_cancelled(session):
    session.cohort.cancelled_at = ANNOUNCED
    session.cohort.save()

    assert {event["STATUS"] for event in events_of(file_of(session))} == {"CANCELLED"}


@pytest.mark.parametrize("of", ["session", "cohort"])
def test_days_that_were_held_before_a_cancellation_stay_as_they_were(session, of):
    """The first of the two days is over; cancelling on the day itself comes in time."""
    cancelled = session if of == "session" else session.cohort
    cancelled.cancelled_at = datetime.datetime(2027, 7, 1, 5, tzinfo=datetime.UTC)
    cancelled.cancellation_reason = "Sturm"
    cancelled.save()

    held, off = events_of(file_of(session))

    assert (held["STATUS"], held["TRANSP"], held["SUMMARY"]) == ("CONFIRMED", "OPAQUE", "K1 Rolle, Haltung")
    assert "Abgesagt" not in held["DESCRIPTION"]
    assert (off["STATUS"], off["TRANSP"]) == ("CANCELLED", "TRANSPARENT")
    assert "Abgesagt. Sturm" in off["DESCRIPTION"]


def test_a_day_that_was_removed_is_cancelled_under_its_name(session):
    gone = session.days.last()
    RemovedDay.of(gone).save()
    gone.delete()
    Session.objects.filter(pk=session.pk).update(sequence=4)

    kept, removed = events_of(file_of(session))

    assert (kept["STATUS"], kept["DESCRIPTION"].splitlines()[0]) == ("CONFIRMED", "Durchgang 2027")
    assert removed["UID"] == f"{gone.uid}@termine.netzkoord"
    assert (removed["STATUS"], removed["SEQUENCE"], removed["TRANSP"]) == ("CANCELLED", 4, "TRANSPARENT")
    assert removed["SUMMARY"] == "Abgesagt: K1 Rolle, Haltung"
    assert "Dieser Tag entfällt." in removed["DESCRIPTION"]
    assert removed.start == datetime.datetime(2027, 7, 1, 9, tzinfo=BERLIN)


def test_dates_that_are_not_announced_are_tentative(session):
    rewrite(session.cohort, announced_at=None)

    assert {event["STATUS"] for event in events_of(file_of(session))} == {"TENTATIVE"}


@pytest.mark.parametrize(
    "action", [AuditAction.COHORT_CREATED, AuditAction.COHORT_CHANGED, AuditAction.COHORT_EDITION_CHANGED]
)
def test_a_saved_plan_is_a_change_of_its_sessions(session, action):
    rewrite(session.cohort, announced_at=None)
    planned_at = datetime.datetime(2026, 10, 5, 9, 30, tzinfo=datetime.UTC)
    for key, moment_of in ((session.cohort_id, planned_at), (session.cohort_id + 1, ANNOUNCED)):
        AuditEvent.objects.create(
            action=action, target_type="curriculum.cohort", target_id=str(key), occurred_at=moment_of
        )

    event = events_of(file_of(session))[0]

    assert event["LAST-MODIFIED"].dt == event["DTSTAMP"].dt == planned_at


def test_a_moved_day_keeps_its_name_whatever_the_host(session, settings):
    before = [event["UID"] for event in events_of(file_of(session))]
    day = session.days.first()
    SessionDay.objects.filter(pk=day.pk).update(date=datetime.date(2027, 2, 8))
    settings.BASE_URL = "https://anderswo.example"

    after = [event["UID"] for event in events_of(file_of(session))]

    assert after == before
    assert before[0] == f"{day.uid}@termine.netzkoord"
    assert uuid.UUID(before[0].partition("@")[0])


def test_the_same_session_makes_the_same_bytes_until_it_changes(session, time_machine):
    first = file_of(session)
    time_machine.move_to(timezone.now() + datetime.timedelta(hours=3), tick=False)

    assert file_of(session) == first
    AuditEvent.objects.create(
        action=AuditAction.SESSION_MOVED, target_type="curriculum.session", target_id=str(session.pk)
    )
    changed = events_of(file_of(session))[0]
    assert changed["DTSTAMP"].dt == changed["LAST-MODIFIED"].dt == timezone.now().replace(microsecond=0)


def test_an_online_session_names_its_address_only_to_those_who_take_part(db):
    session = factories.SessionFactory(venue=None, online_url=SECRET)

    public, own = file_of(session, is_private=False), file_of(session)

    assert b"geheim" not in public
    assert events_of(public)[0]["LOCATION"] == "online"
    assert events_of(own)[0]["LOCATION"] == SECRET
    assert f"Online: {SECRET}" in events_of(own)[0]["DESCRIPTION"]


def test_a_place_that_is_open_is_not_online(db):
    session = factories.SessionFactory(venue=None, online_url="", cohort__announced_at=None)

    assert events_of(file_of(session))[0]["LOCATION"] == "Ort noch offen"


def test_what_everybody_may_read_tells_neither_reason_nor_trainers(session, trainer):
    session.trainers.add(trainer)
    Session.objects.filter(pk=session.pk).update(
        cancelled_at=ANNOUNCED, cancellation_reason="Die Trainerin ist krank."
    )

    public, own = events_of(file_of(session, is_private=False))[0], events_of(file_of(session))[0]

    assert (public["CLASS"], own["CLASS"]) == ("PUBLIC", "PRIVATE")
    assert "Abgesagt." in public["DESCRIPTION"]
    assert "krank" not in public["DESCRIPTION"]
    assert trainer.get_full_name() not in public["DESCRIPTION"]
    assert "Abgesagt. Die Trainerin ist krank." in own["DESCRIPTION"]
    assert f"Training: {trainer.get_full_name()}" in own["DESCRIPTION"]


# The addresses


def test_announced_dates_are_public_without_the_address_of_the_online_session(client, session):
    Session.objects.filter(pk=session.pk).update(online_url=SECRET)

    response = client.get(f"/angebote/{session.cohort_id}/termine/{session.pk}.ics")

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="Termin-k1.ics"'
    assert len(events_of(response.content)) == 2
    assert b"geheim" not in response.content


def test_a_public_file_that_is_read_again_after_the_cohort_was_cancelled_says_so(client, session):
    address = f"/angebote/{session.cohort_id}/termine/{session.pk}.ics"
    before = events_of(client.get(address).content)
    session.cohort.cancelled_at, session.cohort.cancellation_reason = ANNOUNCED, "Die Trainerin ist krank."
    session.cohort.save()

    response = client.get(address)

    after = events_of(response.content)
    assert [event["UID"] for event in after] == [event["UID"] for event in before]
    assert {event["STATUS"] for event in after} == {"CANCELLED"}
    assert b"krank" not in response.content


def test_dates_that_are_not_announced_are_not_public(client, session):
    other = factories.CohortFactory()
    address = f"/angebote/{session.cohort_id}/termine/{session.pk}.ics"

    assert client.get(f"/angebote/{other.pk}/termine/{session.pk}.ics").status_code == 404
    rewrite(session.cohort, announced_at=None)
    assert client.get(address).status_code == 404


def test_staff_get_the_address_of_the_online_session(client, trainer, stranger, session):
    Session.objects.filter(pk=session.pk).update(online_url=SECRET)
    session.trainers.add(trainer)
    address = f"/termine/{session.pk}/termin.ics"

    client.force_login(trainer)
    response = client.get(address)
    assert f"Online: {SECRET}" in events_of(response.content)[0]["DESCRIPTION"]
    assert "no-store" in response["Cache-Control"]
    assert client.post(address).status_code == 405
    client.force_login(stranger)
    assert client.get(address).status_code == 403


def test_a_reader_that_has_this_file_gets_no_second_one(client, session):
    address = f"/angebote/{session.cohort_id}/termine/{session.pk}.ics"
    tag = client.get(address)["ETag"]

    again = client.get(address, headers={"If-None-Match": tag})

    assert (again.status_code, again.content) == (304, b"")
    Session.objects.filter(pk=session.pk).update(sequence=1)
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200
