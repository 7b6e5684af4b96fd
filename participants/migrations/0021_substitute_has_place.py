"""A substitute is invited for a place that is kept."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("participants", "0020_substitutes_without_place")]

    operations = [
        migrations.AddConstraint(
            model_name="tandem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("substitute_for__isnull", True), ("place_held_until__isnull", False), _connector="OR"
                ),
                name="tandem_substitute_has_place",
                violation_error_message="Für eine Vertretung ist hier kein Platz gehalten.",
            ),
        ),
    ]
