"""Changing the texts of mails, and trying them out."""

import datetime

from django.db import transaction
from django.utils import timezone
from post_office.models import Email

from netzkoord.lib import audit, mail
from netzkoord.lib.mail_texts import Occasion, Text
from netzkoord.models import AuditAction, MailText, User

# Within this time the same sample is not sent again: a double click.
SAMPLE_PAUSE = datetime.timedelta(minutes=1)


@transaction.atomic
def store_mail_text(*, occasion: Occasion, text: Text, by: User) -> MailText | None:
    """From now on this text is sent; one that equals the default needs no row, and None is returned."""
    if text == occasion.default:
        reset_mail_text(occasion=occasion, by=by)
        return None
    values = {
        "subject": text.subject,
        "body": text.body,
        "based_on": str(occasion.default),
        "changed_by": by,
    }
    stored, _ = MailText.objects.update_or_create(occasion=occasion.name, defaults=values)
    audit.record(AuditAction.MAIL_TEXT_CHANGED, target=stored, by=by, characters=len(text.body))
    return stored


@transaction.atomic
def reset_mail_text(*, occasion: Occasion, by: User) -> bool:
    """From now on the default is sent; False when it is already."""
    stored = MailText.objects.select_for_update().filter(pk=occasion.name).first()
    if stored is None:
        return False
    audit.record(AuditAction.MAIL_TEXT_CHANGED, target=stored, by=by, is_default=True)
    stored.delete()
    return True


def send_sample(*, occasion: Occasion, text: Text, to: User) -> bool:
    """This text with examples, to the person who asks; False for the second of two clicks."""
    composed = mail.compose_text(occasion, text, occasion.example())
    sample = mail.Composed(f"Probe: {composed.subject}", composed.text, composed.content)
    recent = Email.objects.filter(created__gte=timezone.now() - SAMPLE_PAUSE, subject=sample.subject)
    if any(email.to == [to.email] and email.message == sample.text + "\n" for email in recent):
        return False
    mail.put(to.email, sample)
    return True
