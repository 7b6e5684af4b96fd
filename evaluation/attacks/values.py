"""Attacks on the stored values: groups so small that who took part names who answered."""

from collections import defaultdict

from django.db.models import Count, F, Q

from evaluation.attacks.attempts import Attempt, number_of
from evaluation.models import Answer, JudgedNeed, QuestionKind, Response, Survey, SurveyPool
from evaluation.queries.told import told_by
from evaluation.results import is_too_small
from evaluation.withholding import RoleCounts, are_blocks

Box = tuple[int | None, int | None]


def roles_by_box() -> dict[Box, RoleCounts]:
    """How many responses of each role there are, by survey and pool. One query."""
    rows = Response.objects.order_by().values_list("survey", "pool", "role").annotate(Count("pk"))
    roles: dict[Box, list[str]] = defaultdict(list)
    for survey, pool, role, number in rows:
        roles[survey, pool] += [role] * number
    return {box: RoleCounts.of(found) for box, found in roles.items()}


def promised_by_box() -> dict[Box, int]:
    """The k of each survey and pool. Two queries."""
    surveys = dict(Survey.objects.order_by().values_list("pk", "minimum_answers"))
    pools = dict(SurveyPool.objects.order_by().values_list("pk", "minimum_answers"))
    return {(pk, None): minimum for pk, minimum in surveys.items()} | {
        (None, pk): minimum for pk, minimum in pools.items()
    }


def name_of(box: Box) -> str:
    survey, pool = box
    return f"Erhebung {survey}" if survey else f"Zusammenlegung {pool}"


def groups() -> Attempt:
    """Fewer than k responses together, or of one role: who took part is on record, with the role."""
    boxes, promised = roles_by_box(), promised_by_box()
    findings = []
    for box, counts in boxes.items():
        minimum = promised[box]
        if is_too_small(counts.total, minimum):
            findings.append(f"{name_of(box)} hat nur {counts.total} geöffnete Antworten")
        if not are_blocks([counts.managers, counts.coordinators, counts.unknown], minimum):
            findings.append(f"{name_of(box)} nennt eine Rolle, aus der weniger als {minimum} stammen")
    return Attempt(
        "Kleine Gruppen", number_of(len(boxes), "ausgezählte Erhebung", "ausgezählte Erhebungen"), findings
    )


def told_roles() -> Attempt:
    """An answer to what only one role is asked tells the role, even where none is stored."""
    boxes = [survey for (survey, _), counts in roles_by_box().items() if survey and counts.unknown == counts.total]
    surveys = Survey.objects.filter(pk__in=boxes).select_related("cohort")
    findings = []
    for survey in surveys:
        told = told_by(survey.questionnaire_id, survey.cohort.edition_id)
        rows = (
            Answer.objects.filter(response__survey=survey).values_list("question", "topic", "competence").distinct()
        )
        if any(told.role((question, topic or competence)) for question, topic, competence in rows):
            findings.append(f"Erhebung {survey.pk} enthält Antworten, die nur eine Rolle geben konnte")
    return Attempt(
        "Verratene Rollen", number_of(len(boxes), "Erhebung ohne Rollen", "Erhebungen ohne Rollen"), findings
    )


def judgements() -> Attempt:
    """Whose need it was names somebody in a small cohort: kept with a response, or as a sum of fewer than k."""
    findings = []
    if single := Answer.objects.filter(question__kind=QuestionKind.COVERAGE).count():
        told = number_of(single, "Urteil über einen Bedarf steht", "Urteile über Bedarfe stehen")
        findings.append(f"{told} bei einer Antwort")
    promised = F("survey__minimum_answers")
    too_few = Q(people__lt=promised) | Q(fully__lt=promised - F("partly") - F("uncovered"))
    surveys = JudgedNeed.objects.filter(too_few).order_by("survey").values_list("survey", "survey__minimum_answers")
    findings += [
        f"Erhebung {survey} nennt das Urteil von weniger als {minimum} Personen"
        for survey, minimum in surveys.distinct()
    ]
    looked_at = number_of(JudgedNeed.objects.count(), "beurteilter Bedarf", "beurteilte Bedarfe")
    return Attempt("Urteile über Bedarfe", looked_at, findings)
