"""Starting points on a wall, and typing in a sheet of them."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from evaluation.forms.walls import PointsForm
from evaluation.models import Cluster, Poll

MOST_PEOPLE = 999
HOW_MANY = f"Geben Sie an, wie viele Personen Punkte setzen, von 1 bis {MOST_PEOPLE}."


class PollForm(forms.Form):
    people = forms.IntegerField(
        label="Personen im Raum",
        min_value=1,
        max_value=MOST_PEOPLE,
        help_text="Daraus und aus der Zahl der Spalten folgt, wie viele Punkte jede Person hat.",
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), HOW_MANY),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    may_accumulate = forms.BooleanField(label="Mehrere Punkte auf dieselbe Spalte sind erlaubt", required=False)

    def __init__(self, data: Mapping[str, Any] | None, *, people: int) -> None:
        super().__init__(data, initial={"people": people or None})


class SheetForm(PointsForm):
    """The points of one person; `key` is made with the page, so that a sheet that is sent twice counts once."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, columns: Sequence[Cluster], poll: Poll) -> None:
        super().__init__(data, columns=columns, most=poll.most_per_column)
        self.initial["key"] = uuid.uuid4()
