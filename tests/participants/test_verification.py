"""Anyone with a certificate in hand can see whether it is genuine; a guess shows nothing."""

import hashlib
import re

import pytest
from django.core.files import uploadhandler
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from netzkoord.lib import limits
from participants.actions.certificates import replace_certificate, revoke_certificate
from participants.forms.verification import MOST_BYTES
from participants.models import Certificate
from participants.snapshots import texts
from tests.participants.finished import attending, certificate_for, finished_cohort
from tests.participants.repeated import organiser as organiser_of_its_own


@pytest.fixture(scope="module")
def shared(module_db):
    """To issue one, paper and all, takes a while; each test rolls back what it did to it."""
    person = attending(finished_cohort(), title="Dr.", given_names="Łucja", family_name='Größe"><script>')
    return certificate_for(person, organiser_of_its_own())


@pytest.fixture
def certificate(shared, db):
    return Certificate.objects.get(pk=shared.pk)


def verify_url(code):
    return reverse("participants:certificate_verify", args=[code])


CHECK = "/pruefen/"


def text_of(response):
    return response.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ")


def test_certificate_verify_shows_what_the_paper_says(client, certificate):
    response = client.get(verify_url(certificate.code))

    page = text_of(response)
    assert response.status_code == 200
    for text in [
        "Diese Bescheinigung ist gültig",
        f"Teilnahmebescheinigung Nr. {certificate.number}",
        "Dr. Łucja Größe&quot;&gt;&lt;script&gt;",
        "Koordinierungskraft, Stadt",
        "Netzwerkkoordination in der Kommune",
        "Durchgang 2017/18",
        "16 von 16 Unterrichtseinheiten (UE) zu je 45 Minuten besucht",
        "Haus Durchgang 2017/18, Hannover",
        "Grundlagen der Netzwerkarbeit",
        "Konflikte moderieren",
        "Prof. Dr. Thea Trainer",
        "Institut für Netzwerkarbeit",
        "Dr. Anna Beispiel, Leitung der Fortbildung",
    ]:
        assert text in page


ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Kind and layout, of which the page shows the German word or nothing.
CODES = {"ATTENDANCE", "PORTRAIT"}


def test_certificate_verify_leaves_out_nothing_that_is_in_the_snapshot(client, certificate):
    page = plain(text_of(client.get(verify_url(certificate.code))))

    said = [text for text in texts(certificate.content) if not (ISO_DATE.fullmatch(text) or text in CODES)]
    assert len(said) > 10
    assert [text for text in said if plain(escape(text)) not in page] == []


def plain(text):
    return re.sub(r"\s+", " ", re.sub(r"</?(strong|li|ul)>", "", text))


def test_certificate_verify_names_the_sha256_of_the_paper(client, certificate):
    page = text_of(client.get(verify_url(certificate.code)))

    assert f"<code>{hashlib.sha256(bytes(certificate.paper.pdf)).hexdigest()}</code>" in page


def test_certificate_verify_waits_for_the_paper(client, certificate, unprinted):
    page = text_of(client.get(verify_url(unprinted.code)))

    assert "Diese Bescheinigung ist gültig" in page
    assert "Das PDF zu dieser Bescheinigung wird noch erstellt." in page
    assert 'type="file"' not in page


@pytest.fixture
def unprinted(certificate):
    """Issued, but the worker has not come yet."""
    fields = {
        field.attname: getattr(certificate, field.attname)
        for field in Certificate._meta.concrete_fields
        if not field.primary_key
    }
    return Certificate.objects.create(**fields | {"kind": "QUALIFICATION", "ordinal": 99, "code": "e" * 32})


def test_certificate_verify_is_kept_by_nobody(client, certificate):
    response = client.get(verify_url(certificate.code))

    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]


def test_certificate_verify_of_a_revoked_one_says_when_and_not_why(client, certificate, organiser):
    revoke_certificate(certificate=certificate, reason="Geheimer Grund", by=organiser)
    certificate.refresh_from_db()

    page = text_of(client.get(verify_url(certificate.code)))

    assert "Diese Bescheinigung ist widerrufen" in page
    assert f"seit dem {timezone.localdate(certificate.revoked_at).day}. " in page
    assert "Geheimer Grund" not in page
    assert "gültig<" not in page


