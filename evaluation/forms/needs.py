"""Forms of the needs survey: starting it, and one step of it."""

import datetime

from django import forms
from django.utils import timezone

from evaluation.forms.fields import require_day_between


class NeedsSurveyForm(forms.Form):
    closes_on = forms.DateField(
        label="Letzter Tag zum Antworten",
        help_text="Die Erhebung öffnet sofort und schließt an diesem Tag um 24 Uhr.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_closes_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["closes_on"]
        today = timezone.localdate()
        if day < today:
            raise forms.ValidationError("Dieser Tag ist vorbei. Bitte wählen Sie heute oder einen späteren Tag.")
        require_day_between(day, today, today)
        return day

    @property
    def closes_at(self) -> datetime.datetime:
        """Midnight at the end of the last day, in local time."""
        next_day = self.cleaned_data["closes_on"] + datetime.timedelta(days=1)
        return timezone.make_aware(datetime.datetime.combine(next_day, datetime.time.min))
