"""The Düsseldorf workshop of 14 June 2017 for the demo: frame of the record, invented card texts."""

import datetime
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from curriculum.models import Edition
from evaluation.actions.photos import add_photo
from evaluation.demo.paper_wall import paper_wall
from evaluation.models import (
    Card,
    Cluster,
    Feature,
    GuidingQuestion,
    QuestionPurpose,
    Recommendation,
    RecommendationDecision,
    RecommendationState,
    Round,
    Workshop,
)
from netzkoord.lib.photos import photo_of

ABSTRACT = (
    "Vorgestellt und diskutiert wurde das Fortbildungskonzept „Netzwerkkoordination in der Kommune“. Es "
    "verfolgt das Ziel, Führungskräfte und Mitarbeitende aus Kommunalverwaltungen und der "
    "Zivilgesellschaft (insbesondere Organisationen der Wohlfahrtspflege) zu qualifizieren, "
    "Interdependenzen zwischen Akteuren zu erkennen, darauf aufbauende Netzwerke zu initiieren, in das "
    "kommunale Geschehen der Kommunalpolitik, des Verwaltungshandelns und der Erbringung von "
    "Dienstleistungen vor Ort einzubetten, den Prozess zielgerichtet zu gestalten und den Verlauf sowie "
    "die Ergebnisse zu evaluieren. Im Workshop wurden Anregungen dazu gesammelt."
    "\n\n"
    "Hinweis: Rahmen, Erläuterung, Leitfragen und Empfehlungen stammen aus der Aufzeichnung von 2017. Die Karten "
    "lagen dort nur als Bild vor; ihre Texte, ihre Cluster, die Ergebnisse in Worten, die Fotos und der Stand der "
    "Empfehlungen sind für diese Vorführung erfunden."
)

EXPLANATION = (
    "Worüber reden wir? Grundverständnis von Netzwerken als neuer Steuerungsansatz in der Kommune und "
    "Differenzierung von Netzwerk-Arten"
    "\n"
    "Welche Kompetenzen und welche Einbettung werden gebraucht? Vorstellung der Kompetenzprofile in der "
    "Verantwortungskaskade von Führungskräften und Fachkräften"
    "\n"
    "Wie wird das im Fortbildungskonzept aufgegriffen? Kurze Darstellung der Fortbildungsangebote für Führungs- "
    "und Fachkräfte"
)

GUIDING_QUESTIONS = [
    (
        QuestionPurpose.NEED,
        "Welche Themen/Aspekte der Netzwerkarbeit interessieren Sie? Welchen Fortbildungs-Bedarf nehmen Sie wahr?",
    ),
    (
        QuestionPurpose.COVERAGE,
        "Wird der Fortbildungs-Bedarf, den Sie zu Beginn festgestellt hatten, durch das Angebot gedeckt?",
    ),
    (
        QuestionPurpose.RECOMMENDATION,
        "Welche Empfehlungen geben Sie für die weitere Ausgestaltung der Fortbildungsangebote "
        "für Führungs- und Fachkräfte?",
    ),
]

RESULTS = {
    QuestionPurpose.COVERAGE: (
        "Der genannte Bedarf wird überwiegend gedeckt. Nur teilweise kommen Konkurrenz zwischen Trägern, Ehrenamt "
        "und Wirkung vor; digitale Formate fehlen."
    ),
    QuestionPurpose.RECOMMENDATION: (
        "Empfohlen wurden drei Merkmale für die Durchführung: Erlebnisberichte, die Arbeit an der Haltung und "
        "Tandems aus einer Stadt."
    ),
}

ROUNDS = {1: 22, 2: 8}

DECIDED_AT = datetime.datetime(2017, 9, 4, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))

# Heading → cards of the first and of the second round.
Columns = Mapping[str, tuple[list[str], list[str]]]
# Every text is invented.
CLUSTERS: Columns = {
    "Begriffe & Grundverständnis": (
        ["Was ist ein Netzwerk, was ein Arbeitskreis?", "Gemeinsame Definitionen", "Netzwerk-Arten unterscheiden"],
        ["Abgrenzung Gremium und Netzwerk"],
    ),
    "Rolle & Mandat": (
        ["Auftrag der Leitung klären", "Koordinieren ohne Weisungsrecht", "Erwartungen von Trägern und Amt"],
        ["Rückendeckung aus dem Dezernat"],
    ),
    "Akteure gewinnen & Motivation": (
        ["Wen brauchen wir wirklich?", "Ehrenamt einbinden", "Motivation halten"],
        ["Nutzen sichtbar machen"],
    ),
    "Verbindlichkeit & Ziele": (
        ["Beschlüsse werden nicht umgesetzt", "Gemeinsame Ziele formulieren", "Kooperationsvereinbarung"],
        ["Von der netten Runde zum Ergebnis"],
    ),
    "Konkurrenz, Macht, Konflikt": (
        ["Träger konkurrieren um Mittel", "Umgang mit Blockierern", "Augenhöhe"],
        ["Finanzielle Abhängigkeit"],
    ),
    "Kommunikation & Moderation": (
        ["Sitzungen straffer moderieren", "Informationsfluss zwischen den Treffen"],
        ["Digitale Formate"],
    ),
    "Ressourcen & Einbettung": (
        ["Keine Stellenanteile", "Verankerung in Rat und Fachausschuss", "Befristete Projektstelle"],
        ["Schnittstellen der Ämter"],
    ),
    "Haltung & Selbstmanagement": (
        ["Eigene Überforderung", "Viele Bälle gleichzeitig", "Nein sagen"],
        ["Die eigene Geschichte reflektieren"],
    ),
    "Wirkung & Evaluation": (["Erfolg messbar machen"], ["Bericht an die Politik"]),
}

