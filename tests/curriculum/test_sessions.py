"""The schedule of a cohort: list, add, change, delete and read sessions."""

import datetime
import re
from functools import partial

import pytest
from django.utils import timezone
from post_office.models import Email

from curriculum.actions.sessions import schedule_session
from curriculum.actions.trainers import answer_date
from curriculum.forms.sessions import NewSessionForm
from curriculum.models import Audience, Cohort, Session, SessionDay
from netzkoord import roles
from netzkoord.lib.editing import save_or_explain
from netzkoord.models import AuditEvent
from tests import factories
from tests.rewriting import rewrite

MONDAY = datetime.date(2027, 2, 1)
TUESDAY = datetime.date(2027, 2, 2)
WEDNESDAY = datetime.date(2027, 2, 3)


@pytest.fixture
def cohort(db):
    return factories.CohortFactory(title="Durchgang 2027")


@pytest.fixture
def module(cohort):
    module = factories.ModuleFactory(edition=cohort.edition, code="K1", title="Rolle")
    factories.UnitFactory.create_batch(8, module=module, minutes=90)
    return module


@pytest.fixture
def venue(db):
    return factories.VenueFactory(name="Bürgerhaus", city="Dresden")


def list_url(cohort):
    return f"/durchgaenge/{cohort.pk}/termine/"


def add_url(cohort):
    return f"/durchgaenge/{cohort.pk}/termine/neu/"


def edit_url(session):
    return f"/termine/{session.pk}/bearbeiten/"


def delete_url(session):
    return f"/termine/{session.pk}/loeschen/"


def new(module, venue, /, **changes):
    return {
        "module": module.pk,
        "first_on": "2027-02-01",
        "last_on": "2027-02-02",
        "starts_at": "09:00",
        "ends_at": "16:30",
        "break_minutes": "90",
        "venue": venue.pk,
    } | changes


def days_of(session):
    return list(session.days.values_list("date", "starts_at", "ends_at", "break_minutes"))


# List


@pytest.mark.parametrize("count", [1, 3])
def test_session_list_query_count(client, organiser, cohort, django_assert_num_queries, count):
    for _ in range(count):
        factories.SessionFactory(cohort=cohort, trainers=[organiser])
    client.force_login(organiser)

    with django_assert_num_queries(15):
        response = client.get(list_url(cohort))

    assert len(response.context["rows"]) == count


def test_session_list_names_what_is_missing(client, organiser, cohort, module):
    factories.SessionFactory(cohort=cohort, module=module, days=[MONDAY])
    client.force_login(organiser)

    page = client.get(list_url(cohort)).content.decode()

    assert "8\u00a0UE" in page
    assert "360 Minuten zu wenig" in page


def test_session_list_says_nothing_when_days_and_units_fit(client, organiser, cohort, module):
    factories.SessionFactory(cohort=cohort, module=module, days=[MONDAY, TUESDAY])
    client.force_login(organiser)

    page = client.get(list_url(cohort)).content.decode()

    assert "16\u00a0UE" in page
    assert "Minuten" not in page


@pytest.mark.parametrize("shared", ["trainer", "venue"])
def test_session_list_names_conflicts_with_other_cohorts(client, organiser, trainer, cohort, shared):
    mine = factories.SessionFactory(cohort=cohort, days=[MONDAY, TUESDAY], trainers=[trainer])
    fields = {"trainers": [trainer]} if shared == "trainer" else {"venue": mine.venue}
    other = factories.SessionFactory(cohort__title="Ein anderer", days=[TUESDAY], **fields)
    client.force_login(organiser)

    page = client.get(list_url(cohort)).content.decode()

    subject = trainer.get_full_name() if shared == "trainer" else str(mine.venue)
    assert f"Di, 2.\u00a0Februar 2027: {subject} ist auch bei „{other.module}“ (Ein anderer)." in page
    assert "Mo, 1.\u00a0Februar 2027: " not in page


