"""Tandems that share a half are asked together: one offer leads, the others are joint with it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("participants", "0016_merge_carried")]

    operations = [
        migrations.AddField(
            model_name="offer",
            name="joint_with",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="joint",
                to="participants.offer",
                verbose_name="gemeinsam mit",
            ),
        ),
    ]
