"""The page of the plan: proposed by GET, stored as a whole by POST."""

import datetime
from html.parser import HTMLParser

import pytest
import time_machine
from django import forms
from django.test.html import parse_html
from django.utils.html import format_html

from curriculum.forms.plan_lines import PeopleBoxes
from curriculum.forms.planning import Options, VenueSelect
from curriculum.models import AgendaItem, Audience, Session, SessionDay
from curriculum.queries.planning import in_words
from netzkoord import roles
from netzkoord.models import AuditEvent
from tests import factories

MONDAY = datetime.date(2027, 3, 1)
DAY = datetime.timedelta(days=1)
NBSP = "\u00a0"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC), tick=False):
        yield


def add_modules(cohort, count, minutes=720):
    modules = []
    for number in range(1, count + 1):
        module = factories.ModuleFactory(
            edition=cohort.edition, code=f"K{number}", position=number, audiences=[Audience.COORDINATOR]
        )
        for _ in range(minutes // 360):
            factories.UnitFactory(module=module, minutes=360)
        modules.append(module)
    return modules


@pytest.fixture
def cohort(db):
    cohort = factories.CohortFactory(announced_at=None, title="Durchgang 2027")
    add_modules(cohort, 2)
    return cohort


@pytest.fixture
def venue(db):
    return factories.VenueFactory(name="Lindenhof", state="03")


def url(cohort):
    return f"/durchgaenge/{cohort.pk}/planen/"


def sent(response, **changes):
    """What a browser would send back from this page; `changes` are by module code and field: K1_day_count=3."""
    data = fields_of(response.context["proposal"])
    for form in response.context["plan"].forms:
        data |= fields_of(form)
        for name, value in changes.items():
            code, _, field_name = name.partition("_")
            if code == form.line.module.code:
                data[form.add_prefix(field_name)] = value
    return data


def fields_of(form):
    values = {field.html_name: field.value() for field in form}
    return {name: as_sent(value) for name, value in values.items() if value is not None and value is not False}


def as_sent(value):
    if value is True:
        return "on"
    return f"{value:%H:%M}" if isinstance(value, datetime.time) else value


def proposal(client, cohort, host, **terms):
    return client.get(url(cohort), {"first_on": "2027-03-01", "venue": host.pk} | terms)


def dates_of(session):
    return [day.date.isoformat() for day in session.days.all()]


# Propose


def test_plan_starts_with_one_question(client, organiser, cohort):
    client.force_login(organiser)

    page = client.get(url(cohort)).content.decode()

    assert "wann soll es losgehen?" in page
    assert "Vorschlag für 2\xa0Module" in page.replace("&nbsp;", "\xa0")


def test_plan_proposes_days_and_stores_nothing(client, organiser, cohort, venue):
    client.force_login(organiser)

    response = proposal(client, cohort, venue, weeks_between=4)

    page = response.content.decode()
    assert f"Mo, 1.{NBSP}März 2027 bis Di, 2.{NBSP}März 2027" in page
    # 29 March is Ostermontag
    assert f"Mo, 5.{NBSP}April 2027 bis Di, 6.{NBSP}April 2027" in page
    assert "Das ist ein Vorschlag." in page
    assert not Session.objects.exists()


def test_plan_names_school_holidays_as_a_hint(client, organiser, cohort, venue):
    client.force_login(organiser)

    page = proposal(client, cohort, venue, first_on="2027-03-22", weeks_between=1).content.decode()

    assert "Dann ist in Niedersachsen schulfrei: Oster-/Frühjahrsferien." in page


def test_plan_says_that_school_holidays_are_not_known_yet(client, organiser, cohort, venue):
    client.force_login(organiser)

    page = proposal(client, cohort, venue, first_on="2031-03-03").content.decode()

    assert f"Schulferien sind in Niedersachsen erst bis Mi, 29.{NBSP}August 2029 bekannt" in page


OF_A_VENUE = "Bei „Ohne Land, Hannover“ fehlt das Land."
OF_NO_VENUE = "Ohne Ort und Land sind nur bundesweite Feiertage geprüft"


@pytest.mark.parametrize(
    ("venue_name", "venue_state", "terms", "said"),
    [
        ("Ohne Land", "", {}, [OF_A_VENUE]),
        ("Mit Land", "03", {}, []),
        ("Ohne Land", "", {"state": "03"}, []),
        ("Ohne Land", "", {"venue": ""}, [OF_NO_VENUE]),
        ("Ohne Land", "", {"venue": "", "state": "03"}, []),
    ],
)
def test_plan_says_that_without_a_land_only_common_holidays_count(
    client, organiser, cohort, venue_name, venue_state, terms, said
):
    host = factories.VenueFactory(name=venue_name, city="Hannover", state=venue_state)
    client.force_login(organiser)

    page = proposal(client, cohort, host, **terms).content.decode()

    assert [sentence for sentence in (OF_A_VENUE, OF_NO_VENUE) if sentence in page] == said


def test_plan_says_nothing_of_a_land_while_there_are_no_dates(client, organiser, cohort):
    client.force_login(organiser)

    assert OF_NO_VENUE not in client.get(url(cohort), {"ohne": "vorschlag"}).content.decode()


@pytest.mark.parametrize("path", ["", "vorschlag/"])
def test_plan_keeps_the_chosen_land(client, organiser, cohort, path):
    host = factories.VenueFactory(name="Ohne Land", city="Hannover", state="")
    client.force_login(organiser)
    page = proposal(client, cohort, host, first_on="2027-05-03")

    client.post(url(cohort) + path, sent(page, K1_first_on="2027-05-27") | {"state": "05"})

    later = client.get(url(cohort), {"ohne": "vorschlag"})
    assert later.context["proposal"]["state"].value() == "05"
    assert OF_A_VENUE not in later.content.decode()
    if not path:
        assert f"Do, 27.{NBSP}Mai 2027 ist in Nordrhein-Westfalen ein Feiertag: Fronleichnam." in hints(later)
    client.post(url(cohort), sent(later) | {"state": ""})
    assert client.get(url(cohort), {"ohne": "vorschlag"}).context["proposal"]["state"].value() == ""


def test_plan_proposes_trainers_and_hours(client, organiser, trainer, cohort, venue):
    client.force_login(organiser)

    response = proposal(client, cohort, venue, trainers=trainer.pk, starts_at="10:00", ends_at="14:00")

    form = response.context["plan"].forms[0]
    assert (form["starts_at"].value(), form["day_count"].value()) == (datetime.time(10), 5)
    assert form.chosen_trainers == [trainer]


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"first_on": "0026-03-01"}, "Bitte prüfen Sie das Jahr: Es liegt zwischen 2000 und 2099."),
        ({"first_on": "x"}, "Bitte ein gültiges Datum eingeben."),
        ({"weeks_between": "0"}, "Zwischen zwei Modulen liegt mindestens eine Woche."),
        ({"weeks_between": "400"}, "Zwischen zwei Modulen liegen höchstens 52 Wochen."),
        ({"state": "99"}, "Dieses Land gibt es nicht."),
        ({"venue": "999"}, "Diesen Ort gibt es nicht mehr."),
        ({"starts_at": "16:00", "ends_at": "09:00"}, "Das Ende liegt nicht nach dem Beginn."),
        ({"break_minutes": "600"}, "Die Pausen sind so lang wie der ganze Tag."),
    ],
)
def test_plan_proposal_says_what_is_wrong(client, organiser, cohort, venue, terms, message):
    client.force_login(organiser)

    assert message in proposal(client, cohort, venue, **terms).content.decode()


