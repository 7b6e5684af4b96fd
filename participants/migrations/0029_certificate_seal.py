"""Who has sealed the PDF of a certificate, and who vouches for that. The triggers of the table stay (see 0026)."""

from importlib import import_module

from django.db import migrations, models

TABLE = "participants_certificatepaper"
frozen = import_module("participants.migrations.0026_certificates_frozen")


def freeze(apps, schema_editor):
    """SQLite makes the table anew for a column, and loses its triggers on the way."""
    if schema_editor.connection.vendor != "sqlite":
        return
    for guard in frozen.GUARDED:
        if guard[0] == TABLE:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {frozen.name(*guard[:2])}", params=None)
            for statement in frozen.on_sqlite(*guard):
                schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("participants", "0028_note_about")]

    operations = [
        # Read backwards it comes last: then the triggers return, too.
        migrations.RunPython(migrations.RunPython.noop, freeze),
        migrations.AddField(
            model_name="certificatepaper",
            name="sealed_by",
            field=models.CharField(blank=True, default="", max_length=200, verbose_name="gesiegelt von"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="certificatepaper",
            name="seal_certified_by",
            field=models.CharField(blank=True, default="", max_length=200, verbose_name="Siegel bestätigt von"),
            preserve_default=False,
        ),
        migrations.RunPython(freeze, migrations.RunPython.noop),
    ]
