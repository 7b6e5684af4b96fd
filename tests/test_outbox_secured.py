"""The outbox with a mail server that wants TLS and a password, as most do."""

import datetime
import ipaddress
import ssl

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from post_office.models import STATUS, Email

from netzkoord.lib import mail
from netzkoord.lib.outbox import Postman
from netzkoord.models import SendingAttempt
from tests.smtp_server import running_mail_server, use


def certificate(folder):
    """One that signs itself, for 127.0.0.1; the key lies beside it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
        .not_valid_after(datetime.datetime(2120, 1, 1, tzinfo=datetime.UTC))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    (folder / "key.pem").write_bytes(key.private_bytes(pem, pkcs8, plain))
    (folder / "certificate.pem").write_bytes(made.public_bytes(pem))
    return folder / "certificate.pem"


def knows(server, session, envelope, mechanism, login):
    return AuthResult(success=(login.login, login.password) == (b"netzkoord", b"richtig"), handled=False)


@pytest.fixture(scope="module")
def certificate_file(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def server(db, settings, certificate_file, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate_file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate_file, certificate_file.parent / "key.pem")
    options = {"require_starttls": True, "auth_required": True, "authenticator": knows}
    with running_mail_server(tls_context=context, **options) as running:
        use(settings, running)
        settings.EMAIL_USE_TLS = True
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "netzkoord", "richtig"
        yield running


def send():
    for letter in "ab":
        mail.send(f"{letter}@stadt.example", "account/email/password_changed.txt", {})
    Postman("worker test").round()
    return set(SendingAttempt.objects.values_list("outcome", "reply"))


def test_mails_go_out_over_a_secured_connection(server):
    assert send() == {("ACCEPTED", "250 queued as 42")}
    assert server.recipients == ["a@stadt.example", "b@stadt.example"]


def test_wrong_password_loses_no_mail_and_is_said(server, settings):
    settings.EMAIL_HOST_PASSWORD = "falsch"

    ((outcome, reply),) = send()

    assert (outcome, reply[:4]) == ("DEFERRED", "535 ")
    assert {email.status for email in Email.objects.all()} == {STATUS.requeued}


def test_server_without_a_name_to_trust_gets_nothing(server, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")

    ((outcome, reply),) = send()

    assert outcome == "DEFERRED"
    assert reply.startswith("Die gesicherte Verbindung zum Mailserver kommt nicht zustande: ")
    assert server.received == []
