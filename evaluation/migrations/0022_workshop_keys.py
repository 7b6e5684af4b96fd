import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0021_judged_needs")]

    # Those entered before have none; the default is only for new ones.
    operations = [
        migrations.AddField(
            model_name="workshop",
            name="key",
            field=models.UUIDField(editable=False, null=True, unique=True, verbose_name="Schlüssel"),
        ),
        migrations.AlterField(
            model_name="workshop",
            name="key",
            field=models.UUIDField(
                default=uuid.uuid4, editable=False, null=True, unique=True, verbose_name="Schlüssel"
            ),
        ),
        migrations.AddField(
            model_name="round",
            name="key",
            field=models.UUIDField(editable=False, null=True, unique=True, verbose_name="Schlüssel"),
        ),
        migrations.AlterField(
            model_name="round",
            name="key",
            field=models.UUIDField(
                default=uuid.uuid4, editable=False, null=True, unique=True, verbose_name="Schlüssel"
            ),
        ),
        migrations.AddField(
            model_name="guidingquestion",
            name="key",
            field=models.UUIDField(editable=False, null=True, unique=True, verbose_name="Schlüssel"),
        ),
        migrations.AlterField(
            model_name="guidingquestion",
            name="key",
            field=models.UUIDField(
                default=uuid.uuid4, editable=False, null=True, unique=True, verbose_name="Schlüssel"
            ),
        ),
    ]
