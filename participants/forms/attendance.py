"""Entering who was there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from curriculum.models import SessionDay
from participants.models import Presence, Registration

OPEN = ""
Key = tuple[int, int]
"""Number of the registration and of the day."""


@dataclass(frozen=True)
class PersonRow:
    """One person on one day: the choice, and what was shown when the page was made."""

    person: Registration
    field: BoundField

    @property
    def shown(self) -> str:
        return self.field.as_hidden(only_initial=True)


@dataclass(frozen=True)
class DayGroup:
    """The fields of one day, a row per person."""

    day: SessionDay
    rows: list[PersonRow]
    open_count: int


class AttendanceForm(forms.Form):
    """One choice per person and day; only what was changed on this page is taken over.

    What was shown comes back with the form (`show_hidden_initial`), so that two people who enter at the same
    time do not undo each other's work.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        people: Iterable[Registration],
        days: Iterable[SessionDay],
        entered: Mapping[Key, str],
    ) -> None:
        super().__init__(data)
        self.people, self.days, self.entered = list(people), list(days), entered
        for day in self.days:
            for person in self.people:
                self.fields[field_name(person.pk, day.pk)] = presence_field(
                    f"{person.full_name}, {day}", entered.get((person.pk, day.pk), OPEN)
                )

    @property
    def groups(self) -> list[DayGroup]:
        return [
            DayGroup(
                day,
                [PersonRow(person, self[field_name(person.pk, day.pk)]) for person in self.people],
                sum((person.pk, day.pk) not in self.entered for person in self.people),
            )
            for day in self.days
        ]

    def changes(self, *, fill_day: int | None = None) -> dict[Key, str]:
        """What to write: changed choices, and „ganztägig da“ for all who are still open on `fill_day`."""
        found: dict[Key, str] = {}
        for day in self.days:
            for person in self.people:
                key, name = (person.pk, day.pk), field_name(person.pk, day.pk)
                if name in self.changed_data:
                    found[key] = self.cleaned_data[name]
                if day.pk == fill_day and not found.get(key, self.entered.get(key)):
                    found[key] = Presence.FULL
        return found


def field_name(registration_pk: int, day_pk: int) -> str:
    return f"p{registration_pk}-{day_pk}"


def presence_field(label: str, initial: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[*Presence.choices, (OPEN, "noch offen")],
        widget=forms.RadioSelect,
        required=False,
        initial=initial,
        show_hidden_initial=True,
    )
