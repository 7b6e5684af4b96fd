"""Issuing, downloading and revoking certificates."""

import datetime
import hashlib
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from curriculum.models import Cohort, LearningGoal, Module, Venue
from netzkoord.models import AuditAction, AuditEvent, Installation, User
from participants.actions.certificates import (
    NotReplaceable,
    UnprintableText,
    issue_certificates,
    replace_certificate,
    revoke_certificate,
)
from participants.actions.designs import save_design
from participants.models import (
    Certificate,
    CertificateCounter,
    CertificatePaper,
    Municipality,
    PaperTrouble,
)
from participants.tasks import make, make_forgotten_papers, make_papers
from tests.factories import CohortFactory, RegistrationFactory, UserFactory
from tests.participants.finished import (
    IMPRINT,
    attending,
    certificate_for,
    finished_cohort,
    issue_data,
    waiting_certificate,
)
from tests.pdf import pdf_text
from tests.rewriting import rewrite


@pytest.fixture
def cohort(db):
    return finished_cohort()


@pytest.fixture
def person(cohort):
    return attending(cohort, title="Dr.", given_names="Łucja", family_name="Größenwahn-Şahin")


def list_url(cohort):
    return reverse("participants:certificate_list", args=[cohort.pk])


def issue_url(cohort):
    return reverse("participants:certificate_issue", args=[cohort.pk])


def form_data(by, *registrations):
    keys = [f"{registration.pk}-ATTENDANCE" for registration in registrations]
    return issue_data(registrations[0].cohort, by, *keys)


def text_of(response):
    return response.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ")


# The list


def test_certificate_list_says_who_fulfils_and_why_not(client, organiser, cohort, person):
    attending(cohort, "ABSENT", family_name="Abwesend")
    RegistrationFactory(tandem__cohort=cohort, accepted=True, family_name="Zukunft")
    client.force_login(organiser)

    page = text_of(client.get(list_url(cohort)))

    assert "1 von 3 erfüllen die Regel (80 % Anwesenheit), 0 haben eine Bescheinigung." in page
    assert "Bescheinigungen ausstellen (1)" in page
    assert "Besucht 16 von 16 UE (100 %)." in page
    assert "Besucht wurde keine UE. Nachgeholte Zeit allein genügt nicht." in page
    assert "Gefehlt: " in page
    assert page.count("Es fehlen das Praxisprojekt und das Kolloquium") == 2
    assert page.count("Anwesenheit für ") == 2  # in both columns


def test_certificate_list_without_zertifikat_has_no_column_for_it(client, organiser, cohort, person):
    rewrite(cohort, grants_certificate=False)
    client.force_login(organiser)

    page = text_of(client.get(list_url(cohort)))

    assert "Zertifikat" not in page
    assert "Kolloquium" not in page


def test_certificate_list_offers_download_and_revocation(client, organiser, cohort, person):
    certificate = certificate_for(person, organiser)
    client.force_login(organiser)

    page = text_of(client.get(list_url(cohort)))

    assert f"Nr. {certificate.number}" in page
    assert certificate.get_absolute_url() in page
    assert reverse("participants:certificate_revoke", args=[certificate.pk]) in page
    assert "Bescheinigungen ausstellen" not in page


def test_certificate_list_says_that_the_paper_is_being_made(client, organiser, cohort, person):
    waiting_certificate(person, organiser)
    client.force_login(organiser)

    assert "PDF wird erstellt" in text_of(client.get(list_url(cohort)))


def test_certificate_list_names_letters_that_cannot_be_printed(client, organiser, cohort):
    registration = attending(cohort, given_names="", family_name="李雷")
    client.force_login(organiser)

    page = text_of(client.get(list_url(cohort)))

    assert "Die Zeichen „李“ (U+674E) und „雷“ (U+96F7) können nicht gedruckt werden." in page
    assert reverse("participants:registration_edit", args=[registration.pk]) in page
    assert "Bescheinigungen ausstellen" not in page


