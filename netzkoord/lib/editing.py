"""Ways of saving that lose nothing: a double click, two people at the same row."""

import json
import uuid
from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
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


class ConstrainedModelForm(forms.ModelForm[M]):
    """A form that shows what a constraint of the table says at the field that the constraint's error code names."""

    def _update_errors(self, errors: ValidationError) -> None:
        found = errors.update_error_dict({})
        for problem in found.pop(NON_FIELD_ERRORS, []):
            place = problem.code if problem.code in self.fields else NON_FIELD_ERRORS
            found.setdefault(place, []).append(problem)
        super()._update_errors(ValidationError(found))  # type: ignore[misc]  # unknown to the stubs


class SeenModelForm(ConstrainedModelForm[M]):
    """A form that notices when somebody else has changed the row since its page was made.

    The page carries what it showed (`seen`). What only the other has changed stays as the other left it, and of a
    list both keep what they have added and taken away; `merged_sentence` says so. Where both have written the
    same field, the form is refused once, with the other value beside what was typed. Lock the row before the form
    is made: `select_for_update` in the view.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.merged: list[str] = []

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        return json.dumps(self.stored) if field_name == "seen" else super().get_initial_for_field(field, field_name)

    def compared(self) -> list[str]:
        return [name for name in self.fields if name != "seen"]

    @cached_property
    def stored(self) -> dict[str, list[str]]:
        """The row as it was when this form was made, each field as its widget would send it."""
        return {name: self.as_text(name, self.initial.get(name)) for name in self.compared()}

    def as_text(self, name: str, value: Any) -> list[str]:
        """The value as the page's widget would send it back, so that stored and sent compare."""
        prepared = self.fields[name].prepare_value(value)
        several = prepared if isinstance(prepared, (list, tuple)) else [prepared]
        return sorted("" if each is None else one_newline(str(each)).strip() for each in several)

    @property
    def changed(self) -> list[str]:
        """Names of the fields that this form changes in the stored row; valid forms only."""
        names = self.compared()
        if self.instance._state.adding:
            return names
        return [name for name in names if self.as_text(name, self.cleaned_data[name]) != self.stored[name]]

    @property
    def merged_sentence(self) -> str:
        """What the other has changed meanwhile and what therefore stays; empty when there is nothing."""
        if not self.merged:
            return ""
        values = "; ".join(f"{self.fields[name].label}: „{self.shown(name)}“" for name in self.merged)
        return f"Inzwischen hat jemand anderes etwas geändert, das ist erhalten geblieben. {values}"

    def clean(self) -> dict[str, Any] | None:
        super().clean()
        for name, value in self.cleaned_data.items():
            if isinstance(value, str):
                self.cleaned_data[name] = one_newline(value)
        if self.instance.pk and self.is_bound:
            self.reconcile(read_seen(self.data.get(self.add_prefix("seen"), "")))
        return self.cleaned_data

    def reconcile(self, seen: dict[str, list[str]]) -> None:
        """Bring together what was shown, what is stored and what was sent."""
        both = []
        for name in self.compared():
            if name not in seen or name not in self.cleaned_data or seen[name] == self.stored[name]:
                continue
            mine = self.as_text(name, self.cleaned_data[name])
            if mine == self.stored[name]:
                continue
            if mine == seen[name]:
                self.keep(name, self.stored[name])
            elif isinstance(self.fields[name], forms.ModelMultipleChoiceField):
                self.keep(name, merged_keys(seen[name], self.stored[name], mine))
            else:
                both.append(name)
        for name in both:
            self.add_error(name, self.conflict_sentence(name))
        if both:
            self.show_anew(seen | {name: self.stored[name] for name in [*both, *self.merged]})

    def keep(self, name: str, keys: list[str]) -> None:
        """Take what is stored for this field; of a list, the rows with these keys."""
        field = self.fields[name]
        if isinstance(field, forms.ModelMultipleChoiceField):
            self.cleaned_data[name] = rows_of(field, keys)
        else:
            self.cleaned_data[name] = field.to_python(self.initial.get(name))
        self.merged.append(name)

    def conflict_sentence(self, name: str) -> str:
        return (
            f"Inzwischen hat jemand anderes dieses Feld geändert. Dort steht jetzt: „{self.shown(name)}“. "
            "Ihre Eingabe ist hier noch da; wenn Sie erneut speichern, ersetzt sie die andere."
        )

    def shown(self, name: str) -> str:
        """The stored value in words: the labels of what is chosen."""
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            return ", ".join(str(row) for row in rows_of(field, self.stored[name])) or "nichts"
        if isinstance(field, forms.BooleanField):
            return "ja" if self.initial.get(name) else "nein"
        labels = {str(value): label for value, label in getattr(field, "choices", ())}
        return ", ".join(str(labels.get(value, value)) for value in self.stored[name] if value) or "nichts"

    def show_anew(self, seen: dict[str, list[str]]) -> None:
        """The page that now goes out: the other's value where only the other has changed it; where both have, the
        other's beside what was typed. Sent once more, it counts.
        """
        data = QueryDict(mutable=True)
        for name in self.data:
            data.setlist(name, self.data.getlist(name) if isinstance(self.data, QueryDict) else [self.data[name]])
        for name in self.merged:
            data.setlist(self.add_prefix(name), self.as_sent(name))
        data[self.add_prefix("seen")] = json.dumps(seen)
        self.data = data

    def as_sent(self, name: str) -> list[str]:
        """The value that stays, as a browser would send it back."""
        field, value = self.fields[name], self.cleaned_data[name]
        if isinstance(field, forms.BooleanField):
            return ["on"] if value else []
        prepared = field.prepare_value(value)
        several = prepared if isinstance(prepared, (list, tuple)) else [prepared]
        return ["" if each is None else str(each) for each in several]


class KeyedModelForm(SeenModelForm[M]):
    """A form about a row that has a `key`.

    The page of a new one carries it, so that a double click does not add it twice.
    """

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            self.fields["key"].initial = self.key_of_instance
        else:
            del self.fields["key"]

    @property
    def key_of_instance(self) -> uuid.UUID:
        key: uuid.UUID = self.instance.key  # type: ignore[attr-defined]  # every caller's model has one
        return key

    def compared(self) -> list[str]:
        return [name for name in super().compared() if name != "key"]

    def accepts_key(self, key: uuid.UUID) -> bool:
        return True

    def clean(self) -> dict[str, Any] | None:
        super().clean()
        sent = self.cleaned_data.get("key")
        if sent and self.accepts_key(sent):
            self.instance.key = sent  # type: ignore[attr-defined]  # as above
        return self.cleaned_data


def one_newline(text: str) -> str:
    """Browsers send lines that end in CRLF, whatever they were shown: stored is the one form that compares."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def merged_keys(seen: list[str], stored: list[str], mine: list[str]) -> list[str]:
    """What the other has left, with what was added and without what was taken away here."""
    return sorted((set(stored) | (set(mine) - set(seen))) - (set(seen) - set(mine)))


def rows_of(field: forms.ModelChoiceField[M], keys: list[str]) -> models.QuerySet[M]:
    rows = field.queryset
    assert rows is not None  # noqa: S101 -- for the type checker
    return rows.filter(pk__in=[key for key in keys if key])


def read_seen(text: str) -> dict[str, list[str]]:
    """What the page had shown; nothing where the field is missing or not ours: then nothing is compared."""
    try:
        seen = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(seen, dict):
        return {}
    return {str(name): [str(each) for each in value] for name, value in seen.items() if isinstance(value, list)}
