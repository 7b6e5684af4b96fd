"""Certificates for the municipality of a tandem. The triggers of the table keep its tandem, too (see 0026)."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLE = "participants_certificate"
frozen = import_module("participants.migrations.0026_certificates_frozen")
pictures = import_module("participants.migrations.0032_certificate_pictures_frozen")
ALLOWED = f"{frozen.ALLOWED} AND {frozen.same('tandem_id')}"


def freeze(apps, schema_editor):
    put_back(schema_editor, ALLOWED)
    pictures.freeze(apps, schema_editor)


def freeze_as_before(apps, schema_editor):
    put_back(schema_editor, frozen.ALLOWED)
    pictures.freeze(apps, schema_editor)


def put_back(schema_editor, allowed):
    thaw(None, schema_editor)
    make = {"sqlite": frozen.on_sqlite, "postgresql": frozen.on_postgresql}[schema_editor.connection.vendor]
    for event, condition in {"UPDATE": f"NOT ({allowed})", "DELETE": "1 = 1"}.items():
        for statement in make(TABLE, event, condition, frozen.SENTENCE):
            schema_editor.execute(statement, params=None)


def thaw(apps, schema_editor):
    """SQLite makes the table anew, and refuses to while a trigger of another table reads it."""
    pictures.thaw(apps, schema_editor)
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for event in ("UPDATE", "DELETE"):
        name = frozen.name(TABLE, event)
        schema_editor.execute(
            f"DROP TRIGGER IF EXISTS {name}{f' ON {TABLE}' if is_postgresql else ''}", params=None
        )
        if is_postgresql:
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}()", params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("participants", "0032_certificate_pictures_frozen"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(thaw, freeze_as_before),
        migrations.AddField(
            model_name="certificate",
            name="tandem",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="certificates",
                to="participants.tandem",
                verbose_name="Tandem",
            ),
        ),
        migrations.AlterField(
            model_name="certificate",
            name="kind",
            field=models.CharField(
                choices=[
                    ("ATTENDANCE", "Teilnahmebescheinigung"),
                    ("QUALIFICATION", "Zertifikat"),
                    ("MUNICIPALITY", "Urkunde für die Kommune"),
                ],
                max_length=16,
                verbose_name="Art",
            ),
        ),
        migrations.AlterField(
            model_name="certificate",
            name="person",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="certificates",
                to=settings.AUTH_USER_MODEL,
                verbose_name="Person",
            ),
        ),
        migrations.AlterField(
            model_name="certificate",
            name="registration",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="certificates",
                to="participants.registration",
                verbose_name="Anmeldung",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaced_at__isnull", True), ("revoked_at__isnull", True)),
                fields=("tandem",),
                name="certificate_unique_per_tandem",
                violation_error_message="Die Kommune hat die Urkunde für dieses Tandem schon.",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "MUNICIPALITY"),
                        ("person__isnull", True),
                        ("registration__isnull", True),
                        ("tandem__isnull", False),
                    ),
                    models.Q(
                        models.Q(("kind", "MUNICIPALITY"), _negated=True),
                        ("person__isnull", False),
                        ("registration__isnull", False),
                        ("tandem__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="certificate_of_person_or_tandem",
                violation_error_message="Die Urkunde gehört zu einem Tandem, alles andere zu einer Person.",
            ),
        ),
        migrations.RunPython(freeze, thaw),
    ]
