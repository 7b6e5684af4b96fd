"""The field for a municipality.

`MunicipalitySearchField` finds one among eleven thousand. How to put it into a form:

    class RegistrationForm(MunicipalitySearchForm, …):
        municipality = MunicipalitySearchField(label="Kommune")

* `cleaned_data["municipality"]` is a `Municipality`: a stored one, or, where somebody wrote in a name that is
  missing, an unsaved one without key (`pk is None`, `is_written_in`) that the action saves together with the
  tandem. `label` says name, Kreis and Land of both. To look for a repeated submission use
  `same_municipality(municipality, "tandem__municipality")` of `participants.queries.municipalities`: it knows
  both kinds.
* Without JavaScript the button „Kommune suchen“ sends the whole form to where the form is sent anyway. The base
  class `MunicipalitySearchForm` sees to the rest: such a form is not valid and has no errors, so the view shows the
  page again with everything that was typed, and with the municipalities to choose from. No view needs to know.
* The field has several inputs. `form.fields["municipality"].widget.names("municipality")` lists their names: a
  draft or payload keeps them all. A form for a kept draft is bound to it, or gets
  `initial={"municipality": widget.value_from_datadict(draft, {}, "municipality")}`; a `Municipality` or its key
  will do as well. A POST with nothing but `municipality=<key>` is complete.
* In the template `{{ form|crispy }}` or `{{ form.municipality|as_crispy_field }}`; script and styles come along.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.template.loader import get_template
from django.urls import reverse_lazy
from django.utils.safestring import SafeString, mark_safe

from netzkoord.lib.fields import row_key
from netzkoord.lib.latin import validate_latin_name
from netzkoord.lib.names import normalise_name, validate_letter
from netzkoord.lib.states import State
from participants.models import Municipality
from participants.models.places import LONGEST_NAME
from participants.queries.municipalities import (
    MOST_FOUND,
    Match,
    dissolved_named,
    exactly_named,
    matches_for,
    search_municipalities,
)

LONGEST_TEXT = 100
# Chosen instead of a key: none of those that were found.
MISSING = "fehlt"
CHOOSE = "Bitte suchen Sie Ihre Kommune und wählen Sie sie aus."


@dataclass(frozen=True)
class Typed:
    """What the inputs of a `MunicipalityInput` hold.

    `choice` is a key or `MISSING`, `searched` the text that the choices were found for, `name` and `state` what was
    written in; `is_search` says that the button „Kommune suchen“ was pressed.
    """

    choice: str = ""
    text: str = ""
    searched: str = ""
    name: str = ""
    state: str = ""
    is_search: bool = False

    @property
    def asks_for_choices(self) -> bool:
        """Enter in another field presses this button, too: then there is nothing new to look for."""
        is_chosen = bool(self.choice) and self.text == self.searched
        return self.is_search and bool(self.text) and not is_chosen


class MunicipalityInput(forms.Widget):
    """Text with a search button, municipalities to choose from, and room for one that is missing.

    `static/js/municipality.js` makes a combobox of it.
    """

    template_name = "participants/municipality_input.html"
    use_fieldset = True

    def names(self, name: str) -> list[str]:
        """The names of all inputs that hold something to keep."""
        return [name, *(f"{name}_{part}" for part in ("text", "searched", "name", "state"))]

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Typed:
        return Typed(
            choice=plain(data.get(name)),
            text=normalise_name(plain(data.get(f"{name}_text")))[:LONGEST_TEXT],
            searched=normalise_name(plain(data.get(f"{name}_searched")))[:LONGEST_TEXT],
            name=normalise_name(plain(data.get(f"{name}_name"))),
            state=plain(data.get(f"{name}_state")),
            is_search=f"{name}_search" in data,
        )

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not any(key in data for key in self.names(name))

    def id_for_label(self, id_: str) -> str:
        """Where the error summary leads to."""
        return f"{id_}_text" if id_ else ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        typed = typed_of(value)
        chosen = chosen_among(typed.choice)
        if chosen and is_overtyped(typed, chosen):
            chosen = None
        found = search_municipalities(typed.text) if is_to_be_shown(typed, chosen) else []
        return {
            "name": name,
            "id": (attrs or {}).get("id", f"id_{name}"),
            "typed": typed,
            "text": typed.text or (chosen.label if chosen else ""),
            "chosen": chosen,
            "matches": choices(found, chosen),
            "has_more": len(found) > MOST_FOUND,
            "is_missing": typed.choice == MISSING or bool(typed.name),
            "finds_nothing": bool(typed.text) and typed.is_search and not found and not chosen,
            "missing": MISSING,
            "states": State.choices,
            "longest_text": LONGEST_TEXT,
            "url": reverse_lazy("participants:municipality_search"),
            "is_invalid": (attrs or {}).get("aria-invalid") == "true",
        }

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> SafeString:
        """From the project's own templates, which Django's renderer of forms does not see."""
        return mark_safe(get_template(template_name).render(context))  # noqa: S308 -- rendered by a template


def plain(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def typed_of(value: Any) -> Typed:
    """The value of a bound field, or an initial one: what was typed, a municipality or its key."""
    if isinstance(value, Typed):
        return value
    if isinstance(value, Municipality):
        if value.is_written_in:
            return Typed(choice=MISSING, name=value.name, state=value.state)
        return Typed(choice=str(value.pk), text=value.label, searched=value.label)
    return Typed(choice=plain(value))


def chosen_among(choice: str) -> Municipality | None:
    """The official municipality with this key; None for what is no key at all.

    What others have written in is theirs: nobody reads it by trying keys.
    """
    key = row_key(choice)
    return Municipality.objects.official().filter(pk=key).first() if key else None


def is_to_be_shown(typed: Typed, chosen: Municipality | None) -> bool:
    """Choices are looked for where something was searched for and is not settled."""
    return bool(typed.text) and not (chosen and typed.text in (typed.searched, chosen.label))


def choices(found: list[Municipality], chosen: Municipality | None) -> list[Match]:
    shown = found[:MOST_FOUND]
    if chosen and chosen not in shown and not chosen.dissolved_on:
        shown = [chosen, *shown]
    return matches_for(shown)


class MunicipalitySearchField(forms.Field):
    """A municipality that is found by typing; see the beginning of this file."""

    widget = MunicipalityInput
    default_error_messages = {"required": CHOOSE}

    def clean(self, value: Any) -> Municipality | None:
        typed = typed_of(value)
        if typed.choice and typed.choice != MISSING:
            return self.chosen(typed)
        if typed.choice == MISSING or typed.name:
            return written_in(typed)
        if typed.text:
            return named(typed.text)
        if self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        return None

    def chosen(self, typed: Typed) -> Municipality:
        municipality = chosen_among(typed.choice)
        if municipality is None:
            raise ValidationError(f"Diese Kommune steht nicht zur Wahl. {CHOOSE}", code="invalid_choice")
        if typed.name:
            raise ValidationError(
                f"Sie haben {municipality.name} gewählt und zugleich eine Kommune eingetragen. Bitte leeren Sie "
                "das Feld „Name der Kommune“, oder wählen Sie „Keine davon“.",
                code="both",
            )
        if is_overtyped(typed, municipality):
            raise ValidationError(
                f"Gewählt ist {municipality.label}; im Suchfeld steht „{typed.text}“. Bitte suchen Sie noch einmal "
                "und wählen Sie aus.",
                code="changed",
            )
        return offered(municipality)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return typed_of(initial).choice != typed_of(data).choice


def is_overtyped(typed: Typed, chosen: Municipality) -> bool:
    """Whether the text was changed after the choice and names something else: then nothing is chosen."""
    return bool(typed.searched) and typed.text != typed.searched and [chosen] != found_exactly(typed.text)


def found_exactly(text: str) -> list[Municipality]:
    return exactly_named(text, search_municipalities(text))


def offered(municipality: Municipality) -> Municipality:
    """Raises `ValidationError` for one that is no longer a municipality."""
    if municipality.dissolved_on:
        raise ValidationError(
            f"{municipality.label} wurde aufgelöst und steht nicht mehr zur Wahl. Bitte wählen Sie die Kommune, "
            "zu der sie heute gehört.",
            code="dissolved",
        )
    return municipality


def named(text: str) -> Municipality:
    """The one that the text names in full. Raises `ValidationError` where it is none, or not the only one."""
    found = search_municipalities(text)
    exact = exactly_named(text, found)
    if len(exact) == 1:
        return exact[0]
    if exact:
        raise ValidationError(
            f"„{text}“ gibt es mehrmals. Bitte wählen Sie Ihre Kommune nach Kreis und Land aus.", code="homonym"
        )
    if found:
        raise ValidationError(f"Bitte wählen Sie aus, welche Kommune mit „{text}“ gemeint ist.", code="ambiguous")
    if gone := dissolved_named(text):
        return offered(gone)
    raise ValidationError(
        f"„{text}“ finden wir nicht. Bitte prüfen Sie die Schreibweise. Fehlt Ihre Kommune in der Liste, tragen "
        "Sie sie unten ein.",
        code="unknown",
    )


def written_in(typed: Typed) -> Municipality:
    """A new municipality without a key; or the official one, where its name is written and there is only one."""
    if not typed.name:
        raise ValidationError("Bitte tragen Sie den Namen Ihrer Kommune ein.", code="required")
    if len(typed.name) > LONGEST_NAME:
        raise ValidationError(
            f"Der Name der Kommune hat höchstens {LONGEST_NAME} Zeichen. Bitte kürzen Sie ihn.", code="max_length"
        )
    validate_latin_name(typed.name)
    validate_letter(typed.name)
    if typed.state and typed.state not in State.values:
        raise ValidationError("Bitte wählen Sie das Land aus der Liste.", code="invalid_choice")
    exact = [each for each in found_exactly(typed.name) if typed.state in ("", each.state)]
    return exact[0] if len(exact) == 1 else Municipality(name=typed.name, state=typed.state)


class MunicipalitySearchForm(forms.Form):
    """A form with a `MunicipalitySearchField`: „Kommune suchen“ brings the page back, without a word of errors."""

    @property
    def is_search(self) -> bool:
        return self.is_bound and any(
            field.asks_for_choices
            for field in (bound.data for bound in self if isinstance(bound.field, MunicipalitySearchField))
        )

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_search:
            self._errors = ErrorDict(renderer=self.renderer)

    def is_valid(self) -> bool:
        return super().is_valid() and not self.is_search
