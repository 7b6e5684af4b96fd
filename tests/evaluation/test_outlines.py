"""What keeps a questionnaire from being released, and what differs between two versions."""

import uuid

import pytest

from evaluation.actions.questionnaires import add_version, copy_questionnaire
from evaluation.models import Option, Purpose, Question, QuestionKind
from evaluation.proposals import PROPOSALS
from evaluation.queries.questionnaires import outline_of
from evaluation.questionnaires import write_proposal
from evaluation.readiness import problems_of
from evaluation.versions import difference
from tests import factories
from tests.evaluation.forms import ask, branching, draft, release

pytestmark = pytest.mark.django_db


def sentences(questionnaire):
    return [problem.text for problem in problems_of(outline_of(questionnaire))]


def test_draft_without_a_question_is_not_ready():
    assert sentences(draft()) == [
        "Der Fragebogen hat noch keine Frage. Legen Sie einen Abschnitt und darin eine Frage an."
    ]


def test_empty_section_is_named():
    questionnaire = draft()
    ask(questionnaire, "Gut?")

    assert sentences(questionnaire) == [
        "Der Abschnitt „Zweiter“ hat keine Frage. Ergänzen Sie eine oder löschen Sie ihn."
    ]


@pytest.mark.parametrize("options", [(), ("Ja",)])
def test_choice_needs_two_options(options):
    questionnaire = draft(sections=["Einziger"])
    ask(questionnaire, "Umgesetzt?", kind=QuestionKind.SINGLE, options=options)

    assert sentences(questionnaire) == [
        "Frage 1 „Umgesetzt?“: Es fehlen Antworten zur Auswahl. Bitte geben Sie mindestens zwei an."
    ]


def test_scale_needs_words_at_both_ends():
    questionnaire = draft(sections=["Einziger"])
    ask(questionnaire, "Gut?", low_label="")

    [sentence] = sentences(questionnaire)
    assert sentence.startswith("Frage 1 „Gut?“: Die Skala braucht Wörter")


def test_code_is_asked_once_and_never_in_a_personal_survey():
    questionnaire = draft(purpose=Purpose.NEEDS, sections=["Einziger"])
    ask(questionnaire, "Code", kind=QuestionKind.CODE)
    ask(questionnaire, "Noch ein Code", kind=QuestionKind.CODE)

    found = sentences(questionnaire)

    assert len(found) == 3
    assert "kommt zweimal vor" in found[0]
    assert "Frage 1 „Code“: Die Bedarfserhebung ist persönlich" in found[1]


def test_too_many_questions_are_counted():
    questionnaire = draft(sections=["Einziger"])
    for number in range(61):
        ask(questionnaire, f"Frage {number}?")

    assert sentences(questionnaire) == [
        "Der Fragebogen hat 61 Fragen, höchstens 60 sind möglich. Bitte streichen Sie."
    ]


def test_condition_on_an_earlier_section_is_right():
    questionnaire, _, _ = branching()

    assert sentences(questionnaire) == []


def test_condition_on_the_same_or_a_later_section_is_wrong():
    questionnaire, choice, _ = branching()
    Question.objects.filter(pk=choice.pk).update(section=questionnaire.sections.get(position=2), position=9)
    ask(questionnaire, "Gut?")

    [sentence] = sentences(questionnaire)

    assert sentence == (
        "Frage 2 „Was hindert Sie?“: Die Bedingung verweist auf „Umgesetzt?“. "
        "Diese Frage muss in einem früheren Abschnitt stehen."
    )


def test_condition_on_an_answer_that_is_not_offered_is_wrong():
    questionnaire, _, text = branching()
    Question.objects.filter(pk=text.pk).update(condition_values=[2, 7])

    [sentence] = sentences(questionnaire)

    assert "aber auf Antworten, die es dort nicht gibt" in sentence


def test_condition_that_nobody_can_meet_is_wrong():
    questionnaire, choice, text = branching()
    Question.objects.filter(pk=choice.pk).update(audience="MANAGER")
    Question.objects.filter(pk=text.pk).update(audience="COORDINATOR")

    [sentence] = sentences(questionnaire)

    assert "nur Führungskräfte gefragt, diese Frage geht aber nur an Koordinierungskräfte" in sentence


@pytest.mark.parametrize("purpose", PROPOSALS)
def test_every_proposal_is_ready(purpose):
    assert sentences(write_proposal(purpose)) == []


