"""A new personal link for one that has expired, or for whoever asks with the address of a registration."""

from collections.abc import Callable, Mapping

from curriculum.models import Audience
from netzkoord.models import PersonalLink
from participants import mails, mails_tandem, mails_waiting
from participants.actions.registrations import confirm_anew
from participants.models import Approval, PoolInvitation, Registration, Tandem
from participants.models.registrations import RegistrationQuerySet
from participants.queries.pool import is_good
from participants.tokens import APPROVAL, CONFIRM, PARTNER, POOL, STATUS


def renew_confirmation(link: PersonalLink) -> None:
    """While one can still register. Who is confirmed gets the own page."""
    renew_status(link)
    half = unconfirmed().filter(pk=link.target_id, email=link.email).first()
    if half and half.cohort.is_registration_open_to_invited:
        confirm_anew(half)


def renew_status(link: PersonalLink) -> None:
    half = with_cohort().filter(pk=link.target_id, email=link.email, confirmed_at__isnull=False).first()
    if half:
        mails.send_status_link(half)


def renew_partner(link: PersonalLink) -> None:
    """While the address is still the one that is invited."""
    related = Tandem.objects.select_related("cohort", "municipality", "substitute_for")
    tandems = related.prefetch_related("registrations")
    tandem = tandems.filter(pk=link.target_id, partner_email=link.email).first()
    if tandem is None or tandem.inviter is None:
        return
    role = Audience(tandem.inviter.role).other.person
    if tandem.substitute_for:
        mails_waiting.send_substitute(tandem, role=role)
    else:
        mails.send_invitation(tandem, inviter=tandem.inviter, role=role)


def renew_approval(link: PersonalLink) -> None:
    approval = Approval.objects.filter(pk=link.target_id, email=link.email).first()
    half = with_cohort().confirmed().filter(approval=approval).first() if approval else None
    if approval and half:
        mails_tandem.send_approval_question(half, approval)


def renew_pool(link: PersonalLink) -> None:
    """While the cohort takes registrations and the consent was not withdrawn."""
    related = PoolInvitation.objects.select_related(
        "cohort", "registration__cohort", "registration__tandem__municipality"
    )
    invitation = related.filter(pk=link.target_id, registration__email=link.email).first()
    if invitation and is_good(invitation):
        mails_waiting.send_pool_invitation(invitation)


# A link to a new address is not renewed: somebody may have mistyped it, and a stranger reads it.
RENEWALS: Mapping[str, Callable[[PersonalLink], None]] = {
    CONFIRM: renew_confirmation,
    STATUS: renew_status,
    PARTNER: renew_partner,
    APPROVAL: renew_approval,
    POOL: renew_pool,
}


def send_all(email: str) -> int:
    """Mail a new link for every registration under this address; how many those were."""
    for half in (confirmed := list(with_cohort().confirmed().filter(email=email))):
        mails.send_status_link(half)
    halves = unconfirmed().filter(email=email)
    for half in (open_ := [half for half in halves if half.cohort.is_registration_open_to_invited]):
        confirm_anew(half)
    return len(confirmed) + len(open_)


def unconfirmed() -> RegistrationQuerySet:
    return with_cohort().active().filter(confirmed_at__isnull=True)


def with_cohort() -> RegistrationQuerySet:
    return Registration.objects.select_related("cohort", "tandem__municipality")