def test_session_list_knows_no_conflict_with_a_cancelled_cohort(client, organiser, trainer, cohort):
    factories.SessionFactory(cohort=cohort, days=[MONDAY], trainers=[trainer])
    factories.SessionFactory(cohort__cancelled_at=timezone.now(), days=[MONDAY], trainers=[trainer])
    client.force_login(organiser)

    assert "ist auch bei" not in client.get(list_url(cohort)).content.decode()


def test_session_list_offers_modules_without_a_session(client, organiser, cohort, module):
    client.force_login(organiser)

    page = client.get(list_url(cohort)).content.decode()

    assert "Der Durchgang hat noch keine Termine." in page
    assert f'href="{add_url(cohort)}?modul={module.pk}"' in page


def test_session_list_shows_trainers_only_their_own(client, trainer, cohort):
    own = factories.SessionFactory(cohort=cohort, trainers=[trainer])
    other = factories.SessionFactory(cohort=cohort)
    client.force_login(trainer)

    page = client.get(list_url(cohort)).content.decode()

    assert str(own.module) in page
    assert str(other.module) not in page
    assert "Bearbeiten" not in page


def test_session_list_of_another_cohort_does_not_exist_for_trainers(client, trainer, cohort):
    factories.SessionFactory(cohort=cohort)
    client.force_login(trainer)

    assert client.get(list_url(cohort)).status_code == 404


# Add


def test_session_add_makes_one_day_for_each_calendar_day(client, organiser, trainer, cohort, module, venue):
    client.force_login(organiser)

    response = client.post(add_url(cohort), new(module, venue, trainers=[trainer.pk]))

    session = Session.objects.get()
    assert response.url == list_url(cohort)
    assert (session.cohort, session.module, session.venue) == (cohort, module, venue)
    assert list(session.trainers.all()) == [trainer]
    hours = (datetime.time(9), datetime.time(16, 30), 90)
    assert days_of(session) == [(MONDAY, *hours), (TUESDAY, *hours)]
    event = AuditEvent.objects.get()
    assert (event.action, event.by_id) == ("SESSION_CREATED", organiser.pk)


@pytest.mark.parametrize(("first_on", "warns"), [("2026-11-16", True), ("2026-11-17", False)])
def test_session_add_warns_of_a_day_that_is_not_after_the_closing_date(
    client, organiser, cohort, module, venue, first_on, warns
):
    client.force_login(organiser)

    page = client.post(add_url(cohort), new(module, venue, first_on=first_on, last_on=first_on), follow=True)

    sentence = "Der Termin liegt nicht nach dem Anmeldeschluss, Mo, 16.\u00a0November 2026."
    assert (sentence in page.content.decode()) == warns
    assert Session.objects.exists()


def test_session_add_begins_with_the_module_asked_for(client, organiser, cohort, module):
    client.force_login(organiser)

    page = client.get(add_url(cohort), {"modul": module.pk}).content.decode()

    assert f'<option value="{module.pk}" selected>' in page


def test_session_add_twice_makes_one(client, organiser, cohort, module, venue):
    client.force_login(organiser)
    client.post(add_url(cohort), new(module, venue))

    page = client.post(add_url(cohort), new(module, venue)).content.decode()

    assert "Zu diesem Modul hat der Durchgang schon einen Termin." in page
    assert Session.objects.count() == 1


