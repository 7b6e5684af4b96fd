"""Issuing, replacing and revoking certificates."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from participants.claims import Claim
from participants.models import Certificate

TODAY, AS_THEN = "today", "then"


class IssueForm(forms.Form):
    """Who gets which certificate."""

    claims = forms.MultipleChoiceField(
        label="Bescheinigungen", error_messages={"required": "Bitte wählen Sie mindestens eine Bescheinigung."}
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, claims: Iterable[Claim]) -> None:
        super().__init__(data)
        field = self.fields["claims"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 -- for the type checker
        field.choices = [(claim.key, claim.holder) for claim in claims]


class RevokeForm(forms.ModelForm[Certificate]):
    class Meta:
        model = Certificate
        fields = ["revocation_reason"]
        labels = {"revocation_reason": "Grund"}
        help_texts = {"revocation_reason": "Bleibt intern; die öffentliche Prüfseite nennt nur das Datum."}
        widgets = {"revocation_reason": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["revocation_reason"].required = True


class ReplaceForm(forms.ModelForm[Certificate]):
    """Why, and where the design has changed since, which of the two."""

    design = forms.ChoiceField(
        label="Gestaltung der neuen Bescheinigung",
        choices=[(TODAY, "wie sie heute ist"), (AS_THEN, "wie auf der alten")],
        widget=forms.RadioSelect,
        initial=TODAY,
    )

    class Meta:
        model = Certificate
        fields = ["replacement_reason"]
        labels = {"replacement_reason": "Grund"}
        help_texts = {"replacement_reason": "Bleibt intern; die öffentliche Prüfseite nennt nur das Datum."}
        widgets = {"replacement_reason": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, has_new_design: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["replacement_reason"].required = True
        if not has_new_design:
            del self.fields["design"]

    @property
    def keeps_design(self) -> bool:
        return self.cleaned_data.get("design") == AS_THEN
