"""The code from the screen, typed by hand."""

from typing import Any

from django import forms

from participants import check_in
from participants.models import CheckIn

UNKNOWN = "Dieser Code gilt nicht oder nicht mehr. Bitte geben Sie den Code ein, der jetzt auf der Leinwand steht."


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Code auf der Leinwand",
        max_length=40,
        help_text="Acht Zeichen; Groß- und Kleinschreibung und der Strich sind gleich.",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    found: CheckIn | None = None

    def clean_code(self) -> Any:
        self.found = check_in.find(self.cleaned_data["code"])
        if self.found is None:
            raise forms.ValidationError(UNKNOWN)
        return self.cleaned_data["code"]
