"""What a mail looks like on the wire, as a real mail server receives it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from post_office.models import Email

from netzkoord.lib import mail
from netzkoord.lib.mail_texts import occasion_of
from netzkoord.lib.outbox import Postman
from tests.smtp_server import running_mail_server, use

LONG_TITLE = "Netzwerkkoordination für Führungskräfte und Koordinierungskräfte – Größe, Maß & „Ziel“ " * 4


@pytest.fixture
def server(db, settings):
    with running_mail_server() as running:
        use(settings, running)
        yield running


def write(cohort="Durchgang", *, greeting="Guten Tag", **options):
    template = "participants/mail/withdrawn.txt"
    values = {"greeting": greeting, "cohort": cohort, "link": "https://n.example/"}
    return mail.send("a@stadt.example", template, occasion_of(template).example() | values, **options)


def sent(server):
    """The message as bytes and as a reader's program understands it."""
    Postman("worker test").round()
    return server.received[0].content, server.message()


def test_message_names_sender_recipient_time_and_itself(server):
    email = write(reply_to="kursbuero@stadt.example")

    _, message = sent(server)

    assert message["From"] == "netzkoord <kursbuero@netzkoord.example>"
    assert (message["To"], message["Cc"], message["Bcc"]) == ("a@stadt.example", None, None)
    assert message["Reply-To"] == "kursbuero@stadt.example"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["Message-ID"] == email.message_id
    assert re.fullmatch(r"<[\w.]+@netzkoord\.example>", message["Message-ID"])
    assert message["Date"].datetime == email.created.replace(microsecond=0)
    assert server.received[0].mail_from == "kursbuero@netzkoord.example"
    assert server.received[0].rcpt_tos == ["a@stadt.example"]


def test_message_has_the_time_of_berlin(server):
    write()
    Email.objects.update(created=datetime(2026, 7, 1, 12, tzinfo=UTC))

    content, _ = sent(server)

    assert b"\r\nDate: Wed, 01 Jul 2026 14:00:00 +0200\r\n" in content


def test_message_is_text_and_html_without_attachment(server):
    write("Größe & Maß <b>")

    _, message = sent(server)

    assert message.get_content_type() == "multipart/alternative"
    text, html = message.iter_parts()
    assert [text.get_content_type(), html.get_content_type()] == ["text/plain", "text/html"]
    assert "„Größe & Maß <b>“" in text.get_content()
    assert "„Größe &amp; Maß &lt;b&gt;“" in html.get_content()
    assert 'href="https://n.example/"' in html.get_content()


def test_message_is_the_same_at_each_attempt(server):
    write()
    server.answers["DATA"] = "451 later"
    Postman("worker test").round()
    first = Email.objects.get().attempts.get()
    server.answers.clear()
    Email.objects.update(scheduled_time=None)

    content, message = sent(server)

    assert first.email.message_id == message["Message-ID"]
    assert content.count(b"Message-ID") == 1


def test_subject_with_umlauts_is_encoded_and_folded(server):
    write(LONG_TITLE)

    content, message = sent(server)

    assert message["Subject"] == f"Ihre Anmeldung ist zurückgezogen: {LONG_TITLE}"[:250]
    head = content.partition(b"\r\n\r\n")[0]
    assert b"\r\nSubject: =?utf-8?" in head
    assert max(len(line) for line in head.split(b"\r\n")) <= 78


@pytest.mark.parametrize("times", [1, 3000])
def test_every_byte_is_plain_and_every_line_short_whatever_the_text(server, times):
    write("ß" * times + " " + "x" * times)

    content, message = sent(server)

    content.decode("ascii")
    assert max(len(line) for line in content.split(b"\r\n")) <= 78
    assert re.search(rb"(?<!\r)\n|\r(?!\n)", content) is None
    assert "ß" * times in next(message.iter_parts()).get_content()


@pytest.mark.parametrize("line", [".", "..", ".x", "From x"])
def test_line_that_means_something_to_the_protocol_arrives_as_it_is(server, line):
    write()
    Email.objects.update(message=f"Guten Tag\n{line}\nEnde\n")

    _, message = sent(server)

    assert next(message.iter_parts()).get_content().splitlines() == ["Guten Tag", line, "Ende"]


NASTY = "Müller\r\nBcc: alle@stadt.example\r\n\r\n<b>x</b>\x0bY\x85Z\u2028W"


def test_typed_text_begins_no_header_and_no_line(server):
    write(NASTY, greeting=NASTY, reply_to="buero@stadt.example\r\nBcc: alle@stadt.example")

    content, message = sent(server)

    assert message["Bcc"] is None
    assert message["Subject"].startswith("Ihre Anmeldung ist zurückgezogen: Müller Bcc: alle @ stadt. example <b>")
    assert b"\r\nBcc" not in content
    assert server.received[0].rcpt_tos == ["a@stadt.example"]


@pytest.mark.parametrize(
    "address",
    ["a@stadt.example, b@stadt.example", "a@stadt.example\r\nBcc: b@stadt.example", "A <a@stadt.example>", "", "a"],
)
def test_mail_is_written_to_exactly_one_address(db, address):
    with pytest.raises(ValidationError):
        mail.send(address, "account/email/password_changed.txt", {})

    assert not Email.objects.exists()


def test_domain_with_umlauts_goes_out_as_ascii(server):
    mail.send("a@müller.example", "account/email/password_changed.txt", {})

    _, message = sent(server)

    assert message["To"] == "a@xn--mller-kva.example"
    assert server.received[0].rcpt_tos == ["a@xn--mller-kva.example"]


@pytest.mark.parametrize("name", ["Größe, Maß", 'Netz "koord"'])
def test_name_of_the_sender_may_be_anything(server, settings, name):
    quoted = name.replace('"', '\\"')
    settings.DEFAULT_FROM_EMAIL = f'"{quoted}" <kursbuero@stadt.example>'
    write()

    _, message = sent(server)

    assert message["From"].addresses[0].display_name == name
    assert server.received[0].mail_from == "kursbuero@stadt.example"


def test_code_is_written_with_the_time_it_is_good_for(client, organiser):
    client.post("/konto/code/", {"email": organiser.email})

    email = Email.objects.get()

    assert email.expires_at - email.created == pytest.approx(timedelta(minutes=15), abs=timedelta(seconds=1))
    assert email.context["code"] in email.message
