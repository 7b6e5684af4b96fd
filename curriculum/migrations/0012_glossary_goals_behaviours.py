import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("curriculum", "0011_method_edition_required")]

    operations = [
        migrations.CreateModel(
            name="GlossaryTerm",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="Schlüssel")),
                ("position", models.PositiveSmallIntegerField(verbose_name="Stelle")),
                ("term", models.CharField(max_length=120, verbose_name="Begriff")),
                ("definition", models.TextField(verbose_name="Erklärung")),
                ("examples", models.TextField(blank=True, verbose_name="Beispiele")),
            ],
            options={
                "verbose_name": "Glossarbegriff",
                "verbose_name_plural": "Glossar",
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="TandemProfile",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("target_level", models.PositiveSmallIntegerField(verbose_name="Zielstufe")),
            ],
            options={
                "verbose_name": "Zielstufe des Tandems",
                "verbose_name_plural": "Zielstufen des Tandems",
                "ordering": ["competence", "responsibility_level"],
            },
        ),
        migrations.AlterModelOptions(
            name="competence",
            options={
                "ordering": ["area__position", "position", "pk"],
                "verbose_name": "Kompetenz",
                "verbose_name_plural": "Kompetenzen",
            },
        ),
        migrations.RemoveConstraint(
            model_name="unit",
            name="unit_minutes_positive",
        ),
        migrations.AddField(
            model_name="competence",
            name="behaviour_0",
            field=models.TextField(blank=True, verbose_name="Verhalten auf Stufe 0"),
        ),
        migrations.AddField(
            model_name="competence",
            name="behaviour_1",
            field=models.TextField(blank=True, verbose_name="Verhalten auf Stufe 1"),
        ),
        migrations.AddField(
            model_name="competence",
            name="behaviour_2",
            field=models.TextField(blank=True, verbose_name="Verhalten auf Stufe 2"),
        ),
        migrations.AddField(
            model_name="competence",
            name="behaviour_3",
            field=models.TextField(blank=True, verbose_name="Verhalten auf Stufe 3"),
        ),
        migrations.AddField(
            model_name="competence",
            name="behaviour_4",
            field=models.TextField(blank=True, verbose_name="Verhalten auf Stufe 4"),
        ),
        migrations.AddField(
            model_name="learninggoal",
            name="competence",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="learning_goals",
                to="curriculum.competence",
                verbose_name="Kompetenz",
            ),
        ),
        migrations.AddField(
            model_name="learninggoal",
            name="responsibility_level",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="learning_goals",
                to="curriculum.responsibilitylevel",
                verbose_name="Verantwortungsebene",
            ),
        ),
        migrations.AddField(
            model_name="module",
            name="requires_attitude_unit",
            field=models.BooleanField(default=False, verbose_name="verlangt einen Baustein zur Haltung"),
        ),
        migrations.AddField(
            model_name="module",
            name="requires_practice_report",
            field=models.BooleanField(default=False, verbose_name="verlangt einen Erlebnisbericht"),
        ),
        migrations.AddField(
            model_name="unit",
            name="learning_goals",
            field=models.ManyToManyField(
                blank=True, related_name="units", to="curriculum.learninggoal", verbose_name="Lernziele"
            ),
        ),
        migrations.AddField(
            model_name="unit",
            name="material",
            field=models.TextField(blank=True, verbose_name="Material"),
        ),
        migrations.AddField(
            model_name="unit",
            name="summary",
            field=models.TextField(blank=True, verbose_name="Inhalt"),
        ),
        migrations.AlterConstraint(
            model_name="competence",
            name="competence_name_unique",
            constraint=models.UniqueConstraint(
                fields=("area", "name"),
                name="competence_name_unique",
                violation_error_message="Diese Kompetenz hat der Bereich schon.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="competencearea",
            name="competence_area_name_unique",
            constraint=models.UniqueConstraint(
                fields=("edition", "name"),
                name="competence_area_name_unique",
                violation_error_message="Diesen Kompetenzbereich hat die Fassung schon.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="responsibilitylevel",
            name="responsibility_level_kind_unique",
            constraint=models.UniqueConstraint(
                fields=("edition", "kind"),
                name="responsibility_level_kind_unique",
                violation_error_message="Diese Ebene hat die Fassung schon.",
            ),
        ),
        migrations.AddField(
            model_name="glossaryterm",
            name="edition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="glossary",
                to="curriculum.edition",
                verbose_name="Fassung",
            ),
        ),
        migrations.AddField(
            model_name="glossaryterm",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="children",
                to="curriculum.glossaryterm",
                verbose_name="Gehört zu",
            ),
        ),
        migrations.AddField(
            model_name="unit",
            name="glossary_terms",
            field=models.ManyToManyField(
                blank=True, related_name="units", to="curriculum.glossaryterm", verbose_name="Glossarbegriffe"
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(("minutes__gte", 1), ("minutes__lte", 600)),
                name="unit_minutes_range",
                violation_error_message="Ein Baustein dauert zwischen 1 und 600 Minuten.",
            ),
        ),
        migrations.AddField(
            model_name="tandemprofile",
            name="competence",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="tandem_profiles",
                to="curriculum.competence",
                verbose_name="Kompetenz",
            ),
        ),
        migrations.AddField(
            model_name="tandemprofile",
            name="responsibility_level",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="tandem_profiles",
                to="curriculum.responsibilitylevel",
                verbose_name="Verantwortungsebene",
            ),
        ),
        migrations.AddConstraint(
            model_name="glossaryterm",
            constraint=models.UniqueConstraint(
                fields=("edition", "term"),
                name="glossary_term_unique",
                violation_error_message="Diesen Begriff erklärt das Glossar schon.",
            ),
        ),
        migrations.AddConstraint(
            model_name="glossaryterm",
            constraint=models.UniqueConstraint(fields=("edition", "key"), name="glossary_key_unique"),
        ),
        migrations.AddConstraint(
            model_name="glossaryterm",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("parent__isnull", True), models.Q(("parent", models.F("pk")), _negated=True), _connector="OR"
                ),
                name="glossary_parent_is_another",
                violation_error_message="Ein Begriff kann nicht zu sich selbst gehören.",
            ),
        ),
        migrations.AddConstraint(
            model_name="tandemprofile",
            constraint=models.UniqueConstraint(
                fields=("competence", "responsibility_level"), name="tandem_profile_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="tandemprofile",
            constraint=models.CheckConstraint(
                condition=models.Q(("target_level__gte", 0), ("target_level__lte", 4)),
                name="tandem_profile_target_level_range",
                violation_error_message="Die Zielstufe liegt zwischen 0 und 4.",
            ),
        ),
    ]