def test_session_add_at_the_same_instant_makes_one(organiser, cohort, module, venue):
    """Both requests have passed the form before the first one stores."""
    first, second = (NewSessionForm(new(module, venue), cohort=cohort) for _ in range(2))
    assert first.is_valid()
    assert second.is_valid()

    def schedule(form):
        return schedule_session(
            cohort=cohort,
            module=module,
            audience=form.cleaned_data["audience"],
            venue=venue,
            trainers=[],
            days=form.days(),
            by=organiser,
        )

    stored = [save_or_explain(form, partial(schedule, form)) for form in (first, second)]

    assert stored == [Session.objects.get(), None]
    assert second.errors == {"module": ["Zu diesem Modul hat der Durchgang schon einen Termin."]}
    assert SessionDay.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"last_on": "2027-01-31"}, "Der letzte Tag liegt vor dem ersten."),
        ({"last_on": "2027-02-15"}, "Ein Termin dauert höchstens 14 Tage."),
        ({"ends_at": "09:00"}, "Das Ende liegt nicht nach dem Beginn."),
        ({"ends_at": "08:00"}, "Das Ende liegt nicht nach dem Beginn."),
        ({"break_minutes": "450"}, "Die Pausen sind so lang wie der ganze Tag."),
        ({"break_minutes": "-1"}, "Möglich ist mindestens 0."),
        ({"first_on": "2027-02-30"}, "Bitte ein gültiges Datum eingeben."),
        ({"module": "999999999999999999999999"}, "Zu diesem Modul hat der Durchgang schon einen Termin."),
    ],
)
def test_session_add_says_what_is_wrong_and_keeps_what_was_typed(
    client, organiser, cohort, module, venue, change, message
):
    client.force_login(organiser)

    response = client.post(add_url(cohort), new(module, venue, **change))

    page = response.content.decode()
    assert message in page
    for name, value in change.items():
        assert response.context["form"][name].value() == value
    assert not Session.objects.exists()


def test_session_add_takes_fourteen_days(client, organiser, cohort, module, venue):
    client.force_login(organiser)

    client.post(add_url(cohort), new(module, venue, last_on="2027-02-14"))

    assert SessionDay.objects.count() == 14


def test_session_add_refuses_a_module_of_another_edition(client, organiser, cohort, venue):
    client.force_login(organiser)

    client.post(add_url(cohort), new(factories.ModuleFactory(), venue))

    assert not Session.objects.exists()


def test_session_add_offers_active_trainers_only(client, organiser, trainer, cohort):
    factories.staff(roles.TRAINER, email="frueher@stadt.example", is_active=False)
    client.force_login(organiser)

    form = client.get(add_url(cohort)).context["form"]

    assert list(form.fields["trainers"].queryset) == [trainer]


def test_session_add_forbidden_for_trainers(client, trainer, cohort, module, venue):
    client.force_login(trainer)

    assert client.post(add_url(cohort), new(module, venue)).status_code == 403


# Change


def rows(session, *changed, remove=(), extra=None):
    """The form set of the session's days: `changed` are dates in order, `remove` positions that are to go."""
    data = {
        "audience": session.audience,
        "venue": session.venue_id,
        "tage-TOTAL_FORMS": 0,
        "tage-INITIAL_FORMS": session.days.count(),
    }
    entries = [(day.pk, date) for day, date in zip(session.days.all(), changed, strict=True)]
    entries.append(("", extra or ""))
    for position, (pk, date) in enumerate(entries):
        prefix = f"tage-{position}-"
        hours = {"starts_at": "10:00", "ends_at": "17:00"} if date else {"starts_at": "", "ends_at": ""}
        row = {"id": pk, "session": session.pk, "date": date, "break_minutes": 90} | hours
        data |= {prefix + name: value for name, value in row.items()}
        if position in remove:
            data[prefix + "DELETE"] = "on"
    data["tage-TOTAL_FORMS"] = len(entries)
    return data


@pytest.fixture
def session(cohort, module):
    """Of a cohort that is not announced yet."""
    rewrite(cohort, announced_at=None)
    return factories.SessionFactory(cohort=cohort, module=module, days=[MONDAY, TUESDAY])


def dates_of(session):
    return list(session.days.values_list("date", flat=True))


