"""A survey keeps the minimum of answers that it has promised, whom it asks, and what it asks once it has answers.

A migration that alters `evaluation_survey` or `evaluation_surveypool` begins with `thaw` and ends with `freeze` of
this one: SQLite writes the table anew and drops its triggers. What more is kept it hands in (0013 does). So does one
that alters a table which a trigger asks – envelopes, sheets of paper, participations, invitations: SQLite refuses to
rename one that a trigger names while it is not there.
"""

from importlib import import_module

from django.db import migrations, models

import evaluation.models.promises

frozen = import_module("evaluation.migrations.0008_released_questionnaires_frozen")

HAS_ANSWERS = (
    "OLD.outcome <> 'PENDING' "
    "OR EXISTS (SELECT 1 FROM evaluation_envelope WHERE survey_id = OLD.id) "
    "OR EXISTS (SELECT 1 FROM evaluation_papersheet WHERE survey_id = OLD.id) "
    "OR EXISTS (SELECT 1 FROM evaluation_participation p "
    "JOIN evaluation_invitation i ON i.id = p.invitation_id WHERE i.survey_id = OLD.id)"
)
# table -> (condition, sentence)
KEPT = {
    "evaluation_survey": (
        "OLD.minimum_answers <> NEW.minimum_answers OR OLD.cohort_id <> NEW.cohort_id "
        "OR COALESCE(OLD.session_id, 0) <> COALESCE(NEW.session_id, 0) "
        f"OR (OLD.questionnaire_id <> NEW.questionnaire_id AND ({HAS_ANSWERS}))",
        "What a survey promises, whom it asks, and what it asked those who answered never change",
    ),
    "evaluation_surveypool": (
        "OLD.minimum_answers <> NEW.minimum_answers OR OLD.cohort_id <> NEW.cohort_id "
        "OR OLD.questionnaire_id <> NEW.questionnaire_id",
        "What was pooled never changes",
    ),
}


def freeze(apps, schema_editor, kept=KEPT):
    thaw(apps, schema_editor)
    frozen.freeze(apps, schema_editor)
    for table, (condition, sentence) in kept.items():
        for statement in trigger(schema_editor.connection.vendor, table, condition, sentence):
            schema_editor.execute(statement, params=None)


def trigger(vendor, table, condition, sentence):
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER {name(table)} BEFORE UPDATE ON {table} WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        ]
    return [
        f"CREATE FUNCTION {name(table)}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {condition} THEN {frozen.refuse(sentence)}; END IF; RETURN NEW; END $$",
        f"CREATE TRIGGER {name(table)} BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {name(table)}()",
    ]


def thaw(apps, schema_editor):
    frozen.thaw(apps, schema_editor)
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for table in KEPT:
        on = f" ON {table}" if is_postgresql else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name(table)}{on}", params=None)
        if is_postgresql:
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name(table)}()", params=None)


def name(table):
    return f"kept_{table.removeprefix('evaluation_')}_update"


def minimum():
    return models.PositiveSmallIntegerField(
        default=evaluation.models.promises.present_minimum,
        editable=False,
        verbose_name="Mindestzahl der Antworten",
    )


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0009_comment_shows_texts")]

    operations = [
        migrations.RunPython(frozen.thaw, frozen.freeze),
        migrations.AddField("survey", "minimum_answers", minimum()),
        migrations.AddField("surveypool", "minimum_answers", minimum()),
        migrations.AddConstraint(
            "survey",
            models.CheckConstraint(
                condition=models.Q(("minimum_answers__gte", 3)), name="survey_minimum_never_below_three"
            ),
        ),
        migrations.AddConstraint(
            "surveypool",
            models.CheckConstraint(
                condition=models.Q(("minimum_answers__gte", 3)), name="surveypool_minimum_never_below_three"
            ),
        ),
        migrations.RunPython(freeze, thaw),
    ]
