"""How certificates look: the page „Gestaltung“, its pictures, its preview, and what is printed of it."""

import contextlib
import datetime
import io
from dataclasses import asdict, replace
from importlib import import_module

import pytest
import time_machine
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from PIL import Image, ImageDraw

from netzkoord.lib import pdf, press
from netzkoord.lib.graphics import read_graphic
from netzkoord.lib.press import BUSY
from netzkoord.lib.uploads import UploadRefused
from netzkoord.models import AuditAction, AuditEvent
from participants.actions.certificates import issue_certificates, replace_certificate
from participants.actions.designs import save_design
from participants.certificates import render_certificate
from participants.imprint import Imprint, Signatory
from participants.models import Certificate, CertificateDesign, CertificatePicture, CertificatePictureUse
from participants.previews import sample
from participants.queries.certificates import fetch_for_snapshot
from participants.queries.designs import imprint_for, imprint_of_design, mark_of
from participants.snapshots import snapshot
from tests.factories import CohortFactory, EditionFactory, UserFactory
from tests.participants.finished import IMPRINT, attending, certificate_for, design_data, finished_cohort
from tests.pdf import assert_pdf_ua_and_a, pdf_outline, pdf_reader, pdf_text
from tests.pictures import picture as png
from tests.pictures import saved


@pytest.fixture
def cohort(db):
    return finished_cohort()


def upload(content=None):
    return SimpleUploadedFile("logo.png", content or png(), content_type="image/png")


def url(cohort, name="certificate_design"):
    return reverse(f"participants:{name}", args=[cohort.pk])


def page_of(response):
    return response.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ")


def designed(cohort, by, **changes):
    """A design with logo and a signature."""
    logo, hand = read_graphic(png()), read_graphic(png((200, 60)))
    signatory = Signatory("Dr. Anna Beispiel", "Leitung der Fortbildung", hand.sha256)
    imprint = replace(
        IMPRINT, logo=logo.sha256, logo_alternative="Logo der Stadt", signatories=(signatory,), **changes
    )
    save_design(cohort=cohort, imprint=imprint, pictures=[logo, hand], by=by)
    return imprint


# The page


def test_design_is_saved_with_its_pictures_and_logged(client, organiser, cohort):
    client.force_login(organiser)
    data = design_data(IMPRINT) | {
        "layout": "LANDSCAPE",
        "intro": "Gefördert vom Land.",
        "logo": upload(),
        "logo_alternative": "Logo der Stadt",
        "name_2": "Jens Petersen",
        "function_2": "Vorstand",
        "signature_2": upload(png((200, 60))),
    }

    response = client.post(url(cohort), data, follow=True)

    assert "Die Gestaltung ist gespeichert." in page_of(response)
    design = CertificateDesign.objects.get()
    assert (design.layout, design.intro, design.logo_alternative) == (
        "LANDSCAPE",
        "Gefördert vom Land.",
        "Logo der Stadt",
    )
    assert [(each.name, each.function) for each in design.signatories.all()] == [
        ("Dr. Anna Beispiel", "Leitung der Fortbildung"),
        ("Jens Petersen", "Vorstand"),
    ]
    assert {design.logo_id, design.signatories.last().signature_id} == set(
        CertificatePicture.objects.values_list("pk", flat=True)
    )
    assert AuditEvent.objects.get(action=AuditAction.CERTIFICATE_DESIGNED).details == {"cohort": cohort.title}


def test_design_keeps_what_was_chosen_when_something_else_is_missing(client, organiser, cohort):
    client.force_login(organiser)
    sha256 = read_graphic(png()).sha256

    refused = page_of(client.post(url(cohort), design_data(IMPRINT) | {"issuer": "", "logo": upload()}))
    saved = design_data(IMPRINT) | {"logo_kept": sha256, "logo_alternative": "Logo der Stadt"}
    client.post(url(cohort), saved)

    assert "Bitte prüfen Sie Ihre Angaben" in refused
    assert "Bitte sagen Sie, was das Logo zeigt" in refused
    assert f'value="{sha256}"' in refused
    assert 'value="Dr. Anna Beispiel"' in refused
    assert CertificateDesign.objects.get().logo_id == sha256


