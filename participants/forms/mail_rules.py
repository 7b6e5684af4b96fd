"""Input for the rules of mails."""

from typing import Any

from django import forms
from django.db.models import Q

from netzkoord.lib.editing import SeenModelForm
from netzkoord.lib.mail_texts import Text, problems
from participants.models import MailRule, RuleKind
from participants.occasions import OWN_SESSION_MAIL

SAME_MOMENT = (
    "Diese Mail geht zu diesem Zeitpunkt schon hinaus: Sie käme doppelt an. "
    "Bitte wählen Sie eine andere Zeit, oder ändern Sie die andere Regel."
)
HOURS = [(hour, f"{hour}\u00a0Uhr") for hour in range(24)]


class MailRuleForm(SeenModelForm[MailRule]):
    """When which mail goes out; the words of an own text are checked like those of any other mail."""

    hour = forms.TypedChoiceField(label="Uhrzeit", choices=HOURS, coerce=int, initial=9)

    class Meta:
        model = MailRule
        fields = ["kind", "days", "anchor", "hour", "addition", "subject", "body", "is_active"]
        widgets = {
            "kind": forms.RadioSelect,
            "anchor": forms.RadioSelect,
            "days": forms.NumberInput(attrs={"min": 0, "max": 365}),
            "addition": forms.Textarea(attrs={"rows": 3}),
            "body": forms.Textarea(attrs={"rows": 12}),
        }
        help_texts = {
            "days": "0 heißt: am Tag selbst.",
            "addition": "Steht als eigener Absatz in der Erinnerung oder im Dank.",
            "subject": "Nur für einen eigenen Text.",
            "body": "Nur für einen eigenen Text. Die Platzhalter stehen unten.",
        }
        error_messages = {
            "days": {
                "required": "Bitte geben Sie an, wie viele Tage es sind.",
                "invalid": "Bitte geben Sie eine ganze Zahl an.",
                "min_value": "Es sind mindestens 0 Tage. Ob vorher oder nachher, sagt die nächste Frage.",
            },
        }

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("kind") == RuleKind.OWN:
            self.clean_own_text()
        else:
            self.cleaned_data |= {"subject": "", "body": ""}
            self.clean_moment()
        return cleaned

    def clean_moment(self) -> None:
        """The same mail at the same moment would reach people twice; what says all the same is a second click."""
        if not {"kind", "days", "anchor", "hour"} <= self.cleaned_data.keys() or not self.cleaned_data["is_active"]:
            return
        moment = {name: self.cleaned_data[name] for name in ("kind", "days", "anchor", "hour")}
        rivals = MailRule.objects.active().filter(**moment).exclude(pk=self.instance.pk)
        if cohort := self.instance.cohort_id:
            rivals = rivals.filter(Q(cohort=None) | Q(cohort=cohort)).exclude(suspended_in=cohort)
        if self.instance._state.adding:
            rivals = rivals.exclude(cohort=cohort, addition=self.cleaned_data.get("addition", ""))
        if rivals.exists():
            self.add_error("days", SAME_MOMENT)

    def clean_own_text(self) -> None:
        if not {"subject", "body"} <= self.cleaned_data.keys():
            return
        text = Text(self.cleaned_data["subject"], self.cleaned_data["body"])
        for field, sentences in problems(OWN_SESSION_MAIL, text).items():
            self.add_error(field, sentences)
