"""Cohorts in a list."""

import datetime
from dataclasses import dataclass

from django.db.models import F
from django.db.models.expressions import OrderBy

from curriculum.models import Cohort, CohortState
from netzkoord.models import User

STATE_KINDS = {
    CohortState.PLANNED: "neutral",
    CohortState.REGISTRATION_OPEN: "info",
    CohortState.REGISTRATION_CLOSED: "neutral",
    CohortState.RUNNING: "info",
    CohortState.FINISHED: "done",
    CohortState.CANCELLED: "error",
}


@dataclass(frozen=True)
class CohortRow:
    """One line of the list of cohorts."""

    cohort: Cohort
    state: CohortState
    first_on: datetime.date | None
    last_on: datetime.date | None

    @property
    def kind(self) -> str:
        """Which sign stands beside the state."""
        return STATE_KINDS[self.state]


def cohort_rows(user: User, *, text: str = "", state: str = "", order: str = "") -> list[CohortRow]:
    """Cohorts that the user may see; one query. The state is derived, so it is filtered here."""
    cohorts = Cohort.objects.with_dates().visible_to(user).select_related("edition")
    if text:
        cohorts = cohorts.filter(title__icontains=text)
    rows = [
        CohortRow(
            cohort=cohort,
            state=cohort.state(first_on=cohort.first_on, last_on=cohort.last_on),
            first_on=cohort.first_on,
            last_on=cohort.last_on,
        )
        for cohort in cohorts.order_by(ordering(order or "-registration_closes_on"), "-pk")
    ]
    return [row for row in rows if not state or row.state == state]


def ordering(order: str) -> OrderBy:
    """The column to order by; cohorts without sessions come last in either direction."""
    column = F(order.removeprefix("-"))
    return column.desc(nulls_last=True) if order.startswith("-") else column.asc(nulls_last=True)