def test_design_asks_again_for_a_picture_that_is_gone(client, organiser, cohort):
    client.force_login(organiser)

    page = page_of(client.post(url(cohort), design_data(IMPRINT) | {"logo_kept": "a" * 64}))

    assert "Bitte wählen Sie es noch einmal aus." in page
    assert not CertificateDesign.objects.exists()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"name_1": ""}, "Wer unterschreibt"),
        ({"name_2": "Jens Petersen"}, "Bitte nennen Sie die Funktion, oder leeren Sie auch den Namen."),
        ({"function_3": "Vorstand"}, "Bitte nennen Sie den Namen, oder leeren Sie auch die Funktion."),
        ({"intro": "Grüße von 李"}, "Das Zeichen „李“ (U+674E) kann nicht gedruckt werden."),
        (
            {"name_1": "Anna\u202eBerg"},
            "Das Zeichen U+202E (RIGHT-TO-LEFT OVERRIDE, ändert die Schreibrichtung) kann nicht gedruckt werden.",
        ),
        ({"issuer": "Netz 😀"}, "Das Zeichen „😀“ (U+1F600, GRINNING FACE) kann nicht gedruckt werden."),
        ({"place": "\u041aiel"}, "„\u041a“ (U+041A, CYRILLIC CAPITAL LETTER KA) kann nicht gedruckt werden."),
        ({"logo_alternative": "Lo\ufb01"}, "Bitte schreiben Sie stattdessen „fi“."),
        ({"layout": "SQUARE"}, "Format"),
        ({"intro": "x" * 301}, "300"),
    ],
)
def test_design_says_what_is_wrong_and_changes_nothing(client, organiser, cohort, data, sentence):
    client.force_login(organiser)

    page = page_of(client.post(url(cohort), design_data(IMPRINT) | data))

    assert sentence in page.split("Bitte prüfen Sie Ihre Angaben")[1]
    assert not CertificateDesign.objects.exists()


def test_next_cohort_proposes_the_design_of_the_last_one_of_its_programme(client, organiser, cohort):
    imprint = designed(cohort, organiser, layout="LANDSCAPE")
    save_design(
        cohort=CohortFactory(), imprint=replace(IMPRINT, issuer="Anderes Programm"), pictures=[], by=organiser
    )
    following = CohortFactory(edition=EditionFactory(programme=cohort.edition.programme))
    client.force_login(organiser)

    page = page_of(client.get(url(following)))

    assert imprint_for(following, by=organiser) == imprint
    assert "Ein Vorschlag, wie es zuletzt war." in page
    assert 'value="Institut für Netzwerkarbeit"' in page
    assert CertificateDesign.objects.count() == 2


def test_the_very_first_time_the_programme_issues_and_who_asks_signs(organiser, cohort):
    imprint = imprint_for(cohort, by=organiser)

    assert (imprint.issuer, imprint.place) == (cohort.edition.title, "Hannover")
    assert [signatory.name for signatory in imprint.signatories] == [organiser.get_full_name()]


def test_nothing_of_another_programme_is_proposed(client, organiser, cohort):
    attending(cohort)
    designed(cohort, organiser)
    issue_certificates(cohort=cohort, by=organiser)
    other = CohortFactory()
    client.force_login(organiser)

    page = page_of(client.get(url(other)))

    assert imprint_for(other, by=organiser).issuer == other.edition.title
    assert imprint_for(other, by=organiser).pictures == []
    assert IMPRINT.issuer not in page
    assert "Dr. Anna Beispiel" not in page


def test_page_before_issuing_names_the_pictures(client, organiser, cohort):
    attending(cohort)
    designed(cohort, organiser)
    client.force_login(organiser)

    page = page_of(client.get(url(cohort, "certificate_issue")))

    assert "<dt>Logo</dt><dd>Logo der Stadt</dd>" in page
    assert "Dr. Anna Beispiel, Leitung der Fortbildung, als Bild</dd>" in page


def test_issuing_settles_what_was_only_proposed(organiser, cohort):
    before = designed(CohortFactory(edition=cohort.edition), organiser)
    attending(cohort)

    issue_certificates(cohort=cohort, by=organiser)

    assert imprint_of_design(CertificateDesign.objects.get(cohort=cohort)) == before
    designed(CohortFactory(edition=cohort.edition), organiser, intro="Alles neu.")
    assert imprint_for(cohort, by=organiser) == before


