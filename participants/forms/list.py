"""What an organiser asks the list of registrations for; all of it stands in the address."""

from dataclasses import fields
from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse

from curriculum.models import Audience, Cohort
from netzkoord.lib.fields import row_key
from netzkoord.lib.states import State
from participants.models import FieldOfAction, Sector, Selection, TandemForm, TandemState
from participants.queries.tandem_list import FLAGS, ORDERS, TandemFilter, tandem_list_of

ALL = [("", "alle")]
# What stands open above the list; the rest is folded.
PLAIN = ("text", "state", "selection")
ORDER_LABELS = [
    ("", "Rang nach der Auswahlregel"),
    ("municipality", "Kommune"),
    ("manager", "Führungskraft"),
    ("coordinator", "Koordinierungskraft"),
    ("-created", "Eingang, neueste zuerst"),
    ("created", "Eingang, älteste zuerst"),
    ("state", "Stand des Tandems"),
    ("selection", "Entscheidung"),
]
NOTHING_CHOSEN = "Bitte wählen Sie mindestens eine Anmeldung aus."
ALL_FILTERED = "gefiltert"
ALL_ON_PAGE = "alle"
CAME_FROM = "liste"
ASKED = [each.name for each in fields(TandemFilter)]


class FilterForm(forms.Form):
    """The filters of the list. One that makes no sense is ignored, the others still hold."""

    text = forms.CharField(label="Name oder Kommune", max_length=100, required=False)
    state = forms.ChoiceField(label="Tandem", choices=ALL + TandemState.choices, required=False)
    selection = forms.ChoiceField(label="Entscheidung", choices=ALL + Selection.choices, required=False)
    form = forms.ChoiceField(label="Form der Anmeldung", choices=ALL + TandemForm.choices, required=False)
    missing = forms.ChoiceField(label="Es fehlt die", choices=ALL + Audience.person_choices(), required=False)
    land = forms.ChoiceField(
        label="Land", choices=ALL + sorted(State.choices, key=lambda choice: str(choice[1])), required=False
    )
    sector = forms.ChoiceField(label="Seite", choices=ALL + Sector.choices, required=False)
    field_of_action = forms.ChoiceField(label="Handlungsfeld", choices=ALL + FieldOfAction.choices, required=False)
    order = forms.ChoiceField(label="Reihenfolge", choices=ORDER_LABELS, required=False)
    flags = forms.MultipleChoiceField(
        label="Außerdem", choices=list(FLAGS.items()), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"

    def wanted(self) -> TandemFilter:
        """What to look for, out of those filters that make sense."""
        self.is_valid()
        values: dict[str, Any] = {name: self.cleaned_data[name] for name in ASKED if self.cleaned_data.get(name)}
        return TandemFilter(**values | {"flags": tuple(values.get("flags", ()))})

    @property
    def is_filtered(self) -> bool:
        return self.wanted() != TandemFilter()

    @property
    def is_unfolded(self) -> bool:
        """Whether a filter holds that would be hidden if the others were folded."""
        wanted = self.wanted()
        return any(getattr(wanted, name) for name in ASKED if name not in PLAIN)

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in PLAIN]

    @property
    def folded_fields(self) -> list[forms.BoundField]:
        return [field for field in self if field.name not in PLAIN]


def order_of(query: QueryDict) -> str:
    """The order that the address asks for; empty for the rank."""
    order = query.get("order", "")
    return order if order.removeprefix("-") in ORDERS else ""


def filter_query(query: QueryDict) -> str:
    """The filters and the order as they stand in the address, without the page and the choice."""
    values = query.copy()
    for name in ("seite", "auswahl"):
        values.pop(name, None)
    return values.urlencode()


def list_address(cohort: Cohort, data: QueryDict) -> str:
    """The list as it was filtered when rows of it were chosen: to come back to after an action."""
    query = filter_query(QueryDict(str(data.get(CAME_FROM, ""))))
    address = reverse("participants:tandem_list", args=[cohort.pk])
    return f"{address}?{query}" if query else address


def chosen_tandems(data: QueryDict, cohort: Cohort) -> list[int]:
    """Keys of the rows that were ticked, or of all that the filters show if that was chosen."""
    if ALL_FILTERED in data:
        query = QueryDict(str(data[ALL_FILTERED]))
        return tandem_list_of(cohort, FilterForm(query).wanted(), order_of(query)).decidable
    texts = (text for value in data.getlist("tandem") for text in value.split())
    return [key for text in texts if (key := row_key(text))]
