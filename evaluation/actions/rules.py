"""Writing the rules by which a cohort asks."""

from curriculum.models import Cohort
from evaluation.models import Purpose, SurveyRule
from evaluation.queries.rules import rules_of
from evaluation.questionnaires import default_questionnaire


def write_rules(cohort: Cohort) -> dict[Purpose, SurveyRule]:
    """The rules of a cohort; those that are missing are stored with what is usual.

    Two who need them at once write them once.
    """
    rules = rules_of(cohort)
    missing = [rule for rule in rules.values() if rule.pk is None]
    if not missing:
        return rules
    for rule in missing:
        rule.questionnaire = default_questionnaire(Purpose(rule.purpose))
    SurveyRule.objects.bulk_create(missing, ignore_conflicts=True)
    return rules_of(cohort)
