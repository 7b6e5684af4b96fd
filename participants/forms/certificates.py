"""Issuing, replacing and revoking certificates."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from netzkoord.lib.letters import missing_letters_sentence
from participants.certificates import Imprint
from participants.models import Certificate
from participants.queries.certificates import Claim


class IssueForm(forms.Form):
    """Who gets a certificate, and who signs it."""

    claims = forms.MultipleChoiceField(
        label="Bescheinigungen", error_messages={"required": "Bitte wählen Sie mindestens eine Bescheinigung."}
    )
    issuer = forms.CharField(label="Veranstalter", max_length=160)
    place = forms.CharField(label="Ort der Ausstellung", max_length=80)
    signatory = forms.CharField(label="Wer unterschreibt", max_length=120, help_text="Titel, Vorname und Name")
    function = forms.CharField(label="Funktion", max_length=120, help_text="steht unter der Unterschrift")

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, claims: Iterable[Claim], initial: Mapping[str, Any]
    ) -> None:
        super().__init__(data, initial=dict(initial))
        field = self.fields["claims"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 -- for the type checker
        field.choices = [(claim.key, str(claim.registration)) for claim in claims]

    def clean(self) -> dict[str, Any]:
        for name in ("issuer", "place", "signatory", "function"):
            if sentence := missing_letters_sentence(self.cleaned_data.get(name, "")):
                self.add_error(name, sentence)
        return self.cleaned_data

    @property
    def imprint(self) -> Imprint:
        values = self.cleaned_data
        return Imprint(values["issuer"], values["place"], values["signatory"], values["function"])


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
    class Meta:
        model = Certificate
        fields = ["replacement_reason"]
        labels = {"replacement_reason": "Grund"}
        help_texts = {"replacement_reason": "Bleibt intern; die öffentliche Prüfseite nennt nur das Datum."}
        widgets = {"replacement_reason": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["replacement_reason"].required = True
