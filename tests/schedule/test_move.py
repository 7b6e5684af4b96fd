"""Moving dates: the consequences first, then one decision that stores them."""

import datetime
import re

import pytest
from django.utils import timezone
from post_office.models import Email

from curriculum.models import RemovedDay, Session, TrainerConfirmation
from netzkoord.consequences import shifted
from netzkoord.models import AuditEvent
from participants.models import Registration
from tests import factories
from tests.rewriting import rewrite
from tests.schedule.steps import (
    AFTER_THE_CHANGE,
    MONDAY,
    NEW,
    TUESDAY,
    check,
    dates_of,
    draft_of,
    events_of,
    feedback,
    local,
    move_url,
    store,
    typed,
)

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
        factories.complete_tandem(cohort=session.cohort, selection="WAITING")
    data = typed(session, AFTER_THE_CHANGE, TUESDAY)

    with django_assert_num_queries(42):
        page = signed_in.post(move_url(session), data).content.decode()

    assert f"{2 * count + 2} angenommene Personen" in page


def test_session_move_names_conflicts_and_other_hints(signed_in, session, trainer):
    other = factories.SessionFactory(cohort__title="Ein anderer", days=[AFTER_THE_CHANGE], trainers=[trainer])
    Session.objects.filter(pk=session.pk).update(invited_at=timezone.now())

    page = check(signed_in, session, AFTER_THE_CHANGE, datetime.date(2027, 3, 28))

    assert f"{trainer.get_full_name()} ist auch bei „{other.module}“ (Ein anderer)." in page
    assert "So, 28.\u00a0März 2027 liegt am Wochenende." in page
    assert "Die Einladung wurde am" in page


def test_session_move_warns_of_a_day_that_is_not_after_the_closing_date(signed_in, session):
    closes_on = session.cohort.registration_closes_on

    before = check(signed_in, session, closes_on, TUESDAY)
    after = check(signed_in, session, closes_on + datetime.timedelta(days=1), TUESDAY)

    assert "Der Termin liegt nicht nach dem Anmeldeschluss" in before
    assert "Der Termin liegt nicht nach dem Anmeldeschluss" not in after


def test_session_move_names_each_conflict_once_with_its_days(signed_in, session, trainer):
    days = [datetime.date(2027, 5, 3), datetime.date(2027, 5, 4)]
    other = factories.SessionFactory(
        cohort__title="Ein anderer", days=days, trainers=[trainer], venue=session.venue
    )
    third = factories.SessionFactory(cohort__title="Ein dritter", days=days[1:], trainers=[trainer])

    page = check(signed_in, session, *days)

    both = "Mo, 3.\u00a0Mai 2027 und Di, 4.\u00a0Mai 2027"
    name = trainer.get_full_name()
    assert f"{both}: {session.venue} ist auch bei „{other}“ (Ein anderer)." in page
    assert (
        f"{both}: {name} ist auch bei „{other}“ (Ein anderer). "
        f"Di, 4.\u00a0Mai 2027: {name} ist auch bei „{third}“ (Ein dritter)." in page
    )
    assert page.count('class="notice notice-due"') == 2


def test_session_move_check_names_no_two_parts_alike(signed_in, session):
    page = check(signed_in, session, AFTER_THE_CHANGE, TUESDAY)

    sections = [
        re.search(f'id="{key}">(.*?)<', page)[1] for key in re.findall(r'<section aria-labelledby="(.+?)"', page)
    ]
    regions = re.findall(r'role="region" aria-label="(.+?)"', page)
    names = sections + regions
    assert len(regions) == 1
    assert sorted(set(names)) == sorted(names)


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
    assert response.redirect_chain == [(session.get_absolute_url(), 302)]
    assert dates_of(session) == [TUESDAY, AFTER_THE_CHANGE]
    assert dict(session.days.values_list("pk", "uid")) == before
    assert session.sequence == 1
    assert AuditEvent.objects.filter(action="SESSION_MOVED").count() == 1


def test_session_move_adds_and_removes_days(signed_in, session):
    store(signed_in, session, MONDAY, TUESDAY, remove=[0], extra="2027-04-12")

    assert dates_of(session) == [TUESDAY, AFTER_THE_CHANGE]


def test_session_move_cancels_a_day_that_goes_in_the_calendars_that_have_it(signed_in, session):
    before = events_of(signed_in, session)
    gone = f"{session.days.get(date=TUESDAY).uid}@termine.netzkoord"

    store(signed_in, session, MONDAY, TUESDAY, remove=[1])

    after = events_of(signed_in, session)
    assert set(after) == set(before)
    assert (after[gone]["STATUS"], after[gone]["SEQUENCE"]) == ("CANCELLED", before[gone]["SEQUENCE"] + 1)
    assert [event["STATUS"] for uid, event in after.items() if uid != gone] == ["CONFIRMED"]


def test_session_move_remembers_no_day_of_dates_that_nobody_knows(signed_in, session):
    rewrite(session.cohort, announced_at=None)

    store(signed_in, session, MONDAY, TUESDAY, remove=[1], notify="")

    assert dates_of(session) == [MONDAY]
    assert not RemovedDay.objects.exists()


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
    factories.attend(half, session.days.first())

    page = check(signed_in, session, AFTER_THE_CHANGE, TUESDAY)

    assert "An diesem Tag ist schon Anwesenheit eingetragen." in page
    assert 'name="draft"' not in page
    store(signed_in, session, MONDAY, AFTER_THE_CHANGE)
    assert dates_of(session) == [MONDAY, AFTER_THE_CHANGE]


def test_session_move_finds_attendance_taken_while_the_page_was_open(signed_in, session):
    draft = draft_of(check(signed_in, session, AFTER_THE_CHANGE, TUESDAY))
    factories.attend(Registration.objects.first(), session.days.first())

    response = signed_in.post(move_url(session), {"step": "store", "draft": draft}, follow=True)

    assert "Die Anwesenheit ist schon eingetragen" in response.content.decode()
    assert dates_of(session) == [MONDAY, TUESDAY]


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

    store(signed_in, session, MONDAY, TUESDAY, online_url=NEW)

    session.refresh_from_db()
    confirmation.refresh_from_db()
    assert session.online_url == NEW
    assert (session.sequence, confirmation.sequence, confirmation.answer) == (1, 1, "YES")
