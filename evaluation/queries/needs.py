"""What the pages of the needs survey show."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Min, Sum
from django.utils import timezone

from curriculum.models import Cohort, Topic
from evaluation.models import (
    PersonalAnswer,
    Question,
    QuestionKind,
    Survey,
    SurveyState,
)
from evaluation.queries.asking import last_day
from evaluation.queries.results import response_rate
from evaluation.results import RatingTotal, ResponseRate, TopicNeed, is_too_small, need_of_total, ranked
from participants.models import Registration
from participants.queries.search import sorted_by_name

# How long people have to answer, and trainers to read before the first session.
ANSWERING_TIME = datetime.timedelta(days=14)
READING_TIME = datetime.timedelta(days=3)


@dataclass(frozen=True)
class SaidText:
    name: str
    text: str


@dataclass(frozen=True)
class TextQuestion:
    question: Question
    texts: list[SaidText]


@dataclass(frozen=True)
class NeedsOverview:
    """The needs of a cohort for its tab; lists are None where the reader of the page may not see them."""

    survey: Survey
    rate: ResponseRate
    topics: list[TopicNeed] | None
    texts: list[TextQuestion] | None
    missing: list[Registration] | None

    @property
    def has_rated_topics(self) -> bool:
        """Whether any topic has answers enough to be shown."""
        return any(not topic.is_withheld for topic in self.topics or [])

    @property
    def has_ended(self) -> bool:
        return has_ended(self.survey)

    @property
    def last_day(self) -> datetime.date:
        return last_day(self.survey)


def proposed_last_day(cohort: Cohort) -> datetime.date:
    """Three days before the first session, so that trainers can read; two weeks from now when that is too soon."""
    today = timezone.localdate()
    first_on: datetime.date | None = cohort.sessions.not_cancelled().aggregate(first_on=Min("days__date"))[
        "first_on"
    ]
    if first_on and first_on - READING_TIME > today:
        return min(first_on - READING_TIME, today + ANSWERING_TIME)
    return today + ANSWERING_TIME


def people_to_invite(cohort: Cohort) -> int:
    return Registration.objects.accepted().filter(cohort=cohort).count()


def needs_survey_of(cohort_pk: int) -> Survey | None:
    return Survey.objects.needs().filter(cohort=cohort_pk).select_related("questionnaire", "cohort").first()


def needs_by_name(survey: Survey) -> NeedsOverview:
    """For organisers: everything, with names, at any time."""
    unanswered = Registration.objects.accepted().filter(
        invitations__survey=survey, invitations__participation__isnull=True
    )
    missing = sorted_by_name(unanswered)
    return NeedsOverview(survey, response_rate(survey), topic_needs(survey), texts_of(survey, named=True), missing)


def needs_as_cards(survey: Survey) -> NeedsOverview:
    """For trainers: aggregated, and the texts without names, from the survey's minimum on, once it has ended."""
    rate = response_rate(survey)
    return NeedsOverview(survey, rate, published_needs(survey, rate), published_texts(survey, rate), None)


def needs_aggregated(survey: Survey) -> NeedsOverview:
    """For readers and reports: aggregated only, from the survey's minimum on, once it has ended.

    Before it ends two looks could be subtracted from each other; so there is only one state to look at.
    """
    rate = response_rate(survey)
    return NeedsOverview(survey, rate, published_needs(survey, rate), None, None)


def published_needs(survey: Survey, rate: ResponseRate) -> list[TopicNeed] | None:
    """None until it has ended, and where too few have answered for anything to be shown.

    Of the answers themselves nothing is published: an erasure would change it before the totals are kept.
    """
    if not has_ended(survey):
        return None
    topics = topic_needs(survey)
    is_shown = not is_too_small(rate.answered, survey.minimum) or any(not topic.is_withheld for topic in topics)
    return topics if is_shown else None


def published_texts(survey: Survey, rate: ResponseRate) -> list[TextQuestion] | None:
    """Without names; None until it has ended, and where too few have answered."""
    if not has_ended(survey) or is_too_small(rate.answered, survey.minimum):
        return None
    return texts_of(survey, named=False)


def topic_needs(survey: Survey) -> list[TopicNeed]:
    """The greatest first: from the answers that were sent, or from what was kept of them at the end."""
    totals = kept_totals(survey) if has_ended(survey) else totals_of(survey)
    topics = Topic.objects.filter(edition=survey.cohort.edition_id)
    needs = [
        need_of_total(topic.name, totals.get(topic.pk, RatingTotal()), minimum=survey.minimum) for topic in topics
    ]
    return ranked(needs)


def has_ended(survey: Survey) -> bool:
    """Whether it has closed and was settled: what was kept of it then is what is shown from then on."""
    return survey.state is SurveyState.CLOSED and survey.wrapped_private_key is None


def totals_of(survey: Survey) -> dict[int, RatingTotal]:
    """What was said about each topic by those who have sent their answers. One query."""
    rows = PersonalAnswer.objects.filter(
        invitation__survey=survey,
        invitation__participation__isnull=False,
        topic__isnull=False,
        number__isnull=False,
        skill__isnull=False,
    )
    sums = rows.order_by().values_list("topic").annotate(Count("pk"), Sum("number"), Sum("skill"))
    return {topic: RatingTotal(*total) for topic, *total in sums}


def kept_totals(survey: Survey) -> dict[int, RatingTotal]:
    kept = survey.topic_totals.values_list("topic", "people", "importance", "skill")
    return {topic: RatingTotal(*total) for topic, *total in kept}


def texts_of(survey: Survey, *, named: bool) -> list[TextQuestion]:
    """The free texts per question; without names they are ordered by their letters, so that no row joins them."""
    rows = list(
        PersonalAnswer.objects.filter(invitation__survey=survey, invitation__participation__isnull=False)
        .exclude(text="")
        .select_related("invitation__registration")
        .order_by("invitation__registration__family_name", "pk")
    )
    questions = Question.objects.filter(section__questionnaire=survey.questionnaire_id, kind=QuestionKind.TEXT)
    return [text_question(question, rows, named=named) for question in questions]


def text_question(question: Question, rows: list[PersonalAnswer], *, named: bool) -> TextQuestion:
    own = [row for row in rows if row.question_id == question.pk]
    if named:
        return TextQuestion(question, [SaidText(row.invitation.registration.full_name, row.text) for row in own])
    return TextQuestion(
        question, [SaidText("", text) for text in sorted((row.text for row in own), key=str.casefold)]
    )
