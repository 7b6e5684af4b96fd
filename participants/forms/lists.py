"""What an organiser chooses before a paper for the day is made."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from curriculum.models import SessionDay
from netzkoord.templatetags.german import german_date
from participants.lists.badges import Options
from participants.lists.formats import DEFAULT_SHEET, SHEETS
from participants.lists.signatures import MOST_EMPTY_ROWS

ALL_DAYS = "alle"
# What a bare address of a paper means.
SIGNATURE_DEFAULTS = {"tag": ALL_DAYS, "leer": "2"}
BADGE_DEFAULTS = {"bogen": DEFAULT_SHEET, "ab": "1", "rolle": "on"}


class SignatureForm(forms.Form):
    tag = forms.ChoiceField(label="Tag", initial=ALL_DAYS)
    leer = forms.ChoiceField(
        label="Leere Zeilen für unerwartete Gäste",
        choices=[(str(count), str(count)) for count in range(MOST_EMPTY_ROWS + 1)],
        initial="2",
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, days: Iterable[SessionDay]) -> None:
        super().__init__(data, auto_id="unterschriften_%s")
        self.days = {str(day.pk): day for day in days}
        field = self.fields["tag"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- for the type checker
        field.choices = [(ALL_DAYS, "alle Tage")] + [(key, german_date(day.date)) for key, day in self.days.items()]

    @property
    def day(self) -> SessionDay | None:
        return self.days.get(self.cleaned_data["tag"])

    @property
    def empty_rows(self) -> int:
        return int(self.cleaned_data["leer"])


class BadgeForm(forms.Form):
    bogen = forms.ChoiceField(
        label="Bogen", choices=[(sheet.key, sheet.label) for sheet in SHEETS.values()], initial=DEFAULT_SHEET
    )
    ab = forms.IntegerField(
        label="Erstes freies Feld",
        min_value=1,
        initial=1,
        help_text="Auf einem angebrochenen Bogen zählen Sie von links nach rechts, Zeile für Zeile.",
        error_messages={
            "min_value": "Das erste Feld hat die Nummer 1.",
            "invalid": "Bitte eine ganze Zahl eingeben.",
        },
    )
    rolle = forms.BooleanField(label="Rolle aufdrucken", required=False, initial=True)
    linien = forms.BooleanField(label="Feine Schnittlinien drucken", required=False)

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, auto_id="schilder_%s")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        sheet = SHEETS.get(cleaned.get("bogen", ""))
        if sheet and cleaned.get("ab", 1) > sheet.count:
            self.add_error("ab", f"Dieser Bogen hat {sheet.count} Felder.")
        return cleaned

    @property
    def options(self) -> Options:
        return Options(
            sheet=SHEETS[self.cleaned_data["bogen"]],
            start=self.cleaned_data["ab"],
            shows_role=self.cleaned_data["rolle"],
            shows_lines=self.cleaned_data["linien"],
        )
