"""The field for a municipality."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator

from participants.models import Municipality
from participants.queries.search import fold


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
