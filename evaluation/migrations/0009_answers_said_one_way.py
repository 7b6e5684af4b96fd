from importlib import import_module

from django.db import migrations, models

frozen = import_module("evaluation.migrations.0008_released_questionnaires_frozen")


class Migration(migrations.Migration):
    dependencies = [
        ("curriculum", "0021_places_rule_and_offers"),
        ("evaluation", "0008_released_questionnaires_frozen"),
    ]

    operations = [
        # On SQLite a table is altered by making it anew, which its triggers would not survive.
        migrations.RunPython(frozen.thaw, frozen.freeze),
        migrations.RemoveConstraint(
            model_name="answer",
            name="answer_said_one_way",
        ),
        migrations.RemoveConstraint(
            model_name="personalanswer",
            name="personal_answer_said_one_way",
        ),
        migrations.RemoveConstraint(
            model_name="question",
            name="question_scale_or_choice_abstains",
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("number__isnull", True),
                        ("skill__isnull", True),
                        ("is_abstention", True),
                        ("option__isnull", True),
                        ("text", ""),
                        ("topic__isnull", True),
                    ),
                    models.Q(
                        ("competence__isnull", True),
                        ("option__isnull", True),
                        ("topic__isnull", True),
                        ("number__isnull", True),
                        ("skill__isnull", True),
                        ("is_abstention", False),
                        models.Q(("text", ""), _negated=True),
                    ),
                    models.Q(
                        ("competence__isnull", True),
                        ("option__isnull", True),
                        ("topic__isnull", True),
                        ("is_abstention", False),
                        ("skill__isnull", True),
                        ("text", ""),
                        ("number__isnull", False),
                        ("number__range", (0, 10)),
                    ),
                    models.Q(
                        ("number__isnull", True),
                        ("skill__isnull", True),
                        ("competence__isnull", True),
                        ("is_abstention", False),
                        ("option__isnull", False),
                        ("text", ""),
                        ("topic__isnull", True),
                    ),
                    models.Q(
                        ("competence__isnull", True),
                        ("is_abstention", False),
                        ("option__isnull", True),
                        ("text", ""),
                        ("topic__isnull", False),
                        models.Q(("number__isnull", False), ("skill__isnull", False), _connector="OR"),
                        models.Q(("number__isnull", True), ("number__range", (1, 4)), _connector="OR"),
                        models.Q(("skill__isnull", True), ("skill__range", (1, 4)), _connector="OR"),
                    ),
                    models.Q(
                        ("competence__isnull", False),
                        ("is_abstention", False),
                        ("option__isnull", True),
                        ("text", ""),
                        ("topic__isnull", True),
                        ("number__isnull", False),
                        ("number__range", (0, 4)),
                        ("skill__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="answer_said_one_way",
                violation_error_message="Eine Antwort ist eine Zahl auf der Skala, ein Text, eine Auswahl, eine Bewertung oder eine Enthaltung.",
            ),
        ),
        migrations.AddConstraint(
            model_name="personalanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("number__isnull", True),
                        ("skill__isnull", True),
                        ("is_abstention", True),
                        ("option__isnull", True),
                        ("text", ""),
                        ("topic__isnull", True),
                    ),
                    models.Q(
                        ("competence__isnull", True),
                        ("option__isnull", True),
                        ("topic__isnull", True),
                        ("number__isnull", True),
                        ("skill__isnull", True),
                        ("is_abstention", False),
                        models.Q(("text", ""), _negated=True),
                    ),
                    models.Q(
                        ("competence__isnull", True),
                        ("option__isnull", True),
                        ("topic__isnull", True),
                        ("is_abstention", False),
                        ("skill__isnull", True),
                        ("text", ""),
                        ("number__isnull", False),
                        ("number__range", (0, 10)),
                    ),
                    models.Q(
                        ("number__isnull", True),
                        ("skill__isnull", True),
                        ("competence__isnull", True),
                        ("is_abstention", False),
                        ("option__isnull", False),
                        ("text", ""),
                        ("topic__isnull", True),
                    ),
                    models.Q(
                        ("competence__isnull", True),
                        ("is_abstention", False),
                        ("option__isnull", True),
                        ("text", ""),
                        ("topic__isnull", False),
                        models.Q(("number__isnull", False), ("skill__isnull", False), _connector="OR"),
                        models.Q(("number__isnull", True), ("number__range", (1, 4)), _connector="OR"),
                        models.Q(("skill__isnull", True), ("skill__range", (1, 4)), _connector="OR"),
                    ),
                    models.Q(
                        ("competence__isnull", False),
                        ("is_abstention", False),
                        ("option__isnull", True),
                        ("text", ""),
                        ("topic__isnull", True),
                        ("number__isnull", False),
                        ("number__range", (0, 4)),
                        ("skill__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="personal_answer_said_one_way",
                violation_error_message="Eine Antwort ist eine Zahl auf der Skala, ein Text, eine Auswahl, eine Bewertung oder eine Enthaltung.",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("can_abstain", False),
                    models.Q(("kind__in", ["TEXT", "CODE", "TOPICS"]), _negated=True),
                    _connector="OR",
                ),
                name="question_scale_or_choice_abstains",
                violation_error_message="„Kann ich nicht beurteilen“ gibt es nur bei Skalen, Auswahlen und Kompetenzen.",
            ),
        ),
        migrations.AddConstraint(
            model_name="surveypool",
            constraint=models.UniqueConstraint(
                fields=("cohort", "questionnaire"), name="survey_pool_unique_per_questionnaire"
            ),
        ),
        migrations.RunPython(frozen.freeze, frozen.thaw),
    ]
