"""How a cohort gives its places: the method, the criteria with their places or weights, what decides at the end."""

import json
from typing import Any

from django import forms
from django.http import QueryDict

from curriculum.models import Criterion, RuleMethod, TieBreak
from curriculum.rules import Rule, Weighted

PLACES = [("", "gilt nicht"), *((str(place), f"an {place}.\u00a0Stelle") for place in range(1, len(Criterion) + 1))]
WEIGHTS = [("", "gilt nicht"), *((str(weight), str(weight)) for weight in range(1, 11))]
NO_SUCH = "Bitte wählen Sie aus der Liste."
REQUIRED = {"required": "Bitte wählen Sie eine der beiden Möglichkeiten.", "invalid_choice": NO_SUCH}


class RuleForm(forms.Form):
    """Of the two columns, places and weights, the one counts that the chosen method asks for."""

    method = forms.ChoiceField(
        label="Mehrere Kriterien gelten",
        choices=RuleMethod.choices,
        widget=forms.RadioSelect,
        error_messages=REQUIRED,
    )
    tie_break = forms.ChoiceField(
        label="Unter sonst Gleichen entscheidet",
        choices=TieBreak.choices,
        widget=forms.RadioSelect,
        error_messages=REQUIRED,
        help_text="Ein Los wird nach dem Anmeldeschluss gezogen, einmal und nachprüfbar.",
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, rule: Rule) -> None:
        values = {"method": rule.method, "tie_break": rule.tie_break, "seen": as_text(rule)}
        for place, one in enumerate(rule.criteria, start=1):
            values |= {f"place_{one.criterion}": str(place), f"weight_{one.criterion}": str(one.weight)}
        super().__init__(data, initial=values)
        for criterion in Criterion:
            self.fields[f"place_{criterion}"] = choice("Stelle", PLACES)
            self.fields[f"weight_{criterion}"] = choice("Gewicht", WEIGHTS)

    @property
    def rows(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """Each criterion with its place and its weight."""
        return [(one.label, self[f"place_{one}"], self[f"weight_{one}"]) for one in Criterion]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("method") != RuleMethod.ORDER:
            return cleaned
        taken: dict[str, Criterion] = {}
        for criterion in Criterion:
            place = cleaned.get(f"place_{criterion}")
            if place and place in taken:
                self.add_error(
                    f"place_{criterion}",
                    f"An dieser Stelle steht schon „{taken[place].label}“. Bitte wählen Sie eine andere.",
                )
            elif place:
                taken[place] = criterion
        return cleaned

    def rule(self) -> Rule:
        """What was put together; valid forms only."""
        method = RuleMethod(self.cleaned_data["method"])
        column = "place" if method is RuleMethod.ORDER else "weight"
        numbers = {one: int(number) for one in Criterion if (number := self.cleaned_data[f"{column}_{one}"])}
        if method is RuleMethod.ORDER:
            criteria = [Weighted(one) for one in sorted(numbers, key=lambda one: numbers[one])]
        else:
            criteria = [Weighted(one, weight) for one, weight in numbers.items()]
        return Rule(method, tuple(criteria), TieBreak(self.cleaned_data["tie_break"]))

    def seen_rule(self) -> Rule | None:
        """The rule that the page showed; None for what no page of ours sends."""
        return from_text(self.cleaned_data["seen"])

    def show_anew(self, rule: Rule) -> None:
        """Let the page that goes out again carry the rule as it is stored now."""
        self.data = {name: self.data.get(name) for name in self.data} | {"seen": as_text(rule)}


def choice(label: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, required=False, error_messages={"invalid_choice": NO_SUCH}
    )


def as_text(rule: Rule) -> str:
    return json.dumps([rule.method, rule.tie_break, [[one.criterion, one.weight] for one in rule.criteria]])


def from_text(text: str) -> Rule | None:
    try:
        method, tie_break, criteria = json.loads(text)
        weighted = tuple(Weighted(Criterion(name), int(weight)) for name, weight in criteria)
        return Rule(RuleMethod(method), weighted, TieBreak(tie_break))
    except (ValueError, TypeError, RecursionError):
        return None
