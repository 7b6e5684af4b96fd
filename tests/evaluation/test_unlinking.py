"""What is taken out of opened ballots before they are stored; k is 5 here."""

import pytest

from curriculum.models import Audience
from evaluation.actions.counting import count_due_surveys
from evaluation.ballots import Ballot
from evaluation.models import Answer, Question, QuestionKind, Questionnaire, Response
from evaluation.queries.fingerprints import fingerprint_of
from evaluation.queries.told import told_by
from evaluation.said import Said
from evaluation.unlinking import Told, unlinked
from tests.evaluation import scenes

BOTH, MANAGERS_ONLY, COMPETENCES = 1, 2, 3
TOLD = Told(
    questions={MANAGERS_ONLY: Audience.MANAGER},
    competences={70: Audience.COORDINATOR},
    kinds={BOTH: QuestionKind.AGREEMENT, MANAGERS_ONLY: QuestionKind.TEXT, COMPETENCES: QuestionKind.COMPETENCES},
)


def ballots(managers=0, coordinators=0, paper=0):
    both = {(BOTH, None): Said(4), (COMPETENCES, 71): Said(2)}
    return [
        *[Ballot({**both, (MANAGERS_ONLY, None): Said(text="x")}, Audience.MANAGER, "M")] * managers,
        *[Ballot({**both, (COMPETENCES, 70): Said(1)}, Audience.COORDINATOR, "C")] * coordinators,
        *[Ballot(both)] * paper,
    ]


@pytest.mark.parametrize("numbers", [(5, 5), (5, 0), (0, 7), (5, 5, 5)])
def test_roles_that_tell_no_more_than_k_are_kept(numbers):
    given = ballots(*numbers)

    stored = unlinked(given, TOLD, 5)

    assert [(b.role, b.answers) for b in stored] == [(b.role, b.answers) for b in given]


@pytest.mark.parametrize("numbers", [(1, 9), (4, 5), (5, 5, 1), (0, 9, 2)])
def test_roles_that_could_name_somebody_are_taken_away_with_the_answers_that_tell_them(numbers):
    stored = unlinked(ballots(*numbers), TOLD, 5)

    assert {b.role for b in stored} == {""}
    assert {tuple(b.answers) for b in stored} == {((BOTH, None), (COMPETENCES, 71))}


def test_paper_looks_like_all_others():
    stored = unlinked(ballots(0, 5, 5), TOLD, 5)

    receipts = [ballot.receipt for ballot in stored]
    assert all(receipts)
    assert len(set(receipts[5:])) == 5


def test_paper_that_tells_a_role_counts_as_that_role():
    told = Ballot({(MANAGERS_ONLY, None): Said(text="x")})

    assert {b.role for b in unlinked([*ballots(4, 5), told], TOLD, 5)} == {Audience.MANAGER, Audience.COORDINATOR}
    assert {b.role for b in unlinked([*ballots(3, 5), told], TOLD, 5)} == {""}


def test_a_question_that_follows_from_one_to_a_single_role_tells_that_role(db):
    questionnaire = Questionnaire.objects.create(purpose="TRANSFER", title="Transfer")
    section = questionnaire.sections.create(position=1, title="Alles")
    number = iter(range(1, 9))

    def question(**fields):
        return Question.objects.create(section=section, position=next(number), text="?", **fields)

    own = question(kind=QuestionKind.AGREEMENT, audience=Audience.MANAGER)
    after = question(kind=QuestionKind.TEXT, condition_question=own, condition_values=[1])
    free = question(kind=QuestionKind.TEXT)

    told = told_by(questionnaire.pk, edition_id=0)

    assert told.questions == {own.pk: Audience.MANAGER, after.pk: Audience.MANAGER}
    assert told.role((free.pk, None)) == ""


def mixed_survey(*, managers, coordinators):
    session = scenes.held_session()
    for role in [Audience.MANAGER] * managers + [Audience.COORDINATOR] * coordinators:
        scenes.attend(session, role=role)
    return scenes.open_survey(0, session=session)


@pytest.mark.parametrize(
    ("managers", "roles"), [(1, {""}), (4, {""}), (5, {Audience.MANAGER, Audience.COORDINATOR})]
)
def test_role_is_in_the_table_only_when_it_names_nobody(db, managers, roles):
    survey = mixed_survey(managers=managers, coordinators=6)
    question = scenes.question(survey, QuestionKind.AGREEMENT).pk
    scenes.hand_in(survey, [{question: 3}] * (managers + 6))
    receipt = scenes.receipt_of(survey.invitations.first())
    scenes.end(survey)

    count_due_surveys()
    survey.refresh_from_db()

    assert set(Response.objects.values_list("role", flat=True)) == roles
    assert Answer.objects.count() == managers + 6
    assert fingerprint_of(survey, receipt)
