"""Attacks on the pairs of responses before and after: who answered only once is on record.

Whoever typed in sheets of paper knows those, and looks at the others only: where pairs divide a survey that has
sheets beside links, each part needs as many more (`needed_in`).
"""

from collections import Counter
from collections.abc import Iterator

from django.db.models import QuerySet

from evaluation.attacks.attempts import Attempt, number_of
from evaluation.models import MOMENTS, Invitation, Response, Survey
from evaluation.queries.pairs import kinds_of
from evaluation.queries.people import surplus_in
from evaluation.results import is_too_small


def dropouts() -> Attempt:
    """A response without a partner belongs to one of those who answered one survey and not the other."""
    compared = list(compared_surveys())
    findings = [
        f"Erhebung {survey.pk}: {number_of(number, 'Antwort', 'Antworten')} ohne Gegenstück "
        f"in Erhebung {other.pk}, und nur hier geantwortet haben {number_of(people, 'Person', 'Personen')}"
        for survey, other in compared
        if (people := people_only_in(survey, other))
        for number in too_few_alone(survey, other)
    ]
    looked_at = number_of(len(compared), "Erhebung", "Erhebungen")
    return Attempt("Antworten ohne Gegenstück", f"{looked_at} mit verbundenen Antworten", findings)


def kinds_of_partners() -> Attempt:
    """Role, partner and the partner's role together: fewer than k responses alike could be told by it."""
    surveys = [survey for survey in joinable() if survey.responses.exists()]
    findings = [
        f"Erhebung {survey.pk}: {number_of(number, 'Antwort', 'Antworten')} an Rolle und Gegenstück zu erkennen"
        for survey in surveys
        for number in too_few_alike(survey)
    ]
    return Attempt("Verbundene Antworten", number_of(len(surveys), "Erhebung", "Erhebungen"), findings)


def joinable() -> QuerySet[Survey]:
    return Survey.objects.filter(purpose__in=MOMENTS).with_counts()


def needed_in(survey: Survey, *, is_divided: bool) -> int:
    surplus = surplus_in(survey, survey.answered, survey.on_paper) if is_divided else 0
    return survey.minimum_answers + surplus


def too_few_alone(survey: Survey, other: Survey) -> list[int]:
    everybody = Counter(survey.responses.values_list("role", flat=True))
    return [
        number
        for role, number in alone_by_role(survey, other).items()
        if is_too_small(number, needed_in(survey, is_divided=number < everybody[role]))
    ]


def too_few_alike(survey: Survey) -> list[int]:
    kinds = Counter(kinds_of(survey).values())
    kinds_of_role = Counter(role for role, _ in kinds)
    return [
        number
        for (role, _), number in kinds.items()
        if is_too_small(number, needed_in(survey, is_divided=kinds_of_role[role] > 1))
    ]


def compared_surveys() -> Iterator[tuple[Survey, Survey]]:
    """Every two surveys of a cohort of which any responses are joined, in both directions."""
    for before, after in joinable().values_list("pk", "responses__pairs_after__after__survey").distinct():
        if after is not None:
            one, other = joinable().get(pk=before), joinable().get(pk=after)
            yield one, other
            yield other, one


def alone_by_role(survey: Survey, other: Survey) -> Counter[str]:
    """How many responses of each role have no partner in the other survey; none where all have one."""
    responses = Response.objects.filter(survey=survey)
    later = responses.filter(pairs_after__after__survey=other)
    earlier = responses.filter(pair_before__before__survey=other)
    alone = responses.exclude(pk__in=later.values("pk")).exclude(pk__in=earlier.values("pk"))
    return Counter(alone.values_list("role", flat=True))


def people_only_in(survey: Survey, other: Survey) -> int:
    """How many have answered this one by link, and the other one not."""
    answered = Invitation.objects.filter(participation__isnull=False)
    both = answered.filter(survey=other).values("registration")
    return answered.filter(survey=survey).exclude(registration__in=both).count()
