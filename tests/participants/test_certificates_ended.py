"""Certificates that have been replaced or revoked: what becomes of their papers, who is told, who reads it."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from participants import tasks
from participants.actions.certificates import issue_certificates, replace_certificate, revoke_certificate
from participants.models import Certificate, CertificatePaper, PaperTrouble
from participants.queries.certificates import certificate_dues
from participants.tasks import make_forgotten_papers, make_papers
from tests.participants.finished import (
    attending,
    attending_tandem,
    certificate_for,
    finished_cohort,
    municipality_certificate,
    ticked,
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


# What organisers see of them


def list_page(client, cohort):
    return text_of(client.get(reverse("participants:certificate_list", args=[cohort.pk])))


def test_who_was_revoked_is_offered_the_next_one_but_never_due(client, organiser, cohort, person):
    other = attending(cohort)
    certificate = certificate_for(person, organiser)
    revoke(certificate, organiser)
    client.force_login(organiser)

    page = text_of(client.get(reverse("participants:certificate_issue", args=[cohort.pk])))

    assert f"{person.pk}-ATTENDANCE:" in page
    assert ticked(page) == {f"{other.pk}-ATTENDANCE"}
    assert "Vorgeschlagen sind 1 × Teilnahmebescheinigung:" in page
    assert f"am 02.11.2026: Teilnahmebescheinigung Nr. {certificate.number}<br>Grund: {REASON}" in page
    assert certificate_dues([cohort])[cohort.pk].ready == 1
    assert [one.registration for one in issue_certificates(cohort=cohort, by=organiser)] == [other]
    assert certificate_for(person, organiser).is_valid


def test_who_was_replaced_and_then_revoked_is_not_due(organiser, cohort, person):
    revoke(replace(certificate_for(person, organiser), organiser), organiser)

    assert issue_certificates(cohort=cohort, by=organiser) == []


def test_list_shows_what_has_ended_with_number_date_and_reason(client, organiser, cohort, person):
    first = certificate_for(person, organiser)
    second = replace(first, organiser)
    revoke(second, organiser)
    client.force_login(organiser)

    page = list_page(client, cohort)

    assert f"am 02.11.2026: Teilnahmebescheinigung Nr. {first.number}<br>Grund: Name falsch" in page
    assert f"am 02.11.2026: Teilnahmebescheinigung Nr. {second.number}<br>Grund: {REASON}" in page
    assert page.index(second.number) < page.index(first.number)
    assert "kann neu ausgestellt werden" in page
    assert f'href="{first.get_absolute_url()}"' in page
    assert "Bescheinigungen von Ausgeschiedenen" not in page


def test_reasons_are_told_to_organisers_only(client, organiser, person):
    certificate = certificate_for(person, organiser)
    revoke(certificate, organiser)
    client.force_login(person.person)

    assert REASON not in text_of(client.get(reverse("start")))
    assert REASON not in text_of(client.get(verify_url(certificate)))


def left(person):
    person.withdrawn_at = timezone.now()
    person.save(update_fields=["withdrawn_at"])


def test_certificate_of_somebody_who_has_left_can_be_revoked(client, organiser, cohort, person):
    attending(cohort)
    certificate = certificate_for(person, organiser)
    left(person)
    client.force_login(organiser)
    address = reverse("participants:certificate_revoke", args=[certificate.pk])

    section = list_page(client, cohort).partition("Bescheinigungen von Ausgeschiedenen")[2]
    client.post(address, {"revocation_reason": REASON})

    assert certificate.number in section
    assert f'href="{address}"' in section
    certificate.refresh_from_db()
    assert certificate.revocation_reason == REASON
    assert f"{certificate.number}<br>Grund: {REASON}" in list_page(client, cohort)


def test_the_list_shows_who_has_left_also_when_nobody_is_left(client, organiser, cohort, person):
    certificate = certificate_for(person, organiser)
    left(person)
    client.force_login(organiser)

    assert certificate.number in list_page(client, cohort)


def test_certificate_of_somebody_who_has_left_is_replaced_after_a_change_of_name(organiser, person):
    certificate = certificate_for(person, organiser)
    left(person)
    person.family_name = "Tal"
    person.save(update_fields=["family_name"])

    successor = replace(certificate, organiser)

    assert successor.content["name"].endswith(" Tal")
    assert successor.content["attended_minutes"] == certificate.content["attended_minutes"]


def test_urkunde_of_a_tandem_without_a_place_can_be_revoked(client, organiser, cohort):
    tandem = attending_tandem(cohort)
    certificate = municipality_certificate(tandem, organiser)
    tandem.selection = "DECLINED"
    tandem.save(update_fields=["selection"])
    client.force_login(organiser)

    section = list_page(client, cohort).partition("Bescheinigungen von Ausgeschiedenen")[2]

    assert reverse("participants:certificate_revoke", args=[certificate.pk]) in section


@pytest.mark.parametrize("count", [1, 3])
def test_certificate_list_query_count_with_ended_ones(client, organiser, cohort, django_assert_num_queries, count):
    for _ in range(count):
        replace(certificate_for(attending(cohort), organiser), organiser)
        gone = attending(cohort)
        revoke(certificate_for(gone, organiser), organiser)
        left(gone)
    client.force_login(organiser)

    with django_assert_num_queries(19):
        page = list_page(client, cohort)

    assert page.count("claim-ended") == 2 * count
