"""The course of a session: the proposal, the clock times, and everything that organisers do to it."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from hypothesis import example, given
from hypothesis import strategies as st

from curriculum.agenda import LONGEST_BLOCK, LUNCH_TITLE, Frame, Piece, clock, propose
from curriculum.models import AgendaItem, AgendaKind, Session
from netzkoord.models import AuditEvent
from tests import factories

DAY = Frame(starts_at=540, ends_at=990, break_minutes=90)
MONDAY = datetime.date(2027, 2, 1)
TUESDAY = datetime.date(2027, 2, 2)


def course(points, begin=540):
    """Clock times and what happens, as they would be read."""
    lines = []
    for point in points:
        lines.append(f"{clock(begin):%H:%M} {point.title or point.key}")
        begin += point.minutes
    return [*lines, f"{clock(begin):%H:%M}"]


@pytest.fixture
def session(db):
    """Two days of 8 UE, two units of 6 and 8 UE; the cohort is not announced yet."""
    cohort = factories.CohortFactory(title="Durchgang 2027", announced_at=None)
    session = factories.SessionFactory(cohort=cohort, module__title="Rolle", days=[MONDAY, TUESDAY])
    factories.UnitFactory(module=session.module, position=1, title="Ankommen", minutes=270)
    factories.UnitFactory(module=session.module, position=2, title="Netzwerkkarussell", minutes=360)
    return session


@pytest.fixture
def days(session):
    return list(session.days.all())


@pytest.fixture
def items(days):
    """Three points on the first day: 9:00, 9:30 and 9:45."""
    return [
        AgendaItem.objects.create(day=days[0], position=place, kind=AgendaKind.OTHER, title=title, minutes=minutes)
        for place, (title, minutes) in enumerate([("Begrüßung", 30), ("Runde", 15), ("Ausblick", 45)], start=1)
    ]


def url(session, *parts):
    return "/".join([f"/termine/{session.pk}/ablauf", *map(str, parts), ""])


def stored(session):
    rows = AgendaItem.objects.filter(day__session=session).order_by("day__date", "position")
    return [(str(row.day), str(row), row.minutes) for row in rows.select_related("day", "unit")]


def text_of(response):
    return " ".join(response.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ").split())


def new(day, /, **changes):
    return {"day": day.pk, "what": "pause", "title": "", "minutes": "15", "seen": "0"} | changes


# The proposal


def test_proposal_has_lunch_at_half_past_twelve_and_coffee_between_units():
    points = propose([Piece(1, 90), Piece(2, 105), Piece(3, 80), Piece(4, 85)], [DAY])[0]

    assert course(points) == [
        *["09:00 1", "10:30 Kaffeepause", "10:45 2", "12:30 Mittagspause"],
        *["13:30 3", "14:50 Kaffeepause", "15:05 4", "16:30"],
    ]


def test_a_long_unit_goes_on_after_the_break_and_on_the_next_day():
    first, second = propose([Piece(1, 450)], [DAY, DAY])

    assert sum(point.minutes for point in first if point.key) == 360
    assert course(second) == ["09:00 1", "10:30"]


def test_no_unit_begins_for_the_last_minutes_of_a_day_when_the_next_has_room():
    first, second = propose([Piece(1, 350), Piece(2, 60)], [DAY, DAY])

    assert {point.key for point in first} == {1, None}
    assert [point.key for point in second] == [2]


def test_what_finds_no_room_is_left_out():
    assert propose([Piece(1, 90)], []) == []
    assert sum(point.minutes for point in propose([Piece(1, 600)], [DAY])[0] if point.key) == 360


def test_a_morning_has_coffee_and_no_lunch():
    points = propose([Piece(1, 180)], [Frame(540, 735, 15)])[0]

    assert course(points) == ["09:00 1", "10:30 Kaffeepause", "10:45 1", "12:15"]


def test_a_day_without_breaks_gets_none():
    assert course(propose([Piece(1, 450)], [Frame(540, 990, 0)])[0]) == ["09:00 1", "16:30"]


frames = st.builds(
    lambda start, length, breaks: Frame(start, start + length, min(breaks, length)),
    st.integers(0, 1080),
    st.integers(1, 359),
    st.integers(0, 240),
) | st.builds(lambda start, breaks: Frame(start, start + 480, breaks), st.integers(420, 660), st.integers(0, 180))


@example(minutes=[1], frames=[Frame(0, 2, 1)])  # too short for a break before or after the work
@given(st.lists(st.integers(1, 600), max_size=8), st.lists(frames, min_size=1, max_size=4))
def test_proposal_keeps_units_order_and_frame(minutes, frames):
    pieces = [Piece(key, each) for key, each in enumerate(minutes, start=1)]

    days = propose(pieces, frames)

    placed = [point for day in days for point in day if point.key]
    assert [point.key for point in placed] == sorted(point.key for point in placed)
    for piece in pieces:
        assert sum(point.minutes for point in placed if point.key == piece.key) <= piece.minutes
    for frame, day in zip(frames, days, strict=True):
        assert all(point.minutes > 0 for point in day)
        assert sum(point.minutes for point in day if point.key) <= frame.work
        assert sum(point.minutes for point in day if not point.key) <= frame.break_minutes
        assert not day or (day[0].key and day[-1].key)
        assert sum(point.title == LUNCH_TITLE for point in day) <= 1


@given(st.integers(480, 600), st.integers(450, 540), st.lists(st.integers(15, 150), min_size=1, max_size=8))
def test_nobody_works_longer_than_105_minutes_when_there_are_breaks_enough(start, length, minutes):
    frame = Frame(start, start + length, 120)

    day = propose([Piece(key, each) for key, each in enumerate(minutes, start=1)], [frame])[0]

    block = 0
    for point in day:
        block = block + point.minutes if point.key else 0
        assert block <= LONGEST_BLOCK + 5  # places of breaks are rounded to five minutes


# The page


def test_agenda_edit_shows_clock_times_that_follow_from_the_order(client, organiser, session, items):
    client.force_login(organiser)

    page = text_of(client.get(url(session)))

    assert "9:00–9:30<" in page
    assert "9:30–9:45<" in page
    assert "9:45–10:30<" in page
    assert "An diesem Tag steht noch nichts." in page
    assert page.count("<h1>") == 1


def test_agenda_edit_names_what_is_missing_and_what_deviates(client, organiser, session, items):
    AgendaItem.objects.create(
        day=items[0].day, position=9, kind=AgendaKind.UNIT, unit=session.module.units.first(), minutes=90
    )
    client.force_login(organiser)

    page = text_of(client.get(url(session)))

    assert "Der Ablauf endet um 12:00 Uhr, der Tag um 16:30 Uhr." in page
    assert "Pausen im Ablauf: 0 Minuten, im Rahmen des Tages: 90." in page
    assert "„Ankommen“: 90 von 270 Minuten eingeplant." in page
    assert "„Netzwerkkarussell“ ist noch nicht eingeplant (360 Minuten)." in page


def test_agenda_edit_says_when_the_day_does_not_end(client, organiser, session, days):
    for place in range(1, 3):
        AgendaItem.objects.create(
            day=days[0], position=place, kind=AgendaKind.OTHER, title="Nachtsitzung", minutes=600
        )
    client.force_login(organiser)

    assert "Der Ablauf reicht über Mitternacht hinaus." in text_of(client.get(url(session)))


@pytest.mark.parametrize("count", [1, 3])
def test_agenda_edit_query_count(client, organiser, session, days, count, django_assert_num_queries):
    unit = session.module.units.first()
    for day in days:
        for place in range(count):
            AgendaItem.objects.create(day=day, position=place, kind=AgendaKind.UNIT, unit=unit, minutes=5)
    client.force_login(organiser)

    with django_assert_num_queries(11):
        page = client.get(url(session)).content.decode()

    assert page.count('class="agenda-row"') == 2 * count
    assert page.count("Ankommen (Fortsetzung)</span> ") == 2 * count - 1


@pytest.mark.parametrize("role", ["stranger", "trainer", "reader"])
def test_agenda_edit_is_for_organisers(request, client, session, role):
    client.force_login(request.getfixturevalue(role))

    assert client.get(url(session)).status_code == 403
    assert client.post(url(session, "vorschlag")).status_code == 403
    assert stored(session) == []


def test_trainer_reads_the_agenda_on_the_page_of_the_session(client, trainer, session, items):
    session.trainers.add(trainer)
    client.force_login(trainer)

    page = text_of(client.get(f"/termine/{session.pk}/"))

    assert "9:30–9:45" in page
    assert "Runde" in page
    assert "Ablauf bearbeiten" not in page


def test_session_page_says_that_the_agenda_is_empty(client, organiser, session):
    client.force_login(organiser)

    assert "Der Ablauf ist noch leer." in text_of(client.get(f"/termine/{session.pk}/"))


# Proposing


def test_agenda_propose_fills_empty_days_once(client, organiser, session):
    client.force_login(organiser)

    for _ in range(2):
        response = client.post(url(session, "vorschlag"), follow=True)

    lines = stored(session)
    assert [line[1:] for line in lines[:4]] == [
        ("Ankommen", 100),
        ("Kaffeepause", 15),
        ("Ankommen", 95),
        ("Mittagspause", 60),
    ]
    assert sum(minutes for _, title, minutes in lines if title == "Netzwerkkarussell") == 360
    assert "keinen leeren Tag mehr" in text_of(response)
    assert AuditEvent.objects.filter(action="AGENDA_CHANGED").count() == 1


def test_agenda_propose_leaves_a_day_alone_that_has_points(client, organiser, session, items):
    client.force_login(organiser)

    client.post(url(session, "vorschlag"))

    assert [title for date, title, _ in stored(session) if date == "01.02.2027"] == [
        "Begrüßung",
        "Runde",
        "Ausblick",
    ]
    assert ("02.02.2027", "Mittagspause", 60) in stored(session)


def test_agenda_propose_without_units_offers_no_proposal(client, organiser, db):
    session = factories.SessionFactory()
    client.force_login(organiser)

    assert "das Modul hat keine Bausteine" in text_of(client.get(url(session)))
    client.post(url(session, "vorschlag"))

    assert stored(session) == []


@pytest.mark.parametrize("address", ["vorschlag", "rahmen", "entfernen", "verschieben"])
def test_agenda_changes_by_post_only(client, organiser, session, address):
    client.force_login(organiser)

    assert client.get(url(session, address)).status_code == 405


# Adding


def test_adding_a_unit_takes_the_minutes_that_are_left(client, organiser, session, days):
    unit = session.module.units.first()
    AgendaItem.objects.create(day=days[0], position=1, kind=AgendaKind.UNIT, unit=unit, minutes=200)
    client.force_login(organiser)

    client.post(url(session), new(days[1], what=f"baustein-{unit.pk}", minutes="", seen="1"))

    assert stored(session)[-1] == ("02.02.2027", "Ankommen", 70)


def test_adding_twice_by_a_double_click_adds_once(client, organiser, session, days):
    client.force_login(organiser)

    for _ in range(2):
        client.post(url(session), new(days[0]))

    assert stored(session) == [("01.02.2027", "Pause", 15)]


def test_the_same_point_can_be_added_again_on_purpose(client, organiser, session, days):
    client.force_login(organiser)

    client.post(url(session), new(days[0]))
    client.post(url(session), new(days[0], seen="1"))

    assert len(stored(session)) == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"minutes": ""}, "Wie lange dauert dieser Punkt?"),
        ({"minutes": "0"}, "Ein Punkt dauert zwischen 1 und 600 Minuten."),
        ({"minutes": "10000"}, "Ein Punkt dauert zwischen 1 und 600 Minuten."),
        ({"what": "eigener"}, "Wie heißt dieser Punkt?"),
        ({"what": "baustein-999999"}, "keine gültige Auswahl"),
        ({"what": ""}, "Bitte füllen Sie dieses Feld aus."),
        ({"day": "999999999999999999999"}, "gültige Auswahl"),
    ],
)
def test_a_point_that_cannot_be_is_refused_with_a_sentence(client, organiser, session, days, changes, sentence):
    client.force_login(organiser)

    response = client.post(url(session), new(days[0], title="", **changes) if "title" not in changes else changes)

    assert sentence in text_of(response)
    assert stored(session) == []


def test_a_unit_that_is_placed_as_a_whole_asks_how_long_more(client, organiser, session, days):
    unit = session.module.units.first()
    AgendaItem.objects.create(day=days[0], position=1, kind=AgendaKind.UNIT, unit=unit, minutes=270)
    client.force_login(organiser)

    response = client.post(url(session), new(days[1], what=f"baustein-{unit.pk}", minutes=""))

    assert "Der Baustein ist schon ganz eingeplant." in text_of(response)


# Changing, moving, removing


def test_lengthening_a_point_moves_the_rest(client, organiser, session, items):
    client.force_login(organiser)

    client.post(url(session, items[0].pk, "bearbeiten"), {"title": "Begrüßung", "minutes": "60"})

    page = text_of(client.get(url(session)))
    assert "10:00–10:15<" in page
    assert "10:15–11:00<" in page


def test_two_people_at_one_point_lose_nothing(client, organiser, session, items):
    client.force_login(organiser)
    seen = client.get(url(session, items[0].pk, "bearbeiten")).context["form"]["seen"].value()
    AgendaItem.objects.filter(pk=items[0].pk).update(minutes=45)

    client.post(url(session, items[0].pk, "bearbeiten"), {"title": "Willkommen", "minutes": "30", "seen": seen})

    assert stored(session)[0] == ("01.02.2027", "Willkommen", 45)


def test_a_point_of_ones_own_keeps_a_name(client, organiser, session, items):
    client.force_login(organiser)

    response = client.post(url(session, items[0].pk, "bearbeiten"), {"title": "", "minutes": "30"})

    assert "Bitte füllen Sie dieses Feld aus." in text_of(response)
    assert "<h1>Begrüßung</h1>" in text_of(response)


def test_agenda_order_moves_a_point_once_however_often_it_is_clicked(client, organiser, session, days, items):
    client.force_login(organiser)

    for _ in range(2):
        client.post(url(session, "tage", days[0].pk, "ordnen"), {"list": "tag-a", "down": f"{items[0].pk}:2"})

    assert [title for _, title, _ in stored(session)] == ["Runde", "Begrüßung", "Ausblick"]
    assert AuditEvent.objects.filter(action="AGENDA_CHANGED").count() == 1


def test_agenda_order_refuses_rows_of_another_day(client, organiser, session, days, items):
    client.force_login(organiser)

    response = client.post(url(session, "tage", days[1].pk, "ordnen"), {"list": "tag-b", "order": [items[0].pk]})

    assert response.status_code == 409


def test_agenda_item_move_puts_a_point_at_the_end_of_the_other_day(client, organiser, session, days, items):
    client.force_login(organiser)

    for _ in range(2):
        client.post(url(session, "verschieben"), {"punkt": items[1].pk, "tag": days[1].pk})

    assert stored(session)[-1] == ("02.02.2027", "Runde", 15)
    assert len(stored(session)) == 3


def test_agenda_item_move_refuses_the_day_of_another_session(client, organiser, session, items):
    other = factories.SessionFactory(days=[MONDAY]).days.get()
    client.force_login(organiser)

    for data in ({"punkt": items[0].pk, "tag": other.pk}, {"punkt": "9" * 30, "tag": "x"}, {}):
        assert client.post(url(session, "verschieben"), data).status_code == 404

    assert [date for date, _, _ in stored(session)] == ["01.02.2027"] * 3


def test_agenda_item_delete_removes_once_and_survives_a_double_click(client, organiser, session, items):
    client.force_login(organiser)

    for _ in range(2):
        response = client.post(url(session, "entfernen"), {"punkt": items[1].pk})
        assert response.status_code == 302

    assert [title for _, title, _ in stored(session)] == ["Begrüßung", "Ausblick"]
    assert AuditEvent.objects.filter(action="AGENDA_CHANGED").count() == 1


# The frame of the days


def test_agenda_frame_sets_end_and_breaks_to_what_the_course_needs(client, organiser, session, days, items):
    client.force_login(organiser)
    assert "Rahmen an den Ablauf anpassen" in text_of(client.get(url(session)))

    client.post(url(session, "rahmen"))

    days[0].refresh_from_db()
    days[1].refresh_from_db()
    session.refresh_from_db()
    assert (days[0].ends_at, days[0].break_minutes) == (datetime.time(10, 30), 0)
    assert (days[1].ends_at, days[1].break_minutes) == (datetime.time(16, 30), 90)
    assert session.sequence == 1


def test_agenda_frame_of_an_announced_cohort_stays(client, organiser, session, days, items):
    session.cohort.announced_at = datetime.datetime(2027, 1, 1, tzinfo=datetime.UTC)
    session.cohort.save()
    client.force_login(organiser)

    assert "Rahmen an den Ablauf anpassen" not in text_of(client.get(url(session)))
    response = client.post(url(session, "rahmen"), follow=True)

    days[0].refresh_from_db()
    assert days[0].ends_at == datetime.time(16, 30)
    assert "Der Durchgang ist ausgeschrieben" in text_of(response)


def test_the_database_refuses_a_point_without_minutes_or_without_a_name(session, days):
    for fields in ({"title": "Pause", "minutes": 0}, {"title": "", "minutes": 15}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AgendaItem.objects.create(day=days[0], position=1, kind=AgendaKind.BREAK, **fields)


def test_agenda_of_a_session_that_is_not_there(client, organiser, session, items):
    other = factories.SessionFactory()
    client.force_login(organiser)

    assert client.get("/termine/999999/ablauf/").status_code == 404
    assert client.get(url(other, items[0].pk, "bearbeiten")).status_code == 404
    assert Session.objects.count() == 2