# Store


def test_plan_stores_all_sessions_at_once(client, organiser, trainer, cohort, venue):
    client.force_login(organiser)
    page = proposal(client, cohort, venue, trainers=trainer.pk)

    response = client.post(url(cohort), sent(page))

    first, second = Session.objects.order_by("pk")
    assert response.url == f"/durchgaenge/{cohort.pk}/termine/"
    assert dates_of(first) == ["2027-03-01", "2027-03-02"]
    assert dates_of(second) == ["2027-04-12", "2027-04-13"]
    assert (first.audience, first.venue, list(first.trainers.all())) == ("COORDINATOR", venue, [trainer])
    event = AuditEvent.objects.get()
    assert (event.action, event.details["created"]) == ("COHORT_CHANGED", [first.pk, second.pk])


def test_plan_sent_twice_stores_once(client, organiser, cohort, venue):
    client.force_login(organiser)
    data = sent(proposal(client, cohort, venue))

    answers = [client.post(url(cohort), data).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert Session.objects.count() == 2
    assert SessionDay.objects.count() == 4
    assert AuditEvent.objects.count() == 1


def test_plan_leaves_a_line_without_a_date(client, organiser, cohort, venue):
    client.force_login(organiser)
    page = proposal(client, cohort, venue)

    client.post(url(cohort), sent(page, K1_first_on=""))

    assert Session.objects.get().module.code == "K2"
    assert "Noch ohne Termin" in client.get(url(cohort)).content.decode()


def test_plan_shows_the_field_for_an_address_where_there_is_one(client, organiser, cohort):
    store_without_place(cohort, "K1")
    store_without_place(cohort, "K2", online_url="https://konferenz.stadt.example/k2")
    client.force_login(organiser)

    page = client.get(url(cohort)).content.decode()

    opened = [part.partition("</summary>")[0] for part in page.split("<details open>")[1:]]
    assert [part.split() for part in opened] == [["<summary>Online<span", 'class="visually-hidden">,', "K2</span>"]]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"K2_first_on": ""}, "Der Plan ist gespeichert. Ohne Termin: K2."),
        ({"K1_first_on": "", "K2_first_on": ""}, "Der Plan war schon so gespeichert. Ohne Termin: K1, K2."),
        ({"K2_venue": ""}, "Der Plan ist gespeichert. Noch ohne Ort: K2."),
        ({"K1_first_on": "", "K2_venue": ""}, "Der Plan ist gespeichert. Ohne Termin: K1. Noch ohne Ort: K2."),
        (
            {"K1_first_on": "", "K2_first_on": "2027-04-10"},
            "Der Plan ist gespeichert. Ohne Termin: K1. "
            "Bitte sehen Sie noch einmal auf K2: Dort steht ein Hinweis.",
        ),
    ],
)
def test_plan_says_after_saving_what_is_still_open(client, organiser, cohort, venue, changes, sentence):
    client.force_login(organiser)

    response = client.post(url(cohort), sent(proposal(client, cohort, venue), **changes), follow=True)

    assert [str(message) for message in response.context["messages"]] == [sentence]


def test_plan_takes_an_online_address_for_a_venue(client, organiser, cohort, venue):
    client.force_login(organiser)
    page = proposal(client, cohort, venue)

    client.post(url(cohort), sent(page, K1_venue="", K1_online_url="https://konferenz.stadt.example/k1"))

    session = Session.objects.get(module__code="K1")
    assert (session.venue, session.online_url) == (None, "https://konferenz.stadt.example/k1")


def test_plan_stores_dates_while_the_place_is_open(client, organiser, cohort, venue):
    client.force_login(organiser)
    page = proposal(client, cohort, venue)

    client.post(url(cohort), sent(page, K1_venue=""))

    session = Session.objects.get(module__code="K1")
    assert dates_of(session) == ["2027-03-01", "2027-03-02"]
    assert (session.place, session.city) == ("Ort noch offen", "Ort noch offen")
    assert "Ort noch offen" in client.get(f"/durchgaenge/{cohort.pk}/termine/").content.decode()


