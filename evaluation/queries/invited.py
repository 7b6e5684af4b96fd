"""Who is asked in a survey."""

from evaluation.models import Purpose, Survey
from participants.models import Presence, Registration
from participants.models.registrations import RegistrationQuerySet


def people_asked(survey: Survey) -> RegistrationQuerySet:
    """Who attended the session, for its feedback; for every other survey who has a place."""
    if survey.purpose == Purpose.FEEDBACK:
        return attended_session(survey.session_id)
    return Registration.objects.accepted().filter(cohort=survey.cohort_id)


def attended_session(session_id: int | None) -> RegistrationQuerySet:
    """Who was there for at least half a day of the session, and has not withdrawn."""
    return Registration.objects.active().filter(
        pk__in=Registration.objects.filter(
            attendances__day__session=session_id, attendances__presence=Presence.PRESENT
        ).values("pk")
    )
