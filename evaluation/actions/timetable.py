"""Surveys that start, move and go by the rules of their cohort."""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from curriculum.models import Cohort
from evaluation.actions.inviting import held, withdraw_mails
from evaluation.actions.rules import write_rules
from evaluation.actions.surveys import create_survey, move_by_rule
from evaluation.models import Purpose, Survey, SurveyRule
from evaluation.queries.changes import Change, changes, period_of
from evaluation.queries.rules import rules_of
from evaluation.queries.timetable import Return, may_still_ask, return_of
from netzkoord.lib import audit
from netzkoord.models import AuditAction, User
from participants.models import Registration


def keep_timetables() -> int:
    """Make, move and remove surveys of all cohorts as their rules say; how many. For the worker, idempotent."""
    return sum(keep_timetable(cohort) for cohort in cohorts_that_ask())


def cohorts_that_ask() -> list[Cohort]:
    """Those with somebody to ask that are not cancelled and not over for years; one query."""
    people = Registration.objects.accepted().filter(cohort=OuterRef("pk"))
    return list(may_still_ask().filter(Exists(people)).order_by("pk"))


def keep_timetable_of(cohort: Cohort) -> None:
    """At once, where the worker would do it within a minute."""
    if cohort in cohorts_that_ask():
        keep_timetable(cohort)


def keep_timetable(cohort: Cohort) -> int:
    """The same for one cohort that has somebody to ask; locks nothing as long as nothing is to be done."""
    rules = rules_of(cohort)
    if all(rule.pk for rule in rules.values()) and not changes(cohort, rules):
        return 0
    with transaction.atomic():
        locked = Cohort.objects.select_for_update().get(pk=cohort.pk)
        if locked.cancelled_at:
            return 0
        found = changes(locked, write_rules(locked))
        for change in found:
            carry_out(locked, change)
    return len(found)


def carry_out(cohort: Cohort, change: Change) -> None:
    slot, period = change.slot, change.period
    if slot.survey is None:
        create_by_rule(cohort, change)
        return
    survey = held(slot.survey)
    if survey is None or survey.closes_at <= timezone.now():
        return
    if period is None:
        if not has_answers(survey):
            remove(survey, by=None)
        return
    if survey.questionnaire_id != slot.questionnaire.pk and survey.opens_at > timezone.now():
        survey.questionnaire = slot.questionnaire
        survey.save(update_fields=["questionnaire"])
    if period != period_of(survey):
        move_by_rule(survey, period)


def create_by_rule(cohort: Cohort, change: Change) -> None:
    if change.period is None:
        return
    survey = create_survey(
        cohort,
        Purpose(change.slot.rule.purpose),
        session=change.slot.session,
        questionnaire=change.slot.questionnaire,
        opens_at=change.period.opens_at,
        closes_at=change.period.closes_at,
        follows_rule=True,
    )
    audit.record(AuditAction.SURVEY_STARTED, target=survey, by=None)


def has_answers(survey: Survey) -> bool:
    return Survey.objects.with_has_answers().get(pk=survey.pk).has_answers


def remove(survey: Survey, *, by: User | None) -> None:
    """Nobody has answered; its invitations and drafts go with it, and mails that were not sent yet."""
    withdraw_mails(survey)
    audit.record(AuditAction.SURVEY_REMOVED, target=survey, by=by)
    survey.delete()


@transaction.atomic
def take_back(*, survey: Survey, by: User) -> Return | None:
    """Undo what was set by hand: the survey follows its rule again, or goes and comes by its rule once it is due.

    None, and nothing is changed, once somebody has answered, it has closed, or it follows its rule already.
    """
    cohort = Cohort.objects.select_for_update().get(pk=survey.cohort_id)
    locked = held(survey)
    if locked is None or not locked.may_return_to_rule or has_answers(locked):
        return None
    found = return_of(locked)
    if found.plan and found.is_kept:
        locked.follows_rule = True
        locked.save(update_fields=["follows_rule"])
        move_by_rule(locked, found.plan, by=by)
    else:
        remove(locked, by=by)
    keep_timetable_of(cohort)
    return found


@transaction.atomic
def save_rule(rule: SurveyRule, *, by: User) -> None:
    """Store a changed rule; the surveys that follow it do so at once."""
    rule.save()
    audit.record(AuditAction.SURVEY_RULE_CHANGED, target=rule, by=by)
    keep_timetable_of(rule.cohort)
