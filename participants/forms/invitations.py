"""Input when invitations to a session are sent."""

import datetime
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime


class InvitationsForm(forms.Form):
    """`seen` is when the page said that invitations had gone out; sending again has to be asked for."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    again = forms.BooleanField(required=False, label="Die Einladung noch einmal an alle senden")

    def __init__(self, *args: Any, invited_at: datetime.datetime | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if invited_at is None:
            del self.fields["again"]
        else:
            self.fields["seen"].initial = invited_at.isoformat()

    def clean_seen(self) -> datetime.datetime | None:
        text = self.cleaned_data["seen"]
        try:
            return parse_datetime(text)
        except ValueError:
            return None

    def clean(self) -> dict[str, Any] | None:
        super().clean()
        if self.cleaned_data.get("seen") and "again" in self.fields and not self.cleaned_data.get("again"):
            self.add_error(
                "again", "Die Einladung ist schon versendet. Bitte kreuzen Sie an, dass sie noch einmal gehen soll."
            )
        return self.cleaned_data
