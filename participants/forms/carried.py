"""Forms whose input is shown on a page „Angaben prüfen“ before it is sent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms

from curriculum.models import Audience
from netzkoord.lib.address_slips import meant_address
from netzkoord.lib.fields import AddressField
from netzkoord.lib.mail import is_address
from netzkoord.models import Salutation
from participants import drafts
from participants.forms.fields import MunicipalityInput
from participants.models import FieldOfAction, Municipality, OrganisationType, TandemForm

# More than any field takes.
LONGEST_KEPT = 1_000


@dataclass(frozen=True)
class Slip:
    """An address that was probably mistyped, with the one that was meant."""

    name: str
    label: str
    typed: str
    meant: str

    @property
    def is_possible(self) -> bool:
        """Whether what was typed may stay as it is."""
        return is_address(self.typed)


class CarriedForm(forms.Form):
    """A form that can be carried from page to page: as a signed text, and as lines that a person reads.

    `choice_labels` says for each field with choices how a choice is shown; what is empty is not shown.
    """

    choice_labels: ClassVar[dict[str, dict[str, str]]] = {
        "form": dict(TandemForm.choices),
        "salutation": dict(Salutation.choices) | {"": ""},
        "organisation_type": dict(OrganisationType.choices),
        "field_of_action": dict(FieldOfAction.choices),
        "role": dict(Audience.person_choices()),
    }

    def typed(self) -> dict[str, str]:
        """What was typed, by the names of the inputs; of an endless text only the beginning, still too long."""
        return {
            name: str(self.data.get(name, ""))[:LONGEST_KEPT]
            for key, field in self.fields.items()
            for name in input_names(key, field)
        }

    @property
    def slips(self) -> list[Slip]:
        """„Meinten Sie …?“ for each address that was typed."""
        bound = [(each, str(each.data or "")) for each in self if isinstance(each.field, AddressField)]
        found = [Slip(each.name, str(each.label), typed, meant_address(typed)) for each, typed in bound]
        return [slip for slip in found if self.is_bound and slip.meant]

    def payload(self) -> str:
        """The same, signed; the form takes it back as its data and checks it again."""
        return drafts.pack(self.typed())

    def summary(self) -> list[tuple[str, str]]:
        """Label and value of every field that was filled in, as a person reads them."""
        rows = [(str(field.label), self.shown(field.name)) for field in self]
        return [(label, value) for label, value in rows if value]

    def shown(self, name: str) -> str:
        value = self.cleaned_data[name]
        if isinstance(value, Municipality):
            return value.label
        if isinstance(value, bool):
            return "ja" if value else ""
        return self.choice_labels.get(name, {}).get(value, str(value))


def input_names(name: str, field: forms.Field) -> list[str]:
    """The names of the inputs of a field."""
    return field.widget.names(name) if isinstance(field.widget, MunicipalityInput) else [name]


def initial_of(form_class: type[CarriedForm], draft: Mapping[str, Any]) -> dict[str, Any]:
    """What a kept draft holds for the fields of a form."""
    fields: Iterable[tuple[str, forms.Field]] = form_class.base_fields.items()
    return {
        name: field.widget.value_from_datadict(draft, {}, name)
        for name, field in fields
        if any(each in draft for each in input_names(name, field))
    }
