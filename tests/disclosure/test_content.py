"""What is told, to whom, and that nothing of anybody else is."""

import json

import pytest
from django.utils import timezone

from netzkoord.actions.disclosure import make_disclosure
from netzkoord.disclosure import disclosure_of
from netzkoord.disclosure.portable import disclosure_file
from netzkoord.models import AuditAction, AuditEvent
from participants.models import Certificate
from tests import factories
from tests.disclosure import people
from tests.disclosure.people import FOREIGN
from tests.evaluation import scenes


@pytest.fixture(scope="module")
def world(module_db):
    return people.everything()


def tables_of(person):
    """Key of the table → its rows, each a dictionary, as the file has them."""
    content = json.loads(disclosure_file(disclosure_of(person)))
    return {table["key"]: table["rows"] for section in content["sections"] for table in section["tables"]}


def test_registration_is_told_with_all_fields_and_the_partner_by_name_and_role_only(world, db):
    (row,) = tables_of(world.vera)["registrations"]

    assert row["cohort"] == "Durchgang 2026"
    assert row["role"] == "Führungskraft"
    assert row["organisation"] == "Jugendamt"
    assert row["phone"] == "02841 1"
    assert row["partner"] == "Paul Partner (Koordinierungskraft)"


def test_file_holds_a_certificate_as_it_is_stored(world, db):
    (row,) = tables_of(world.vera)["certificates"]

    assert row["content"] == Certificate.objects.get(person=world.vera).content


def test_partner_is_not_told_to_who_has_left(world, db):
    world.half.withdrawn_at = timezone.now()
    world.half.save()

    (row,) = tables_of(world.vera)["registrations"]

    assert row["partner"] == ""
    assert "Partner" not in row["counts_for"]


def test_nothing_of_anybody_else_is_told(world, db):
    """Their word stands in every table beside hers."""
    text = disclosure_file(disclosure_of(world.vera)).decode()

    assert "Vera" in text
    assert FOREIGN not in text
    assert "fremd@stadt.example" not in text
    assert "paul@stadt.example" not in text
    assert "Handelnde" not in text
    assert "geheim-" not in text
    assert world.half.person.calendar_feed.key not in text


def test_what_happened_in_the_tandem_before_somebody_came_is_not_told(world, db):
    tables = tables_of(world.vera)

    assert [row["reason"] for row in tables["decisions"]] == ["Platz "]
    assert {row["text"] for row in tables["notes"]} == {"Rief wegen der Anreise an. ", "Kommt später."}
    assert [row["reason"] for row in tables["offers"]] == ["Grund "]


def test_note_about_one_of_two_is_told_to_that_one_only(world, db):
    told = {row["text"] for row in tables_of(world.paul)["notes"]}

    assert told == {"Rief wegen der Anreise an. ", FOREIGN}


def test_note_about_somebody_is_told_after_they_have_left(world, db):
    world.half.withdrawn_at = timezone.now()
    world.half.save()
    world.tandem.notes.create(about=world.half, text="Sagte wegen der Wahl ab.")
    world.tandem.notes.create(text="Sucht nun jemanden.")

    told = {row["text"] for row in tables_of(world.vera)["notes"]}

    assert "Sagte wegen der Wahl ab." in told
    assert "Sucht nun jemanden." not in told


def test_whether_the_partner_has_released_or_agreed_is_not_told(world, db):
    tables = tables_of(world.vera)

    assert [row["partner"] for row in tables["mirror_releases"]] == ["Paul Partner"]
    assert tables["proposals"] == [
        {"made_at": tables["proposals"][0]["made_at"], "is_same_municipality": True, "agreed": True}
    ]


def test_what_is_known_by_the_address_alone_is_told_without_its_content(world, db):
    tables = tables_of(world.vera)

    assert [row["email"] for row in tables["unconfirmed"]] == ["vera@stadt.example"]
    assert [row["municipality"] for row in tables["partner_invitations"]] == ["Unna"]
    assert [row["position"] for row in tables["approvals_asked"]] == ["Leiterin"]


