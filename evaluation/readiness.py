"""What keeps a questionnaire from being released, in sentences that say where and what to do. Pure."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from curriculum.models import Audience
from evaluation.models import Purpose, Question, QuestionKind, Section
from evaluation.outlines import Outline, PlannedQuestion

MOST_QUESTIONS = 60
FEWEST_OPTIONS = 2
ONCE = (QuestionKind.CODE, QuestionKind.TOPICS, QuestionKind.COMPETENCES, QuestionKind.COVERAGE)


@dataclass(frozen=True)
class Problem:
    """What is wrong, and the question or the section where it can be mended."""

    text: str
    question: Question | None = None
    section: Section | None = None
    is_about_condition: bool = False


def problems_of(outline: Outline) -> list[Problem]:
    return [
        *problems_of_whole(outline),
        *(each for one in outline.questions() for each in problems_at(one, outline)),
    ]


def problems_of_whole(outline: Outline) -> Iterator[Problem]:
    count = sum(1 for _ in outline.questions())
    if not count:
        yield Problem("Der Fragebogen hat noch keine Frage. Legen Sie einen Abschnitt und darin eine Frage an.")
        return
    if count > MOST_QUESTIONS:
        yield Problem(
            f"Der Fragebogen hat {count} Fragen, höchstens {MOST_QUESTIONS} sind möglich. Bitte streichen Sie."
        )
    for part in outline.sections:
        if not part.questions:
            yield Problem(
                f"Der Abschnitt „{part.section}“ hat keine Frage. Ergänzen Sie eine oder löschen Sie ihn.",
                section=part.section,
            )
    yield from asked_twice(outline)


def asked_twice(outline: Outline) -> Iterator[Problem]:
    by_kind: dict[str, list[PlannedQuestion]] = defaultdict(list)
    for planned in outline.questions():
        by_kind[planned.question.kind].append(planned)
    for kind in ONCE:
        for planned in by_kind[kind][1:]:
            yield at(
                planned, f"„{kind.label}“ kommt zweimal vor, einmal ist möglich. Bitte löschen Sie eine davon."
            )


def problems_at(planned: PlannedQuestion, outline: Outline) -> Iterator[Problem]:
    question = planned.question
    if planned.is_choice and len(planned.options) < FEWEST_OPTIONS:
        yield at(planned, "Es fehlen Antworten zur Auswahl. Bitte geben Sie mindestens zwei an.")
    if planned.is_scale and not (question.low_label and question.high_label):
        yield at(planned, "Die Skala braucht Wörter an beiden Enden. Bitte ergänzen Sie sie.")
    if question.kind == QuestionKind.CODE and Purpose(outline.questionnaire.purpose).is_personal:
        yield at(
            planned, "Die Bedarfserhebung ist persönlich, ein Code hat dort keinen Sinn. Bitte löschen Sie ihn."
        )
    if question.kind == QuestionKind.COVERAGE and outline.questionnaire.purpose != Purpose.END:
        yield at(
            planned,
            "Ob Bedarfe gedeckt wurden, fragt nur die Abschlusserhebung. Bitte löschen Sie die Frage hier.",
        )
    if earlier := outline.condition_of(question):
        for text in problems_of_condition(planned, earlier):
            yield replace(at(planned, text), is_about_condition=True)


def problems_of_condition(planned: PlannedQuestion, earlier: PlannedQuestion) -> Iterator[str]:
    question, named = planned.question, f"Die Bedingung verweist auf „{earlier.question}“"
    if earlier.section.position >= planned.section.position:
        yield f"{named}. Diese Frage muss in einem früheren Abschnitt stehen."
    if not set(question.condition_values) <= set(earlier.answers):
        yield f"{named}, aber auf Antworten, die es dort nicht gibt. Bitte wählen Sie neu."
    if {question.audience, earlier.question.audience} == set(Audience.values):
        asked, named_role = Audience(earlier.question.audience), Audience(question.audience)
        yield (
            f"{named}. Danach werden nur {asked.label} gefragt, diese Frage geht aber nur an {named_role.label}: "
            "Niemand bekäme sie zu sehen."
        )


def at(planned: PlannedQuestion, text: str) -> Problem:
    return Problem(f"Frage {planned.number} „{planned.question}“: {text}", question=planned.question)
