"""Municipalities that were written in become official ones, or go when nobody needs them any more."""

from collections.abc import Collection

from django.db import transaction

from netzkoord.lib import audit
from netzkoord.models import AuditAction, User
from participants.models import Municipality, Tandem


@transaction.atomic
def match_municipalities(*, written_in: Collection[int], official: Municipality, by: User) -> int:
    """Move the tandems of those that were written in to the official one, and delete what was written in.

    Returns how many tandems have moved. What somebody else has matched meanwhile is passed over, so that a second
    click does nothing. Raises `ValueError` for an official one that nobody can register from.
    """
    if official.is_written_in or official.dissolved_on:
        raise ValueError(f"Municipality {official.pk} is not offered")
    rows = Municipality.objects.written_in().select_for_update().filter(pk__in=written_in)
    return sum(match(row, official, by) for row in rows.order_by("pk"))


def match(written_in: Municipality, official: Municipality, by: User) -> int:
    count = Tandem.objects.filter(municipality=written_in).update(municipality=official)
    audit.record(
        AuditAction.MUNICIPALITY_MATCHED, target=official, by=by, written_in=written_in.name, tandems=count
    )
    written_in.delete()
    return count


def forget_unused() -> None:
    """What was written in goes with the last tandem that came from there."""
    Municipality.objects.written_in().filter(tandems__isnull=True).delete()
