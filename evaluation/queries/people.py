"""How many have answered a counted survey, and how many of them were asked each of its questions."""

from typing import Any

from django.db.models import Count, Q

from curriculum.models import Audience
from evaluation.models import Question, Survey, SurveyPool
from evaluation.queries.counted import responses_of
from evaluation.tallies import role_counts
from evaluation.withholding import RoleCounts, people_behind, surplus_of


def people_of(survey: Survey) -> RoleCounts:
    return role_counts(responses_of(survey).values_list("role").annotate(count=Count("pk")).order_by())


def surplus_in(counted: Survey | SurveyPool, ballots: int, on_paper: int) -> int:
    """How many of the ballots may be of somebody who has given another one."""
    people = counted.people if isinstance(counted, SurveyPool) else people_behind(ballots - on_paper, on_paper)
    return surplus_of(ballots, people)


def needed_for(survey: Survey) -> int:
    """How many answers a question needs in a survey that is counted by itself; it comes `with_counts`."""
    by_link = survey.answered - survey.on_paper
    return survey.minimum + surplus_of(survey.answered, people_behind(by_link, survey.on_paper))


def asked_people(survey: Survey, questions: list[Question], people: RoleCounts) -> dict[int, RoleCounts]:
    """How many of those who answered were asked each question; a query where one depends on an answer."""
    conditional = [question for question in questions if question.condition_question_id]
    asked = {question.pk: people for question in questions} | people_after(survey, conditional)
    return {question.pk: only(question.audience, asked[question.pk]) for question in questions}


def people_after(survey: Survey, conditional: list[Question]) -> dict[int, RoleCounts]:
    if not conditional:
        return {}
    counts = {f"q{q.pk}": Count("pk", distinct=True, filter=condition_of(q)) for q in conditional}
    rows: list[Any] = list(responses_of(survey).order_by().values("role").annotate(**counts))
    return {q.pk: role_counts((row["role"], row[f"q{q.pk}"]) for row in rows) for q in conditional}


def condition_of(question: Question) -> Q:
    values = question.condition_values
    given = Q(answers__number__in=values) | Q(answers__option__position__in=values)
    return Q(answers__question=question.condition_question_id) & given


def only(audience: str, people: RoleCounts) -> RoleCounts:
    """Those who are asked a question for one audience; where the role is unknown, anybody may have been."""
    return RoleCounts(
        people.managers if audience in ("", Audience.MANAGER) else 0,
        people.coordinators if audience in ("", Audience.COORDINATOR) else 0,
        people.unknown,
    )
