"""A cohort that was asked at the beginning, at the end and months later, for tests."""

from django.utils import timezone

from curriculum.models import (
    Audience,
    Competence,
    CompetenceArea,
    CompetenceProfile,
    Responsibility,
    ResponsibilityLevel,
    Track,
)
from evaluation.actions.counting import count_survey
from evaluation.actions.surveys import create_survey
from evaluation.ballots import Ballot, random_receipt, seal
from evaluation.models import Envelope, Invitation, PaperState, Participation, Purpose, QuestionKind
from evaluation.said import Said
from participants.models import Registration
from tests import factories
from tests.evaluation import scenes


def cohort_with_profile(*, tandems=11, targets=(2, 3), competences=1):
    """So many accepted tandems, and competences with a target for managers and for coordinators."""
    cohort = factories.CohortFactory()
    for _ in range(tandems):
        factories.complete_tandem(cohort=cohort, selection="ACCEPTED")
    edition = cohort.edition
    area = CompetenceArea.objects.create(edition=edition, position=1, name="Fachkompetenz")
    level = ResponsibilityLevel.objects.create(
        edition=edition, position=1, kind=Responsibility.OPERATIVE, question="Wie?", responsible="Team"
    )
    for number in range(1, competences + 1):
        competence = Competence.objects.create(area=area, position=number, name=f"Kompetenz {number}")
        for audience, target in zip(Audience, targets, strict=True):
            track, _ = Track.objects.get_or_create(edition=edition, audience=audience)
            CompetenceProfile.objects.create(
                track=track, competence=competence, responsibility_level=level, target_level=target
            )
    return cohort


def answered(cohort, purpose, levels, *, code="AB{:02}CD", is_counted=True, on_paper=()):
    """A counted survey: registration (by its place) → level of every competence, with a code of its own."""
    now = timezone.now()
    survey = create_survey(cohort, purpose, opens_at=now - 2 * scenes.DAY, closes_at=now - scenes.DAY)
    people = list(Registration.objects.accepted().filter(cohort=cohort).order_by("pk"))
    invitations = Invitation.objects.bulk_create(Invitation(survey=survey, registration=half) for half in people)
    questions = {question.kind: question.pk for question in survey.questionnaire.questions()}
    for place, level in levels.items():
        invitation = invitations[place]
        answers = {
            (questions[QuestionKind.COMPETENCES], competence.pk): Said(level)
            for competence in Competence.objects.filter(area__edition=cohort.edition_id)
        }
        if code:
            answers[questions[QuestionKind.CODE], None] = Said(text=code.format(place))
        if place in on_paper:
            ballot = Ballot(answers)
            survey.paper_sheets.create(number=place, state=PaperState.DONE)
        else:
            ballot = Ballot(answers, invitation.registration.role, random_receipt())
            Participation.objects.create(invitation=invitation)
        Envelope.objects.create(survey=survey, sealed=seal(survey, ballot))
    if is_counted:
        count_survey(survey)
    survey.refresh_from_db()
    return survey


def asked_twice(*, before=22, after=18, **fields):
    """The first ones have answered; everybody has risen from 1 to 3."""
    cohort = cohort_with_profile(**fields)
    answered(cohort, Purpose.START, dict.fromkeys(range(before), 1))
    answered(cohort, Purpose.END, dict.fromkeys(range(after), 3))
    return cohort
