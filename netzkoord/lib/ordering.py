"""The order of rows that carry a `position`: moved by a step, or set as a whole after dragging."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F, Max, Model, QuerySet

M = TypeVar("M", bound=Model)


class NotTheSameRows(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """Rows were added or removed since the page was made; the order it sends would lose some."""


def next_position(rows: QuerySet[Any]) -> int:
    """Where one more row goes: behind all others, counted from 1."""
    return int(rows.aggregate(last=Max("position"))["last"] or 0) + 1


@transaction.atomic
def set_order(rows: QuerySet[M], keys: Sequence[int]) -> None:
    """Give the rows the positions 1, 2, … in the order of `keys`, their primary keys.

    Raises `NotTheSameRows`. A position may be unique among the rows: all step aside first.
    """
    found = {row.pk: row for row in rows.select_for_update()}
    if set(keys) != set(found) or len(keys) != len(found):
        raise NotTheSameRows(f"{len(keys)} keys for {len(found)} rows")
    step_aside(rows, len(found))
    for position, key in enumerate(keys, start=1):
        found[key].position = position  # type: ignore[attr-defined]  # every caller's model has one
    rows.model._default_manager.bulk_update(found.values(), ["position"])


def step_aside(rows: QuerySet[M], count: int) -> None:
    """Beyond every position in use and every one to come, so that no two meet on the way."""
    last = rows.aggregate(last=Max("position"))["last"] or 0
    rows.model._default_manager.filter(pk__in=rows.values("pk")).order_by().update(
        position=F("position") + last + count
    )


def move(rows: QuerySet[M], key: int, *, steps: int) -> None:
    """Move one row up (negative) or down by so many steps; beyond either end it stays there."""
    keys = list(rows.order_by("position", "pk").values_list("pk", flat=True))
    if key not in keys:
        raise NotTheSameRows(f"{key} is not among the rows")
    place = keys.index(key)
    keys.insert(max(0, min(len(keys) - 1, place + steps)), keys.pop(place))
    set_order(rows, keys)