def test_an_address_that_is_another_persons_too_leads_to_nothing(world, db):
    """Whatever stands in a registration: mails to somebody else's address are theirs."""
    factories.RegistrationFactory(person=world.vera, email=world.other.email, tandem__cohort__title="Anderer")

    tables = tables_of(world.vera)

    assert [row["subject"] for row in tables["mails"] if "Zusage" in row["subject"]] == ["Zusage"]


def test_personal_answers_are_told_and_anonymous_ones_only_as_given(world, db):
    survey = scenes.open_end_survey(world.cohort)
    invitation = survey.invitations.create(registration=world.half)
    question = scenes.question(survey, "TEXT")
    scenes.send(invitation, {question.pk: "Das soll niemand wissen."})

    tables = tables_of(world.vera)

    assert [row["answer"] for row in tables["personal_answers"]] == ["Weniger Sitzungen. "]
    answered = {row["survey"]: (row["is_anonymous"], row["is_answered"]) for row in tables["surveys"]}
    assert answered == {
        "Bedarfserhebung: Durchgang 2026": (False, True),
        "Abschlusserhebung: Durchgang 2026": (True, True),
    }
    assert "Das soll niemand wissen." not in disclosure_file(disclosure_of(world.vera)).decode()


def test_links_and_codes_of_mails_are_not_told(world, db):
    (mail,) = [row for row in tables_of(world.vera)["mails"] if row["subject"] == "Zusage"]

    assert mail["message"] == "Sie haben einen Platz."
    assert mail["to"] == "vera@stadt.example"


def test_attendance_is_told_with_its_note_and_by_whom_without_a_name(world, db):
    rows = tables_of(world.vera)["attendance"]

    assert {row["note"] for row in rows} == {"", "beim Arzt "}
    assert {row["changed_by"] for row in rows} == {"", "die Organisation"}
    assert {row["day"] for row in rows} == {"2026-11-01"}


def test_log_tells_who_acted_as_oneself_or_another(world, db):
    AuditEvent.objects.create(
        action=AuditAction.ADDRESS_CHANGED,
        by_id=world.vera.pk,
        target_type="participants.registration",
        target_id=str(world.half.pk),
    )

    rows = [(row["action"], row["by"], row["about"]) for row in tables_of(world.vera)["log"]]

    assert ("E-Mail-Adresse geändert", "Sie", "Anmeldung") in rows
    assert ("Angaben zur Person geändert", "eine andere Person", "Anmeldung") in rows


def test_deeds_are_told_without_whom_they_were_about(world, db):
    rows = tables_of(world.organiser)["deeds"]

    assert {row["deed"] for row in rows} >= {"Notiz geschrieben", "Bescheinigung ausgestellt"}
    assert {tuple(row) for row in rows} == {("deed", "at")}


def test_disclosure_by_organisers_stands_in_the_log_of_the_person_once(world, db):
    make_disclosure(person=world.vera, by=world.organiser)
    make_disclosure(person=world.vera, by=world.organiser)

    rows = [row for row in tables_of(world.vera)["log"] if row["action"] == "Auskunft über eine Person erstellt"]

    assert [(row["by"], row["about"]) for row in rows] == [("eine andere Person", "Person")]


def test_person_without_anything_gets_an_information_all_the_same(db):
    disclosure = disclosure_of(factories.UserFactory())

    assert [section.key for section in disclosure.sections if section.count] == ["account"]


@pytest.mark.parametrize("count", [1, 3])
def test_disclosure_query_count(db, django_assert_num_queries, count):
    """As many for one registration as for three."""
    person = factories.UserFactory()
    for _ in range(count):
        half = factories.RegistrationFactory(person=person, tandem__selection="ACCEPTED")
        half.tandem.notes.create(text="Notiz")
        half.tandem.status_changes.create(from_selection="OPEN", to_selection="ACCEPTED")
        factories.attend(half, factories.SessionFactory(cohort=half.cohort).days.get())
        half.consents.create(purpose="PHOTO", version=1, text="Ja")

    with django_assert_num_queries(67):
        disclosure_of(person)
