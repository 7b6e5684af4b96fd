"""What is published of a needs survey is kept when it closes, and stays when somebody's answers are erased."""

from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse

from curriculum.models import Topic
from evaluation.actions.counting import count_due_surveys
from evaluation.models import PersonalAnswer, QuestionKind, Survey, TopicTotal
from evaluation.queries.needs import needs_aggregated, needs_as_cards, needs_by_name
from evaluation.said import Said
from netzkoord import roles
from tests import factories
from tests.evaluation import scenes

migration = import_module("evaluation.migrations.0013_people_and_totals")
ALL, FEW = "Netzwerke", "Recht"


@pytest.fixture
def closed(db):
    """Six people rated one topic, four of them another one; the survey has closed and was settled."""
    survey = scenes.needs_survey(6)
    edition = survey.cohort.edition
    topics = [edition.topics.create(position=90 + place, name=name) for place, name in enumerate((ALL, FEW))]
    for number, invitation in enumerate(survey.invitations.order_by("pk")):
        send(invitation, topics if number < 4 else topics[:1], importance=1 if number else 4)
    Survey.objects.update(opens_at=survey.opens_at - scenes.DAY)
    scenes.end(survey)
    count_due_surveys()
    survey.refresh_from_db()
    return survey


def send(invitation, topics, *, importance):
    question = scenes.question(invitation.survey, QuestionKind.TOPICS).pk
    scenes.submit(
        invitation=invitation, answers={(question, topic.pk): Said(importance, 2) for topic in topics}, receipt=""
    )


def figures(topics):
    return {topic.name: (topic.n, topic.importance, topic.skill) for topic in topics if not topic.is_withheld}


def erase_first(survey):
    """Whoever said something else than all others."""
    survey.invitations.order_by("pk").first().delete()


def test_what_is_published_is_kept_from_the_minimum_on(closed):
    total = TopicTotal.objects.get()

    assert (total.topic.name, total.people, total.importance, total.skill) == (ALL, 6, 9, 12)
    assert PersonalAnswer.objects.count() == 10
    assert figures(needs_aggregated(closed).topics) == {ALL: (6, 1.5, 2.0)}


def test_nothing_is_published_before_the_totals_are_kept(client, db):
    """Somebody's answers may be erased in between."""
    survey = scenes.needs_survey(6)
    for invitation in survey.invitations.all():
        send(invitation, [survey.cohort.edition.topics.get_or_create(position=90, name=ALL)[0]], importance=2)
    Survey.objects.update(opens_at=survey.opens_at - scenes.DAY)
    scenes.end(survey)
    client.force_login(factories.staff(roles.READER))
    address = reverse("evaluation:needs", args=[survey.cohort_id])

    before = client.get(address).content.decode()
    count_due_surveys()
    after = client.get(address).content.decode()

    assert "Die Ergebnisse stehen in wenigen Minuten hier." in before
    assert (ALL in before, ALL in after) == (False, True)


@pytest.mark.parametrize("overview", [needs_aggregated, needs_as_cards, needs_by_name])
def test_no_figure_changes_when_answers_are_erased(closed, overview):
    before = figures(overview(closed).topics)

    erase_first(closed)

    assert figures(overview(closed).topics) == before == {ALL: (6, 1.5, 2.0)}
    assert PersonalAnswer.objects.count() == 8


def test_figures_stay_when_fewer_than_the_minimum_are_left(client, closed):
    client.force_login(factories.staff(roles.READER))
    for _ in range(3):
        erase_first(closed)

    page = client.get(reverse("evaluation:needs", args=[closed.cohort_id])).content.decode()

    assert figures(needs_aggregated(closed).topics) == {ALL: (6, 1.5, 2.0)}
    assert ALL in page
    assert needs_as_cards(closed).texts is None


def test_a_larger_minimum_hides_what_was_kept(closed, settings):
    settings.MINIMUM_ANSWERS = 7

    assert needs_aggregated(closed).topics is None


def test_settling_counts_each_survey_once(db):
    survey = scenes.needs_survey()
    Survey.objects.update(opens_at=survey.opens_at - scenes.DAY)
    scenes.end(survey)

    assert [count_due_surveys(), count_due_surveys()] == [1, 0]


def test_settling_again_keeps_nothing_twice(closed):
    count_due_surveys()

    assert TopicTotal.objects.count() == Topic.objects.filter(name=ALL).count() == 1


def test_migration_keeps_totals_of_surveys_that_were_settled_before(closed):
    kept = TopicTotal.objects.values_list("topic", "people", "importance", "skill").get()
    TopicTotal.objects.all().delete()

    migration.keep_totals(apps, None)

    assert TopicTotal.objects.values_list("topic", "people", "importance", "skill").get() == kept


def test_migration_gives_an_open_survey_without_a_key_one(db):
    survey = scenes.needs_survey(1)
    Survey.objects.update(public_key=None, wrapped_private_key=None)

    migration.give_keys(apps, None)

    scenes.save(survey.invitations.get(), scenes.said({scenes.question(survey, QuestionKind.TEXT).pk: "Zeit"}))
    scenes.send_draft(survey.invitations.get())
    assert PersonalAnswer.objects.get().text == "Zeit"
