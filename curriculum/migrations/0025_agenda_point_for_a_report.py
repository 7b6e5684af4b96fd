"""A point of the course may be a practitioner's report: then the cohort asks who reports."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("curriculum", "0024_certificate_rule_frozen"),
    ]

    operations = [
        migrations.AlterField(
            model_name="agendaitem",
            name="kind",
            field=models.CharField(
                choices=[
                    ("UNIT", "Baustein"),
                    ("BREAK", "Pause"),
                    ("REPORT", "Erlebnisbericht"),
                    ("OTHER", "Sonstiges"),
                ],
                default="UNIT",
                max_length=6,
                verbose_name="Art",
            ),
        ),
    ]