@pytest.mark.parametrize("count", [1, 3])
def test_design_query_count(client, organiser, cohort, django_assert_num_queries, count):
    for _ in range(count):
        attending(cohort)
    designed(cohort, organiser)
    client.force_login(organiser)

    with django_assert_num_queries(25):
        client.get(url(cohort))


# The preview


def test_preview_shows_the_longest_name_for_each_kind(client, organiser, cohort):
    attending(cohort, given_names="Li", family_name="Wu")
    attending(cohort, given_names="Maximiliane-Friederike", family_name="von der Leyendecker")
    client.force_login(organiser)

    pages = [
        page_of(
            client.post(
                url(cohort, "certificate_design_preview"),
                design_data(IMPRINT) | {"shown": shown},
                headers={"X-Requested-With": "fetch"},
            )
        )
        for shown in ("ATTENDANCE", "REDUCED", "QUALIFICATION")
    ]

    assert len(set(pages)) == 3
    for page in pages:
        assert page.count('src="data:image/png;base64,') == 1
        assert "Vorschau für Maximiliane-Friederike von der Leyendecker, Seite 1 von 1" in page
    assert not CertificateDesign.objects.exists()
    assert not Certificate.objects.exists()


def test_preview_shows_a_new_picture_before_it_is_saved(client, organiser, cohort):
    attending(cohort)
    client.force_login(organiser)
    preview = url(cohort, "certificate_design_preview")
    data = design_data(IMPRINT) | {"logo_alternative": "Logo"}

    without = page_of(client.post(preview, data))
    with_logo = page_of(client.post(preview, data | {"logo": upload()}))

    assert without.count("data:image/png") == 1
    assert with_logo.count("data:image/png") == 2  # the chosen picture, and the paper
    assert f'value="{read_graphic(png()).sha256}"' in with_logo
    assert not CertificatePicture.objects.exists()


def test_preview_says_why_there_is_none(client, organiser, cohort):
    client.force_login(organiser)
    preview = url(cohort, "certificate_design_preview")

    nobody = page_of(client.post(preview, design_data(IMPRINT), headers={"X-Requested-With": "fetch"}))
    incomplete = page_of(client.post(preview, {}, headers={"X-Requested-With": "fetch"}))

    assert "Sobald jemand angenommen ist" in nobody
    assert "Eine neue Vorschau erscheint, sobald das stimmt:" in incomplete
    assert "<li>Veranstalter: Bitte füllen Sie dieses Feld aus.</li>" in incomplete


def test_preview_says_which_letter_cannot_be_printed(client, organiser, cohort):
    attending(cohort)
    client.force_login(organiser)

    page = fetched(client, cohort, {"issuer": "Institut 🙂"})

    assert "<li>Veranstalter: Das Zeichen „🙂“" in page
    assert "data:image" not in page


def content_shown(cohort, shown, by):
    """The snapshot behind the preview."""
    claim = sample(cohort, shown)
    fetch_for_snapshot([claim])
    return snapshot(claim, imprint=imprint_for(cohort, by=by), issued_on=timezone.localdate(), is_demo=False)


def fetched(client, cohort, data):
    """What the script gets."""
    sent = design_data(IMPRINT) | data
    preview = url(cohort, "certificate_design_preview")
    return page_of(client.post(preview, sent, headers={"X-Requested-With": "fetch"}))


def test_preview_tells_the_script_under_which_name_a_file_is_kept(client, organiser, cohort):
    attending(cohort)
    client.force_login(organiser)
    sha256 = read_graphic(png()).sha256

    page = fetched(client, cohort, {"logo": upload()})
    later = fetched(client, cohort, {"logo_kept": sha256, "logo_alternative": "Logo"})

    assert f'<data data-kept="logo_kept" value="{sha256}"></data>' in page
    assert "Was das Logo zeigt: Bitte sagen Sie" in page
    assert "data:image" in later
    assert "data-kept" not in later


def test_preview_below_the_rule_shows_half_of_the_time(organiser, cohort):
    attending(cohort)

    content = content_shown(cohort, "REDUCED", organiser)

    assert (content["attended_minutes"], content["planned_minutes"]) == (360, 720)
    assert len(content["days"]) == 1
    assert len(content_shown(cohort, "ATTENDANCE", organiser)["days"]) == 2


