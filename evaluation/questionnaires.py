"""The questionnaires that come with the product: proposals in own words, written when first needed."""

from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from evaluation.models import Purpose, Question, QuestionKind, Questionnaire, Section


class Item(NamedTuple):
    kind: QuestionKind
    text: str
    low_label: str = ""
    high_label: str = ""
    hint: str = ""


class Part(NamedTuple):
    title: str
    items: list[Item]
    intro: str = ""


class Proposal(NamedTuple):
    title: str
    intro: str
    parts: list[Part]


def agree(text: str) -> Item:
    return Item(QuestionKind.AGREEMENT, text, "trifft nicht zu", "trifft voll zu")


def write(text: str) -> Item:
    return Item(QuestionKind.TEXT, text)


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
                Item(QuestionKind.MIDDLE, "Das Tempo war", "zu langsam", "zu schnell", "3 ist genau richtig."),
                Item(QuestionKind.MIDDLE, "Das Niveau war", "zu leicht", "zu schwer", "3 ist genau richtig."),
            ],
        ),
        Part(
            "Insgesamt",
            [
                Item(
                    QuestionKind.GRADE,
                    "Welche Schulnote geben Sie dem Termin insgesamt?",
                    "sehr gut",
                    "ungenügend",
                    "1 ist die beste Note.",
                ),
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
            [
                Item(
                    QuestionKind.TOPICS,
                    "Wie wichtig ist Ihnen das Thema, und wie viel können Sie schon?",
                    "gering",
                    "hoch",
                )
            ],
        ),
        Part("Nach der Fortbildung", [write("Was soll nach dem Kurs anders sein?")]),
    ],
)

PROPOSALS: dict[str, Proposal] = {Purpose.FEEDBACK: FEEDBACK, Purpose.NEEDS: NEEDS}


def default_questionnaire(purpose: Purpose) -> Questionnaire:
    """The latest version for this purpose; the shipped proposal is written when there is none."""
    latest = Questionnaire.objects.latest_released().filter(purpose=purpose).order_by("pk").first()
    return latest or write_proposal(purpose)


@transaction.atomic
def write_proposal(purpose: Purpose) -> Questionnaire:
    proposal = PROPOSALS[purpose]
    questionnaire, is_new = Questionnaire.objects.get_or_create(
        purpose=purpose,
        version=1,
        defaults={"title": proposal.title, "intro": proposal.intro, "is_proposal": True},
    )
    if is_new:
        for position, part in enumerate(proposal.parts, start=1):
            write_part(questionnaire, position, part)
        questionnaire.released_at = timezone.now()
        questionnaire.save(update_fields=["released_at"])
    return questionnaire


def write_part(questionnaire: Questionnaire, position: int, part: Part) -> None:
    section = Section.objects.create(
        questionnaire=questionnaire, position=position, title=part.title, intro=part.intro
    )
    Question.objects.bulk_create(
        Question(section=section, position=number, **item._asdict())
        for number, item in enumerate(part.items, start=1)
    )
