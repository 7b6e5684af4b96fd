import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("curriculum", "0012_glossary_goals_behaviours")]

    operations = [
        migrations.RemoveConstraint(
            model_name="session",
            name="session_module_unique",
        ),
        migrations.AddField(
            model_name="cohort",
            name="cancellation_reason",
            field=models.TextField(blank=True, editable=False, verbose_name="Grund der Absage"),
        ),
        migrations.AddField(
            model_name="session",
            name="audience",
            field=models.CharField(
                choices=[
                    ("MANAGER", "Führungskräfte"),
                    ("COORDINATOR", "Koordinierungskräfte"),
                    ("BOTH", "Führungs- und Koordinierungskräfte"),
                ],
                default="BOTH",
                max_length=12,
                verbose_name="Für",
            ),
        ),
        migrations.AddField(
            model_name="session",
            name="cancellation_reason",
            field=models.TextField(blank=True, editable=False, verbose_name="Grund der Absage"),
        ),
        migrations.AddField(
            model_name="session",
            name="cancelled_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="abgesagt am"),
        ),
        migrations.AddField(
            model_name="session",
            name="invited_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="eingeladen am"),
        ),
        migrations.AddField(
            model_name="session",
            name="online_url",
            field=models.URLField(blank=True, max_length=500, verbose_name="Adresse der Online-Sitzung"),
        ),
        migrations.AddField(
            model_name="session",
            name="sequence",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="Stand im Kalender"),
        ),
        migrations.AddField(
            model_name="venue",
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
                max_length=2,
                verbose_name="Land",
            ),
        ),
        migrations.AlterField(
            model_name="session",
            name="venue",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sessions",
                to="curriculum.venue",
                verbose_name="Ort",
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cancelled_at__isnull", True)),
                fields=("cohort", "module", "audience"),
                name="session_module_unique",
                violation_error_message="Zu diesem Modul hat der Durchgang schon einen Termin.",
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("venue__isnull", False), models.Q(("online_url", ""), _negated=True), _connector="OR"
                ),
                name="session_has_place",
                violation_error_message="Es fehlt, wo der Termin stattfindet: ein Ort oder die Adresse der Online-Sitzung.",
            ),
        ),
    ]