def test_preview_below_the_rule_says_so(client, organiser, cohort):
    attending(cohort)
    client.force_login(organiser)

    assert "als wäre die Hälfte der Fortbildung besucht" in fetched(client, cohort, {"shown": "REDUCED"})
    assert "als wäre die ganze Fortbildung besucht" in fetched(client, cohort, {})


@pytest.fixture
def taken_presses(monkeypatch):
    """All are at work for others, and nobody waits for long."""
    monkeypatch.setattr(press, "QUEUE_SECONDS", 0.1)
    with contextlib.ExitStack() as taken:
        for _ in pdf.presses().all:
            taken.enter_context(pdf.presses().one())
        yield


def test_busy_presses_are_a_sentence_in_place_of_the_preview(client, organiser, cohort, taken_presses):
    attending(cohort)
    client.force_login(organiser)

    saved = client.post(url(cohort), design_data(IMPRINT) | {"place": "Bochum"}, follow=True)
    previewed = client.post(url(cohort, "certificate_design_preview"), design_data(IMPRINT) | {"intro": "Getippt."})

    assert (saved.status_code, previewed.status_code) == (200, 200)
    assert "Die Gestaltung ist gespeichert." in page_of(saved)
    assert BUSY in page_of(saved)
    assert BUSY in page_of(previewed)
    assert "Getippt." in page_of(previewed)


# Two at once


def test_design_that_somebody_else_has_changed_is_not_undone_unseen(client, organiser, cohort):
    designed(cohort, organiser)
    client.force_login(organiser)
    seen = mark_of(CertificateDesign.objects.get())
    colleague = UserFactory(given_names="Ute", family_name="Kollegin")
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=1)):
        save_design(cohort=cohort, imprint=replace(IMPRINT, place="Berlin"), pictures=[], by=colleague)
    mine = design_data(IMPRINT) | {"issuer": "Mein Veranstalter", "seen": seen}

    refused = page_of(client.post(url(cohort), mine))
    stored = CertificateDesign.objects.get()
    client.post(url(cohort), mine | {"seen": mark_of(stored)})

    assert "Inzwischen hat Ute Kollegin die Gestaltung geändert. Dort steht jetzt – " in refused
    assert "Ort der Ausstellung: Berlin" in refused
    assert 'value="Mein Veranstalter"' in refused
    assert f'name="seen" value="{mark_of(stored)}"' in refused
    assert stored.place == "Berlin"
    assert CertificateDesign.objects.get().issuer == "Mein Veranstalter"


# The paper


@pytest.mark.verapdf
@pytest.mark.parametrize("layout", ["PORTRAIT", "LANDSCAPE"])
def test_paper_shows_logo_intro_and_signatures(cohort, organiser, layout):
    attending(cohort, given_names="Anna", family_name="Berg")
    designed(cohort, organiser, layout=layout, intro="Gefördert vom Land.")
    (certificate,) = issue_certificates(cohort=cohort, by=organiser)

    paper = render_certificate(certificate)

    outline = pdf_outline(paper)
    page = pdf_reader(paper).pages[0]
    assert (page.mediabox.width > page.mediabox.height) == (layout == "LANDSCAPE")
    assert "Figure: Logo der Stadt" in outline
    assert "Figure: Unterschrift von Dr. Anna Beispiel" in outline
    assert "Gefördert vom Land." in pdf_text(paper)
    assert len(pdf_reader(paper).pages) == 1
    assert_pdf_ua_and_a(paper)


@pytest.mark.verapdf
@pytest.mark.parametrize("modules", [1, 12, 40])
def test_landscape_flows_on_without_loss_and_keeps_its_end_on_the_first_page(cohort, organiser, modules):
    attending(cohort)
    designed(cohort, organiser, layout="LANDSCAPE")
    (certificate,) = issue_certificates(cohort=cohort, by=organiser)
    certificate.content["modules"] = [
        {"title": f"Modul {number}", "goals": ["die Rolle der Koordination beschreiben"] * 4, "competences": []}
        for number in range(modules)
    ]

    paper = render_certificate(certificate)

    first = pdf_reader(paper).pages[0].extract_text()
    assert f"Nr.\u00a0{certificate.number}" in first
    assert [number for number in range(modules) if f"Modul {number}" not in pdf_text(paper)] == []
    assert_pdf_ua_and_a(paper)