def test_plan_of_a_place_that_another_person_has_taken_back(client, organiser, cohort, session):
    client.force_login(organiser)
    data = sent(client.get(url(cohort)), K1_first_on="2027-03-08")
    Session.objects.update(venue=None)

    assert f"9:00–16:30{NBSP}Uhr, Ort noch offen, Training" in client.post(url(cohort), data).content.decode()


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("K1_ends_at", "08:00", "Das Ende liegt nicht nach dem Beginn."),
        ("K1_first_on", "0026-03-01", "Bitte prüfen Sie das Jahr: Es liegt zwischen 2000 und 2099."),
        ("K1_first_on", "2099-12-31", "Bitte prüfen Sie das Jahr: Es liegt zwischen 2000 und 2099."),
        ("K1_first_on", "gestern", "Bitte ein gültiges Datum eingeben."),
        ("K1_day_count", "400", "Ein Termin dauert höchstens 14 Tage."),
        ("K1_day_count", "0", "Ein Termin hat mindestens einen Tag."),
        ("K1_day_count", "", "Ein Termin mit einem Tag braucht auch diese Angabe."),
        ("K1_starts_at", "", "Ein Termin mit einem Tag braucht auch diese Angabe."),
        ("K1_break_minutes", "700", "Die Pausen sind so lang wie der ganze Tag."),
        ("K1_break_minutes", "-1", "Pausen dauern 0 Minuten oder länger."),
        ("K1_venue", "999999999999999999999999", "Diesen Ort gibt es nicht mehr."),
        ("K1_online_url", "javascript:alert(1)", "Das ist keine Adresse im Netz."),
        ("K1_audience", "MANAGER", "Für diese Zielgruppe ist das Modul nicht gedacht."),
        ("K1_trainers", ["99999999999999999999"], "Eine dieser Personen kann nicht trainieren"),
    ],
)
def test_plan_with_one_error_stores_nothing_and_keeps_what_was_typed(
    client, organiser, cohort, venue, field, value, message
):
    client.force_login(organiser)
    data = sent(proposal(client, cohort, venue), K2_break_minutes="77", **{field: value})

    page = client.post(url(cohort), data).content.decode()

    assert message in page
    assert 'value="77"' in page
    assert "Bitte prüfen Sie Ihre Angaben" in page
    assert not Session.objects.exists()
    assert not AuditEvent.objects.exists()


def test_plan_says_below_the_line_what_is_wrong_and_ties_it_to_the_field(client, organiser, cohort, venue):
    client.force_login(organiser)
    page = proposal(client, cohort, venue)
    form = page.context["plan"].forms[0]
    strangers = {"K1_trainers": ["99"], "K1_day_count": "400"}

    page = client.post(url(cohort), sent(page, **strangers)).content.decode()

    for name, sentence in (
        ("day_count", "Tage: Ein Termin dauert höchstens 14 Tage."),
        ("trainers", "Training: Eine dieser Personen kann nicht trainieren"),
    ):
        target = f"id_{form.add_prefix(name)}_error"
        message = page.partition(f'<div class="invalid-feedback" id="{target}">')[2].partition("</div>")[0]
        assert sentence in message
        assert page.count(f'id="{target}"') == page.count(f'aria-describedby="{target}"') == 1
    assert f'href="#id_{form.add_prefix("trainers")}_0"' in page


STRANGE = '"><script>&'
CHOICES = [("", "noch offen"), ("1", STRANGE), ("2", "zwei"), (STRANGE, "drei")]


@pytest.mark.parametrize("value", ["", "2", STRANGE, "fehlt", None])
def test_drawn_venues_are_those_of_the_framework(value):
    attrs = {"id": "id_x", "aria-invalid": "true", "required": False, "data-word": STRANGE}
    drawn = VenueSelect(choices=Options(CHOICES)).render(f"x{STRANGE}", value, attrs)

    usual = forms.Select(choices=CHOICES).render(f"x{STRANGE}", value, attrs)

    assert parse_html(drawn) == parse_html(usual)


def test_drawn_people_are_those_of_the_framework():
    class Form(forms.Form):
        drawn = forms.MultipleChoiceField(choices=Options(CHOICES), widget=PeopleBoxes)
        usual = forms.MultipleChoiceField(choices=CHOICES, widget=forms.CheckboxSelectMultiple)

    form = Form(initial={"drawn": ["2", STRANGE], "usual": ["2", STRANGE]})

    usual = "".join(
        format_html(
            '<div class="plan-option">{}<label for="{}">{}</label></div>',
            box.tag(),
            box.id_for_label,
            box.choice_label,
        )
        for box in form["usual"]
    )
    assert parse_html(str(form["drawn"]).replace("drawn", "usual")) == parse_html(usual)


def test_plan_refuses_a_trainer_without_rights(client, organiser, stranger, cohort, venue):
    client.force_login(organiser)
    data = sent(proposal(client, cohort, venue), K1_trainers=[str(stranger.pk)])

    page = client.post(url(cohort), data).content.decode()

    assert "Eine dieser Personen kann nicht trainieren" in page
    assert not Session.objects.exists()


def test_plan_keeps_a_trainer_who_teaches_the_session_already(client, organiser, cohort):
    former = factories.staff(roles.TRAINER, email="frueher@stadt.example", is_active=False)
    session = factories.SessionFactory(
        cohort=cohort, module=cohort.edition.modules.first(), days=[MONDAY], trainers=[former]
    )
    client.force_login(organiser)

    client.post(url(cohort), sent(client.get(url(cohort)), K1_break_minutes="60"))

    assert list(session.trainers.all()) == [former]
    assert session.days.get().break_minutes == 60


@pytest.mark.parametrize(
    "nonsense", [{}, {"m1-0-first_on": "x", "m999-0-first_on": "2027-01-01"}, {"first_on": []}]
)
def test_plan_survives_nonsense(client, organiser, cohort, nonsense):
    client.force_login(organiser)

    assert client.post(url(cohort), nonsense).status_code in (200, 302)
    assert not Session.objects.exists()


def test_plan_ignores_modules_of_other_editions(client, organiser, cohort, venue):
    foreign = factories.ModuleFactory()
    client.force_login(organiser)
    data = sent(proposal(client, cohort, venue))
    data |= {name.replace(name.split("-")[0], f"m{foreign.pk}"): value for name, value in data.items()}

    client.post(url(cohort), data)

    assert not Session.objects.filter(module=foreign).exists()


# Change


@pytest.fixture
def session(cohort, venue):
    module = cohort.edition.modules.get(code="K1")
    return factories.SessionFactory(cohort=cohort, module=module, venue=venue, days=[MONDAY, MONDAY + DAY])


