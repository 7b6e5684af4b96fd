"""What a new programme proposes: aims, tracks, responsibility levels, competence areas, the kinds of networks.

Aims and levels follow the record of the workshop of 2017; everything is a proposal that organisers change.
"""

from curriculum.models import (
    Aim,
    Audience,
    CompetenceArea,
    Edition,
    GlossaryTerm,
    Responsibility,
    ResponsibilityLevel,
    Track,
)

# Stands in the draft until somebody takes it out; as long as it does, the draft cannot be published.
PROPOSAL_NOTE = (
    "Ziele, Angebote, Verantwortungsebenen, Kompetenzbereiche und Glossar sind Vorschläge. "
    "Bitte ändern Sie, was für Ihr Programm anders ist, und nehmen Sie danach diesen Hinweis heraus."
)

AIMS = (
    "Sie erkennen, wie die Akteure in Ihrer Kommune voneinander abhängen (Interdependenzen).",
    "Sie initiieren darauf aufbauende Netzwerke.",
    "Sie betten Netzwerke in das kommunale Geschehen ein: in die Kommunalpolitik, in das Verwaltungshandeln "
    "und in die Erbringung von Dienstleistungen vor Ort.",
    "Sie steuern den Prozess zielgerichtet.",
    "Sie evaluieren den Verlauf und die Ergebnisse.",
)

TRACKS = {
    Audience.MANAGER: "Wer in Verwaltung, Verbänden oder bei Trägern leitet: Netzwerke wollen, ermöglichen "
    "und verantworten.",
    Audience.COORDINATOR: "Wer in Verwaltung oder Zivilgesellschaft koordiniert: Netzwerke aufbauen und begleiten.",
}

AREAS = ("Fachkompetenz", "Methodenkompetenz", "Sozialkompetenz", "Selbstkompetenz")

# Level → guiding question, who is responsible, what typically comes of it.
LEVELS = {
    Responsibility.NORMATIVE: (
        "Wozu? Auftrag, Werte, Legitimation",
        "Verwaltung: Rat und Ausschüsse, (Ober-)Bürgermeisterin oder Bürgermeister, Beigeordnete. "
        "Zivilgesellschaft: Vorstände.",
        "Ratsbeschluss, Leitbild, Kooperationsauftrag",
    ),
    Responsibility.STRATEGIC: (
        "Was? Ziele, Struktur, Ressourcen",
        "Verwaltung: Amts- und Fachbereichsleitung, Steuerungsgruppe. "
        "Zivilgesellschaft: Geschäftsführung, Bereichsleitung.",
        "Zielvereinbarung, Stellenanteile, Netzwerkarchitektur",
    ),
    Responsibility.OPERATIVE: (
        "Wie? Koordination, Arbeit im Netzwerk",
        "Verwaltung: Netzwerkkoordination, Fachkräfte. Zivilgesellschaft: Einrichtungsleitung, Fachkräfte.",
        "Netzwerktreffen, Protokolle, Maßnahmen, Monitoring",
    ),
}

# Kind of network → explanation, examples; and below it what falls under it.
KINDS = {
    "Natürliche Netzwerke": (
        "Netzwerke, die aus persönlichen Beziehungen entstehen. Sie geben soziale Ressourcen.",
        "",
    ),
    "Professionelle Netzwerke": (
        "Netzwerke zwischen Organisationen. Sie geben fachliche Ressourcen und werden eigens aufgebaut "
        "und gesteuert.",
        "",
    ),
}
TERMS = (
    (
        "Natürliche Netzwerke",
        "Primäre Netzwerke",
        "Nicht organisiert: die engsten Beziehungen eines Menschen.",
        "Familie, Freundinnen und Freunde",
    ),
    (
        "Natürliche Netzwerke",
        "Sekundäre Netzwerke",
        "Gering bis stark organisiert: Menschen mit gemeinsamem Anliegen oder gemeinsamem Ort.",
        "Gering organisiert: Selbsthilfe, Nachbarschaft, Kollegenkreis. Stark organisiert: Vereine, Parteien.",
    ),
    (
        "Professionelle Netzwerke",
        "Tertiäre Netzwerke",
        "Organisationen arbeiten zusammen: im gemeinnützigen Sektor oder auf Märkten.",
        "Gemeinnütziger Sektor: institutionelle Kooperation im Sozialraum. Märkte: Produktions- und Händlernetze.",
    ),
)


def fill(edition: Edition) -> None:
    """Store the proposals in an empty draft; a fixed number of statements."""
    Aim.objects.bulk_create(
        Aim(edition=edition, position=position, text=text) for position, text in enumerate(AIMS, start=1)
    )
    Track.objects.bulk_create(
        Track(edition=edition, audience=audience, title=f"Angebot für {audience.label}", summary=summary)
        for audience, summary in TRACKS.items()
    )
    CompetenceArea.objects.bulk_create(
        CompetenceArea(edition=edition, position=position, name=name)
        for position, name in enumerate(AREAS, start=1)
    )
    ResponsibilityLevel.objects.bulk_create(
        ResponsibilityLevel(
            edition=edition,
            position=position,
            kind=kind,
            question=question,
            responsible=responsible,
            products=products,
        )
        for position, (kind, (question, responsible, products)) in enumerate(LEVELS.items(), start=1)
    )
    fill_glossary(edition)


def fill_glossary(edition: Edition) -> None:
    """Kinds and their terms, each kind directly before what falls under it."""
    order = [name for kind in KINDS for name in (kind, *(term for own, term, _, _ in TERMS if own == kind))]
    positions = {name: position for position, name in enumerate(order, start=1)}
    kinds = {
        row.term: row
        for row in GlossaryTerm.objects.bulk_create(
            GlossaryTerm(
                edition=edition, position=positions[term], term=term, definition=definition, examples=examples
            )
            for term, (definition, examples) in KINDS.items()
        )
    }
    GlossaryTerm.objects.bulk_create(
        GlossaryTerm(
            edition=edition,
            position=positions[term],
            parent=kinds[kind],
            term=term,
            definition=definition,
            examples=examples,
        )
        for kind, term, definition, examples in TERMS
    )
