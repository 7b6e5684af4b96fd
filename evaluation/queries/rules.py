"""The rules by which a cohort asks when nobody has chosen others."""

from typing import Any

from curriculum.models import Cohort
from evaluation.models import Purpose, SurveyRule

DEFAULTS: dict[Purpose, dict[str, Any]] = {
    Purpose.NEEDS: {"lead_days": 3, "first_reminder_days": 5, "second_reminder_days": 10},
    Purpose.START: {"lead_days": 7, "first_reminder_days": 3, "second_reminder_days": 6},
    Purpose.FEEDBACK: {"open_days": 14, "first_reminder_days": 4, "second_reminder_days": 10},
    Purpose.END: {"open_days": 14, "first_reminder_days": 4, "second_reminder_days": 10},
    Purpose.TRANSFER: {
        "months_after": 6,
        "open_days": 28,
        "first_reminder_days": 7,
        "second_reminder_days": 21,
    },
}


def rules_of(cohort: Cohort) -> dict[Purpose, SurveyRule]:
    """One rule for each purpose, in their order; those not stored yet say the usual, without a questionnaire."""
    stored = {rule.purpose: rule for rule in cohort.survey_rules.select_related("questionnaire")}
    return {purpose: stored.get(purpose) or usual_rule(cohort, purpose) for purpose in Purpose}


def usual_rule(cohort: Cohort, purpose: Purpose) -> SurveyRule:
    return SurveyRule(cohort=cohort, purpose=purpose, **DEFAULTS[purpose])