@pytest.mark.parametrize(
    ("family_name", "named"),
    [
        ("Петров", "„П“ (U+041F, CYRILLIC CAPITAL LETTER PE)"),
        ("Παππάς", "„Π“ (U+03A0, GREEK CAPITAL LETTER PI)"),
        ("שרה", "„ש“ (U+05E9, HEBREW LETTER SHIN)"),
        ("محمد", "„م“ (U+0645, ARABIC LETTER MEEM)"),
        ("\u0410nders", "„\u0410“ (U+0410, CYRILLIC CAPITAL LETTER A)"),
        ("Bo" + "\u0301" * 30 + "hme", "„ó\u0301\u0301“ (U+00F3 U+0301 U+0301 … mit 29 Zusätzen)"),
        ("Gra\ufb01", "„\ufb01“ (U+FB01, LATIN SMALL LIGATURE FI)"),
        ("B\ufffdhme", "„\ufffd“ (U+FFFD, REPLACEMENT CHARACTER)"),
        ("An\u200bna", "U+200B (ZERO WIDTH SPACE, unsichtbar)"),
    ],
)
def test_a_name_that_is_no_name_of_din_91379_is_not_certified(client, organiser, cohort, family_name, named):
    attending(cohort, family_name=family_name)
    client.force_login(organiser)

    assert issue_certificates(cohort=cohort, by=organiser) == []
    assert named in text_of(client.get(list_url(cohort)))
    assert not Certificate.objects.exists()


@pytest.mark.parametrize("title", ["Durchgang 😀", "\u0414urchgang", "Du" + "\u0301" * 30 + "rchgang"])
def test_a_cohort_whose_title_is_not_in_latin_letters_gets_no_certificates(organiser, cohort, person, title):
    Cohort.objects.filter(pk=cohort.pk).update(title=title)
    cohort.refresh_from_db()

    with pytest.raises(UnprintableText) as refused:
        issue_certificates(cohort=cohort, by=organiser)

    assert [sentence.partition(" „")[0] for sentence in refused.value.sentences] == ["Titel des Durchgangs"]
    assert not Certificate.objects.exists()


def test_certificate_list_of_an_empty_cohort_says_so(client, organiser):
    client.force_login(organiser)

    assert "noch niemand angenommen" in text_of(client.get(list_url(CohortFactory())))


@pytest.mark.parametrize("count", [1, 3])
def test_certificate_list_query_count(client, organiser, cohort, django_assert_num_queries, count):
    for _ in range(count):
        attending(cohort)
    issue_certificates(cohort=cohort, by=organiser)
    client.force_login(organiser)

    with django_assert_num_queries(19):
        page = text_of(client.get(list_url(cohort)))

    assert page.count('<th scope="row">') == 2 * count  # each person, and below it each tandem


# Issuing


def test_certificate_issue_shows_who_gets_one_and_who_not(client, organiser, cohort, person):
    attending(cohort, "ABSENT", family_name="Abwesend")
    attending(cohort, given_names="Lei", family_name="李")
    client.force_login(organiser)

    page = text_of(client.get(issue_url(cohort)))

    assert page.count('name="claims"') == 1
    assert "Dr. Łucja Größenwahn-Şahin" in page
    assert "Lei 李 (Teilnahmebescheinigung): Das Zeichen „李“ (U+674E) kann nicht gedruckt werden." in page
    assert "Abwesend" in page.split("Noch nichts auszustellen")[1]


