"""Personal links of registrations: to confirm an address, to see one's status, to join as partner.

Each call makes a new link and stores its hash, so they are made where a mail is written, and never by a page.
"""

from collections.abc import Sequence

from netzkoord.lib import links
from netzkoord.lib.fields import row_key
from participants.models import Approval, PoolInvitation, Registration, Tandem

CONFIRM = "registration-confirm"
STATUS = "registration-status"
PARTNER = "tandem-partner"
POOL = "pool-invitation"
APPROVAL = "registration-approval"
ADDRESS = "registration-address"

CONFIRM_DAYS = 14
PARTNER_DAYS = 60
STATUS_DAYS = 365
POOL_DAYS = 365
APPROVAL_DAYS = 60
ADDRESS_DAYS = 3


def confirm_token(registration: Registration) -> str:
    return create(CONFIRM, registration.pk, email=registration.email, days=CONFIRM_DAYS)


def confirm_link(registration: Registration) -> str:
    return links.absolute("participants:registration_confirm", confirm_token(registration))


def status_token(registration: Registration) -> str:
    return create(STATUS, registration.pk, email=registration.email, days=STATUS_DAYS)


def status_link(registration: Registration) -> str:
    return links.absolute("participants:registration_status", status_token(registration))


def status_links(registrations: Sequence[Registration]) -> list[str]:
    """One for each of them, in their order; one query."""
    keys = [(registration.pk, registration.email) for registration in registrations]
    tokens = links.create_all(STATUS, keys, expires_at=links.in_days(STATUS_DAYS))
    return [links.absolute("participants:registration_status", token) for token in tokens]


def partner_token(tandem: Tandem) -> str:
    """For the invited address only: a link that went to another address ends when somebody else is invited."""
    links.revoke(PARTNER, tandem.pk, other_than=tandem.partner_email)
    return create(PARTNER, tandem.pk, email=tandem.partner_email, days=PARTNER_DAYS)


def partner_link(tandem: Tandem) -> str:
    return links.absolute("participants:partner_add", partner_token(tandem))


def approval_token(approval: Approval) -> str:
    return create(APPROVAL, approval.pk, email=approval.email, days=APPROVAL_DAYS)


def approval_link(approval: Approval) -> str:
    return links.absolute("participants:approval_answer", approval_token(approval))


def address_token(registration: Registration, email: str) -> str:
    """For the new address: the link knows it, so nothing of it is stored with the registration before."""
    links.revoke(ADDRESS, registration.pk)
    return create(ADDRESS, registration.pk, email=email, days=ADDRESS_DAYS)


def create(purpose: str, key: int, *, email: str, days: int) -> str:
    return links.create(purpose, key, email=email, expires_at=links.in_days(days))


def registration_key(purpose: str, token: str) -> int | None:
    """The number of the registration in a valid link for this purpose; None for any other token."""
    key = links.target(purpose, token)
    return int(key) if key else None


def own_token(registration: Registration) -> str:
    """What stands in the address for somebody who is signed in, and opens nothing for anybody else."""
    return str(registration.pk)


def own_key(token: str) -> int | None:
    """The number in an address made with `own_token`."""
    return row_key(token)


def pool_token(invitation: PoolInvitation) -> str:
    return create(POOL, invitation.pk, email=invitation.registration.email, days=POOL_DAYS)


def pool_link(invitation: PoolInvitation) -> str:
    return links.absolute("participants:pool_show", pool_token(invitation))
