import uuid

from django.db import migrations

from evaluation.models.surveys import random_code


def fill(apps, schema_editor):
    """Each row its own: a default is asked once for all rows that a new column finds."""
    for workshop in apps.get_model("evaluation", "Workshop").objects.all():
        workshop.code = random_code()
        workshop.save(update_fields=["code"])
    for card in apps.get_model("evaluation", "Card").objects.all():
        card.key = uuid.uuid4()
        card.save(update_fields=["key"])


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0017_recommendation_where_from")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
