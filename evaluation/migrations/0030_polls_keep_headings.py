from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def take_titles(apps, schema_editor):
    """As the columns are called today: what they were called when people set points was not kept until now."""
    Cluster = apps.get_model("evaluation", "Cluster")
    Dot = apps.get_model("evaluation", "Dot")
    title = Cluster.objects.filter(pk=OuterRef("cluster")).values("title")
    Dot.objects.update(title=Subquery(title))


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0029_coverage_rests_on_point"),
    ]

    operations = [
        migrations.AddField(
            model_name="dot",
            name="title",
            field=models.CharField(default="", editable=False, max_length=120, verbose_name="Überschrift"),
            preserve_default=False,
        ),
        migrations.RunPython(take_titles, migrations.RunPython.noop),
    ]
