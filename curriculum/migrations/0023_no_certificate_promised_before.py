"""Nobody was promised a Zertifikat by a cohort that was announced before there was one: there is none."""

from django.db import migrations


def grant_none(apps, schema_editor):
    cohorts = apps.get_model("curriculum", "Cohort").objects
    cohorts.filter(announced_at__isnull=False).update(grants_certificate=False)


class Migration(migrations.Migration):
    dependencies = [("curriculum", "0022_certificate_rule")]

    operations = [migrations.RunPython(grant_none, migrations.RunPython.noop)]
