"""What phones send to a wall."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from evaluation.dots import NO_HEAPS
from evaluation.forms.room import RoomCodeForm
from evaluation.models import LONGEST_CARD, Cluster, GuidingQuestion
from netzkoord.lib.names import on_one_line

UNKNOWN_WALL = "Diesen Code gibt es nicht. Bitte vergleichen Sie ihn mit der Leinwand."
EMPTY = "Schreiben Sie einen Gedanken auf die Karte."
TOO_MANY_POINTS = "Auf eine Spalte lassen sich höchstens {most} Punkte setzen."
NO_POINTS = "Tragen Sie bei „{title}“ eine ganze Zahl ein, oder lassen Sie das Feld leer."
TOO_LONG = (
    f"Auf eine Karte passen {LONGEST_CARD} Zeichen, Ihr Text hat %(show_value)d. "
    "Kürzen Sie ihn, oder machen Sie zwei Karten daraus."
)


class WallCodeForm(RoomCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "Code der Wand"


class CardForm(forms.Form):
    """One thought; `key` is made with the page, so that a card that is sent twice hangs once.

    `question` is the one that the page had shown: another may be asked by the time that the thought is written.
    """

    text = forms.CharField(
        label="Ihr Gedanke",
        max_length=LONGEST_CARD,
        help_text="Ein Gedanke je Karte. Niemand sieht, von wem sie ist.",
        error_messages={"required": EMPTY, "max_length": TOO_LONG},
        widget=forms.Textarea(
            attrs={
                "rows": 3,
                "autocomplete": "off",
                "data-counter": LONGEST_CARD,
                "data-empty": EMPTY,
                "data-too-long": TOO_LONG,
            }
        ),
    )
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    question = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, question: GuidingQuestion | None = None) -> None:
        super().__init__(data, initial={"key": uuid.uuid4(), "question": question.pk if question else None})

    def clean_text(self) -> str:
        text = on_one_line(self.cleaned_data["text"])
        if not text:
            raise forms.ValidationError(EMPTY)
        return text

    def clean_key(self) -> uuid.UUID:
        return self.cleaned_data["key"] or uuid.uuid4()


class PointsField(forms.IntegerField):
    """Nothing typed is no point: so no column is called voluntary, and none has to be filled in."""

    def clean(self, value: Any) -> int:
        points: int = super().clean(value or 0)
        return points


class PointBox(forms.CheckboxInput):
    """Ticked, it sends one point; anything else that is sent is left to the field, which refuses it."""

    def __init__(self) -> None:
        super().__init__(check_test=lambda value: str(value) == "1")

    def format_value(self, value: Any) -> str:
        return "1"

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        return data.get(name)


class PointsForm(forms.Form):
    """How many points each column gets; rules that span columns are `dots.problem_of`."""

    use_required_attribute = False

    def __init__(self, data: Mapping[str, Any] | None, *, columns: Sequence[Cluster], most: int) -> None:
        super().__init__(data)
        self.columns = columns
        for column in columns:
            self.fields[f"c{column.pk}"] = PointsField(
                label=column.title,
                min_value=0,
                max_value=most,
                error_messages=dict.fromkeys(("invalid", "min_value"), NO_POINTS.format(title=column.title))
                | {"max_value": NO_HEAPS if most == 1 else TOO_MANY_POINTS.format(most=most)},
                widget=PointBox() if most == 1 else forms.NumberInput(attrs={"inputmode": "numeric"}),
            )

    def points(self) -> dict[int, int]:
        return {
            column.pk: self.cleaned_data[f"c{column.pk}"]
            for column in self.columns
            if self.cleaned_data[f"c{column.pk}"]
        }
