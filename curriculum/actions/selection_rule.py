"""The rule by which a cohort gives its places: changed until it is announced, its lot drawn once."""

import secrets

from django.db import transaction
from django.utils import timezone

from curriculum.models import Cohort, SelectionCriterion, SelectionRule, TieBreak
from curriculum.queries.selection_rules import rule_of
from curriculum.rules import Rule
from netzkoord.lib import audit
from netzkoord.models import AuditAction, User

SEED_BYTES = 16


class RuleFixed(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """The cohort is announced with its rule; nobody who has relied on it shall find another."""


class RuleChanged(Exception):  # noqa: N818
    """Somebody else has stored another rule since the page was made."""


class LotRefused(Exception):  # noqa: N818
    """The lot cannot be drawn; the German sentence says why."""


@transaction.atomic
def change_rule(*, cohort: Cohort, rule: Rule, seen: Rule, by: User) -> None:
    """Give the cohort another rule; the same as before writes nothing.

    `seen` is the rule that the page showed. Raises `RuleFixed` once announced, `RuleChanged` when it is another.
    """
    locked = Cohort.objects.select_for_update().get(pk=cohort.pk)
    if locked.announced_at:
        raise RuleFixed
    current = rule_of(locked)
    if current == rule:
        return
    if current != seen:
        raise RuleChanged
    stored = store_rule(locked, rule)
    audit.record(AuditAction.RULE_CHANGED, target=stored, by=by)


def store_rule(cohort: Cohort, rule: Rule) -> SelectionRule:
    """Put the rule in the place of the one that the cohort has, if any; a lot is drawn for each cohort anew."""
    values = {"method": rule.method, "tie_break": rule.tie_break}
    stored, _ = SelectionRule.objects.update_or_create(cohort=cohort, defaults=values)
    stored.criteria.all().delete()
    SelectionCriterion.objects.bulk_create(
        SelectionCriterion(rule=stored, criterion=one.criterion, weight=one.weight, position=position)
        for position, one in enumerate(rule.criteria, start=1)
    )
    return stored


@transaction.atomic
def draw_lot(*, cohort: Cohort, by: User) -> SelectionRule:
    """Draw the seed from which every lot follows; a second time changes nothing.

    Raises `LotRefused` where the rule has no lot, or somebody could still register.
    """
    locked = Cohort.objects.select_for_update().get(pk=cohort.pk)
    rule = SelectionRule.objects.filter(cohort=locked, tie_break=TieBreak.LOT).first()
    if rule is None:
        raise LotRefused("Nach der Regel dieses Durchgangs entscheidet kein Los.")
    if rule.lot_seed:
        return rule
    if not may_draw(locked):
        raise LotRefused(
            "Das Los wird nach dem Anmeldeschluss gezogen, damit niemand die Reihenfolge vorher kennt."
        )
    rule.lot_seed, rule.lot_drawn_at, rule.lot_drawn_by = secrets.token_hex(SEED_BYTES), timezone.now(), by
    rule.save(update_fields=["lot_seed", "lot_drawn_at", "lot_drawn_by"])
    audit.record(AuditAction.LOT_DRAWN, target=rule, by=by, seed=rule.lot_seed)
    return rule


def may_draw(cohort: Cohort) -> bool:
    """Announced, not cancelled, and nobody can register any more."""
    is_over = timezone.localdate() > cohort.registration_closes_on
    return cohort.announced_at is not None and cohort.cancelled_at is None and is_over
