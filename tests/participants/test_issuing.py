"""„Bescheinigungen ausstellen“: what is ticked, in words and by links, and that only what was seen is issued."""

import re
from dataclasses import replace

import pytest
from django.urls import reverse

from participants.actions.certificates import revoke_certificate
from participants.actions.designs import save_design
from participants.models import Certificate, Registration
from tests.factories import UserFactory
from tests.participants.finished import (
    IMPRINT,
    achieve,
    attending,
    certificate_for,
    finished_cohort,
    ticked,
    with_time_limit,
)


@pytest.fixture
def cohort(db):
    cohort = finished_cohort()
    save_design(cohort=cohort, imprint=IMPRINT, pictures=[], by=UserFactory())
    return cohort


@pytest.fixture
def page_of(client, organiser, cohort):
    """The page as an organiser opens it."""
    client.force_login(organiser)

    def get(**query):
        return text_of(client.get(issue_url(cohort), query))

    return get


def issue_url(cohort):
    return reverse("participants:certificate_issue", args=[cohort.pk])


def text_of(response):
    return response.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ")


def sent_from(page):
    """What the browser sends when the button is pressed."""
    claims = re.findall(r'name="claims" value="([^"]+)" checked', page)
    (imprint,) = re.findall(r'name="imprint" value="([^"]+)"', page)
    return {"claims": claims, "imprint": imprint}


def miss(person):
    person.attendances.first().delete()


def test_what_has_changed_since_is_not_issued_and_says_for_whom(client, page_of, cohort):
    changed, same = (
        attending(cohort, given_names="Kim", family_name=name, tandem__municipality__name=name)
        for name in ("Berg", "Zorn")
    )
    data = sent_from(page_of())
    changed.attendances.update(presence="ABSENT")
    changed.attendances.filter(pk=changed.attendances.first().pk).update(presence="PRESENT")

    refused = text_of(client.post(issue_url(cohort), data))

    assert (
        "Seit die Seite geöffnet wurde, hat sich geändert: die Angaben zu Kim Berg. Nichts ist ausgestellt. "
        "Bitte prüfen Sie, was jetzt hier steht, und stellen Sie dann aus." in refused
    )
    assert not Certificate.objects.exists()
    assert ticked(refused) == {f"{changed.pk}-ATTENDANCE", f"{same.pk}-ATTENDANCE"}
    assert refused.count("seitdem geändert") == 1
    assert "nur für die besuchte Zeit" in refused

    client.post(issue_url(cohort), sent_from(refused))

    assert Certificate.objects.count() == 2
    assert Certificate.objects.get(registration=changed).content["is_reduced"]


def test_who_is_not_entitled_any_more_is_named_and_the_others_wait(client, page_of, cohort):
    lost, other = (attending(cohort, given_names="Kim", family_name=name) for name in ("Berg", "Zorn"))
    data = sent_from(page_of())
    lost.attendances.update(presence="ABSENT")

    refused = text_of(client.post(issue_url(cohort), data))

    assert "hat sich geändert: die Angaben zu Kim Berg. Nichts ist ausgestellt." in refused
    assert not Certificate.objects.exists()
    assert ticked(refused) == {f"{other.pk}-ATTENDANCE"}


def test_another_design_than_the_one_seen_is_not_issued(client, page_of, organiser, cohort):
    attending(cohort)
    data = sent_from(page_of())
    save_design(cohort=cohort, imprint=replace(IMPRINT, place="Hannover"), pictures=[], by=organiser)

    refused = text_of(client.post(issue_url(cohort), data))

    assert "hat sich geändert: die Gestaltung. Nichts ist ausgestellt." in refused
    assert not Certificate.objects.exists()


def test_many_that_have_changed_are_counted(client, page_of, cohort):
    people = [attending(cohort, given_names="Kim", family_name=f"Berg {letter}") for letter in "ABCDEFG"]
    data = sent_from(page_of())
    for person in people:
        person.attendances.update(presence="ABSENT")

    refused = text_of(client.post(issue_url(cohort), data))

    assert "Kim Berg A, Kim Berg B, Kim Berg C, Kim Berg D, Kim Berg E und 2 weiteren." in refused