def test_plan_moves_days_and_keeps_what_hangs_on_them(client, organiser, cohort, session):
    uids = [day.uid for day in session.days.all()]
    item = AgendaItem.objects.create(
        day=session.days.first(), position=1, kind="OTHER", title="Begrüßung", minutes=15
    )
    client.force_login(organiser)

    client.post(url(cohort), sent(client.get(url(cohort)), K1_first_on="2027-03-02", K1_day_count=3))

    session.refresh_from_db()
    assert dates_of(session) == ["2027-03-02", "2027-03-03", "2027-03-04"]
    assert [day.uid for day in session.days.all()][:2] == uids
    item.refresh_from_db()
    assert item.day.date == datetime.date(2027, 3, 2)
    assert session.sequence == 1


def test_plan_keeps_the_calendar_as_it_is_when_only_trainers_change(client, organiser, trainer, cohort, session):
    client.force_login(organiser)

    client.post(url(cohort), sent(client.get(url(cohort)), K1_trainers=[str(trainer.pk)]))

    session.refresh_from_db()
    assert list(session.trainers.all()) == [trainer]
    assert session.sequence == 0


def test_plan_without_a_change_leaves_no_trace(client, organiser, cohort, session):
    client.force_login(organiser)

    response = client.post(url(cohort), sent(client.get(url(cohort))), follow=True)

    assert "Der Plan war schon so gespeichert." in response.content.decode()
    assert not AuditEvent.objects.exists()


def test_plan_does_not_drop_a_day_with_a_course(client, organiser, cohort, session):
    AgendaItem.objects.create(day=session.days.last(), position=1, kind="OTHER", title="Abschluss", minutes=15)
    client.force_login(organiser)

    page = client.post(url(cohort), sent(client.get(url(cohort)), K1_day_count=1)).content.decode()

    assert "An einem Tag, der wegfällt, steht schon ein Ablauf." in page
    assert session.days.count() == 2


def test_plan_does_not_delete_a_session_whose_date_is_cleared(client, organiser, cohort, session):
    client.force_login(organiser)

    page = client.post(url(cohort), sent(client.get(url(cohort)), K1_first_on="")).content.decode()

    assert "Diesen Termin gibt es schon." in page
    assert session.days.count() == 2


def test_plan_shows_the_second_person_what_the_first_changed(client, organiser, cohort, session, venue):
    client.force_login(organiser)
    data = sent(client.get(url(cohort)), K1_first_on="2027-03-08")
    session.days.update(break_minutes=60)

    response = client.post(url(cohort), data)

    page = response.content.decode()
    assert "Inzwischen hat jemand anderes diese Zeile gespeichert." in page
    assert 'value="2027-03-08"' in page
    assert dates_of(session) == ["2027-03-01", "2027-03-02"]
    assert client.post(url(cohort), sent(response)).status_code == 302
    assert dates_of(session) == ["2027-03-08", "2027-03-09"]


def test_plan_leaves_alone_what_only_the_other_person_changed(client, organiser, cohort, session):
    client.force_login(organiser)
    data = sent(client.get(url(cohort)))
    session.days.update(break_minutes=60)

    client.post(url(cohort), data)

    assert set(session.days.values_list("break_minutes", flat=True)) == {60}


def test_plan_does_not_flatten_days_of_different_hours(client, organiser, cohort, session):
    session.days.filter(date=MONDAY).update(ends_at=datetime.time(13))
    client.force_login(organiser)

    response = client.get(url(cohort))

    assert [form.line.module.code for form in response.context["plan"].forms] == ["K2"]
    assert "Auf der Seite des Termins bearbeiten" in response.content.decode()


def test_plan_says_that_a_line_became_too_varied_meanwhile(client, organiser, cohort, session):
    client.force_login(organiser)
    data = sent(client.get(url(cohort)), K1_first_on="2027-03-08")
    session.days.filter(date=MONDAY).update(ends_at=datetime.time(13))

    page = client.post(url(cohort), data).content.decode()

    assert "K1 hat inzwischen verschiedene Tage" in page
    assert dates_of(session) == ["2027-03-01", "2027-03-02"]


def test_plan_offers_the_audience_that_has_no_session_yet(client, organiser):
    cohort = factories.CohortFactory(announced_at=None)
    module = factories.ModuleFactory(edition=cohort.edition, code="B")
    factories.SessionFactory(cohort=cohort, module=module, audience="MANAGER", days=[MONDAY])
    client.force_login(organiser)

    forms = client.get(url(cohort)).context["plan"].forms

    assert [(form.line.entry.audience, bool(form.line.session)) for form in forms] == [
        ("MANAGER", True),
        ("COORDINATOR", False),
    ]


def test_plan_refuses_two_sessions_for_the_same_people(client, organiser, venue):
    cohort = factories.CohortFactory(announced_at=None)
    module = factories.ModuleFactory(edition=cohort.edition, code="B")
    factories.SessionFactory(cohort=cohort, module=module, audience="MANAGER", days=[MONDAY], venue=venue)
    client.force_login(organiser)
    data = sent(client.get(url(cohort)))
    prefix = f"m{module.pk}-1-"
    data |= {prefix + "first_on": "2027-04-05", prefix + "audience": "MANAGER", prefix + "venue": venue.pk}

    page = client.post(url(cohort), data).content.decode()

    assert "Für diese Zielgruppe hat das Modul schon einen Termin." in page
    assert Session.objects.count() == 1


def test_plan_swaps_the_audiences_of_two_sessions(client, organiser, venue):
    cohort = factories.CohortFactory(announced_at=None)
    module = factories.ModuleFactory(edition=cohort.edition, code="B")
    sessions = [
        factories.SessionFactory(
            cohort=cohort, module=module, audience=audience, venue=venue, days=[MONDAY + DAY * offset]
        )
        for audience, offset in (("MANAGER", 0), ("COORDINATOR", 1))
    ]
    client.force_login(organiser)
    data = sent(client.get(url(cohort)))
    data |= {f"m{module.pk}-0-audience": "COORDINATOR", f"m{module.pk}-1-audience": "MANAGER"}

    client.post(url(cohort), data)

    for session in sessions:
        session.refresh_from_db()
    assert [session.audience for session in sessions] == ["COORDINATOR", "MANAGER"]


