"""Personal links that are good no more: what renews each kind."""

from collections.abc import Callable, Mapping

from django.db import transaction

from curriculum.actions import renewals as of_curriculum
from evaluation.actions import renewals as of_evaluation
from netzkoord.lib import links
from netzkoord.lib.frequency import is_within
from netzkoord.models import PersonalLink
from participants.actions import renewals as of_participants

RENEWALS_PER_DAY = 3
RENEWALS: Mapping[str, Callable[[PersonalLink], None]] = {
    **of_curriculum.RENEWALS,
    **of_participants.RENEWALS,
    **of_evaluation.RENEWALS,
}


def is_renewable(link: PersonalLink) -> bool:
    """Not once it was revoked; of some purposes never."""
    return link.revoked_at is None and link.purpose in RENEWALS


@transaction.atomic
def renew_link(token: str) -> None:
    """Mail a new link to the address that had this one; not too often, and only for one that can be renewed."""
    link = links.find(token)
    if link is None or not is_renewable(link):
        return
    # The row is locked, so that the second of two clicks is counted after the first.
    PersonalLink.objects.select_for_update().get(pk=link.pk)
    if is_within(RENEWALS_PER_DAY, f"renewals-{link.purpose}-{link.target_id}-{link.email}"):
        RENEWALS[link.purpose](link)
