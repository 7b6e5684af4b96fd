"""Changes to venues that need more than a form."""

from django.db import transaction
from django.db.models import ProtectedError

from curriculum.models import Venue
from netzkoord.lib import audit
from netzkoord.models import AuditAction, User


class VenueInUse(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """Sessions are held there."""


@transaction.atomic
def delete_venue(*, venue: Venue, by: User) -> None:
    """Delete a venue that no session needs. Raises `VenueInUse`."""
    audit.record(AuditAction.VENUE_DELETED, target=venue, by=by, name=str(venue))
    try:
        venue.delete()
    except ProtectedError as error:
        raise VenueInUse(f"Venue {venue.pk} has {len(error.protected_objects)} sessions") from error
