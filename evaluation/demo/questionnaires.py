"""Questionnaires of the demo: the next version of the feedback form in progress, and a short one of its own."""

from evaluation.actions.questionnaires import add_version, release_questionnaire
from evaluation.actions.questions import add_question, add_section, change_question, delete_question
from evaluation.models import DEFAULT_ENDS, Purpose, Question, QuestionKind, Questionnaire, Section
from evaluation.questionnaires import default_questionnaire
from netzkoord.models import User

# The four fields of the target, each with what it asks.
TARGET = [
    "Wie zufrieden sind Sie mit den Inhalten?",
    "Wie zufrieden sind Sie mit den Trainerinnen und Trainern?",
    "Wie zufrieden sind Sie mit der Organisation?",
    "Würden Sie den Termin anderen Tandems empfehlen?",
]


def fill_questionnaires(*, by: User) -> None:
    for purpose in Purpose:
        default_questionnaire(purpose)
    fill_draft(by=by)
    fill_target(by=by)


def fill_draft(*, by: User) -> None:
    """What the first course has taught: one question more, one less, one more clearly."""
    draft = add_version(questionnaire=default_questionnaire(Purpose.FEEDBACK), by=by)
    questions = Question.objects.filter(section__questionnaire=draft).select_related("section__questionnaire")
    delete_question(question=questions.get(text="Ort und Rahmen haben gepasst."), by=by)
    own_cases = questions.get(text="Ich konnte eigene Fälle einbringen.")
    own_cases.text = "Für eigene Fälle war genug Zeit."
    change_question(question=own_cases, labels=[], fields=["text"], by=by)
    low, high = DEFAULT_ENDS[QuestionKind.AGREEMENT]
    together = Question(
        section=draft.sections.get(title="Austausch und Umsetzung"),
        kind=QuestionKind.AGREEMENT,
        text="Im Tandem hatten wir Zeit, uns abzustimmen.",
        low_label=low,
        high_label=high,
        can_abstain=True,
    )
    add_question(question=together, labels=[], by=by)


def fill_target(*, by: User) -> None:
    """One page for days on which there is no time for more."""
    questionnaire = Questionnaire.objects.create(
        purpose=Purpose.FEEDBACK,
        title="Zielscheibe für kurze Termine",
        intro="Vier Fragen und ein Satz: Das dauert eine Minute.",
    )
    section = add_section(section=Section(questionnaire=questionnaire, title="Ihre Rückmeldung"), by=by)
    low, high = DEFAULT_ENDS[QuestionKind.TARGET]
    for text in TARGET:
        question = Question(
            section=section, kind=QuestionKind.TARGET, text=text, low_label=low, high_label=high, can_abstain=True
        )
        add_question(question=question, labels=[], by=by)
    add_question(
        question=Question(section=section, kind=QuestionKind.TEXT, text="Ein Satz zum Tag"), labels=[], by=by
    )
    release_questionnaire(questionnaire=questionnaire, by=by)
