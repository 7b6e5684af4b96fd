"""Municipalities know their Kreis and how they are found; some are written in, some are dissolved."""

import django.core.validators
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("participants", "0006_offer_by_whom"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="municipality",
            name="municipality_ags_format",
        ),
        migrations.RemoveConstraint(
            model_name="municipality",
            name="municipality_state_of_ags",
        ),
        migrations.AddField(
            model_name="municipality",
            name="county_name",
            field=models.CharField(
                blank=True,
                help_text="Unterscheidet Orte gleichen Namens: Landkreis Diepholz. Leer bei kreisfreien Städten.",
                max_length=160,
                verbose_name="Kreis",
            ),
        ),
        migrations.AddField(
            model_name="municipality",
            name="designation",
            field=models.CharField(
                blank=True,
                help_text="Was im amtlichen Namen hinter dem Komma steht, zum Beispiel Stadt oder Hansestadt.",
                max_length=80,
                verbose_name="Bezeichnung",
            ),
        ),
        migrations.AddField(
            model_name="municipality",
            name="dissolved_on",
            field=models.DateField(
                blank=True,
                help_text="Dann steht sie nicht mehr zur Wahl; ihre Anmeldungen bleiben.",
                null=True,
                verbose_name="aufgelöst am",
            ),
        ),
        migrations.AddField(
            model_name="municipality",
            name="search_text",
            field=models.TextField(blank=True, editable=False, verbose_name="Suchform"),
        ),
        migrations.AlterField(
            model_name="municipality",
            name="ags",
            field=models.CharField(
                blank=True,
                max_length=8,
                validators=[
                    django.core.validators.RegexValidator(
                        "^([0-9]{5}|[0-9]{8})$", "Der AGS hat 8 Ziffern, der eines Landkreises 5."
                    )
                ],
                verbose_name="Amtlicher Gemeindeschlüssel (AGS)",
            ),
        ),
        migrations.AlterField(
            model_name="municipality",
            name="state",
            field=models.CharField(
                blank=True,
                choices=[
                    ("01", "Schleswig-Holstein"),
                    ("02", "Hamburg"),
                    ("03", "Niedersachsen"),
                    ("04", "Bremen"),
                    ("05", "Nordrhein-Westfalen"),
                    ("06", "Hessen"),
                    ("07", "Rheinland-Pfalz"),
                    ("08", "Baden-Württemberg"),
                    ("09", "Bayern"),
                    ("10", "Saarland"),
                    ("11", "Berlin"),
                    ("12", "Brandenburg"),
                    ("13", "Mecklenburg-Vorpommern"),
                    ("14", "Sachsen"),
                    ("15", "Sachsen-Anhalt"),
                    ("16", "Thüringen"),
                ],
                editable=False,
                max_length=2,
                verbose_name="Land",
            ),
        ),
        migrations.AddConstraint(
            model_name="municipality",
            constraint=models.CheckConstraint(
                condition=models.Q(("ags", ""), ("ags__regex", "^([0-9]{5}|[0-9]{8})$"), _connector="OR"),
                name="municipality_ags_format",
                violation_error_message="Der AGS hat 8 Ziffern, der eines Landkreises 5.",
            ),
        ),
        migrations.AddConstraint(
            model_name="municipality",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("ags", ""),
                        (
                            "state__in",
                            [
                                "",
                                "01",
                                "02",
                                "03",
                                "04",
                                "05",
                                "06",
                                "07",
                                "08",
                                "09",
                                "10",
                                "11",
                                "12",
                                "13",
                                "14",
                                "15",
                                "16",
                            ],
                        ),
                    ),
                    models.Q(
                        models.Q(("ags", ""), _negated=True),
                        ("state", django.db.models.functions.text.Left("ags", 2)),
                        (
                            "state__in",
                            [
                                "01",
                                "02",
                                "03",
                                "04",
                                "05",
                                "06",
                                "07",
                                "08",
                                "09",
                                "10",
                                "11",
                                "12",
                                "13",
                                "14",
                                "15",
                                "16",
                            ],
                        ),
                    ),
                    _connector="OR",
                ),
                name="municipality_state_of_ags",
                violation_error_message="Der AGS beginnt mit der Nummer des Landes, 01 bis 16.",
            ),
        ),
        migrations.AddConstraint(
            model_name="municipality",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ags", ""), _negated=True),
                fields=("ags",),
                name="municipality_ags_unique",
                violation_error_message="Eine Kommune mit diesem AGS gibt es schon.",
            ),
        ),
        migrations.AddConstraint(
            model_name="municipality",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True),
                name="municipality_has_name",
                violation_error_message="Bitte geben Sie den Namen der Kommune an.",
            ),
        ),
        migrations.AddConstraint(
            model_name="municipality",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("dissolved_on__isnull", True), models.Q(("ags", ""), _negated=True), _connector="OR"
                ),
                name="municipality_dissolved_is_official",
                violation_error_message="Aufgelöst wird nur eine amtliche Kommune. Eine eingetragene ordnen Sie einer amtlichen zu.",
            ),
        ),
    ]
