"""Every row gets a key of its own: the column came with one value for all."""

import uuid

from django.db import migrations

PARTS = [
    "aim",
    "track",
    "topic",
    "method",
    "module",
    "learninggoal",
    "unit",
    "responsibilitylevel",
    "competencearea",
    "competence",
]


def fill(apps, schema_editor):
    for part in PARTS:
        renew(apps.get_model("curriculum", part), "key")
    renew(apps.get_model("curriculum", "sessionday"), "uid")


def renew(model, field):
    rows = list(model.objects.all())
    for row in rows:
        setattr(row, field, uuid.uuid4())
    model.objects.bulk_update(rows, [field], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("curriculum", "0006_part_keys")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
