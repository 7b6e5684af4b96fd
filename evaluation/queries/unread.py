"""How many free texts wait for an organiser, in any number of surveys with the same number of queries."""

from collections import Counter, defaultdict
from collections.abc import Collection
from typing import Any, NamedTuple

from django.db.models import Count, Q

from evaluation.models import Answer, Question, QuestionKind, Response, Survey, SurveyPool, TextState
from evaluation.queries.people import condition_of, only
from evaluation.tallies import role_counts
from evaluation.withholding import RoleCounts, people_behind, shows_texts, surplus_of


class Source(NamedTuple):
    """What answers were counted into: the key of a survey, or that of a pool."""

    survey: int | None
    pool: int | None


class Counted(NamedTuple):
    """The survey by which the texts are read, and of how many different people they surely are."""

    survey: int
    minimum: int
    people: int


def unread_texts(surveys: Collection[Survey]) -> Counter[int]:
    """Texts that an organiser may read and that nobody has looked at, by survey; those of a pool by its first one.

    The surveys come `with_counts`. One query, three more where there are such texts.
    """
    sources = {Source(None, each.pool_id) if each.pool_id else Source(each.pk, None) for each in surveys}
    found = Q(survey__in=[each.survey for each in sources]) | Q(pool__in=[each.pool for each in sources])
    pending = pending_texts(found)
    return readable(pending, found, surveys) if pending else Counter()


def pending_texts(found: Q) -> dict[tuple[Source, int], int]:
    """By source and question."""
    texts = Answer.objects.filter(question__kind=QuestionKind.TEXT, text_state=TextState.PENDING).exclude(text="")
    rows = texts.filter(response__in=Response.objects.filter(found)).order_by()
    counted = rows.values_list("response__survey", "response__pool", "question").annotate(count=Count("pk"))
    return {(Source(survey, pool), question): count for survey, pool, question, count in counted}


def readable(pending: dict[tuple[Source, int], int], found: Q, surveys: Collection[Survey]) -> Counter[int]:
    questions = Question.objects.in_bulk({question for _, question in pending})
    people = people_asked(found, [question for question in questions.values() if question.condition_question_id])
    sources = counted_sources(surveys)
    unread: Counter[int] = Counter()
    for (source, key), count in pending.items():
        question, counted, everybody = questions[key], sources[source], people[source, None]
        asked = people[source, key] if question.condition_question_id else everybody
        needed = counted.minimum + surplus_of(everybody.total, counted.people)
        if shows_texts(only(question.audience, asked).total, needed):
            unread[counted.survey] += count
    return unread


def people_asked(found: Q, conditional: list[Question]) -> dict[tuple[Source, int | None], RoleCounts]:
    """Who answered each source, and who of them was asked each question with a condition; one query."""
    counts = {f"q{each.pk}": Count("pk", distinct=True, filter=condition_of(each)) for each in conditional}
    roles = Response.objects.filter(found).order_by().values("survey", "pool", "role")
    rows: list[Any] = list(roles.annotate(everybody=Count("pk", distinct=True), **counts))
    by_role: dict[tuple[Source, int | None], list[tuple[str, int]]] = defaultdict(list)
    for row in rows:
        source = Source(row["survey"], row["pool"])
        by_role[source, None].append((row["role"], row["everybody"]))
        for each in conditional:
            by_role[source, each.pk].append((row["role"], row[f"q{each.pk}"]))
    return {key: role_counts(pairs) for key, pairs in by_role.items()}


def counted_sources(surveys: Collection[Survey]) -> dict[Source, Counted]:
    """One query."""
    pools = SurveyPool.objects.in_bulk({survey.pool_id for survey in surveys})
    sources: dict[Source, Counted] = {}
    for survey in surveys:
        if pool := pools.get(survey.pool_id):
            sources.setdefault(Source(None, pool.pk), Counted(survey.pk, pool.minimum, pool.people))
        else:
            people = people_behind(survey.answered - survey.on_paper, survey.on_paper)
            sources[Source(survey.pk, None)] = Counted(survey.pk, survey.minimum, people)
    return sources
