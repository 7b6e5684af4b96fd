import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("curriculum", "0010_methods_per_edition")]

    operations = [
        migrations.AlterField(
            model_name="method",
            name="edition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="methods",
                to="curriculum.edition",
                verbose_name="Fassung",
            ),
        ),
        migrations.AddConstraint(
            model_name="method",
            constraint=models.UniqueConstraint(
                fields=("edition", "name"),
                name="method_name_unique",
                violation_error_message="Diese Methode hat die Fassung schon.",
            ),
        ),
        migrations.AddConstraint(
            model_name="method",
            constraint=models.UniqueConstraint(fields=("edition", "key"), name="method_key_unique"),
        ),
    ]