# Propose anew


def anew(client, cohort, data, **box):
    return client.post(url(cohort) + "vorschlag/", data | {"first_on": "2027-09-06", "weeks_between": "2"} | box)


def first_days(response):
    return {form.line.module.code: str(form["first_on"].value()) for form in response.context["plan"].forms}


def test_plan_propose_computes_what_nobody_touched(client, organiser, cohort, venue):
    client.force_login(organiser)

    response = anew(client, cohort, sent(proposal(client, cohort, venue)))

    assert first_days(response) == {"K1": "2027-09-06", "K2": "2027-09-20"}
    assert not Session.objects.exists()


def test_plan_propose_keeps_what_is_ticked(client, organiser, cohort, venue):
    client.force_login(organiser)

    response = anew(client, cohort, sent(proposal(client, cohort, venue), K1_fixed="on"))

    assert first_days(response) == {"K1": "2027-03-01", "K2": "2027-03-15"}
    assert f"K1 bleibt am Mo, 1.{NBSP}März 2027. Die neuen Termine folgen darauf." in response.content.decode()


def test_plan_propose_keeps_what_was_changed_by_hand_and_ticks_it(client, organiser, cohort, venue):
    client.force_login(organiser)

    response = anew(client, cohort, sent(proposal(client, cohort, venue), K1_break_minutes="45"))

    form = response.context["plan"].forms[0]
    assert (form["first_on"].value(), form["break_minutes"].value()) == ("2027-03-01", "45")
    assert form["fixed"].value()
    again = anew(client, cohort, {**sent(response), form.add_prefix("fixed"): ""})
    assert first_days(again)["K1"] == "2027-09-06"


def test_plan_propose_keeps_what_cannot_be_understood(client, organiser, cohort, venue):
    client.force_login(organiser)

    page = anew(client, cohort, sent(proposal(client, cohort, venue), K1_first_on="bald")).content.decode()

    assert 'value="bald"' in page
    assert "Bitte ein gültiges Datum eingeben." in page


def test_plan_propose_without_a_first_day_keeps_everything(client, organiser, cohort, venue):
    client.force_login(organiser)

    response = anew(client, cohort, sent(proposal(client, cohort, venue), K1_break_minutes="45"), first_on="")

    assert first_days(response) == {"K1": "2027-03-01", "K2": "2027-04-12"}
    assert 'value="45"' in response.content.decode()


@pytest.fixture
def stored(cohort, venue, trainer):
    """Two sessions in one house, with one trainer, five weeks apart, from 10 to 15; the second is online, too."""
    for code, monday, online_url in (("K1", MONDAY, ""), ("K2", MONDAY + DAY * 35, "https://k2.stadt.example/")):
        session = factories.SessionFactory(
            cohort=cohort,
            module=cohort.edition.modules.get(code=code),
            venue=venue,
            online_url=online_url,
            trainers=[trainer],
            days=[monday, monday + DAY, monday + DAY * 2],
        )
        session.days.update(starts_at=datetime.time(10), ends_at=datetime.time(15), break_minutes=45)
    return cohort


def unticked(page, **changes):
    return {name: value for name, value in sent(page, **changes).items() if not name.endswith("-fixed")}


def test_plan_starts_the_next_proposal_from_what_is_stored(client, organiser, trainer, stored, venue):
    client.force_login(organiser)

    page = client.get(url(stored))

    box = {field.name: field.value() for field in page.context["proposal"]}
    assert (box["first_on"], box["weeks_between"]) == (MONDAY, 5)
    assert (box["venue"], box["trainers"]) == (str(venue.pk), [str(trainer.pk)])
    assert (box["starts_at"], box["ends_at"], box["break_minutes"]) == (datetime.time(10), datetime.time(15), 45)


def test_plan_propose_computes_only_the_dates_of_what_is_stored(client, organiser, trainer, stored, venue):
    client.force_login(organiser)

    response = anew(client, stored, unticked(client.get(url(stored))))

    assert first_days(response) == {"K1": "2027-09-06", "K2": "2027-09-20"}
    assert "Sie gelten erst, wenn Sie den Plan speichern." in response.content.decode()
    client.post(url(stored), sent(response))
    for session, first_on in zip(Session.objects.order_by("pk"), ("2027-09-06", "2027-09-20"), strict=True):
        assert dates_of(session)[0] == first_on
        assert (session.venue, list(session.trainers.all())) == (venue, [trainer])
        assert (
            list(session.days.values_list("starts_at", "ends_at", "break_minutes"))
            == [(datetime.time(10), datetime.time(15), 45)] * 3
        )
    assert Session.objects.get(module__code="K2").online_url == "https://k2.stadt.example/"


def test_plan_propose_again_recomputes_what_was_recomputed(client, organiser, stored):
    client.force_login(organiser)
    first = anew(client, stored, unticked(client.get(url(stored))))

    second = anew(client, stored, sent(first), first_on="2027-10-04")

    assert first_days(second) == {"K1": "2027-10-04", "K2": "2027-10-18"}


@pytest.mark.parametrize("fixture", ["stored", "cohort"])
def test_plan_propose_takes_from_the_box_what_was_changed_there(client, request, organiser, venue, fixture):
    cohort = request.getfixturevalue(fixture)
    other = factories.VenueFactory(name="Bürgerhaus")
    somebody = factories.staff(roles.TRAINER, email="neu@stadt.example")
    client.force_login(organiser)
    page = client.get(url(cohort)) if fixture == "stored" else proposal(client, cohort, venue)

    response = anew(
        client, cohort, unticked(page), venue=other.pk, trainers=[somebody.pk], starts_at="9:00", ends_at="13:00"
    )

    for form in response.context["plan"].forms:
        entry = form.shown_entry
        assert (entry.venue, entry.trainers) == (other, (somebody,))
        assert (entry.hours.starts_at, entry.hours.ends_at) == (datetime.time(9), datetime.time(13))
        # 720 minutes; with the breaks of 45 or 90 minutes a day has 195 or 150
        assert entry.day_count == {"stored": 4, "cohort": 5}[fixture]


