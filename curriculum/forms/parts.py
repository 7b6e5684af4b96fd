"""What all forms about pieces of a draft share."""

import uuid
from typing import Any, TypeVar

from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import Model, QuerySet

from curriculum.difference import EDITION_KEY
from curriculum.models import EditionPart
from curriculum.models.concept import LONGEST_TEXT
from netzkoord.lib.editing import KeyedModelForm
from netzkoord.lib.fields import SeveralField

P = TypeVar("P", bound=EditionPart)
M = TypeVar("M", bound=Model)
GONE = "Etwas davon gibt es hier nicht mehr. Bitte wählen Sie aus dem, was jetzt in der Liste steht."


class PartForm(KeyedModelForm[P]):
    """A piece of a draft, added or changed; a new one comes with its edition or module set."""

    noun = ""  # „Der Baustein“, for the sentences that say what is now
    parents = {"edition", "module"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit_texts(self)

    def accepts_key(self, key: uuid.UUID) -> bool:
        return key != EDITION_KEY

    def _get_validation_exclusions(self) -> set[str]:
        # Constraints that name the edition are asked, too, although it is no field of the form.
        exclude: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # unknown to the stubs
        return exclude - self.parents

    def chosen(self) -> dict[str, QuerySet[Any]]:
        """The rows chosen in lists, by field."""
        return {
            name: self.cleaned_data[name]
            for name, field in self.fields.items()
            if isinstance(field, forms.ModelMultipleChoiceField)
        }

    def named(self, part: P) -> str:
        return f"{self.noun} „{part}“"


def limit_texts(form: forms.BaseForm) -> None:
    """A text of an edition has so many characters that it can be read and printed."""
    for field in form.fields.values():
        if isinstance(field.widget, forms.Textarea):
            field.validators.append(MaxLengthValidator(LONGEST_TEXT))


def several(rows: QuerySet[M], *, label: str, help_text: str = "", required: bool = False) -> SeveralField[M]:
    """Checkboxes for these rows; what is not among them is refused in one sentence."""
    return SeveralField(
        queryset=rows,
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": GONE, "invalid_pk_value": GONE, "invalid_list": GONE},
    )


def one_of(rows: QuerySet[M], *, label: str, empty_label: str, help_text: str = "") -> forms.ModelChoiceField[M]:
    """A choice that may be left out."""
    return forms.ModelChoiceField(
        queryset=rows,
        label=label,
        help_text=help_text,
        required=False,
        empty_label=empty_label,
        error_messages={"invalid_choice": GONE},
    )