def test_condition_is_said_in_words():
    questionnaire, _, text = branching()

    assert outline_of(questionnaire).condition_sentence(text) == "Nur wer bei „Umgesetzt?“ geantwortet hat: Nein"


def test_scale_values_carry_the_words_of_their_ends():
    questionnaire = draft(sections=["Einziger"])
    question = ask(questionnaire, "Gut?", kind=QuestionKind.GRADE, low_label="sehr gut", high_label="ungenügend")

    answers = outline_of(questionnaire).by_pk[question.pk].answers

    assert answers == {1: "1 (sehr gut)", 2: "2", 3: "3", 4: "4", 5: "5", 6: "6 (ungenügend)"}


@pytest.fixture
def versions():
    """A released version and the draft of the next one."""
    questionnaire, _, _ = branching()
    ask(questionnaire, "Gut?")
    ask(questionnaire, "Schnell?")
    release(questionnaire)
    return questionnaire, add_version(questionnaire=questionnaire, by=factories.UserFactory())


def difference_of(versions):
    return difference(*map(outline_of, versions))


def in_draft(versions, text):
    return Question.objects.get(section__questionnaire=versions[1], text=text)


def test_new_version_is_the_same_at_first(versions):
    assert not difference_of(versions)


def test_new_and_gone_questions_are_named(versions):
    in_draft(versions, "Gut?").delete()
    ask(versions[1], "Neu?", section=2)

    found = difference_of(versions)

    assert [planned.question.text for planned in found.added] == ["Neu?"]
    assert [planned.question.text for planned in found.gone] == ["Gut?"]
    assert found.changed == []


def test_changed_question_says_what_was_and_what_is(versions):
    question = in_draft(versions, "Gut?")
    question.text, question.high_label, question.is_required = "Sehr gut?", "sehr", True
    question.save()

    [changed] = difference_of(versions).changed

    assert [(change.label, change.old, change.new) for change in changed.changes] == [
        ("Frage", "Gut?", "Sehr gut?"),
        ("Oberes Ende", "viel", "sehr"),
        ("Muss beantwortet werden", "nein", "ja"),
    ]


def test_moved_question_says_from_where_to_where(versions):
    good, quick = in_draft(versions, "Gut?"), in_draft(versions, "Schnell?")
    Question.objects.filter(pk=good.pk).update(position=99)

    [changed] = difference_of(versions).changed

    assert [(change.label, change.old, change.new) for change in changed.changes] == [
        ("Stelle", "Frage 2", "Frage 3")
    ] or changed.planned.question == quick


def test_renamed_section_is_one_change_and_no_new_section(versions):
    versions[1].sections.filter(position=2).update(title="Hindernisse")

    found = difference_of(versions)

    assert (found.sections_added, found.sections_gone, found.changed) == ([], [], [])
    [changed] = found.sections_changed
    assert [(change.old, change.new) for change in changed.changes] == [("Zweiter", "Hindernisse")]


def test_new_version_keeps_keys_and_conditions_of_its_own_questions(versions):
    old, new = versions
    keys = [list(q.values_list("key", flat=True)) for q in (questions_of(old), questions_of(new))]
    conditional = questions_of(new).get(condition_question__isnull=False)

    assert keys[0] == keys[1]
    assert conditional.condition_question == in_draft(versions, "Umgesetzt?")
    assert [list(options_of(each).values_list("key", "label")) for each in versions] == [
        list(options_of(old).values_list("key", "label"))
    ] * 2


def test_copy_is_another_questionnaire_with_keys_of_its_own(versions):
    old, _ = versions

    copy = copy_questionnaire(questionnaire=old, key=uuid.uuid4(), by=factories.UserFactory())

    assert (copy.title, copy.version, copy.is_draft, copy.key == old.key) == ("Fragebogen (Kopie)", 1, True, False)
    assert list(questions_of(copy).values_list("text", flat=True)) == list(
        questions_of(old).values_list("text", flat=True)
    )
    assert not set(questions_of(copy).values_list("key")) & set(questions_of(old).values_list("key"))
    assert not set(options_of(copy).values_list("key")) & set(options_of(old).values_list("key"))


def questions_of(questionnaire):
    return Question.objects.filter(section__questionnaire=questionnaire)


def options_of(questionnaire):
    return Option.objects.filter(question__section__questionnaire=questionnaire)
