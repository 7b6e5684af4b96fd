"""Surveys with too few answers: opened together once the cohort is over, or destroyed unopened."""

from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from curriculum.models import Audience
from evaluation.actions.counting import count_due_surveys
from evaluation.models import Answer, Envelope, Outcome, Question, QuestionKind, Response, Survey, SurveyPool
from evaluation.queries.fingerprints import fingerprint_of, fingerprints_of
from evaluation.queries.pools import pool_of, pool_rate, pooled_surveys
from evaluation.queries.results import survey_result
from netzkoord.models import AuditAction, AuditEvent
from tests import factories
from tests.evaluation import scenes


def withheld(cohort=None, *, answers, says=4):
    """A closed survey of a held session, with so many answers."""
    session = scenes.held_session(**({"cohort": cohort} if cohort else {}))
    survey = scenes.open_survey(answers, session=session)
    question = scenes.question(survey, QuestionKind.AGREEMENT).pk
    scenes.hand_in(survey, [{question: says}] * answers)
    scenes.end(survey)
    return survey


def outcomes():
    return list(Survey.objects.order_by("pk").values_list("outcome", flat=True))


def test_withheld_surveys_of_a_cohort_are_counted_together(db):
    first = withheld(answers=4, says=2)
    second = withheld(first.cohort, answers=3, says=5)

    count_due_surveys()

    assert outcomes() == [Outcome.POOLED, Outcome.POOLED]
    pool = pool_of(first)
    assert list(pooled_surveys(pool)) == [first, second]
    assert pool.responses.count() == 7
    assert sorted(Answer.objects.values_list("number", flat=True)) == [2] * 4 + [5] * 3
    assert not Response.objects.filter(survey__isnull=False).exists()
    assert not Envelope.objects.exists()
    assert not Survey.objects.filter(wrapped_private_key__isnull=False).exists()
    assert AuditEvent.objects.filter(action=AuditAction.SURVEY_POOLED).count() == 2
    rate = pool_rate(pool)
    assert (rate.answered, rate.invited) == (7, 7)
    result = survey_result(Survey.objects.get(pk=first.pk))
    assert "weil mehrere Erhebungen gemeinsam ausgewertet sind" in result.why_undivided


@pytest.mark.parametrize("answers", [(4,), (2, 2), (4, 0)])
def test_what_stays_below_the_minimum_together_is_destroyed_unopened(db, settings, answers):
    cohort = None
    for number in answers:
        cohort = withheld(cohort, answers=number).cohort
    settings.BALLOT_SECRET = "nobody could open them now"

    count_due_surveys()

    assert set(outcomes()) == {Outcome.DESTROYED}
    assert not SurveyPool.objects.exists()
    assert not Envelope.objects.exists()


def test_a_survey_without_any_answer_is_not_part_of_a_pool(db):
    empty = withheld(answers=0)
    withheld(empty.cohort, answers=3)
    withheld(empty.cohort, answers=2)

    count_due_surveys()

    assert outcomes() == [Outcome.DESTROYED, Outcome.POOLED, Outcome.POOLED]


def test_no_survey_is_pooled_with_one_that_is_shown(db):
    shown = withheld(answers=5)
    few = withheld(shown.cohort, answers=4)

    count_due_surveys()

    assert outcomes() == [Outcome.COUNTED, Outcome.DESTROYED]
    assert not Response.objects.exclude(survey=shown).exists()
    assert pool_of(few) is None


def test_a_cohort_that_goes_on_keeps_its_surveys_sealed(db):
    first = withheld(answers=4)
    withheld(first.cohort, answers=4)
    factories.SessionFactory(cohort=first.cohort)

    count_due_surveys()

    assert outcomes() == [Outcome.WITHHELD, Outcome.WITHHELD]


def test_pool_waits_for_the_last_survey_of_its_questionnaire(db):
    first = withheld(answers=4)
    last = scenes.open_survey(3, session=scenes.held_session(cohort=first.cohort))
    question = scenes.question(last, QuestionKind.AGREEMENT).pk
    scenes.hand_in(last, [{question: 1}] * 3)

    count_due_surveys()
    before = outcomes()
    scenes.end(last)
    count_due_surveys()

    assert before == [Outcome.WITHHELD, Outcome.PENDING]
    assert outcomes() == [Outcome.POOLED, Outcome.POOLED]


def test_nothing_is_added_to_a_pool_later(db):
    first = withheld(answers=4)
    withheld(first.cohort, answers=4)
    count_due_surveys()
    withheld(first.cohort, answers=4)
    withheld(first.cohort, answers=4)

    count_due_surveys()

    assert outcomes() == [Outcome.POOLED, Outcome.POOLED, Outcome.DESTROYED, Outcome.DESTROYED]
    assert Response.objects.count() == 8


def test_surveys_of_two_cohorts_are_not_pooled(db):
    withheld(answers=4)
    withheld(answers=4)

    count_due_surveys()

    assert outcomes() == [Outcome.DESTROYED, Outcome.DESTROYED]


def test_pool_that_cannot_be_opened_is_left_as_it_is(db, caplog):
    first = withheld(answers=4)
    withheld(first.cohort, answers=4)
    Survey.objects.filter(pk=first.pk).update(wrapped_private_key=b"x" * 60)

    count_due_surveys()

    assert outcomes() == [Outcome.WITHHELD, Outcome.WITHHELD]
    assert Envelope.objects.count() == 8
    assert f"cohort {first.cohort_id} cannot be pooled" in caplog.text


