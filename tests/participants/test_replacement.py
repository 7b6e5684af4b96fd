"""Replacing a certificate: what will be different, and which design it gets."""

import copy
import datetime
from dataclasses import replace

import pytest
from django.urls import reverse

from participants.actions.certificates import issue_certificates
from participants.actions.designs import save_design
from participants.imprint import Signatory
from participants.models import Certificate, Registration
from participants.replacement import Difference, content_differences, design_differences
from tests.participants.finished import IMPRINT, attending, finished_cohort
from tests.participants.test_certificate_layout import content_of

# What is not printed as a word of its own, or is told by the design.
NOT_COMPARED = {"version", "kind", "heading", "imprint", "issued_on", "is_demo", "format", "first_on"}


def person(kind="QUALIFICATION"):
    return content_of(IMPRINT, kind, "Anna Berg")


def changed(content, **values):
    return copy.deepcopy(content) | values


def test_the_same_has_no_difference():
    for kind in ("ATTENDANCE", "REDUCED", "QUALIFICATION", "MUNICIPALITY"):
        assert content_differences(person(kind), person(kind)) == []


def test_row_says_what_was_and_what_will_be():
    old, new = person(), changed(person(), name="Anna Berg-Meyer", attended_minutes=1395, project=None)

    assert content_differences(old, new) == [
        Difference("Name", "Anna Berg", "Anna Berg-Meyer"),
        Difference(
            "Besuchte Zeit",
            "32\N{NO-BREAK SPACE}UE von 32\N{NO-BREAK SPACE}UE",
            "31\N{NO-BREAK SPACE}UE von 32\N{NO-BREAK SPACE}UE",
        ),
        Difference(
            "Praxisprojekt",
            "„Ein Netz für frühe Hilfen“, 2\N{NO-BREAK SPACE}UE, am 1.\N{NO-BREAK SPACE}Juli 2018",
            "–",
        ),
    ]


def test_of_a_list_only_what_comes_and_goes_is_told():
    old, new = person(), person()
    new["days"] = new["days"][1:]
    new["modules"][0]["goals"].append("Sie beraten")

    assert content_differences(old, new) == [
        Difference("Termine", "1.\N{NO-BREAK SPACE}Februar 2018", "–"),
        Difference("Lernziele", "–", "Sie beraten"),
    ]


def test_another_order_is_a_difference():
    old, new = person(), person()
    new["modules"].reverse()

    assert "Module" in [row.label for row in content_differences(old, new)]


def other(value):
    """Something of the same kind, yet not the same."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 45
    if isinstance(value, str):
        try:
            return (datetime.date.fromisoformat(value) + datetime.timedelta(days=40)).isoformat()
        except ValueError:
            return f"{value} anders"
    if isinstance(value, dict):
        return None
    return value[1:]


@pytest.mark.parametrize("kind", ["QUALIFICATION", "MUNICIPALITY"])
def test_no_change_of_what_is_printed_goes_unseen(kind):
    old = person(kind)

    unseen = [
        key
        for key, value in old.items()
        if key not in NOT_COMPARED and content_differences(old, changed(old, **{key: other(value)})) == []
    ]

    assert unseen == []


def test_design_is_compared_in_words_and_pictures():
    signed = replace(IMPRINT, signatories=(replace(IMPRINT.signatories[0], signature="a" * 64),))
    anew = replace(IMPRINT, signatories=(replace(IMPRINT.signatories[0], signature="b" * 64),))

    assert design_differences(IMPRINT, IMPRINT) == []
    assert design_differences(IMPRINT, replace(IMPRINT, layout="LANDSCAPE", issuer="Neu")) == [
        Difference("Format", "Hochformat", "Querformat"),
        Difference("Veranstalter", "Institut für Netzwerkarbeit", "Neu"),
    ]
    assert [row.label for row in design_differences(IMPRINT, signed)] == ["Unterschriften"]
    assert design_differences(signed, anew) == [
        Difference("Unterschrift von Dr. Anna Beispiel", "bisheriges Bild", "neues Bild")
    ]


# The page


@pytest.fixture
def certificate(db, organiser):
    attending(finished_cohort(), given_names="Anna", family_name="Berg")
    cohort = Registration.objects.get().cohort
    save_design(cohort=cohort, imprint=IMPRINT, pictures=[], by=organiser)
    (certificate,) = issue_certificates(cohort=cohort, by=organiser)
    return certificate


def page_of(response):
    return response.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ")


def replace_url(certificate):
    return reverse("participants:certificate_replace", args=[certificate.pk])


def test_page_says_that_nothing_is_different(client, organiser, certificate):
    client.force_login(organiser)

    page = page_of(client.get(replace_url(certificate)))

    assert "Nichts: Was heute eingetragen ist, steht schon so auf der alten." in page
    assert "Die Gestaltung ist heute eine andere" not in page


def test_page_shows_row_by_row_what_will_be_different(client, organiser, certificate):
    Registration.objects.update(family_name="Berg-Meyer")
    client.force_login(organiser)

    page = page_of(client.get(replace_url(certificate)))

    assert (
        '<th scope="row">Name</th><td class="cell-long">Anna Berg</td><td class="cell-long">Anna Berg-Meyer</td>'
        in page
    )
    assert '<th scope="row">Kommune' not in page


@pytest.mark.parametrize(
    ("choice", "name"), [({}, "Neu"), ({"design": "today"}, "Neu"), ({"design": "then"}, IMPRINT.issuer)]
)
def test_organiser_chooses_between_two_designs(client, organiser, certificate, choice, name):
    people = (Signatory("Jens Petersen", "Vorstand"),)
    save_design(
        cohort=certificate.cohort,
        imprint=replace(IMPRINT, issuer="Neu", signatories=people),
        pictures=[],
        by=organiser,
    )
    client.force_login(organiser)

    page = page_of(client.get(replace_url(certificate)))
    sent = {"design": "today"} | choice | {"replacement_reason": "Veranstalter falsch"}
    client.post(replace_url(certificate), sent)

    assert "Die Gestaltung ist heute eine andere" in page
    for people in ("Dr. Anna Beispiel, Leitung der Fortbildung", "Jens Petersen, Vorstand"):
        assert f'<td class="cell-long">{people}</td>' in page
    assert Certificate.objects.get(replaces=certificate).content["imprint"]["issuer"] == name


def test_page_says_why_there_can_be_none(client, organiser, certificate):
    certificate.registration.attendances.all().delete()
    client.force_login(organiser)

    response = client.get(replace_url(certificate))

    assert "Nach dem, was heute eingetragen ist" in page_of(response)
