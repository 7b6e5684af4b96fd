"""What an organiser picks in the list of registrations."""

from typing import Any

from django import forms
from django.http import QueryDict

from curriculum.models import Cohort
from netzkoord.lib.editing import SeenModelForm
from netzkoord.lib.fields import row_key
from participants.actions.selection_desk import Prepared
from participants.models import Selection, SelectionDraft

# What an organiser can decide, and what the mail about it is called.
DECISIONS = {Selection.ACCEPTED: "Zusage", Selection.WAITING: "Warteliste", Selection.DECLINED: "Absage"}
MAX_AT_ONCE = 3_000


class DecisionForm(forms.Form):
    """Tandems and what is decided about them.

    `tandem` holds numbers when it comes from the list, and „number:decision seen“, many in one value, when it comes
    from the page on which the decision was checked.
    """

    selection = forms.ChoiceField(
        choices=[(decision.value, decision.label) for decision in DECISIONS],
        error_messages={"required": "Bitte wählen Sie, wie Sie entscheiden."},
    )

    def __init__(self, *args: Any, tandems: list[str], cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cohort = cohort
        self.tandems = [each for value in tandems for each in value.split()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.cohort.cancelled_at:
            raise forms.ValidationError("Der Durchgang ist abgesagt. Hier ist nichts mehr zu entscheiden.")
        if len(self.tandems) > MAX_AT_ONCE:
            raise forms.ValidationError(
                f"Bitte wählen Sie höchstens {MAX_AT_ONCE:,} Anmeldungen.".replace(",", ".")
            )
        if not self.keys():
            raise forms.ValidationError("Bitte wählen Sie mindestens eine Anmeldung aus.")
        return cleaned

    def decision(self) -> Selection:
        return Selection(self.cleaned_data["selection"])

    def keys(self) -> list[int]:
        return list(self.seen())

    def seen(self) -> dict[int, str]:
        """The decision that was shown for each tandem, empty when none was shown."""
        pairs = (value.partition(":") for value in self.tandems)
        return {key: shown for text, _, shown in pairs if (key := row_key(text))}


class LineForm(SeenModelForm[SelectionDraft]):
    """Where the line is; an empty rank is as far as the places reach."""

    class Meta:
        model = SelectionDraft
        fields = ["line", "waiting_count", "rest"]
        labels = {"waiting_count": "Länge der Warteliste"}
        help_texts = {
            "line": "Leer: so weit die freien Plätze reichen.",
            "waiting_count": "Wer schon wartet, zählt mit.",
        }
        error_messages = {
            "line": {"invalid": "Bitte geben Sie den Rang als Zahl an."},
            "waiting_count": {
                "invalid": "Bitte geben Sie eine Zahl an.",
                "required": "Bitte geben Sie eine Zahl an.",
            },
        }


def line_data(data: QueryDict) -> QueryDict:
    """What was sent; a button „Linie hierher“ brings the rank in the place of the field."""
    if "here" not in data:
        return data
    copied = data.copy()
    copied["line"] = str(data["here"])
    return copied


class OverrideForm(forms.Form):
    """A decision apart from the line, with its reason; or back to the line."""

    selection = forms.ChoiceField(
        label="Entscheidung",
        required=False,
        choices=[
            ("", "wie nach der Regel"),
            (Selection.ACCEPTED.value, "annehmen"),
            (Selection.WAITING.value, "auf die Warteliste"),
            (Selection.DECLINED.value, "absagen"),
        ],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Bitte wählen Sie eine der Möglichkeiten."},
    )
    reason = forms.CharField(
        label="Grund",
        required=False,
        max_length=500,
        help_text="Nötig, wenn Sie abweichen. Er steht im Verlauf der Anmeldung. Die Organisation liest ihn, "
        "und die Personen des Tandems, wenn sie Auskunft über ihre Daten verlangen.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "Der Grund hat höchstens 500 Zeichen. Bitte kürzen Sie ihn."},
    )
    seen_selection = forms.CharField(required=False, widget=forms.HiddenInput)
    seen_reason = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, prepared: Prepared) -> None:
        initial = {
            "selection": prepared.selection,
            "reason": prepared.reason,
            "seen_selection": prepared.selection,
            "seen_reason": prepared.reason,
        }
        super().__init__(data, initial=initial)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("selection") and "reason" in cleaned and not cleaned["reason"]:
            self.add_error("reason", "Eine Abweichung braucht einen Grund. Bitte schreiben Sie ihn dazu.")
        return cleaned

    def wanted(self) -> Prepared:
        selection = self.cleaned_data["selection"]
        return Prepared(selection, self.cleaned_data["reason"].replace("\r\n", "\n")) if selection else Prepared()

    def seen(self) -> Prepared:
        reason = self.cleaned_data["seen_reason"].replace("\r\n", "\n")
        return Prepared(self.cleaned_data["seen_selection"], reason)

    def show_anew(self, prepared: Prepared) -> None:
        """Let the page that goes out again carry what is stored now."""
        seen = {"seen_selection": prepared.selection, "seen_reason": prepared.reason}
        self.data = {name: self.data.get(name) for name in self.data} | seen


class ShownForm(forms.Form):
    """What a preview showed, one line for each tandem; a single field, however many they are."""

    shown = forms.CharField(required=False, max_length=200_000)

    def lines(self) -> list[str]:
        return self.cleaned_data["shown"].split() if self.is_valid() else []
