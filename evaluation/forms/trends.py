"""What is compared over the cohorts."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from curriculum.models import Module
from evaluation.models import Purpose

COMPARED = (Purpose.FEEDBACK, Purpose.END, Purpose.TRANSFER)


class TrendForm(forms.Form):
    """A GET form: whatever it does not know is left out, so that every address shows something."""

    erhebung = forms.ChoiceField(
        label="Erhebung", choices=[(each, each.label) for each in COMPARED], required=False
    )
    modul = forms.ChoiceField(label="Modul (nur bei Rückmeldungen)", required=False)

    def __init__(self, data: Mapping[str, Any], *, modules: Sequence[Module]) -> None:
        super().__init__(data, initial={"erhebung": Purpose.FEEDBACK})
        self.modules = {str(module.key): module for module in modules}
        self.fields["modul"].choices = [("", "alle Module"), *self.modules.items()]  # type: ignore[attr-defined]

    @property
    def purpose(self) -> Purpose:
        chosen = self.cleaned_data.get("erhebung") if self.is_valid() or self.cleaned_data else ""
        return Purpose(chosen) if chosen else Purpose.FEEDBACK

    @property
    def module(self) -> Module | None:
        if self.purpose != Purpose.FEEDBACK:
            return None
        return self.modules.get(self.cleaned_data.get("modul") or "")
