"""The questionnaires that come with the product, in own words; every one is a proposal that can be changed."""

from decimal import Decimal
from typing import NamedTuple

from curriculum.models import Audience
from evaluation.models import DEFAULT_ENDS, Purpose, QuestionKind

MANAGERS, COORDINATORS = Audience.MANAGER, Audience.COORDINATOR


class Item(NamedTuple):
    """A question; `options` and `after` are stored as rows of their own.

    `after` is the text of an earlier question with the places of those of its options that lead here.
    """

    kind: QuestionKind
    text: str
    low_label: str = ""
    high_label: str = ""
    hint: str = ""
    can_abstain: bool = False
    audience: str = ""
    good_within: Decimal | None = None
    poor_beyond: Decimal | None = None
    options: tuple[str, ...] = ()
    after: tuple[str, list[int]] | None = None


class Part(NamedTuple):
    title: str
    items: list[Item]
    intro: str = ""


class Proposal(NamedTuple):
    title: str
    intro: str
    parts: list[Part]


# How far a mean may be from the ideal value to be good, and from where on it is poor.
BANDS = {
    QuestionKind.AGREEMENT: ("1.0", "2.0"),
    QuestionKind.GRADE: ("1.0", "2.0"),
    QuestionKind.TEN: ("2.0", "4.0"),
    QuestionKind.MIDDLE: ("0.5", "1.0"),
}


def scale(
    kind: QuestionKind, text: str, low: str = "", high: str = "", *, hint: str = "", audience: str = ""
) -> Item:
    """A scale with its bands, on which one may abstain; without words those that are usual for the kind."""
    low_label, high_label = (low, high) if low else DEFAULT_ENDS[kind]
    good, poor = map(Decimal, BANDS[kind])
    return Item(
        kind,
        text,
        low_label,
        high_label,
        hint,
        can_abstain=True,
        audience=audience,
        good_within=good,
        poor_beyond=poor,
    )


def agree(text: str, *, audience: str = "") -> Item:
    return scale(QuestionKind.AGREEMENT, text, audience=audience)


def middle(text: str, low: str, high: str) -> Item:
    return scale(QuestionKind.MIDDLE, text, low, high, hint="3 ist genau richtig.")


def grade(text: str) -> Item:
    return scale(QuestionKind.GRADE, text, hint="1 ist die beste Note.")


def write(text: str, *, audience: str = "") -> Item:
    return Item(QuestionKind.TEXT, text, audience=audience)


CODE = Part(
    "Ihr Code",
    [
        Item(
            QuestionKind.CODE,
            "Ihr persönlicher Code",
            hint=(
                "Sechs Zeichen: die ersten zwei Buchstaben des Vornamens Ihrer Mutter, der Tag Ihres eigenen "
                "Geburtstags mit zwei Ziffern, die letzten zwei Buchstaben Ihres Geburtsorts. "
                "Beispiel: Maria, 7. Mai, Bremen ergibt MA07EN."
            ),
        )
    ],
    intro=(
        "Mit dem Code lassen sich Ihre Angaben zu Beginn, am Ende und einige Monate später vergleichen, ohne dass "
        "jemand weiß, von wem sie sind. Bilden Sie ihn jedes Mal gleich; gespeichert wird nicht der Code, sondern "
        "nur eine Prüfsumme, und ausgewertet wird nur, was mehrere zusammen ergeben."
    ),
)


def competences(intro: str) -> Part:
    return Part(
        "Was Sie können",
        [
            Item(
                QuestionKind.COMPETENCES,
                "Wo stehen Sie heute?",
                hint="Wählen Sie je Kompetenz die Stufe, deren Beschreibung am ehesten auf Sie passt.",
                can_abstain=True,
            )
        ],
        intro=intro,
    )


