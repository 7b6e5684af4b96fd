from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("curriculum", "0019_module_code_says_its_letters")]

    operations = [migrations.RemoveConstraint(model_name="session", name="session_has_place")]
