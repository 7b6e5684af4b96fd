"""When a survey opens and closes."""

import datetime
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone

from curriculum.models import Session
from evaluation.forms.fields import require_day_between
from evaluation.models import Survey, SurveyState
from evaluation.timetable import BEFORE_END, Period

OPEN_FOR = datetime.timedelta(days=14)
LOCAL_FORMAT = "%Y-%m-%dT%H:%M"


def moment_field(label: str, hint: str) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        help_text=hint,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL_FORMAT),
    )


class PeriodForm(forms.ModelForm):  # type: ignore[type-arg]
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
    def __init__(self, data: Mapping[str, Any] | None = None, *, session: Session) -> None:
        days = list(session.days.values_list("date", flat=True)) or [timezone.localdate()]
        super().__init__(data, first_on=min(days), last_on=max(days), initial=proposed_period(session))


class CourseSurveyForm(PeriodForm):
    """A survey of the whole cohort: opens today or later, at the instants of its rule where there are any."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, plan: Period | None) -> None:
        now = timezone.localtime().replace(second=0, microsecond=0)
        proposal = plan if plan and plan.closes_at > now else Period(now, now + OPEN_FOR)
        super().__init__(
            data,
            first_on=now.date(),
            last_on=timezone.localdate(proposal.closes_at),
            initial={"opens_at": max(now, proposal.opens_at), "closes_at": proposal.closes_at},
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


def proposed_period(session: Session) -> dict[str, Any]:
    """From half an hour before the session's end, or from now if that has passed, for 14 days.

    Counted on the clock on the wall, so that a change of clocks in between does not move the hour.
    """
    now = timezone.localtime().replace(second=0, microsecond=0, tzinfo=None)
    opens = max([now, *last_half_hour(session)])
    return {"opens_at": timezone.make_aware(opens), "closes_at": timezone.make_aware(opens + OPEN_FOR)}


def last_half_hour(session: Session) -> list[datetime.datetime]:
    """Half an hour before the end of the session's last day; empty when it has no day yet."""
    last_day = session.days.order_by("date").last()
    if last_day is None:
        return []
    return [datetime.datetime.combine(last_day.date, last_day.ends_at) - BEFORE_END]
