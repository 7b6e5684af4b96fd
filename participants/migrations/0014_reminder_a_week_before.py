"""The one rule that a new installation begins with: a reminder a week before each session."""

from django.db import migrations


def add_reminder(apps, schema_editor):
    rules = apps.get_model("participants", "MailRule").objects
    if not rules.exists():
        rules.create(kind="REMINDER", days=7, anchor="BEFORE", hour=9)


class Migration(migrations.Migration):
    dependencies = [("participants", "0013_mail_rules")]

    operations = [migrations.RunPython(add_reminder, migrations.RunPython.noop)]
