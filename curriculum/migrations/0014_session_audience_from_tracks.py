"""For whom a session is held is now said by itself."""

from django.db import migrations


def fill(apps, schema_editor):
    """Until now a session was for the audiences of its module's tracks."""
    for session in apps.get_model("curriculum", "Session").objects.prefetch_related("module__tracks"):
        audiences = {track.audience for track in session.module.tracks.all()}
        session.audience = audiences.pop() if len(audiences) == 1 else "BOTH"
        session.save(update_fields=["audience"])


class Migration(migrations.Migration):
    dependencies = [("curriculum", "0013_session_audience_place_and_state")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