def test_what_a_colleague_has_issued_meanwhile_holds_up_nobody(client, page_of, organiser, cohort):
    first, second = attending(cohort), attending(cohort)
    data = sent_from(page_of())
    certificate_for(first, organiser)

    client.post(issue_url(cohort), data)

    assert sorted(Certificate.objects.values_list("registration_id", flat=True)) == [first.pk, second.pk]


def test_what_was_issued_and_revoked_meanwhile_is_not_issued_unasked(client, page_of, organiser, cohort):
    person = attending(cohort, given_names="Kim", family_name="Berg")
    data = sent_from(page_of())
    revoke_certificate(certificate=certificate_for(person, organiser), reason="Gefälscht", by=organiser)

    refused = text_of(client.post(issue_url(cohort), data))

    assert "hat sich geändert: die Angaben zu Kim Berg. Nichts ist ausgestellt." in refused
    assert not Certificate.objects.valid().exists()


def test_a_form_that_says_nothing_of_what_was_seen_issues_nothing(client, organiser, cohort):
    person = attending(cohort)
    client.force_login(organiser)

    page = text_of(client.post(issue_url(cohort), {"claims": [f"{person.pk}-ATTENDANCE"]}))

    assert "Nichts ist ausgestellt." in page
    assert not Certificate.objects.exists()


def test_who_takes_part_no_more_is_said_and_the_rest_stays_ticked(client, page_of, cohort):
    left, other = attending(cohort), attending(cohort)
    data = sent_from(page_of())
    Registration.objects.filter(pk=left.pk).update(withdrawn_at="2026-11-01T12:00Z")

    refused = text_of(client.post(issue_url(cohort), data))

    assert "Jemand von den Ausgewählten nimmt nicht mehr teil." in refused
    assert ticked(refused) == {f"{other.pk}-ATTENDANCE"}
    assert not Certificate.objects.exists()


def test_proposal_counts_the_reduced_ones(page_of, cohort):
    attending(cohort)
    half = attending(cohort)
    half.attendances.filter(pk=half.attendances.first().pk).update(presence="ABSENT")

    assert "Vorgeschlagen sind 2 × Teilnahmebescheinigung (1 nur für die besuchte Zeit): alles" in page_of()


def test_links_tick_all_none_and_who_has_no_hope_of_more(page_of, client, organiser):
    cohort = with_time_limit(finished_cohort(title="Mit Frist", programme="Zweites", grants_certificate=True))
    hopeful, qualified = attending(cohort), attending(cohort)
    for kind in ("PROJECT", "COLLOQUIUM"):
        achieve(qualified, kind)
    client.force_login(organiser)

    proposed, without, everything, nothing, nonsense = (
        text_of(client.get(issue_url(cohort), {"auswahl": name}))
        for name in ("", "ohne-aussicht", "alle", "keine", "9'")
    )

    proposal = {f"{hopeful.pk}-ATTENDANCE", f"{qualified.pk}-QUALIFICATION"}
    assert ticked(proposed) == ticked(nonsense) == proposal
    assert "Eine Person mit vorgeschlagener Teilnahmebescheinigung kann das Zertifikat noch erreichen" in proposed
    assert ticked(without) == {f"{qualified.pk}-QUALIFICATION"}
    assert ticked(everything) == proposal | {f"{qualified.pk}-ATTENDANCE"}
    assert ticked(nothing) == set()
    for label in ("Vorschlag (2)", "Vorschlag ohne die mit Aussicht auf das Zertifikat (1)", "Alle (3)", "Keine"):
        assert f">{label}</a>" in proposed


def test_links_that_tick_the_same_stand_there_once(page_of, cohort):
    attending(cohort)

    page = page_of()

    assert ">Vorschlag (1)</a>" in page
    assert ">Keine</a>" in page
    assert ">Alle" not in page
    assert "Aussicht" not in page


def test_nothing_proposed_is_not_called_a_proposal(page_of, client, organiser):
    cohort = with_time_limit(finished_cohort(title="Mit Frist", programme="Zweites"))
    half = attending(cohort)
    half.attendances.filter(pk=half.attendances.first().pk).update(presence="ABSENT")
    client.force_login(organiser)

    page = text_of(client.get(issue_url(cohort)))

    assert ">Alle (1)</a>" in page
    assert ">Vorschlag" not in page
    assert ticked(page) == set()
