"""The form of a mail's text."""

from typing import Any

from django import forms

from netzkoord.lib.editing import SeenModelForm
from netzkoord.lib.mail_texts import Occasion, Text, problems
from netzkoord.models import MailText

TOO_LONG = "Das sind %(show_value)s Zeichen. Bitte kürzen Sie auf höchstens %(limit_value)s."


class MailTextForm(SeenModelForm[MailText]):
    """Subject and body of a mail; what cannot be sent is refused with what is wrong in it."""

    class Meta:
        model = MailText
        fields = ["subject", "body"]
        widgets = {"body": forms.Textarea(attrs={"rows": 22, "spellcheck": "true"})}
        help_texts = {
            "subject": "Ein Telefon zeigt davon etwa 40 Zeichen.",
            "body": "Eine leere Zeile trennt Absätze. Ein Link allein in seinem Absatz wird zur Schaltfläche.",
        }
        error_messages = {
            "subject": {"required": "Bitte geben Sie einen Betreff an.", "max_length": TOO_LONG},
            "body": {"required": "Bitte geben Sie einen Text an.", "max_length": TOO_LONG},
        }

    def __init__(self, *args: Any, occasion: Occasion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.occasion = occasion

    @property
    def text(self) -> Text:
        return Text(self.cleaned_data["subject"], self.cleaned_data["body"].strip())

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if {"subject", "body"} <= self.cleaned_data.keys():
            for field, sentences in problems(self.occasion, self.text).items():
                self.add_error(field, sentences)
        return cleaned
