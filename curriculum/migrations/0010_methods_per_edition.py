"""Methods belong to one edition, so that a published one keeps its own."""

from django.db import migrations


def divide(apps, schema_editor):
    """A copy of each method for every edition whose units use it; a method that no unit uses goes."""
    Method = apps.get_model("curriculum", "Method")
    Unit = apps.get_model("curriculum", "Unit")
    link = Unit.methods.through
    for method in list(Method.objects.all()):
        editions = Unit.objects.filter(methods=method).values_list("module__edition", flat=True)
        for edition in sorted(set(editions)):
            own = Method.objects.create(edition_id=edition, name=method.name, description=method.description)
            link.objects.filter(method=method, unit__module__edition=edition).update(method=own)
        method.delete()


def unite(apps, schema_editor):
    """The first method of a name stands for all of that name."""
    Method = apps.get_model("curriculum", "Method")
    Unit = apps.get_model("curriculum", "Unit")
    link = Unit.methods.through
    first = {}
    for method in list(Method.objects.order_by("pk")):
        kept = first.setdefault(method.name, method)
        if kept is method:
            Method.objects.filter(pk=method.pk).update(edition=None)
        else:
            link.objects.filter(method=method).update(method=kept)
            method.delete()


class Migration(migrations.Migration):
    dependencies = [("curriculum", "0009_method_edition")]

    operations = [
        migrations.RunPython(divide, unite),
    ]
