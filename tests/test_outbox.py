"""The outbox: organisers see every message and what became of it, and send again what did not arrive."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from post_office import mail
from post_office.models import STATUS, Email

from netzkoord.lib import links
from netzkoord.lib.mail import PRIVATE, Composed, neutral, put, send, written
from netzkoord.lib.mail_keys import LINK_GONE
from netzkoord.lib.outbox import mark_sent
from netzkoord.models import AuditEvent, SendingAttempt, SendingOutcome
from participants import tokens
from participants.models import Registration
from tests import factories


def write(to="person@stadt.example", subject="Betreff", message="Text", **fields):
    email = mail.send(to, "netzkoord@stadt.example", subject=subject, message="-")
    Email.objects.filter(pk=email.pk).update(**{"message": message} | fields)
    return email


def tried(email, outcome=SendingOutcome.REFUSED, reply="550 no such user", **fields):
    ended_at = None if outcome == SendingOutcome.RUNNING else timezone.now()
    return SendingAttempt.objects.create(
        email=email, recipient=email.to[0], outcome=outcome, reply=reply, ended_at=ended_at, **fields
    )


def failed(to="person@stadt.example", **fields):
    email = write(to, status=STATUS.failed, **fields)
    tried(email)
    return email


def uncertain(to="person@stadt.example", **fields):
    email = write(to, **fields)
    tried(email, SendingOutcome.UNCERTAIN, "Der Mailserver hat die Verbindung abgebrochen.")
    return email


def url(email):
    return reverse("outbox_mail", args=[email.pk])


@pytest.mark.parametrize("count", [1, 3])
def test_outbox_query_count(client, organiser, django_assert_num_queries, count):
    for number in range(count):
        tried(write(subject=f"Mail {number}", status=STATUS.failed))
    client.force_login(organiser)

    with django_assert_num_queries(8):
        response = client.get(reverse("outbox"))

    assert response.content.decode().count('<th scope="row">') == count


def test_outbox_shows_the_newest_first(client, organiser):
    for number in range(3):
        write(subject=f"Mail {number}")
    client.force_login(organiser)

    page = client.get(reverse("outbox")).content.decode()

    assert page.index("Mail 2") < page.index("Mail 1") < page.index("Mail 0")


def test_outbox_is_empty_with_a_sentence(client, organiser):
    client.force_login(organiser)

    assert "Noch wurde keine Mail geschrieben." in client.get(reverse("outbox")).content.decode()


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (STATUS.sent, "gesendet"),
        (STATUS.queued, "wartet"),
        (STATUS.requeued, "wird erneut versucht"),
        (STATUS.failed, "fehlgeschlagen"),
        (None, "wartet"),
    ],
)
def test_outbox_says_what_became_of_a_message(client, organiser, status, word):
    email = write(status=status)
    client.force_login(organiser)

    assert word in client.get(reverse("outbox")).content.decode()
    assert word in client.get(url(email)).content.decode()


def test_outbox_says_why_a_message_failed(client, organiser):
    email = write(status=STATUS.failed)
    tried(email, reply="550 no such user <x>")
    client.force_login(organiser)

    assert "550 no such user &lt;x&gt;" in client.get(reverse("outbox")).content.decode()
    assert "550 no such user &lt;x&gt;" in client.get(url(email)).content.decode()


@pytest.mark.parametrize("search", ["ziel@", "Einladung", " einladung "])
def test_outbox_search_finds_recipient_and_subject(client, organiser, search):
    write(to="ziel@stadt.example", subject="Einladung")
    write(to="andere@stadt.example", subject="Zusage")
    client.force_login(organiser)

    page = client.get(reverse("outbox"), {"suche": search}).content.decode()

    assert "Einladung" in page
    assert "Zusage" not in page


@pytest.mark.parametrize(
    "query", ["suche=%00", "suche=" + "x" * 300, "seite=999", "seite=abc", "suche=%25_'\"><b>"]
)
def test_outbox_survives_nonsense(client, organiser, query):
    write()
    client.force_login(organiser)

    response = client.get(f"{reverse('outbox')}?{query}")

    assert response.status_code == 200
    assert "<b>" not in response.content.decode()


def test_outbox_has_pages_of_fifty(client, organiser):
    for number in range(51):
        write(subject=f"Mail {number}")
    client.force_login(organiser)

    assert client.get(reverse("outbox")).content.decode().count('<th scope="row">') == 50
    assert client.get(reverse("outbox"), {"seite": "2"}).content.decode().count('<th scope="row">') == 1


def test_outbox_mail_makes_only_own_addresses_live(client, organiser, settings):
    settings.BASE_URL = "https://netz.example"
    text = "https://netz.example/x/\nhttps://netz.example.evil.example/y/\nhttps://evil.example/\n<b>fett</b>"
    email = write(message=text)
    client.force_login(organiser)

    page = client.get(url(email)).content.decode()

    assert '<a href="https://netz.example/x/">https://netz.example/x/</a>' in page
    assert page.count('href="https://') == 1
    assert "&lt;b&gt;fett&lt;/b&gt;" in page


def test_outbox_mail_never_shows_the_html_part(client, organiser):
    email = write()
    Email.objects.update(html_message="<script>alert(1)</script>")
    client.force_login(organiser)

    assert "alert(1)" not in client.get(url(email)).content.decode()


def test_outbox_mail_shows_recipient_sender_and_headers(client, organiser):
    email = send("Person@stadt.example", "account/email/password_changed.txt", {}, reply_to="buero@stadt.example")
    client.force_login(organiser)

    page = client.get(url(email)).content.decode()

    for text in ["Person@stadt.example", "kursbuero@netzkoord.example", "auto-generated", "buero@stadt.example"]:
        assert text in page


@pytest.mark.parametrize("is_demo", [True, False])
@pytest.mark.parametrize("name", ["account_request_login_code", "account_reset_password"])
def test_outbox_shows_what_opens_an_account_in_the_demo_only(client, organiser, settings, is_demo, name):
    settings.DEMO = is_demo
    client.post(reverse(name), {"email": organiser.email})
    email = Email.objects.get()
    key = email.message.split("\n\n")[2]
    client.force_login(organiser)

    page = client.get(url(email)).content.decode()

    assert "Guten Tag" in page
    assert (key in page) is is_demo
    assert ("Lesen darf ihn deshalb nur, wer die Mail bekommt" in page) is not is_demo
    assert ("in der Demo" in page) is is_demo


@pytest.mark.parametrize("who", ["trainer", "reader", "stranger"])
def test_outbox_is_for_organisers(client, request, who):
    client.force_login(request.getfixturevalue(who))
    email = write(subject="Geheim")

    assert client.get(reverse("outbox")).status_code == 403
    assert client.get(url(email)).status_code == 403


def test_outbox_sends_anyone_else_to_sign_in(client, db):
    for address in [reverse("outbox"), url(write())]:
        assert client.get(address)["Location"].startswith(reverse("account_login"))


def test_outbox_mail_unknown_is_not_found_and_post_is_refused(client, organiser):
    client.force_login(organiser)

    assert client.get(reverse("outbox_mail", args=[99])).status_code == 404
    assert client.post(url(write())).status_code == 405
    assert client.post(reverse("outbox")).status_code == 405


# What is due


@pytest.mark.parametrize("state", ["wartet", "wird-erneut-versucht", "fehlgeschlagen", "ungewiss", "gesendet"])
def test_outbox_shows_the_mails_of_one_state_and_counts_all(client, organiser, state):
    write(subject="Diese wartet")
    write(subject="Diese wird-erneut-versucht", status=STATUS.requeued, scheduled_time=timezone.now())
    failed(subject="Diese fehlgeschlagen")
    uncertain(subject="Diese ungewiss")
    write(subject="Diese gesendet", status=STATUS.sent)
    client.force_login(organiser)

    page = client.get(reverse("outbox"), {"stand": state}).content.decode()

    assert page.count('<th scope="row">') == 1
    assert f"Diese {state}" in page
    assert page.count("(1)") == 5
    assert "Alle&nbsp;(5)" in page


def test_outbox_keeps_the_state_while_searching(client, organiser):
    failed("eins@stadt.example")
    failed("zwei@stadt.example")
    write("zwei@stadt.example")
    client.force_login(organiser)

    page = client.get(reverse("outbox"), {"stand": "fehlgeschlagen", "suche": "zwei"}).content.decode()

    assert page.count('<th scope="row">') == 1
    assert '<input type="hidden" name="stand" value="fehlgeschlagen"' in page


@pytest.mark.parametrize("state", ["wartet", "wird-erneut-versucht", "fehlgeschlagen", "ungewiss", "gesendet"])
def test_outbox_says_why_a_state_is_empty(client, organiser, state):
    client.force_login(organiser)

    assert 'class="empty"' in client.get(reverse("outbox"), {"stand": state}).content.decode()


@pytest.mark.parametrize(
    ("hours", "words"), [(-1, "nächster Versuch gleich"), (2, "nächster Versuch um 12:"), (20, "am Di, 3.")]
)
def test_outbox_says_when_it_tries_again(client, organiser, hours, words):
    tried(
        write(status=STATUS.requeued, scheduled_time=timezone.now() + timedelta(hours=hours)),
        SendingOutcome.DEFERRED,
        "451 later",
    )
    client.force_login(organiser)

    page = client.get(reverse("outbox")).content.decode()

    assert words in page
    assert "451 later" in page


def test_outbox_says_what_is_just_being_sent_and_what_goes_out_later(client, organiser):
    tried(write(), SendingOutcome.RUNNING, "")
    write(scheduled_time=timezone.now() + timedelta(days=2))
    client.force_login(organiser)

    page = client.get(reverse("outbox")).content.decode()

    assert "wird gerade gesendet" in page
    assert "geht hinaus am Mi, 4." in page


def test_outbox_mail_shows_what_was_tried(client, organiser):
    email = write(status=STATUS.failed)
    tried(email, SendingOutcome.DEFERRED, "451 <later>", started_at=timezone.now() - timedelta(minutes=5))
    tried(email, SendingOutcome.REFUSED, "550 never")
    client.force_login(organiser)

    page = client.get(url(email)).content.decode()

    assert page.index("550 never") < page.index("451 &lt;later&gt;")
    assert "aufgeschoben" in page
    assert "abgelehnt" in page


@pytest.mark.parametrize(
    ("count", "sentence"), [(1, "1 Mail ist nicht angekommen"), (3, "3 Mails sind nicht angekommen")]
)
def test_start_says_that_mails_did_not_arrive(client, organiser, count, sentence):
    for _ in range(count):
        failed()
    write(status=STATUS.sent)
    client.force_login(organiser)

    page = client.get(reverse("start")).content.decode()

    assert f'<a href="{reverse("outbox")}?stand=fehlgeschlagen">{sentence}</a>' in page
    assert "vielleicht nicht angekommen" not in page


def test_start_says_that_mails_are_uncertain_and_nothing_when_all_is_well(client, organiser):
    client.force_login(organiser)
    assert "angekommen" not in client.get(reverse("start")).content.decode()
    uncertain()

    page = client.get(reverse("start")).content.decode()

    assert f'<a href="{reverse("outbox")}?stand=ungewiss">1 Mail ist vielleicht nicht angekommen</a>' in page


def test_start_says_nothing_about_mails_to_others(client, reader):
    failed()
    client.force_login(reader)

    assert "angekommen" not in client.get(reverse("start")).content.decode()


# Sending again


def resend(client, email, **extra):
    return client.post(reverse("outbox_resend", args=[email.pk]), **extra)


def events():
    return [(event.action, event.target_id) for event in AuditEvent.objects.order_by("pk")]


def stored(email):
    return Email.objects.get(pk=email.pk)


def test_outbox_sends_a_failed_mail_itself_again_unread(client, organiser):
    email = failed(headers=PRIVATE, message="{{ geheim }}", number_of_retries=11)
    client.force_login(organiser)

    assert "Noch einmal senden" in client.get(url(email)).content.decode()
    response = resend(client, email, follow=True)

    assert "Die Mail an person@stadt.example geht noch einmal hinaus." in response.content.decode()
    again = stored(email)
    assert (again.status, again.number_of_retries, again.message) == (STATUS.queued, None, "{{ geheim }}")
    assert (Email.objects.count(), email.attempts.count()) == (1, 1)
    assert events() == [("MAIL_RESENT", str(email.pk))]


def test_outbox_sends_a_copy_of_a_sent_mail_once_however_often_it_is_told(client, organiser):
    email = write(status=STATUS.sent, html_message="<p>x</p>", headers={"Reply-To": "buero@stadt.example"})
    client.force_login(organiser)

    for _ in range(2):
        resend(client, email)

    copy = Email.objects.latest("pk")
    assert Email.objects.count() == 2
    assert (copy.to, copy.message, copy.html_message) == (email.to, "Text", "<p>x</p>")
    assert (copy.status, copy.headers) == (STATUS.queued, {"Reply-To": "buero@stadt.example"})
    assert copy.message_id not in (None, stored(email).message_id)
    assert events() == [("MAIL_RESENT", str(email.pk))]


def test_outbox_sends_an_uncertain_mail_again_when_told_to(client, organiser):
    email = uncertain()
    client.force_login(organiser)

    assert "kommt sie vielleicht zweimal an" in client.get(url(email)).content.decode()
    for _ in range(2):
        resend(client, email)

    attempt = email.attempts.get()
    assert (attempt.outcome, attempt.reply[:17]) == (SendingOutcome.REPEATED, "Der Mailserver ha")
    assert stored(email).status == STATUS.queued
    assert "wartet" in client.get(url(email)).content.decode()
    assert events() == [("MAIL_RESENT", str(email.pk))]


def test_outbox_books_an_uncertain_mail_as_sent(client, organiser):
    email = uncertain(headers=PRIVATE, message="Hier: https://netz.example/anmeldung/abc/")
    client.force_login(organiser)

    for _ in range(2):
        client.post(reverse("outbox_book", args=[email.pk]))

    assert email.attempts.get().outcome == SendingOutcome.BOOKED
    assert (stored(email).status, stored(email).message) == (STATUS.sent, f"Hier: {LINK_GONE}")
    assert events() == [("MAIL_SETTLED", str(email.pk))]


@pytest.mark.parametrize("status", [STATUS.queued, STATUS.requeued, None])
def test_outbox_does_not_double_a_message_that_waits(client, organiser, status):
    email = write(status=status, scheduled_time=timezone.now())
    client.force_login(organiser)

    assert "Noch einmal senden" not in client.get(url(email)).content.decode()
    resend(client, email)
    client.post(reverse("outbox_book", args=[email.pk]))

    assert (Email.objects.count(), stored(email).status, events()) == (1, status, [])


def sent_with_link(to="person@stadt.example"):
    email = put(to, Composed("Zusage", "Hier:\n\nhttps://netz.example/anmeldung/abc/", "x"), headers=PRIVATE)
    mark_sent(email)
    return email


def test_outbox_does_not_send_again_what_has_lost_its_link_and_says_where_to_get_a_new_one(client, organiser):
    registration = factories.RegistrationFactory(email="person@stadt.example")
    email = sent_with_link()
    client.force_login(organiser)

    page = client.get(url(email)).content.decode()
    resend(client, email)

    assert Email.objects.count() == 1
    assert "Noch einmal senden" not in page
    assert "ihr persönlicher Link oder Code ist seit dem Versand entfernt" in page
    assert f'href="{reverse("participants:tandem_detail", args=[registration.tandem_id])}"' in page


def test_outbox_mail_that_is_sent_can_be_read_but_for_its_link(client, organiser):
    email = sent_with_link()
    client.force_login(organiser)

    page = client.get(url(email)).content.decode()

    assert LINK_GONE in page
    assert "abc" not in page
    assert "Lesen darf ihn deshalb nur" not in page


def test_outbox_sends_all_failed_mails_again_but_those_that_are_of_no_use(client, organiser):
    mails = [failed(f"{number}@stadt.example") for number in range(3)]
    code = failed("code@stadt.example", expires_at=timezone.now())
    write("gut@stadt.example", status=STATUS.sent)
    client.force_login(organiser)

    page = client.get(reverse("outbox"), {"stand": "fehlgeschlagen"}).content.decode()
    assert "Alle 3 fehlgeschlagenen noch einmal senden" in page
    assert "galt nur kurze Zeit" in page
    for _ in range(2):
        response = client.post(reverse("outbox_resend_failed"), follow=True)

    assert "Keine Mail ist fehlgeschlagen." in response.content.decode()
    assert {stored(email).status for email in mails} == {STATUS.queued}
    assert stored(code).status == STATUS.failed
    assert events() == [("MAIL_RESENT", str(email.pk)) for email in mails]


# Correcting the address


def correct(client, email, address, **extra):
    return client.post(reverse("outbox_correct", args=[email.pk]), {"address": address}, **extra)


def test_outbox_corrects_the_address_of_a_failed_mail_and_sends_it(client, organiser):
    registration = factories.RegistrationFactory(email="persom@stadt.example")
    email = failed("persom@stadt.example")
    client.force_login(organiser)

    page = client.get(reverse("outbox_correct", args=[email.pk])).content.decode()
    response = correct(client, email, "Person@Stadt.example", follow=True)

    assert "550 no such user" in page
    assert f'href="{reverse("participants:tandem_detail", args=[registration.tandem_id])}"' in page
    assert "Die Mail geht jetzt an person@stadt.example." in response.content.decode()
    assert (stored(email).to, stored(email).status) == (["person@stadt.example"], STATUS.queued)
    assert email.attempts.get().recipient == "persom@stadt.example"
    assert Registration.objects.get().email == "persom@stadt.example"
    assert events() == [("MAIL_CORRECTED", str(email.pk))]


@pytest.mark.parametrize(
    "address",
    ["", "kaputt", "a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example", "x" * 300 + "@b.example"],
)
def test_outbox_keeps_a_wrong_address_in_the_form_and_changes_nothing(client, organiser, address):
    email = failed()
    client.force_login(organiser)

    response = correct(client, email, address)

    assert response.status_code == 200
    assert 'class="error-summary"' in response.content.decode()
    assert (stored(email).to, stored(email).status, events()) == (["person@stadt.example"], STATUS.failed, [])


def test_outbox_corrects_the_address_of_the_links_in_the_mail_too(client, organiser):
    made = [
        links.create("registration", 1, email="persom@stadt.example", expires_at=links.in_days(9)) for _ in range(2)
    ]
    email = failed("persom@stadt.example", message=f"Hier:\n\nhttp://testserver/anmeldung/{made[0]}/\n")
    client.force_login(organiser)

    correct(client, email, "person@stadt.example")

    addresses = [links.find(token).email for token in made]
    assert addresses == ["person@stadt.example", "persom@stadt.example"]


def test_outbox_corrects_the_address_that_nobody_has_confirmed_with_the_mail(client, organiser):
    half = factories.RegistrationFactory(email="persom@stadt.example", confirmed_at=None)
    invited = factories.RegistrationFactory(tandem__partner_email="partmer@stadt.example").tandem
    confirm, join = tokens.confirm_token(half), tokens.partner_token(invited)
    client.force_login(organiser)

    correct(client, failed("persom@stadt.example", message=f"/x/{confirm}/"), "person@stadt.example")
    correct(client, failed("partmer@stadt.example", message=f"/x/{join}/"), "partner@stadt.example")

    half.refresh_from_db()
    invited.refresh_from_db()
    assert (half.email, invited.partner_email) == ("person@stadt.example", "partner@stadt.example")
    assert client.get(reverse("participants:registration_confirm", args=[confirm])).status_code == 200
    assert client.get(reverse("participants:partner_add", args=[join])).status_code == 200


def test_outbox_leaves_the_address_of_a_confirmed_person(client, organiser):
    half = factories.RegistrationFactory(email="person@stadt.example")
    token = tokens.confirm_token(half)
    client.force_login(organiser)

    correct(client, failed("person@stadt.example", message=f"/x/{token}/"), "fremd@stadt.example")

    half.refresh_from_db()
    assert half.email == "person@stadt.example"


def test_outbox_corrects_once(client, organiser):
    email = failed()
    client.force_login(organiser)

    correct(client, email, "eins@stadt.example")
    response = correct(client, email, "zwei@stadt.example", follow=True)

    assert stored(email).to == ["eins@stadt.example"]
    assert "nur ändern, wenn eine Mail fehlgeschlagen ist" in response.content.decode()


def test_outbox_leads_no_mail_that_opens_an_account_elsewhere(client, organiser):
    email = failed(expires_at=timezone.now() + timedelta(minutes=10))
    client.force_login(organiser)

    page = client.get(url(email)).content.decode()
    correct(client, email, "anders@stadt.example")

    assert "Adresse berichtigen" not in page
    assert (stored(email).to, events()) == (["person@stadt.example"], [])


@pytest.mark.parametrize("who", ["trainer", "reader", "stranger"])
def test_outbox_acts_for_organisers_only(client, request, who):
    client.force_login(request.getfixturevalue(who))
    email, lost = failed(), uncertain()

    assert resend(client, email).status_code == 403
    assert correct(client, email, "anders@stadt.example").status_code == 403
    assert client.post(reverse("outbox_book", args=[lost.pk])).status_code == 403
    assert client.post(reverse("outbox_resend_failed")).status_code == 403
    assert (stored(email).status, stored(email).to) == (STATUS.failed, ["person@stadt.example"])


@pytest.mark.parametrize("name", ["outbox_resend", "outbox_book"])
def test_outbox_does_nothing_by_get_or_out_of_nowhere(client, organiser, name):
    client.force_login(organiser)

    assert client.get(reverse(name, args=[failed().pk])).status_code == 405
    assert client.post(reverse(name, args=[99])).status_code == 404
    assert client.get(reverse("outbox_correct", args=[99])).status_code == 404


def test_mail_with_a_personal_link_is_private_whoever_writes_it(db):
    token = links.create("registration", 1, email="person@stadt.example", expires_at=links.in_days(9))

    with_link = put("person@stadt.example", Composed("Zusage", f"Hier:\n\nhttp://testserver/x/{token}/", "-"))
    without = put("person@stadt.example", Composed("Zusage", "Hier:\n\nhttp://testserver/angebote/1/", "-"))

    assert with_link.headers["Sensitivity"] == "Private"
    assert "Sensitivity" not in without.headers


# What people typed


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("netzkoord-konto.de/login", "netzkoord-konto. de/login"),
        ("WWW.EVIL.DE", "WWW. EVIL. DE"),
        ("www.1und1", "www. 1und1"),
        ("hilfe@evil.de", "hilfe @ evil. de"),
        ("FTPS://evil.de", "FTPS :/ /evil. de"),
        ("https://evil.de", "https :/ /evil. de"),
        ("//evil.de/x", "/ /evil. de/x"),
        ("\\\\evil\\x", "\\ \\evil\\x"),
        ("mailto:x", "mailto :x"),
        ("evil\uff0ede", "evil\uff0e de"),
        ("evil.xn--p1ai", "evil. xn--p1ai"),
        ("eins\nzwei", "eins zwei"),
    ],
)
def test_mail_makes_no_link_of_what_was_typed(typed, sent):
    assert neutral(typed) == sent
    assert neutral(sent) == sent


@pytest.mark.parametrize(
    "text",
    [
        "Jugendhilfe e. V.",
        "Jugendhilfe e.V.",
        "Prof. Dr. Łucja O'Neill-Şahin",
        "St. Gallen",
        "14.12.2026 um 9:00",
        "z.B. und/oder",
        "Trainer/in",
        "Warum? …",
    ],
)
def test_mail_leaves_abbreviations_and_dates_as_they_are(text):
    assert neutral(text) == text


def test_mail_keeps_the_address_for_questions_and_our_own_link(db, settings):
    settings.BASE_URL = "https://netz.example"
    context = {
        "greeting": "Guten Tag evil.de",
        "cohort": "Durchgang",
        "municipality": "Moers",
        "role": "Führungskraft",
        "contact": "kursbuero@stadt.example",
        "link": "https://netz.example/anmeldung/x/",
    }

    text = written("participants/mail/withdrawn.txt", context)

    assert "Guten Tag evil. de" in text
    assert "kursbuero@stadt.example" in text
    assert "\nhttps://netz.example/anmeldung/x/\n" in text
