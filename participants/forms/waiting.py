"""Input about the waiting list."""

from typing import Any

from django import forms

from netzkoord.lib.fields import AddressField, PrintableField


class OfferForm(forms.Form):
    """Why a place is offered out of turn; in turn no reason is asked for."""

    reason = PrintableField(
        label="Grund",
        max_length=500,
        help_text="Andere stehen davor. Der Grund bleibt bei dem Angebot stehen. Die Organisation liest ihn, "
        "und die Personen des Tandems, wenn sie Auskunft über ihre Daten verlangen.",
        error_messages={"required": "Bitte nennen Sie den Grund, warum Sie nicht der Reihe nach anbieten."},
    )

    def __init__(self, *args: Any, is_turn: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_turn:
            del self.fields["reason"]

    def reason_given(self) -> str:
        return str(self.cleaned_data.get("reason", ""))


class SubstituteForm(forms.Form):
    """The address of who comes instead."""

    email = AddressField(
        label="E-Mail-Adresse der anderen Person",
        help_text="Die Person bekommt einen eigenen Link und macht ihre Angaben selbst.",
        error_messages={"required": "Bitte geben Sie die Adresse an."},
    )
