"""Personal links of registrations: to confirm an address, to see one's status, to join as partner.

Each is a key with its signature and good for one purpose only; nothing of it is stored. The partner's link
is signed with the invited address as well, so that it dies when another address is invited.
"""

from netzkoord.lib import links
from participants.models import Registration, Tandem

CONFIRM = "registration-confirm"
STATUS = "registration-status"


def confirm_link(registration: Registration) -> str:
    return links.absolute("participants:registration_confirm", links.sign(CONFIRM, registration.pk))


def status_token(registration: Registration) -> str:
    return links.sign(STATUS, registration.pk)


def status_link(registration: Registration) -> str:
    return links.absolute("participants:registration_status", status_token(registration))


def partner_token(tandem: Tandem) -> str:
    return links.sign(partner_purpose(tandem), tandem.pk)


def partner_link(tandem: Tandem) -> str:
    return links.absolute("participants:partner_add", partner_token(tandem))


def registration_key(purpose: str, token: str) -> int | None:
    """The number of the registration in a token for this purpose; None for any other token."""
    key = links.unsign(purpose, token)
    return int(key) if key else None


def claimed_tandem_key(token: str) -> int | None:
    """The number that a partner's token claims; `is_partner_token` says whether the claim is true."""
    key = token.partition(".")[0]
    return int(key) if key.isascii() and key.isdigit() and len(key) < 19 else None


def is_partner_token(tandem: Tandem, token: str) -> bool:
    return bool(tandem.partner_email) and links.unsign(partner_purpose(tandem), token) == str(tandem.pk)


def partner_purpose(tandem: Tandem) -> str:
    return f"partner.{tandem.partner_email}"
