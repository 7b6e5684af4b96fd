"""Inviting from the pool (Aus dem Pool einladen)."""

from django.db import transaction
from django.utils import timezone

from curriculum.models import Cohort
from netzkoord.lib import audit
from netzkoord.models import AuditAction, User
from participants import mails_waiting
from participants.actions.locking import lock
from participants.models import Consent, ConsentPurpose, PoolInvitation, Registration
from participants.queries.pool import pool_candidates


class PoolRefused(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """Nobody can be invited to this cohort now; the German sentence says why."""


@transaction.atomic
def invite_from_pool(*, cohort: Cohort, by: User) -> int:
    """Mail everybody of the pool a link to register first, once for each person; how many those were.

    A second press finds nobody left. Raises `PoolRefused` while the cohort takes no registrations.
    """
    cohort = lock(cohort)
    refuse_closed(cohort)
    halves = pool_candidates(cohort)
    for half in halves:
        invitation = PoolInvitation.objects.create(registration=half, cohort=cohort)
        mails_waiting.send_pool_invitation(invitation)
    if halves:
        audit.record(AuditAction.POOL_INVITED, target=cohort, by=by, people=len(halves))
    return len(halves)


def refuse_closed(cohort: Cohort) -> None:
    if not cohort.announced_at:
        raise PoolRefused("Der Durchgang ist noch nicht ausgeschrieben. Eingeladen wird danach.")
    if not cohort.is_registration_open_to_invited:
        raise PoolRefused("Die Anmeldung ist geschlossen. Es wird niemand mehr eingeladen.")


@transaction.atomic
def leave_pool(*, registration: Registration) -> bool:
    """Withdraw this person's consent to be invited again, for all earlier registrations; False if there is none."""
    consents = Consent.objects.valid().filter(
        purpose=ConsentPurpose.POOL, registration__person=registration.person_id
    )
    keys = list(consents.select_for_update().values_list("pk", flat=True))
    Consent.objects.filter(pk__in=keys).update(withdrawn_at=timezone.now())
    if keys:
        audit.record(AuditAction.CONSENT_WITHDRAWN, target=registration, by=registration.person, purpose="POOL")
    return bool(keys)
