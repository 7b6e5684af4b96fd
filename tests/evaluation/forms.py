"""Questionnaires for tests: drafts with sections and questions, released ones."""

from django.utils import timezone

from evaluation.models import Option, Purpose, Question, QuestionKind, Questionnaire, Section


def draft(*, title="Fragebogen", purpose=Purpose.FEEDBACK, sections=("Erster", "Zweiter"), **values):
    questionnaire = Questionnaire.objects.create(title=title, purpose=purpose, **values)
    for position, name in enumerate(sections, start=1):
        Section.objects.create(questionnaire=questionnaire, position=position, title=name)
    return questionnaire


def ask(questionnaire, text, *, section=1, kind=QuestionKind.AGREEMENT, options=(), **values):
    """A question at the end of a section; a scale gets words at both ends."""
    home = questionnaire.sections.get(position=section)
    if kind not in (QuestionKind.TEXT, QuestionKind.CODE, QuestionKind.SINGLE, QuestionKind.MULTIPLE):
        values = {"low_label": "wenig", "high_label": "viel"} | values
    question = Question.objects.create(
        section=home, position=home.questions.count() + 1, kind=kind, text=text, **values
    )
    for place, label in enumerate(options, start=1):
        Option.objects.create(question=question, position=place, label=label)
    return question


def release(questionnaire):
    """From now on the database refuses every change to it."""
    questionnaire.released_at = timezone.now()
    questionnaire.save()
    return questionnaire


def branching(**values):
    """A choice in the first section, and in the second a text that depends on its second answer."""
    questionnaire = draft(**values)
    choice = ask(questionnaire, "Umgesetzt?", kind=QuestionKind.SINGLE, options=("Ja", "Nein"))
    text = ask(
        questionnaire,
        "Was hindert Sie?",
        section=2,
        kind=QuestionKind.TEXT,
        condition_question=choice,
        condition_values=[2],
    )
    return questionnaire, choice, text
