"""Project, colloquium and time that was made up: recorded for many at once or one by one, corrected, removed."""

import datetime
import re

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from curriculum.models import Cohort
from netzkoord.models import AuditEvent
from participants.actions.achievements import record_for_many
from participants.models import Achievement, AchievementKind, Certificate, CertificateKind, MadeUpTime
from tests.factories import CohortFactory, RegistrationFactory
from tests.participants.finished import (
    achieve,
    attending,
    certificate_for,
    finished_cohort,
    make_up,
    with_time_limit,
)
from tests.rewriting import rewrite

TODAY = datetime.date(2026, 11, 2)


@pytest.fixture
def cohort(db):
    return with_time_limit(finished_cohort())


@pytest.fixture
def person(cohort):
    return attending(cohort, "ABSENT", given_names="Ayşe", family_name="Yıldırım")


@pytest.fixture
def signed_in(client, organiser):
    client.force_login(organiser)
    return client


def list_url(cohort):
    return reverse("participants:achievement_list", args=[cohort.pk])


def edit_url(person, slug="praxisprojekt"):
    return reverse("participants:achievement_edit", args=[person.pk, slug])


def many(client, cohort, **data):
    url = reverse("participants:achievement_add_many", args=[cohort.pk])
    return client.post(url, {"kind": "COLLOQUIUM", "completed_on": TODAY.isoformat()} | data, follow=True)


def made_up(client, person, **data):
    url = reverse("participants:made_up_add", args=[person.pk])
    fields = {"minutes": "2", "made_up_on": TODAY.isoformat(), "how": "Aufgabe mit Rückmeldung"}
    return client.post(url, fields | data, follow=True)


def text_of(response):
    text = response.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ")
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def actions():
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


# The list


def test_achievement_list_shows_everyone_with_what_is_recorded(signed_in, cohort, person):
    achieve(person, "PROJECT", title="Netzwerk gegen Einsamkeit", units=12, completed_on=datetime.date(2026, 10, 5))
    make_up(person, minutes=90)
    RegistrationFactory(tandem__cohort=cohort, family_name="Wartend")

    page = text_of(signed_in.get(list_url(cohort)))

    assert "„Netzwerk gegen Einsamkeit“ 5. Oktober 2026, 12 UE" in page
    assert "2 UE am 2. November 2026 Aufgabe mit Rückmeldung" in page
    assert "14 UE gefehlt und noch nicht nachgeholt" in page
    assert "Alle ohne Kolloquium auswählen (1)" in page
    assert "Alle ohne Praxisprojekt auswählen" not in page
    assert "Wartend" not in page


def test_achievement_list_says_the_rule(signed_in, cohort, person):
    assert "wer dazu ein Praxisprojekt und ein Kolloquium abschließt, das Zertifikat" in text_of(
        signed_in.get(list_url(cohort))
    )


def test_achievement_list_chooses_those_without_by_a_link(signed_in, cohort, person):
    achieve(attending(cohort))

    page = signed_in.get(list_url(cohort) + "?ohne=kolloquium").content.decode()

    assert re.findall(r'name="people" value="(\d+)" checked', page) == [str(person.pk)]
    assert re.search(r'value="COLLOQUIUM"[^>]*selected', page)


@pytest.mark.parametrize(
    ("rule", "shown"),
    [
        ({"needs_project": False}, ["Kolloquium"]),
        ({"needs_colloquium": False}, ["Praxisprojekt"]),
        ({"grants_certificate": False}, []),
    ],
)
def test_achievement_list_asks_for_what_the_rule_asks_for(signed_in, cohort, person, rule, shown):
    rewrite(cohort, **rule)

    page = signed_in.get(list_url(cohort)).content.decode()

    assert re.findall(r'<th scope="col">(\w+)</th>', page) == ["Name", *shown]
    assert ('name="people"' in page) == bool(shown)


def test_achievement_list_of_an_empty_cohort_says_so(signed_in):
    assert "noch niemand angenommen" in text_of(signed_in.get(list_url(CohortFactory())))


