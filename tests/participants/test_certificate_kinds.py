"""Teilnahmebescheinigung and Zertifikat: who is offered which, and what is due by itself."""

import datetime

import pytest
from django.urls import reverse

from participants.actions.certificates import issue_certificates, replace_certificate
from participants.models import Achievement, AchievementKind, Certificate, MadeUpTime
from tests.participants.finished import IMPRINT, attending, certificate_for, finished_cohort, issue_data, ticked


@pytest.fixture
def cohort(db):
    """It offers a Zertifikat that asks for project and colloquium."""
    return finished_cohort(grants_certificate=True)


def issue_url(cohort):
    return reverse("participants:certificate_issue", args=[cohort.pk])


def list_url(cohort):
    return reverse("participants:certificate_list", args=[cohort.pk])


def text_of(response):
    return response.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ")


def qualified(cohort, **fields):
    """Somebody with project and colloquium."""
    registration = attending(cohort, **fields)
    for kind in AchievementKind:
        title = "Ein Netzwerk für Alleinerziehende" if kind == AchievementKind.PROJECT else ""
        Achievement.objects.create(
            registration=registration, kind=kind, title=title, completed_on=datetime.date(2026, 10, 30)
        )
    return registration


def test_certificate_issue_proposes_the_zertifikat_instead_of_both(client, organiser, cohort):
    whole, other = qualified(cohort), attending(cohort)
    client.force_login(organiser)

    page = text_of(client.get(issue_url(cohort)))

    assert "Vorgeschlagen sind 1 × Teilnahmebescheinigung und 1 × Zertifikat" in page
    assert ticked(page) == {f"{whole.pk}-QUALIFICATION", f"{other.pk}-ATTENDANCE"}
    assert f"{whole.pk}-ATTENDANCE" in page
    assert f"{other.pk}-QUALIFICATION" not in page


def test_both_kinds_can_be_issued_to_one_person(client, organiser, cohort):
    person = qualified(cohort)
    client.force_login(organiser)
    keys = [f"{person.pk}-ATTENDANCE", f"{person.pk}-QUALIFICATION"]

    client.post(issue_url(cohort), issue_data(cohort, organiser, *keys))

    issued = Certificate.objects.order_by("ordinal")
    assert [certificate.kind for certificate in issued] == ["ATTENDANCE", "QUALIFICATION"]
    assert [certificate.content["heading"] for certificate in issued] == ["Teilnahmebescheinigung", "Zertifikat"]


def test_what_is_due_is_issued_without_a_choice(organiser, cohort):
    whole, other = qualified(cohort), attending(cohort)

    issued = issue_certificates(cohort=cohort, by=organiser, imprint=IMPRINT)

    assert {(one.registration, one.kind) for one in issued} == {(whole, "QUALIFICATION"), (other, "ATTENDANCE")}


def test_a_reduced_one_is_offered_and_completed_when_time_was_made_up(client, organiser):
    cohort = finished_cohort(grants_certificate=False, make_up_until=datetime.date(2026, 12, 31))
    person = attending(cohort)
    person.attendances.filter(day=person.attendances.first().day).update(presence="ABSENT")
    client.force_login(organiser)

    offered = text_of(client.get(issue_url(cohort)))
    reduced = certificate_for(person, organiser)
    before = text_of(client.get(list_url(cohort)))
    MadeUpTime.objects.create(registration=person, minutes=360, made_up_on=datetime.date(2026, 11, 1), how="Video")
    after = text_of(client.get(list_url(cohort)))
    full = replace_certificate(certificate=reduced, reason="Zeit nachgeholt", by=organiser)

    assert f"{person.pk}-ATTENDANCE:" in offered
    assert ticked(offered) == set()
    assert "nachholen bis 31. Dezember 2026" in offered
    assert reduced.content["is_reduced"] is True
    assert "jetzt vollständig" not in before
    assert "jetzt vollständig: bitte ersetzen" in after
    assert full.content["is_reduced"] is False


def test_certificate_replace_says_why_nothing_can_take_its_place(client, organiser, cohort):
    person = qualified(cohort)
    certificate = certificate_for(person, organiser, "QUALIFICATION")
    person.achievements.filter(kind=AchievementKind.COLLOQUIUM).delete()
    client.force_login(organiser)

    address = reverse("participants:certificate_replace", args=[certificate.pk])
    page = text_of(client.post(address, {"replacement_reason": "Name"}))

    assert "steht keine solche Bescheinigung mehr zu" in page
    assert "das Kolloquium" in page
    assert Certificate.objects.valid().get() == certificate
