from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("curriculum", "0004_texts_to_editions")]

    operations = [
        migrations.RemoveField(
            model_name="programme",
            name="abstract",
        ),
        migrations.AlterField(
            model_name="programme",
            name="title",
            field=models.CharField(
                error_messages={"unique": "Ein Programm mit diesem Namen gibt es schon."},
                max_length=200,
                unique=True,
                verbose_name="Name",
            ),
        ),
    ]
