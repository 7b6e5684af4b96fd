import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("participants", "0027_achievements"),
    ]

    operations = [
        migrations.AddField(
            model_name="note",
            name="about",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notes",
                to="participants.registration",
                verbose_name="Über",
            ),
        ),
    ]
