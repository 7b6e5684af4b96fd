"""A key for every questionnaire and question, a code for every survey; what was never sent has no place any more."""

import secrets
import uuid

from django.db import migrations
from django.utils import timezone

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def fill(apps, schema_editor):
    questionnaires = apps.get_model("evaluation", "Questionnaire")
    for questionnaire in questionnaires.objects.all():
        questionnaire.key, questionnaire.released_at = uuid.uuid4(), timezone.now()
        questionnaire.save(update_fields=["key", "released_at"])
    for question in apps.get_model("evaluation", "Question").objects.all():
        question.key = uuid.uuid4()
        question.save(update_fields=["key"])
    for survey in apps.get_model("evaluation", "Survey").objects.all():
        survey.room_code = "".join(secrets.choice(LETTERS) for _ in range(6))
        survey.save(update_fields=["room_code"])


def remove_unsent(apps, schema_editor):
    """Drafts lie elsewhere from now on, and a question that was left out has no row."""
    answers = apps.get_model("evaluation", "PersonalAnswer").objects
    answers.filter(invitation__participation__isnull=True).delete()
    answers.filter(number__isnull=True, skill__isnull=True, text="").delete()


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0005_surveys_joined")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(remove_unsent, migrations.RunPython.noop),
    ]
