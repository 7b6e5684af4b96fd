"""Many at once: how far their papers are, and all of them in an archive or in one file to print."""

import io
import zipfile

import pytest
from django.test import override_settings
from django.urls import reverse

from netzkoord.lib.binding import bound
from participants.actions.certificates import issue_certificates, replace_certificate, revoke_certificate
from participants.models import Certificate, Issuance, PaperTrouble, Registration
from participants.tasks import make_papers
from tests.factories import CohortFactory
from tests.participants.finished import attending, certificate_for, finished_cohort, issue_data
from tests.pdf import assert_pdf_ua_and_a, pdf_outline, pdf_reader, pdf_text

NAMES = ["Zorn", "Äpfel", "Berg"]
LATER = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


@pytest.fixture
def cohort(db):
    return finished_cohort()


def people(cohort, names=NAMES):
    return [attending(cohort, given_names="Kim", family_name=name) for name in names]


def issuance_of(cohort, by, names=NAMES):
    people(cohort, names)
    return issue_certificates(cohort=cohort, by=by)[0].issuance


def waiting_issuance(cohort, by):
    with override_settings(TASKS=LATER):
        return issuance_of(cohort, by)


def archive_url(cohort):
    return reverse("participants:certificate_archive", args=[cohort.pk])


def print_url(cohort):
    return reverse("participants:certificate_print", args=[cohort.pk])


def text_of(response):
    return response.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ")


def test_issuing_leads_to_the_page_of_the_issuance(client, organiser, cohort):
    (person,) = people(cohort, ["Berg"])
    client.force_login(organiser)
    data = issue_data(cohort, organiser, f"{person.pk}-ATTENDANCE")

    response = client.post(reverse("participants:certificate_issue", args=[cohort.pk]), data)

    assert response["Location"] == Issuance.objects.get().get_absolute_url()


def test_issuance_detail_says_how_far_it_is(client, organiser, cohort):
    issuance = waiting_issuance(cohort, organiser)
    client.force_login(organiser)

    waiting = text_of(client.get(issuance.get_absolute_url()))
    make_papers.call(issuance.pk)
    done = text_of(client.get(issuance.get_absolute_url()))

    assert "0 von 3" in waiting
    assert "data-looks-again" in waiting
    assert "Sie können diese Seite verlassen" in waiting
    assert "Datei drucken" not in waiting
    assert f"3 Bescheinigungen, ausgestellt durch {organiser.get_full_name()}: alle gelten." in waiting
    assert "3 von 3" in done
    assert "data-looks-again" not in done
    assert "Alle PDF sind erstellt, und die Mails dazu sind auf dem Weg." in done
    assert f"{print_url(cohort)}?ausstellung={issuance.pk}" in done
    assert "Alle 3 gültigen in einer Datei drucken (PDF)" in done
    assert "Alle 3 gültigen einzeln in einem Ordner (ZIP)" in done


def test_issuance_detail_counts_what_holds_and_what_does_not(client, organiser, cohort):
    issuance = issuance_of(cohort, organiser, [*NAMES, "Dachs"])
    first, second, third, _ = issuance.certificates.order_by("pk")
    replace_certificate(certificate=first, reason="Neuer Name", by=organiser)
    replace_certificate(certificate=second, reason="Neuer Name", by=organiser)
    revoke_certificate(certificate=third, reason="Irrtum", by=organiser)
    client.force_login(organiser)

    page = text_of(client.get(issuance.get_absolute_url()))

    assert "1 gilt, 2 sind ersetzt und 1 ist widerrufen." in page
    assert "Die gültige in einer Datei drucken (PDF)" in page


def test_issuance_detail_names_people_as_their_papers_do(client, organiser, cohort):
    (person,) = people(cohort, ["Berg"])
    certificate = certificate_for(person, organiser)
    before = f"{person.tandem.municipality.name}, Koordinierungskraft"
    Registration.objects.update(family_name="Umbenannt")
    municipality = person.tandem.municipality
    municipality.name = "Umbenannt"
    municipality.save()
    client.force_login(organiser)

    page = text_of(client.get(certificate.issuance.get_absolute_url()))
    (name,) = files_in(client.get(archive_url(cohort))).namelist()

    assert "Kim Berg" in page
    assert before in page
    assert "Umbenannt" not in page
    assert name == f"{certificate.number} Teilnahmebescheinigung Kim Berg.pdf"


def test_issuance_detail_names_what_could_not_be_made(client, organiser, cohort):
    issuance = waiting_issuance(cohort, organiser)
    certificate = issuance.certificates.first()
    PaperTrouble.objects.create(certificate=certificate, sentence="Das Dokument ist zu lang für ein PDF.")
    client.force_login(organiser)

    page = text_of(client.get(issuance.get_absolute_url()))

    assert "Das Dokument ist zu lang für ein PDF." in page
    assert page.count("wird erstellt</span>") == 2


@pytest.mark.parametrize("count", [1, 3])
def test_issuance_detail_query_count(client, organiser, cohort, django_assert_num_queries, count):
    issuance = issuance_of(cohort, organiser, NAMES[:count])
    client.force_login(organiser)

    with django_assert_num_queries(6):
        page = text_of(client.get(issuance.get_absolute_url()))

    assert page.count('<th scope="row">') == count


def files_in(response):
    return zipfile.ZipFile(io.BytesIO(response.content))


