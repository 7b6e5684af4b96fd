"""Self-ratings, closing and transfer of the demo: invented answers on the real path – sealed, counted."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from curriculum.models import Cohort
from evaluation.actions.counting import count_survey
from evaluation.actions.joining import forget_codes
from evaluation.actions.judging import write_needs
from evaluation.actions.rules import write_rules
from evaluation.actions.surveys import create_survey
from evaluation.ballots import Ballot, random_receipt, seal
from evaluation.judgements import NeedAnswer
from evaluation.models import (
    CoverageDegree,
    Envelope,
    Invitation,
    Need,
    Participation,
    Purpose,
    Question,
    QuestionKind,
    Survey,
)
from evaluation.queries.asking import AskedQuestion, Sheet, survey_sheet
from evaluation.queries.timetable import plan_of
from evaluation.said import Key, Said
from participants.models import Registration

# Of a hundred people who were asked so many answer, and so many of those remember their code.
ANSWERING = {Purpose.START: 0.92, Purpose.END: 0.85, Purpose.TRANSFER: 0.75}
WITH_CODE = 0.9
SLIPPING = 0.1
ABSTAINING = 0.04
WRITING = 0.5
# Mean of all self-ratings, 0 to 4: what was learnt is not all kept.
LEVEL = {Purpose.START: 1.5, Purpose.END: 2.4, Purpose.TRANSFER: 2.3}

# How often each value, or each option of a single choice, is taken.
WEIGHTS: dict[str, list[int]] = {
    QuestionKind.AGREEMENT: [1, 2, 4, 10, 24, 18],
    QuestionKind.AGREEMENT_FIVE: [1, 2, 6, 20, 14],
    QuestionKind.GRADE: [12, 28, 9, 2, 1, 0],
    QuestionKind.TARGET: [1, 3, 14, 18],
    QuestionKind.MIDDLE: [1, 4, 22, 7, 1],
    QuestionKind.TEN: [0, 0, 1, 1, 2, 3, 4, 10, 16, 12, 9],
    QuestionKind.SINGLE: [8, 7, 6, 2],
}
LOWEST = {QuestionKind.TEN.value: 0}
# How often a need is called not mine, not, partly and fully covered, by how far the plan covers it; the second is
# judged otherwise than it was planned, and the last is that of a few only.
OPINIONS = {CoverageDegree.FULL: [4, 1, 4, 14], CoverageDegree.PARTLY: [5, 2, 10, 4], None: [3, 12, 4, 1]}
DIFFERING = [3, 12, 3, 1]
OF_FEW = [40, 1, 1, 1]
CHOOSING = 0.4
MOTHERS = ("MA", "IN", "KA", "HE", "UR", "BR", "GI", "EL")
TOWNS = ("EN", "ER", "RG", "IN", "LE", "AU", "ND", "ST")

# In the order of the open questions of each questionnaire.
TEXTS: dict[Purpose, list[list[str]]] = {
    Purpose.END: [
        [
            "Wir haben eine Netzwerkskizze, und sie hängt im Büro.",
            "Die Treffen haben jetzt eine Tagesordnung mit Zielen.",
            "Im Tandem sprechen wir uns jede Woche ab.",
            "Zwei neue Träger sind dazugekommen.",
            "Ich sage öfter Nein, und es geht trotzdem weiter.",
            "Der Auftrag steht jetzt auf Papier.",
        ],
        [
            "Wie man Wirkung misst, ohne Berge von Listen.",
            "Mehr zu Konflikten zwischen Trägern.",
            "Rechtliche Fragen beim Austausch von Daten.",
            "Nichts Wesentliches.",
            "Wie wir ohne Fördermittel weitermachen.",
        ],
        [
            "Ein Aufbaumodul nach einem Jahr.",
            "Die Führungskräfte öfter dabeihaben.",
            "Mehr Zeit für die Erlebnisberichte.",
            "So weitermachen, in dieser Gruppengröße.",
            "Zwischen den Terminen ein kurzes Treffen online.",
        ],
    ],
    Purpose.TRANSFER: [
        [
            "Ich habe eine halbe Stelle für die Koordination entfristet.",
            "Der Ausschuss hat das Netzwerk als Auftrag beschlossen.",
            "Ich nehme selbst zweimal im Jahr am Netzwerktreffen teil.",
        ],
        [
            "Die Schulen sitzen jetzt mit am Tisch.",
            "Beschlüsse werden nachgehalten, weil es einen Verantwortlichen gibt.",
            "Wir treffen uns seltener, aber mit Ergebnis.",
            "Die Träger reden miteinander und nicht übereinander.",
        ],
        [
            "Die Verantwortungskaskade.",
            "Das Netzwerkkarussell, wir haben es dreimal gemacht.",
            "Der Austausch mit den anderen Tandems.",
            "Dass ich meine Rolle erklären kann.",
        ],
        [
            "Zeit. Immer wieder Zeit.",
            "Ein Treffen der alten Gruppe.",
            "Rückhalt, wenn die Dezernatsleitung wechselt.",
            "Jemanden, der mit uns auf die Wirkung schaut.",
        ],
    ],
}


@dataclass
class Someone:
    """An invented person: the code that they make and how far they think they are, compared with the others."""

    code: str
    bias: float
    own: dict[int, float] = field(default_factory=dict)


@dataclass
class Material:
    """Sentences for each open question, and how often each answer about a need is given."""

    texts: dict[int, list[str]]
    opinions: dict[int, list[int]]


def fill_course(cohort: Cohort) -> None:
    """Self-rating at the beginning, survey at the end and transfer of a past cohort; all closed and counted."""
    chance = random.Random(2018)  # noqa: S311 -- the same invented answers in every demo
    people = list(Registration.objects.accepted().filter(cohort=cohort).order_by("pk"))
    known = {person.pk: Someone(invented_code(chance), chance.gauss(0, 0.4)) for person in people}
    for purpose in (Purpose.START, Purpose.END, Purpose.TRANSFER):
        survey = past_survey(cohort, purpose)
        if purpose is Purpose.END:
            write_needs(survey)
            survey.refresh_from_db(fields=["needs_fixed_on"])
        answering = [each for each in invite(survey, people) if chance.random() < ANSWERING[purpose]]
        hand_in(survey, answering, known, chance)
        count_survey(survey)
    forget_codes()


def past_survey(cohort: Cohort, purpose: Purpose) -> Survey:
    rule = write_rules(cohort)[purpose]
    plan = plan_of(rule)
    if plan is None:
        raise ValueError(f"{cohort} has no dates for {purpose}")
    return create_survey(cohort, purpose, opens_at=plan.opens_at, closes_at=plan.closes_at, follows_rule=True)


def invite(survey: Survey, people: list[Registration]) -> list[Invitation]:
    return Invitation.objects.bulk_create(
        Invitation(survey=survey, registration=person, mailed_on=survey.opens_at.date()) for person in people
    )


def invented_code(chance: random.Random) -> str:
    """Two letters, a day and two letters, as in MA07EN."""
    mother, town = chance.choice(MOTHERS), chance.choice(TOWNS)
    return f"{mother}{chance.randrange(1, 29):02}{town}"


def hand_in(
    survey: Survey, answering: list[Invitation], known: Mapping[int, Someone], chance: random.Random
) -> None:
    """As `submit` does, for all at once."""
    sheets = {
        role: survey_sheet(survey, role=role) for role in {invitation.registration.role for invitation in answering}
    }
    material = Material(decks(survey, chance), opinions_on(survey))
    Participation.objects.bulk_create(Participation(invitation=invitation) for invitation in answering)
    Envelope.objects.bulk_create(
        Envelope(survey=survey, sealed=seal(survey, ballot_of(survey, invitation, sheets, material, known, chance)))
        for invitation in answering
    )


def ballot_of(
    survey: Survey,
    invitation: Invitation,
    sheets: Mapping[str, Sheet],
    material: Material,
    known: Mapping[int, Someone],
    chance: random.Random,
) -> Ballot:
    role = invitation.registration.role
    someone = known[invitation.registration_id]
    answers: dict[Key, Said] = {}
    for _, questions in sheets[role].sections:
        for asked in questions:
            if sheets[role].is_condition_met(asked.question, answers):
                answers |= invented(asked, Purpose(survey.purpose), someone, material, chance)
    return Ballot(sheets[role].relevant(answers), role, random_receipt())


def invented(
    asked: AskedQuestion,
    purpose: Purpose,
    someone: Someone,
    material: Material,
    chance: random.Random,
) -> dict[Key, Said]:
    """What somebody says to one question; nothing, where they skip it."""
    key: Key = (asked.question.pk, None)
    if asked.kind == QuestionKind.COMPETENCES:
        return {
            (asked.question.pk, each.pk): Said(rated(each.pk, purpose, someone, chance)) for each in asked.items
        }
    if asked.kind == QuestionKind.COVERAGE:
        return {
            (asked.question.pk, each.pk): Said(chance.choices(list(NeedAnswer), material.opinions[each.pk])[0])
            for each in asked.items
            if chance.random() >= ABSTAINING
        }
    if asked.kind == QuestionKind.CODE:
        return {key: Said(text=remembered(someone.code, purpose, chance))}
    if asked.kind == QuestionKind.TEXT:
        deck = material.texts.get(asked.question.pk, [])
        return {key: Said(text=deck.pop())} if deck and chance.random() < WRITING else {}
    if asked.kind == QuestionKind.MULTIPLE:
        return {key: Said(options=several(asked, chance))}
    if asked.kind not in WEIGHTS or chance.random() < ABSTAINING:
        return {}
    weights = WEIGHTS[asked.kind]
    if asked.kind == QuestionKind.SINGLE:
        return {key: Said(options=(chance.choices(asked.options, weights[: len(asked.options)])[0].pk,))}
    lowest = LOWEST.get(asked.kind, 1)
    return {key: Said(chance.choices(range(lowest, lowest + len(weights)), weights)[0])}


def rated(competence: int, purpose: Purpose, someone: Someone, chance: random.Random) -> int:
    """0 to 4; who knows something well at the beginning knows it well at the end."""
    own = someone.own.setdefault(competence, someone.bias + chance.gauss(0, 0.6))
    return min(4, max(0, round(LEVEL[purpose] + own + chance.gauss(0, 0.3))))


def remembered(code: str, purpose: Purpose, chance: random.Random) -> str:
    """The code as it is made this time: mostly the same, now and then with a slip or left out."""
    if purpose is Purpose.START:
        return code
    if chance.random() > WITH_CODE:
        return ""
    return code[:1] + code[2:] if chance.random() < SLIPPING else code


def several(asked: AskedQuestion, chance: random.Random) -> tuple[int, ...]:
    """Some of the options; the last one says „nothing“ and stands for itself."""
    chosen = tuple(option.pk for option in asked.options[:-1] if chance.random() < CHOOSING)
    return chosen or (asked.options[-1].pk,)


def opinions_on(survey: Survey) -> dict[int, list[int]]:
    """Need → how often each `NeedAnswer` is given."""
    needs = list(Need.objects.filter(judgements__survey=survey).order_by("judgements__pk"))
    opinions = {need.pk: list(OPINIONS[planned_degree(need)]) for need in needs}
    if len(needs) > 2:
        opinions |= {needs[1].pk: DIFFERING, needs[-1].pk: OF_FEW}
    return opinions


def planned_degree(need: Need) -> CoverageDegree | None:
    degrees = set(need.coverages.values_list("degree", flat=True))
    return next((degree for degree in CoverageDegree if degree in degrees), None)


def decks(survey: Survey, chance: random.Random) -> dict[int, list[str]]:
    """Sentences for each open question, from which they are taken, so that nobody says them twice."""
    questions: list[Question] = survey.questionnaire.questions()
    open_ones = [question for question in questions if question.kind == QuestionKind.TEXT]
    sentences = TEXTS.get(Purpose(survey.purpose), [])
    return {
        question.pk: chance.sample(deck, len(deck)) for question, deck in zip(open_ones, sentences, strict=False)
    }