COVERED: Columns = {
    "Ja": (
        ["Begriffe und Netzwerk-Arten", "Rolle und Mandat, für beide Zielgruppen", "Verbindlichkeit und Ziele"],
        ["Ressourcen und Einbettung"],
    ),
    "Teilweise": (["Konkurrenz zwischen Trägern", "Ehrenamt einbinden"], ["Wirkung zeigen"]),
    "Nicht": (["Digitale Formate"], []),
}
REPORTS, ATTITUDE, TANDEMS = (
    "Erlebnisberichte fest einplanen",
    "Haltung biographisch bearbeiten",
    "Tandems bevorzugt aufnehmen",
)
MARKS: Columns = {"Besondere Merkmale für die Durchführung": ([REPORTS, ATTITUDE], [TANDEMS])}

RECOMMENDED = [
    (
        REPORTS,
        Feature.PRACTICE_REPORTS,
        "Erlebnisberichten von Netzwerkpraktikerinnen und -praktikern besonderen Stellenwert einräumen "
        "(„Das Menschliche sichtbar machen.“)",
        RecommendationState.ACCEPTED,
        "Erlebnisberichte sind eigene Bausteine; die Fassung zeigt, in welchen Modulen. Die nächste gibt auch dem "
        "K2 einen.",
    ),
    (
        ATTITUDE,
        Feature.ATTITUDE,
        "Die Haltung zum Thema machen und dazu die eigene Lebensgeschichte reflektieren lassen („Herzensbildung“)",
        RecommendationState.ACCEPTED,
        "Das erste Modul arbeitet mit der Lebenslinie. Weitere Module folgen mit der nächsten Fassung.",
    ),
    (
        TANDEMS,
        Feature.TANDEMS,
        "Möglichst Tandems von Führungskraft und Koordinierungskraft aus einer Stadt als Teilnehmende aufnehmen",
        RecommendationState.ACCEPTED,
        "Vollständige Tandems werden schon zuerst aufgenommen. Die nächste Fassung sagt es, und die "
        "Tandemvereinbarung bekommt mehr Zeit.",
    ),
]


def fill_workshop(edition: Edition) -> Workshop:
    """The workshop in which this edition was presented; a second call changes nothing."""
    if existing := Workshop.objects.filter(edition=edition).first():
        return existing
    workshop = Workshop.objects.create(
        title="Kompetenzen von Netzwerkkoordinatorinnen und Netzwerkkoordinatoren",
        event="Tagung „Vernetzte Kommune“",
        abstract=ABSTRACT,
        explanation=EXPLANATION,
        held_on=datetime.date(2017, 6, 14),
        place="Düsseldorf",
        edition=edition,
    )
    questions = [
        GuidingQuestion.objects.create(
            workshop=workshop, position=position, purpose=purpose, text=text, result=RESULTS.get(purpose, "")
        )
        for position, (purpose, text) in enumerate(GUIDING_QUESTIONS, start=1)
    ]
    rounds = [
        Round.objects.create(workshop=workshop, position=position, people_present=people)
        for position, people in ROUNDS.items()
    ]
    for question, columns in zip(questions, (CLUSTERS, COVERED, MARKS), strict=True):
        fill_wall(question, rounds, columns)
    fill_photos(workshop, rounds)
    fill_recommendations(workshop, questions[-1])
    return workshop


def fill_photos(workshop: Workshop, rounds: list[Round]) -> None:
    """The wall of needs as it hung in each round."""
    for number, in_round in enumerate(rounds):
        columns = {title: texts[number] for title, texts in CLUSTERS.items()}
        count = sum(map(len, columns.values()))
        first, *_, last = columns
        alt = (
            f"Packpapier mit {len(columns)} weißen Überschriften von „{first}“ bis „{last}“; "
            f"darunter hängen {count} beschriebene Karten in Gelb, Grün, Blau und Rosa."
        )
        add_photo(workshop=workshop, photo=photo_of(paper_wall(columns)), alt=alt, in_round=in_round)


def fill_recommendations(workshop: Workshop, question: GuidingQuestion) -> None:
    cards = {card.text: card for card in question.cards.select_related("round")}
    entered = [
        Recommendation.objects.create(
            workshop=workshop,
            round=cards[words].round,
            card=cards[words],
            feature=feature,
            text=text,
            state=state,
            reason=reason,
            decided_on=DECIDED_AT.date(),
        )
        for words, feature, text, state, reason in RECOMMENDED
    ]
    RecommendationDecision.objects.bulk_create(
        RecommendationDecision(recommendation=entry, state=entry.state, reason=entry.reason, decided_at=DECIDED_AT)
        for entry in entered
    )


def fill_wall(question: GuidingQuestion, rounds: list[Round], columns: Columns) -> None:
    for position, (title, texts_by_round) in enumerate(columns.items(), start=1):
        cluster = Cluster.objects.create(guiding_question=question, position=position, title=title)
        Card.objects.bulk_create(
            Card(guiding_question=question, round=in_round, cluster=cluster, text=text)
            for in_round, texts in zip(rounds, texts_by_round, strict=True)
            for text in texts
        )
