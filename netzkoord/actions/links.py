"""Personal links that are good no more: what renews each kind, and all of an address."""

from collections.abc import Callable, Mapping

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django_tasks import task

from curriculum.actions import renewals as of_curriculum
from evaluation.actions import renewals as of_evaluation
from netzkoord.lib import links
from netzkoord.lib.frequency import is_within
from netzkoord.models import PersonalLink
from participants.actions import renewals as of_participants
from participants.models import Registration

RENEWALS_PER_DAY = 3
REQUESTS_PER_DAY = 3
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
    if is_within(RENEWALS_PER_DAY, f"renewals-{link.purpose}-{link.target_id}-{link.email}"):
        RENEWALS[link.purpose](link)


def request_links(email: str) -> None:
    """Have the worker mail new links to this address, if it is known.

    The page that asks takes the same time for every address, and what waits in the queue names none.
    """
    send_links.enqueue(disguised(email))


@task()
@transaction.atomic
def send_links(disguise: str) -> int:
    """Mail the links of the registrations and open surveys of an address, a few times a day; how many."""
    email = known_address(disguise)
    if email is None or not is_within(REQUESTS_PER_DAY, f"links-{email}"):
        return 0
    return of_participants.send_all(email) + of_evaluation.send_all(email)


def disguised(email: str) -> str:
    """Tells whoever has the key of the house whether an address is this one, and nothing to anybody else."""
    return salted_hmac("netzkoord.links", email, algorithm="sha256").hexdigest()


def known_address(disguise: str) -> str | None:
    emails = Registration.objects.active().order_by().values_list("email", flat=True).distinct()
    return next((email for email in emails if constant_time_compare(disguised(email), disguise)), None)
