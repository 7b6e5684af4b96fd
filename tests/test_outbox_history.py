"""What an installation had sent before attempts were recorded: the migration of its mails."""

import importlib
import pkgutil

import pytest
from django.apps import apps
from post_office.models import STATUS, Email, Log

import netzkoord.migrations
from netzkoord.lib.mail import PRIVATE, Composed, put
from netzkoord.lib.mail_keys import LINK_GONE
from netzkoord.models import SendingAttempt

LINK = "https://netz.example/anmeldung/abc/"
HTML = f'<svg xmlns="http://www.w3.org/2000/svg"></svg><p><a href="{LINK}">Ansehen</a></p><p>{LINK}</p>'


@pytest.fixture
def migration():
    names = [module.name for module in pkgutil.iter_modules(netzkoord.migrations.__path__)]
    (name,) = [name for name in names if name.endswith("_history_of_mails")]
    return importlib.import_module(f"netzkoord.migrations.{name}")


def write(status, **options):
    email = put("person@stadt.example", Composed("Zusage", f"Hier:\n\n{LINK}", "-"), **options)
    Email.objects.filter(pk=email.pk).update(status=status, html_message=HTML)
    return email


def texts(email):
    stored = Email.objects.get(pk=email.pk)
    return stored.message, stored.html_message


def test_sent_private_mails_lose_their_links(db, migration):
    sent, waiting = write(STATUS.sent, headers=PRIVATE), write(STATUS.queued, headers=PRIVATE)
    public = write(STATUS.sent)

    for _ in range(2):
        migration.strip_links(apps, None)

    text, html = texts(sent)
    assert text == f"Hier:\n\n{LINK_GONE}\n"
    assert html == f'<svg xmlns="http://www.w3.org/2000/svg"></svg><p>{LINK_GONE}</p><p>{LINK_GONE}</p>'
    for other in (waiting, public):
        assert texts(other) == (f"Hier:\n\n{LINK}\n", HTML)


def test_what_was_tried_stays_known(db, migration):
    failed = write(STATUS.failed)
    Log.objects.create(email=failed, status=STATUS.failed, message="550 no such user")
    Log.objects.create(email=write(STATUS.sent), status=STATUS.sent)

    for _ in range(2):
        migration.copy_logs(apps, None)

    attempts = SendingAttempt.objects.order_by("pk")
    assert [(each.recipient, each.outcome, each.reply) for each in attempts] == [
        ("person@stadt.example", "DEFERRED", "550 no such user"),
        ("person@stadt.example", "ACCEPTED", ""),
    ]
    assert attempts[0].started_at == Log.objects.order_by("pk")[0].date