def test_achievement_list_survives_nonsense(signed_in, cohort, person):
    assert signed_in.get(list_url(cohort) + "?ohne=%00quatsch").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_achievement_list_query_count(signed_in, cohort, django_assert_num_queries, count):
    for _ in range(count):
        half = attending(cohort, "ABSENT")
        achieve(half)
        make_up(half)

    with django_assert_num_queries(13):
        page = signed_in.get(list_url(cohort)).content.decode()

    assert page.count('<th scope="row">') == count


# Many at once


def test_many_at_once_are_recorded_and_who_has_it_keeps_it(signed_in, cohort, person, organiser):
    others = [attending(cohort) for _ in range(2)]
    before = achieve(others[0], completed_on=datetime.date(2026, 10, 1))

    page = text_of(many(signed_in, cohort, people=[person.pk, *(half.pk for half in others)]))

    assert (
        "Kolloquium ist bei 2 Personen eingetragen. 1 Person hat es schon; dort bleibt alles, wie es ist." in page
    )
    assert Achievement.objects.get(pk=before.pk).completed_on == datetime.date(2026, 10, 1)
    new = Achievement.objects.get(registration=person)
    assert (new.kind, new.completed_on, new.recorded_by) == ("COLLOQUIUM", TODAY, organiser)
    assert actions() == ["ACHIEVEMENT_RECORDED"] * 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"people": []}, "Bitte wählen Sie mindestens eine Person aus."),
        ({"kind": ""}, "Bitte wählen Sie, was abgeschlossen ist."),
        ({"kind": "TRUNK"}, "TRUNK"),
        ({"completed_on": ""}, "Bitte füllen Sie dieses Feld aus."),
        ({"completed_on": "2026-11-03"}, "Dieser Tag liegt in der Zukunft."),
        ({"completed_on": "1999-01-01"}, "Bitte prüfen Sie das Jahr"),
        ({"completed_on": "gestern"}, "Bitte ein gültiges Datum eingeben."),
        ({"people": ["9" * 30]}, "9999"),
        ({"people": ["x\x00"]}, ""),
    ],
)
def test_nonsense_for_many_gets_a_sentence_and_keeps_what_was_typed(signed_in, cohort, person, change, message):
    response = many(signed_in, cohort, **({"people": [person.pk]} | change))

    assert response.status_code == 200
    assert message in text_of(response)
    assert not Achievement.objects.exists()
    if "people" not in change:
        assert f'name="people" value="{person.pk}" checked' in response.content.decode()


def test_nobody_of_another_cohort_is_recorded(signed_in, cohort, person, organiser):
    stranger = RegistrationFactory(accepted=True)

    many(signed_in, cohort, people=[stranger.pk])
    record_for_many(
        cohort=cohort, keys=[stranger.pk], kind=AchievementKind.COLLOQUIUM, completed_on=TODAY, by=organiser
    )

    assert not Achievement.objects.exists()


# One by one


def test_project_is_recorded_with_title_and_units(signed_in, cohort, person, organiser):
    data = {"title": "Netzwerk gegen Einsamkeit", "completed_on": "2026-10-05", "units": "12"}

    page = text_of(signed_in.post(edit_url(person), data, follow=True))

    assert "Praxisprojekt von Ayşe Yıldırım ist eingetragen." in page
    project = Achievement.objects.get()
    assert (project.kind, project.title, project.units) == ("PROJECT", "Netzwerk gegen Einsamkeit", 12)
    event = AuditEvent.objects.get()
    assert (event.action, event.target_id, event.by_id) == ("ACHIEVEMENT_RECORDED", str(person.pk), organiser.pk)
    assert "Einsamkeit" not in str(event.details)


def test_colloquium_has_a_date_only(signed_in, person):
    page = signed_in.get(edit_url(person, "kolloquium")).content.decode()

    assert 'name="title"' not in page
    assert 'name="units"' not in page
    signed_in.post(edit_url(person, "kolloquium"), {"completed_on": "2026-11-01", "title": "Fremd", "units": "9"})
    assert Achievement.objects.get(kind="COLLOQUIUM").title == ""


