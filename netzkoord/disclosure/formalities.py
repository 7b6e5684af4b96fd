"""What else Art. 15(1) and (2) ask for: purposes, categories, recipients, periods, rights, source.

What only the organisation knows stands on its page on data protection, which every information carries at its end.
"""

from dataclasses import dataclass

from netzkoord.disclosure import Disclosure

AT_THE_END = "in den Datenschutzhinweisen am Ende dieser Auskunft"


@dataclass(frozen=True)
class Formality:
    """One letter of the paragraph, and the answer."""

    title: str
    text: str


def formalities(disclosure: Disclosure) -> list[Formality]:
    return [
        Formality("Wer verantwortlich ist", f"Name, Anschrift und Kontakt stehen {AT_THE_END}."),
        Formality(
            "Wozu (Buchstabe a)",
            "Um die Fortbildung zu planen, Plätze zu vergeben, zu ihr einzuladen, sie auszuwerten und die "
            f"Teilnahme zu bescheinigen. Zweck und Rechtsgrundlage je Verarbeitung stehen {AT_THE_END}.",
        ),
        Formality("Welche Daten (Buchstabe b)", categories(disclosure)),
        Formality(
            "Wer sie bekommt (Buchstabe c)",
            "Die Organisation der Fortbildung. Trainerinnen und Trainer Ihrer Termine: Name, Kommune, Rolle, "
            "Anwesenheit und Vermerke dazu. Die andere Person in Ihrem Tandem: Name und Rolle; Angaben aus der "
            "Bedarfserhebung nur, wenn Sie beide sie einander freigegeben haben. Teilnehmende Ihres Durchgangs: "
            "was auf der Teilnehmendenliste steht, wenn Sie eingewilligt haben. Wer den Code einer Bescheinigung "
            f"hat: was auf ihr steht. Dienstleister und Fördermittelgeber stehen {AT_THE_END}.",
        ),
        Formality("Wie lange (Buchstabe d)", f"Die Fristen stehen {AT_THE_END}."),
        Formality(
            "Ihre Rechte (Buchstabe e)",
            "Sie können verlangen, dass Daten berichtigt, gelöscht oder nur eingeschränkt verarbeitet werden, und "
            "der Verarbeitung widersprechen. Eine Einwilligung widerrufen Sie auf der Seite Ihrer Anmeldung. "
            f"Näheres steht {AT_THE_END}.",
        ),
        Formality(
            "Beschwerde (Buchstabe f)",
            f"Sie können sich bei einer Aufsichtsbehörde beschweren. Welche zuständig ist, steht {AT_THE_END}.",
        ),
        Formality("Woher die Daten kommen (Buchstabe g)", "Das steht am Anfang jedes Abschnitts."),
        Formality(
            "Automatisierte Entscheidungen (Buchstabe h)",
            "Über Anmeldungen entscheidet die Organisation; die Regel der Ausschreibung ordnet sie nur. Rückt die "
            "Warteliste von selbst nach, bietet die Plattform freie Plätze in dieser Reihenfolge an. Ein Profil "
            "von Ihnen wird nicht gebildet.",
        ),
        Formality(
            "Andere Länder (Absatz 2)",
            "Die Plattform selbst übermittelt nichts in ein Land außerhalb der Europäischen Union. Ob ein "
            f"Dienstleister es tut, steht {AT_THE_END}.",
        ),
    ]


def categories(disclosure: Disclosure) -> str:
    """The sections in which anything stands."""
    found = [section.title for section in disclosure.sections if section.count]
    return f"{'; '.join(found)}. Jede Kategorie hat unten ihren Abschnitt."
