"""Input about venues."""

from typing import Any

from django import forms

from curriculum.models import Venue
from netzkoord.lib.fields import LatinField
from netzkoord.lib.states import State

STATES = [("", "keine Angabe"), *sorted(State.choices, key=lambda choice: choice[1])]


class VenueForm(forms.ModelForm[Venue]):
    class Meta:
        model = Venue
        fields = ["name", "street", "postal_code", "city", "state", "directions"]
        field_classes = {"name": LatinField, "city": LatinField}
        help_texts = {
            "state": "Der Plan eines Durchgangs beachtet Feiertage und Schulferien dieses Landes.",
            "directions": "Wie man hinkommt, und ob der Zugang ohne Stufen möglich ist.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        state = self.fields["state"]
        assert isinstance(state, forms.ChoiceField)  # noqa: S101 -- for the type checker
        state.choices = STATES
        state.error_messages["invalid_choice"] = "Bitte wählen Sie eines der 16 Länder."

    def clean_postal_code(self) -> str:
        code: str = self.cleaned_data["postal_code"]
        if code and not (len(code) == 5 and code.isascii() and code.isdigit()):
            raise forms.ValidationError("Eine Postleitzahl hat fünf Ziffern.")
        return code
