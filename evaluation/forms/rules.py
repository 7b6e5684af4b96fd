"""The rule by which a cohort asks for one purpose."""

from typing import Any

from evaluation.models import Purpose, Questionnaire, SurveyRule
from netzkoord.lib.editing import SeenModelForm

REMINDERS = ["first_reminder_days", "second_reminder_days"]
# What the days of a rule count from depends on its purpose.
FIELDS = {
    Purpose.NEEDS: ["lead_days"],
    Purpose.START: ["lead_days"],
    Purpose.FEEDBACK: ["open_days"],
    Purpose.END: ["open_days"],
    Purpose.TRANSFER: ["months_after", "open_days"],
}
LABELS = {
    "lead_days": {
        Purpose.NEEDS: "Schließt so viele Tage vor dem ersten Termin",
        Purpose.START: "Öffnet so viele Tage vor dem ersten Termin",
    },
    "months_after": {Purpose.TRANSFER: "Öffnet so viele Monate nach dem letzten Termin"},
}
NO_DAYS = "Bitte geben Sie eine ganze Zahl an."


class SurveyRuleForm(SeenModelForm[SurveyRule]):
    class Meta:
        model = SurveyRule
        fields = ["is_active", "questionnaire", "lead_days", "months_after", "open_days", *REMINDERS]
        labels = {
            "is_active": "Startet von selbst",
            "open_days": "Bleibt so viele Tage offen",
            "first_reminder_days": "Erste Erinnerung nach so vielen Tagen",
            "second_reminder_days": "Zweite Erinnerung nach so vielen Tagen",
        }
        help_texts = {
            "is_active": "Ausgeschaltet entfällt, was noch nicht offen ist; Sie können weiter von Hand starten.",
            "questionnaire": "Gefragt wird immer die neueste freigegebene Version.",
            "first_reminder_days": "Nur an Personen, die noch nicht geantwortet haben. Leer heißt: keine.",
            "second_reminder_days": "Mehr als zwei Erinnerungen gibt es nicht.",
        }

    def __init__(self, *args: Any, instance: SurveyRule, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, **kwargs)
        purpose = Purpose(instance.purpose)
        for name in {"lead_days", "months_after", "open_days"} - set(FIELDS[purpose]):
            del self.fields[name]
        for name, labels in LABELS.items():
            if name in self.fields:
                self.fields[name].label = labels[purpose]
        for name in [*FIELDS[purpose], *REMINDERS]:
            self.fields[name].error_messages["invalid"] = NO_DAYS
        self.offer_questionnaires(purpose)

    def offer_questionnaires(self, purpose: Purpose) -> None:
        """Its own version, even if there is a newer one, and the newest of every other for this purpose."""
        offered = Questionnaire.objects.latest_released().filter(purpose=purpose)
        own = self.instance.questionnaire if self.instance.questionnaire_id else None
        self.chosen = offered.filter(key=own.key).first() if own else offered.first()
        field = self.fields["questionnaire"]
        field.queryset = offered  # type: ignore[attr-defined]  # a ModelChoiceField has one
        field.required = self.chosen is not None and not self.is_bound
        if self.chosen:
            self.initial["questionnaire"] = self.chosen.pk

    def clean_questionnaire(self) -> Questionnaire | None:
        """On a page made before there was any, nothing could be chosen."""
        return self.cleaned_data["questionnaire"] or self.chosen

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        # Shown again, the page does not call it voluntary.
        self.fields["questionnaire"].required = self.chosen is not None
        if self.instance.purpose == Purpose.NEEDS and self.cleaned_data.get("lead_days") == 0:
            self.add_error("lead_days", "Mindestens 1 Tag davor, damit vor dem Termin jemand lesen kann.")
        return cleaned
