"""The questionnaires that come with the product: written once, released, marked as proposals, in one shape."""

import pytest

from evaluation.models import (
    SCALE_KINDS,
    Option,
    Purpose,
    Question,
    QuestionKind,
    Questionnaire,
    Section,
)
from evaluation.questionnaires import default_questionnaire, write_proposal

pytestmark = pytest.mark.django_db


def kinds(questionnaire):
    return [question.kind for question in questionnaire.questions()]


@pytest.mark.parametrize("purpose", Purpose)
def test_every_purpose_has_a_released_proposal_that_is_written_once(purpose):
    first, second = default_questionnaire(purpose), write_proposal(purpose)

    assert first == second
    assert (first.purpose, first.version, first.is_proposal, first.is_draft) == (purpose, 1, True, False)
    assert Questionnaire.objects.count() == 1


def test_feedback_asks_seventeen_scales_and_three_open_questions():
    questions = default_questionnaire(Purpose.FEEDBACK).questions()
    scales = [question for question in questions if question.kind in SCALE_KINDS]

    assert len(scales) == 17
    assert [question.kind for question in questions[17:]] == [QuestionKind.TEXT] * 3
    assert all(question.can_abstain and question.low_label and question.high_label for question in scales)
    bands = {(question.kind, str(question.good_within), str(question.poor_beyond)) for question in scales}
    assert bands == {("AGREEMENT", "1.0", "2.0"), ("GRADE", "1.0", "2.0"), ("MIDDLE", "0.5", "1.0")}


def test_needs_ask_the_first_guiding_question_topics_and_competences_without_a_code():
    questionnaire = default_questionnaire(Purpose.NEEDS)

    assert "Welchen Fortbildungsbedarf nehmen Sie wahr?" in questionnaire.questions()[0].text
    assert kinds(questionnaire) == ["TEXT", "TOPICS", "COMPETENCES", "TEXT"]


@pytest.mark.parametrize("purpose", [Purpose.START, Purpose.END, Purpose.TRANSFER])
def test_before_and_after_ask_for_the_same_code_and_the_same_competences(purpose):
    questionnaire = default_questionnaire(purpose)
    start = default_questionnaire(Purpose.START)

    assert {"CODE", "COMPETENCES"} <= set(kinds(questionnaire))
    for kind in ("CODE", "COMPETENCES"):
        texts = [
            Question.objects.filter(section__questionnaire=each, kind=kind).values_list("text", "hint").get()
            for each in (questionnaire, start)
        ]
        assert texts[0] == texts[1]


def test_code_is_explained_in_two_sentences_and_its_example_is_one():
    section = Section.objects.get(questionnaire=default_questionnaire(Purpose.START), position=1)

    assert section.intro.count(".") == 2
    assert "MA07EN" in section.questions.get().hint


def test_transfer_has_questions_of_its_own_for_each_role_and_one_that_depends_on_an_earlier_answer():
    questions = default_questionnaire(Purpose.TRANSFER).questions()
    own = {role: [q.text for q in questions if q.audience == role] for role in ("MANAGER", "COORDINATOR")}
    [conditional] = [question for question in questions if question.condition_question]

    assert any("entschieden" in text for text in own["MANAGER"])
    assert any("angewendet" in text for text in own["COORDINATOR"])
    offered = Option.objects.filter(
        question=conditional.condition_question, position__in=conditional.condition_values
    )
    assert [option.label for option in offered] == ["Wir haben damit begonnen", "Noch nichts"]


def test_own_draft_does_not_stand_in_the_way_of_the_proposal():
    Questionnaire.objects.create(purpose=Purpose.END, title="Eigener Bogen")

    assert default_questionnaire(Purpose.END).title == "Zum Abschluss der Fortbildung"


def test_default_stays_the_questionnaire_that_was_there_first(django_assert_num_queries):
    shipped = default_questionnaire(Purpose.END)
    own = Questionnaire.objects.create(purpose=Purpose.END, title="Eigener Bogen")
    newer = Questionnaire.objects.create(purpose=Purpose.END, title="Neu", key=shipped.key, version=2)
    Questionnaire.objects.filter(pk__in=[own.pk, newer.pk]).update(released_at=shipped.released_at)

    with django_assert_num_queries(1):
        assert default_questionnaire(Purpose.END) == newer
