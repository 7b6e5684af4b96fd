"""Whoever is invited as a substitute where no place is kept any more is invited as second person."""

from django.db import migrations


def end(apps, schema_editor):
    tandems = apps.get_model("participants", "Tandem").objects
    tandems.filter(substitute_for__isnull=False, place_held_until__isnull=True).update(substitute_for=None)


class Migration(migrations.Migration):
    dependencies = [("participants", "0019_registration_joined_at")]

    operations = [migrations.RunPython(end, migrations.RunPython.noop)]
