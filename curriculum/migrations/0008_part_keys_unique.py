from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("curriculum", "0007_part_keys_filled")]

    operations = [
        migrations.AddConstraint(
            model_name="aim",
            constraint=models.UniqueConstraint(fields=("edition", "key"), name="aim_key_unique"),
        ),
        migrations.AddConstraint(
            model_name="competence",
            constraint=models.UniqueConstraint(fields=("area", "key"), name="competence_key_unique"),
        ),
        migrations.AddConstraint(
            model_name="competencearea",
            constraint=models.UniqueConstraint(fields=("edition", "key"), name="competence_area_key_unique"),
        ),
        migrations.AddConstraint(
            model_name="learninggoal",
            constraint=models.UniqueConstraint(fields=("module", "key"), name="learning_goal_key_unique"),
        ),
        migrations.AddConstraint(
            model_name="module",
            constraint=models.UniqueConstraint(fields=("edition", "key"), name="module_key_unique"),
        ),
        migrations.AddConstraint(
            model_name="responsibilitylevel",
            constraint=models.UniqueConstraint(fields=("edition", "key"), name="responsibility_level_key_unique"),
        ),
        migrations.AddConstraint(
            model_name="sessionday",
            constraint=models.UniqueConstraint(fields=("uid",), name="session_day_uid_unique"),
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.UniqueConstraint(fields=("edition", "key"), name="topic_key_unique"),
        ),
        migrations.AddConstraint(
            model_name="track",
            constraint=models.UniqueConstraint(fields=("edition", "key"), name="track_key_unique"),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.UniqueConstraint(fields=("module", "key"), name="unit_key_unique"),
        ),
    ]