def test_snapshot_keeps_the_design_that_it_was_issued_with(cohort, organiser):
    attending(cohort)
    imprint = designed(cohort, organiser)
    (certificate,) = issue_certificates(cohort=cohort, by=organiser)
    save_design(cohort=cohort, imprint=replace(IMPRINT, issuer="Neuer Veranstalter"), pictures=[], by=organiser)

    successor = replace_certificate(certificate=certificate, reason="Name geändert", by=organiser, imprint=imprint)

    certificate.refresh_from_db()
    assert certificate.content["imprint"]["issuer"] == IMPRINT.issuer
    assert "Figure: Logo der Stadt" in pdf_outline(render_certificate(certificate))
    assert successor.content["imprint"]["logo"] == imprint.logo


def test_successor_has_the_design_of_today(cohort, organiser):
    attending(cohort)
    designed(cohort, organiser)
    (certificate,) = issue_certificates(cohort=cohort, by=organiser)
    save_design(cohort=cohort, imprint=replace(IMPRINT, issuer="Neuer Veranstalter"), pictures=[], by=organiser)

    successor = replace_certificate(certificate=certificate, reason="Veranstalter falsch", by=organiser)

    assert successor.content["imprint"]["issuer"] == "Neuer Veranstalter"
    assert not successor.picture_uses.exists()


# Pictures


@pytest.mark.database
def test_picture_is_never_changed_and_stays_while_a_certificate_names_it(cohort, organiser):
    attending(cohort)
    imprint = designed(cohort, organiser)
    issue_certificates(cohort=cohort, by=organiser)
    logo = CertificatePicture.objects.filter(pk=imprint.logo)
    CertificateDesign.objects.all().delete()

    with pytest.raises(IntegrityError), transaction.atomic():
        logo.update(png=b"")
    with pytest.raises(IntegrityError), transaction.atomic():
        logo.delete()


@pytest.mark.database
def test_which_picture_a_certificate_names_is_kept(cohort, organiser):
    attending(cohort)
    imprint = designed(cohort, organiser)
    (certificate,) = issue_certificates(cohort=cohort, by=organiser)

    assert {use.picture_id for use in certificate.picture_uses.all()} == set(imprint.pictures)
    with pytest.raises(IntegrityError), transaction.atomic():
        CertificatePictureUse.objects.update(picture_id=imprint.logo)
    with pytest.raises(IntegrityError), transaction.atomic():
        CertificatePictureUse.objects.filter(certificate=certificate)._raw_delete("default")


@pytest.mark.database
def test_uses_of_older_certificates_are_read_from_their_snapshots(cohort, organiser):
    registration = attending(cohort)
    issued = certificate_for(registration, organiser)
    named = asdict(designed(cohort, organiser))
    lost = named | {"logo": "f" * 64}
    older = [
        Certificate.objects.create(
            cohort=cohort,
            registration=registration,
            person=registration.person,
            issuance=issued.issuance,
            kind="QUALIFICATION",
            year=2017,
            ordinal=number + 1,
            code=f"{number:032}",
            content=issued.content | {"imprint": imprint},
            revoked_at=timezone.now(),
            revocation_reason="alt",
        )
        for number, imprint in enumerate(
            [named, lost, {"issuer": "A", "place": "B", "signatory": "C", "function": "D"}]
        )
    ]

    import_module("participants.migrations.0037_certificate_picture_uses_filled").fill(apps, None)

    hand = named["signatories"][0]["signature"]
    found = [{use.picture_id for use in certificate.picture_uses.all()} for certificate in [issued, *older]]
    assert found == [set(), {named["logo"], hand}, {hand}, set()]


@pytest.mark.database
def test_design_that_changes_meanwhile_leaves_no_certificate_without_its_picture(cohort, organiser):
    attending(cohort)
    old = designed(cohort, organiser)
    imprint_for(cohort, by=organiser)  # what the page of who issues has read
    save_design(cohort=cohort, imprint=IMPRINT, pictures=[], by=organiser)

    (certificate,) = issue_certificates(cohort=cohort, by=organiser)

    assert not CertificatePicture.objects.filter(pk__in=old.pictures).exists()
    assert certificate.content["imprint"]["logo"] == ""
    assert render_certificate(certificate).startswith(b"%PDF")


