"""The seal: a key of the operator that signs what is issued. Without one nothing is signed.

Key, certificate and chain come out of one PKCS#12 file. PDFs are sealed as PAdES by pyHanko, which is an optional
package (`pip install netzkoord[signatur]`); any PDF reader checks such a seal without asking us.
"""

import datetime
import functools
import importlib.util
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.utils import timezone

FIELD = "Siegel"
REASON = "Echtheit der Bescheinigung"
LEAST_RSA_BITS = 2048


class SealUnusable(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """A seal is set up and cannot be used; its text says why, for the operator."""

    sentence = (
        "Das elektronische Siegel lässt sich zurzeit nicht anbringen. Wer die Plattform betreibt, muss es erneuern "
        "und findet den Grund im Protokoll des Servers; danach entsteht das PDF von selbst."
    )


@dataclass(frozen=True)
class Seal:
    """Key and certificate of the operator."""

    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def holder(self) -> str:
        """Whom the certificate names (Siegelinhaber)."""
        return name_of(self.certificate.subject)

    @property
    def authority(self) -> str:
        """Who has certified that (Zertifizierungsstelle); the same as the holder where nobody else did."""
        return name_of(self.certificate.issuer)

    @property
    def expires_at(self) -> datetime.datetime:
        return self.certificate.not_valid_after_utc

    def require_valid(self) -> None:
        """Raises SealUnusable outside of the time for which the certificate is made."""
        if timezone.now() > self.expires_at:
            raise SealUnusable(f"its certificate expired on {self.expires_at:%Y-%m-%d}")
        if timezone.now() < self.certificate.not_valid_before_utc:
            begins = self.certificate.not_valid_before_utc
            raise SealUnusable(f"its certificate is not valid before {begins:%Y-%m-%d}")

    def applied_to(self, pdf: bytes) -> bytes:
        """The PDF with an invisible seal that refuses every later change. Takes 20 (P-256) to 250 ms (RSA-3072).

        Raises SealUnusable.
        """
        self.require_valid()
        return sealed(pdf, self)


def current() -> Seal | None:
    """The seal of this installation that signs today, if it has one. Raises SealUnusable."""
    seal = known()
    if seal is not None:
        seal.require_valid()
    return seal


def known() -> Seal | None:
    """The seal of this installation, expired or not, if it has one. Raises SealUnusable."""
    return loaded() if settings.SEAL_FILE else None


def loaded() -> Seal:
    """The seal that is set up, expired or not. Raises SealUnusable."""
    if importlib.util.find_spec("pyhanko") is None:
        raise SealUnusable("pyHanko is missing; install requirements-signatur.txt")
    path = Path(settings.SEAL_FILE)
    try:
        return read(path, settings.SEAL_PASSPHRASE, path.stat().st_mtime_ns)
    except OSError as error:
        raise SealUnusable(f"{path} cannot be read ({error.strerror})") from error


@functools.lru_cache(maxsize=1)
def read(path: Path, passphrase: str, changed_at_ns: int) -> Seal:
    """What the file holds; a renewed file is read anew. Raises OSError and SealUnusable."""
    try:
        content = pkcs12.load_pkcs12(path.read_bytes(), passphrase.encode() or None)
    except ValueError as error:
        raise SealUnusable(f"{path} is no PKCS#12 file, or SEAL_PASSPHRASE is wrong") from error
    if content.key is None or content.cert is None:
        raise SealUnusable(f"{path} holds no key with its certificate")
    chain = tuple(extra.certificate for extra in content.additional_certs)
    match content.key:
        case rsa.RSAPrivateKey() as key if key.key_size >= LEAST_RSA_BITS:
            return Seal(key, content.cert.certificate, chain)
        case ec.EllipticCurvePrivateKey(curve=ec.SECP256R1()) as key:
            return Seal(key, content.cert.certificate, chain)
    raise SealUnusable(
        f"{path} holds neither an RSA key of {LEAST_RSA_BITS} bits or more nor one on the curve P-256"
    )


def name_of(name: x509.Name) -> str:
    """The common name, and the organisation where it says more."""
    values = [
        str(attribute.value)
        for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)
        for attribute in name.get_attributes_for_oid(oid)
    ]
    return ", ".join(dict.fromkeys(values)) or name.rfc4514_string()


def sealed(pdf: bytes, seal: Seal) -> bytes:
    # An extra that may be missing.
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415
    from pyhanko.sign import fields, signers  # noqa: PLC0415

    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        reason=REASON,
        name=seal.holder,
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm="sha256",
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    out: io.BytesIO = signers.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(pdf)),
        metadata,
        signer_of(seal),
        new_field_spec=fields.SigFieldSpec(FIELD),
        bytes_reserved=room_for(seal),
    )
    return out.getvalue()


def signer_of(seal: Seal) -> Any:
    """The seal in pyHanko's own words."""
    from asn1crypto import keys  # noqa: PLC0415 -- comes with pyHanko
    from asn1crypto import x509 as asn1_x509  # noqa: PLC0415
    from pyhanko.sign import signers  # noqa: PLC0415
    from pyhanko_certvalidator.registry import SimpleCertificateStore  # noqa: PLC0415

    def as_asn1(certificate: x509.Certificate) -> "asn1_x509.Certificate":
        return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))

    key = seal.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return signers.SimpleSigner(
        signing_cert=as_asn1(seal.certificate),
        signing_key=keys.PrivateKeyInfo.load(key),
        cert_registry=SimpleCertificateStore.from_certs(map(as_asn1, seal.chain)),
    )


def room_for(seal: Seal) -> int:
    """Hexadecimal digits to keep free for the signature: without it pyHanko would sign twice to measure it."""
    certificates = [seal.certificate, *seal.chain]
    return 2 * (4096 + sum(len(certificate.public_bytes(Encoding.DER)) for certificate in certificates))
