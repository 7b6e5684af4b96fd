"""The own dates in the own calendar: the private feed, and the file behind the personal link."""

import datetime
import io
import logging

import pytest
import time_machine
from django.utils import timezone
from icalendar import Calendar

from curriculum.models import Audience, CalendarFeed, Session
from netzkoord.lib.logs import WithoutPersonalLinks
from netzkoord.models import AuditEvent
from participants.tokens import status_token
from tests import factories

PAGE = "/kalender/"


def in_days(days):
    return timezone.localdate() + datetime.timedelta(days=days)


@pytest.fixture
def cohort(db):
    return factories.CohortFactory(title="Durchgang 2027")


@pytest.fixture
def registration(cohort):
    """An accepted coordinator."""
    return factories.RegistrationFactory(tandem__cohort=cohort, accepted=True)


@pytest.fixture
def feed(registration):
    return CalendarFeed.objects.create(user=registration.person)


def session(cohort, title, *, audience="BOTH", **fields):
    return factories.SessionFactory(
        cohort=cohort, module__title=title, module__code="M", audience=audience, **fields
    )


def address(feed):
    return f"/kalender/{feed.key}.ics"


def titles(response):
    return [str(event["SUMMARY"]) for event in Calendar.from_ical(response.content).walk("VEVENT")]


def text_of(response):
    return " ".join(response.content.decode().replace("&nbsp;", " ").split())


# What is in it


def test_participants_read_the_sessions_of_their_role(client, cohort, feed):
    session(cohort, "Für alle")
    factories.SessionFactory(cohort=cohort, module__title="Koordination", audience=Audience.COORDINATOR)
    factories.SessionFactory(cohort=cohort, module__title="Leitung", audience=Audience.MANAGER)
    factories.SessionFactory(module__title="Anderswo")

    found = titles(client.get(address(feed)))

    assert [title.partition(" ")[2] for title in found] == ["Für alle", "Koordination"]


@pytest.mark.parametrize("selection", ["OPEN", "WAITING", "DECLINED"])
def test_who_has_no_place_has_no_dates(client, cohort, registration, feed, selection):
    session(cohort, "Geheim")
    registration.tandem.selection = selection
    registration.tandem.save()

    assert titles(client.get(address(feed))) == []


def test_who_withdrew_has_no_dates(client, cohort, registration, feed):
    session(cohort, "Geheim")
    registration.withdrawn_at = timezone.now()
    registration.save()

    assert titles(client.get(address(feed))) == []


def test_trainers_read_what_they_teach_and_nothing_else(client, cohort, trainer):
    session(cohort, "Eigener", trainers=[trainer])
    factories.SessionFactory(cohort=cohort, module__title="Fremder")
    feed = CalendarFeed.objects.create(user=trainer)

    assert titles(client.get(address(feed))) == ["M Eigener"]


def test_organisers_read_all_running_cohorts(client, organiser):
    factories.SessionFactory(module__code="A", module__title="Läuft", days=[in_days(3)])
    factories.SessionFactory(module__code="B", module__title="Vorbei", days=[in_days(-3)])
    feed = CalendarFeed.objects.create(user=organiser)

    assert titles(client.get(address(feed))) == ["A Läuft"]


def test_a_trainer_who_also_takes_part_reads_each_session_once(client, cohort, registration, feed):
    session(cohort, "Beides", trainers=[registration.person])

    assert titles(client.get(address(feed))) == ["M Beides"]


def test_a_cancelled_session_stays_in_the_feed(client, cohort, feed):
    held = session(cohort, "Fällt aus")
    Session.objects.filter(pk=held.pk).update(cancelled_at=timezone.now())

    assert titles(client.get(address(feed))) == ["Abgesagt: M Fällt aus"]


def test_the_feed_names_the_address_of_the_online_session(client, cohort, feed):
    session(cohort, "Online", venue=None, online_url="https://treffen.example/1")

    assert b"https://treffen.example/1" in client.get(address(feed)).content


@pytest.mark.parametrize("count", [1, 3])
def test_calendar_feed_file_query_count(client, feed, count, django_assert_num_queries):
    for number in range(count):
        other = factories.RegistrationFactory(person=feed.user, email=f"{number}@stadt.example", accepted=True)
        factories.SessionFactory(cohort=other.cohort, days=[in_days(number + 1), in_days(number + 30)])

    with django_assert_num_queries(10):
        response = client.get(address(feed))

    assert len(titles(response)) == 2 * count


# Who reads it


def test_the_feed_needs_no_sign_in_and_is_kept_by_no_cache(client, cohort, feed):
    response = client.get(address(feed))

    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response.cookies == {}


def test_a_calendar_that_asks_again_is_told_that_nothing_changed(client, cohort, feed):
    session(cohort, "Für alle")
    tag = client.get(address(feed))["ETag"]

    again = client.get(address(feed), headers={"If-None-Match": tag})

    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("key", ["x", "ä" * 43, "a" * 43, "%00", "a" * 500])
def test_an_unknown_key_is_no_address(client, feed, key):
    assert client.get(f"/kalender/{key}.ics").status_code == 404


def test_the_feed_ends_with_the_account(client, feed):
    feed.user.is_active = False
    feed.user.save()

    assert client.get(address(feed)).status_code == 404


def test_the_feed_is_read_only(client, feed):
    assert client.post(address(feed)).status_code == 405


