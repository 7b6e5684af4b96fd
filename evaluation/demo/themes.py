"""The needs of the finished cohort of the demo: a wall at its first module, what came of it, and who serves it.

The seven headings are what 22 coordinators named in December 2017; the cards below them, and everything else, are
invented.
"""

import datetime
from dataclasses import dataclass

from curriculum.models import Cohort, SessionAudience, Unit
from evaluation.actions.counting import end_personal_surveys
from evaluation.actions.needs import take_up
from evaluation.models import Card, Coverage, CoverageDegree, GuidingQuestion, Need, QuestionPurpose, Workshop
from evaluation.queries.candidates import candidates_of

TITLE = "Was wir für unsere Netzwerke brauchen"
MODULE = "K1"
ABSTRACT = (
    "Kartenabfrage am ersten Tag des ersten Moduls. Die Überschriften entsprechen dem, was 2017 wirklich genannt "
    "wurde; die Texte der Karten sind für diese Vorführung erfunden."
)
COLUMNS: dict[str, list[str]] = {
    "Klare Begriffe und Definitionen": ["Netzwerk oder Arbeitskreis?", "Eine Sprache für Amt und Träger"],
    "Kommunikation": ["Protokolle, die jemand liest", "Informationen versickern zwischen den Treffen"],
    "Ressourcen": ["Halbe Stelle, drei Netzwerke", "Sachmittel für Treffen", "Befristung bis Jahresende"],
    "Motivation": ["Dranbleiben, wenn nichts sichtbar wird", "Neue Partner gewinnen", "Ehrenamt nicht überlasten"],
    "Umgang mit Konkurrenz": ["Träger bewerben sich um dieselben Mittel", "Wer bekommt die Anerkennung?"],
    "Verbindlichkeit schaffen": ["Beschlüsse bleiben liegen", "Wer sagt wem, was fällig ist?", "Vertretung regeln"],
    "Umgang mit eigener Überforderung": ["Nein sagen", "Zu viele Bälle in der Luft", "Abends abschalten"],
    "Digitale Formate": ["Treffen am Bildschirm leiten", "Gemeinsam an einem Dokument schreiben"],
}
PEOPLE = 22
MANAGER, COORDINATOR, BOTH = SessionAudience.MANAGER, SessionAudience.COORDINATOR, SessionAudience.BOTH
FULL, PARTLY = CoverageDegree.FULL, CoverageDegree.PARTLY


@dataclass(frozen=True)
class Planned:
    """A need: what it is made of, by the names of columns and topics and by words; and module, unit, degree."""

    title: str
    audience: SessionAudience
    sources: tuple[str, ...]
    serves: tuple[tuple[str, int, CoverageDegree], ...] = ()
    understanding: str = ""
    outcome: str = ""


