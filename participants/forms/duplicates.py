"""Which of two registrations stays, and whose particulars it carries."""

from dataclasses import dataclass
from typing import Any

from django import forms

from netzkoord.templatetags.german import german_datetime
from participants.actions.duplicates import objection
from participants.actions.registrations import CORRECTABLE_FIELDS
from participants.models import Registration

FIRST, SECOND = "first", "second"


@dataclass(frozen=True)
class Comparison:
    """One line of the comparison; `field` is the choice where both differ and one must be taken."""

    label: str
    first: str
    second: str
    field: forms.BoundField | None = None

    @property
    def differs(self) -> bool:
        return self.first != self.second


class MergeForm(forms.Form):
    """One choice for what stays, and one for each particular in which the two differ."""

    def __init__(self, *args: Any, first: Registration, second: Registration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.halves = {FIRST: first, SECOND: second}
        self.objections = {FIRST: objection(first, second), SECOND: objection(second, first)}
        possible = [key for key in (FIRST, SECOND) if not self.objections[key]]
        self.fields["stays"] = forms.ChoiceField(
            label="Diese Anmeldung bleibt, mit ihrem Tandem und ihrer Adresse",
            choices=[(key, described(self.halves[key])) for key in possible],
            initial=possible[0] if possible else None,
            widget=forms.RadioSelect,
            error_messages={
                "required": "Bitte wählen Sie, welche Anmeldung bleibt.",
                "invalid_choice": "Diese Anmeldung kann nicht bleiben. Bitte wählen Sie die andere.",
            },
        )
        for name in self.differing:
            self.fields[name] = self.choice_of(name, possible[0] if possible else FIRST)

    @property
    def is_possible(self) -> bool:
        return not all(self.objections.values())

    @property
    def differing(self) -> list[str]:
        first, second = self.halves.values()
        return [name for name in CORRECTABLE_FIELDS if getattr(first, name) != getattr(second, name)]

    def choice_of(self, name: str, preferred: str) -> forms.ChoiceField:
        """What is empty is not preferred."""
        other = SECOND if preferred == FIRST else FIRST
        return forms.ChoiceField(
            label=label_of(name),
            choices=[(key, shown(half, name) or "leer") for key, half in self.halves.items()],
            initial=preferred if getattr(self.halves[preferred], name) else other,
            widget=forms.RadioSelect,
            error_messages={
                "required": "Bitte wählen Sie eine der beiden Angaben.",
                "invalid_choice": "Bitte wählen Sie eine der beiden Angaben.",
            },
        )

    def comparisons(self) -> list[Comparison]:
        """All that both say, with the choices where they differ."""
        first, second = self.halves.values()
        lines = [
            Comparison(
                label_of(name), shown(first, name), shown(second, name), self[name] if name in self.fields else None
            )
            for name in CORRECTABLE_FIELDS
        ]
        return [line for line in lines if line.first or line.second]

    def kept(self) -> Registration:
        return self.halves[self.cleaned_data["stays"]]

    def merged(self) -> Registration:
        return self.halves[SECOND if self.cleaned_data["stays"] == FIRST else FIRST]

    def values(self) -> dict[str, str]:
        return {name: getattr(self.halves[self.cleaned_data[name]], name) for name in self.differing}


def described(half: Registration) -> str:
    """Two of one town can be told apart."""
    facts = [half.get_role_display(), half.organisation, half.email, half.state.label]
    arrival = f"Eingang {german_datetime(half.created_at)}"
    return f"{half} aus {half.tandem.municipality.name} ({', '.join([*facts, arrival])})"


def label_of(name: str) -> str:
    return str(Registration._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # none is a relation


def shown(half: Registration, name: str) -> str:
    """The value as a person reads it."""
    display = getattr(half, f"get_{name}_display", None)
    value: str = getattr(half, name)
    return str(display()) if display and value else value