def test_plan_propose_takes_a_change_of_the_box_only_once(client, organiser, stored, venue):
    other = factories.VenueFactory(name="Bürgerhaus")
    client.force_login(organiser)
    moved = anew(client, stored, unticked(client.get(url(stored))), venue=other.pk)
    by_hand = anew(client, stored, sent(moved, K1_venue=str(venue.pk)))

    again = anew(client, stored, unticked(by_hand))

    assert [form.shown_entry.venue for form in again.context["plan"].forms] == [venue, other]


def test_plan_propose_keeps_what_was_typed_into_a_line_without_a_date(client, organiser, trainer, cohort, venue):
    house = factories.VenueFactory(name="Bürgerhaus")
    client.force_login(organiser)
    page = client.get(url(cohort), {"ohne": "vorschlag"})
    data = sent(page, K1_venue=str(house.pk), K1_starts_at="10:00", K2_trainers=[str(trainer.pk)])

    response = anew(client, cohort, data, venue="")

    first, second = (form.shown_entry for form in response.context["plan"].forms)
    assert (first.venue, first.hours.starts_at, first.trainers) == (house, datetime.time(10), ())
    assert (second.venue, second.hours.starts_at, second.trainers) == (None, datetime.time(9), (trainer,))


def test_plan_that_was_refused_remembers_what_the_box_had_shown(client, organiser, stored, venue):
    SessionDay.objects.filter(session__module__code="K2").update(starts_at=datetime.time(11))
    other = factories.VenueFactory(name="Bürgerhaus")
    client.force_login(organiser)
    data = unticked(client.get(url(stored)), K1_day_count="400") | {"venue": other.pk}
    refused = client.post(url(stored), data)

    response = anew(client, stored, sent(refused, K1_day_count="3"))

    entries = [form.shown_entry for form in response.context["plan"].forms]
    assert [(entry.venue, entry.hours.starts_at.hour) for entry in entries] == [(other, 10), (other, 11)]


@pytest.mark.parametrize("shown", ["", "|", "a|b|c|d", "\0", "|" * 9999])
def test_plan_propose_survives_nonsense(client, organiser, stored, shown):
    client.force_login(organiser)

    assert anew(client, stored, unticked(client.get(url(stored))), shown=shown).status_code == 200


def test_plan_propose_says_that_all_is_ticked(client, organiser, stored):
    client.force_login(organiser)

    response = anew(client, stored, sent(client.get(url(stored))))

    page = response.content.decode()
    assert "Alle Termine sind als fest markiert, deshalb ist keiner neu berechnet." in page
    assert "Sie gelten erst" not in page
    assert first_days(response) == {"K1": "2027-03-01", "K2": "2027-04-05"}


@pytest.mark.parametrize(
    ("first_on", "minutes", "sentence"),
    [
        (
            "2027-05-06",
            360,
            "Do, 6. Mai 2027 ist Christi Himmelfahrt, deshalb beginnt der Vorschlag am Do, 13. Mai",
        ),
        (
            "2027-05-05",
            720,
            "Do, 6. Mai 2027 ist Christi Himmelfahrt, deshalb beginnt der Vorschlag am Mi, 12. Mai",
        ),
        ("2027-05-08", 360, "Sa, 8. Mai 2027 liegt am Wochenende, deshalb beginnt der Vorschlag am Mo, 10. Mai"),
        ("2027-05-28", 720, "Sa, 29. Mai 2027 liegt am Wochenende, deshalb beginnt der Vorschlag am Do, 3. Juni"),
        ("2026-12-28", 360, "Mo, 28. Dezember 2026 liegt zwischen den Jahren, deshalb"),
        ("2026-12-24", 360, "Do, 24. Dezember 2026 ist Heiligabend, deshalb"),
        ("2027-06-02", 3600, "Ein Termin von mehr als einer Woche beginnt an einem Montag, deshalb"),
    ],
)
def test_plan_says_why_it_does_not_begin_on_the_wished_day(client, organiser, venue, first_on, minutes, sentence):
    cohort = factories.CohortFactory(announced_at=None)
    add_modules(cohort, 1, minutes=minutes)
    client.force_login(organiser)

    page = proposal(client, cohort, venue, first_on=first_on).content.decode()

    assert sentence.replace("beginnt er", "beginnt der Vorschlag") in page.replace(NBSP, " ")


def test_plan_proposes_around_the_holidays_where_each_session_is_held(client, organiser, stored):
    """Fronleichnam is a holiday in Dortmund, not in Hannover."""
    dortmund = factories.VenueFactory(name="Bürgerhaus", city="Dortmund", state="05")
    Session.objects.filter(module__code="K2").update(venue=dortmund)
    client.force_login(organiser)

    response = anew(client, stored, unticked(client.get(url(stored))), first_on="2027-05-12", weeks_between="2")

    assert first_days(response) == {"K1": "2027-05-12", "K2": "2027-06-02"}


def test_plan_says_that_the_wished_day_is_taken(client, organiser, stored):
    client.force_login(organiser)
    page = client.get(url(stored))
    data = sent(page)
    del data[page.context["plan"].forms[0].add_prefix("fixed")]

    page = anew(client, stored, data, first_on="2027-04-06").content.decode()

    assert "An diesen Tagen ist schon ein anderer Termin, deshalb beginnt der Vorschlag am" in page


def test_plan_begins_on_the_wished_day_without_a_word(client, organiser, cohort, venue):
    client.force_login(organiser)

    assert not proposal(client, cohort, venue).context["notes"]


def test_plan_refuses_a_first_day_that_leads_beyond_the_century(client, organiser, cohort, stored, venue):
    empty = factories.CohortFactory(announced_at=None, edition=cohort.edition)
    client.force_login(organiser)

    first = proposal(client, empty, venue, first_on="2099-12-30")
    again = anew(client, stored, unticked(client.get(url(stored)), K2_break_minutes="44"), first_on="2099-12-30")

    sentence = "Bitte prüfen Sie das Jahr: Der letzte Termin läge nach 2099."
    assert sentence in first.content.decode()
    assert "wann soll es losgehen?" in first.content.decode()
    assert sentence in again.content.decode()
    assert 'value="44"' in again.content.decode()