def test_session_edit_changes_venue_trainers_and_hours(client, organiser, trainer, session, venue):
    client.force_login(organiser)
    data = rows(session, MONDAY, TUESDAY) | {"venue": venue.pk, "trainers": [trainer.pk]}

    response = client.post(edit_url(session), data)

    session.refresh_from_db()
    assert response.url == session.get_absolute_url()
    assert session.venue == venue
    assert list(session.trainers.all()) == [trainer]
    assert {day.starts_at for day in session.days.all()} == {datetime.time(10)}
    assert AuditEvent.objects.get().action == "SESSION_CHANGED"


def test_session_edit_counts_for_trainers_and_calendars_what_moves_only(client, organiser, trainer, session):
    client.force_login(organiser)
    client.post(edit_url(session), rows(session, MONDAY, TUESDAY))
    session.refresh_from_db()
    first = session.sequence
    answer_date(session=session, answer="YES", remark="", sequence=first, by=trainer)

    client.post(edit_url(session), rows(session, MONDAY, TUESDAY) | {"trainers": [trainer.pk]})
    session.refresh_from_db()
    unmoved = session.sequence
    client.post(edit_url(session), rows(session, MONDAY, WEDNESDAY) | {"trainers": [trainer.pk]})
    session.refresh_from_db()

    assert (first, unmoved, session.sequence) == (1, 1, 2)
    assert "zugesagt für die alten Tage" in client.get(session.get_absolute_url()).content.decode()


def test_session_edit_warns_of_a_day_that_is_not_after_the_closing_date(client, organiser, session):
    client.force_login(organiser)
    closes_on = session.cohort.registration_closes_on

    page = client.post(edit_url(session), rows(session, closes_on, TUESDAY), follow=True).content.decode()

    assert "Der Termin liegt nicht nach dem Anmeldeschluss" in page
    assert dates_of(session) == [closes_on, TUESDAY]


def test_session_edit_twice_keeps_what_calendars_know_the_new_day_by(client, organiser, session):
    client.force_login(organiser)
    data = rows(session, MONDAY, TUESDAY, extra=WEDNESDAY)

    client.post(edit_url(session), data)
    known = session.days.get(date=WEDNESDAY).uid
    client.post(edit_url(session), data)

    assert session.days.get(date=WEDNESDAY).uid == known


def test_session_edit_once_announced_changes_who_teaches_and_names_who_goes(client, organiser, trainer, session):
    Cohort.objects.filter(pk=session.cohort_id).update(announced_at=timezone.now())
    session.trainers.add(trainer)
    client.force_login(organiser)

    response = client.post(edit_url(session), {"audience": "MANAGER"}, follow=True)

    session.refresh_from_db()
    assert session.audience == "BOTH"
    assert not session.trainers.exists()
    assert f"{trainer.get_full_name()} ist nicht mehr eingeplant und bekommt eine Nachricht." in page_of(response)
    mail = Email.objects.get()
    assert (mail.to, mail.subject) == ([trainer.email], f"Sie sind nicht mehr eingeplant: {session}")


def page_of(response):
    return response.content.decode()


def test_session_edit_by_two_keeps_the_days_of_the_first(client, organiser, session):
    client.force_login(organiser)
    seen = re.search(r'name="tage-seen" value="([^"]+)"', page_of(client.get(edit_url(session))))[1]
    client.post(edit_url(session), rows(session, WEDNESDAY, TUESDAY) | {"tage-seen": seen})

    stale = rows(session, TUESDAY, MONDAY) | {"tage-seen": seen, "online_url": "https://treffen.example/1"}
    page = page_of(client.post(edit_url(session), stale))

    assert "Inzwischen hat jemand anderes die Tage geändert. Es gilt jetzt: Di, 2.\u00a0Februar 2027" in page
    assert dates_of(session) == [TUESDAY, WEDNESDAY]
    shown = re.search(r'name="tage-seen" value="([^"]+)"', page)[1]
    client.post(edit_url(session), stale | {"tage-seen": shown})
    assert dates_of(session) == [MONDAY, TUESDAY]


