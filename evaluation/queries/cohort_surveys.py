"""All surveys of a cohort, those that are there and those that its rules will make, with what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Sum
from django.utils import timezone

from curriculum.models import Cohort, Session
from evaluation.models import Outcome, Purpose, Survey, SurveyRule, SurveyState
from evaluation.queries.room import may_show_code
from evaluation.queries.session_feedback import explanation_of, is_behind, survey_status
from evaluation.queries.timetable import held_by_key
from evaluation.rule_words import SLUGS, rule_sentences
from evaluation.timetable import Period, planned
from netzkoord.lib.numbers import percent
from netzkoord.models import User
from netzkoord.templatetags.german import german_datetime
from participants.models import Registration

NOBODY = "Noch hat niemand einen Link; sie gehen hinaus, sobald jemand zu fragen ist."
STILL_FEW = "Erst wenige haben geantwortet: Sprechen Sie die Gruppe an, oder lassen Sie länger Zeit."


@dataclass(frozen=True)
class SurveyRow:
    """One survey of the list, or the place where one will be; `survey` with `invited`, `answered`, `reminded`."""

    purpose: Purpose
    rule: SurveyRule
    session: Session | None
    survey: Survey | None
    plan: Period | None
    is_cancelled: bool
    has_people: bool
    may_show_code: bool

    @property
    def title(self) -> str:
        return str(self.session) if self.session else self.purpose.label

    @property
    def slug(self) -> str:
        return SLUGS[self.purpose]

    @property
    def period(self) -> Period | None:
        return Period(self.survey.opens_at, self.survey.closes_at) if self.survey else self.plan

    @property
    def share(self) -> str:
        """How many have answered of those who were asked, „82 %“; empty when nobody was, or more did on paper."""
        survey = self.survey
        if survey is None or not survey.invited or survey.answered > survey.invited:
            return ""
        return percent(survey.answered / survey.invited)

    @property
    def status(self) -> tuple[str, str]:
        """Kind and label of the status sign."""
        if self.survey:
            return survey_status(self.survey)
        if self.is_cancelled:
            return "neutral", "abgesagt"
        return ("info", "kommt von selbst") if self.comes_by_itself else ("neutral", "nicht gestartet")

    @property
    def comes_by_itself(self) -> bool:
        return self.rule.is_active and self.plan is not None and timezone.now() < self.plan.closes_at

    @property
    def can_be_started(self) -> bool:
        return self.survey is None and not self.is_cancelled

    @property
    def is_scheduled(self) -> bool:
        return self.survey is not None and self.survey.state is SurveyState.SCHEDULED

    @property
    def is_open(self) -> bool:
        return self.survey is not None and self.survey.takes_ballots

    @property
    def can_be_taken_back(self) -> bool:
        return self.survey is not None and self.survey.may_return_to_rule and not self.survey.answered

    @property
    def has_room_code(self) -> bool:
        return self.survey is not None and self.survey.has_room_code

    @property
    def is_counted(self) -> bool:
        return self.survey is not None and self.survey.outcome == Outcome.COUNTED

    @property
    def is_pooled(self) -> bool:
        return self.survey is not None and self.survey.outcome == Outcome.POOLED

    @property
    def next(self) -> str:
        """What comes next, as a sentence."""
        if self.survey is None:
            return self.next_without_survey
        if self.is_scheduled:
            return f"Öffnet am {german_datetime(self.survey.opens_at)}; dann gehen die Links hinaus."
        if self.survey.state is SurveyState.OPEN and not (self.survey.invited or self.survey.on_paper):
            return NOBODY
        if self.survey.state is SurveyState.OPEN:
            return STILL_FEW if is_behind(self.survey) else "Antworten kommen noch."
        if not self.survey.is_anonymous:
            return "Die Angaben stehen unter „Bedarfe“."
        return explanation_of(self.survey)

    @property
    def next_without_survey(self) -> str:
        if self.is_cancelled:
            return "Der Termin fällt aus." if self.session else "Der Durchgang ist abgesagt."
        if not self.rule.is_active:
            return "Startet nicht von selbst."
        if self.plan is None:
            return "Von selbst geht es nicht: Ein passender Termin fehlt oder ist schon zu nah."
        if not self.comes_by_itself:
            return "Die Zeit dafür ist vorbei."
        if not self.has_people:
            return "Öffnet, sobald jemand angenommen ist."
        if self.plan.opens_at <= timezone.now():
            return "Öffnet von selbst in den nächsten Minuten."
        return f"Öffnet von selbst am {german_datetime(self.plan.opens_at)}."


@dataclass(frozen=True)
class RuleRow:
    rule: SurveyRule

    @property
    def title(self) -> str:
        return self.rule.get_purpose_display()

    @property
    def slug(self) -> str:
        return SLUGS[Purpose(self.rule.purpose)]

    @property
    def sentences(self) -> str:
        return rule_sentences(self.rule)


def survey_rows(cohort: Cohort, rules: Mapping[Purpose, SurveyRule], user: User) -> list[SurveyRow]:
    """In the order in which they are asked; for trainers the feedback on their own sessions only. Four queries."""
    visible = Session.objects.visible_to(user).filter(cohort=cohort).with_dates().select_related("module")
    own = list(visible.prefetch_related("days").distinct())
    sees_all = user.has_perm("evaluation.view_all_surveys")
    surveys = {
        (survey.purpose, survey.session_id): survey
        for survey in Survey.objects.visible_to(user)
        .filter(cohort=cohort)
        .with_counts()
        .annotate(reminded=Sum("invitations__reminders", default=0))
    }
    held = held_by_key(session for session in own if not session.cancelled_at)
    has_people = Registration.objects.accepted().filter(cohort=cohort).exists()

    def row(purpose: Purpose, session: Session | None = None) -> SurveyRow:
        rule, of = rules[purpose], held.get(session.pk) if session else None
        return SurveyRow(
            purpose=purpose,
            rule=rule,
            session=session,
            survey=surveys.get((purpose, session.pk if session else None)),
            plan=planned(rule, list(held.values()), accepted_at=timezone.now(), of=of),
            is_cancelled=bool(cohort.cancelled_at or (session and session.cancelled_at)),
            has_people=has_people,
            may_show_code=may_show_code(user),
        )

    purposes = list(Purpose) if sees_all else [Purpose.FEEDBACK]
    return [
        row(purpose, session)
        for purpose in purposes
        for session in (own if purpose is Purpose.FEEDBACK else [None])
    ]
