"""Fields that several forms of this app use."""

import datetime
import re
from typing import Any

from django import forms
from django.utils import timezone

from netzkoord.templatetags.german import german_date

# Control characters other than the line break: no font has them, and they mean nothing in a sentence.
CONTROL = re.compile(r"[\x01-\x09\x0b-\x1f\x7f]")
# What turns the direction of writing, often copied unseen: whatever stands behind it would be read backwards.
DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
A_YEAR = datetime.timedelta(days=365)


class FreeTextField(forms.CharField):
    """A text of at most `max_length` characters, counted as the browser counts: a line break is one."""

    def __init__(self, *, max_length: int, is_required: bool = False, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 4})
        super().__init__(max_length=max_length, required=is_required, widget=widget, **kwargs)

    def to_python(self, value: object) -> str:
        text = str(value or "").replace("\r\n", "\n").replace("\r", "\n")
        return super().to_python(DIRECTION.sub("", CONTROL.sub(" ", text))) or ""


def require_day_between(day: datetime.date, earliest: datetime.date, last_known: datetime.date) -> None:
    """Refuse a day before `earliest`, or more than a year after both today and `last_known`.

    A slip in the year is caught by this, and a day so far away that no time zone knows it.
    """
    latest = max(timezone.localdate(), last_known) + A_YEAR
    if not earliest <= day <= latest:
        raise forms.ValidationError(
            f"Bitte wählen Sie einen Tag von {german_date(earliest)} bis {german_date(latest)}."
        )