def test_session_edit_adds_and_removes_days(client, organiser, session):
    client.force_login(organiser)

    client.post(edit_url(session), rows(session, MONDAY, TUESDAY, remove=[0], extra=WEDNESDAY))

    assert dates_of(session) == [TUESDAY, WEDNESDAY]


def test_session_edit_sent_twice_adds_the_day_once(client, organiser, session):
    client.force_login(organiser)
    data = rows(session, MONDAY, TUESDAY, extra=WEDNESDAY)

    answers = [client.post(edit_url(session), data).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert dates_of(session) == [MONDAY, TUESDAY, WEDNESDAY]


@pytest.mark.parametrize("dates", [(TUESDAY, WEDNESDAY), (TUESDAY, MONDAY)], ids=["one day later", "swapped"])
def test_session_edit_moves_days_onto_each_others_dates(client, organiser, session, dates):
    first, second = session.days.all()
    client.force_login(organiser)

    client.post(edit_url(session), rows(session, *dates))

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.date, second.date) == dates


def test_session_edit_refuses_the_same_date_twice(client, organiser, session):
    client.force_login(organiser)

    page = client.post(edit_url(session), rows(session, MONDAY, MONDAY)).content.decode()

    assert "Diesen Tag gibt es hier zweimal." in page
    assert dates_of(session) == [MONDAY, TUESDAY]


def test_session_edit_takes_the_date_of_a_removed_day(client, organiser, session):
    client.force_login(organiser)

    client.post(edit_url(session), rows(session, MONDAY, MONDAY, remove=[0]))

    assert dates_of(session) == [MONDAY]


def test_session_edit_keeps_at_least_one_day(client, organiser, session):
    client.force_login(organiser)

    response = client.post(edit_url(session), rows(session, MONDAY, TUESDAY, remove=[0, 1]))

    assert response.status_code == 200
    assert "Ein Termin hat mindestens einen Tag." in response.content.decode()
    assert dates_of(session) == [MONDAY, TUESDAY]


def test_session_edit_says_what_is_wrong_with_the_hours(client, organiser, session):
    client.force_login(organiser)

    page = client.post(
        edit_url(session),
        rows(session, MONDAY, TUESDAY) | {"tage-1-ends_at": "09:00", "tage-0-break_minutes": "999"},
    ).content.decode()

    assert "Das Ende liegt nicht nach dem Beginn." in page
    assert "Die Pausen sind so lang wie der ganze Tag." in page


def test_session_edit_keeps_a_day_with_attendance(client, organiser, session):
    day = session.days.first()
    registration = factories.RegistrationFactory(
        cohort=session.cohort, tandem__cohort=session.cohort, accepted=True
    )
    factories.attend(registration, day)
    client.force_login(organiser)

    page = client.post(
        edit_url(session), rows(session, MONDAY, TUESDAY, remove=[0], extra=WEDNESDAY)
    ).content.decode()

    assert "Der Tag bleibt: Es ist schon Anwesenheit eingetragen." in page
    assert dates_of(session) == [MONDAY, TUESDAY]
    assert not AuditEvent.objects.exists()


def test_session_edit_refuses_days_of_another_session(client, organiser, session):
    foreign = factories.SessionFactory(days=[WEDNESDAY]).days.get()
    client.force_login(organiser)

    client.post(edit_url(session), rows(session, MONDAY, TUESDAY) | {"tage-0-id": foreign.pk})

    foreign.refresh_from_db()
    assert foreign.date == WEDNESDAY


@pytest.mark.parametrize(
    "nonsense",
    [{}, {"tage-TOTAL_FORMS": "x"}, {"tage-TOTAL_FORMS": "99999", "tage-INITIAL_FORMS": "0", "venue": "1"}],
)
def test_session_edit_survives_nonsense(client, organiser, session, nonsense):
    client.force_login(organiser)

    response = client.post(edit_url(session), nonsense)

    assert response.status_code == 200
    assert dates_of(session) == [MONDAY, TUESDAY]


