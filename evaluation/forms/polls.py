"""Starting points on a wall, and typing in a sheet of them."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from evaluation.forms.walls import PointsForm
from evaluation.models import Cluster, Poll, Round, Workshop
from netzkoord.lib.fields import choose_from

MOST_PEOPLE = 999
HOW_MANY = f"Geben Sie an, wie viele Personen Punkte setzen, von 1 bis {MOST_PEOPLE}."

NO_SUCH_ROUND = "Wählen Sie eine Runde dieses Workshops, oder alle zusammen."


def people_field(help_text: str) -> forms.IntegerField:
    return forms.IntegerField(
        label="Personen im Raum",
        min_value=1,
        max_value=MOST_PEOPLE,
        help_text=help_text,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), HOW_MANY),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class PeopleForm(forms.Form):
    """How many are in the room after all, of a poll that has begun."""

    people = people_field("Die Punkte je Person bleiben, wie sie angesagt sind.")

    def __init__(self, data: Mapping[str, Any] | None = None, *, poll: Poll) -> None:
        super().__init__(data, initial={"people": poll.people}, auto_id=f"id_{poll.pk}_%s")


class RoundField(forms.ModelChoiceField[Round]):
    def label_from_instance(self, obj: Round) -> str:
        return f"{obj} ({obj.people_present} Teilnehmende)"


class PollForm(forms.Form):
    people = people_field("Daraus und aus der Zahl der Spalten folgt, wie viele Punkte jede Person hat.")
    in_round = RoundField(
        label="Wer setzt Punkte?",
        queryset=Round.objects.none(),
        required=False,
        empty_label="Alle Runden zusammen",
        error_messages={"invalid_choice": NO_SUCH_ROUND},
    )
    may_accumulate = forms.BooleanField(label="Mehrere Punkte auf dieselbe Spalte sind erlaubt", required=False)

    def __init__(self, data: Mapping[str, Any] | None, *, workshop: Workshop) -> None:
        initial = {"people": workshop.people_asked or None, "in_round": workshop.open_round}
        super().__init__(data, initial=initial)
        self.rounds = list(workshop.rounds.all())
        if len(self.rounds) > 1:
            choose_from(self.fields["in_round"], workshop.rounds.all())
        else:
            del self.fields["in_round"]

    def clean(self) -> dict[str, Any]:
        """The only round need not be chosen."""
        return {"in_round": self.rounds[0] if len(self.rounds) == 1 else None} | self.cleaned_data


class SheetForm(PointsForm):
    """The points of one person; `key` is made with the page, so that a sheet that is sent twice counts once."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, columns: Sequence[Cluster], poll: Poll) -> None:
        super().__init__(data, columns=columns, most=poll.most_per_column)
        self.initial["key"] = uuid.uuid4()

    def typed(self) -> str:
        """„Zeit 1, Geld 2“: what stands in the fields, right or wrong."""
        said = ((column.title, self.data.get(f"c{column.pk}", "").strip()) for column in self.columns)
        return ", ".join(f"{title} {points}" for title, points in said if points)
