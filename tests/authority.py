"""An authority of the tests' own, and seals that it certifies: worth nothing anywhere else."""

import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID
from django.utils import timezone

PASSPHRASE = "geheim-ß"
AUTHORITY = "Prüfstelle der Tests"
HOLDER = "Institut für Netzwerkarbeit"


def new_key(kind="P-256"):
    if kind.startswith("RSA"):
        return rsa.generate_private_key(65537, int(kind.removeprefix("RSA-")))
    return ec.generate_private_key({"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1()}[kind])


class Authority:
    """Certifies keys; its own certificate is the root that a test trusts."""

    def __init__(self):
        self.key = new_key()
        self.name = name(AUTHORITY)
        builder = certificate(self.name, self.name, self.key.public_key(), days=(-10, 3650))
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        self.root = builder.add_extension(usage(certifies=True), critical=True).sign(self.key, hashes.SHA256())

    def certify(self, key, *, days=(-1, 365), holder=HOLDER):
        """A certificate for the key, good from and until so many days from now."""
        builder = certificate(name(holder), self.name, key.public_key(), days=days)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        return builder.add_extension(usage(certifies=False), critical=True).sign(self.key, hashes.SHA256())

    def seal_file(self, path, *, kind="P-256", **fields):
        """A PKCS#12 file with a new key, its certificate and this authority's."""
        key = new_key(kind)
        content = pkcs12.serialize_key_and_certificates(
            HOLDER.encode(),
            key,
            self.certify(key, **fields),
            [self.root],
            BestAvailableEncryption(PASSPHRASE.encode()),
        )
        path.write_bytes(content)
        return path


def name(common_name):
    attributes = {NameOID.COMMON_NAME: common_name, NameOID.COUNTRY_NAME: "DE"}
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in attributes.items()])


def certificate(subject, issuer, public_key, *, days):
    begins, ends = (timezone.now() + datetime.timedelta(days=count) for count in days)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def usage(*, certifies):
    return x509.KeyUsage(
        digital_signature=not certifies,
        content_commitment=not certifies,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certifies,
        crl_sign=certifies,
        encipher_only=False,
        decipher_only=False,
    )
