from django.db import migrations
from django.db.models import Count, Q

ACCEPTED = Q(
    registrations__tandem__selection="ACCEPTED",
    registrations__confirmed_at__isnull=False,
    registrations__withdrawn_at__isnull=True,
)


def count(apps, schema_editor):
    """Places were not counted before; a cohort with more people than places keeps them and gets as many places."""
    Cohort = apps.get_model("curriculum", "Cohort")
    for cohort in Cohort.objects.annotate(people=Count("registrations", filter=ACCEPTED)).filter(people__gt=0):
        places = max(cohort.places, cohort.people)
        Cohort.objects.filter(pk=cohort.pk).update(places=places, places_taken=cohort.people)


class Migration(migrations.Migration):
    dependencies = [
        ("participants", "0003_tables_beside_registrations"),
        ("curriculum", "0021_places_rule_and_offers"),
    ]

    operations = [migrations.RunPython(count, migrations.RunPython.noop)]
