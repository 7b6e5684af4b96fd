"""What an organiser picks in the list of registrations."""

from typing import Any

from django import forms

from curriculum.models import Cohort
from participants.models import Selection, TandemState
from participants.queries.registrations import TandemFilter

# What an organiser can decide, and what the mail about it is called.
DECISIONS = {Selection.ACCEPTED: "Zusage", Selection.WAITING: "Warteliste", Selection.DECLINED: "Absage"}
MAX_AT_ONCE = 500


class FilterForm(forms.Form):
    """The filters of the list; they stand in its address."""

    text = forms.CharField(label="Name, Organisation oder Kommune", max_length=100, required=False)
    state = forms.ChoiceField(label="Tandem", choices=[("", "alle"), *TandemState.choices], required=False)
    selection = forms.ChoiceField(label="Entscheidung", choices=[("", "alle"), *Selection.choices], required=False)

    def wanted(self) -> TandemFilter:
        """What to look for; a filter that makes no sense is ignored."""
        values = self.cleaned_data if self.is_valid() else {}
        return TandemFilter(**{name: values.get(name, "") for name in self.fields})


class DecisionForm(forms.Form):
    """Tandems and what is decided about them.

    `tandem` holds numbers when it comes from the list, and „number:decision seen“ when it comes from the
    page on which the decision was checked.
    """

    selection = forms.ChoiceField(
        choices=[(decision.value, decision.label) for decision in DECISIONS],
        error_messages={"required": "Bitte wählen Sie, wie Sie entscheiden."},
    )

    def __init__(self, *args: Any, tandems: list[str], cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cohort = cohort
        self.tandems = tandems[:MAX_AT_ONCE]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.cohort.cancelled_at:
            raise forms.ValidationError("Der Durchgang ist abgesagt. Hier ist nichts mehr zu entscheiden.")
        if not self.keys():
            raise forms.ValidationError("Bitte wählen Sie mindestens ein Tandem aus.")
        return cleaned

    def decision(self) -> Selection:
        return Selection(self.cleaned_data["selection"])

    def keys(self) -> list[int]:
        return list(self.seen())

    def seen(self) -> dict[int, str]:
        """The decision that was shown for each tandem, empty when none was shown."""
        pairs = (value.partition(":") for value in self.tandems)
        return {int(key): shown for key, _, shown in pairs if key.isascii() and key.isdigit() and len(key) < 19}
