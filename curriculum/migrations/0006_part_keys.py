import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("curriculum", "0005_remove_programme_abstract")]

    operations = [
        migrations.AddField(
            model_name="aim",
            name="key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="Schlüssel"),
        ),
        migrations.AddField(
            model_name="competence",
            name="key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="Schlüssel"),
        ),
        migrations.AddField(
            model_name="competencearea",
            name="key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="Schlüssel"),
        ),
        migrations.AddField(
            model_name="learninggoal",
            name="key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="Schlüssel"),
        ),
        migrations.AddField(
            model_name="method",
            name="key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="Schlüssel"),
        ),
        migrations.AddField(
            model_name="module",
            name="key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="Schlüssel"),
        ),
        migrations.AddField(
            model_name="responsibilitylevel",
            name="key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="Schlüssel"),
        ),
        migrations.AddField(
            model_name="sessionday",
            name="uid",
            field=models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="Kennung im Kalender"),
        ),
        migrations.AddField(
            model_name="topic",
            name="key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="Schlüssel"),
        ),
        migrations.AddField(
            model_name="track",
            name="key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="Schlüssel"),
        ),
        migrations.AddField(
            model_name="unit",
            name="key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="Schlüssel"),
        ),
    ]
