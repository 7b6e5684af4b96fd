"""What the two people of a tandem write into their Transfervereinbarung."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone

from netzkoord.lib.editing import SeenModelForm, one_newline
from netzkoord.lib.fields import DateInput, PrintableField
from netzkoord.templatetags.german import german_date
from participants.models import LONGEST_TRANSFER_TEXT, TransferAgreement
from participants.transfer_plan import earliest, latest

DAY_REQUIRED = "Bitte geben Sie einen Tag an, zum Beispiel 31.05.2027."


class AgreedTextField(PrintableField):
    """A text for screen and paper; the end of a line counts one character, as the counter of the page counts it."""

    widget = forms.Textarea
    # May be left empty for now, but is not called „freiwillig“: nobody confirms without it.
    is_needed_later = True

    def to_python(self, value: Any) -> str:
        return one_newline(str(super().to_python(value) or ""))


class AgreedDayField(forms.DateField):
    """As the texts: empty for now."""

    widget = DateInput
    is_needed_later = True


def agreed_text(label: str, help_text: str) -> AgreedTextField:
    attributes = {"rows": 4, "data-counter": LONGEST_TRANSFER_TEXT}
    return AgreedTextField(
        label=label,
        required=False,
        max_length=LONGEST_TRANSFER_TEXT,
        widget=forms.Textarea(attrs=attributes),
        help_text=help_text,
        error_messages={
            "max_length": "Bitte kürzen Sie den Text auf %(limit_value)d Zeichen; es sind %(show_value)d."
        },
    )


class TransferForm(SeenModelForm[TransferAgreement]):
    """Everything may stay empty until it is confirmed; what only the other has written stays."""

    goal = agreed_text("Unser Ziel", "Was soll sich in Ihrem Netzwerk oder in Ihrer Kommune ändern?")
    first_step = agreed_text("Unser erster Schritt", "Was tun Sie als Erstes, und wer von Ihnen beiden?")
    support = agreed_text(
        "Unterstützung, die die Führungskraft zusagt",
        "Zum Beispiel Zeit, ein Mandat, Mittel, ein Gespräch mit anderen.",
    )
    due_on = AgreedDayField(
        label="Bis wann",
        required=False,
        help_text="An diesem Tag schreiben wir Ihnen beiden eine Mail zur Erinnerung.",
        error_messages={"invalid": DAY_REQUIRED},
    )

    class Meta:
        model = TransferAgreement
        fields = ["goal", "first_step", "support", "due_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["due_on"].widget.attrs |= {"min": f"{earliest(today)}", "max": f"{latest(today)}"}

    def clean_due_on(self) -> datetime.date | None:
        """A new day lies ahead; one that was agreed on and has come since may stay while other words change."""
        day: datetime.date | None = self.cleaned_data["due_on"]
        today = timezone.localdate()
        if day is None or day == self.initial.get("due_on"):
            return day
        if day < earliest(today):
            raise forms.ValidationError(f"Bitte nennen Sie einen Tag ab morgen, {german_date(earliest(today))}.")
        if day > latest(today):
            raise forms.ValidationError(
                "Bitte nennen Sie einen Tag in den nächsten zwei Jahren, am besten in den nächsten Monaten: "
                "Ein erster Schritt ist bald getan."
            )
        return day