def test_certificate_issue_stores_a_snapshot_and_logs_and_mails(client, organiser, cohort, person):
    Installation.objects.create(is_demo=True)
    save_design(cohort=cohort, imprint=IMPRINT, pictures=[], by=organiser)
    client.force_login(organiser)

    response = client.post(issue_url(cohort), form_data(organiser, person), follow=True)

    certificate = Certificate.objects.get()
    assert "Eine Bescheinigung ist ausgestellt. Sobald das PDF erstellt ist, geht eine Mail hinaus." in text_of(
        response
    )
    assert certificate.number == f"{timezone.localdate().year}-00001"
    assert len(certificate.code) == 32
    assert certificate.issued_by == organiser
    content = certificate.content
    assert content["heading"] == "Teilnahmebescheinigung"
    assert content["name"] == "Dr. Łucja Größenwahn-Şahin"
    assert content["modules"] == [
        {
            "title": "Grundlagen der Netzwerkarbeit",
            "goals": ["Netzwerke analysieren", "Konflikte moderieren"],
            "competences": [],
        }
    ]
    assert (content["attended_minutes"], content["planned_minutes"]) == (720, 720)
    assert content["trainers"] == ["Prof. Dr. Thea Trainer"]
    assert content["imprint"]["signatories"] == [
        {"name": "Dr. Anna Beispiel", "function": "Leitung der Fortbildung", "signature": ""}
    ]
    assert content["is_demo"] is True
    assert pdf_text(bytes(certificate.paper.pdf)).count("Łucja") == 1
    event = AuditEvent.objects.get(action=AuditAction.CERTIFICATE_ISSUED)
    assert event.details == {"number": certificate.number}
    mail = Email.objects.get()
    assert mail.to == [person.email]
    assert "http://testserver/" in mail.message
    assert certificate.code not in mail.message
    assert ".pdf" not in mail.message


def test_certificate_snapshot_survives_later_changes(organiser, person):
    certificate = certificate_for(person, organiser)
    person.family_name = "Neu"
    person.save()

    certificate.refresh_from_db()

    assert certificate.content["name"] == "Dr. Łucja Größenwahn-Şahin"


def by_day(registration):
    """Morning and afternoon of each day."""
    rows = registration.attendances.order_by("day__date", "-half")
    return list(zip(rows[::2], rows[1::2], strict=True))


def test_half_days_and_missed_days_are_noted(organiser, cohort):
    registration = attending(cohort)
    rewrite(cohort, attendance_threshold_percent=20)
    (first, _), (second, _) = by_day(registration)
    first.day.attendances.update(presence="ABSENT")
    second.day.attendances.filter(half="AFTERNOON").update(presence="EXCUSED")

    content = certificate_for(registration, organiser).content

    assert content["attended_minutes"] == 180
    assert [(day["date"], day["is_half"]) for day in content["days"]] == [(second.day.date.isoformat(), True)]


def test_certificate_issue_only_for_the_chosen(client, organiser, cohort, person):
    other = attending(cohort)
    client.force_login(organiser)

    client.post(issue_url(cohort), form_data(organiser, other))

    assert [certificate.registration for certificate in Certificate.objects.all()] == [other]


def test_certificate_issue_twice_issues_once(client, organiser, cohort, person):
    client.force_login(organiser)
    data = form_data(organiser, person)
    client.post(issue_url(cohort), data)

    response = client.post(issue_url(cohort), data, follow=True)

    assert "Es war keine Bescheinigung mehr auszustellen." in text_of(response)
    assert Certificate.objects.count() == 1
    assert Email.objects.count() == 1
    assert CertificateCounter.objects.get().last_ordinal == 1


def test_certificate_issue_refuses_who_does_not_fulfil(client, organiser, cohort):
    absent = attending(cohort, "ABSENT")
    unprintable = attending(cohort, family_name="李雷")
    client.force_login(organiser)

    client.post(issue_url(cohort), form_data(organiser, absent, unprintable))

    assert not Certificate.objects.exists()


def test_certificate_issue_says_what_is_missing(client, organiser, cohort, person):
    client.force_login(organiser)

    page = text_of(client.post(issue_url(cohort), {}))

    assert "Bitte prüfen Sie Ihre Angaben" in page
    assert "Bitte wählen Sie mindestens eine Bescheinigung." in page
    assert not Certificate.objects.exists()