def test_achievement_is_corrected_and_logged(signed_in, person):
    achieve(person, "PROJECT", title="Netzwek")

    signed_in.post(edit_url(person), {"title": "Netzwerk", "completed_on": TODAY.isoformat(), "units": ""})

    assert Achievement.objects.get().title == "Netzwerk"
    assert AuditEvent.objects.get().details == {"kind": "PROJECT", "fields": ["title"]}


def test_two_who_correct_the_same_are_told(signed_in, person):
    """The first one's word is not lost unsaid."""
    achieve(person, "PROJECT", title="Alt")
    page = signed_in.get(edit_url(person)).content.decode()
    seen = re.search(r'name="seen" value="([^"]*)"', page)[1].replace("&quot;", '"')
    Achievement.objects.update(title="Von der anderen")

    response = signed_in.post(
        edit_url(person), {"title": "Von mir", "completed_on": TODAY.isoformat(), "units": "", "seen": seen}
    )

    assert "Dort steht jetzt: „Von der anderen“" in text_of(response)
    assert Achievement.objects.get().title == "Von der anderen"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"completed_on": ""}, "Bitte füllen Sie dieses Feld aus."),
        ({"completed_on": "2026-11-03"}, "Dieser Tag liegt in der Zukunft."),
        ({"units": "0"}, "Ein Praxisprojekt hat zwischen 1 und 200 UE."),
        ({"units": "201"}, "Ein Praxisprojekt hat zwischen 1 und 200 UE."),
        ({"units": "viele"}, "Bitte eine ganze Zahl eingeben."),
        ({"units": "9" * 400}, ""),
        ({"title": "李雷"}, "können nicht gedruckt werden"),
        ({"title": "x" * 201}, "200"),
        ({"title": "Netz\u202ewerk"}, ""),
    ],
)
def test_nonsense_about_a_project_gets_a_sentence_and_keeps_what_was_typed(signed_in, person, change, message):
    data = {"title": "Netzwerk", "completed_on": "2026-10-05", "units": "6"} | change

    response = signed_in.post(edit_url(person), data)

    assert response.status_code == 200
    assert message in text_of(response)
    assert not Achievement.objects.exists()
    if "title" not in change:
        assert 'value="Netzwerk"' in response.content.decode()


def test_what_is_achieved_after_the_time_limit_does_not_count(signed_in, cohort, person):
    """Without a limit the last session is the last day."""
    rewrite(cohort, make_up_until=None)

    page = text_of(signed_in.post(edit_url(person, "kolloquium"), {"completed_on": TODAY.isoformat()}))

    assert "Für diesen Durchgang zählt, was bis 1. November 2026 abgeschlossen ist." in page
    assert not Achievement.objects.exists()


def test_what_the_rule_does_not_ask_for_has_no_page(signed_in, cohort, person):
    rewrite(cohort, needs_project=False)

    assert signed_in.get(edit_url(person)).status_code == 404
    assert signed_in.get(edit_url(person, "doktorarbeit")).status_code == 404


def test_achievement_is_removed_and_the_log_says_what_it_was(signed_in, person):
    achieve(person, "PROJECT", title="Netzwerk")

    signed_in.post(reverse("participants:achievement_delete", args=[person.pk, "praxisprojekt"]))

    assert not Achievement.objects.exists()
    event = AuditEvent.objects.get()
    assert (event.action, event.details) == (
        "ACHIEVEMENT_REMOVED",
        {"kind": "PROJECT", "completed_on": TODAY.isoformat()},
    )


def test_certificate_keeps_what_it_said_when_an_achievement_is_corrected(signed_in, cohort, organiser):
    half = attending(cohort)
    achieve(half)
    achieve(half, "PROJECT", title="Alter Titel")
    before = certificate_for(half, organiser, CertificateKind.QUALIFICATION).content

    signed_in.post(edit_url(half), {"title": "Neuer Titel", "completed_on": TODAY.isoformat(), "units": ""})

    assert Achievement.objects.get(kind="PROJECT").title == "Neuer Titel"
    assert Certificate.objects.get().content == before


