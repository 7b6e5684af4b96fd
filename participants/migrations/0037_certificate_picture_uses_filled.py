"""Read from the snapshots which pictures they name; the trigger that looked for them there goes.

A picture that a snapshot names and that is gone already cannot be noted.
"""

from importlib import import_module

from django.db import migrations

pictures = import_module("participants.migrations.0032_certificate_pictures_frozen")
EVENT = "DELETE"


def fill(apps, schema_editor):
    uses = apps.get_model("participants", "CertificatePictureUse")
    known = set(apps.get_model("participants", "CertificatePicture").objects.values_list("pk", flat=True))
    contents = apps.get_model("participants", "Certificate").objects.values_list("pk", "content")
    noted = (
        uses(certificate_id=key, picture_id=sha256)
        for key, content in contents.iterator()
        for sha256 in sorted(named_in(content) & known)
    )
    uses.objects.bulk_create(noted, batch_size=500)


def named_in(content):
    imprint = content["imprint"]
    return {imprint.get("logo"), *(each.get("signature") for each in imprint.get("signatories", []))}


def leave_it_to_the_keys(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    on = f" ON {pictures.TABLE}" if is_postgresql else ""
    schema_editor.execute(f"DROP TRIGGER IF EXISTS {pictures.name(EVENT)}{on}", params=None)
    if is_postgresql:
        schema_editor.execute(f"DROP FUNCTION IF EXISTS {pictures.name(EVENT)}()", params=None)


class Migration(migrations.Migration):
    dependencies = [("participants", "0036_certificate_picture_uses")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(leave_it_to_the_keys, pictures.freeze),
    ]