NEEDS = [
    Planned(
        "Klare Begriffe und Definitionen",
        BOTH,
        (
            "Klare Begriffe und Definitionen",
            "Begriffe und Grundverständnis",
            "Klare Begriffe: Wann ist etwas ein Netzwerk und wann ein Arbeitskreis?",
            "Gemeinsame Definitionen, damit Amt und Träger vom Gleichen sprechen.",
        ),
        (("F", 1, FULL), ("K1", 2, FULL)),
        "Wörter, mit denen Amt, Träger und Politik dasselbe meinen.",
        "Die Begriffe stehen im Glossar der Fassung und lagen an jedem Termin aus.",
    ),
    Planned(
        "Rolle und Mandat klären",
        BOTH,
        (
            "Rolle und Mandat",
            "Wie ich ohne Weisungsrecht koordiniere.",
            "Rückendeckung aus der Leitung bekommen, ohne ständig darum zu bitten.",
            "Meine Rolle als Führungskraft: Was muss ich entscheiden, was lasse ich laufen?",
        ),
        (("F", 2, FULL), ("K1", 4, FULL)),
        "Wer im Tandem entscheidet was, und worauf kann sich die Koordination berufen?",
        "Jedes Tandem hat eine schriftliche Vereinbarung.",
    ),
    Planned(
        "Verbindlichkeit schaffen",
        COORDINATOR,
        ("Verbindlichkeit schaffen", "Verbindlichkeit und Ziele"),
        (("K2", 5, FULL),),
        "Dass Verabredungen aus den Treffen auch ohne Weisung umgesetzt werden.",
        "In K2 geübt; die Vorlage für Verabredungen ist beim Material.",
    ),
    Planned(
        "Umgang mit Konkurrenz",
        BOTH,
        (
            "Umgang mit Konkurrenz",
            "Konkurrenz, Macht, Konflikt",
            "Umgang mit Konkurrenz zwischen den Trägern, wenn es um Mittel geht.",
        ),
        (("K3", 2, FULL),),
        "Mit Trägern arbeiten, die sich um dieselben Mittel bewerben.",
    ),
    Planned(
        "Akteure gewinnen, Motivation halten",
        COORDINATOR,
        (
            "Motivation",
            "Akteure gewinnen und Motivation",
            "Motivation halten, auch wenn lange nichts sichtbar wird.",
        ),
        (("K2", 2, PARTLY), ("K3", 3, PARTLY)),
        "Partner finden, und dranbleiben, wenn Erfolge lange nicht sichtbar sind.",
    ),
    Planned(
        "Ressourcen sichern",
        BOTH,
        ("Ressourcen", "Ressourcen und Einbettung", "Ressourcen: Ich habe eine halbe Stelle für drei Netzwerke."),
        (("F", 3, FULL), ("K2", 4, PARTLY)),
        "Stellenanteile und Mittel, und wie man sie in Rat und Ausschuss begründet.",
    ),
    Planned(
        "Umgang mit eigener Überforderung",
        COORDINATOR,
        ("Umgang mit eigener Überforderung", "Haltung und Selbstmanagement"),
        (("K1", 6, FULL), ("K3", 4, FULL)),
        "Grenzen setzen und die eigene Kraft einteilen.",
    ),
    Planned(
        "Kommunikation zwischen den Treffen",
        COORDINATOR,
        ("Kommunikation", "Kommunikation zwischen den Treffen; Informationen versickern."),
        (("K2", 5, PARTLY),),
    ),
    Planned(
        "Wirkung zeigen",
        COORDINATOR,
        ("Wirkung und Evaluation", "Erfolge so zeigen, dass die Politik sie versteht."),
        (("K3", 5, FULL),),
    ),
    Planned("Digital zusammenarbeiten", COORDINATOR, ("Digitale Formate",)),
]


def fill_themes(cohort: Cohort) -> None:
    """The wall, the needs made of it and of the survey, and how the modules serve them."""
    end_personal_surveys()
    wall_of(cohort)
    units = {(unit.module.code, unit.position): unit for unit in units_of(cohort)}
    for planned in NEEDS:
        need = take_up_planned(cohort, planned)
        Coverage.objects.bulk_create(
            Coverage(need=need, module=units[code, place].module, unit=units[code, place], degree=degree)
            for code, place, degree in planned.serves
        )


def wall_of(cohort: Cohort) -> None:
    session = cohort.sessions.select_related("venue").get(module__code=MODULE)
    workshop = Workshop.objects.create(
        title=TITLE,
        event=str(cohort),
        abstract=ABSTRACT,
        held_on=session.days.earliest("date").date,
        place=session.city,
        session=session,
    )
    question = GuidingQuestion.objects.create(
        workshop=workshop,
        position=1,
        purpose=QuestionPurpose.NEED,
        text="Was brauchen Sie, damit Ihr Netzwerk wirkt?",
    )
    in_round = workshop.rounds.create(position=1, people_present=PEOPLE)
    for position, (title, texts) in enumerate(COLUMNS.items(), start=1):
        cluster = question.clusters.create(position=position, title=title)
        Card.objects.bulk_create(
            Card(guiding_question=question, round=in_round, cluster=cluster, text=text) for text in texts
        )


def units_of(cohort: Cohort) -> list[Unit]:
    return list(Unit.objects.filter(module__edition=cohort.edition_id).select_related("module"))


def take_up_planned(cohort: Cohort, planned: Planned) -> Need:
    """What is named of its sources; a text that nobody happened to write is missing."""
    named = {candidate.title or candidate.source.text: candidate.key for candidate in candidates_of(cohort).all}
    keys = [named[source] for source in planned.sources if source in named]
    need = take_up(need=Need(cohort=cohort, title=planned.title, audience=planned.audience), keys=keys)
    dated = Cohort.objects.with_dates().get(pk=cohort.pk)
    need.understanding, need.understood_on = planned.understanding, on_day(planned.understanding, dated.first_on)
    need.outcome, need.outcome_on = planned.outcome, on_day(planned.outcome, dated.last_on)
    need.save()
    return need


def on_day(text: str, day: datetime.date | None) -> datetime.date | None:
    return day if text else None
