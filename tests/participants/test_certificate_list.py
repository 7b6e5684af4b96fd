"""The organiser's list of certificates: what it counts, what it asks for first, and what its filters find."""

import re

import pytest
from django.urls import reverse

from participants.actions.certificates import issue_certificates, revoke_certificate
from participants.models import PaperTrouble
from tests.participants.finished import (
    achieve,
    attending,
    attending_tandem,
    certificate_for,
    finished_cohort,
    make_up,
    waiting_certificate,
    with_time_limit,
)


@pytest.fixture
def cohort(db):
    return finished_cohort()


@pytest.fixture
def page_of(client, organiser):
    client.force_login(organiser)

    def get(cohort, **query):
        response = client.get(reverse("participants:certificate_list", args=[cohort.pk]), query)
        return response.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ")

    return get


def holders(page):
    return re.findall(r'<th scope="row">([^<]+?)\s*<br>', page)


def completed(cohort, by):
    """Somebody with a reduced certificate who has made up the rest since."""
    person = attending(with_time_limit(cohort), given_names="Kim", family_name="Fleißig")
    person.attendances.filter(day=person.attendances.first().day).update(presence="ABSENT")
    certificate_for(person, by)
    make_up(person, minutes=360)
    return person


def test_people_are_counted_and_not_their_certificates(page_of, organiser):
    cohort = finished_cohort(grants_certificate=True)
    person = attending(cohort)
    for kind in ("PROJECT", "COLLOQUIUM"):
        achieve(person, kind)
    for kind in ("ATTENDANCE", "QUALIFICATION"):
        certificate_for(person, organiser, kind)

    assert "1 von 1 erfüllen die Regel (80 % Anwesenheit), 1 hat eine Bescheinigung." in page_of(cohort)


def test_a_paper_that_failed_is_not_said_to_be_on_its_way(page_of, organiser, cohort):
    waiting = waiting_certificate(attending(cohort), organiser)
    before = page_of(cohort)
    PaperTrouble.objects.create(certificate=waiting, sentence="Der Datenträger war voll.")
    after = page_of(cohort)

    assert "Ein PDF wird noch erstellt." in before
    assert ">PDF wird erstellt<" in before
    assert "wird noch erstellt" not in after
    assert "PDF wird erstellt" not in after
    assert "Ein PDF konnte nicht erstellt werden." in after
    assert holders(page_of(cohort, state="trouble")) == [waiting.registration.sort_name]


def test_names_that_cannot_be_printed_are_counted_and_lead_to_where_they_are_mended(page_of):
    cohort = finished_cohort(grants_certificate=True)
    people = [attending(cohort, given_names=name, family_name="Kim") for name in ("李", "雷")]
    for kind in ("PROJECT", "COLLOQUIUM"):
        achieve(people[0], kind)  # entitled to both kinds, and still one name

    page = page_of(cohort)

    notice = page.split("2 Namen können nicht gedruckt werden.")[1].split("</p>")[0]
    for person in people:
        assert f'<a href="{reverse("participants:registration_edit", args=[person.pk])}">' in notice
    assert notice.count("<a ") == 2


def test_what_has_become_full_is_counted_on_the_list_and_on_the_start_page(page_of, client, organiser, cohort):
    person = completed(cohort, organiser)
    attending(cohort)
    address = f"{reverse('participants:certificate_list', args=[cohort.pk])}?state=completed"

    page = page_of(cohort)
    start = client.get("/").content.decode()

    assert "Eine Bescheinigung ist nur für die besuchte Zeit ausgestellt; inzwischen ist die Regel erfüllt." in page
    assert f'href="{address}"' in page
    assert "1 Bescheinigung ist jetzt vollständig und zu ersetzen" in start
    assert f'href="{address}"' in start
    assert holders(page_of(cohort, state="completed")) == [person.sort_name]


@pytest.mark.parametrize("text", ["müller", "Mueller", "muller kim", "castrop"])
def test_text_finds_names_and_municipalities(page_of, cohort, text):
    attending(cohort, given_names="Kim", family_name="Müller", tandem__municipality__name="Castrop-Rauxel")
    attending(cohort, given_names="Kim", family_name="Zorn")

    assert set(holders(page_of(cohort, text=text))) >= {"Müller, Kim"}
    assert "Zorn, Kim" not in page_of(cohort, text=text)


def test_states_find_who_has_one_who_can_and_who_gets_nothing(page_of, organiser, cohort):
    has, _, nothing = (attending(cohort, given_names="Kim", family_name=name) for name in "ABC")
    certificate_for(has, organiser)
    nothing.attendances.update(presence="ABSENT")

    found = {state: holders(page_of(cohort, state=state)) for state in ("issued", "available", "nothing", "", "9'")}

    assert found["issued"] == ["A, Kim"]
    assert found["available"] == ["B, Kim"]
    assert "C, Kim" in found["nothing"]
    assert {"A, Kim", "B, Kim", "C, Kim"} <= set(found[""])
    assert found["9'"] == found[""]


def test_filter_holds_for_the_municipalities_too(page_of, cohort):
    attending_tandem(cohort, "Herne")
    attending_tandem(cohort, "Bochum")

    page = page_of(cohort, text="Bochum")

    assert "Urkunden für die Kommunen (1)" in page
    assert "Herne" not in page


def test_who_has_left_is_found_by_name(page_of, organiser, cohort):
    left = attending(cohort, given_names="Kim", family_name="Fort")
    certificate_for(left, organiser)
    left.tandem.selection = "DECLINED"
    left.tandem.save()

    assert "Ausgeschiedenen" in page_of(cohort, text="fort")
    assert "Ausgeschiedenen" not in page_of(cohort, text="zorn")


def test_filter_that_nobody_fits_says_so(page_of, cohort):
    attending(cohort)

    page = page_of(cohort, text="niemand")

    assert "Auf diesen Filter passt niemand." in page
    assert "Alle zeigen" in page


def test_many_people_are_shown_page_by_page(page_of, cohort, monkeypatch):
    monkeypatch.setattr("participants.views.certificates.PAGE_SIZE", 2)
    for name in "ABC":
        attending(cohort, given_names="Kim", family_name=name)

    first, second = page_of(cohort, text="kim"), page_of(cohort, text="kim", seite=2)

    assert [name for name in holders(first) if name.endswith("Kim")] == ["A, Kim", "B, Kim"]
    assert [name for name in holders(second) if name.endswith("Kim")] == ["C, Kim"]
    assert "3 Personen mit diesem Filter" in first
    assert "text=kim" in first.split("Nächste Seite")[0][-200:]


def test_revoked_one_counts_no_person_as_having_one(page_of, organiser, cohort):
    attending(cohort)
    (certificate,) = issue_certificates(cohort=cohort, by=organiser)
    revoke_certificate(certificate=certificate, reason="Irrtum", by=organiser)

    assert "0 haben eine Bescheinigung." in page_of(cohort)