def test_receipt_finds_its_answers_in_the_pool(db):
    first = withheld(answers=4, says=2)
    second = withheld(first.cohort, answers=3, says=5)
    receipt = scenes.receipt_of(second.invitations.order_by("pk").first())

    count_due_surveys()
    second.refresh_from_db()

    assert fingerprint_of(second, receipt) in fingerprints_of(second)
    assert len(fingerprints_of(second)) == 7
    assert fingerprint_of(second, "AAAA-AAAA-AAAA-AAAA") == ""


def test_an_answer_in_a_pool_does_not_tell_by_its_version_from_which_survey_it_is(db):
    first = withheld(answers=4)
    second = scenes.open_survey(3, session=scenes.held_session(cohort=first.cohort))
    newer, only_there = next_version(second.questionnaire)
    Survey.objects.filter(pk=second.pk).update(questionnaire=newer)
    second.refresh_from_db()
    question = scenes.question(second, QuestionKind.AGREEMENT).pk
    scenes.hand_in(second, [{question: 1, only_there.pk: 6}] * 3)
    scenes.end(second)

    count_due_surveys()

    assert outcomes() == [Outcome.POOLED, Outcome.POOLED]
    assert set(Answer.objects.values_list("question", flat=True)) == {question}
    assert Answer.objects.count() == 7


def next_version(questionnaire):
    """The same questionnaire once more, with its first agreement question and one that is new."""
    old = next(q for q in questionnaire.questions() if q.kind == QuestionKind.AGREEMENT)
    newer = type(questionnaire).objects.create(
        key=questionnaire.key, version=2, purpose=questionnaire.purpose, title=questionnaire.title
    )
    section = newer.sections.create(position=1, title="Alles")
    Question.objects.create(section=section, position=1, key=old.key, kind=old.kind, text=old.text)
    new = Question.objects.create(section=section, position=2, kind=QuestionKind.AGREEMENT, text="Neu?")
    newer.released_at = timezone.now()
    newer.save()
    return newer, new


def test_pool_is_visible_to_organisers_and_to_who_led_all_of_its_sessions(db, organiser, trainer):
    first = withheld(answers=4)
    second = withheld(first.cohort, answers=4)
    first.session.trainers.add(trainer)
    count_due_surveys()
    only_one = list(SurveyPool.objects.visible_to(trainer))

    second.session.trainers.add(trainer)

    assert only_one == []
    assert SurveyPool.objects.visible_to(trainer).count() == 1
    assert SurveyPool.objects.visible_to(organiser).count() == 1
    assert not SurveyPool.objects.visible_to(factories.UserFactory()).exists()


def test_the_same_few_people_are_not_pooled_however_often_they_answer(db):
    first = withheld(answers=4)
    second = scenes.held_session(cohort=first.cohort)
    for invitation in first.invitations.all():
        factories.attend(invitation.registration, second.days.get())
    survey = scenes.open_survey(0, session=second)
    scenes.hand_in(survey, [{scenes.question(survey, QuestionKind.AGREEMENT).pk: 5}] * 4)
    scenes.end(survey)

    count_due_surveys()

    assert outcomes() == [Outcome.DESTROYED, Outcome.DESTROYED]


@pytest.mark.parametrize(("answering", "is_withheld"), [(5, True), (6, False)])
def test_who_is_in_two_surveys_of_a_pool_makes_no_question_of_fewer_than_k(db, answering, is_withheld):
    """Five people gave six ballots: of five answers to a question one person may have given two."""
    first = withheld(answers=3)
    second = scenes.held_session(cohort=first.cohort)
    factories.attend(first.invitations.first().registration, second.days.get())
    survey = scenes.open_survey(2, session=second)
    asked, other = [q.pk for q in survey.questionnaire.questions() if q.kind == QuestionKind.AGREEMENT][:2]
    scenes.hand_in(survey, [{asked: 5}] * (answering - 3) + [{other: 5}] * (6 - answering))
    scenes.end(survey)

    count_due_surveys()
    survey.refresh_from_db()
    result = survey_result(survey)

    assert (SurveyPool.objects.get().people, result.people.total, result.needed) == (5, 6, 6)
    assert result.questions[0].is_withheld is is_withheld


def test_migration_counts_the_people_of_a_pool_in_the_same_way(db):
    withheld(withheld(answers=4).cohort, answers=3)
    count_due_surveys()

    count_people = import_module("evaluation.migrations.0013_people_and_totals").count_people
    count_people(apps, None)  # any other number would be refused by the trigger

    assert SurveyPool.objects.get().people == 7


def test_a_pool_knows_no_roles(db):
    first = mixed(managers=2, coordinators=2)
    mixed(first.cohort, managers=3, coordinators=1)
    mixed(first.cohort, managers=1, coordinators=2)

    count_due_surveys()

    assert set(Response.objects.values_list("role", flat=True)) == {""}
    assert pool_of(first).responses.count() == 11


def mixed(cohort=None, *, managers=0, coordinators=0):
    session = scenes.held_session(**({"cohort": cohort} if cohort else {}))
    for role, number in ((Audience.MANAGER, managers), (Audience.COORDINATOR, coordinators)):
        for _ in range(number):
            scenes.attend(session, role=role)
    survey = scenes.open_survey(0, session=session)
    question = scenes.question(survey, QuestionKind.AGREEMENT).pk
    scenes.hand_in(survey, [{question: 3}] * (managers + coordinators))
    scenes.end(survey)
    return survey
