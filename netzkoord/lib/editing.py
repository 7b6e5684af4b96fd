"""Ways of saving that lose nothing: a double click, two people at the same row."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.db import IntegrityError, models, transaction
from django.http import QueryDict

Saved = TypeVar("Saved")
M = TypeVar("M", bound=models.Model)


def save_or_explain(form: forms.BaseForm, save: Callable[[], Saved]) -> Saved | None:
    """What `save` returns; None when a double click was faster, which the form then says."""
    try:
        with transaction.atomic():
            return save()
    except IntegrityError:
        form.full_clean()
        if form.is_valid():
            raise
        return None


class SeenModelForm(forms.ModelForm[M]):
    """A form that notices when somebody else has changed the row since its page was made.

    The page carries what it showed (`seen`). What only the other has changed stays as the other left it; where
    both changed the same field, the form is refused once, with the other value beside what was typed. Lock the
    row before the form is made: `select_for_update` in the view.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored = {name: self.as_text(name, self.initial.get(name)) for name in self.compared()}
        self.fields["seen"].initial = json.dumps(self.stored)

    def compared(self) -> list[str]:
        return [name for name in self.fields if name != "seen"]

    def as_text(self, name: str, value: Any) -> list[str]:
        """The value as the page's widget would send it back, so that stored and sent compare."""
        prepared = self.fields[name].prepare_value(value)
        several = prepared if isinstance(prepared, (list, tuple)) else [prepared]
        return sorted("" if each is None else str(each) for each in several)

    def clean(self) -> dict[str, Any] | None:
        super().clean()
        if self.instance.pk and self.is_bound:
            self.reconcile(read_seen(self.data.get(self.add_prefix("seen"), "")))
        return self.cleaned_data

    def reconcile(self, seen: dict[str, list[str]]) -> None:
        both = []
        for name in self.compared():
            if name not in seen or name not in self.cleaned_data or seen[name] == self.stored[name]:
                continue
            mine = self.as_text(name, self.cleaned_data[name])
            if mine == seen[name]:
                self.cleaned_data[name] = self.fields[name].clean(self.initial.get(name))
            elif mine != self.stored[name]:
                both.append(name)
        for name in both:
            self.add_error(name, self.conflict_sentence(name))
        if both:
            self.show_anew()

    def conflict_sentence(self, name: str) -> str:
        return (
            f"Inzwischen hat jemand anderes dieses Feld geändert. Dort steht jetzt: „{self.shown(name)}“. "
            "Ihre Eingabe ist hier noch da; wenn Sie erneut speichern, ersetzt sie die andere."
        )

    def shown(self, name: str) -> str:
        """The stored value in words: the labels of what is chosen."""
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            keys = [key for key in self.stored[name] if key]
            return (
                ", ".join(
                    str(row) for row in (field.queryset.filter(pk__in=keys) if keys and field.queryset else [])
                )
                or "nichts"
            )
        if isinstance(field, forms.BooleanField):
            return "ja" if self.initial.get(name) else "nein"
        labels = {str(value): label for value, label in getattr(field, "choices", ())}
        return ", ".join(str(labels.get(value, value)) for value in self.stored[name]) or "nichts"

    def show_anew(self) -> None:
        """The page that now goes out has shown the stored values; sent once more, it counts."""
        data = QueryDict(mutable=True)
        for name in self.data:
            data.setlist(name, self.data.getlist(name) if isinstance(self.data, QueryDict) else [self.data[name]])
        data[self.add_prefix("seen")] = json.dumps(self.stored)
        self.data = data


def read_seen(text: str) -> dict[str, list[str]]:
    """What the page had shown; nothing where the field was tampered with, so that everything counts as unseen."""
    try:
        seen = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(seen, dict):
        return {}
    return {str(name): value for name, value in seen.items() if isinstance(value, list)}
