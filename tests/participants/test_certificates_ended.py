"""Certificates that have been replaced or revoked: what becomes of their papers, who is told, who reads it."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from participants import tasks
from participants.actions.certificates import replace_certificate, revoke_certificate
from participants.models import Certificate, CertificatePaper, PaperTrouble
from participants.tasks import make_forgotten_papers, make_papers
from tests.participants.finished import (
    attending,
    attending_tandem,
    certificate_for,
    finished_cohort,
    municipality_certificate,
    waiting_certificate,
)

REASON = "Anwesenheit gefälscht"


@pytest.fixture
def cohort(db):
    return finished_cohort()


@pytest.fixture
def person(cohort):
    return attending(cohort, family_name="Berg", email="berg@stadt.example")


def text_of(response):
    return response.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ")


def mails():
    return [(mail.to[0], mail.subject) for mail in Email.objects.order_by("pk")]


def verify_url(certificate):
    return reverse("participants:certificate_verify", args=[certificate.code])


# Before the paper is made


def revoke(certificate, by):
    revoke_certificate(certificate=certificate, reason=REASON, by=by)


def replace(certificate, by):
    return replace_certificate(certificate=certificate, reason="Name falsch", by=by)


def test_revoked_before_its_paper_is_made_it_gets_none_and_nobody_is_told(organiser, person):
    certificate = waiting_certificate(person, organiser)
    revoke(certificate, organiser)

    assert make_papers.call(certificate.issuance_id) == 0

    assert not CertificatePaper.objects.exists()
    assert mails() == []


def test_revoked_while_its_paper_is_made_it_gets_none_and_nobody_is_told(organiser, person):
    certificate = waiting_certificate(person, organiser)
    revoke(certificate, organiser)

    assert tasks.store(certificate, b"%PDF-1.7", None) is False

    assert not CertificatePaper.objects.exists()
    assert mails() == []


def test_replaced_before_its_paper_is_made_one_mail_tells_of_the_new_one(organiser, person):
    certificate = waiting_certificate(person, organiser)
    successor = replace_certificate(certificate=certificate, reason="Name", by=organiser)

    make_papers.call(certificate.issuance_id)

    assert CertificatePaper.objects.get().certificate == successor
    assert mails() == [("berg@stadt.example", "Teilnahmebescheinigung: liegt für Sie bereit")]


@pytest.mark.parametrize("end", [revoke, replace])
def test_what_has_ended_is_not_tried_again(organiser, person, end, time_machine):
    certificate = waiting_certificate(person, organiser)
    PaperTrouble.objects.create(certificate=certificate, sentence="Der Datenträger war voll.")

    end(certificate, organiser)
    tasks.note_trouble(certificate, "Noch einmal.")
    time_machine.move_to(timezone.now() + datetime.timedelta(hours=2))

    assert not PaperTrouble.objects.exists()
    assert make_forgotten_papers() == 0


def test_pages_say_that_there_is_no_paper(client, organiser, person):
    certificate = waiting_certificate(person, organiser)
    revoke(certificate, organiser)
    client.force_login(organiser)

    response = client.get(certificate.get_absolute_url())
    issuance = text_of(client.get(certificate.issuance.get_absolute_url()))

    assert response.status_code == 404
    assert "Zu dieser Bescheinigung gibt es kein PDF" in text_of(response)
    assert "Refresh" not in response
    assert "Zu dieser Bescheinigung gibt es kein PDF" in text_of(client.get(verify_url(certificate)))
    assert "wird erstellt" not in issuance
    assert "data-looks-again" not in issuance


# Mails


def test_who_has_the_paper_is_told_that_it_holds_no_longer(organiser, person):
    certificate = certificate_for(person, organiser)

    revoke(certificate, organiser)

    mail = Email.objects.latest("pk")
    text = mail.message.replace("\u00a0", " ")
    assert mail.to == ["berg@stadt.example"]
    assert mail.subject == f"Teilnahmebescheinigung Nr. {certificate.number}: gilt nicht mehr"
    assert "diese Bescheinigung ist widerrufen und gilt nicht mehr" in text
    assert f"Nr. {certificate.number} vom 2. November 2026 für „{person.cohort.title}“" in text
    assert f"fragen Sie bitte unter {person.cohort.contact}" in text
    assert REASON not in text


def test_revoked_twice_it_is_told_once(organiser, person):
    certificate = certificate_for(person, organiser)

    revoke(certificate, organiser)
    revoke(certificate, organiser)

    assert len(mails()) == 2


def test_the_mail_about_a_replacement_says_that_the_old_one_holds_no_longer(organiser, person):
    old = certificate_for(person, organiser)

    new = replace(old, organiser)

    mail = Email.objects.latest("pk")
    text = mail.message.replace("\u00a0", " ")
    assert mail.subject == f"Teilnahmebescheinigung: neu ausgestellt, Nr. {old.number} gilt nicht mehr"
    assert f"Teilnahmebescheinigung Nr. {new.number} vom 2. November 2026" in text
    assert f"Die bisherige mit der Nummer {old.number} gilt nicht mehr." in text
    assert "Name falsch" not in text
    assert Email.objects.count() == 2


def test_both_of_a_tandem_are_told_of_their_urkunde(organiser, cohort):
    tandem = attending_tandem(cohort)
    both = {half.email for half in tandem.confirmed_registrations()}
    certificate = municipality_certificate(tandem, organiser)
    Email.objects.all().delete()

    revoke(replace(certificate, organiser), organiser)

    new, revoked = mails()[:2], mails()[2:]
    assert {address for address, _ in new} == {address for address, _ in revoked} == both
    assert {subject for _, subject in new} == {
        f"Urkunde für die Kommune: neu ausgestellt, Nr. {certificate.number} gilt nicht mehr"
    }
    successor = Certificate.objects.get(replaces=certificate)
    assert {subject for _, subject in revoked} == {
        f"Urkunde für die Kommune Nr. {successor.number}: gilt nicht mehr"
    }
