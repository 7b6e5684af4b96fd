"""Forms about editions: which two to compare, what led to a change, which edition a cohort takes."""

from collections.abc import Sequence
from typing import Any

from django import forms

from curriculum.models import Edition
from evaluation.models import Recommendation


def edition_label(edition: Edition) -> str:
    return f"{edition.number}. Fassung ({edition.get_status_display()})"


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
        error_messages={"required": "Bitte wählen Sie die Empfehlung, die zu dieser Änderung geführt hat."},
    )

    def __init__(self, *args: Any, noted: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["recommendation"]
        field.queryset = Recommendation.objects.exclude(pk__in=noted)  # type: ignore[attr-defined]


class CohortEditionForm(forms.Form):
    """The explicit yes to moving a cohort."""

    is_confirmed = forms.BooleanField(
        label="Ich habe die Änderungen und ihre Folgen gelesen.",
        error_messages={"required": "Bitte bestätigen Sie, dass Sie die Änderungen und ihre Folgen gelesen haben."},
    )
