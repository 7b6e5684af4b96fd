"""Needs of the demo: invented answers along what people like these really asked for."""

import datetime
import random

from django.utils import timezone

from curriculum.models import Cohort, Competence, Topic
from evaluation.actions.counting import end_personal_surveys
from evaluation.actions.inviting import invite
from evaluation.actions.surveys import create_survey
from evaluation.models import Invitation, Participation, PersonalAnswer, Purpose, Question, QuestionKind, Survey
from participants.models import Registration

# Two people of the past cohort have never answered.
SILENT = 2
WRITING = 0.7
OPEN_BEFORE_DAYS = 35
CLOSED_BEFORE_DAYS = 14
OPEN_FOR_DAYS = 21

# By the position of the topic: how important it is on average, and how well people can do it already.
IMPORTANCE = [3.2, 3.8, 3.5, 3.7, 3.3, 3.0, 3.4, 3.6, 2.9]
SKILL = [2.3, 2.0, 2.4, 1.7, 1.8, 3.0, 1.9, 2.1, 1.6]

# Answers to the first and to the second open question.
TEXTS: list[list[str]] = [
    [
        "Klare Begriffe: Wann ist etwas ein Netzwerk und wann ein Arbeitskreis?",
        "Gemeinsame Definitionen, damit Amt und Träger vom Gleichen sprechen.",
        "Wie ich ohne Weisungsrecht koordiniere.",
        "Verbindlichkeit schaffen: Wir beschließen viel und setzen wenig um.",
        "Umgang mit Konkurrenz zwischen den Trägern, wenn es um Mittel geht.",
        "Motivation halten, auch wenn lange nichts sichtbar wird.",
        "Kommunikation zwischen den Treffen; Informationen versickern.",
        "Ressourcen: Ich habe eine halbe Stelle für drei Netzwerke.",
        "Wie man mit der eigenen Überforderung umgeht und auch einmal Nein sagt.",
        "Rückendeckung aus der Leitung bekommen, ohne ständig darum zu bitten.",
        "Wie verankere ich das Netzwerk im Fachausschuss?",
        "Erfolge so zeigen, dass die Politik sie versteht.",
        "Ehrenamtliche einbinden, ohne sie zu überlasten.",
        "Meine Rolle als Führungskraft: Was muss ich entscheiden, was lasse ich laufen?",
        "Sitzungen straffer moderieren.",
    ],
    [
        "Wir haben im Tandem geklärt, wer was entscheidet.",
        "Ein gemeinsames Ziel, das alle Partner in einem Satz sagen können.",
        "Weniger Sitzungen, mehr Verabredungen.",
        "Ich kenne die drei wichtigsten Partner, die noch fehlen.",
        "Das Netzwerk läuft weiter, wenn die Projektstelle endet.",
        "Ich gehe gelassener in schwierige Runden.",
        "Der Ausschuss weiß, was das Netzwerk leistet.",
        "Meine Leitung kennt meinen Auftrag und steht dahinter.",
        "Ich habe eine Handvoll Methoden, die ich am nächsten Tag einsetzen kann.",
        "Konflikte kommen auf den Tisch, bevor sie groß werden.",
        "Ich tausche mich mit anderen Kommunen aus, auch nach der Fortbildung.",
        "Wir haben eine einfache Art, unsere Wirkung festzuhalten.",
        "Ich weiß, was ich weglassen kann.",
    ],
]


def fill_needs(cohort: Cohort) -> None:
    """The needs survey of a cohort: closed and answered if it has begun, else open; none without people."""
    if not Registration.objects.accepted().filter(cohort=cohort).exists():
        return
    first_on = Cohort.objects.with_dates().get(pk=cohort.pk).first_on
    if first_on and first_on <= timezone.localdate():
        fill_past_needs(cohort, first_on)
    else:
        now = timezone.now()
        invite(needs_survey(cohort, now, now + datetime.timedelta(days=OPEN_FOR_DAYS)))


def needs_survey(cohort: Cohort, opens_at: datetime.datetime, closes_at: datetime.datetime) -> Survey:
    return create_survey(cohort, Purpose.NEEDS, opens_at=opens_at, closes_at=closes_at)


def fill_past_needs(cohort: Cohort, first_on: datetime.date) -> None:
    start = timezone.make_aware(datetime.datetime.combine(first_on, datetime.time.min))
    opens_at = start - datetime.timedelta(days=OPEN_BEFORE_DAYS)
    survey = needs_survey(cohort, opens_at, start - datetime.timedelta(days=CLOSED_BEFORE_DAYS))
    people = Registration.objects.accepted().filter(cohort=cohort).order_by("pk")
    invitations = Invitation.objects.bulk_create(
        Invitation(survey=survey, registration=person, mailed_on=opens_at.date()) for person in people
    )
    answered = invitations[:-SILENT]
    chance = random.Random(2017)  # noqa: S311 -- the same invented answers in every demo
    decks = [chance.sample(texts, len(texts)) for texts in TEXTS]
    answers = [answer for invitation in answered for answer in invented_answers(invitation, survey, decks, chance)]
    PersonalAnswer.objects.bulk_create(answers)
    Participation.objects.bulk_create(Participation(invitation=invitation) for invitation in answered)
    end_personal_surveys()


def invented_answers(
    invitation: Invitation, survey: Survey, decks: list[list[str]], chance: random.Random
) -> list[PersonalAnswer]:
    """Ratings of all topics, and a text from each deck until it is used up: nobody says the same twice."""
    saved_at = survey.opens_at + datetime.timedelta(minutes=chance.randrange(20 * 24 * 60))
    texts = iter(decks)
    answers: list[PersonalAnswer] = []
    for question in survey.questionnaire.questions():
        if question.kind == QuestionKind.TOPICS:
            answers += ratings(question, survey.cohort, chance)
        elif question.kind == QuestionKind.COMPETENCES:
            answers += levels(question, invitation, chance)
        elif question.kind == QuestionKind.TEXT:
            deck = next(texts, [])
            if deck and chance.random() < WRITING:
                answers.append(PersonalAnswer(question=question, text=deck.pop()))
    for answer in answers:
        answer.invitation, answer.saved_at = invitation, saved_at
    return answers


def ratings(question: Question, cohort: Cohort, chance: random.Random) -> list[PersonalAnswer]:
    return [
        PersonalAnswer(
            question=question,
            topic=topic,
            number=around(IMPORTANCE[number % len(IMPORTANCE)], chance),
            skill=around(SKILL[number % len(SKILL)], chance),
        )
        for number, topic in enumerate(Topic.objects.filter(edition=cohort.edition_id))
    ]


def levels(question: Question, invitation: Invitation, chance: random.Random) -> list[PersonalAnswer]:
    """Self-ratings, 0 to 4, in the competences that the profile asks of this person's role."""
    asked = Competence.objects.filter(
        area__edition=invitation.survey.cohort.edition_id,
        profiles__track__audience=invitation.registration.role,
    )
    return [
        PersonalAnswer(question=question, competence=competence, number=chance.choice([0, 1, 1, 1, 2, 2, 3]))
        for competence in asked.distinct()
    ]


def around(mean: float, chance: random.Random) -> int:
    """A whole number from 1 to 4 near the mean."""
    return min(4, max(1, round(chance.gauss(mean, 0.7))))
