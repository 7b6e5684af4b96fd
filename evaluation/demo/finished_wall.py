"""The wall of the finished cohort at its first module: how it was sorted, weighed, and what was recommended.

All headings under the first question but the last are what 22 coordinators named in December 2017; the cards below
them, and everything else, are invented.
"""

from curriculum.models import Cohort
from evaluation.actions.walls import hide_cards, merge_columns, move_cards, rename_column, undo_step
from evaluation.demo.walls import card_of, column_of, hang_survey_words, put_questions, weigh, workshop_in
from evaluation.models import CardSource, GuidingQuestion, QuestionPurpose
from netzkoord.models import User

TITLE = "Was wir für unsere Netzwerke brauchen"
MODULE = "K1"
PEOPLE = 22
ABSTRACT = (
    "Kartenabfrage am ersten Tag des ersten Moduls. Die Überschriften unter der ersten Frage entsprechen, bis auf "
    "die letzte, dem, was 2017 wirklich genannt wurde; die Texte der Karten, die Punkte und die beiden anderen "
    "Fragen sind für diese Vorführung erfunden."
)
COMMITMENT, DUTIES = "Verbindlichkeit schaffen", "Zuständigkeiten"
DIGITAL, DIGITAL_AT_FIRST = "Digitale Formate", "Digitales"
MOTIVATION = "Motivation"
NEEDS = {
    "Klare Begriffe und Definitionen": ["Netzwerk oder Arbeitskreis?", "Eine Sprache für Amt und Träger"],
    "Kommunikation": ["Protokolle, die jemand liest", "Informationen versickern zwischen den Treffen"],
    "Ressourcen": ["Halbe Stelle, drei Netzwerke", "Sachmittel für Treffen", "Befristung bis Jahresende"],
    MOTIVATION: ["Dranbleiben, wenn nichts sichtbar wird", "Neue Partner gewinnen", "Ehrenamt nicht überlasten"],
    "Umgang mit Konkurrenz": ["Träger bewerben sich um dieselben Mittel", "Wer bekommt die Anerkennung?"],
    COMMITMENT: ["Beschlüsse bleiben liegen"],
    DUTIES: ["Wer sagt wem, was fällig ist?", "Vertretung regeln"],
    "Umgang mit eigener Überforderung": ["Nein sagen", "Zu viele Bälle in der Luft", "Abends abschalten"],
    DIGITAL_AT_FIRST: ["Treffen am Bildschirm leiten", "Gemeinsam an einem Dokument schreiben"],
}
# Whoever hung it up named somebody whom the others know.
TELLING = "Der Kollege aus dem Nachbaramt blockiert alles"
FROM_SURVEY = {
    "Ehrenamtliche einbinden, ohne sie zu überlasten.": MOTIVATION,
    "Sitzungen straffer moderieren.": "Kommunikation",
    "Wie man mit der eigenen Überforderung umgeht und auch einmal Nein sagt.": "Umgang mit eigener Überforderung",
}
COVERED = {
    "Ist dabei": ["Begriffe und Rolle, gleich heute", "Konkurrenz, in K3", "Verbindlichkeit, mit Übung in K2"],
    "Kommt zu kurz": ["Kommunikation zwischen den Treffen", "Motivation über lange Strecken"],
    "Fehlt": ["Digitale Formate kommen nicht vor"],
}
TEMPLATE = "Vorlage für Verabredungen mitgeben"
TOGETHER = "Führungskräfte einen halben Tag dazuholen"
ONLINE = "Zwischen den Modulen ein kurzes Treffen am Bildschirm"
RECOMMENDED = {
    "Für die nächsten Module": [TEMPLATE, "Mehr Zeit für eigene Fälle"],
    "Für den nächsten Durchgang": [TOGETHER, ONLINE],
}
QUESTIONS = [
    (QuestionPurpose.NEED, "Was brauchen Sie, damit Ihr Netzwerk wirkt?", NEEDS),
    (QuestionPurpose.COVERAGE, "Wird das, was Sie brauchen, durch die drei Module gedeckt?", COVERED),
    (QuestionPurpose.RECOMMENDATION, "Was empfehlen Sie uns für die Fortbildung?", RECOMMENDED),
]
# Two points each; the first two columns share the first place.
POINTS = {
    COMMITMENT: 9,
    "Ressourcen": 9,
    "Umgang mit Konkurrenz": 7,
    MOTIVATION: 6,
    "Klare Begriffe und Definitionen": 5,
    "Kommunikation": 4,
    "Umgang mit eigener Überforderung": 3,
    DIGITAL: 1,
}


def fill_finished_wall(cohort: Cohort, *, by: User) -> None:
    workshop, in_round = workshop_in(cohort, module=MODULE, people=PEOPLE, title=TITLE, abstract=ABSTRACT)
    needs, *_ = put_questions(workshop, in_round, QUESTIONS)
    needs.cards.create(round=in_round, text=TELLING, source=CardSource.PHONE)
    hang_survey_words(needs, in_round, FROM_SURVEY, by=by)
    sort_needs(needs, by=by)
    weigh(needs, people=PEOPLE, points=POINTS)


def sort_needs(question: GuidingQuestion, *, by: User) -> None:
    """The last steps before the points; the very last was a slip and is taken back."""
    hide_cards(question=question, cards=[card_of(question, TELLING).pk], by=by)
    rename_column(column=column_of(question, DIGITAL_AT_FIRST), title=DIGITAL, by=by)
    merge_columns(into=column_of(question, COMMITMENT), column=column_of(question, DUTIES), by=by)
    partners = card_of(question, "Neue Partner gewinnen")
    move_cards(question=question, cards=[partners.pk], column=column_of(question, "Ressourcen"), by=by)
    undo_step(question=question)
