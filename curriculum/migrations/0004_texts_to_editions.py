"""Title and abstract of a programme stand in its editions, so that a published one keeps them; an archived one gets a date."""

from django.db import migrations, models


def to_editions(apps, schema_editor):
    for programme in apps.get_model("curriculum", "Programme").objects.all():
        programme.editions.update(title=programme.title, abstract=programme.abstract)
    # Nobody wrote down when; it was published before.
    archived = apps.get_model("curriculum", "Edition").objects.filter(status="ARCHIVED")
    archived.update(archived_on=models.F("published_on"))


def to_programmes(apps, schema_editor):
    """The latest edition speaks for its programme."""
    for programme in apps.get_model("curriculum", "Programme").objects.all():
        latest = programme.editions.order_by("-number").first()
        programme.abstract = latest.abstract if latest else ""
        programme.save(update_fields=["abstract"])


class Migration(migrations.Migration):
    dependencies = [("curriculum", "0003_edition_texts")]

    operations = [
        migrations.RunPython(to_editions, to_programmes),
    ]
