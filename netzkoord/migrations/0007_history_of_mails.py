"""What was tried moves from post_office's log to the attempts; sent private mails lose the links they still carry."""

import re

from django.db import migrations
from django.db.models import Exists, OuterRef

NOTE = "(Link entfernt, weil die Mail gesendet ist)"
LINK = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
ANCHOR = re.compile(r"<a\b[^>]*\bhref=\"https?://[^>]*>.*?</a>", re.IGNORECASE | re.DOTALL)
BARE = re.compile(r"(?<![\"'])https?://[^\s<>\"']+", re.IGNORECASE)
SENT, FAILED = 0, 1
BATCH = 500


def copy_logs(apps, schema_editor):
    Log = apps.get_model("post_office", "Log")
    SendingAttempt = apps.get_model("netzkoord", "SendingAttempt")
    has_attempt = SendingAttempt.objects.filter(email=OuterRef("email"))
    logs = Log.objects.filter(~Exists(has_attempt), status__in=[SENT, FAILED]).select_related("email")
    SendingAttempt.objects.bulk_create(
        (
            SendingAttempt(
                email=log.email,
                recipient=", ".join(log.email.to)[:254],
                started_at=log.date,
                ended_at=log.date,
                outcome="ACCEPTED" if log.status == SENT else "DEFERRED",
                reply=log.message[:500],
            )
            for log in logs.iterator()
        ),
        batch_size=BATCH,
    )


def strip_links(apps, schema_editor):
    Email = apps.get_model("post_office", "Email")
    for mail in Email.objects.filter(status=SENT, headers__Sensitivity="Private").iterator():
        Email.objects.filter(pk=mail.pk).update(
            message=LINK.sub(NOTE, mail.message),
            html_message=BARE.sub(NOTE, ANCHOR.sub(NOTE, mail.html_message)),
        )


class Migration(migrations.Migration):
    dependencies = [
        ("netzkoord", "0006_sending_attempt"),
    ]

    operations = [
        migrations.RunPython(copy_logs, migrations.RunPython.noop),
        migrations.RunPython(strip_links, migrations.RunPython.noop),
    ]