def test_certificate_verify_of_a_replaced_one_names_neither_reason_nor_successor(client, certificate, organiser):
    successor = replace_certificate(certificate=certificate, reason="Geheimer Grund", by=organiser)
    certificate.refresh_from_db()

    page = text_of(client.get(verify_url(certificate.code)))

    assert "Diese Bescheinigung ist ersetzt" in page
    assert f"seit dem {timezone.localdate(certificate.replaced_at).day}. " in page
    assert "Geheimer Grund" not in page
    assert successor.number not in page
    assert successor.code not in page


def changed(code):
    return ("0" if code[0] != "0" else "1") + code[1:]


def main_of(html):
    """What the page says without what was typed; below it stands its address, for who prints it."""
    return re.sub(r' value="[^"]*"', "", html.split("<main")[1].split("</main>")[0])


def misses(certificate):
    """Ways to ask for what is not there: by code, by number, by both."""
    codes = [changed(certificate.code), certificate.code[:-1], "x", "ä" * 32, "f" * 79]
    numbers = ["2018-99999", "0000-00000", "9999-999999999", "99999-1", "1; DROP", "²⁰¹⁸-00001"]
    yield from ((CHECK, {"code": code}) for code in codes)
    yield from ((CHECK, {"number": number}) for number in numbers)
    yield CHECK, {"code": certificate.code, "number": "2018-99999"}
    yield CHECK, {"code": changed(certificate.code), "number": certificate.number}
    yield from ((verify_url(code), None) for code in [*codes, certificate.code + "A", "-" * 32, "%00" * 3, "a%00b"])


def test_every_miss_gets_the_same_answer_for_the_same_work(client, certificate, django_assert_num_queries):
    bodies = set()
    for url, data in misses(certificate):
        with django_assert_num_queries(1):
            answer = client.get(url) if data is None else client.post(url, data)

        assert answer.status_code == 404
        assert "noindex" in answer["X-Robots-Tag"]
        assert "no-store" in answer["Cache-Control"]
        bodies.add(main_of(answer.content.decode()))

    assert len(bodies) == 1
    assert "Zu diesen Angaben gibt es keine Bescheinigung." in bodies.pop()


def test_a_miss_keeps_what_was_asked(client, certificate):
    typed = {"code": "„1e79 <Tippfehler>", "number": "Nr. 2018-00999"}

    by_form = client.post(CHECK, typed).content.decode()
    by_address = client.get(verify_url("1e79")).content.decode()

    for name, text in typed.items():
        assert re.search(rf'<input[^>]* name="{name}" value="{re.escape(escape(text))}"', by_form)
    assert re.search(r'<input[^>]* name="code" value="1e79"', by_address)
    assert f'<form method="post" action="{CHECK}"' in by_form


def test_by_number_alone_one_reads_kind_course_date_and_state_and_no_name(client, certificate):
    response = client.post(CHECK, {"number": f" {certificate.number.replace('-', '–')} "})

    page = text_of(response).split("<main")[1]
    assert response.status_code == 200
    for text in [
        "Diese Bescheinigung ist gültig",
        "Teilnahmebescheinigung Nr. ",
        "<dt>Fortbildung</dt><dd>Netzwerkkoordination in der Kommune</dd>",
        "Durchgang 2017/18",
        "2. November 2026",
    ]:
        assert text in page
    content = certificate.content
    shown = {content["heading"], content["cohort"], content["programme"]}
    hidden = {text for text in texts(content) if text not in shown} | {certificate.code, "Größe", "Łucja"}
    assert {text for text in hidden if escape(text) in page} == set()
    assert "noindex" in response["X-Robots-Tag"]
    assert "no-store" in response["Cache-Control"]


