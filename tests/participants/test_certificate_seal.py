"""Where the operator has a seal, every certificate carries it, or waits for it; the check page says so."""

import hashlib

import pytest
from django.urls import reverse

from participants.models import CertificatePaper, PaperTrouble
from participants.tasks import make_papers
from tests.authority import AUTHORITY, HOLDER, PASSPHRASE, Authority
from tests.participants.finished import attending, certificate_for, finished_cohort
from tests.pdf import assert_pdf_ua_and_a
from tests.test_seals import is_good


@pytest.fixture(scope="module")
def authority():
    return Authority()


@pytest.fixture
def seal(authority, settings, tmp_path):
    settings.SEAL_FILE = str(authority.seal_file(tmp_path / "siegel.p12"))
    settings.SEAL_PASSPHRASE = PASSPHRASE


def check_page(client, certificate):
    response = client.get(reverse("participants:certificate_verify", args=[certificate.code]))
    return response.content.decode()


@pytest.mark.verapdf
def test_certificate_is_sealed_before_its_hash_is_taken(db, client, organiser, authority, seal):
    certificate = certificate_for(attending(finished_cohort()), organiser)

    paper = certificate.paper
    pdf = bytes(paper.pdf)
    assert is_good(pdf, authority)
    assert paper.sha256 == hashlib.sha256(pdf).hexdigest()
    assert (paper.sealed_by, paper.seal_certified_by) == (HOLDER, AUTHORITY)
    assert f"{HOLDER}, bestätigt von {AUTHORITY}." in check_page(client, certificate)
    assert_pdf_ua_and_a(pdf)


def test_certificate_without_a_seal_says_so(db, client, organiser):
    certificate = certificate_for(attending(finished_cohort()), organiser)

    assert b"/Sig" not in bytes(certificate.paper.pdf)
    assert (certificate.paper.sealed_by, certificate.paper.seal_certified_by) == ("", "")
    assert "Keines. Ob die Datei echt ist" in check_page(client, certificate)


def test_page_says_what_a_seal_is_worth_that_nobody_else_vouches_for(
    db, client, organiser, authority, settings, tmp_path
):
    settings.SEAL_FILE = str(authority.seal_file(tmp_path / "siegel.p12", holder=AUTHORITY))
    settings.SEAL_PASSPHRASE = PASSPHRASE
    certificate = certificate_for(attending(finished_cohort()), organiser)

    assert certificate.paper.is_self_certified
    assert "Niemand sonst bestätigt, wem dieses Siegel gehört" in check_page(client, certificate)


@pytest.mark.parametrize("fields", [{"days": (-30, -1)}, {"kind": "P-384"}])
def test_certificate_waits_for_a_seal_that_cannot_be_used_and_the_list_says_so(
    db, client, organiser, authority, settings, tmp_path, caplog, fields
):
    settings.SEAL_FILE = str(authority.seal_file(tmp_path / "siegel.p12", **fields))
    settings.SEAL_PASSPHRASE = PASSPHRASE
    certificate = certificate_for(attending(finished_cohort()), organiser)
    client.force_login(organiser)

    page = client.get(reverse("participants:certificate_list", args=[certificate.cohort_id])).content.decode()

    assert not CertificatePaper.objects.exists()
    assert "Das elektronische Siegel lässt sich zurzeit nicht anbringen." in page
    assert "the seal cannot be used" in caplog.text

    settings.SEAL_FILE = str(authority.seal_file(tmp_path / "neu.p12"))
    assert make_papers.call(certificate.issuance_id) == 1
    assert is_good(bytes(CertificatePaper.objects.get().pdf), authority)
    assert not PaperTrouble.objects.exists()