NEEDS = Proposal(
    title="Ihr Bedarf vor der Fortbildung",
    intro="Damit die Fortbildung zu Ihnen passt, möchten wir vorher wissen, was Sie brauchen.",
    parts=[
        Part(
            "Ihr Bedarf",
            [
                write(
                    "Welche Themen und Aspekte der Netzwerkarbeit interessieren Sie? "
                    "Welchen Fortbildungsbedarf nehmen Sie wahr?"
                )
            ],
        ),
        Part(
            "Themen",
            [Item(QuestionKind.TOPICS, "Wie wichtig ist Ihnen das Thema, und wie viel können Sie schon?")],
        ),
        competences("Das hilft, die Termine vorzubereiten. Es ist keine Prüfung, und niemand vergleicht Sie."),
        Part("Nach der Fortbildung", [write("Was soll nach dem Kurs anders sein?")]),
    ],
)

START = Proposal(
    title="Selbsteinschätzung zu Beginn",
    intro="Am Ende der Fortbildung und einige Monate danach fragen wir noch einmal dasselbe.",
    parts=[CODE, competences("Schätzen Sie sich so ein, wie Sie heute arbeiten.")],
)

FEEDBACK = Proposal(
    title="Rückmeldung zum Termin",
    intro="Was war gut, was können wir besser machen? Das dauert etwa fünf Minuten.",
    parts=[
        Part(
            "Inhalt",
            [
                agree("Die Ziele des Moduls waren mir klar."),
                agree("Die Inhalte passten zu meinem Bedarf."),
                agree("Theorie und Praxis standen in gutem Verhältnis."),
                agree("Ich konnte eigene Fälle einbringen."),
                agree("Die Erlebnisberichte aus der Praxis haben mir geholfen."),
            ],
        ),
        Part(
            "Methoden und Trainer/innen",
            [
                agree("Die Methoden (zum Beispiel das Netzwerkkarussell) waren hilfreich."),
                agree("Die Trainerinnen und Trainer haben verständlich erklärt."),
                agree("Auf Fragen wurde eingegangen."),
                agree("Über meine eigene Haltung konnte ich nachdenken."),
            ],
        ),
        Part(
            "Austausch und Umsetzung",
            [
                agree("Der Austausch mit anderen Kommunen war wertvoll."),
                agree("Ich weiß, was ich als Nächstes im Tandem umsetze."),
            ],
        ),
        Part(
            "Rahmen",
            [
                agree("Organisation und Information vorab waren gut."),
                agree("Ort und Rahmen haben gepasst."),
                middle("Das Tempo war", "zu langsam", "zu schnell"),
                middle("Das Niveau war", "zu leicht", "zu schwer"),
            ],
        ),
        Part(
            "Insgesamt",
            [
                grade("Welche Schulnote geben Sie dem Termin insgesamt?"),
                agree("Ich empfehle die Fortbildung weiter."),
            ],
        ),
        Part(
            "In Ihren Worten",
            [
                write("Was nehmen Sie mit?"),
                write("Was hat gefehlt?"),
                write("Was empfehlen Sie für die nächste Durchführung?"),
            ],
        ),
    ],
)

END = Proposal(
    title="Zum Abschluss der Fortbildung",
    intro="Wo stehen Sie jetzt, und war gedeckt, was Sie brauchten? Das dauert etwa zehn Minuten.",
    parts=[
        CODE,
        Part(
            "Ihre Bedarfe",
            [
                Item(
                    QuestionKind.COVERAGE,
                    "Ist gedeckt worden, was Sie gebraucht haben?",
                    hint="Diese Bedarfe hat der Durchgang genannt.",
                )
            ],
            intro="Ihr Urteil wird mit dem der anderen zusammengezählt; einzeln wird es nicht gespeichert.",
        ),
        Part(
            "Die Fortbildung im Ganzen",
            [
                agree("Die Module haben aufeinander aufgebaut."),
                agree("Die Erlebnisberichte haben mir gezeigt, wie es anderswo gelingt."),
                agree("Ich sehe meine Rolle im Netzwerk heute klarer."),
                agree("Die Arbeit im Tandem hat uns weitergebracht."),
                agree("Ich traue mir zu, das Gelernte umzusetzen."),
                agree("Ich weiß, welchen Auftrag und welche Mittel die Koordination braucht."),
                agree("Ich habe Werkzeuge, die ich in meinem Netzwerk einsetzen werde."),
                grade("Welche Schulnote geben Sie der Fortbildung insgesamt?"),
                scale(
                    QuestionKind.TEN,
                    "Wie wahrscheinlich ist es, dass Sie die Fortbildung einer Kollegin empfehlen?",
                ),
            ],
        ),
        Part(
            "In Ihren Worten",
            [
                write("Was hat sich für Sie oder Ihr Netzwerk schon verändert?"),
                write("Welcher Bedarf ist offen geblieben?"),
                write("Was empfehlen Sie für die weitere Gestaltung des Angebots?"),
            ],
        ),
        competences("Dieselben Fragen wie zu Beginn. Schätzen Sie sich so ein, wie Sie heute arbeiten."),
    ],
)

