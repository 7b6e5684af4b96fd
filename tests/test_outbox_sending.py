"""The outbox against a real mail server: what is sent, refused, put off, given up."""

import contextlib
import threading
import time
from datetime import timedelta

import pytest
from django.utils import timezone
from post_office.models import STATUS, Email

from netzkoord.lib import mail, outbox, smtp
from netzkoord.lib.mail_keys import CODE_GONE, LINK_GONE
from netzkoord.lib.mail_texts import occasion_of
from netzkoord.lib.outbox import DELAYS, Postman
from netzkoord.models import Heartbeat, SendingAttempt, SendingOutcome
from tests.smtp_server import HANG_UP, free_port, running_mail_server, use, wait_for

TEMPLATE = "account/email/password_changed.txt"


@pytest.fixture
def server(settings):
    with running_mail_server() as running:
        use(settings, running)
        yield running


def write(to="a@stadt.example", **fields):
    email = mail.send(to, TEMPLATE, {})
    Email.objects.filter(pk=email.pk).update(**fields)
    return email


def write_three():
    return [write(f"{letter}@stadt.example") for letter in "abc"]


def send(**options):
    postman = Postman("worker test", **options)
    postman.round()
    return postman


def stored(email):
    return Email.objects.get(pk=email.pk)


def outcomes(email=None):
    attempts = SendingAttempt.objects.all() if email is None else email.attempts
    return [(attempt.outcome, attempt.reply) for attempt in attempts.order_by("pk")]


def minutes_until_next(email):
    return round((stored(email).scheduled_time - timezone.now()) / timedelta(minutes=1))


# --- What goes well -----------------------------------------------------------------------------------------


def test_mails_are_sent_over_one_connection_each_to_its_recipient(db, server):
    mails = write_three()

    send()

    assert [envelope.rcpt_tos for envelope in server.received] == [[one.to[0]] for one in mails]
    assert server.connections == 1
    assert {one.status for one in Email.objects.all()} == {STATUS.sent}
    assert outcomes() == [(SendingOutcome.ACCEPTED, "250 queued as 42")] * 3


def test_mail_of_later_is_not_sent_before_its_time(db, server):
    write(scheduled_time=timezone.now() + timedelta(minutes=1))

    send()

    assert (server.received, outcomes()) == ([], [])


def test_nothing_is_asked_of_the_mail_server_when_nothing_is_due(db, server):
    send()

    assert server.connections == 0


def test_fresh_mails_go_before_those_that_are_refused_again_and_again(db, server):
    write("oft@stadt.example", status=STATUS.requeued, number_of_retries=3)
    write("neu@stadt.example")

    send()

    assert [envelope.rcpt_tos for envelope in server.received] == [["neu@stadt.example"], ["oft@stadt.example"]]


def test_sending_ends_after_the_mail_in_hand_when_the_worker_is_to_stop(db, server):
    write_three()
    stopping = threading.Event()
    hold = server.hold("DATA")

    def stop():
        hold.wait_until_reached()
        stopping.set()
        hold.go_on.set()

    thread = threading.Thread(target=stop)
    thread.start()
    send(stopping=stopping)
    thread.join()

    assert server.recipients == ["a@stadt.example"]
    assert Email.objects.filter(status=STATUS.queued).count() == 2


def test_sending_leaves_time_for_other_work(db, server, monkeypatch):
    write_three()
    monkeypatch.setattr(outbox, "ROUND_SECONDS", -1)

    send()

    assert server.received == []


# --- What a server refuses -----------------------------------------------------------------------------------


@pytest.mark.parametrize("point", ["RCPT", "354", "DATA"])
def test_permanent_refusal_fails_at_once_in_the_servers_words_and_harms_no_other(db, server, point):
    mails = write_three()
    server.answers[point, "b@stadt.example"] = "550 5.1.1 Benutzer <b> unbekannt"

    send()

    assert [stored(one).status for one in mails] == [STATUS.sent, STATUS.failed, STATUS.sent]
    assert outcomes(mails[1]) == [(SendingOutcome.REFUSED, "550 5.1.1 Benutzer <b> unbekannt")]
    assert server.recipients == ["a@stadt.example", "c@stadt.example"]
    assert server.connections == 1


