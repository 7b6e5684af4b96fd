"""Of what is rated one by one everything may be left out, and constraints say at which field their sentence stands."""

from importlib import import_module

from django.db import migrations, models

promises = import_module("evaluation.migrations.0010_surveys_keep_their_promise")
people = import_module("evaluation.migrations.0013_people_and_totals")


def make_voluntary(apps, schema_editor):
    """Also in released versions: the mark was shown to nobody."""
    questions = apps.get_model("evaluation", "Question").objects
    questions.filter(kind__in=["TOPICS", "COMPETENCES", "COVERAGE"], is_required=True).update(is_required=False)


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0024_photos_and_results"),
    ]

    operations = [
        migrations.RunPython(promises.thaw, people.freeze),
        migrations.RunPython(make_voluntary, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_required", False),
                    (
                        "kind__in",
                        (
                            "AGREEMENT",
                            "AGREEMENT_FIVE",
                            "GRADE",
                            "TEN",
                            "TARGET",
                            "MIDDLE",
                            "SINGLE",
                            "MULTIPLE",
                            "CODE",
                            "TEXT",
                        ),
                    ),
                    _connector="OR",
                ),
                name="question_rated_is_voluntary",
                violation_error_code="is_required",
                violation_error_message="Bei dieser Art muss nichts beantwortet werden: Jedes Thema, jede Kompetenz und jeder Bedarf darf frei bleiben. Bitte nehmen Sie das Häkchen weg.",
            ),
        ),
        migrations.RunPython(people.freeze, promises.thaw),
        migrations.AlterConstraint(
            model_name="question",
            name="question_bands_apart",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("good_within__isnull", True), ("poor_beyond__isnull", True)),
                    models.Q(
                        ("good_within__gte", 0),
                        ("good_within__isnull", False),
                        ("poor_beyond__gte", models.F("good_within")),
                        ("poor_beyond__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="question_bands_apart",
                violation_error_code="poor_beyond",
                violation_error_message="„Kritisch“ beginnt frühestens dort, wo „gut“ endet. Bitte geben Sie beides oder keines an.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="question",
            name="question_scale_or_choice_abstains",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("can_abstain", False),
                    models.Q(("kind__in", ["TEXT", "CODE", "TOPICS"]), _negated=True),
                    _connector="OR",
                ),
                name="question_scale_or_choice_abstains",
                violation_error_code="can_abstain",
                violation_error_message="„Kann ich nicht beurteilen“ gibt es nur bei Skalen, Auswahlen, Kompetenzen und Bedarfen.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="survey",
            name="survey_closes_after_opening",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes_at__gt", models.F("opens_at"))),
                name="survey_closes_after_opening",
                violation_error_code="closes_at",
                violation_error_message="Die Erhebung schließt, bevor sie öffnet.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="surveyrule",
            name="survey_rule_open_days_range",
            constraint=models.CheckConstraint(
                condition=models.Q(("open_days__range", (1, 120))),
                name="survey_rule_open_days_range",
                violation_error_code="open_days",
                violation_error_message="Eine Erhebung ist 1 bis 120 Tage offen.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="surveyrule",
            name="survey_rule_months_range",
            constraint=models.CheckConstraint(
                condition=models.Q(("months_after__range", (0, 24))),
                name="survey_rule_months_range",
                violation_error_code="months_after",
                violation_error_message="Die Transfererhebung folgt höchstens 24 Monate nach dem letzten Termin.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="surveyrule",
            name="survey_rule_lead_days_range",
            constraint=models.CheckConstraint(
                condition=models.Q(("lead_days__range", (0, 120))),
                name="survey_rule_lead_days_range",
                violation_error_code="lead_days",
                violation_error_message="Höchstens 120 Tage davor.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="surveyrule",
            name="survey_rule_reminders_in_order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("second_reminder_days__isnull", True),
                    models.Q(
                        ("first_reminder_days__isnull", False),
                        ("second_reminder_days__gt", models.F("first_reminder_days")),
                    ),
                    _connector="OR",
                ),
                name="survey_rule_reminders_in_order",
                violation_error_code="second_reminder_days",
                violation_error_message="Die zweite Erinnerung folgt auf die erste.",
            ),
        ),
    ]
