"""What a person reads of the own certificates, and what an organiser reads of everyone's on the start page."""

import datetime
import re
from collections import Counter

import pytest
from django.db.models.signals import post_init
from django.urls import reverse
from django.utils import timezone

from curriculum.models import Session
from netzkoord import overview
from participants.actions.certificates import revoke_certificate
from participants.models import Achievement, Attendance, MadeUpTime, Registration
from participants.queries.achievements import own_entitlements, row_of
from participants.queries.certificates import certificate_rows, claims_of
from participants.tokens import status_token
from tests.factories import RegistrationFactory, SessionFactory, UserFactory
from tests.participants.finished import (
    achieve,
    attending,
    attending_tandem,
    certificate_for,
    finished_cohort,
    make_up,
    municipality_certificate,
    there_on_the_first_day,
    waiting_certificate,
    with_time_limit,
)
from tests.rewriting import rewrite

UNTIL = "2. Dezember 2026"


@pytest.fixture
def cohort(db):
    return with_time_limit(finished_cohort())


def text_of(response):
    text = response.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ")
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def own_page(client, half):
    return text_of(client.get(reverse("participants:registration_status", args=[status_token(half)])))


def start_page(client, half):
    client.force_login(half.person)
    return text_of(client.get(reverse("start")))


@pytest.mark.parametrize("page", [own_page, start_page])
def test_person_reads_what_is_there_and_what_is_missing(client, cohort, page):
    half = attending(cohort)
    achieve(half, "PROJECT", title="Netzwerk gegen Einsamkeit", completed_on=datetime.date(2026, 10, 5))

    text = page(client, half)

    assert "Ihre Bescheinigungen" in text
    assert "Besucht 16 von 16 UE (100 %)." in text
    assert "Praxisprojekt „Netzwerk gegen Einsamkeit“ am 5. Oktober 2026 abgeschlossen." in text
    assert f"Das fehlt noch für Ihr Zertifikat: das Kolloquium. Zeit ist bis {UNTIL}." in text


def test_person_below_the_rule_reads_what_counts_meanwhile(client, cohort):
    half = attending(cohort, "EXCUSED")
    half.attendances.filter(day=half.attendances.first().day).update(presence="PRESENT", note="")
    make_up(half, minutes=45)

    text = own_page(client, half)

    assert "Besucht 8 von 16 UE, nachgeholt 1 UE (zusammen 56 %)." in text
    assert f"Nötig sind 80 % der UE. Es fehlen 3,8 UE; nachholen bis {UNTIL}." in text
    assert "Sonst erhalten Sie danach eine Bescheinigung über die besuchte Zeit." in text


def test_link_page_says_what_is_issued_and_leads_to_it(client, organiser, cohort):
    half = attending(cohort)
    before = own_page(client, half)
    certificate = certificate_for(half, organiser)
    address = reverse("participants:registration_status", args=[status_token(half)])

    page = client.get(address).content.decode()
    after = text_of(client.get(address))
    client.force_login(half.person)
    signed_in = text_of(client.get(address))

    assert "ausgestellt" not in before
    assert f"ausgestellt Teilnahmebescheinigung Nr. {certificate.number} vom 02.11.2026" in after
    assert "Anmelden und herunterladen (PDF)" in after
    assert f'href="{certificate.get_absolute_url()}"' in page
    assert "Anmelden und herunterladen" not in signed_in
    assert "Herunterladen (PDF)" in signed_in


def test_link_page_says_that_the_paper_is_still_made(client, organiser, cohort):
    half = attending(cohort)
    waiting_certificate(half, organiser)

    text = own_page(client, half)

    assert "Das PDF wird noch erstellt. Sobald es da ist, bekommen Sie eine Mail." in text
    assert "herunterladen" not in text


def test_link_page_names_no_certificate_that_has_ended_nor_one_of_somebody_else(client, organiser, cohort):
    half, other = attending(cohort), attending(cohort)
    ended, foreign = certificate_for(half, organiser), certificate_for(other, organiser)
    revoke_certificate(certificate=ended, reason="Irrtum", by=organiser)

    text = own_page(client, half)

    assert ended.number not in text
    assert foreign.number not in text


def test_link_page_tells_both_of_the_certificate_for_their_municipality(client, organiser, cohort):
    tandem = attending_tandem(cohort)
    number = municipality_certificate(tandem, organiser).number

    for half in tandem.registrations.all():
        assert f"ausgestellt Urkunde für die Kommune Nr. {number} vom" in own_page(client, half)


