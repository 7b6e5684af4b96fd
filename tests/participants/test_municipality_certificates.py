"""The certificate for the municipality of a complete tandem: who gets it, who reads it, what stands on it."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from post_office.models import Email

from curriculum.models import Audience
from participants.actions.certificates import NotReplaceable, issue_certificates, replace_certificate
from participants.certificates import render_certificate
from participants.entitlement import Outcome, Verdict, tandem_verdict
from participants.models import Certificate, CertificateKind, Presence, Registration, Selection, Tandem
from participants.queries.certificates import all_claims, certificate_rows
from tests.factories import RegistrationFactory, TandemFactory, UserFactory
from tests.participants.finished import (
    IMPRINT,
    attending,
    attending_tandem,
    certificate_for,
    finished_cohort,
    issue_data,
    municipality_certificate,
    ticked,
)
from tests.pdf import assert_pdf_ua_and_a, pdf_reader, pdf_text

FULL, REDUCED, NOT_YET = (Verdict(outcome, why_not="Es fehlt etwas.") for outcome in list(Outcome)[:0:-1])


@pytest.fixture
def cohort(db):
    return finished_cohort()


@pytest.fixture
def tandem(cohort):
    return attending_tandem(cohort)


def half_of(tandem, role):
    return tandem.registrations.get(role=role)


def text_of(response):
    return response.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ")


def list_url(cohort):
    return reverse("participants:certificate_list", args=[cohort.pk])


def issue_url(cohort):
    return reverse("participants:certificate_issue", args=[cohort.pk])


# Who gets it


@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [
        (FULL, FULL, Outcome.FULL),
        (FULL, REDUCED, Outcome.NOT),
        (NOT_YET, FULL, Outcome.NOT_YET),
        (NOT_YET, REDUCED, Outcome.NOT),
    ],
)
def test_both_have_to_fulfil_the_rule(first, second, outcome):
    verdict = tandem_verdict([("Anna Amt", first), ("Nora Netz", second)])

    assert verdict.outcome is outcome
    assert bool(verdict.why) is (outcome is Outcome.FULL)
    assert ("Nora Netz: Es fehlt etwas." in verdict.why_not) is (second is not FULL)


def test_one_alone_is_no_tandem():
    assert tandem_verdict([("Anna Amt", FULL)]).outcome is Outcome.NOT


def test_list_says_which_municipality_gets_it_and_why_not(client, organiser, cohort, tandem):
    attending_tandem(cohort, "Unna", Presence.ABSENT)
    attending(cohort, family_name="Allein")
    client.force_login(organiser)

    section = text_of(client.get(list_url(cohort))).partition('id="urkunden"')[2]

    assert section.count('<th scope="row">') == 3
    assert "haben erreicht, was der Durchgang verlangt." in section
    assert "Besucht wurde keine UE." in section
    assert "Zum Tandem gehören nicht zwei Personen mit einem Platz im Durchgang." in section


@pytest.mark.parametrize("count", [1, 3])
def test_query_count_of_the_list_and_of_issuing(client, organiser, cohort, django_assert_num_queries, count):
    for number in range(count):
        attending_tandem(cohort, f"Stadt {number}")
    issue_certificates(cohort=cohort, by=organiser, imprint=IMPRINT)
    client.force_login(organiser)

    with django_assert_num_queries(19):
        assert text_of(client.get(list_url(cohort))).count("Urkunde für die Kommune</strong>") == count
    with django_assert_num_queries(20):
        client.get(issue_url(cohort))


def test_is_proposed_with_the_certificates_of_the_people(client, organiser, cohort, tandem):
    client.force_login(organiser)

    page = text_of(client.get(issue_url(cohort)))
    client.post(issue_url(cohort), issue_data(cohort, organiser, f"{tandem.pk}-MUNICIPALITY"))

    assert "2 × Teilnahmebescheinigung und 1 × Urkunde für die Kommune" in page
    assert f"{tandem.pk}-MUNICIPALITY" in ticked(page)
    certificate = Certificate.objects.get()
    assert (certificate.tandem, certificate.person, certificate.registration) == (tandem, None, None)
    assert certificate.paper.sha256


def test_neighbour_who_helps_out_makes_the_tandem_complete(organiser, cohort, tandem):
    lent = half_of(tandem, Audience.COORDINATOR)
    alone = attending(cohort, role=Audience.MANAGER).tandem
    Tandem.objects.filter(pk=alone.pk).update(shared_half=lent, exception_reason="kleine Stadt")

    certificate = municipality_certificate(alone, organiser)

    assert Certificate.objects.visible_to(lent.person).filter(pk=certificate.pk).exists()


def test_who_waits_is_not_asked_about(cohort, tandem):
    waiting = TandemFactory(cohort=cohort, selection=Selection.WAITING)
    RegistrationFactory(tandem=waiting)

    claims = all_claims(cohort, certificate_rows(cohort))

    assert [claim.key for claim in claims if claim.kind == CertificateKind.MUNICIPALITY] == [
        f"{tandem.pk}-MUNICIPALITY"
    ]


# What the database keeps


def test_one_valid_certificate_for_each_tandem(organiser, tandem):
    municipality_certificate(tandem, organiser)

    assert not issue_certificates(
        cohort=tandem.cohort, by=organiser, imprint=IMPRINT, only=[f"{tandem.pk}-MUNICIPALITY"]
    )
    twin = Certificate.objects.get()
    twin.pk, twin.ordinal, twin.code = None, 99, "0" * 32
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_certificate_belongs_to_a_person_or_to_a_tandem(organiser, cohort, tandem):
    personal = certificate_for(half_of(tandem, Audience.MANAGER), organiser)
    both = Certificate.objects.get(pk=personal.pk)
    both.tandem = tandem

    with pytest.raises(ValidationError, match="gehört zu einem Tandem, alles andere zu einer Person"):
        both.validate_constraints()
    both.pk, both.ordinal, both.code = None, 99, "0" * 32
    with pytest.raises(IntegrityError), transaction.atomic():
        both.save(force_insert=True)


def test_is_replaced_as_long_as_both_fulfil_the_rule(organiser, cohort, tandem):
    certificate = municipality_certificate(tandem, organiser)
    tandem.municipality.name = "Herne an der Emscher"
    tandem.municipality.save()
    successor = replace_certificate(certificate=certificate, reason="Name", by=organiser)

    assert successor.content["name"] == "Herne an der Emscher"
    half_of(tandem, Audience.MANAGER).attendances.update(presence=Presence.ABSENT)
    with pytest.raises(NotReplaceable, match="Besucht wurde keine UE"):
        replace_certificate(certificate=successor, reason="Name", by=organiser)


# Who reads it


def test_both_of_the_tandem_may_download_it_and_nobody_else(client, organiser, cohort, tandem):
    certificate = municipality_certificate(tandem, organiser)
    other = attending_tandem(cohort, "Unna").registrations.first()

    for half in tandem.registrations.all():
        client.force_login(half.person)
        assert client.get(certificate.get_absolute_url()).status_code == 200
        assert f"{certificate} (PDF)" in text_of(client.get(reverse("start")))
    for stranger in (other.person, UserFactory()):
        client.force_login(stranger)
        assert client.get(certificate.get_absolute_url()).status_code == 404
        assert str(certificate) not in text_of(client.get(reverse("start")))


def test_who_has_left_the_tandem_reads_it_no_more(client, organiser, tandem):
    certificate = municipality_certificate(tandem, organiser)
    gone = half_of(tandem, Audience.MANAGER)
    Registration.objects.filter(pk=gone.pk).update(withdrawn_at=gone.confirmed_at)
    client.force_login(gone.person)

    assert client.get(certificate.get_absolute_url()).status_code == 404


def test_both_get_a_mail(organiser, tandem):
    municipality_certificate(tandem, organiser)

    subjects = {(mail.to[0], mail.subject) for mail in Email.objects.filter(subject__startswith="Urkunde")}
    assert subjects == {
        (half.email, "Urkunde für Herne: liegt für Sie bereit")
        for half in Registration.objects.filter(tandem=tandem)
    }


def test_there_is_no_badge_for_a_municipality(client, organiser, tandem):
    certificate = municipality_certificate(tandem, organiser)
    client.force_login(organiser)

    page = text_of(client.get(reverse("participants:certificate_badge", args=[certificate.pk])))

    assert certificate.code in page
    assert "Abzeichen" not in page
    assert client.get(reverse("participants:certificate_badge_file", args=[certificate.pk])).status_code == 404


# What stands on it


@pytest.mark.parametrize("layout", ["PORTRAIT", "LANDSCAPE"])
def test_paper_names_the_municipality_and_no_person(organiser, cohort, tandem, layout):
    certificate = municipality_certificate(tandem, organiser)
    certificate.content["imprint"]["layout"] = layout

    paper = render_certificate(certificate)

    text = pdf_text(paper)
    assert len(pdf_reader(paper).pages) == 1
    for expected in (
        "Urkunde",
        "Herne",
        "Kommune mit qualifiziertem Netzwerk-Tandem",
        "hat mit einem Tandem aus Führungskraft und Koordinierungskraft an der Fortbildung",
        "Beide haben erreicht, was der Durchgang verlangt.",
        "Durchgang 2017/18",
        "Grundlagen der Netzwerkarbeit",
        certificate.number,
        "Ob diese Urkunde gültig ist",
        "Dr.\N{NO-BREAK SPACE}Anna Beispiel",
    ):
        assert expected in text
    for half in tandem.registrations.all():
        assert half.family_name not in text
        assert half.family_name not in json.dumps(certificate.content)
    assert_pdf_ua_and_a(paper)


def test_check_page_says_what_the_paper_says(client, organiser, tandem):
    certificate = municipality_certificate(tandem, organiser)

    page = text_of(client.get(reverse("participants:certificate_verify", args=[certificate.code])))

    assert "Diese Bescheinigung ist gültig" in page
    assert "Kommune mit qualifiziertem Netzwerk-Tandem" in page
    assert "Beide haben erreicht, was der Durchgang verlangt." in page
    assert "Grundlagen der Netzwerkarbeit" in page
    assert "Umfang" not in page


def test_name_that_cannot_be_printed_is_said_where_it_is_mended(client, organiser, cohort):
    tandem = attending_tandem(cohort, "李")
    client.force_login(organiser)

    page = text_of(client.get(issue_url(cohort)))

    assert f'value="{tandem.pk}-MUNICIPALITY"' not in page
    assert reverse("participants:municipality_edit", args=[tandem.municipality_id]) in page


def test_preview_shows_the_longest_name_of_a_municipality(client, organiser, cohort, tandem):
    attending_tandem(cohort, "Verbandsgemeinde Rengsdorf-Waldbreitbach")
    client.force_login(organiser)
    page = client.get(reverse("participants:certificate_design", args=[cohort.pk]))
    data = {name: value or "" for name, value in page.context["form"].initial.items()}

    response = client.post(
        reverse("participants:certificate_design_preview", args=[cohort.pk]), data | {"shown": "MUNICIPALITY"}
    )

    assert response.context["preview"].name == "Verbandsgemeinde Rengsdorf-Waldbreitbach"
    assert response.context["preview"].pages


def test_archive_names_the_municipality(client, organiser, cohort, tandem):
    certificate = municipality_certificate(tandem, organiser)
    client.force_login(organiser)

    response = client.get(reverse("participants:certificate_archive", args=[cohort.pk]))

    assert f"{certificate.number} Urkunde Herne.pdf".encode() in response.content
    assert "Herne" in text_of(client.get(certificate.issuance.get_absolute_url()))
