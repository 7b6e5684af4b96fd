"""When a survey opens and closes."""

import datetime
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone

from curriculum.models import Session
from evaluation.forms.fields import require_day_between
from evaluation.models import Survey, SurveyState
from evaluation.timetable import Period
from netzkoord.lib.editing import ConstrainedModelForm

OPEN_FOR = datetime.timedelta(days=14)
LOCAL_FORMAT = "%Y-%m-%dT%H:%M"


def moment_field(label: str, hint: str) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        help_text=hint,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL_FORMAT),
    )


class PeriodForm(ConstrainedModelForm[Survey]):
    """Both instants, near the days from `first_on` to `last_on`: a slip in the year is noticed."""

    opens_at = moment_field("Öffnet", "Ab dann erhalten alle, die gefragt sind, ihren Link per Mail.")
    closes_at = moment_field("Schließt", "Danach wird ausgezählt; vorher kann niemand etwas lesen.")

    class Meta:
        model = Survey
        fields = ["opens_at", "closes_at"]

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        first_on: datetime.date,
        last_on: datetime.date,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.first_on, self.last_on = first_on, last_on

    def clean_opens_at(self) -> datetime.datetime:
        opens_at: datetime.datetime = self.cleaned_data["opens_at"]
        require_day_between(opens_at.date(), self.first_on, self.last_on)
        return opens_at

    def clean_closes_at(self) -> datetime.datetime:
        closes_at: datetime.datetime = self.cleaned_data["closes_at"]
        if closes_at <= timezone.now():
            raise forms.ValidationError("Dieser Zeitpunkt ist vorbei. Bitte wählen Sie einen späteren.")
        require_day_between(closes_at.date(), self.first_on, self.last_on)
        return closes_at


class FeedbackSurveyForm(PeriodForm):
    """A survey on a session: near its days, at the instants of its rule where they are not over."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, session: Session, plan: Period | None) -> None:
        days = list(session.days.values_list("date", flat=True)) or [timezone.localdate()]
        super().__init__(data, first_on=min(days), last_on=max(days), initial=vars(proposed(plan)))


class CourseSurveyForm(PeriodForm):
    """A survey of the whole cohort: opens today or later, at the instants of its rule where they are not over."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, plan: Period | None) -> None:
        proposal = proposed(plan)
        super().__init__(
            data,
            first_on=timezone.localdate(),
            last_on=timezone.localdate(proposal.closes_at),
            initial=vars(proposal),
        )


class SurveyPeriodForm(PeriodForm):
    """The instants of a survey that has not closed; what has opened keeps its beginning."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, survey: Survey) -> None:
        dates = [timezone.localdate(moment) for moment in (survey.opens_at, survey.closes_at)]
        super().__init__(data, first_on=min(timezone.localdate(), dates[0]), last_on=dates[1], instance=survey)
        if survey.state is not SurveyState.SCHEDULED:
            del self.fields["opens_at"]

    @property
    def period(self) -> Period:
        """Of a valid form."""
        return Period(self.cleaned_data.get("opens_at") or self.instance.opens_at, self.cleaned_data["closes_at"])


def proposed(plan: Period | None) -> Period:
    """What the rule plans, but not from before now; from now on where the plan is over, or there is none."""
    now = timezone.localtime().replace(second=0, microsecond=0)
    if plan is None or plan.closes_at <= now:
        return Period(now, now + OPEN_FOR)
    return Period(max(now, plan.opens_at), plan.closes_at)
