"""Anyone with a certificate in hand can see whether it is genuine; a guess shows nothing."""

import pytest
from django.urls import reverse
from django.utils import timezone

from netzkoord.lib import limits
from participants.actions.certificates import revoke_certificate
from participants.models import Certificate
from tests.participants.finished import attending, certificate_for, finished_cohort


@pytest.fixture
def certificate(organiser):
    person = attending(finished_cohort(), title="Dr.", given_names="Łucja", family_name='Größe"><script>')
    return certificate_for(person, organiser)


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
        "16 von 16 UE (zu je 45 Minuten)",
        "Haus Durchgang 2017/18, Hannover",
        "Grundlagen der Netzwerkarbeit",
        "Konflikte moderieren",
        "Prof. Dr. Thea Trainer",
        "Institut für Netzwerkarbeit",
        "Dr. Anna Beispiel, Leitung der Fortbildung",
    ]:
        assert text in page


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


def changed(code):
    return ("0" if code[0] != "0" else "1") + code[1:]


def test_every_wrong_code_gets_the_same_answer(client, certificate):
    codes = [
        changed(certificate.code),
        certificate.code[:-1],
        certificate.code.upper(),
        "x",
        "ä" * 32,
        "%00" * 3,
        "-" * 32,
    ]
    if certificate.code.upper() == certificate.code:
        codes.remove(certificate.code.upper())

    answers = [client.get(verify_url(code)) for code in codes]

    assert {answer.status_code for answer in answers} == {404}
    bodies = {answer.content.decode().split("<main")[1].split("</main>")[0] for answer in answers}
    assert len(bodies) == 1
    assert "Zu diesen Angaben gibt es keine Bescheinigung." in bodies.pop()
    assert all("noindex" in answer["X-Robots-Tag"] for answer in answers)
    assert all("no-store" in answer["Cache-Control"] for answer in answers)


def test_certificate_check_leads_to_the_page(client, certificate):
    grouped = " ".join(certificate.code[start : start + 4] for start in range(0, 32, 4)).upper()

    for data in ({"code": certificate.code}, {"code": grouped, "number": f" {certificate.number} "}):
        response = client.post(CHECK, data)
        assert response.status_code == 302
        assert response["Location"] == verify_url(certificate.code)


@pytest.mark.parametrize("data", [{"code": "0" * 32}, {"code": "x"}, {"code": "OWN", "number": "2018-99999"}])
def test_certificate_check_answers_a_wrong_code_like_the_page_does(client, certificate, data):
    data = data | ({"code": certificate.code} if data["code"] == "OWN" else {})

    response = client.post(CHECK, data)

    assert response.status_code == 404
    assert "Zu diesen Angaben gibt es keine Bescheinigung." in text_of(response)


def test_certificate_check_asks_for_the_code(client, db):
    page = text_of(client.post(CHECK, {"number": "2018-00001"}))

    assert "Bitte prüfen Sie Ihre Angaben" in page


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
