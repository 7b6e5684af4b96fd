"""The room code from the last slide."""

from django import forms

from netzkoord.lib.codes import CodeField
from netzkoord.lib.fields import AddressField

UNKNOWN = "Diesen Raumcode gibt es nicht. Bitte vergleichen Sie ihn mit der Leinwand."


class RoomCodeForm(forms.Form):
    code = CodeField(
        label="Raumcode", help_text="Sechs Zeichen; Groß- und Kleinschreibung und der Strich sind gleich."
    )


class RoomAddressForm(forms.Form):
    email = AddressField(
        label="E-Mail-Adresse",
        help_text="Mit der Sie angemeldet sind.",
        error_messages={"required": "Bitte geben Sie Ihre E-Mail-Adresse an."},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