def test_session_edit_keeps_a_trainer_who_is_no_longer_active(client, organiser, session):
    former = factories.staff(roles.TRAINER, email="frueher@stadt.example", is_active=False)
    session.trainers.add(former)
    client.force_login(organiser)

    client.post(edit_url(session), rows(session, MONDAY, TUESDAY) | {"trainers": [former.pk]})

    assert list(session.trainers.all()) == [former]


def test_session_edit_forbidden_for_its_trainer(client, trainer, session):
    session.trainers.add(trainer)
    client.force_login(trainer)

    assert client.post(edit_url(session), rows(session, MONDAY, WEDNESDAY)).status_code == 403


# Delete


def test_session_delete_asks_first(client, organiser, session):
    client.force_login(organiser)

    page = client.get(delete_url(session)).content.decode()

    assert "Termin löschen?" in page
    assert Session.objects.exists()


def test_session_delete_removes_it_with_its_days(client, organiser, session):
    client.force_login(organiser)

    response = client.post(delete_url(session))

    assert response.url == list_url(session.cohort)
    assert not SessionDay.objects.exists()
    assert AuditEvent.objects.get().action == "SESSION_DELETED"


def test_session_delete_twice_is_not_there_the_second_time(client, organiser, session):
    client.force_login(organiser)
    client.post(delete_url(session))

    assert client.post(delete_url(session)).status_code == 404


def test_session_delete_keeps_one_with_attendance(client, organiser, session):
    registration = factories.RegistrationFactory(
        cohort=session.cohort, tandem__cohort=session.cohort, accepted=True
    )
    factories.attend(registration, session.days.first(), "ABSENT")
    client.force_login(organiser)

    page = client.post(delete_url(session)).content.decode()

    assert "bleibt bestehen" in page
    assert Session.objects.get() == session
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize(("table", "field"), [(Cohort, "announced_at"), (Session, "invited_at")])
def test_session_delete_leads_to_cancelling_what_people_know(client, organiser, session, table, field):
    table.objects.update(**{field: timezone.now()})
    client.force_login(organiser)

    pages = [client.get(delete_url(session)).content.decode(), client.post(delete_url(session)).content.decode()]

    for page in pages:
        assert "steht in Kalendern. Sagen Sie ihn ab" in page
        assert f'href="/termine/{session.pk}/absagen/"' in page
    assert Session.objects.get() == session
    assert delete_url(session) not in client.get(edit_url(session)).content.decode()


def test_session_delete_forbidden_for_readers(client, reader, session):
    client.force_login(reader)

    assert client.post(delete_url(session)).status_code == 403
    assert Session.objects.exists()


# Read


def test_session_detail_shows_its_trainer_the_facts(client, trainer, session):
    session.trainers.add(trainer)
    client.force_login(trainer)

    page = client.get(session.get_absolute_url()).content.decode()

    assert "Mo, 1.\u00a0Februar 2027, " in page
    assert "9:00–16:30" in page
    assert "16\u00a0UE" in page
    assert "Anwesenheit eintragen" in page
    assert "Termin bearbeiten" not in page


def test_session_detail_names_the_audience(client, organiser, cohort):
    module = factories.ModuleFactory(edition=cohort.edition, audiences=[Audience.MANAGER])
    session = factories.SessionFactory(cohort=cohort, module=module)
    client.force_login(organiser)

    page = client.get(session.get_absolute_url()).content.decode()

    assert "Durchgang 2027 · Führungskräfte" in page


def test_session_detail_hides_attendance_from_readers(client, reader, session):
    client.force_login(reader)

    page = client.get(session.get_absolute_url()).content.decode()

    assert "Anwesenheit" not in page


def test_session_detail_of_another_does_not_exist_for_trainers(client, trainer, session):
    factories.SessionFactory(cohort=session.cohort, trainers=[trainer])
    client.force_login(trainer)

    assert client.get(session.get_absolute_url()).status_code == 404


