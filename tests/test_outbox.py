"""The outbox: organisers see every message and what became of it."""

import pytest
from django.urls import reverse
from post_office import mail
from post_office.models import STATUS, Email, Log

from netzkoord.lib.mail import neutral, send, written
from netzkoord.models import AuditEvent


def write(to="person@stadt.example", subject="Betreff", message="Text", **fields):
    email = mail.send(to, "netzkoord@stadt.example", subject=subject, message=message)
    Email.objects.filter(pk=email.pk).update(**fields)
    return email


def url(email):
    return reverse("outbox_mail", args=[email.pk])


@pytest.mark.parametrize("count", [1, 3])
def test_outbox_query_count(client, organiser, django_assert_num_queries, count):
    for number in range(count):
        Log.objects.create(email=write(subject=f"Mail {number}", status=STATUS.failed), status=STATUS.failed)
    client.force_login(organiser)

    with django_assert_num_queries(7):
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
    Log.objects.create(email=email, status=STATUS.failed, message="550 no such user <x>")
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


@pytest.mark.parametrize(("is_demo", "shown"), [(True, True), (False, False)])
@pytest.mark.parametrize("name", ["account_request_login_code", "account_reset_password"])
def test_outbox_shows_a_mail_that_opens_an_account_in_the_demo_only(
    client, organiser, settings, is_demo, shown, name
):
    settings.DEMO = is_demo
    client.post(reverse(name), {"email": organiser.email})
    client.force_login(organiser)

    page = client.get(url(Email.objects.get())).content.decode()

    assert ("Guten Tag" in page) is shown
    assert ("Lesen darf sie deshalb nur, wer sie bekommt" in page) is not shown
    assert ("In der Demo" in page or "in der Demo" in page) is is_demo


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


# Sending again


def resend(client, email, **extra):
    return client.post(reverse("outbox_resend", args=[email.pk]), **extra)


@pytest.mark.parametrize("status", [STATUS.sent, STATUS.failed])
def test_outbox_sends_a_message_again_to_its_recipient_unread(client, organiser, status):
    headers = {"Sensitivity": "Private", "Reply-To": "buero@stadt.example"}
    email = write(to="Person@stadt.example", html_message="<p>x</p>", status=status)
    Email.objects.update(message="{{ geheim }}", headers=headers)
    client.force_login(organiser)

    assert "Erneut senden" in client.get(url(email)).content.decode()
    response = resend(client, email, follow=True)

    again = Email.objects.latest("pk")
    assert (again.pk != email.pk, again.status) == (True, STATUS.queued)
    assert (again.to, again.subject, again.message) == (["Person@stadt.example"], "Betreff", "{{ geheim }}")
    assert (again.html_message, again.headers) == ("<p>x</p>", headers)
    assert "Die Mail an Person@stadt.example geht noch einmal hinaus." in response.content.decode()
    assert "geheim" not in response.content.decode()
    event = AuditEvent.objects.get()
    assert (event.action, event.by_id, event.target_id) == ("MAIL_RESENT", organiser.pk, str(email.pk))


def test_outbox_sends_again_once_however_often_it_is_told(client, organiser):
    email = write(status=STATUS.sent)
    client.force_login(organiser)

    for _ in range(2):
        resend(client, email)

    assert Email.objects.count() == 2
    assert AuditEvent.objects.count() == 1


@pytest.mark.parametrize("status", [STATUS.queued, STATUS.requeued, None])
def test_outbox_does_not_double_a_message_that_waits(client, organiser, status):
    email = write(status=status)
    client.force_login(organiser)

    assert "Erneut senden" not in client.get(url(email)).content.decode()
    resend(client, email)

    assert Email.objects.count() == 1


@pytest.mark.parametrize("who", ["trainer", "reader", "stranger"])
def test_outbox_sends_again_for_organisers_only(client, request, who):
    client.force_login(request.getfixturevalue(who))
    email = write(status=STATUS.sent)

    assert resend(client, email).status_code == 403
    assert Email.objects.count() == 1


def test_outbox_sends_nothing_again_by_get_or_out_of_nowhere(client, organiser):
    client.force_login(organiser)

    assert client.get(reverse("outbox_resend", args=[write().pk])).status_code == 405
    assert client.post(reverse("outbox_resend", args=[99])).status_code == 404


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
