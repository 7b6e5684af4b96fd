"""Attacks on the order of the rows, and on the hidden columns that tell it."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from curriculum.models import Audience
from evaluation.attacks.attempts import Attempt, is_postgresql, number_of, place, select, table_of
from evaluation.models import Answer, Invitation, Outcome, Participation, Response

SETTLED = (Outcome.COUNTED, Outcome.POOLED, Outcome.DESTROYED)
# Standard deviations from chance; all comparisons together exceed it by chance once in 100,000 runs.
BOUND = 5.0

# What is known about the people, by which their answers could lie.
KNOWN: dict[str, Callable[[Invitation], Any]] = {
    "Einladungen": lambda invitation: invitation.pk,
    "Anmeldungen": lambda invitation: invitation.registration_id,
    "Personen": lambda invitation: invitation.registration.person_id,
    "Tandems": lambda invitation: invitation.registration.tandem_id,
    "Namen": lambda invitation: (invitation.registration.family_name, invitation.registration.given_names),
    "Adressen": lambda invitation: invitation.registration.email,
    "Links": lambda invitation: invitation.link_key,
}


def places() -> Attempt:
    """Participations of a counted survey must lie in the order of the invitations, not of the answering."""
    table, invitations = table_of(Participation), table_of(Invitation)
    rows = select(
        f"SELECT i.survey_id, p.invitation_id FROM {table} p JOIN {invitations} i ON i.id = p.invitation_id "  # noqa: S608 -- names of ours
        f"JOIN evaluation_survey s ON s.id = i.survey_id WHERE s.outcome IN ('COUNTED', 'POOLED', 'DESTROYED') "
        f"ORDER BY p.{place()}"
    )
    lying: dict[int, list[int]] = defaultdict(list)
    for survey, invitation in rows:
        lying[survey].append(invitation)
    findings = [
        f"Erhebung {survey}: Die Teilnahmen liegen in einer Reihenfolge, die vom Antworten stammen kann"
        for survey, found in lying.items()
        if found != sorted(found)
    ]
    return Attempt("Ort der Teilnahmen in der Datei", number_of(len(lying), "Erhebung", "Erhebungen"), findings)


def transactions() -> Attempt:
    """PostgreSQL keeps with every row the transaction that wrote it: all rows of a survey must name one."""
    if not is_postgresql():
        return Attempt("Verborgene Transaktionsnummern", "SQLite führt keine")
    rows = select(
        f"SELECT 'Antworten', coalesce(survey_id, -pool_id), count(DISTINCT xmin::text) FROM {table_of(Response)} "  # noqa: S608 -- names of ours
        f"GROUP BY 2 UNION ALL SELECT 'Teilnahmen', i.survey_id, count(DISTINCT p.xmin::text) "
        f"FROM {table_of(Participation)} p JOIN {table_of(Invitation)} i ON i.id = p.invitation_id "
        f"JOIN evaluation_survey s ON s.id = i.survey_id WHERE s.outcome IN ('COUNTED', 'POOLED', 'DESTROYED') "
        f"GROUP BY 2"
    )
    findings = [
        f"{what} der Erhebung {survey}: {number} Transaktionen" for what, survey, number in rows if number > 1
    ]
    return Attempt(
        "Verborgene Transaktionsnummern", f"xmin von {number_of(len(rows), 'Gruppe', 'Gruppen')}", findings
    )


def order_of_roles() -> Attempt:
    """Whether responses lie as the people do: where both are listed, the roles at the same place agree too often.

    The role is the only thing that is known of both; a survey counts where all who took part have one.
    """
    people = participants_by_survey()
    shown = {name: roles_by_survey(order) for name, order in orders_of_responses().items()}
    findings, compared = [], set()
    for view, responses in shown.items():
        for name, key in KNOWN.items():
            pairs = [
                (responses[survey], [i.registration.role for i in sorted(found, key=key)])
                for survey, found in people.items()
                if survey in responses
            ]
            same = [pair for pair in pairs if sorted(pair[0]) == sorted(pair[1])]
            compared.add(len(same))
            if abs(score := deviation(same)) > BOUND:
                findings.append(
                    f"{view} folgen der Reihenfolge: {name} ({score:.1f} Standardabweichungen vom Zufall)"
                )
    comparisons = len(shown) * len(KNOWN)
    looked_at = (
        f"{comparisons} Reihenfolgen in {number_of(max(compared, default=0), 'Erhebung', 'Erhebungen')} mit Rollen"
    )
    return Attempt("Reihenfolge der Antworten", looked_at, findings)


def participants_by_survey() -> dict[int, list[Invitation]]:
    answered = Invitation.objects.filter(participation__isnull=False, survey__outcome=Outcome.COUNTED)
    people: dict[int, list[Invitation]] = defaultdict(list)
    for invitation in answered.select_related("registration"):
        people[invitation.survey_id].append(invitation)
    return people


def orders_of_responses() -> dict[str, list[tuple[int, str]]]:
    """Survey and role of every response, in each order that the database offers."""
    responses, answers = table_of(Response), table_of(Answer)
    counted = f"FROM {responses} r WHERE r.survey_id IS NOT NULL AND r.role <> ''"
    by_answer = f"(SELECT min(a.{place()}) FROM {answers} a WHERE a.response_id = r.id)"  # noqa: S608 -- names of ours
    orders = {
        "Antworten, wie sie liegen,": f"r.{place()}",
        "Antworten nach ihrem Schlüssel": "r.id",
        "Antworten nach ihrem Fingerabdruck": "r.fingerprint",
        "Antworten nach dem Abdruck ihres Belegs": "r.receipt_print",
        "Einzelne Angaben, wie sie liegen,": by_answer,
    }
    return {
        name: select(f"SELECT r.survey_id, r.role {counted} ORDER BY {order}") for name, order in orders.items()
    }


def roles_by_survey(rows: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    roles: dict[int, list[str]] = defaultdict(list)
    for survey, role in rows:
        roles[survey].append(role)
    return roles


def deviation(pairs: Sequence[tuple[Sequence[str], Sequence[str]]]) -> float:
    """How far the agreement of roles at the same place is from chance, in standard deviations over all surveys.

    Of n places, m with a manager in both lists, chance puts managers opposite each other as in drawing m of n
    without putting back: m²/n on average, with the variance of the hypergeometric distribution.
    """
    surplus = variance = 0.0
    for one, other in pairs:
        n, m = len(one), sum(role == Audience.MANAGER for role in one)
        if n < 2 or m in (0, n):
            continue
        both = sum(a == b == Audience.MANAGER for a, b in zip(one, other, strict=True))
        surplus += both - m * m / n
        variance += (m * (n - m)) ** 2 / (n * n * (n - 1))
    return surplus / math.sqrt(variance) if variance else 0.0
