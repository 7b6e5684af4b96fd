"""The needs of the demo's cohorts: made of their walls and surveys, and how the modules serve them; invented."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from curriculum.models import Cohort, SessionAudience, Unit
from evaluation.actions.needs import take_up
from evaluation.models import Coverage, CoverageDegree, Need
from evaluation.queries.candidates import candidates_of

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


# Two of these needs come back twice: of the third cohort in a row it can be said that they were never covered.
TRIAL = [
    Planned("Klare Begriffe und Definitionen", BOTH, ("Begriffe",), (("F", 1, FULL), ("K1", 2, FULL))),
    Planned("Umgang mit Konkurrenz", COORDINATOR, ("Konkurrenz unter Trägern",), (("K3", 2, FULL),)),
    Planned(
        "Ressourcen sichern",
        BOTH,
        ("Zeit und Geld",),
        (("K2", 4, PARTLY),),
        "Wie man mit wenig Zeit und ohne eigenen Haushaltstitel auskommt.",
        "Seit dem ersten Durchgang auch in F, für die Führungskräfte.",
    ),
    Planned(
        "Kommunikation zwischen den Treffen",
        COORDINATOR,
        ("Zwischen den Treffen in Verbindung bleiben",),
        (("K2", 5, PARTLY),),
    ),
]


FINISHED = [
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
        "Für die Koordinierungskräfte blieb die Zeit zu kurz; der nächste Durchgang ist vorgewarnt.",
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
        outcome="Jedes Tandem verabredet am Ende eines Termins, wer wen bis wann anruft; das genügt nicht.",
    ),
    Planned(
        "Wirkung zeigen",
        COORDINATOR,
        ("Wirkung und Evaluation", "Erfolge so zeigen, dass die Politik sie versteht."),
        (("K3", 5, FULL),),
    ),
    Planned("Digital zusammenarbeiten", COORDINATOR, ("Digitale Formate",)),
]


RUNNING = [
    Planned(
        "Auftrag geben, Auftrag haben",
        BOTH,
        ("Auftrag geben und loslassen", "Rolle und Mandat", "Wie ich ohne Weisungsrecht koordiniere."),
        (("F", 2, FULL), ("K1", 4, FULL)),
        "Ein schriftlicher Auftrag, der sagt, was die Leitung entscheidet und was die Koordination.",
    ),
    Planned(
        "Rat und Haushalt überzeugen",
        BOTH,
        (
            "Rat und Haushalt",
            "Ressourcen und Einbettung",
            "Ressourcen: Ich habe eine halbe Stelle für drei Netzwerke.",
        ),
        (("F", 3, FULL), ("K2", 4, PARTLY)),
        "Stellenanteile und Mittel über die Projektzeit hinaus, mit Zahlen, die der Rat versteht.",
    ),
    Planned("Ämter an einen Tisch", MANAGER, ("Ämter an einen Tisch",), (("F", 4, PARTLY),)),
    Planned(
        "Datenschutz im Netzwerk",
        BOTH,
        ("Datenschutz im Netzwerk",),
        understanding="Was Partner über Familien austauschen dürfen, und womit sie das absichern.",
    ),
    Planned(
        "Mit Konkurrenz umgehen",
        COORDINATOR,
        ("Träger auf Augenhöhe", "Konkurrenz, Macht, Konflikt"),
        (("K3", 2, FULL),),
    ),
    Planned(
        "Verbindlichkeit schaffen",
        COORDINATOR,
        (
            "Verbindlichkeit und Ziele",
            "Verbindlichkeit schaffen: Wir beschließen viel und setzen wenig um.",
        ),
        (("K2", 5, FULL), ("K3", 6, FULL)),
        "Dass Verabredungen aus den Treffen auch ohne Weisung umgesetzt werden.",
    ),
    Planned(
        "Akteure gewinnen, Motivation halten",
        COORDINATOR,
        (
            "Akteure gewinnen und Motivation",
            "Motivation halten, auch wenn lange nichts sichtbar wird.",
            "Ehrenamtliche einbinden, ohne sie zu überlasten.",
        ),
        (("K2", 2, FULL), ("K3", 3, PARTLY)),
    ),
    Planned(
        "Kommunikation zwischen den Treffen",
        COORDINATOR,
        ("Kommunikation zwischen den Treffen; Informationen versickern.", "Sitzungen straffer moderieren."),
        (("K2", 5, PARTLY),),
    ),
    Planned(
        "Eigene Kräfte einteilen",
        COORDINATOR,
        (
            "Haltung und Selbstmanagement",
            "Wie man mit der eigenen Überforderung umgeht und auch einmal Nein sagt.",
        ),
        (("K1", 6, FULL), ("K3", 4, FULL)),
    ),
    Planned(
        "Wirkung zeigen",
        COORDINATOR,
        ("Wirkung und Evaluation", "Erfolge so zeigen, dass die Politik sie versteht."),
        (("K3", 5, FULL),),
    ),
]


def fill_themes(cohort: Cohort, needs: Sequence[Planned]) -> None:
    """The needs made of walls and survey, and how the modules serve them."""
    units = {(unit.module.code, unit.position): unit for unit in units_of(cohort)}
    for planned in needs:
        need = take_up_planned(cohort, planned)
        Coverage.objects.bulk_create(
            Coverage(need=need, module=units[code, place].module, unit=units[code, place], degree=degree)
            for code, place, degree in planned.serves
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
