"""Input about cohorts."""

from typing import Any

from django import forms

from curriculum.models import Cohort, CohortState, Edition
from netzkoord.lib.fields import DateInput, PrintableField

ORDERS = ["title", "-title", "registration_closes_on", "-registration_closes_on", "first_on", "-first_on"]


class CohortFilterForm(forms.Form):
    """Filter and order of the list; what makes no sense is ignored."""

    text = forms.CharField(label="Titel enthält", max_length=200, required=False)
    state = forms.ChoiceField(label="Stand", choices=[("", "alle"), *CohortState.choices], required=False)
    order = forms.ChoiceField(
        choices=[(order, order) for order in ORDERS], required=False, widget=forms.HiddenInput
    )

    def filters(self) -> dict[str, str]:
        """The valid part of what was asked for."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value}


class CohortForm(forms.ModelForm[Cohort]):
    class Meta:
        model = Cohort
        fields = [
            "title",
            "places",
            "registration_closes_on",
            "attendance_threshold_percent",
            "contact_email",
        ]
        widgets = {"registration_closes_on": DateInput}
        field_classes = {"title": PrintableField}
        help_texts = {
            "title": "So heißt der Durchgang überall, auch in Mails und auf Bescheinigungen.",
            "places": "Jedes Tandem braucht zwei Plätze.",
            "registration_closes_on": "Bis zum Ende dieses Tages kann man sich anmelden.",
            "attendance_threshold_percent": "So viel der Zeit muss eine Person da gewesen sein, "
            "um eine Bescheinigung zu erhalten.",
            "contact_email": "Steht in der Ausschreibung und in den Mails.",
        }


class NewCohortForm(CohortForm):
    class Meta(CohortForm.Meta):
        fields = ["edition", *CohortForm.Meta.fields]
        help_texts = CohortForm.Meta.help_texts | {
            "edition": "Der Durchgang behält diese Fassung, auch wenn später eine neue erscheint."
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        edition = self.fields["edition"]
        assert isinstance(edition, forms.ModelChoiceField)  # noqa: S101 -- for the type checker
        edition.queryset = Edition.objects.published().select_related("programme")
        edition.empty_label = "Bitte wählen"