@pytest.mark.parametrize("point", ["RCPT", "354", "DATA"])
@pytest.mark.parametrize("words", ["450 4.2.0 Greylisted, try again in 60 seconds", "451 4.3.0 later", "452 full"])
def test_temporary_refusal_is_tried_again_in_a_minute_and_harms_no_other(db, server, point, words):
    mails = write_three()
    server.answers[point, "b@stadt.example"] = words

    send()

    assert [stored(one).status for one in mails] == [STATUS.sent, STATUS.requeued, STATUS.sent]
    assert outcomes(mails[1]) == [(SendingOutcome.DEFERRED, words)]
    assert minutes_until_next(mails[1]) == 1
    assert server.connections == 1


@pytest.mark.parametrize("point", ["RCPT", "354", "DATA"])
def test_server_that_closes_is_asked_anew_for_the_next_mail(db, server, point):
    mails = write_three()
    server.answers[point, "b@stadt.example"] = "421 4.7.0 too many, closing"

    send()

    assert [stored(one).status for one in mails] == [STATUS.sent, STATUS.requeued, STATUS.sent]
    assert outcomes(mails[1]) == [(SendingOutcome.DEFERRED, "421 4.7.0 too many, closing")]
    assert server.connections == 2


@pytest.mark.parametrize(
    "address", ["kaputt", "a@", "a@b@c", "x@a.example, y@a.example", "ü@a.example", "", "<a\n>"]
)
def test_malformed_recipient_fails_at_once_and_harms_no_other(db, server, address):
    mails = write_three()
    Email.objects.filter(pk=mails[0].pk).update(to=address)

    send()

    assert stored(mails[0]).status == STATUS.failed
    ((outcome, reply),) = outcomes(mails[0])
    assert outcome == SendingOutcome.REFUSED
    assert reply.startswith("Die Mail lässt sich so nicht senden")
    assert server.recipients == ["b@stadt.example", "c@stadt.example"]


@pytest.mark.parametrize("header", ["Reply-To", "X-Eigen"])
def test_header_with_a_line_break_is_never_sent(db, server, header):
    write(headers={header: "a@stadt.example\r\nBcc: alle@stadt.example"})

    send()

    assert server.received == []
    assert stored(Email.objects.get()).status == STATUS.failed


# --- What befalls the connection --------------------------------------------------------------------------------


@pytest.mark.parametrize("point", ["RCPT", "354"])
def test_server_that_hangs_up_before_it_has_the_mail_gets_it_again(db, server, point):
    mails = write_three()
    server.answers[point, "b@stadt.example"] = HANG_UP

    send()

    assert [stored(one).status for one in mails] == [STATUS.sent, STATUS.requeued, STATUS.sent]
    assert outcomes(mails[1]) == [(SendingOutcome.DEFERRED, "Der Mailserver hat die Verbindung abgebrochen.")]


def test_server_that_hangs_up_is_noticed_before_the_last_dot(server):
    route = smtp.route()
    with contextlib.closing(route):
        route.open()
        before = route.has_spoken()
        server.hang_up()

        wait_for(route.has_spoken)

    assert not before


def test_server_that_hangs_up_after_the_mail_leaves_it_uncertain_and_gets_it_once(db, server):
    mails = write_three()
    server.answers["DATA", "b@stadt.example"] = HANG_UP

    for _ in range(2):
        send()

    assert [stored(one).status for one in mails] == [STATUS.sent, STATUS.queued, STATUS.sent]
    assert outcomes(mails[1]) == [(SendingOutcome.UNCERTAIN, "Der Mailserver hat die Verbindung abgebrochen.")]
    assert server.recipients == ["a@stadt.example", "b@stadt.example", "c@stadt.example"]


