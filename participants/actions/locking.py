"""The lock behind which the registrations of a cohort change, and a registration as it stands behind it."""

from curriculum.models import Cohort
from participants.models import Registration


class RegistrationRefused(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """A registration that cannot go on; the German sentence says why and what to do."""


class RegistrationPostponed(RegistrationRefused):
    """Refused for now only: the same will be possible later."""


def lock(cohort: Cohort) -> Cohort:
    """The cohort as it is now; others who want to change its registrations wait until we are done."""
    return Cohort.objects.select_for_update().get(pk=cohort.pk)


def fresh(registration: Registration) -> Registration:
    """The registration as it is now, with all that mails and checks read of it.

    Raises `RegistrationRefused` for one that was withdrawn or deleted meanwhile.
    """
    half = (
        Registration.objects.select_related("cohort", "tandem__municipality", "tandem__cohort")
        .prefetch_related("tandem__registrations")
        .filter(pk=registration.pk)
        .first()
    )
    if half is None or half.withdrawn_at:
        raise RegistrationRefused("Diese Anmeldung gibt es nicht mehr.")
    return half
