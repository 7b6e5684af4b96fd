"""The wall of the trial run, typed in from paper a year before everything else; all of it is invented."""

from curriculum.models import Cohort
from evaluation.demo.walls import put_questions, workshop_in
from evaluation.models import Card, CardSource, QuestionPurpose

TITLE = "Was Sie von der Erprobung erwarten"
MODULE = "K1"
PEOPLE = 16
ABSTRACT = (
    "Kartenabfrage auf Papier, am ersten Tag des ersten Moduls; danach abgetippt. Die Karten sind für diese "
    "Vorführung erfunden."
)
COMMUNICATION, RESOURCES = "Zwischen den Treffen in Verbindung bleiben", "Zeit und Geld"
NEEDS = {
    "Begriffe": ["Was ist ein Netzwerk, was eine Runde?", "Wörter, die auch das Schulamt versteht"],
    COMMUNICATION: ["Wer erfährt was, und wann?", "Verteiler, die niemand pflegt", "Anrufe, die ins Leere gehen"],
    RESOURCES: [
        "Viertelstelle neben dem Tagesgeschäft",
        "Kein eigener Haushaltstitel",
        "Jedes Jahr neu beantragen",
        "Vertretung in den Ferien",
    ],
    "Konkurrenz unter Trägern": ["Dieselben Mittel, drei Anträge", "Wer darf auf das Foto?"],
}
QUESTIONS = [(QuestionPurpose.NEED, "Was brauchen Sie für die Arbeit mit Netzwerken?", NEEDS)]


def fill_trial_wall(cohort: Cohort) -> None:
    workshop, in_round = workshop_in(cohort, module=MODULE, people=PEOPLE, title=TITLE, abstract=ABSTRACT)
    put_questions(workshop, in_round, QUESTIONS)
    Card.objects.filter(guiding_question__workshop=workshop).update(source=CardSource.PAPER)
