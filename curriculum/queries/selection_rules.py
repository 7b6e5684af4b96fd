"""The rule of a cohort, read as plain values."""

import datetime

from curriculum.models import Cohort, Criterion, RuleMethod, SelectionRule, TieBreak
from curriculum.rules import ARRIVAL_ALONE, Rule, Weighted


def lot_drawn_at(cohort: Cohort) -> datetime.datetime | None:
    """One query."""
    return SelectionRule.objects.filter(cohort=cohort).values_list("lot_drawn_at", flat=True).first()


def rule_of(cohort: Cohort) -> Rule:
    """The rule of a cohort; arrival alone where none is stored. One query."""
    columns = ("method", "tie_break", "lot_seed", "lot_drawn_at", "criteria__criterion", "criteria__weight")
    rules = SelectionRule.objects.filter(cohort=cohort).order_by("criteria__position", "criteria__pk")
    rows = list(rules.values_list(*columns))
    if not rows:
        return ARRIVAL_ALONE
    method, tie_break, seed, drawn_at = rows[0][:4]
    return Rule(
        method=RuleMethod(method),
        criteria=tuple(Weighted(Criterion(row[4]), row[5]) for row in rows if row[4]),
        tie_break=TieBreak(tie_break),
        seed=seed,
        drawn_at=drawn_at,
    )
