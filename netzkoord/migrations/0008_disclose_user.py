from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("netzkoord", "0007_history_of_mails"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="user",
            options={
                "ordering": ["family_name", "given_names", "pk"],
                "permissions": [("disclose_user", "Darf Auskunft über eine Person geben")],
                "verbose_name": "Person",
                "verbose_name_plural": "Personen",
            },
        ),
    ]
