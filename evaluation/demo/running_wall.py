"""The wall of the running cohort at its first session: sorted and weighed, and one question is still open."""

import uuid

from django.utils import timezone

from curriculum.models import Cohort
from evaluation.actions.hanging import hang_from_phone, hang_list
from evaluation.actions.walls import ask, move_cards
from evaluation.demo.walls import card_of, column_of, hang_survey_words, put_questions, weigh, workshop_in
from evaluation.models import CardSource, GuidingQuestion, QuestionPurpose, Round
from netzkoord.models import User

TITLE = "Was Leitungen brauchen, damit Koordination gelingt"
MODULE = "F"
ABSTRACT = (
    "Kartenabfrage zwischen den Terminen. Die Bedarfe sind geordnet und mit Punkten gewichtet. Die Frage nach "
    "Empfehlungen ist noch bis zum Ende des Tages offen: Mit dem Code lassen sich weiter Karten aufhängen."
)
MANDATE = "Auftrag geben und loslassen"
NEEDS = {
    MANDATE: ["Auftrag klar und schriftlich geben", "Was entscheide ich, was die Koordination?"],
    "Rat und Haushalt": [
        "Den Nutzen im Fachausschuss zeigen",
        "Stellenanteile über die Projektzeit hinaus",
        "Zahlen, die der Rat versteht",
    ],
    "Ämter an einen Tisch": [
        "Jugendamt und Schulamt planen getrennt",
        "Wer lädt ein, wenn drei Dezernate betroffen sind?",
    ],
    "Träger auf Augenhöhe": ["Kleine Träger nicht überrollen", "Offen über Konkurrenz um Mittel reden"],
    "Datenschutz im Netzwerk": [
        "Was dürfen wir über Familien austauschen?",
        "Einwilligungen, die alle verstehen",
        "Wer haftet für die gemeinsame Liste?",
    ],
}
FROM_SURVEY = {
    "Rückendeckung aus der Leitung bekommen, ohne ständig darum zu bitten.": MANDATE,
    "Meine Rolle als Führungskraft: Was muss ich entscheiden, was lasse ich laufen?": MANDATE,
    "Wie verankere ich das Netzwerk im Fachausschuss?": "Rat und Haushalt",
    "Umgang mit Konkurrenz zwischen den Trägern, wenn es um Mittel geht.": "Träger auf Augenhöhe",
}
# Written on paper by somebody without a phone.
ON_PAPER = "Mich heraushalten, ohne gleichgültig zu wirken"
COVERED = {
    "Ist vorgesehen": ["Rolle und Auftrag, heute Nachmittag", "Ressourcen sichern, morgen früh"],
    "Fehlt": ["Datenschutz", "Wie wir zwischen den Terminen in Verbindung bleiben"],
}
QUESTIONS = [
    (QuestionPurpose.NEED, "Was brauchen Sie, um Netzwerke zu ermöglichen?", NEEDS),
    (QuestionPurpose.COVERAGE, "Wird das durch unser Angebot gedeckt?", COVERED),
    (QuestionPurpose.RECOMMENDATION, "Was empfehlen Sie uns für die nächsten Termine?", {}),
]
CARDS_EACH = 3
# Hung up in this order, from so many phones; some say nearly the same.
FROM_PHONES = [
    "Beispiele aus kleinen Kommunen",
    "Ein kurzes Treffen am Bildschirm zwischen den Terminen",
    "Unterlagen eine Woche vorher schicken",
    "Die Koordinierungskräfte am zweiten Tag dazuholen",
    "Zwischen den Terminen ein Treffen am Bildschirm",
    "Mehr Beispiele aus kleinen Kommunen und Landkreisen",
    "Jemanden einladen, der sich mit Datenschutz auskennt",
]
# So many points together as all people have; the first two columns share the first place.
POINTS = {
    MANDATE: 5,
    "Datenschutz im Netzwerk": 5,
    "Rat und Haushalt": 4,
    "Ämter an einen Tisch": 3,
    "Träger auf Augenhöhe": 1,
}


def fill_running_wall(cohort: Cohort, *, people: int, by: User) -> None:
    today = timezone.localdate()
    workshop, in_round = workshop_in(
        cohort, module=MODULE, people=people, title=TITLE, abstract=ABSTRACT, held_on=today
    )
    needs, _, recommendations = put_questions(workshop, in_round, QUESTIONS)
    hang_survey_words(needs, in_round, FROM_SURVEY, by=by)
    hang_paper(needs, in_round, by=by)
    weigh(needs, people=people, points=POINTS)
    open_to_phones(recommendations, in_round)


def hang_paper(question: GuidingQuestion, in_round: Round, *, by: User) -> None:
    hang_list(question=question, in_round=in_round, texts=[ON_PAPER], key=uuid.uuid4(), source=CardSource.PAPER)
    card = card_of(question, ON_PAPER)
    move_cards(question=question, cards=[card.pk], column=column_of(question, MANDATE), by=by)


def open_to_phones(question: GuidingQuestion, in_round: Round) -> None:
    question.cards_each = CARDS_EACH
    question.save(update_fields=["cards_each"])
    ask(question=question, in_round=in_round)
    for text in FROM_PHONES:
        hang_from_phone(question=question, text=text, key=uuid.uuid4(), phone=uuid.uuid4().hex)