def test_by_number_alone_a_revoked_one_says_when_and_not_why(client, certificate, organiser):
    revoke_certificate(certificate=certificate, reason="Geheimer Grund", by=organiser)

    page = text_of(client.post(CHECK, {"number": certificate.number}))

    assert "Diese Bescheinigung ist widerrufen" in page
    assert "Sie gilt seit dem 2. November 2026 nicht mehr." in page
    assert "Geheimer Grund" not in page


def test_certificate_check_leads_to_the_page(client, certificate):
    grouped = " ".join(certificate.code[start : start + 4] for start in range(0, 32, 4)).upper()
    address = f"https://fortbildung.example.de{verify_url(certificate.code)}"

    for code in (
        certificate.code,
        f"Prüfcode {grouped}",
        f"prüfcode: {certificate.code}",
        address,
        address + "pdf/",
    ):
        response = client.post(CHECK, {"code": f" {code}\n"})
        assert response.status_code == 302
        assert response["Location"] == verify_url(certificate.code)


@pytest.mark.parametrize("written", ["{year}-{ordinal:05}", "Nr. {year}-{ordinal:05}", "{year} – {ordinal}"])
def test_number_is_understood_as_it_is_written(client, certificate, written):
    number = written.format(year=certificate.year, ordinal=certificate.ordinal)

    with_code = client.post(CHECK, {"code": certificate.code, "number": number})
    alone = client.post(CHECK, {"number": number})

    assert with_code["Location"] == verify_url(certificate.code)
    assert f"Teilnahmebescheinigung Nr. {certificate.number}" in text_of(alone)


def test_code_in_capitals_leads_to_the_page(client, certificate):
    assert client.get(verify_url(certificate.code.upper())).status_code == 200


@pytest.mark.parametrize("data", [{"code": "0" * 32}, {"code": "x"}, {"code": "OWN", "number": "2018-99999"}])
def test_certificate_check_answers_a_wrong_code_like_the_page_does(client, certificate, data):
    data = data | ({"code": certificate.code} if data["code"] == "OWN" else {})

    response = client.post(CHECK, data)

    assert response.status_code == 404
    assert "Zu diesen Angaben gibt es keine Bescheinigung." in text_of(response)


def test_certificate_check_asks_for_code_or_number(client, db):
    page = text_of(client.post(CHECK, {"code": " ", "number": ""}))

    assert "Bitte geben Sie den Prüfcode ein, oder die Nummer." in page
    assert "(freiwillig)" not in page


def test_certificate_check_survives_nonsense(client, certificate):
    assert client.post(CHECK, {"code": "\x00🐘", "number": "’ OR 1=1"}).status_code in (200, 404)


def test_certificate_check_is_public_and_unlisted(client, db):
    response = client.get(CHECK)

    assert response.status_code == 200
    assert "noindex" in response["X-Robots-Tag"]


@pytest.mark.one_database
def test_guesses_are_limited_over_both_pages(client, certificate):
    allowed = int(limits.GUESSES.split("/")[0])
    for number in range(allowed):
        code = f"{number:032x}"
        answer = client.get(verify_url(code)) if number % 2 else client.post(CHECK, {"code": code})
        assert answer.status_code == 404

    assert client.get(verify_url(certificate.code)).status_code == 429
    assert client.post(CHECK, {"code": certificate.code}).status_code == 429


def test_opening_the_page_changes_nothing(client, certificate, django_assert_num_queries):
    before = Certificate.objects.values().get()

    with django_assert_num_queries(1):
        client.get(verify_url(certificate.code))
    client.head(verify_url(certificate.code))

    assert Certificate.objects.values().get() == before


def test_certificate_verify_refuses_other_methods(client, certificate):
    assert client.post(verify_url(certificate.code)).status_code == 405


# The PDF that somebody was given, held against the one that was issued


def compare_url(code):
    return reverse("participants:certificate_compare", args=[code])


def compare(client, certificate, content, name="bescheinigung.pdf"):
    return client.post(compare_url(certificate.code), {"file": SimpleUploadedFile(name, content)})


SAME = "Dieses PDF ist genau das ausgestellte"
EXTENDED = "Es beginnt damit, aber danach wurde etwas angefügt"
OTHER = "Dieses PDF ist nicht das ausgestellte PDF."


