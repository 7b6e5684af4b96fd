"""Entering who was there, on one day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django import forms
from django.http import QueryDict

from participants.actions.attendance import OPEN, Entry, State, state_of
from participants.halves import HalfDay
from participants.models import LONGEST_NOTE, Attendance, Presence, Registration
from participants.queries.attendance_day import PersonHalf, PersonRow

Key = tuple[int, str]
"""Number of the registration, and which half."""


@dataclass(frozen=True)
class HalfFields:
    """What the fields of one half show: what was typed, else what is stored; and what the page had shown before."""

    half: PersonHalf
    presence: str
    note: str
    seen: State


class NoteField(forms.CharField):
    def __init__(self, label: str) -> None:
        super().__init__(
            label=label,
            max_length=LONGEST_NOTE,
            required=False,
            show_hidden_initial=True,
            error_messages={"max_length": f"Ein Vermerk hat höchstens {LONGEST_NOTE} Zeichen."},
        )


class AttendanceForm(forms.Form):
    """One choice per person and half of the day, and a note; only what was changed on this page is taken over.

    What was shown comes back with the form (`show_hidden_initial`), so that two people who enter at the same
    time do not undo each other's work. A field that was not sent is unchanged: the script sends one at a time.
    """

    def __init__(
        self,
        data: QueryDict | None,
        *,
        people: Iterable[Registration],
        halves: Sequence[HalfDay],
        entered: Mapping[Key, Attendance],
    ) -> None:
        super().__init__(data)
        self.data: QueryDict = data if data is not None else QueryDict()
        self.people, self.halves, self.entered = list(people), halves, entered
        for person in self.people:
            for span in halves:
                name = suffix(person.pk, span.half)
                presence, note = state_of(entered.get((person.pk, span.half)))
                label = f"{person.full_name}, {span.half.label}"
                self.fields[f"p{name}"] = presence_field(label, presence)
                self.fields[f"n{name}"] = NoteField(f"Vermerk zu {label}")
                self.initial[f"n{name}"] = note

    def entries(self, *, fill: str = "") -> list[Entry]:
        """What to write: changed choices and notes, and „da“ for all who are still open in the half `fill`."""
        found = [self.entry(person, span) for person in self.people for span in self.halves]
        sent = [entry for entry in found if entry.seen != (entry.wanted,)]
        known = {(entry.registration, entry.half) for entry in sent} | self.entered.keys()
        return sent + [
            Entry(entry.registration, entry.day, entry.half, Presence.PRESENT)
            for entry in found
            if entry.half == fill and (entry.registration, entry.half) not in known
        ]

    def entry(self, person: Registration, span: HalfDay) -> Entry:
        name = suffix(person.pk, span.half)
        presence = self.cleaned_data[f"p{name}"] if f"p{name}" in self.data else self.shown(f"p{name}")
        note = self.cleaned_data[f"n{name}"] if f"n{name}" in self.data else self.shown(f"n{name}")
        return Entry(
            person.pk, span.day.pk, span.half, *as_stored(presence, note), (self.first_seen(name), *self.sent(name))
        )

    def first_seen(self, name: str) -> State:
        return self.shown(f"p{name}"), self.shown(f"n{name}")

    def sent(self, name: str) -> list[State]:
        """What the script has sent before and got no answer to: it may be stored by now, and is nobody else's."""
        presences, notes = (self.data.getlist(f"sent-{part}{name}") for part in ("p", "n"))
        return [as_stored(*state) for state in zip(presences, notes, strict=False)]

    def fields_of(self, row: PersonRow) -> list[HalfFields]:
        return [self.half_fields(half) for half in row.halves]

    def half_fields(self, half: PersonHalf) -> HalfFields:
        stored = (half.presence, half.note)
        if not self.is_bound:
            return HalfFields(half, *stored, seen=stored)
        return HalfFields(
            half,
            presence=str(self.data.get(f"p{half.name}", half.presence)),
            note=str(self.data.get(f"n{half.name}", half.note)),
            seen=self.first_seen(half.name),
        )

    def shown(self, name: str) -> str:
        """What the page had shown, as it came back; nonsense finds no row that looks like it."""
        return str(self.data.get(f"initial-{name}", ""))


def as_stored(presence: str, note: str) -> State:
    """Only who was not there has a note."""
    return presence, note if presence in (Presence.ABSENT, Presence.EXCUSED) else ""


def suffix(registration: int, half: str) -> str:
    return f"{registration}-{half}"


def presence_field(label: str, initial: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[*Presence.choices, (OPEN, "offen")],
        widget=forms.RadioSelect,
        required=False,
        initial=initial,
        show_hidden_initial=True,
    )