APPLIED = "Haben Sie seit der Fortbildung etwas daraus umgesetzt?"

TRANSFER = Proposal(
    title="Einige Monate danach",
    intro="Was ist von der Fortbildung in Ihrer Arbeit angekommen? Das dauert etwa zehn Minuten.",
    parts=[
        CODE,
        Part(
            "Umsetzung",
            [
                Item(
                    QuestionKind.SINGLE,
                    APPLIED,
                    options=("Ja, mehreres", "Ja, eine Sache", "Wir haben damit begonnen", "Noch nichts"),
                )
            ],
        ),
        Part(
            "Was daraus geworden ist",
            [
                Item(
                    QuestionKind.MULTIPLE,
                    "Womit haben Sie die Netzwerkarbeit unterstützt?",
                    audience=MANAGERS,
                    options=(
                        "Auftrag oder Beschluss",
                        "Arbeitszeit oder Stellenanteile",
                        "Geld oder Räume",
                        "Rückhalt gegenüber anderen Ämtern und Trägern",
                        "Eigene Teilnahme an Treffen",
                        "Mit nichts davon",
                    ),
                ),
                write(
                    "Was haben Sie als Führungskraft seitdem entschieden oder auf den Weg gebracht?",
                    audience=MANAGERS,
                ),
                Item(
                    QuestionKind.MULTIPLE,
                    "Was haben Sie aus der Fortbildung angewendet?",
                    audience=COORDINATORS,
                    options=(
                        "Netzwerk gezeichnet oder ausgewertet",
                        "Ziele mit den Partnern geklärt",
                        "Rolle und Auftrag geklärt",
                        "Neue Partner gewonnen",
                        "Eine Methode aus dem Kurs eingesetzt",
                        "Ergebnisse überprüft",
                        "Nichts davon",
                    ),
                ),
                write("Was ist dadurch in Ihrem Netzwerk anders?", audience=COORDINATORS),
                agree("Die Koordination hat Zeit und Auftrag, die sie braucht.", audience=MANAGERS),
                agree("Meine Führungskraft unterstützt die Netzwerkarbeit.", audience=COORDINATORS),
                agree("Im Tandem stimmen wir uns regelmäßig ab."),
                Item(
                    QuestionKind.MULTIPLE,
                    "Was hat Sie bisher gehindert?",
                    options=("Zeit", "Auftrag", "Rückhalt", "Geld", "Partner", "Wechsel der Aufgabe", "Anderes"),
                    after=(APPLIED, [3, 4]),
                ),
            ],
        ),
        Part(
            "In Ihren Worten",
            [
                write("Was aus der Fortbildung hilft Ihnen heute am meisten?"),
                write("Was brauchen Sie, damit es weitergeht?"),
            ],
        ),
        competences(
            "Dieselben Fragen wie zu Beginn und am Ende. Schätzen Sie sich so ein, wie Sie heute arbeiten."
        ),
    ],
)

PROPOSALS: dict[str, Proposal] = {
    Purpose.NEEDS: NEEDS,
    Purpose.START: START,
    Purpose.FEEDBACK: FEEDBACK,
    Purpose.END: END,
    Purpose.TRANSFER: TRANSFER,
}
