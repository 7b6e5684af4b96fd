"""Answering a survey: a draft is kept step by step, then everything is sent once."""

from collections.abc import Collection

from django.db import IntegrityError, connection, transaction

from evaluation import ballots, drafts
from evaluation.actions.judging import fix_needs
from evaluation.models import Envelope, Invitation, Participation, PersonalAnswer, Question, Survey
from evaluation.said import Answers, fields_of


class SurveyNotOpenError(Exception):
    """The survey takes no answers at this moment."""


class AlreadyAnsweredError(Exception):
    """This invitation was answered before."""


@transaction.atomic
def save_draft(*, invitation: Invitation, questions: Collection[int], answers: Answers, section: int) -> None:
    """Keep what one section says: it replaces what was kept for its `questions` (primary keys).

    Raises SurveyNotOpenError, AlreadyAnsweredError.
    """
    fix_needs(invitation.survey)
    require_open(survey_held_for_ballot(invitation.survey_id))
    # Against a second tab that sends at the same moment, or the draft would outlive it.
    Invitation.objects.select_for_update().get(pk=invitation.pk)
    if Participation.objects.filter(invitation=invitation).exists():
        raise AlreadyAnsweredError
    before = drafts.load(invitation)
    kept = {key: said for key, said in before.answers.items() if key[0] not in questions}
    drafts.store(invitation, drafts.DraftContent({**kept, **answers}, before.sections | {section}))


@transaction.atomic
def submit(*, invitation: Invitation, answers: Answers, receipt: str = "") -> None:
    """Mark the invitation as answered, store the answers – sealed, or with the name – and delete the draft.

    Nothing else is written, on purpose. The receipt of an anonymous ballot is what its sender has; empty for none.
    Raises SurveyNotOpenError, AlreadyAnsweredError.
    """
    fix_needs(invitation.survey)
    survey = survey_held_for_ballot(invitation.survey_id)
    require_open(survey)
    try:
        with transaction.atomic():
            Participation.objects.create(invitation=invitation)
    except IntegrityError:
        raise AlreadyAnsweredError from None
    if survey.is_anonymous:
        ballot = ballots.Ballot(answers, invitation.registration.role, receipt)
        Envelope.objects.create(survey=survey, sealed=ballots.seal(survey, ballot))
    else:
        store_by_name(invitation, survey, answers)
    drafts.discard(invitation)


def require_open(survey: Survey) -> None:
    """Raises SurveyNotOpenError."""
    if not survey.takes_ballots:
        raise SurveyNotOpenError


def survey_held_for_ballot(pk: int) -> Survey:
    """The survey as it is now; it cannot be closed or counted before this transaction ends.

    FOR SHARE lets any number of people hand in at once and keeps only the count waiting; Django has no word
    for it. SQLite has one writer at a time. Raises SurveyNotOpenError where it has been taken back.
    """
    if connection.features.has_select_for_update:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM evaluation_survey WHERE id = %s FOR SHARE", [pk])
    survey = Survey.objects.select_related("questionnaire", "cohort").filter(pk=pk).first()
    if survey is None:  # taken back meanwhile
        raise SurveyNotOpenError
    return survey


def store_by_name(invitation: Invitation, survey: Survey, answers: Answers) -> None:
    kinds = dict(Question.objects.filter(section__questionnaire=survey.questionnaire_id).values_list("pk", "kind"))
    PersonalAnswer.objects.bulk_create(
        PersonalAnswer(invitation=invitation, **fields)
        for key, said in answers.items()
        for fields in fields_of(key, said, kinds[key[0]])
    )
