"""Which certificate names which picture, as rows: the keys keep the picture then, and each row is kept by triggers.

How a later migration alters a table that triggers keep (on SQLite Django makes the table anew: its triggers are gone
afterwards, and it cannot be done at all while a trigger of another table reads it; from 0037 on none does): first the
operation, then `RunPython` that freezes the table again, as in 0029 and 0033. `tests/participants/test_certificates_frozen.py`
alters each of them, and looks for each trigger.
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

TABLE = "participants_certificatepictureuse"
SENTENCE = "Which picture a certificate names is never changed"
frozen = import_module("participants.migrations.0026_certificates_frozen")


def freeze(apps, schema_editor):
    make = {"sqlite": frozen.on_sqlite, "postgresql": frozen.on_postgresql}[schema_editor.connection.vendor]
    for event in ("UPDATE", "DELETE"):
        for statement in make(TABLE, event, "1 = 1", SENTENCE):
            schema_editor.execute(statement, params=None)


def thaw(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for event in ("UPDATE", "DELETE"):
        name = frozen.name(TABLE, event)
        on = f" ON {TABLE}" if is_postgresql else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{on}", params=None)
        if is_postgresql:
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}()", params=None)


class Migration(migrations.Migration):
    dependencies = [("participants", "0033_municipality_certificates")]

    operations = [
        migrations.CreateModel(
            name="CertificatePictureUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "certificate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="picture_uses",
                        to="participants.certificate",
                        verbose_name="Bescheinigung",
                    ),
                ),
                (
                    "picture",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uses",
                        to="participants.certificatepicture",
                        verbose_name="Bild",
                    ),
                ),
            ],
            options={
                "verbose_name": "Bild einer Bescheinigung",
                "verbose_name_plural": "Bilder der Bescheinigungen",
            },
        ),
        migrations.AddConstraint(
            model_name="certificatepictureuse",
            constraint=models.UniqueConstraint(
                fields=("certificate", "picture"), name="certificate_picture_use_unique"
            ),
        ),
        migrations.RunPython(freeze, thaw),
    ]
