"""Changes to venues that need more than a form."""

from django.db import transaction

from curriculum.actions.in_use import delete_unused
from curriculum.models import Venue
from netzkoord.lib import audit
from netzkoord.models import AuditAction, User


@transaction.atomic
def delete_venue(*, venue: Venue, by: User) -> None:
    """Delete a venue that no session needs. Raises `InUse`."""
    audit.record(AuditAction.VENUE_DELETED, target=venue, by=by, name=str(venue))
    delete_unused(venue)
