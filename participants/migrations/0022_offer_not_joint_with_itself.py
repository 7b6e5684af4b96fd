"""An offer is answered together with others, not with itself."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("participants", "0021_substitute_has_place")]

    operations = [
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("joint_with__isnull", True),
                    models.Q(("joint_with", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="offer_not_joint_with_itself",
                violation_error_message="Ein Angebot gilt nicht gemeinsam mit sich selbst.",
            ),
        ),
    ]