class Buttons(HTMLParser):
    """Where the buttons of the form that holds the plan lead to, in the order of the page."""

    def __init__(self, page):
        super().__init__()
        self.targets = []
        self.feed(page.partition('<form method="post" action="/durchgaenge/')[2])

    def handle_starttag(self, tag, attrs):
        if tag == "button":
            self.targets.append(dict(attrs).get("formaction", ""))


@pytest.mark.parametrize("step", ["stored", "proposed", "refused"])
def test_plan_proposes_on_enter(client, organiser, stored, step):
    """The browser presses the first button of a form."""
    client.force_login(organiser)
    page = client.get(url(stored))
    if step == "proposed":
        page = anew(client, stored, unticked(page))
    if step == "refused":
        page = client.post(url(stored), sent(page, K1_day_count="400"))

    assert Buttons(page.content.decode()).targets == [url(stored) + "vorschlag/", ""]


@pytest.mark.parametrize("is_wanted", [True, False])
def test_plan_opens_the_box_after_a_proposal(client, organiser, stored, is_wanted):
    client.force_login(organiser)
    page = client.get(url(stored))

    page = anew(client, stored, sent(page)) if is_wanted else page

    assert ('id="vorschlag" open>' in page.content.decode()) is is_wanted


def test_plan_propose_is_post_only(client, organiser, cohort):
    client.force_login(organiser)

    assert client.get(url(cohort) + "vorschlag/").status_code == 405


# Hints


def hints(response, code="K1"):
    row = next(row for row in response.context["rows"] if row.line.module.code == code)
    return [hint.text for hint in row.facts.hints]


def test_plan_names_weekend_and_holiday(client, organiser, cohort, session):
    session.days.all().delete()
    for date in (datetime.date(2027, 3, 26), datetime.date(2027, 3, 27)):
        factories.SessionDayFactory(session=session, date=date)
    client.force_login(organiser)

    found = hints(client.get(url(cohort)))

    assert f"Fr, 26.{NBSP}März 2027 ist in Niedersachsen ein Feiertag: Karfreitag." in found
    assert f"Sa, 27.{NBSP}März 2027 liegt am Wochenende." in found


def test_plan_names_days_that_are_not_after_the_closing_date(client, organiser, cohort, session):
    factories.SessionDayFactory(session=session, date=cohort.registration_closes_on)
    client.force_login(organiser)

    assert any("liegt nicht nach dem Anmeldeschluss" in hint for hint in hints(client.get(url(cohort))))


def test_plan_names_conflicts_with_other_cohorts(client, organiser, trainer, cohort, session, venue):
    session.trainers.add(trainer)
    other = factories.SessionFactory(venue=venue, days=[MONDAY], trainers=[trainer])
    cancelled = factories.SessionFactory(venue=venue, days=[MONDAY], cohort__title="Abgesagt")
    cancelled.cancelled_at = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
    cancelled.save()
    client.force_login(organiser)

    found = hints(client.get(url(cohort)))

    day = f"Mo, 1.{NBSP}März 2027"
    assert found == [
        f"{day}: {trainer.get_full_name()} ist auch bei „{other}“ ({other.cohort}).",
        f"{day}: {venue} ist auch bei „{other}“ ({other.cohort}).",
    ]


def test_plan_names_conflicts_within_the_plan(client, organiser, trainer, cohort, session, venue):
    session.trainers.add(trainer)
    module = cohort.edition.modules.get(code="K2")
    days = [MONDAY + DAY * offset for offset in range(-1, 3)]
    factories.SessionFactory(cohort=cohort, module=module, venue=venue, days=days, trainers=[trainer])
    client.force_login(organiser)

    found = hints(client.get(url(cohort)))

    days = f"Mo, 1.{NBSP}März 2027 und Di, 2.{NBSP}März 2027"
    assert found == [
        f"{days}: Für dieselben Personen ist auch „{module}“.",
        f"{days}: {trainer.get_full_name()} ist auch bei „{module}“.",
        f"{days}: {venue} ist auch bei „{module}“.",
    ]


def test_plan_names_two_audiences_in_one_house_on_one_day(client, organiser, split, venue):
    client.force_login(organiser)

    page = client.get(url(split))

    assert [hint.text for row in page.context["rows"] for hint in row.facts.hints] == [
        f"Mo, 1.{NBSP}März 2027: {venue} ist auch bei „B Haltung (Koordinierungskräfte)“.",
        f"Mo, 1.{NBSP}März 2027: {venue} ist auch bei „B Haltung (Führungskräfte)“.",
    ]


@pytest.fixture
def split(db, venue):
    """One module, for either audience by itself on the same day."""
    cohort = factories.CohortFactory(announced_at=None)
    module = factories.ModuleFactory(edition=cohort.edition, code="B", title="Haltung")
    factories.UnitFactory(module=module, minutes=360)
    for audience in ("MANAGER", "COORDINATOR"):
        factories.SessionFactory(cohort=cohort, module=module, audience=audience, venue=venue, days=[MONDAY])
    return cohort


def test_plan_tells_two_lines_of_a_module_apart(client, organiser, split):
    client.force_login(organiser)

    page = client.get(url(split))

    labels = [form["first_on"].label for form in page.context["plan"].forms]
    assert labels == ["Erster Tag, B (Führungskräfte)", "Erster Tag, B (Koordinierungskräfte)"]
    assert "B Haltung (Koordinierungskräfte)</th>" in page.content.decode()


@pytest.mark.parametrize(
    ("offsets", "words"),
    [
        ([0], "Mo, 1. März 2027"),
        ([0, 1], "Mo, 1. März 2027 und Di, 2. März 2027"),
        ([0, 1, 2], "Mo, 1. März 2027 bis Mi, 3. März 2027"),
        ([0, 1, 4], "Mo, 1. März 2027, Di, 2. März 2027 und Fr, 5. März 2027"),
        ([7, 0, 1, 2], "Mo, 1. März 2027 bis Mi, 3. März 2027 und Mo, 8. März 2027"),
    ],
)
def test_days_in_words(offsets, words):
    assert in_words([MONDAY + DAY * offset for offset in offsets]).replace(NBSP, " ") == words


