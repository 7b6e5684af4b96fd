"""Needs of a cohort, and what they are made of, for tests."""

from evaluation.actions.counting import count_due_surveys
from evaluation.models import Card, Need, QuestionKind, Survey
from evaluation.said import Said
from tests import factories
from tests.evaluation import scenes
from tests.evaluation.workshops import guiding_question


def wall_of(cohort, *columns, session=None, **fields):
    """A wall of a session of the cohort; a column is its title and its cards."""
    question = guiding_question(**fields)
    question.workshop.session = session or factories.SessionFactory(cohort=cohort)
    question.workshop.save()
    in_round = question.workshop.rounds.get()
    for position, (title, texts) in enumerate(columns, start=1):
        cluster = question.clusters.create(position=position, title=title)
        for text in texts:
            Card.objects.create(guiding_question=question, round=in_round, cluster=cluster, text=text)
    return question


def closed_survey(*, topics=(), texts=(), people=6):
    """A needs survey that has closed: all rated each topic (name, importance, skill), the first wrote texts."""
    survey = scenes.needs_survey(people)
    rows = [
        (survey.cohort.edition.topics.create(position=90 + place, name=name), importance, skill)
        for place, (name, importance, skill) in enumerate(topics)
    ]
    rated, written = (scenes.question(survey, kind).pk for kind in (QuestionKind.TOPICS, QuestionKind.TEXT))
    for number, invitation in enumerate(survey.invitations.order_by("pk")):
        answers = {(rated, topic.pk): Said(importance, skill) for topic, importance, skill in rows}
        if number < len(texts):
            answers[written, None] = Said(text=texts[number])
        scenes.submit(invitation=invitation, answers=answers, receipt="")
    Survey.objects.filter(pk=survey.pk).update(opens_at=survey.opens_at - scenes.DAY)
    scenes.end(survey)
    count_due_surveys()
    survey.refresh_from_db()
    return survey


def need(cohort, title="Rolle und Mandat", *, weight=1, **fields):
    """A need that so many people have named in the same words."""
    made = Need.objects.create(cohort=cohort, title=title, **fields)
    made.sources.create(text=f"Mehr zu {title}", weight=weight)
    return made
