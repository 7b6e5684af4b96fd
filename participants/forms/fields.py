"""Fields that several forms of this app share."""

import unicodedata
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator

from participants.models import Municipality
from participants.queries.search import fold
from participants.validators import normalise_name, validate_name


class NameField(forms.CharField):
    """A name as it is written, brought into one form; refuses what cannot be seen or read."""

    default_validators = [validate_name]

    def to_python(self, value: Any) -> str:
        return normalise_name(str(super().to_python(value) or ""))


class AddressField(forms.EmailField):
    """An e-mail address in small letters: the same address is always the same text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 254} | kwargs)

    def to_python(self, value: Any) -> str:
        return unicodedata.normalize("NFC", str(super().to_python(value) or "")).lower()


class ByState(ModelChoiceIterator[Municipality]):
    """The municipalities in one group per Land."""

    def __iter__(self) -> Iterator[Any]:
        yield ("", "Bitte wählen")
        municipalities = sorted(self.queryset, key=lambda town: (town.get_state_display(), fold(town.name)))
        for state, group in groupby(municipalities, key=Municipality.get_state_display):
            yield (state, [self.choice(municipality) for municipality in group])


class MunicipalityField(forms.ModelChoiceField[Municipality]):
    """A municipality out of those that are known, grouped by Land; one query."""

    iterator = ByState

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Municipality.objects.all(), **kwargs)