def test_plan_names_the_deviation(client, organiser, cohort, session):
    session.days.last().delete()
    client.force_login(organiser)

    page = client.get(url(cohort)).content.decode()

    assert f"8{NBSP}UE angesetzt, geplant 16{NBSP}UE" in page
    assert f"8{NBSP}UE (360{NBSP}Minuten) zu wenig" in page


def test_plan_leads_back_to_itself_where_something_speaks_against_a_day(client, organiser, cohort, venue):
    client.force_login(organiser)
    data = sent(proposal(client, cohort, venue), K2_first_on="2027-04-10")

    response = client.post(url(cohort), data, follow=True)

    page = response.content.decode()
    assert response.request["PATH_INFO"] == url(cohort)
    assert "Der Plan ist gespeichert. Bitte sehen Sie noch einmal auf K2" in page
    assert Session.objects.count() == 2


# A place for every session before the cohort is announced


def announce_url(cohort):
    return f"/durchgaenge/{cohort.pk}/ausschreiben/"


def store_without_place(cohort, *codes, online_url=""):
    for code in codes:
        module = cohort.edition.modules.get(code=code)
        factories.SessionFactory(cohort=cohort, module=module, venue=None, online_url=online_url, days=[MONDAY])


@pytest.mark.parametrize(
    ("codes", "sentence"), [(["K2"], "Für K2 fehlt der Ort."), (["K2", "K1"], "Für K1 und K2 fehlt der Ort.")]
)
def test_cohort_announce_demands_a_place(client, organiser, cohort, codes, sentence):
    store_without_place(cohort, *codes)
    client.force_login(organiser)

    page = client.get(announce_url(cohort)).content.decode()
    client.post(announce_url(cohort))

    assert f'{sentence} <a href="{url(cohort)}">Ort wählen</a>' in page
    assert "<dt>Ort</dt><dd>noch keiner</dd>" in page
    cohort.refresh_from_db()
    assert cohort.announced_at is None


def test_cohort_announce_takes_an_online_address_for_a_place(client, organiser, cohort):
    store_without_place(cohort, "K2", online_url="https://konferenz.stadt.example/k2")
    client.force_login(organiser)

    client.post(announce_url(cohort))

    cohort.refresh_from_db()
    assert cohort.announced_at is not None


def test_cohort_announce_asks_for_no_place_of_what_is_cancelled(client, organiser, cohort, session):
    store_without_place(cohort, "K2")
    Session.objects.filter(venue=None).update(cancelled_at=datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC))
    client.force_login(organiser)

    assert "fehlt der Ort" not in client.get(announce_url(cohort)).content.decode()


# Announced, empty, forbidden


def test_plan_of_an_announced_cohort_is_shown_only(client, organiser):
    session = factories.SessionFactory(days=[MONDAY])
    client.force_login(organiser)

    page = client.get(url(session.cohort)).content.decode()

    assert "Der Durchgang ist ausgeschrieben. Jeden Termin verschieben Sie einzeln" in page
    assert "<form" not in page.partition("<main")[2]


def test_plan_of_an_announced_cohort_is_not_stored(client, organiser, cohort, venue):
    client.force_login(organiser)
    data = sent(proposal(client, cohort, venue))
    cohort.announced_at = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
    cohort.save()

    page = client.post(url(cohort), data, follow=True).content.decode()

    assert "Der Plan ist nicht gespeichert" in page
    assert not Session.objects.exists()


def test_plan_without_modules_says_so(client, organiser):
    cohort = factories.CohortFactory(announced_at=None)
    client.force_login(organiser)

    page = client.get(url(cohort), {"ohne": "vorschlag"}).content.decode()

    assert "hat keine Module" in page


# Copied without sessions


def copy(client, source, **changes):
    data = {"title": "Neu", "edition": source.edition_id, "first_on": "2027-06-08"}
    factories.publish(source.edition)
    return client.post(
        f"/durchgaenge/{source.pk}/kopieren/",
        data | {"registration_closes_on": "2027-04-30"} | changes,
        follow=True,
    )


def test_plan_of_a_copy_without_sessions_begins_with_the_week_that_was_typed(client, organiser, cohort):
    client.force_login(organiser)

    response = copy(client, cohort)

    assert [str(message) for message in response.context["messages"]] == [
        "„Neu“ ist angelegt. Termine gab es nicht zu übernehmen."
    ]
    assert "wann soll es losgehen?" in response.content.decode()
    assert 'value="2027-06-08"' in response.content.decode()


def test_plan_of_a_copy_with_sessions_shows_them(client, organiser, stored):
    client.force_login(organiser)

    response = copy(client, stored)

    assert "„Neu“ ist angelegt, mit den Terminen in gleicher Folge." in response.content.decode()
    assert first_days(response) == {"K1": "2027-06-07", "K2": "2027-07-12"}


@pytest.mark.parametrize("fixture", ["trainer", "reader", "stranger"])
def test_plan_forbidden(client, request, cohort, fixture):
    client.force_login(request.getfixturevalue(fixture))

    assert client.get(url(cohort)).status_code == 403
    assert client.post(url(cohort)).status_code == 403
    assert client.post(url(cohort) + "vorschlag/").status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_plan_query_count(client, organiser, trainer, venue, django_assert_num_queries, count):
    cohort = factories.CohortFactory(announced_at=None)
    for number, module in enumerate(add_modules(cohort, count)):
        days = [MONDAY + DAY * 7 * number]
        factories.SessionFactory(cohort=cohort, module=module, venue=venue, days=days, trainers=[trainer])
        factories.SessionFactory(venue=venue, days=days, trainers=[trainer])
    client.force_login(organiser)

    with django_assert_num_queries(16):
        response = client.get(url(cohort))

    assert response.content.decode().count('scope="rowgroup"') == count