def test_titles_that_cannot_be_printed_stop_everything(client, organiser, cohort, person):
    cohort.title = "Durchgang 李"
    cohort.save()
    client.force_login(organiser)

    page = text_of(client.post(issue_url(cohort), form_data(organiser, person)))

    assert "Titel des Durchgangs „Durchgang 李“: Das Zeichen „李“ (U+674E) kann nicht gedruckt werden." in page
    assert "Bitte berichtigen Sie ihn unter „Durchgang bearbeiten“." in page
    assert not Certificate.objects.exists()
    assert not CertificateCounter.objects.exists()
    with pytest.raises(UnprintableText):
        issue_certificates(cohort=cohort, by=organiser)


def test_certificate_issue_says_which_parts_cannot_be_printed_and_where_they_are_mended(
    client, organiser, cohort, person
):
    User.objects.filter(family_name="Trainer").update(family_name="雷")
    Venue.objects.update(name="Haus 雷")
    municipality = Municipality.objects.get()
    municipality.name = "Stadt 雷"
    municipality.save()
    Module.objects.update(title="Modul 雷")
    client.force_login(organiser)

    page = text_of(client.post(issue_url(cohort), form_data(organiser, person)))

    missing = "Das Zeichen „雷“ (U+96F7) kann nicht gedruckt werden."
    assert f"Name im Training „Prof. Dr. Thea 雷“: {missing} Bitte berichtigen Sie ihn unter „Konten“." in page
    assert f"Ort „Haus 雷, Hannover“: {missing} Bitte berichtigen Sie ihn unter „Orte“." in page
    assert f"Kommune „Stadt 雷“: {missing} Bitte berichtigen Sie den Namen unter „Kommunen“." in page
    assert f"Modul, Lernziel oder Kompetenz „Modul 雷“: {missing}" in page
    assert not Certificate.objects.exists()


def test_certificate_issue_proposes_who_signed_last(client, organiser, cohort, person):
    certificate_for(person, organiser)
    attending(cohort)
    client.force_login(organiser)

    page = text_of(client.get(issue_url(cohort)))

    assert "Dr. Anna Beispiel, Leitung der Fortbildung" in page
    assert "<dd>Institut für Netzwerkarbeit</dd>" in page
    assert reverse("participants:certificate_design", args=[cohort.pk]) in page


def test_numbers_go_on_without_gap_when_one_issue_fails(organiser, cohort, person):
    other_cohort = CohortFactory(edition=cohort.edition)
    certificate_for(person, organiser)
    with transaction.atomic():
        certificate_for(attending(cohort), organiser)
        transaction.set_rollback(True)
    assert issue_certificates(cohort=other_cohort, by=organiser) == []

    third = certificate_for(attending(cohort), organiser)

    assert third.number.endswith("-00002")