def test_somebody_who_has_left_has_no_page(signed_in, person):
    person.withdrawn_at = timezone.now()
    person.save()

    assert signed_in.get(edit_url(person)).status_code == 404
    assert made_up(signed_in, person).status_code == 404


# Time that was made up


def test_time_is_recorded_in_units_with_a_comma(signed_in, person, organiser):
    page = text_of(made_up(signed_in, person, minutes="2,5"))

    assert "Bei Ayşe Yıldırım ist eingetragen, was nachgeholt ist." in page
    time = MadeUpTime.objects.get()
    assert (time.minutes, time.made_up_on, time.recorded_by) == (113, TODAY, organiser)
    assert actions() == ["MADE_UP_RECORDED"]


def test_form_shows_again_what_was_stored(signed_in, person):
    """Every whole number of minutes reads as it was stored, and is stored as it reads."""
    time = make_up(person, minutes=359)
    url = reverse("participants:made_up_edit", args=[time.pk])
    shown = re.search(r'name="minutes" value="([^"]*)"', signed_in.get(url).content.decode())[1]

    signed_in.post(url, {"minutes": shown, "made_up_on": TODAY.isoformat(), "how": time.how})

    assert shown == "7,98"
    assert MadeUpTime.objects.get().minutes == 359
    assert not AuditEvent.objects.exists()


def test_all_that_was_missed_can_be_made_up_and_no_more(signed_in, person):
    made_up(signed_in, person, minutes="10")

    page = text_of(made_up(signed_in, person, minutes="6,1", how="Noch etwas"))

    assert "Nachholen lässt sich nur, was gefehlt hat: höchstens 6 UE." in page
    made_up(signed_in, person, minutes="6", how="Noch etwas")
    assert sum(MadeUpTime.objects.values_list("minutes", flat=True)) == 16 * 45


def test_who_missed_nothing_has_nothing_to_make_up(signed_in, cohort):
    half = attending(cohort)

    assert "höchstens 0 UE" in text_of(made_up(signed_in, half, minutes="1"))
    assert not MadeUpTime.objects.exists()


def test_correcting_counts_what_was_there_before(signed_in, person):
    time = make_up(person, minutes=16 * 45)
    url = reverse("participants:made_up_edit", args=[time.pk])

    signed_in.post(url, {"minutes": "16", "made_up_on": TODAY.isoformat(), "how": "Anders"})

    assert MadeUpTime.objects.get().how == "Anders"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"minutes": ""}, "Bitte füllen Sie dieses Feld aus."),
        ({"minutes": "zwei"}, "Bitte geben Sie den Umfang in UE als Zahl an"),
        ({"minutes": "-2"}, "Bitte geben Sie den Umfang in UE als Zahl an"),
        ({"minutes": "0"}, "Bitte geben Sie den Umfang in UE als Zahl an"),
        ({"minutes": "NaN"}, "Bitte geben Sie den Umfang in UE als Zahl an"),
        ({"minutes": "1e999999"}, "Mehr als 400 UE holt niemand nach."),
        ({"minutes": "9" * 500}, "Mehr als 400 UE holt niemand nach."),
        ({"made_up_on": "2026-11-03"}, "Dieser Tag liegt in der Zukunft."),
        ({"made_up_on": "nie"}, "Bitte ein gültiges Datum eingeben."),
        ({"how": ""}, "Bitte füllen Sie dieses Feld aus."),
        ({"how": "x" * 201}, "200"),
    ],
)
def test_nonsense_about_made_up_time_gets_a_sentence(signed_in, person, change, message):
    response = made_up(signed_in, person, **change)

    assert response.status_code == 200
    assert message in text_of(response)
    assert not MadeUpTime.objects.exists()


