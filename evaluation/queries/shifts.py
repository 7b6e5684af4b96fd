"""What becomes of the surveys of a cohort when one of its sessions is held at another time, or not at all."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from curriculum.models import Session
from evaluation.models import Purpose, Survey, SurveyRule, SurveyState
from evaluation.queries.changes import dates_of, period_of, plan_for, sessions_of, surveys_of
from evaluation.queries.rules import rules_of
from evaluation.timetable import BERLIN, Held, Period, moved
from netzkoord.lib.sentences import listed
from netzkoord.templatetags.german import german_date, german_datetime

NAMES = {
    Purpose.NEEDS: "Die Bedarfserhebung",
    Purpose.START: "Die Selbsteinschätzung zu Beginn",
    Purpose.FEEDBACK: "Die Rückmeldung",
    Purpose.END: "Die Abschlusserhebung",
    Purpose.TRANSFER: "Die Transfererhebung",
}


@dataclass(frozen=True)
class Shift:
    """A survey, or the place where one will be, with its plan as the dates are and as they would be."""

    rule: SurveyRule
    survey: Survey | None
    before: Period | None
    after: Period | None

    @property
    def name(self) -> str:
        return NAMES[Purpose(self.rule.purpose)]

    @property
    def sentence(self) -> str:
        """What changes, with the new times; empty when nothing does."""
        if self.survey is None:
            return self.sentence_of_plan
        if self.survey.state is SurveyState.CLOSED:
            return ""
        if not self.survey.follows_rule:
            is_left = self.before != self.after and self.rule.purpose != Purpose.FEEDBACK
            return f"{self.name} ist von Hand gesetzt und bleibt, wie sie ist." if is_left else ""
        return self.sentence_of_survey(self.survey) if self.rule.is_active else ""

    @property
    def sentence_of_plan(self) -> str:
        """Of a survey that is not made yet and will come by itself."""
        before, after = ahead(self.before), ahead(self.after)
        if not self.rule.is_active or before == after:
            return ""
        if after is None:
            return f"{self.name} startet dann nicht mehr von selbst."
        return self.new_times(before, after, opens="öffnet von selbst")

    def sentence_of_survey(self, survey: Survey) -> str:
        current, now = period_of(survey), timezone.now()
        period = moved(current, self.after, now=now, has_answers=survey.has_answers)
        if period is None:
            return f"{self.name} entfällt; geantwortet hat noch niemand."
        if period == current:
            is_running = survey.is_open and self.rule.purpose == Purpose.FEEDBACK
            return f"{self.name} zum Termin hat schon begonnen und bleibt, wie sie ist." if is_running else ""
        if survey.is_open and period.opens_at > now:
            return f"{self.new_times(current, period, opens='öffnet neu')} Die Links gehen dann noch einmal hinaus."
        return self.new_times(current, period, opens="öffnet")

    def new_times(self, before: Period | None, after: Period, *, opens: str) -> str:
        """Needs are asked from whenever somebody has a place: only their end is of interest."""
        closes = f"schließt {german_datetime(after.closes_at)}"
        if before and (before.opens_at == after.opens_at or self.rule.purpose == Purpose.NEEDS):
            return f"{self.name} {closes} (bisher: {german_datetime(before.closes_at)})."
        so_far = ""
        if before:
            so_far = f" (bisher: {german_datetime(before.opens_at)} bis {german_datetime(before.closes_at)})"
        times = f"{opens} {german_datetime(after.opens_at)} und {closes}{so_far}."
        return f"{self.name} {times}{self.reminders(after)}"

    def reminders(self, period: Period) -> str:
        """On which days who has not answered is reminded, when the links go out as it opens."""
        opens_on = period.opens_at.astimezone(BERLIN).date()
        waits = [self.rule.first_reminder_days, self.rule.second_reminder_days]
        days = [opens_on + datetime.timedelta(days=wait) for wait in waits if wait is not None]
        dates = [german_date(day) for day in days if day < period.closes_at.astimezone(BERLIN).date()]
        return f" Erinnert wird am {listed(dates)}." if dates else ""


def ahead(period: Period | None) -> Period | None:
    """None for one that is over: by itself nothing starts then."""
    return period if period and period.closes_at > timezone.now() else None


def shifts_of(session: Session, held: Held | None) -> list[Shift]:
    """Of the feedback on the session and of all surveys of its cohort, if it is `held` then; four queries.

    What a worker would do once it is stored: both read the rules by `plan_for` and `moved`.
    """
    cohort, now = session.cohort, timezone.now()
    rules, sessions, surveys = rules_of(cohort), sessions_of(cohort), surveys_of(cohort)
    before = dates_of(sessions)
    others = {each: times for each, times in before.items() if each != session}
    after = others | {session: held} if held else others
    shifts = []
    for purpose, rule in rules.items():
        of = session if purpose is Purpose.FEEDBACK else None
        survey = surveys.get((purpose, of.pk if of else None))
        plans = [plan_for(rule, of, survey, dated, now) for dated in (before, after)]
        shifts.append(Shift(rule, survey, *plans))
    return shifts
