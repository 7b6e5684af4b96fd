import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("curriculum", "0002_initial")]

    operations = [
        migrations.AlterModelOptions(
            name="edition",
            options={
                "ordering": ["programme__title", "-number"],
                "permissions": [("publish_edition", "Darf Fassungen veröffentlichen und archivieren")],
                "verbose_name": "Fassung",
                "verbose_name_plural": "Fassungen",
            },
        ),
        migrations.AddField(
            model_name="edition",
            name="abstract",
            field=models.TextField(blank=True, verbose_name="Kurzbeschreibung"),
        ),
        migrations.AddField(
            model_name="edition",
            name="archived_on",
            field=models.DateField(blank=True, null=True, verbose_name="archiviert am"),
        ),
        migrations.AddField(
            model_name="edition",
            name="replaces",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="curriculum.edition",
                verbose_name="Ersetzt",
            ),
        ),
        migrations.AddField(
            model_name="edition",
            name="title",
            field=models.CharField(default="", max_length=200, verbose_name="Titel"),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("replaces__isnull", True),
                    models.Q(("replaces", models.F("pk")), _negated=True),
                    _connector="OR",
                ),
                name="edition_replaces_another",
                violation_error_message="Eine Fassung kann sich nicht selbst ersetzen.",
            ),
        ),
    ]