def test_certificate_archive_holds_every_valid_paper_under_its_name(client, organiser, cohort):
    issuance = issuance_of(cohort, organiser)
    ended = issuance.certificates.get(registration__family_name="Berg")
    revoke_certificate(certificate=ended, reason="Irrtum", by=organiser)
    left = {one.registration.family_name: one for one in Certificate.objects.valid()}
    client.force_login(organiser)

    response = client.get(archive_url(cohort))

    archive = files_in(response)
    assert archive.namelist() == [
        f"{left['Äpfel'].number} Teilnahmebescheinigung Kim Äpfel.pdf",
        f"{left['Zorn'].number} Teilnahmebescheinigung Kim Zorn.pdf",
    ]
    assert archive.read(archive.namelist()[0]) == bytes(left["Äpfel"].paper.pdf)
    assert "no-store" in response["Cache-Control"]
    assert "attachment" in response["Content-Disposition"]


def test_names_of_files_do_not_leave_the_folder(client, organiser, cohort):
    issuance_of(cohort, organiser, ["../../etc/passwd", 'CON: "x"', "A" * 110])
    client.force_login(organiser)

    names = files_in(client.get(archive_url(cohort))).namelist()

    assert len(set(names)) == 3
    assert not [name for name in names if set(name) & set('/\\:"<>|?*')]
    assert max(map(len, names)) < 140


@pytest.mark.verapdf
def test_certificate_print_binds_the_papers_as_they_are(client, organiser, cohort):
    issuance_of(cohort, organiser)
    client.force_login(organiser)

    book = client.get(print_url(cohort)).content

    pages = [page.extract_text() for page in pdf_reader(book).pages]
    assert [name for page in pages for name in NAMES if name in page] == ["Äpfel", "Berg", "Zorn"]
    single = pdf_outline(bytes(Certificate.objects.first().paper.pdf))
    outline = pdf_outline(book)
    assert outline[0] == "Document"
    assert [tag.partition(":")[0] for tag in outline[1:]] == [tag.partition(":")[0] for tag in single[1:]] * 3
    read = pdf_reader(book)
    assert read.metadata.title == read.metadata.subject == "Bescheinigungen: Durchgang 2017/18"
    assert read.xmp_metadata.dc_description == {"x-default": "Bescheinigungen: Durchgang 2017/18"}
    numbers = dict(Certificate.objects.values_list("content__name", "ordinal"))
    assert [(entry.title, read.get_destination_page_number(entry)) for entry in read.outline] == [
        (f"Kim {name}: Teilnahmebescheinigung 2026-{numbers[f'Kim {name}']:05d}", page)
        for page, name in enumerate(["Äpfel", "Berg", "Zorn"])
    ]
    assert read.page_mode == "/UseOutlines"
    assert_pdf_ua_and_a(book)


@pytest.mark.one_database
def test_cells_of_a_bound_paper_point_to_their_own_heads(organiser, cohort):
    papers = [bytes(one.paper.pdf) for one in issuance_of(cohort, organiser).certificates.all()]

    text = pdf_text(bound([("Eintrag", paper) for paper in papers], title="Zusammen"))

    assert text.count("Zeitraum") == 3


def test_file_with_a_part_of_the_papers_says_so(client, organiser, cohort):
    issuance_of(cohort, organiser, ["Berg"])
    waiting = waiting_issuance(cohort, organiser)
    client.force_login(organiser)

    responses = [client.get(archive_url(cohort)), client.get(print_url(cohort))]
    page = text_of(client.get(reverse("participants:certificate_list", args=[cohort.pk])))
    make_papers.call(waiting.pk)
    whole = client.get(print_url(cohort))

    names = [response["Content-Disposition"] for response in responses]
    assert names == [
        'attachment; filename="Bescheinigungen-durchgang-201718-1-von-4.zip"',
        'attachment; filename="Bescheinigungen-durchgang-201718-1-von-4-Druck.pdf"',
    ]
    assert "1 von 4 gültigen in einer Datei drucken (PDF)" in page
    assert "1 von 4 gültigen einzeln in einem Ordner (ZIP)" in page
    assert whole["Content-Disposition"] == 'attachment; filename="Bescheinigungen-durchgang-201718-Druck.pdf"'


def test_print_and_archive_of_one_issuance_hold_only_its_own(client, organiser, cohort):
    first = issuance_of(cohort, organiser, ["Berg"])
    issuance_of(cohort, organiser, ["Zorn"])
    client.force_login(organiser)

    archive = files_in(client.get(archive_url(cohort), {"ausstellung": first.pk}))
    book = client.get(print_url(cohort), {"ausstellung": first.pk}).content

    assert ["Berg" in name for name in archive.namelist()] == [True]
    assert len(pdf_reader(book).pages) == 1


@pytest.mark.parametrize("number", ["x", "²", "9" * 30, "-1", "0"])
def test_unknown_issuance_is_not_found(client, organiser, cohort, number):
    issuance_of(cohort, organiser, ["Berg"])
    client.force_login(organiser)

    assert client.get(print_url(cohort), {"ausstellung": number}).status_code == 404


def test_issuance_of_another_cohort_is_not_found(client, organiser, cohort):
    other = finished_cohort(title="Anderer", programme="Anderes Programm")
    issuance = certificate_for(attending(other), organiser).issuance
    client.force_login(organiser)

    assert client.get(archive_url(cohort), {"ausstellung": issuance.pk}).status_code == 404


@pytest.mark.parametrize("address", [archive_url, print_url])
def test_nothing_to_print_says_so(client, organiser, address):
    client.force_login(organiser)

    response = client.get(address(CohortFactory()))

    assert response.status_code == 404
    assert "Hier ist noch keine gültige Bescheinigung fertig." in text_of(response)