def test_time_made_up_after_the_limit_does_not_count(signed_in, cohort, person):
    rewrite(cohort, make_up_until=datetime.date(2026, 10, 31), registration_closes_on=datetime.date(2026, 9, 1))

    page = text_of(made_up(signed_in, person))

    assert "Für diesen Durchgang zählt, was bis 31. Oktober 2026 abgeschlossen ist." in page
    assert not MadeUpTime.objects.exists()


def test_without_a_limit_nothing_is_made_up(signed_in, cohort, person):
    rewrite(cohort, make_up_until=None)

    page = text_of(made_up(signed_in, person))

    assert "In diesem Durchgang kann nichts nachgeholt werden." in page
    assert not MadeUpTime.objects.exists()


def test_made_up_time_is_removed(signed_in, person):
    time = make_up(person)

    page = text_of(signed_in.post(reverse("participants:made_up_delete", args=[time.pk]), follow=True))

    assert "Die nachgeholte Zeit von Ayşe Yıldırım ist entfernt." in page
    assert not MadeUpTime.objects.exists()
    assert actions() == ["MADE_UP_REMOVED"]


# What the table itself refuses


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "PROJECT"},
        {"kind": "TRUNK"},
        {"kind": "COLLOQUIUM", "title": "Titel"},
        {"kind": "COLLOQUIUM", "units": 3},
    ],
)
def test_database_refuses(person, fields):
    achieve(person, "PROJECT")

    with pytest.raises(IntegrityError), transaction.atomic():
        achieve(person, **fields)


@pytest.mark.parametrize("units", [0, 201])
def test_database_refuses_units_out_of_range(person, units):
    with pytest.raises(IntegrityError), transaction.atomic():
        achieve(person, "PROJECT", units=units)


def test_database_refuses_made_up_time_of_nothing_and_the_same_twice(person):
    make_up(person)

    for minutes, how in ((0, "Anders"), (90, "Aufgabe mit Rückmeldung"), (18_001, "Anders"), (90, "")):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_up(person, minutes=minutes, how=how)


@pytest.mark.parametrize("day", [datetime.date(1999, 12, 31), datetime.date(2100, 1, 1)])
def test_database_refuses_days_of_another_century(person, day):
    with pytest.raises(IntegrityError), transaction.atomic():
        achieve(person, completed_on=day)
    with pytest.raises(IntegrityError), transaction.atomic():
        MadeUpTime.objects.create(registration=person, minutes=45, made_up_on=day, how="Aufgabe")


BEFORE = "Dieser Tag liegt vor dem ersten Termin des Durchgangs am 31. Oktober 2026. Bitte prüfen Sie das Datum."


def test_a_colloquium_is_not_before_the_first_session(signed_in, cohort, person):
    """A year that was typed wrong would be printed on everybody's Zertifikat."""
    before, first = "2020-01-01", "2026-10-31"

    for response in (
        many(signed_in, cohort, people=[person.pk], completed_on=before),
        signed_in.post(edit_url(person, "kolloquium"), {"completed_on": before}),
        made_up(signed_in, person, made_up_on="2026-10-30"),
    ):
        assert BEFORE in text_of(response)
    assert not Achievement.objects.exists()
    assert not MadeUpTime.objects.exists()

    many(signed_in, cohort, people=[person.pk], completed_on=first)
    assert Achievement.objects.get().completed_on.isoformat() == first


def test_a_project_may_have_been_brought_along(signed_in, person):
    signed_in.post(edit_url(person), {"title": "Netzwerk", "completed_on": "2026-10-01", "units": ""})

    assert Achievement.objects.exists()


# Who may


@pytest.mark.parametrize("who", ["trainer", "reader"])
def test_only_organisers_may(client, cohort, person, who, request):
    client.force_login(request.getfixturevalue(who))

    assert client.get(list_url(cohort)).status_code == 403
    assert many(client, cohort, people=[person.pk]).status_code == 403
    assert client.post(edit_url(person), {"completed_on": TODAY.isoformat()}).status_code == 403
    assert not Achievement.objects.exists()
    assert Cohort.objects.filter(pk=cohort.pk).exists()
