"""Handing in an anonymous answer."""

from collections.abc import Mapping

from django.db import IntegrityError, connection, transaction

from evaluation import ballots
from evaluation.models import Envelope, Invitation, Participation, Survey


class SurveyNotOpenError(Exception):
    """The survey takes no answers at this moment."""


class AlreadyAnsweredError(Exception):
    """This invitation was answered before; what was said then cannot be found again."""


@transaction.atomic
def submit_ballot(*, invitation: Invitation, answers: Mapping[int, int | str]) -> None:
    """Mark the invitation as answered and store the answers sealed; nothing else is written, on purpose.

    Raises SurveyNotOpenError, AlreadyAnsweredError.
    """
    survey = survey_held_for_ballot(invitation.survey_id)
    if not survey.takes_ballots:
        raise SurveyNotOpenError
    try:
        with transaction.atomic():
            Participation.objects.create(invitation=invitation)
    except IntegrityError:
        raise AlreadyAnsweredError from None
    Envelope.objects.create(survey=survey, sealed=ballots.seal(survey, answers))


def survey_held_for_ballot(pk: int) -> Survey:
    """The survey as it is now; it cannot be closed or counted before this transaction ends.

    FOR SHARE lets any number of people hand in at once and keeps only the count waiting; Django has no word
    for it. SQLite has one writer at a time.
    """
    if connection.features.has_select_for_update:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM evaluation_survey WHERE id = %s FOR SHARE", [pk])
    return Survey.objects.select_related("questionnaire").get(pk=pk)