def test_certificate_compare_knows_the_pdf_that_was_issued(client, certificate):
    page = text_of(compare(client, certificate, bytes(certificate.paper.pdf)))

    assert SAME in page
    assert "Dr. Łucja" in page


@pytest.mark.parametrize("where", [7, 1000, -1])
def test_certificate_compare_notices_one_changed_byte(client, certificate, where):
    changed_pdf = bytearray(certificate.paper.pdf)
    changed_pdf[where] ^= 1

    page = text_of(compare(client, certificate, bytes(changed_pdf)))

    assert OTHER in page
    assert SAME not in page


def test_certificate_compare_says_that_something_was_added(client, certificate):
    page = text_of(compare(client, certificate, bytes(certificate.paper.pdf) + b"%signed by somebody else\n"))

    assert EXTENDED in page
    assert SAME not in page


def test_certificate_compare_with_a_part_of_it_is_another_file(client, certificate):
    assert OTHER in text_of(compare(client, certificate, bytes(certificate.paper.pdf)[:-1]))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Die Datei ist leer."),
        (b"%PDF-1.7" + b"x" * MOST_BYTES, "Die Datei ist größer als 5 MB."),
        (b"\xff\xd8\xff\xe0" + b"x" * 2000 + b"%PDF-1.7", "„bescheinigung.pdf“ ist keine PDF-Datei."),
    ],
)
def test_certificate_compare_refuses_what_cannot_be_one(client, certificate, content, sentence):
    page = text_of(compare(client, certificate, content))

    assert sentence in page
    assert OTHER not in page


def test_certificate_compare_reads_the_kind_beyond_what_other_programs_write_before_it(client, certificate):
    page = text_of(compare(client, certificate, b"\n" * 900 + b"%PDF-1.7" + b"x" * 2_000_000))

    assert OTHER in page


def test_certificate_compare_asks_for_a_file(client, certificate):
    assert "Bitte wählen Sie die PDF-Datei" in text_of(client.post(compare_url(certificate.code)))


def test_certificate_compare_keeps_nothing(client, certificate, monkeypatch, tmp_path):
    """No handler of Django's ever sees the file: none in memory, none on disk."""
    seen = []
    for handler in (uploadhandler.MemoryFileUploadHandler, uploadhandler.TemporaryFileUploadHandler):
        monkeypatch.setattr(handler, "new_file", lambda *args, **kwargs: seen.append(args))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    page = text_of(compare(client, certificate, b"%PDF-1.7" + b"x" * (3 * 1024 * 1024)))

    assert OTHER in page
    assert seen == []
    assert list(tmp_path.iterdir()) == []


def test_certificate_compare_wants_the_token_of_its_form(certificate):
    strict = Client(enforce_csrf_checks=True)

    response = compare(strict, certificate, b"%PDF-1.7")

    assert response.status_code == 403


def test_certificate_compare_with_the_token_of_its_form(certificate):
    strict = Client(enforce_csrf_checks=True)
    page = strict.get(verify_url(certificate.code)).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    file = SimpleUploadedFile("a.pdf", bytes(certificate.paper.pdf))

    response = strict.post(compare_url(certificate.code), {"csrfmiddlewaretoken": token, "file": file})

    assert SAME in text_of(response)


def test_certificate_compare_of_an_unknown_code_is_a_miss_like_any_other(client, certificate):
    page = client.get(verify_url(changed(certificate.code))).content.decode()

    response = client.post(
        compare_url(changed(certificate.code)), {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7")}
    )

    assert response.status_code == 404
    assert main_of(response.content.decode()) == main_of(page)


def test_certificate_compare_leads_to_the_certificate_when_only_opened_or_without_a_paper(
    client, certificate, unprinted
):
    assert client.get(compare_url(certificate.code))["Location"] == verify_url(certificate.code)
    assert compare(client, unprinted, b"%PDF-1.7")["Location"] == verify_url(unprinted.code)


def test_certificate_compare_is_kept_by_nobody(client, certificate):
    response = compare(client, certificate, b"%PDF-1.7")

    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]
