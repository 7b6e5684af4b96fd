"""A trainer's word on the dates of a session."""

from typing import Any

from django import forms
from django.http import QueryDict

from curriculum.models import TrainerAnswer, TrainerConfirmation


class TrainerAnswerForm(forms.Form):
    """`sequence` says which dates the page has shown."""

    answer = forms.ChoiceField(
        label="Passt Ihnen der Termin?",
        choices=[(TrainerAnswer.YES.value, "Ja, ich sage zu"), (TrainerAnswer.NO.value, "Nein, ich kann nicht")],
        widget=forms.RadioSelect,
        error_messages={"required": "Bitte wählen Sie Ja oder Nein."},
    )
    remark = forms.CharField(
        label="Bemerkung",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Die Organisation liest sie.",
    )
    sequence = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, data: QueryDict | None, *, confirmation: TrainerConfirmation | None, sequence: int) -> None:
        initial: dict[str, Any] = {"sequence": sequence}
        if confirmation is not None and confirmation.sequence == sequence:
            initial |= {"answer": confirmation.answer, "remark": confirmation.remark}
        super().__init__(data, initial=initial)
