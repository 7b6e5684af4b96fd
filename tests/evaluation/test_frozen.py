"""No released questionnaire is changed by any way, and no survey asks a draft: the database itself refuses."""

import datetime

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from evaluation.models import (
    Option,
    Outcome,
    Purpose,
    Question,
    QuestionKind,
    Questionnaire,
    Section,
    Survey,
    SurveyPool,
)
from tests import factories
from tests.evaluation import scenes
from tests.evaluation.forms import ask, branching, draft, release

pytestmark = [pytest.mark.django_db, pytest.mark.database]

PARTS = {
    Section: "questionnaire",
    Question: "section__questionnaire",
    Option: "question__section__questionnaire",
}
RELEASED = "A released questionnaire is never changed"
DRAFT = "A survey asks a released questionnaire"
FIXED = "What a survey is for never changes"
KEPT = "What a survey promises, whom it asks, and what it asked those who answered never change"


@pytest.fixture
def frozen():
    """A released version with a row in every table."""
    return release(branching(title="Freigegeben")[0])


@pytest.fixture
def other():
    """A draft with a row in every table."""
    return branching(title="Entwurf")[0]


def rows_of(model, questionnaire):
    return model.objects.filter(**{PARTS[model]: questionnaire}).order_by("pk")


def refused(change, sentence=RELEASED):
    with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
        change()


def name_of(model):
    return model.__name__


def new_survey(questionnaire, purpose=Purpose.END):
    now = timezone.now()
    return Survey.objects.create(
        cohort=factories.CohortFactory(),
        questionnaire=questionnaire,
        purpose=purpose,
        opens_at=now,
        closes_at=now + datetime.timedelta(days=1),
    )


@pytest.mark.parametrize("model", PARTS, ids=name_of)
def test_rows_of_a_released_version_are_neither_updated_nor_deleted(frozen, model):
    rows = rows_of(model, frozen)
    before = list(rows.values_list())
    row = rows[0]

    refused(row.save)
    refused(lambda: rows.order_by().update(position=models.F("position")))
    refused(lambda: model.objects.bulk_update([row], ["position"]))
    refused(model.objects.filter(pk=rows.last().pk).delete)

    assert before
    assert list(rows.values_list()) == before


@pytest.mark.parametrize("model", PARTS, ids=name_of)
def test_no_row_comes_into_a_released_version_or_moves_into_it(frozen, other, model):
    inside, outside = rows_of(model, frozen)[0], rows_of(model, other)[0]
    parent = PARTS[model].split("__")[0]
    values = {f.attname: getattr(inside, f.attname) for f in model._meta.concrete_fields if not f.primary_key}

    refused(model(**values | {"position": 99}).save)
    refused(lambda: model.objects.bulk_create([model(**values | {"position": 99})]))
    refused(lambda: model.objects.filter(pk=outside.pk).update(**{parent: getattr(inside, parent), "position": 99}))
    refused(lambda: model.objects.filter(pk=inside.pk).update(**{parent: getattr(outside, parent), "position": 99}))


@pytest.mark.parametrize("model", PARTS, ids=name_of)
def test_rows_of_a_draft_are_free_beside_a_released_version(frozen, other, model):
    row = rows_of(model, other).last()

    row.save()
    row.delete()

    assert not model.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("change", [{"title": "Anders"}, {"intro": "Anders"}, {"version": 9}, {"purpose": "START"}])
def test_texts_version_and_purpose_of_a_released_version_stay(frozen, change):
    rows = Questionnaire.objects.filter(pk=frozen.pk)
    before = rows.values().get()

    refused(lambda: rows.update(**change))

    assert rows.values().get() == before


def test_released_version_is_not_deleted(frozen):
    refused(frozen.delete)

    assert Questionnaire.objects.filter(pk=frozen.pk).exists()


def test_mark_of_a_proposal_may_change_and_nothing_else_on_the_way(frozen):
    rows = Questionnaire.objects.filter(pk=frozen.pk)

    refused(lambda: rows.update(is_proposal=True, title="Anders"))

    assert rows.update(is_proposal=True) == 1


def test_release_is_taken_back_only_while_no_survey_asks_it(frozen):
    rows = Questionnaire.objects.filter(pk=frozen.pk)
    released_at = frozen.released_at

    assert rows.update(released_at=None) == 1
    rows.update(released_at=released_at)
    new_survey(frozen)

    refused(lambda: rows.update(released_at=None))


def test_no_survey_asks_a_draft(frozen, other):
    survey = new_survey(frozen)

    refused(lambda: new_survey(other), DRAFT)
    refused(lambda: Survey.objects.filter(pk=survey.pk).update(questionnaire=other), DRAFT)

    assert Survey.objects.get().questionnaire == frozen


