"""No released questionnaire is changed by any way, and no survey asks a draft: the database itself refuses."""

import datetime

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from evaluation.models import Option, Purpose, Question, Questionnaire, Section, Survey
from tests import factories
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
    assert parts | whole | {"frozen_survey_insert", "frozen_survey_update"} <= found


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