@pytest.mark.database
def test_picture_that_a_certificate_names_outlives_the_design(cohort, organiser):
    attending(cohort)
    old = designed(cohort, organiser)
    (certificate,) = issue_certificates(cohort=cohort, by=organiser)

    save_design(cohort=cohort, imprint=IMPRINT, pictures=[], by=organiser)

    assert CertificatePicture.objects.filter(pk__in=old.pictures).count() == 2
    assert "Figure: Logo der Stadt" in pdf_outline(render_certificate(certificate))


def test_imprint_is_proposed_without_a_picture_that_is_gone():
    imprint = Imprint(
        "A", "B", (Signatory("C", "D", "1" * 64), Signatory("E", "F")), logo="2" * 64, logo_alternative="G"
    )

    assert imprint.with_only({"2" * 64}).pictures == ["2" * 64]
    assert imprint.with_only({"1" * 64}) == replace(imprint, logo="", logo_alternative="")
    assert imprint.with_only(set()).pictures == []


@pytest.mark.database
def test_picture_that_nobody_needs_is_forgotten(cohort, organiser):
    designed(cohort, organiser)
    assert CertificatePicture.objects.count() == 2

    save_design(cohort=cohort, imprint=IMPRINT, pictures=[], by=organiser)

    assert not CertificatePicture.objects.exists()


def test_picture_is_drawn_anew_on_white_without_what_it_carries():
    from PIL.PngImagePlugin import PngInfo  # noqa: PLC0415 -- only here

    secret = PngInfo()
    secret.add_text("Ort", "52.37 9.73")

    graphic = read_graphic(png((2000, 500), pnginfo=secret))

    assert b"52.37" not in graphic.png
    picture = Image.open(io.BytesIO(graphic.png))
    assert (picture.mode, picture.size) == ("RGB", (1000, 250))
    assert picture.getpixel((0, 0)) == (207, 142, 147)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "kein Bild"),
        (b"%PDF-1.7", "kein Bild"),
        (png()[:60], "unvollständig"),
        (png((10, 10)), "nichts zu erkennen"),
    ],
)
def test_picture_is_refused_by_what_is_inside(content, sentence):
    with pytest.raises(UploadRefused, match=sentence):
        read_graphic(content)


def grey_of_16_bits():
    """White with a dark line, as a scanner stores it."""
    scan = Image.new("I;16", (300, 90), 65_535)
    scan.paste(Image.new("I;16", (260, 10), 3_000), (20, 40))
    return saved(scan)


def drawn(mode):
    """A thin slanted line on white, in few colours."""
    scan = Image.new("L", (3000, 900), 255)
    ImageDraw.Draw(scan).line((100, 800, 2900, 100), fill=0, width=3)
    return saved(scan.convert(mode))


def test_picture_of_16_bit_grey_keeps_its_line():
    shown = Image.open(io.BytesIO(read_graphic(grey_of_16_bits()).png))

    assert max(shown.getpixel((150, 45))) < 20
    assert min(shown.getpixel((150, 10))) > 250


@pytest.mark.parametrize("mode", ["1", "P"])
def test_picture_of_few_colours_is_made_smaller_without_gaps(mode):
    shown = Image.open(io.BytesIO(read_graphic(drawn(mode)).png)).convert("L")

    columns = [min(shown.getpixel((x, y)) for y in range(shown.height)) for x in range(100, 900)]
    assert max(columns) < 200


@pytest.mark.parametrize("colour", [(255, 255, 255, 255), (0, 0, 0, 0), (250, 250, 245, 255)])
def test_picture_that_white_paper_swallows_is_refused(colour):
    with pytest.raises(UploadRefused, match="Auf weißem Papier ist von diesem Bild nichts zu sehen"):
        read_graphic(png(colour=colour))


def test_white_logo_on_clear_ground_is_refused():
    logo = Image.new("RGBA", (300, 80))
    ImageDraw.Draw(logo).rectangle((40, 20, 260, 60), fill="white")

    with pytest.raises(UploadRefused, match="Auf weißem Papier"):
        read_graphic(saved(logo))


def test_picture_of_too_many_points_is_not_unpacked():
    out = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(out, "PNG")

    with pytest.raises(UploadRefused, match="40 Millionen"):
        read_graphic(out.getvalue())
