"""What certificates, achievements and made-up times must be stands in the tables, as on the forms.

SQLite makes the table of certificates anew for its constraints, which drops its triggers: they are put back here.
"""

import datetime
from importlib import import_module

from django.db import migrations, models

import curriculum.models.schedule

before = import_module("participants.migrations.0033_municipality_certificates")


def freeze(apps, schema_editor):
    """Elsewhere than on SQLite the triggers have stayed."""
    if schema_editor.connection.vendor != "sqlite":
        return
    for event, condition in {"UPDATE": f"NOT ({before.ALLOWED})", "DELETE": "1 = 1"}.items():
        for statement in before.frozen.on_sqlite(before.TABLE, event, condition, before.frozen.SENTENCE):
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("participants", "0037_certificate_picture_uses_filled"),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, freeze),
        migrations.RemoveConstraint(
            model_name="madeuptime",
            name="made_up_time_is_some",
        ),
        migrations.AlterField(
            model_name="achievement",
            name="completed_on",
            field=models.DateField(
                validators=[curriculum.models.schedule.validate_plausible], verbose_name="abgeschlossen am"
            ),
        ),
        migrations.AlterField(
            model_name="certificate",
            name="replacement_reason",
            field=models.TextField(blank=True, verbose_name="Grund der Ersetzung"),
        ),
        migrations.AlterField(
            model_name="certificate",
            name="revocation_reason",
            field=models.TextField(blank=True, verbose_name="Grund des Widerrufs"),
        ),
        migrations.AlterField(
            model_name="madeuptime",
            name="made_up_on",
            field=models.DateField(
                validators=[curriculum.models.schedule.validate_plausible], verbose_name="nachgeholt am"
            ),
        ),
        migrations.AddConstraint(
            model_name="achievement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("completed_on__gte", datetime.date(2000, 1, 1)),
                    ("completed_on__lte", datetime.date(2099, 12, 31)),
                ),
                name="achievement_completed_on_plausible",
                violation_error_code="completed_on",
                violation_error_message="Bitte prüfen Sie das Jahr: Es liegt zwischen 2000 und 2099.",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["ATTENDANCE", "QUALIFICATION", "MUNICIPALITY"])),
                name="certificate_kind_known",
                violation_error_message="Diese Art von Bescheinigung gibt es nicht.",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(("ordinal__gte", 1)),
                name="certificate_ordinal_from_one",
                violation_error_message="Die Nummern eines Jahres beginnen bei 1.",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[0-9a-f]{32}$")),
                name="certificate_code_of_128_bits",
                violation_error_message="Der Prüfcode besteht aus 32 Ziffern und Buchstaben von a bis f.",
            ),
        ),
        migrations.AddConstraint(
            model_name="madeuptime",
            constraint=models.CheckConstraint(
                condition=models.Q(("minutes__gte", 1), ("minutes__lte", 18000)),
                name="made_up_time_in_range",
                violation_error_code="minutes",
                violation_error_message="Nachgeholt sind mindestens eine Minute und höchstens 400 UE.",
            ),
        ),
        migrations.AddConstraint(
            model_name="madeuptime",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("made_up_on__gte", datetime.date(2000, 1, 1)), ("made_up_on__lte", datetime.date(2099, 12, 31))
                ),
                name="made_up_time_made_up_on_plausible",
                violation_error_code="made_up_on",
                violation_error_message="Bitte prüfen Sie das Jahr: Es liegt zwischen 2000 und 2099.",
            ),
        ),
        migrations.AddConstraint(
            model_name="madeuptime",
            constraint=models.CheckConstraint(
                condition=models.Q(("how", ""), _negated=True),
                name="made_up_time_says_how",
                violation_error_code="how",
                violation_error_message="Bitte sagen Sie, wie die Zeit nachgeholt wurde.",
            ),
        ),
        migrations.RunPython(freeze, migrations.RunPython.noop),
    ]
