"""A row per half of a day: the fields; what is stored is split in the next migration."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("participants", "0008_municipality_search_filled"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="attendance", name="attendance_unique"),
        migrations.AddField(
            model_name="attendance",
            name="half",
            field=models.CharField(
                choices=[("MORNING", "Vormittag"), ("AFTERNOON", "Nachmittag")],
                default="MORNING",
                max_length=9,
                verbose_name="Tageshälfte",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="attendance",
            name="note",
            field=models.CharField(blank=True, default="", max_length=200, verbose_name="Vermerk"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="attendance",
            name="is_self_reported",
            field=models.BooleanField(default=False, verbose_name="selbst eingetragen"),
        ),
        migrations.AddField(
            model_name="attendance",
            name="changed_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, editable=False, verbose_name="zuletzt geändert am"
            ),
        ),
        migrations.AddField(
            model_name="attendance",
            name="changed_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="zuletzt geändert von",
            ),
        ),
        migrations.AlterField(
            model_name="attendance",
            name="presence",
            field=models.CharField(
                choices=[("PRESENT", "da"), ("ABSENT", "gefehlt"), ("EXCUSED", "entschuldigt")],
                max_length=8,
                verbose_name="Anwesenheit",
            ),
        ),
    ]