def test_server_that_falls_silent_is_tried_again(db, server, settings):
    settings.EMAIL_TIMEOUT = 0.2
    email = write()
    server.hold("RCPT")

    send()

    assert outcomes(email) == [(SendingOutcome.DEFERRED, "Der Mailserver hat nicht rechtzeitig geantwortet.")]


def test_server_that_falls_silent_over_the_last_dot_leaves_the_mail_uncertain(db, server, monkeypatch):
    monkeypatch.setattr(smtp, "ANSWER_SECONDS", 0.2)
    email = write()
    server.hold("DATA")

    send()

    assert outcomes(email) == [(SendingOutcome.UNCERTAIN, "Der Mailserver hat nicht rechtzeitig geantwortet.")]


def test_server_with_troubles_in_a_row_is_left_alone_for_a_while(db, server):
    mails = write_three()
    server.answers["RCPT"] = HANG_UP

    postman = send()
    connections = server.connections
    postman.round()

    assert [len(outcomes(one)) for one in mails] == [1, 1, 0]
    assert (connections, server.connections) == (2, 2)
    assert 0 < postman.rests_until - time.monotonic() <= outbox.REST_SECONDS


def test_server_that_cannot_be_reached_puts_off_every_mail_and_each_says_so(db, server, settings):
    mails = write_three()
    Email.objects.filter(pk=mails[2].pk).update(status=STATUS.requeued, number_of_retries=2)
    settings.EMAIL_PORT = free_port()

    send()

    assert {one.status for one in Email.objects.all()} == {STATUS.requeued}
    assert outcomes() == [(SendingOutcome.DEFERRED, "Der Mailserver nimmt keine Verbindung an.")] * 3
    assert [minutes_until_next(one) for one in mails] == [1, 1, 15]


