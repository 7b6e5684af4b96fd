"""Feedback of the demo: invented answers on the real path – sealed, handed in, counted."""

import datetime
import random

from django.utils import timezone

from curriculum.models import Cohort, Session
from evaluation.actions.counting import count_survey
from evaluation.actions.pooling import settle_withheld
from evaluation.actions.surveys import create_survey
from evaluation.ballots import Ballot, random_receipt, seal
from evaluation.demo.paper import SHEETS, a_little_worse, put_in_sheets, trial_run
from evaluation.models import Envelope, Invitation, Participation, Purpose, Question, QuestionKind, Survey
from evaluation.queries.invited import attended_session
from evaluation.queries.rules import rules_of
from evaluation.queries.timetable import plan_of
from evaluation.said import Key, Said

# Four of all who attended the last session answer: one too few for a result.
TOO_FEW = 4
# In the first session these had no telephone at hand.
ON_PAPER = 3
SKIPPING = 0.2
ABSTAINING = 0.06
WRITING = 0.45

# How often each value is chosen, from the lowest to the highest.
WEIGHTS: dict[str, list[int]] = {
    QuestionKind.AGREEMENT: [1, 2, 4, 10, 26, 20],
    QuestionKind.GRADE: [12, 30, 10, 3, 1, 0],
    QuestionKind.MIDDLE: [1, 5, 22, 8, 1],
}

# In the order of the three open questions.
TEXTS: list[list[str]] = [
    [
        "Netzwerke brauchen Zeit und jemanden, der sie pflegt.",
        "Das Netzwerkkarussell probiere ich in unserem Arbeitskreis aus.",
        "Wir haben im Tandem endlich über unsere Rollen gesprochen. Der Pfarrer am Nebentisch hat mir Mut gemacht.",
        "Klare Aufträge von oben machen die Arbeit vor Ort leichter.",
        "Andere Kommunen haben dieselben Fragen wie wir. Das tut gut.",
        "Die Verantwortungskaskade hänge ich mir ins Büro.",
        "Mehr Fragen stellen, weniger gleich Lösungen anbieten.",
        "Eine Netzwerkskizze mit den fehlenden Partnern.",
        "Kleine Schritte feiern.",
    ],
    [
        "Mehr Zeit für eigene Fälle.",
        "Beispiele aus kleinen Kommunen.",
        "Wie geht es weiter, wenn die Förderung ausläuft?",
        "Ein Überblick über Fördermittel.",
        "Eine längere Mittagspause, um sich auszutauschen.",
        "Der Umgang mit Partnern, die nicht mehr kommen.",
        "Nichts, es war rund.",
        "Datenschutz im Netzwerk wurde nur gestreift.",
    ],
    [
        "Die Erlebnisberichte unbedingt beibehalten.",
        "Nach einem halben Jahr ein Treffen aller Tandems.",
        "Führungs- und Koordinierungskräfte einen halben Tag gemeinsam arbeiten lassen.",
        "Die Unterlagen vorab schicken.",
        "Kleinere Gruppen bei den Fallbesprechungen.",
        "Genau so wieder.",
        "Einen Tag mehr für die Haltung.",
    ],
]


def fill_feedback(cohort: Cohort) -> None:
    """A closed feedback survey for each session of a past cohort; the last one has too few answers."""
    chance = random.Random(2017)  # noqa: S311 -- the same invented answers in every demo
    sessions = list(Session.objects.filter(cohort=cohort).with_dates().select_related("cohort", "module"))
    surveys = []
    for session in sessions:
        survey = past_survey(session)
        invitations = invite_attendants(survey)
        answering = [invitation for invitation in invitations if chance.random() > SKIPPING]
        if session == sessions[-1]:
            answering = answering[:TOO_FEW]
        if session == sessions[0]:
            answering = answering[:-ON_PAPER]
            put_in_sheets(survey, invented_sheets(survey, ON_PAPER, chance))
        hand_in(survey, answering, chance)
        surveys.append(survey)
    for survey in surveys:
        count_survey(survey)
    for key in {survey.questionnaire.key for survey in surveys}:
        settle_withheld(cohort.pk, key)


def past_survey(session: Session) -> Survey:
    plan = plan_of(rules_of(session.cohort)[Purpose.FEEDBACK], session)
    if plan is None:
        raise ValueError(f"{session} has no days")
    return create_survey(
        session.cohort, Purpose.FEEDBACK, session=session, opens_at=plan.opens_at, closes_at=plan.closes_at
    )


def invite_attendants(survey: Survey) -> list[Invitation]:
    day: datetime.date = timezone.localdate(survey.opens_at)
    return Invitation.objects.bulk_create(
        Invitation(survey=survey, registration=registration, mailed_on=day)
        for registration in attended_session(survey.session_id).order_by("pk")
    )


def hand_in(survey: Survey, answering: list[Invitation], chance: random.Random) -> None:
    """As `submit_ballot` does, for all at once."""
    questions = survey.questionnaire.questions()
    texts = [chance.sample(sentences, len(sentences)) for sentences in TEXTS]
    Participation.objects.bulk_create(Participation(invitation=invitation) for invitation in answering)
    Envelope.objects.bulk_create(
        Envelope(
            survey=survey,
            sealed=seal(
                survey,
                Ballot(invented_answers(questions, texts, chance), invitation.registration.role, random_receipt()),
            ),
        )
        for invitation in answering
    )


def invented_answers(questions: list[Question], texts: list[list[str]], chance: random.Random) -> dict[Key, Said]:
    """One ballot; the sentences that it uses are taken out of `texts`, so that nobody says them twice."""
    remaining = iter(texts)
    answers: dict[Key, Said] = {}
    for question in questions:
        if question.kind == QuestionKind.TEXT:
            sentences = next(remaining, [])
            if sentences and chance.random() < WRITING:
                answers[question.pk, None] = Said(text=sentences.pop())
        elif chance.random() > ABSTAINING:
            weights = WEIGHTS[question.kind]
            answers[question.pk, None] = Said(chance.choices(range(1, len(weights) + 1), weights)[0])
    return answers


def invented_sheets(survey: Survey, number: int, chance: random.Random) -> list[dict[Key, Said]]:
    """So many sheets of paper, on which nobody has written a text."""
    questions = survey.questionnaire.questions()
    return [invented_answers(questions, [], chance) for _ in range(number)]


def fill_trial_run(cohort: Cohort) -> Cohort:
    """The same sessions a year before, with feedback that was typed in from paper and is a little worse."""
    chance = random.Random(2016)  # noqa: S311 -- the same invented answers in every demo
    trial = trial_run(cohort)
    for session in trial.sessions.with_dates().select_related("cohort", "module"):
        survey = past_survey(session)
        kinds = {question.pk: question.kind for question in survey.questionnaire.questions()}
        sheets = invented_sheets(survey, chance.choice(SHEETS), chance)
        put_in_sheets(survey, [a_little_worse(answers, kinds, chance) for answers in sheets])
        count_survey(survey)
    return trial