def test_many_issuers_at_once_draw_each_number_once(at_once):
    by = UserFactory()
    cohorts = [finished_cohort(title=f"Durchgang {n}", programme=f"Programm {n}") for n in range(3)]
    for cohort in cohorts:
        attending(cohort)
        attending(cohort)

    # Each cohort twice: who comes second finds nobody left.
    issued = at_once(*(partial(issue_certificates, cohort=cohort, by=by) for cohort in cohorts * 2))

    assert sorted(len(certificates) for certificates in issued) == [0, 0, 0, 2, 2, 2]
    assert sorted(Certificate.objects.values_list("ordinal", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert Email.objects.count() == 6


def test_one_valid_certificate_per_person_is_a_rule_of_the_database(organiser, person):
    certificate = certificate_for(person, organiser)
    values = {
        "registration": person,
        "person": person.person,
        "cohort": person.cohort,
        "issuance": certificate.issuance,
        "kind": "ATTENDANCE",
        "content": {},
    }

    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.create(**values, year=2018, ordinal=1, code="a" * 32)
    other = attending(person.cohort)
    values |= {"registration": other, "person": other.person, "year": certificate.year}
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.create(**values, ordinal=certificate.ordinal, code="b" * 32)
    with pytest.raises(ValidationError):
        certificate.delete()


# Replacing


def replace_url(certificate):
    return reverse("participants:certificate_replace", args=[certificate.pk])


def test_certificate_replace_gives_a_new_number_and_ends_the_old_one(client, organiser, person):
    old = certificate_for(person, organiser)
    person.family_name = "Neu"
    person.save()
    client.force_login(organiser)

    response = client.post(replace_url(old), {"replacement_reason": "Heirat"}, follow=True)

    old.refresh_from_db()
    new = Certificate.objects.valid().get()
    assert f"Die Bescheinigung {new.number} gilt jetzt anstelle von {old.number}." in text_of(response)
    assert (old.state, old.replacement_reason) == ("REPLACED", "Heirat")
    assert new.replaces == old
    assert new.ordinal == old.ordinal + 1
    assert new.code != old.code
    assert (old.content["name"], new.content["name"]) == (
        "Dr. Łucja Größenwahn-Şahin",
        "Dr. Łucja Neu",
    )
    assert new.content["imprint"] == old.content["imprint"]
    assert Email.objects.count() == 2
    event = AuditEvent.objects.get(action=AuditAction.CERTIFICATE_REPLACED)
    assert event.details == {"number": old.number, "replaced_by": new.number}


def test_certificate_replace_asks_for_the_reason_and_says_what_happens(client, organiser, person):
    certificate = certificate_for(person, organiser)
    client.force_login(organiser)

    shown = text_of(client.get(replace_url(certificate)))
    refused = text_of(client.post(replace_url(certificate), {}))

    assert "liest, dass die alte seit heute ersetzt ist, aber nicht warum" in shown
    assert "Bitte prüfen Sie Ihre Angaben" in refused
    assert Certificate.objects.valid().get() == certificate


def test_certificate_replace_refuses_letters_that_cannot_be_printed(client, organiser, person):
    certificate = certificate_for(person, organiser)
    person.family_name = "李"
    person.save()
    client.force_login(organiser)

    page = text_of(client.post(replace_url(certificate), {"replacement_reason": "Neuer Name"}))

    assert "Das Zeichen „李“ (U+674E) kann nicht gedruckt werden." in page
    assert "Neuer Name" in page
    assert Certificate.objects.valid().get() == certificate
    assert CertificateCounter.objects.get().last_ordinal == 1


def test_certificate_replace_needs_somebody_who_was_there(organiser, person):
    certificate = certificate_for(person, organiser)
    person.attendances.update(presence="ABSENT")

    with pytest.raises(NotReplaceable, match="steht keine solche Bescheinigung mehr zu"):
        replace_certificate(certificate=certificate, reason="Irrtum", by=organiser)


def test_certificate_replace_of_one_that_has_ended_says_so(client, organiser, person):
    certificate = certificate_for(person, organiser)
    revoke_certificate(certificate=certificate, reason="Irrtum", by=organiser)
    client.force_login(organiser)

    response = client.get(replace_url(certificate), follow=True)

    assert f"Die Bescheinigung {certificate.number} ist schon widerrufen." in text_of(response)
    with pytest.raises(NotReplaceable):
        replace_certificate(certificate=certificate, reason="Name", by=organiser)


def test_many_who_replace_at_once_replace_once(at_once):
    by = UserFactory()
    certificate = certificate_for(attending(finished_cohort()), by)

    def replace():
        try:
            return replace_certificate(certificate=certificate, reason="Name geändert", by=by)
        except NotReplaceable:
            return None

    made = [successor for successor in at_once(*[replace] * 4) if successor]

    assert [successor.ordinal for successor in made] == [2]
    assert CertificateCounter.objects.get().last_ordinal == 2


# Making the papers in the background


def test_papers_that_stand_are_left_and_the_rest_is_made(organiser, cohort, person):
    first = certificate_for(person, organiser)
    second = waiting_certificate(attending(cohort), organiser)
    before = bytes(first.paper.pdf)

    assert make_papers.call(first.issuance_id) == 0
    assert make_papers.call(second.issuance_id) == 1

    assert bytes(CertificatePaper.objects.get(certificate=first).pdf) == before
    paper = CertificatePaper.objects.get(certificate=second)
    assert second.number in pdf_text(bytes(paper.pdf))
    assert paper.sha256 == hashlib.sha256(bytes(paper.pdf)).hexdigest()


def test_the_mail_goes_with_the_paper_and_only_once(organiser, person):
    certificate = waiting_certificate(person, organiser)
    assert not Email.objects.exists()

    make_papers.call(certificate.issuance_id)
    make_papers.call(certificate.issuance_id)

    assert Email.objects.count() == 1


def test_papers_that_the_queue_forgot_are_made_later(organiser, cohort, person, time_machine):
    certificate = waiting_certificate(person, organiser)

    assert make_forgotten_papers() == 0
    time_machine.move_to(timezone.now() + datetime.timedelta(minutes=6))
    assert make_forgotten_papers() == 1

    assert CertificatePaper.objects.get().certificate == certificate


def test_a_paper_that_is_too_large_holds_up_no_other_and_says_why(client, organiser, cohort, person, caplog):
    too_long = "Netzwerk " * 80_000
    Module.objects.update(title=too_long[:200])
    LearningGoal.objects.bulk_create(
        LearningGoal(module=Module.objects.get(), position=position, text="Netzwerk " * 55)
        for position in range(3, 1300)
    )
    first = waiting_certificate(person, organiser)
    LearningGoal.objects.filter(position__gt=2).delete()
    second = waiting_certificate(attending(cohort), organiser)
    client.force_login(organiser)

    made = make([first, second])

    assert made == 1
    assert second.number in pdf_text(bytes(CertificatePaper.objects.get().pdf))
    assert f"Certificate {first.number} is too large" in caplog.text
    assert "Das Dokument ist zu lang für ein PDF." in PaperTrouble.objects.get(certificate=first).sentence
    assert "Das Dokument ist zu lang für ein PDF." in text_of(client.get(list_url(cohort)))
    assert "Das Dokument ist zu lang für ein PDF." in text_of(client.get(first.get_absolute_url()))


def test_a_paper_that_fails_is_tried_again_later(organiser, person, time_machine):
    certificate = waiting_certificate(person, organiser)
    PaperTrouble.objects.create(certificate=certificate, sentence="Der Datenträger war voll.")

    time_machine.move_to(timezone.now() + datetime.timedelta(minutes=30))
    assert make_forgotten_papers() == 0
    time_machine.move_to(timezone.now() + datetime.timedelta(minutes=31))
    assert make_forgotten_papers() == 1

    assert not PaperTrouble.objects.exists()


# The paper


def test_certificate_download_sends_the_stored_paper(client, organiser, person):
    certificate = certificate_for(person, organiser)
    client.force_login(person.person)

    response = client.get(certificate.get_absolute_url())

    assert response.content == bytes(CertificatePaper.objects.get().pdf)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == (
        f'attachment; filename="Teilnahmebescheinigung-{certificate.number}.pdf"'
    )
    assert "no-store" in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"


def test_certificate_download_before_the_paper_is_made_looks_again_by_itself(client, organiser, person):
    waiting_certificate(person, organiser)
    client.force_login(person.person)

    response = client.get(Certificate.objects.get().get_absolute_url())

    assert response.status_code == 202
    assert response["Refresh"] == "10"
    assert "ist ausgestellt und gilt." in text_of(response)
    assert not CertificatePaper.objects.exists()


@pytest.mark.parametrize("role", ["stranger", "trainer", "reader"])
def test_certificate_download_of_another_is_not_found(client, request, organiser, person, role):
    certificate = certificate_for(person, organiser)
    client.force_login(request.getfixturevalue(role))

    assert client.get(certificate.get_absolute_url()).status_code == 404


def test_certificate_download_of_the_tandem_partner_is_not_found(client, organiser, person):
    partner = RegistrationFactory(tandem=person.tandem, role="MANAGER")
    certificate = certificate_for(person, organiser)
    client.force_login(partner.person)

    assert client.get(certificate.get_absolute_url()).status_code == 404


def test_revoked_certificate_is_left_to_the_organiser(client, organiser, person):
    certificate = certificate_for(person, organiser)
    revoke_certificate(certificate=certificate, reason="Name falsch", by=organiser)

    client.force_login(person.person)
    assert client.get(certificate.get_absolute_url()).status_code == 404
    client.force_login(organiser)
    assert client.get(certificate.get_absolute_url()).status_code == 200


# Revoking


def revoke_url(certificate):
    return reverse("participants:certificate_revoke", args=[certificate.pk])


def test_certificate_revoke_keeps_the_reason_inside_and_lets_a_new_one_be_issued(client, organiser, person):
    certificate = certificate_for(person, organiser)
    client.force_login(organiser)

    response = client.post(revoke_url(certificate), {"revocation_reason": "Name falsch geschrieben"}, follow=True)

    certificate.refresh_from_db()
    assert certificate.revoked_at
    assert certificate.revocation_reason == "Name falsch geschrieben"
    assert f"Die Bescheinigung {certificate.number} ist widerrufen." in text_of(response)
    event = AuditEvent.objects.get(action=AuditAction.CERTIFICATE_REVOKED)
    assert event.details == {"number": certificate.number}
    assert certificate_for(person, organiser).number != certificate.number


def test_certificate_revoke_asks_for_a_reason(client, organiser, person):
    certificate = certificate_for(person, organiser)
    client.force_login(organiser)

    page = text_of(client.post(revoke_url(certificate), {"revocation_reason": " "}))

    assert "Bitte prüfen Sie Ihre Angaben" in page
    certificate.refresh_from_db()
    assert certificate.revoked_at is None


def test_certificate_revoke_twice_keeps_the_first(client, organiser, person):
    certificate = certificate_for(person, organiser)
    client.force_login(organiser)
    client.post(revoke_url(certificate), {"revocation_reason": "erster"})

    response = client.post(revoke_url(certificate), {"revocation_reason": "zweiter"}, follow=True)

    assert "ist schon widerrufen" in text_of(response)
    certificate.refresh_from_db()
    assert certificate.revocation_reason == "erster"
    assert revoke_certificate(certificate=certificate, reason="dritter", by=organiser) is False


# Who may


@pytest.mark.parametrize("role", ["stranger", "trainer", "reader"])
def test_certificate_pages_forbidden_without_permission(client, request, organiser, cohort, person, role):
    certificate = certificate_for(person, organiser)
    client.force_login(request.getfixturevalue(role))

    for url in (list_url(cohort), issue_url(cohort), revoke_url(certificate)):
        assert client.get(url).status_code == 403
    assert client.post(issue_url(cohort), form_data(organiser, person)).status_code == 403
    assert client.post(revoke_url(certificate), {"revocation_reason": "x"}).status_code == 403
    certificate.refresh_from_db()
    assert certificate.revoked_at is None


def test_certificate_pages_ask_for_sign_in(client, organiser, cohort, person):
    certificate = certificate_for(person, organiser)

    for url in (list_url(cohort), issue_url(cohort), revoke_url(certificate), certificate.get_absolute_url()):
        assert client.get(url).status_code == 302


def test_certificate_pages_refuse_other_methods(client, organiser, cohort, person):
    certificate = certificate_for(person, organiser)
    client.force_login(organiser)

    assert client.post(list_url(cohort)).status_code == 405
    assert client.post(certificate.get_absolute_url()).status_code == 405
    assert client.put(issue_url(cohort)).status_code == 405


def test_name_stays_text_in_the_mail(organiser, cohort):
    registration = attending(cohort, given_names="{{ 7|add:7 }}", family_name="{% load static %}<b>")

    certificate_for(registration, organiser)

    mail = Email.objects.get()
    assert "Guten Tag {{ 7|add:7 }} {% load static %}<b>," in mail.message
    assert "{{ 7|add:7 }} {% load static %}&lt;b&gt;," in mail.html_message
