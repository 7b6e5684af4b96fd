"""What is compared over the cohorts."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from curriculum.models import Module
from evaluation.models import Purpose

COMPARED = (Purpose.FEEDBACK, Purpose.END, Purpose.TRANSFER)
EVERY_MODULE = "alle"
USUAL = {"erhebung": Purpose.FEEDBACK.value, "modul": EVERY_MODULE}


class TrendForm(forms.Form):
    """A GET form; for what is missing or unknown the usual is shown."""

    erhebung = forms.ChoiceField(label="Erhebung", choices=[(each, each.label) for each in COMPARED])
    modul = forms.ChoiceField(label="Modul (nur bei Rückmeldungen)")

    def __init__(self, data: Mapping[str, Any], *, modules: Sequence[Module]) -> None:
        super().__init__(USUAL | {name: data[name] for name in USUAL if name in data})
        self.modules = {str(module.key): module for module in modules}
        offered = [(EVERY_MODULE, "alle Module"), *self.modules.items()]
        self.fields["modul"].choices = offered  # type: ignore[attr-defined]  # a Field to the checker
        self.full_clean()

    @property
    def purpose(self) -> Purpose:
        return Purpose(self.cleaned_data.get("erhebung", Purpose.FEEDBACK))

    @property
    def module(self) -> Module | None:
        if self.purpose != Purpose.FEEDBACK:
            return None
        return self.modules.get(self.cleaned_data.get("modul", EVERY_MODULE))
