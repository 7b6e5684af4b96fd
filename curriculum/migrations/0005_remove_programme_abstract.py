from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("curriculum", "0004_texts_to_editions")]

    operations = [
        # With a default the way back can fill the column for a moment.
        migrations.AlterField(
            model_name="programme",
            name="abstract",
            field=models.TextField(default="", verbose_name="Kurzbeschreibung"),
        ),
        migrations.RemoveField(
            model_name="programme",
            name="abstract",
        ),
        migrations.AlterField(
            model_name="programme",
            name="title",
            field=models.CharField(
                error_messages={"unique": "Ein Programm mit diesem Namen gibt es schon."},
                max_length=200,
                unique=True,
                verbose_name="Name",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("archived_on__isnull", False), ("status", "ARCHIVED")),
                    models.Q(models.Q(("status", "ARCHIVED"), _negated=True), ("archived_on__isnull", True)),
                    _connector="OR",
                ),
                name="edition_archived_has_date",
                violation_error_message="Zu einer archivierten Fassung gehört das Datum der Archivierung.",
            ),
        ),
    ]
