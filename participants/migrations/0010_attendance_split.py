"""Each entry for a day becomes one for each of its halves; and back.

„Halbtägig da“ did not say which half: the morning counts as attended, and a note on the afternoon says so. A day of
up to five hours has one half only (participants/halves.py).
"""

from django.db import migrations

LONGEST_HALF = 5 * 60
NOON = 13 * 60
UNKNOWN_HALF = "Als „halbtägig da“ übernommen; welche Hälfte es war, ist nicht bekannt."


def minutes(moment):
    return moment.hour * 60 + moment.minute


def kinds_of(day):
    begin, end = minutes(day.starts_at), minutes(day.ends_at)
    if end - begin > LONGEST_HALF:
        return ["MORNING", "AFTERNOON"]
    return ["MORNING"] if begin + end <= 2 * NOON else ["AFTERNOON"]


def split(apps, schema_editor):
    attendance = apps.get_model("participants", "Attendance")
    new = []
    for row in attendance.objects.select_related("day").order_by("pk"):
        kinds = kinds_of(row.day)
        was_half = row.presence == "HALF"
        row.presence = "PRESENT" if row.presence in ("FULL", "HALF") else row.presence
        row.half = kinds[0]
        row.save()
        new += [
            attendance(
                registration_id=row.registration_id,
                day_id=row.day_id,
                half=half,
                presence="ABSENT" if was_half else row.presence,
                note=UNKNOWN_HALF if was_half else "",
            )
            for half in kinds[1:]
        ]
    attendance.objects.bulk_create(new)


def join(apps, schema_editor):
    attendance = apps.get_model("participants", "Attendance")
    by_day = {}
    for row in attendance.objects.order_by("pk"):
        by_day.setdefault((row.registration_id, row.day_id), []).append(row)
    for rows in by_day.values():
        first, *others = rows
        first.presence = joined([row.presence for row in rows])
        first.save()
        attendance.objects.filter(pk__in=[row.pk for row in others]).delete()


def joined(presences):
    if set(presences) == {"PRESENT"}:
        return "FULL"
    if "PRESENT" in presences:
        return "HALF"
    return "EXCUSED" if "EXCUSED" in presences else "ABSENT"


class Migration(migrations.Migration):
    dependencies = [("participants", "0009_attendance_halves")]

    operations = [migrations.RunPython(split, join)]
