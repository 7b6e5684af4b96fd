"""One mail to the mail server, so that it is known at every moment whether the server may have taken it.

RFC 5321: a server is responsible for a message once it has answered the dot that ends it; without that dot it must
forget the message. So the dot is sent apart, after the caller has written down that it is about to be sent.
"""

import contextlib
import io
import re
import select
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from email.generator import BytesGenerator
from email.message import Message
from email.utils import parseaddr
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.core.validators import validate_email
from django.utils.encoding import punycode

# A server may take its time over the last dot (RFC 5321: ten minutes); to hang up early leaves a mail uncertain.
# But a worker that is told to stop has two minutes (docs/operation.md).
ANSWER_SECONDS = 90
GO_ON = 354
CLOSING = 421
# The server does not know us: nothing is wrong with the mail.
NOT_SIGNED_IN = {530, 534, 535, 538}
LONGEST_WORDS = 500

Reply = tuple[int, bytes]


class MailRefused(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """The server refuses this mail, in its own words; the connection is still good."""

    def __init__(self, words: str, *, for_good: bool) -> None:
        super().__init__(words)
        self.for_good = for_good


class ServerTrouble(Exception):  # noqa: N818 -- as above
    """The server cannot be reached or has hung up; the mail is not handed over."""


class Unanswered(Exception):  # noqa: N818 -- as above
    """The mail is handed over and no answer came: the server may have taken it."""


class Route(Protocol):
    """A way for mails out of the house."""

    def open(self) -> None: ...

    def close(self) -> None: ...

    def deliver(self, letter: EmailMessage, *, hand_over: Callable[[], None]) -> str:
        """Send it and return the server's words; `hand_over` is called before the server can take it."""
        ...


def route() -> Route:
    """The one that EMAIL_URL names."""
    backend = get_connection(settings.POST_OFFICE["BACKENDS"]["default"])
    return SmtpRoute(backend) if isinstance(backend, EmailBackend) else OtherRoute(backend)


class OtherRoute:
    """A console, a folder, the tests' own mailbox: the whole mail in one step."""

    def __init__(self, backend: BaseEmailBackend) -> None:
        self.backend = backend

    def open(self) -> None:
        self.backend.open()

    def close(self) -> None:
        self.backend.close()

    def deliver(self, letter: EmailMessage, *, hand_over: Callable[[], None]) -> str:
        hand_over()
        try:
            self.backend.send_messages([letter])
        except OSError as error:
            raise Unanswered(str(error)) from error
        return ""


class SmtpRoute:
    """SMTP, with one connection for many mails; one that was lost is opened anew for the next mail."""

    def __init__(self, backend: EmailBackend) -> None:
        self.backend = backend

    def open(self) -> None:
        with trouble():
            self.backend.open()
            # The last dot travels alone; otherwise it would wait for the receipt of what went before.
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.smtp.ehlo_or_helo_if_needed()

    def close(self) -> None:
        """Politely, if the server still listens; in any case."""
        try:
            self.backend.close()
        except OSError:
            self.drop()

    def drop(self) -> None:
        if self.backend.connection:
            self.backend.connection.close()
        self.backend.connection = None

    @property
    def smtp(self) -> smtplib.SMTP:
        if self.backend.connection is None:
            raise smtplib.SMTPServerDisconnected
        return self.backend.connection

    @property
    def socket(self) -> socket.socket:
        if self.smtp.sock is None:
            raise smtplib.SMTPServerDisconnected
        return self.smtp.sock

    def deliver(self, letter: EmailMessage, *, hand_over: Callable[[], None]) -> str:
        data = with_dots_doubled(as_bytes(letter.message()))
        sender, recipient = for_envelope(parseaddr(letter.from_email)[1]), for_envelope(letter.to[0])
        self.open()
        try:
            with trouble():
                self.transmit(sender, recipient, data)
            hand_over()
            return self.last_dot()
        except MailRefused:
            self.reset()
            raise
        except BaseException:  # whatever it was, half a message lies on this connection
            self.drop()
            raise

    def transmit(self, sender: str, recipient: str, data: bytes) -> None:
        """Everything but the last dot."""
        size = [f"size={len(data)}"] if self.smtp.has_extn("size") else []
        expect_yes(self.smtp.mail(sender, size))
        expect_yes(self.smtp.rcpt(recipient))
        self.smtp.putcmd("data")
        reply = self.smtp.getreply()
        if reply[0] != GO_ON:
            raise refusal(reply)
        self.smtp.send(data)
        if self.has_spoken():
            raise refusal(self.smtp.getreply())

    def has_spoken(self) -> bool:
        """Whether the server speaks or hangs up before it has the whole mail: then it does not take it."""
        readable, _, _ = select.select([self.socket], [], [], 0)
        return bool(readable)

    def last_dot(self) -> str:
        try:
            self.socket.settimeout(ANSWER_SECONDS)
            self.smtp.send(b".\r\n")
            reply = self.smtp.getreply()
            self.socket.settimeout(self.backend.timeout)
        except OSError as error:
            raise Unanswered(sentence_for(error)) from error
        return self.verdict(reply)

    def verdict(self, reply: Reply) -> str:
        """What the answer to the last dot means."""
        code, words = reply[0], words_of(reply)
        if code == CLOSING:
            self.drop()
        if is_yes(code):
            return words
        if is_no(code):
            raise MailRefused(words, for_good=is_for_good(code))
        raise Unanswered(words)

    def reset(self) -> None:
        """Make the connection good for the next mail, or give it up."""
        try:
            if self.backend.connection and is_yes(self.smtp.rset()[0]):
                return
        except OSError:
            pass
        self.drop()


@contextlib.contextmanager
def trouble() -> Iterator[None]:
    """What goes wrong with the connection, as a sentence for organisers."""
    try:
        yield
    except OSError as error:
        raise ServerTrouble(sentence_for(error)) from error


def expect_yes(reply: Reply) -> None:
    if not is_yes(reply[0]):
        raise refusal(reply)


def refusal(reply: Reply) -> Exception:
    """What an answer means that is not the one we need."""
    code = reply[0]
    if code == CLOSING or code in NOT_SIGNED_IN or not is_no(code):
        return ServerTrouble(words_of(reply))
    return MailRefused(words_of(reply), for_good=is_for_good(code))


def is_yes(code: int) -> bool:
    return code // 100 == 2


def is_no(code: int) -> bool:
    return code // 100 in (4, 5)


def is_for_good(code: int) -> bool:
    return code // 100 == 5


def words_of(reply: Reply) -> str:
    """What the server said, on one line: „550 5.1.1 no such user“."""
    return " ".join(f"{reply[0]} {reply[1].decode('utf-8', 'replace')}".split())[:LONGEST_WORDS]


def sentence_for(error: OSError) -> str:
    cause = error.__context__ if isinstance(error, smtplib.SMTPServerDisconnected) else error
    match cause:
        case smtplib.SMTPResponseException():
            return words_of((cause.smtp_code, bytes_of(cause.smtp_error)))
        case TimeoutError():
            return "Der Mailserver hat nicht rechtzeitig geantwortet."
        case ConnectionRefusedError():
            return "Der Mailserver nimmt keine Verbindung an."
        case socket.gaierror():
            return "Der Name des Mailservers ist nicht zu finden."
        case ssl.SSLError():
            return f"Die gesicherte Verbindung zum Mailserver kommt nicht zustande: {cause.reason}"
    if isinstance(error, smtplib.SMTPServerDisconnected) or isinstance(cause, ConnectionError):
        return "Der Mailserver hat die Verbindung abgebrochen."
    return f"Die Verbindung zum Mailserver ist gestört: {error}"[:LONGEST_WORDS]


def bytes_of(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode()


def for_envelope(address: str) -> str:
    """The bare address with its domain as ASCII. Raises ValueError for what is none."""
    try:
        validate_email(address)
    except ValidationError as error:
        raise ValueError(f"„{address}“ ist keine E-Mail-Adresse.") from error
    name, _, domain = address.rpartition("@")
    return f"{name}@{punycode(domain)}"


def as_bytes(message: Message) -> bytes:
    """The lines end as the protocol wants it, whatever was typed; none that begins with „From “ is changed."""
    buffer = io.BytesIO()
    BytesGenerator(buffer, mangle_from_=False).flatten(message, linesep="\r\n")
    return buffer.getvalue()


def with_dots_doubled(message: bytes) -> bytes:
    """As it goes over the wire: a dot that begins a line stands twice, and the last line is ended."""
    doubled = re.sub(rb"(?m)^\.", b"..", message)
    return doubled if doubled.endswith(b"\r\n") else doubled + b"\r\n"
