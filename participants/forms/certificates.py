"""Issuing, replacing and revoking certificates."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict

from participants.claims import Claim, Seen
from participants.models import Certificate
from participants.queries.certificate_list import STATES, CertificateFilter

TODAY, AS_THEN = "today", "then"


WHO_READS_IT = (
    "Die Organisation liest ihn in der Liste. Prüfseite und Mail nennen ihn nicht; in einer Auskunft liest ihn die "
    "Person."
)


class CertificateFilterForm(forms.Form):
    """What an organiser asks the list of certificates for; nonsense asks for nothing."""

    text = forms.CharField(label="Name oder Kommune", max_length=100, required=False)
    state = forms.ChoiceField(label="Stand", choices=[("", "alle"), *STATES.items()], required=False)

    def wanted(self) -> CertificateFilter:
        self.is_valid()
        return CertificateFilter(self.cleaned_data.get("text", ""), self.cleaned_data.get("state", ""))

    @property
    def is_filtered(self) -> bool:
        return self.wanted() != CertificateFilter()


class SeenClaimsField(forms.MultipleChoiceField):
    """Claims as „key:what was seen of it“."""

    def valid_value(self, value: str) -> bool:
        return super().valid_value(value.partition(":")[0])


class IssueForm(forms.Form):
    """Who gets which certificate, as the page has shown it."""

    claims = SeenClaimsField(
        label="Bescheinigungen",
        error_messages={
            "required": "Bitte wählen Sie mindestens eine Bescheinigung.",
            "invalid_choice": "Jemand von den Ausgewählten nimmt nicht mehr teil. Bitte wählen Sie neu aus.",
        },
    )
    imprint = forms.CharField(required=False)

    def __init__(self, data: QueryDict | None = None, *, claims: Iterable[Claim]) -> None:
        super().__init__(data)
        self.sent = data.getlist("claims") if data is not None else []
        field = self.fields["claims"]
        assert isinstance(field, SeenClaimsField)  # noqa: S101 -- for the type checker
        field.choices = [(claim.key, claim.holder) for claim in claims]

    @property
    def sent_keys(self) -> list[str]:
        return [value.partition(":")[0] for value in self.sent]

    @property
    def seen(self) -> Seen:
        pairs = (value.partition(":") for value in self.cleaned_data["claims"])
        return Seen({key: seen for key, _, seen in pairs}, imprint=self.cleaned_data["imprint"])


class RevokeForm(forms.ModelForm[Certificate]):
    class Meta:
        model = Certificate
        fields = ["revocation_reason"]
        labels = {"revocation_reason": "Grund"}
        help_texts = {"revocation_reason": WHO_READS_IT}
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
        help_texts = {"replacement_reason": WHO_READS_IT}
        widgets = {"replacement_reason": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, has_new_design: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["replacement_reason"].required = True
        if not has_new_design:
            del self.fields["design"]

    @property
    def keeps_design(self) -> bool:
        return self.cleaned_data.get("design") == AS_THEN