@pytest.mark.one_database
@time_machine.travel(datetime.datetime(2026, 11, 1, 8, tzinfo=datetime.UTC), tick=False)
@pytest.mark.slow
def test_too_many_tries_are_refused(client, feed):
    responses = [client.get("/kalender/falsch.ics", REMOTE_ADDR="192.0.2.9").status_code for _ in range(301)]

    assert responses[-1] in (403, 429)
    assert responses[:300] == [404] * 300


def test_the_log_does_not_carry_the_key(client, feed):
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(WithoutPersonalLinks())
    logging.getLogger("test").addHandler(handler)

    logging.getLogger("test").warning("Not Found: %s", address(feed))

    assert feed.key not in written.getvalue()
    assert "/kalender/…" in written.getvalue()


# The page


def test_calendar_feed_without_a_feed_offers_one(client, stranger):
    client.force_login(stranger)

    page = text_of(client.get(PAGE))

    assert "Kalenderadresse anlegen" in page
    assert ".ics" not in page
    assert CalendarFeed.objects.count() == 0


def test_creating_twice_by_a_double_click_makes_one_feed(client, stranger):
    client.force_login(stranger)

    for _ in range(2):
        client.post("/kalender/anlegen/")

    feed = CalendarFeed.objects.get()
    page = text_of(client.get(PAGE))
    assert f"http://testserver/kalender/{feed.key}.ics" in page
    assert f"webcal://testserver/kalender/{feed.key}.ics" in page
    assert AuditEvent.objects.filter(action="FEED_CREATED").count() == 1
    assert feed.key not in str(list(AuditEvent.objects.values_list("details", flat=True)))


def test_a_new_address_makes_the_old_one_worthless(client, feed):
    client.force_login(feed.user)
    seen = feed.created_at.isoformat()
    assert f'value="{seen}"' in client.get(PAGE).content.decode()

    client.post("/kalender/erneuern/", {"seen": seen})

    new = CalendarFeed.objects.get()
    assert new.key != feed.key
    assert client.get(address(feed)).status_code == 404
    assert client.get(address(new)).status_code == 200


def test_a_double_click_renews_once(client, feed):
    client.force_login(feed.user)
    data = {"seen": feed.created_at.isoformat()}

    client.post("/kalender/erneuern/", data)
    first = CalendarFeed.objects.get().key
    client.post("/kalender/erneuern/", data)

    assert CalendarFeed.objects.get().key == first


def test_revoking_ends_the_feed_and_survives_a_double_click(client, feed):
    client.force_login(feed.user)

    for _ in range(2):
        assert client.post("/kalender/widerrufen/").status_code == 302

    assert client.get(address(feed)).status_code == 404
    assert AuditEvent.objects.filter(action="FEED_REVOKED").count() == 1


@pytest.mark.parametrize("part", ["anlegen", "erneuern", "widerrufen"])
def test_the_page_changes_by_post_only_and_for_people_who_are_signed_in(client, feed, part):
    assert client.post(f"{PAGE}{part}/").status_code == 403
    client.force_login(feed.user)
    assert client.get(f"{PAGE}{part}/").status_code == 405
    assert CalendarFeed.objects.get().key == feed.key


def test_nobody_touches_the_feed_of_another_person(client, stranger, feed):
    client.force_login(stranger)

    client.post("/kalender/widerrufen/")
    client.post("/kalender/erneuern/", {"seen": feed.created_at.isoformat()})

    assert CalendarFeed.objects.get().key == feed.key
    assert feed.key not in client.get(PAGE).content.decode()


# The file behind the personal link


def test_own_calendar_has_the_dates_of_the_role(client, cohort, registration):
    session(cohort, "Für alle")
    factories.SessionFactory(cohort=cohort, module__title="Leitung", audience=Audience.MANAGER)

    response = client.get(f"/anmeldung/{status_token(registration)}/termine.ics")

    assert titles(response) == ["M Für alle"]
    assert "no-store" in response["Cache-Control"]
    assert status_token(registration).encode() not in response.content


def test_own_calendar_is_for_accepted_people(client, cohort, registration):
    token = status_token(registration)
    registration.tandem.selection = "WAITING"
    registration.tandem.save()

    assert client.get(f"/anmeldung/{token}/termine.ics").status_code == 404
    assert client.get("/anmeldung/1.falsch/termine.ics").status_code == 404


def test_status_page_links_to_the_file(client, cohort, registration):
    session(cohort, "Für alle")
    token = status_token(registration)

    page = client.get(f"/anmeldung/{token}/").content.decode()

    assert f"/anmeldung/{token}/termine.ics" in page


def test_status_page_leads_to_the_feed_and_says_that_one_signs_in(client, cohort, registration):
    session(cohort, "Für alle")
    address = f"/anmeldung/{status_token(registration)}/"

    page = text_of(client.get(address))
    assert '<a href="/kalender/">den Kalender abonnieren</a>' in page
    assert "Sie bekommen einen Code, ein Passwort brauchen Sie nicht." in page

    client.force_login(registration.person)
    page = text_of(client.get(address))
    assert '<a href="/kalender/">den Kalender abonnieren</a>' in page
    assert "Sie bekommen einen Code" not in page


def test_status_page_speaks_of_no_calendar_to_who_has_no_place(client, cohort, registration):
    session(cohort, "Für alle")
    registration.tandem.selection = "WAITING"
    registration.tandem.save()

    assert "/kalender/" not in client.get(f"/anmeldung/{status_token(registration)}/").content.decode()
