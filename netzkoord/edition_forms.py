"""Forms about editions: which two to compare, what led to a change, which edition a cohort takes."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms

from curriculum.difference import Change
from curriculum.models import Edition
from evaluation.forms.recommendations import NOT_STANDING
from evaluation.models import Recommendation
from netzkoord.lib.sentences import listed


def edition_label(edition: Edition) -> str:
    return f"{edition.number}. Fassung ({edition.get_status_display()})"


def change_label(change: Change) -> str:
    return f"{change.part.kind.label} „{change.part.name}“: {listed([sign.word for sign in change.signs])}"


class CompareForm(forms.Form):
    """Any two editions of a programme."""

    fassung = forms.TypedChoiceField(label="Fassung", coerce=int)
    mit = forms.TypedChoiceField(label="verglichen mit", coerce=int)

    def __init__(self, *args: Any, editions: Sequence[Edition], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(edition.pk, edition_label(edition)) for edition in editions]
        for field in self.fields.values():
            field.choices = choices  # type: ignore[attr-defined]  # both are choices


class CauseForm(forms.Form):
    """A recommendation that is not yet noted as a cause of the change."""

    recommendation = forms.ModelChoiceField(
        Recommendation.objects.none(),
        label="Empfehlung, die dazu geführt hat",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": "Bitte wählen Sie die Empfehlung, die zu dieser Änderung geführt hat.",
            "invalid_choice": NOT_STANDING,
        },
    )

    def __init__(self, *args: Any, noted: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["recommendation"]
        field.queryset = Recommendation.objects.standing().exclude(pk__in=noted)  # type: ignore[attr-defined]


class FulfilledForm(forms.Form):
    """The changes of an edition that fulfil a recommendation."""

    changes = forms.TypedMultipleChoiceField(
        label="Änderungen, die die Empfehlung einlösen",
        coerce=uuid.UUID,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Wählen Sie mindestens eine Änderung.",
            "invalid_choice": "Diese Änderung gibt es nicht mehr. Sie sehen jetzt den neuen Stand.",
        },
    )

    def __init__(self, *args: Any, changes: Sequence[Change], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(each.key), change_label(each)) for each in changes]
        self.fields["changes"].choices = choices  # type: ignore[attr-defined]  # a Field to the checker


class CohortEditionForm(forms.Form):
    """The explicit yes to moving a cohort."""

    is_confirmed = forms.BooleanField(
        label="Ich habe die Änderungen und ihre Folgen gelesen.",
        error_messages={"required": "Bitte bestätigen Sie, dass Sie die Änderungen und ihre Folgen gelesen haben."},
    )
