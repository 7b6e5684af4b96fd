"""Needs of a cohort, and what they are made of, for tests."""

from django.utils import timezone

from evaluation.actions.counting import count_due_surveys
from evaluation.models import Card, Need, Outcome, Purpose, QuestionKind, Questionnaire, Survey
from evaluation.said import Said
from tests import factories
from tests.evaluation import scenes
from tests.evaluation.counted import released
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


def coverage_survey(cohort, **fields):
    """The survey at the end of the cohort, which asks whether its needs were covered; closed and counted."""
    now = timezone.now()
    survey = Survey.objects.filter(cohort=cohort, purpose=Purpose.END).first()
    return survey or Survey.objects.create(
        **{
            "cohort": cohort,
            "purpose": Purpose.END,
            "questionnaire": end_questionnaire(asks_coverage=True),
            "opens_at": now - 9 * scenes.DAY,
            "closes_at": now - scenes.DAY,
            "outcome": Outcome.COUNTED,
            "counted_on": timezone.localdate(),
        }
        | fields
    )


def end_questionnaire(*, asks_coverage):
    version = Questionnaire.objects.count() + 1
    questionnaire = Questionnaire.objects.create(purpose=Purpose.END, title="Abschluss", version=version)
    section = questionnaire.sections.create(position=1, title="Bedarfe")
    kind = QuestionKind.COVERAGE if asks_coverage else QuestionKind.TEXT
    section.questions.create(position=1, kind=kind, text="Wurden Ihre Bedarfe gedeckt?")
    return released(questionnaire)


def judged(need, fully=None, partly=None, uncovered=None, *, people=None):
    """What those said whose need it was, as a count of the survey keeps it; nothing where too few said it."""
    said = {"fully": fully, "partly": partly, "uncovered": uncovered}
    people = people or (None if fully is None else fully + partly + uncovered)
    return coverage_survey(need.cohort).judged_needs.create(need=need, title=need.title, people=people, **said)
