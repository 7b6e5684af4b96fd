"""The code from the screen, typed by hand."""

from django import forms

from netzkoord.lib.codes import CodeField

UNKNOWN = "Dieser Code gilt nicht oder nicht mehr. Bitte geben Sie den Code ein, der jetzt auf der Leinwand steht."


class CodeForm(forms.Form):
    code = CodeField(
        label="Code auf der Leinwand",
        help_text="Acht Zeichen; Groß- und Kleinschreibung und der Strich sind gleich.",
    )
