"""The order of rows that carry a `position`."""

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


def keys_of(rows: QuerySet[Any]) -> list[int]:
    return list(rows.order_by("position", "pk").values_list("pk", flat=True))


def moved_to(keys: Sequence[int], key: int, place: int) -> list[int]:
    """The keys with one of them at this place, counted from 1; beyond either end it stays there."""
    if key not in keys:
        raise NotTheSameRows(f"{key} is not among the rows")
    rest = [other for other in keys if other != key]
    return [*rest[: max(0, place - 1)], key, *rest[max(0, place - 1) :]]


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
