import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("curriculum", "0002_initial"),
        ("evaluation", "0002_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChangeCause",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("part_key", models.UUIDField(editable=False, verbose_name="Schlüssel des Teils")),
                (
                    "noted_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="eingetragen am"
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="change_causes",
                        to="curriculum.edition",
                        verbose_name="Fassung",
                    ),
                ),
                (
                    "recommendation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="causes",
                        to="evaluation.recommendation",
                        verbose_name="Empfehlung",
                    ),
                ),
            ],
            options={
                "verbose_name": "Anlass",
                "verbose_name_plural": "Anlässe",
                "ordering": ["recommendation", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("recommendation", "edition", "part_key"),
                        name="change_cause_unique",
                        violation_error_message="Diese Empfehlung steht schon als Anlass da.",
                    )
                ],
            },
        ),
    ]