def test_session_detail_forbidden_for_strangers(client, stranger, session):
    client.force_login(stranger)

    assert client.get(session.get_absolute_url()).status_code == 403


@pytest.mark.parametrize("path", ["", "bearbeiten/", "loeschen/"])
def test_session_pages_refuse_other_methods(client, organiser, session, path):
    client.force_login(organiser)

    assert client.put(session.get_absolute_url() + path).status_code == 405


# For whom, and where


def test_session_add_is_for_those_who_have_no_session_to_the_module_yet(client, organiser, cohort, module, venue):
    factories.SessionFactory(cohort=cohort, module=module, audience="MANAGER", days=[WEDNESDAY])
    client.force_login(organiser)

    client.post(add_url(cohort), new(module, venue))

    assert Session.objects.latest("pk").audience == "COORDINATOR"


@pytest.mark.parametrize("audience", ["MANAGER", "BOTH"])
def test_session_add_refuses_a_second_session_for_the_same_people(
    client, organiser, cohort, module, venue, audience
):
    factories.SessionFactory(cohort=cohort, module=module, audience="MANAGER", days=[WEDNESDAY])
    client.force_login(organiser)

    page = client.post(add_url(cohort), new(module, venue, audience=audience)).content.decode()

    assert "Führungskräfte haben zu diesem Modul schon einen Termin." in page
    assert Session.objects.count() == 1


def test_session_add_refuses_people_whom_the_module_is_not_for(client, organiser, cohort, venue):
    module = factories.ModuleFactory(edition=cohort.edition, audiences=[Audience.COORDINATOR])
    client.force_login(organiser)

    page = client.post(add_url(cohort), new(module, venue, audience="MANAGER")).content.decode()

    assert "Das Modul ist nicht für Führungskräfte gedacht." in page


def test_session_add_makes_room_where_one_was_cancelled(client, organiser, cohort, module, venue):
    factories.SessionFactory(cohort=cohort, module=module, cancelled_at=timezone.now())
    client.force_login(organiser)

    client.post(add_url(cohort), new(module, venue))

    assert Session.objects.not_cancelled().count() == 1


def test_session_add_takes_an_online_session_without_a_venue(client, organiser, cohort, module, venue):
    client.force_login(organiser)

    client.post(add_url(cohort), new(module, venue, venue="", online_url="https://sitzung.example/abc"))

    session = Session.objects.get()
    page = client.get(session.get_absolute_url()).content.decode()
    assert session.place == "online"
    assert 'href="https://sitzung.example/abc"' in page


@pytest.mark.parametrize(
    ("online_url", "message"),
    [
        ("", "Es fehlt, wo der Termin stattfindet"),
        ("http://sitzung.example", "die mit https:// beginnt"),
        ("javascript:alert(1)", "Bitte eine gültige Adresse eingeben."),
    ],
)
def test_session_add_needs_a_place_or_a_safe_address(client, organiser, cohort, module, venue, online_url, message):
    client.force_login(organiser)

    page = client.post(add_url(cohort), new(module, venue, venue="", online_url=online_url)).content.decode()

    assert message in page
    assert not Session.objects.exists()


def test_session_edit_leaves_days_and_place_alone_once_people_know_them(client, organiser, trainer, session, venue):
    session.cohort.announced_at = timezone.now()
    session.cohort.save()
    client.force_login(organiser)
    assert "verschieben/" in client.get(edit_url(session)).content.decode()

    data = rows(session, WEDNESDAY, TUESDAY) | {"venue": venue.pk, "trainers": [trainer.pk]}
    client.post(edit_url(session), data)

    session.refresh_from_db()
    assert dates_of(session) == [MONDAY, TUESDAY]
    assert session.venue != venue
    assert list(session.trainers.all()) == [trainer]