def test_person_reads_nothing_of_others(client, cohort):
    other = attending(cohort)
    achieve(other, "PROJECT", title="Das Projekt der anderen")

    text = own_page(client, attending(cohort))

    assert "Das Projekt der anderen" not in text


def test_without_zertifikat_nothing_is_said_of_one(client, cohort):
    half = attending(cohort)
    rewrite(cohort, grants_certificate=False)

    assert "Zertifikat" not in own_page(client, half)


@pytest.mark.django_db
def test_before_the_first_session_nothing_is_said(client):
    session = SessionFactory(days=[timezone.localdate() + datetime.timedelta(days=20)])
    half = RegistrationFactory(tandem__cohort=session.cohort, accepted=True)

    assert "Ihre Bescheinigungen" not in own_page(client, half)


def test_whoever_has_no_place_reads_nothing(client, cohort):
    half = RegistrationFactory(tandem__cohort=cohort)

    assert "Ihre Bescheinigungen" not in own_page(client, half)


@pytest.mark.parametrize("count", [1, 3])
def test_start_query_count_after_sessions(client, cohort, django_assert_num_queries, count):
    person = UserFactory()
    for number in range(count):
        other = finished_cohort(title=f"Vorbei {number}", programme=f"Programm {number}")
        attending(with_time_limit(other), person=person)
    client.force_login(person)

    with django_assert_num_queries(23):
        page = client.get(reverse("start")).content.decode()

    assert page.count("<h3>Ihre Bescheinigungen</h3>") == count


@pytest.mark.parametrize("others", [0, 5])
def test_nothing_is_read_of_the_others(cohort, others):
    """Whatever the cohort counts: on the day 150 mails go out, 150 people open this page."""
    half = attending(cohort)
    achieve(half)
    make_up(half)
    for _ in range(others):
        other = attending(cohort)
        achieve(other)
        make_up(other)
    made = Counter()

    def count(sender, **_):
        made[sender] += 1

    post_init.connect(count)
    try:
        own_entitlements([half])
        row_of(half)
    finally:
        post_init.disconnect(count)

    rows = {model: made[model] for model in (Registration, Attendance, Achievement, MadeUpTime)}
    assert rows == {Registration: 2, Attendance: 8, Achievement: 2, MadeUpTime: 2}


def test_days_of_a_cancelled_session_count_for_everyone_if_they_were_held(cohort):
    """Also for somebody of whom nothing is entered there."""
    half = attending(cohort)
    session = cohort.sessions.get()
    half.attendances.filter(day=session.days.last()).delete()
    Session.objects.filter(pk=session.pk).update(cancelled_at=timezone.now(), cancellation_reason="krank")
    assert own_entitlements([half])[half.pk].attendance.why.startswith("Besucht 8 von 8")

    attending(cohort)

    assert own_entitlements([half])[half.pk].attendance.why_not.startswith("Anwesenheit für")


# The organiser


def dues_of(cohort):
    return [due.text.replace("\u00a0", " ") for due in overview.strip_of(cohort).due if "fehlt" in due.text]


def test_start_says_whom_only_the_colloquium_is_missing(cohort):
    for _ in range(3):
        achieve(attending(cohort), "PROJECT")
    achieve(attending(cohort))
    everything = attending(cohort)
    achieve(everything)
    achieve(everything, "PROJECT")
    half = there_on_the_first_day(cohort)
    achieve(half)
    achieve(half, "PROJECT")
    attending(cohort)

    assert dues_of(cohort) == [
        f"1 Person fehlt nur noch Zeit, die nachzuholen ist (bis {UNTIL})",
        f"1 Person fehlt nur noch das Praxisprojekt (bis {UNTIL})",
        f"3 Personen fehlt nur noch das Kolloquium (bis {UNTIL})",
        f"1 Person fehlt für das Zertifikat noch mehreres (bis {UNTIL})",
    ]


@pytest.mark.parametrize("limit", [None, datetime.date(2026, 11, 1)])
def test_start_says_nothing_of_what_can_no_longer_be_made_up(cohort, limit):
    achieve(attending(cohort), "PROJECT")
    rewrite(cohort, registration_closes_on=datetime.date(2026, 9, 1), make_up_until=limit)

    assert dues_of(cohort) == []


def test_who_has_made_up_enough_is_due_for_the_certificate(cohort):
    half = there_on_the_first_day(cohort)
    before = [claim.is_due for claim in claims_of(certificate_rows(cohort))]

    make_up(half, minutes=8 * 45)

    assert before == [False, False]
    assert [claim.is_due for claim in claims_of(certificate_rows(cohort))] == [True, False]
