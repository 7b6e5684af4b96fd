"""Counted surveys for tests: everybody says the same, or a questionnaire of its own with every kind of question."""

from django.utils import timezone

from curriculum.models import Competence, CompetenceArea, CompetenceProfile, ResponsibilityLevel, Topic
from evaluation.actions.counting import count_due_surveys
from evaluation.actions.surveys import create_survey
from evaluation.models import Answer, Invitation, Question, Questionnaire, Section, Survey, TextState
from evaluation.models import QuestionKind as Kind
from tests.evaluation import scenes


def counted_survey(answers=6, *, text="Gute Beispiele", value=5, session=None, organiser=None):
    """A survey in which so many have answered every question, closed and counted."""
    survey = scenes.open_survey(people=answers + 2, session=session, by=organiser)
    contents = {q.pk: text if q.kind == "TEXT" else min(value, 5) for q in survey.questionnaire.questions()}
    scenes.hand_in(survey, [contents] * answers)
    return counted(survey)


def counted(survey):
    scenes.end(survey)
    count_due_surveys()
    survey.refresh_from_db()
    return survey


def release_all(survey):
    """As if an organiser had looked at all texts."""
    Answer.objects.filter(response__survey=survey).exclude(text="").update(text_state=TextState.RELEASED)


def questionnaire_of(kinds, **fields):
    """A released questionnaire with one question of each kind."""
    questionnaire = Questionnaire.objects.create(purpose="FEEDBACK", title="Alles")
    section = Section.objects.create(questionnaire=questionnaire, position=1, title="Alles")
    for position, kind in enumerate(kinds, start=1):
        question = Question.objects.create(
            section=section, position=position, kind=kind, text=f"Frage {kind}", **fields.get(kind, {})
        )
        if kind in (Kind.SINGLE, Kind.MULTIPLE):
            for place, label in enumerate(["Ja", "Nein", "Vielleicht"], start=1):
                question.options.create(position=place, label=label)
    return questionnaire


def released(questionnaire):
    questionnaire.released_at = timezone.now()
    questionnaire.save()
    return questionnaire


def survey_of(questionnaire, session, roles):
    """An open feedback survey with one invitation for each of these roles."""
    now = timezone.now()
    survey = create_survey(
        session.cohort,
        "FEEDBACK",
        session=session,
        opens_at=now - scenes.DAY,
        closes_at=now + scenes.DAY,
        questionnaire=questionnaire,
    )
    for role in roles:
        Invitation.objects.create(survey=survey, registration=scenes.attend(session, role=role))
    return Survey.objects.get(pk=survey.pk)


def add_topic_and_competence(edition):
    """One topic, and one competence in the profiles of both audiences."""
    topic = Topic.objects.create(edition=edition, position=1, name="Netzwerk-Arten")
    area = CompetenceArea.objects.create(edition=edition, position=1, name="Fachkompetenz")
    competence = Competence.objects.create(area=area, position=1, name="Netzwerke verstehen")
    level = ResponsibilityLevel.objects.create(
        edition=edition, position=1, kind="NORMATIVE", question="Wozu?", responsible="Rat"
    )
    for track in edition.tracks.all():
        CompetenceProfile.objects.create(
            track=track, competence=competence, responsibility_level=level, target_level=3
        )
    return topic, competence
