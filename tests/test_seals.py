"""The seal of the operator: read from its file, or refused with a reason; what it signs shows every change."""

import io

import pytest
from asn1crypto.x509 import Certificate as Asn1Certificate
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.core.checks import run_checks
from django.test import override_settings
from pyhanko.pdf_utils.generic import TextStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext

from netzkoord.lib import pdf, seals
from tests.authority import AUTHORITY, HOLDER, PASSPHRASE, Authority
from tests.pdf import assert_pdf_ua_and_a, pdf_outline, pdf_text


@pytest.fixture(scope="module")
def authority():
    return Authority()


@pytest.fixture(scope="module")
def paper(tmp_path_factory):
    folder = tmp_path_factory.mktemp("templates")
    text = "<h1>Probe</h1><p>Größe und Güte</p>"
    (folder / "trial.html").write_text(
        f'{{% extends "pdf/base.html" %}}{{% block content %}}{text}{{% endblock %}}'
    )
    options = settings.TEMPLATES[0]
    with override_settings(TEMPLATES=[{**options, "DIRS": [*options["DIRS"], folder]}]):
        return pdf.render("trial.html", {}, title="Siegelprobe")


@pytest.fixture
def set_up(authority, settings, tmp_path):
    """Sets a seal up as the operator would."""

    def with_file(passphrase=PASSPHRASE, **fields):
        settings.SEAL_FILE = str(authority.seal_file(tmp_path / "siegel.p12", **fields))
        settings.SEAL_PASSPHRASE = passphrase

    return with_file


def verdict(paper, authority):
    """What somebody finds who trusts the authority and has no network."""
    root = Asn1Certificate.load(authority.root.public_bytes(Encoding.DER))
    context = ValidationContext(trust_roots=[root], allow_fetching=False)
    (signature,) = PdfFileReader(io.BytesIO(paper)).embedded_signatures
    return validate_pdf_signature(signature, context)


def is_good(paper, authority):
    try:
        return verdict(paper, authority).bottom_line
    except (PdfError, SignatureValidationError, ValueError):
        return False


def test_without_a_file_there_is_no_seal(settings):
    settings.SEAL_FILE = ""

    assert seals.current() is None
    assert findings() == []


@pytest.mark.verapdf
@pytest.mark.parametrize("kind", ["P-256", "RSA-2048"])
def test_sealed_paper_is_good_and_stays_what_it_was(set_up, authority, paper, kind):
    set_up(kind=kind)
    seal = seals.current()

    sealed = seal.applied_to(paper)

    found = verdict(sealed, authority)
    assert (found.bottom_line, found.trusted, found.intact) == (True, True, True)
    assert (seal.holder, seal.authority) == (HOLDER, AUTHORITY)
    assert sealed.startswith(paper)
    assert pdf_text(sealed) == pdf_text(paper)
    assert pdf_outline(sealed) == pdf_outline(paper)
    assert_pdf_ua_and_a(sealed)


def test_one_changed_byte_is_noticed_wherever_it_is(set_up, authority, paper):
    set_up()
    sealed = seals.current().applied_to(paper)
    begin = sealed.rindex(b"/Contents <")
    end = sealed.index(b">", begin)
    # Between the two stands the seal itself, with certificates that could be left out.
    places = [10, len(paper) // 3, len(paper) // 2, len(paper) + 5, begin - 20, end + 5, len(sealed) - 40]

    assert is_good(sealed, authority)
    for place in places:
        changed = bytearray(sealed)
        changed[place] ^= 1
        assert not is_good(bytes(changed), authority), place


def test_what_is_added_later_is_noticed(set_up, authority, paper):
    set_up()
    sealed = seals.current().applied_to(paper)
    writer, extended = IncrementalPdfFileWriter(io.BytesIO(sealed)), io.BytesIO()
    writer.root["/Lang"] = TextStringObject("en")
    writer.update_root()
    writer.write(extended)

    (signature,) = PdfFileReader(io.BytesIO(sealed)).embedded_signatures
    assert signature.docmdp_level is MDPPerm.NO_CHANGES
    assert extended.getvalue().startswith(sealed)
    assert not is_good(extended.getvalue(), authority)


def test_seal_of_somebody_else_is_not_trusted(set_up, paper):
    set_up()

    found = verdict(seals.current().applied_to(paper), Authority())

    assert found.intact
    assert not found.trusted


def findings():
    return [(found.id, found.msg) for found in run_checks() if str(found.id).startswith("netzkoord.")]


def test_wrong_passphrase_is_named_at_the_start(set_up, settings):
    set_up(passphrase="falsch")

    assert findings() == [
        ("netzkoord.E001", f"SEAL_FILE: {settings.SEAL_FILE} is no PKCS#12 file, or SEAL_PASSPHRASE is wrong")
    ]


def test_missing_file_is_named_at_the_start(settings, tmp_path):
    settings.SEAL_FILE = str(tmp_path / "nirgends.p12")

    assert findings() == [
        ("netzkoord.E001", f"SEAL_FILE: {tmp_path}/nirgends.p12 cannot be read (No such file or directory)")
    ]


@pytest.mark.parametrize("kind", ["RSA-1024", "P-384"])
def test_key_of_another_kind_is_named_at_the_start(set_up, kind):
    set_up(kind=kind)

    ((number, text),) = findings()
    assert number == "netzkoord.E001"
    assert "neither an RSA key of 2048 bits or more nor one on the curve P-256" in text


@pytest.mark.parametrize(
    ("days", "number", "text"),
    [
        ((-30, -1), "netzkoord.W001", "SEAL_FILE: its certificate expired on 2026-11-01"),
        ((1, 30), "netzkoord.W001", "SEAL_FILE: its certificate is not valid before 2026-11-03"),
        ((-30, 29), "netzkoord.W002", "SEAL_FILE: its certificate expires on 2026-12-01"),
    ],
)
def test_certificate_out_of_its_time_is_named_at_the_start(set_up, days, number, text):
    set_up(days=days)

    assert findings() == [(number, text)]


def test_certificate_that_is_good_for_a_while_needs_no_word(set_up):
    set_up(days=(-30, 31))

    assert findings() == []


def test_expired_seal_seals_nothing(set_up, paper):
    set_up(days=(-30, -1))

    with pytest.raises(seals.SealUnusable):
        seals.current()
    with pytest.raises(seals.SealUnusable):
        seals.loaded().applied_to(paper)


def test_renewed_file_is_read_anew(set_up):
    set_up(holder="Alt")
    old = seals.current()

    set_up(holder="Neu")

    assert (old.holder, seals.current().holder) == ("Alt", "Neu")