def test_purpose_of_a_survey_never_changes(frozen):
    survey = new_survey(frozen)

    refused(lambda: Survey.objects.filter(pk=survey.pk).update(purpose=Purpose.NEEDS), FIXED)
    Survey.objects.filter(pk=survey.pk).update(closes_at=survey.closes_at + datetime.timedelta(days=1))

    assert Survey.objects.get().purpose == Purpose.END


@pytest.mark.parametrize("change", [{"minimum_answers": 3}, {"minimum_answers": 6}, {"cohort": "other"}])
def test_promise_and_cohort_of_a_survey_never_change(frozen, change):
    survey = new_survey(frozen)
    values = {field: factories.CohortFactory() if value == "other" else value for field, value in change.items()}

    refused(lambda: Survey.objects.filter(pk=survey.pk).update(**values), KEPT)


def test_session_of_a_survey_never_changes():
    survey = scenes.open_survey(0)
    another = factories.SessionFactory(cohort=survey.cohort)

    refused(lambda: Survey.objects.filter(pk=survey.pk).update(session=another), KEPT)


def test_no_survey_promises_fewer_than_three(frozen, settings):
    settings.MINIMUM_ANSWERS = 2

    refused(lambda: new_survey(frozen), "survey_minimum_never_below_three")


def test_what_is_asked_may_change_until_somebody_has_answered():
    survey = scenes.open_survey(1)
    rows, asked = Survey.objects.filter(pk=survey.pk), survey.questionnaire
    newer = release(branching()[0])

    assert rows.update(questionnaire=newer) == 1
    rows.update(questionnaire=asked)
    scenes.hand_in(survey, [{scenes.question(survey, QuestionKind.AGREEMENT).pk: 4}])
    refused(lambda: rows.update(questionnaire=newer), KEPT)

    assert Survey.objects.get().questionnaire == asked


def test_what_is_asked_stays_when_a_sheet_was_typed_in_or_it_was_counted():
    typed, settled = scenes.open_survey(0), scenes.open_survey(0)
    scenes.type_in(typed, [1], by=scenes.author())
    Survey.objects.filter(pk=settled.pk).update(outcome=Outcome.WITHHELD)
    newer = release(branching()[0])

    refused(lambda: Survey.objects.filter(pk=typed.pk).update(questionnaire=newer), KEPT)
    refused(lambda: Survey.objects.filter(pk=settled.pk).update(questionnaire=newer), KEPT)


def test_what_was_pooled_never_changes(frozen):
    pool = SurveyPool.objects.create(cohort=factories.CohortFactory(), questionnaire=frozen, people=5)
    rows = SurveyPool.objects.filter(pk=pool.pk)

    refused(lambda: rows.update(minimum_answers=3), "What was pooled never changes")
    refused(lambda: rows.update(people=9), "What was pooled never changes")
    refused(lambda: rows.update(cohort=factories.CohortFactory()), "What was pooled never changes")


def test_question_on_which_another_depends_is_not_deleted_alone():
    questionnaire, choice, _ = branching()

    with pytest.raises(models.RestrictedError):
        choice.delete()
    questionnaire.delete()

    assert not Question.objects.exists()


def test_a_questionnaire_has_one_draft_at_a_time():
    questionnaire = draft()

    with pytest.raises(IntegrityError), transaction.atomic():
        draft(key=questionnaire.key, version=2)


def test_every_table_has_its_triggers():
    """A migration that alters a table of SQLite drops its triggers: they must be there after the last one."""
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'evaluation_%'",
        "postgresql": (
            "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
            "WHERE NOT tgisinternal AND relname LIKE 'evaluation_%'"
        ),
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        found = {row[0] for row in cursor.fetchall()}

    parts = {f"frozen_{table}_{event}" for table in ("section", "question", "option") for event in EVENTS}
    whole = {"frozen_questionnaire_update", "frozen_questionnaire_delete"}
    surveys = {"frozen_survey_insert", "frozen_survey_update", "kept_survey_update", "kept_surveypool_update"}
    assert parts | whole | surveys <= found


EVENTS = ["insert", "update", "delete"]


def test_no_part_of_a_questionnaire_is_forgotten():
    """Whatever is part of one goes with it; all else that refers to it keeps it from being deleted."""
    parts = {
        relation.related_model
        for model in (Questionnaire, *PARTS)
        for relation in model._meta.related_objects
        if relation.on_delete is models.CASCADE
    }

    assert parts == set(PARTS)


def test_a_new_question_is_free_in_a_draft(frozen, other):
    assert ask(other, "Noch eine?").pk
