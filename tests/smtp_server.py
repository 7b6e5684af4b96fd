"""A real mail server for tests, which refuses, hangs up or waits where a test wants it to."""

import asyncio
import contextlib
import email
import email.policy
import socket
import threading
import time

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

WAIT = 60  # processes that begin meanwhile take long to, on a busy machine
HANG_UP = "hang up"


class Hold:
    """A place in the conversation where the server stops, once, until the test lets it go on."""

    def __init__(self):
        self.reached = threading.Event()
        self.go_on = threading.Event()
        self.is_used = False

    def wait_until_reached(self):
        assert self.reached.wait(WAIT), "the server was not asked so far"


class Conversation(SMTP):
    """Asks the test before it takes a message, and hangs up when it has said 421."""

    async def smtp_DATA(self, arg):  # noqa: N802 -- aiosmtpd's name
        answer = await self.event_handler.at("354", self.envelope)
        if answer == HANG_UP:
            self.transport.abort()
        elif answer:
            await self.push(answer)
        else:
            await super().smtp_DATA(arg)

    async def push(self, status):
        await super().push(status)
        if status.startswith(("421", b"421")[isinstance(status, bytes)]):
            self.transport.close()


class MailServer:
    """What it received, and what it answers: `answers["RCPT", "a@stadt.example"] = "550 no such user"`."""

    def __init__(self):
        self.received = []
        self.connections = 0
        self.answers = {}
        self.holds = {}

    def hold(self, point):
        self.holds[point] = Hold()
        return self.holds[point]

    async def at(self, point, envelope):
        hold = self.holds.get(point)
        if hold and not hold.is_used:
            hold.is_used = True
            hold.reached.set()
            await asyncio.get_running_loop().run_in_executor(None, hold.go_on.wait, WAIT)
        return self.answer(point, envelope)

    def answer(self, point, envelope):
        return self.answers.get((point, *envelope.rcpt_tos)) or self.answers.get(point)

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802 -- aiosmtpd's name
        self.connections += 1
        self.transport = server.transport
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        envelope.rcpt_tos.append(address)
        answer = await self.at("RCPT", envelope)
        if answer:
            envelope.rcpt_tos.remove(address)
        if answer == HANG_UP:
            server.transport.abort()
        return answer or "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.answer("DATA", envelope) in (None, HANG_UP):
            self.received.append(envelope)  # taken, whether or not anybody waits for the answer
        answer = await self.at("DATA", envelope)
        if answer == HANG_UP:
            server.transport.abort()
        return answer or "250 queued as 42"

    def hang_up(self):
        """At once, whatever the other side is about to say."""
        self.loop.call_soon_threadsafe(self.transport.abort)

    @property
    def recipients(self):
        return sorted(address for envelope in self.received for address in envelope.rcpt_tos)

    def message(self):
        """The only one that came, as a reader's program sees it."""
        (envelope,) = self.received
        return email.message_from_bytes(envelope.content, policy=email.policy.default)


class Listener(Controller):
    def factory(self):
        return Conversation(self.handler, **self.SMTP_kwargs)


@contextlib.contextmanager
def running_mail_server(**options):
    handler = MailServer()
    listener = Listener(handler, hostname="127.0.0.1", port=free_port(), **options)
    listener.start()
    handler.port, handler.loop = listener.port, listener.loop
    try:
        yield handler
    finally:
        for hold in handler.holds.values():
            hold.go_on.set()
        listener.stop()


def wait_for(condition):
    ends_at = time.monotonic() + WAIT
    while not condition():
        assert time.monotonic() < ends_at, "it did not come to that"
        time.sleep(0.02)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def use(settings, server):
    """Let this process send to the server."""
    settings.POST_OFFICE = settings.POST_OFFICE | {
        "BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"}
    }
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = server.port
    settings.EMAIL_TIMEOUT = 5
