import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("curriculum", "0008_part_keys_unique")]

    operations = [
        migrations.AddField(
            model_name="method",
            name="edition",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="methods",
                to="curriculum.edition",
                verbose_name="Fassung",
            ),
        ),
        migrations.AddField(
            model_name="method",
            name="material",
            field=models.TextField(blank=True, verbose_name="Material"),
        ),
        migrations.AlterField(
            model_name="method",
            name="name",
            field=models.CharField(max_length=120, verbose_name="Methode"),
        ),
    ]