def test_server_that_does_not_know_us_loses_no_mail(db, server, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "netzkoord", "falsch"
    email = write()

    send()

    assert stored(email).status == STATUS.requeued
    ((outcome, reply),) = outcomes(email)
    assert (outcome, reply[:43]) == (SendingOutcome.DEFERRED, "Die Verbindung zum Mailserver ist gestört: ")


# --- Again, and when it is enough -------------------------------------------------------------------------------


@pytest.mark.parametrize(("retries", "minutes"), [(None, 1), (1, 5), (2, 15), (3, 60), (4, 120), (9, 240)])
def test_each_attempt_waits_longer(db, server, retries, minutes):
    email = write(status=STATUS.requeued, number_of_retries=retries)
    server.answers["RCPT"] = "451 later"

    send()

    assert minutes_until_next(email) == minutes


def test_mail_has_failed_when_a_day_is_over(db, server):
    email = write(status=STATUS.requeued, number_of_retries=len(DELAYS))
    server.answers["RCPT"] = "451 later"

    send()

    assert (stored(email).status, stored(email).scheduled_time) == (STATUS.failed, None)
    assert timedelta(hours=23) < sum(DELAYS, timedelta()) <= timedelta(days=1)


def test_code_that_is_not_good_any_more_is_not_sent(db, server):
    email = mail.send("a@stadt.example", TEMPLATE, {}, good_for=timedelta(minutes=15))
    Email.objects.update(expires_at=timezone.now())

    send()

    assert (stored(email).status, server.received) == (STATUS.failed, [])
    assert outcomes(email) == [(SendingOutcome.EXPIRED, "")]


# --- Attempts that were left behind -----------------------------------------------------------------------------


def attempt_of(email, worker, **fields):
    return SendingAttempt.objects.create(email=email, recipient=email.to[0], worker=worker, **fields)


def test_attempt_of_a_living_worker_is_left_alone(db, server):
    email = write()
    Heartbeat.objects.create(process="worker other")
    attempt_of(email, "worker other")

    send()

    assert (server.received, outcomes()) == ([], [(SendingOutcome.RUNNING, "")])


@pytest.mark.parametrize("worker", ["worker dead", "worker test"])
def test_attempt_that_was_not_handed_over_is_made_again(db, server, worker):
    email = write()
    Heartbeat.objects.create(process="worker test")
    attempt_of(email, worker)

    send()
    assert (server.received, minutes_until_next(email)) == ([], 1)
    Email.objects.update(scheduled_time=None)
    send()

    assert server.recipients == ["a@stadt.example"]
    assert [outcome for outcome, _ in outcomes()] == [SendingOutcome.ABANDONED, SendingOutcome.ACCEPTED]


def test_attempt_that_was_handed_over_stays_uncertain(db, server):
    email = write()
    attempt_of(email, "worker dead", handed_over_at=timezone.now())

    for _ in range(2):
        send()

    assert (server.received, outcomes()) == ([], [(SendingOutcome.UNCERTAIN, "")])


def test_answer_that_comes_after_all_settles_what_was_uncertain(db):
    email = write()
    attempt = attempt_of(email, "worker slow", handed_over_at=timezone.now())
    outbox.settle_abandoned(but_not_of=set())

    outbox.settle(attempt, SendingOutcome.ACCEPTED, "250 OK")

    assert (stored(email).status, outcomes()) == (STATUS.sent, [(SendingOutcome.ACCEPTED, "250 OK")])


def test_answer_that_comes_too_late_changes_nothing(db):
    email = write()
    attempt = attempt_of(email, "worker slow", handed_over_at=timezone.now())
    SendingAttempt.objects.update(outcome=SendingOutcome.REPEATED, ended_at=timezone.now())

    outbox.settle(attempt, SendingOutcome.ACCEPTED, "250 OK")

    assert (stored(email).status, outcomes()) == (STATUS.queued, [(SendingOutcome.REPEATED, "")])


def test_attempt_that_was_taken_away_is_not_handed_over(db):
    attempt = attempt_of(write(), "worker slow")
    outbox.settle_abandoned(but_not_of=set())

    with pytest.raises(outbox.TakenAway):
        outbox.hand_over(attempt)

    assert SendingAttempt.objects.get().handed_over_at is None


# --- What stays of a sent mail ---------------------------------------------------------------------------------


def with_link(link, **options):
    template = "participants/mail/withdrawn.txt"
    values = occasion_of(template).example() | {"cohort": "Durchgang 2026", "link": link}
    return mail.send("a@stadt.example", template, values, **options)


def private(link):
    return with_link(link, headers=mail.PRIVATE)


def test_sent_mail_keeps_its_text_and_loses_its_link(db, server):
    link = "https://netz.example/anmeldung/abc.def_ghi-123/"
    email = private(link)

    send()

    assert link in server.received[0].content.decode().replace("=\r\n", "")
    copy = stored(email)
    for text in (copy.message, copy.html_message):
        assert "https://netz.example" not in text
        assert LINK_GONE in text
        assert "Durchgang 2026" in text
    assert "<a " not in copy.html_message


def test_sent_mail_loses_its_code(db, server):
    email = mail.send(
        "a@stadt.example", "account/email/login_code.txt", {"code": "AB2C-34DE"}, headers=mail.PRIVATE
    )

    send()

    assert "AB2C-34DE" in server.received[0].content.decode()
    copy = stored(email)
    assert copy.context is None
    assert "AB2C" not in copy.message + copy.html_message
    assert CODE_GONE in copy.message


@pytest.mark.parametrize("words", ["550 no", "451 later"])
def test_mail_that_is_not_sent_keeps_its_link(db, server, words):
    email = private("https://netz.example/anmeldung/abc.def/")
    server.answers["RCPT"] = words

    send()

    assert "https://netz.example/anmeldung/abc.def/" in stored(email).message


def test_sent_mail_that_opens_nothing_keeps_its_link(db, server):
    email = with_link("https://netz.example/")

    send()

    assert "https://netz.example/" in stored(email).message
