import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("curriculum", "0017_practice_report_unique_in_session"),
    ]

    operations = [
        migrations.CreateModel(
            name="RemovedDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("date", models.DateField(verbose_name="Tag")),
                ("starts_at", models.TimeField(verbose_name="Beginn")),
                ("ends_at", models.TimeField(verbose_name="Ende")),
                ("uid", models.UUIDField(editable=False, unique=True, verbose_name="Kennung im Kalender")),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="removed_days",
                        to="curriculum.session",
                        verbose_name="Termin",
                    ),
                ),
            ],
            options={
                "verbose_name": "Entfallener Tag",
                "verbose_name_plural": "Entfallene Tage",
                "ordering": ["date", "pk"],
            },
        ),
    ]
