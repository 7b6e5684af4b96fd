"""A person's new address: confirmed from the new mailbox, told to the old one."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from curriculum.models import Cohort
from curriculum.queries import practice_reports, trainers
from netzkoord.lib import audit, links
from netzkoord.lib.frequency import is_first, is_within
from netzkoord.lib.mail import is_address
from netzkoord.models import AuditAction, PersonalLink, User
from participants import mails, mails_tandem
from participants.actions.invitations import invite_reachable
from participants.actions.locking import RegistrationPostponed, RegistrationRefused, fresh, lock
from participants.actions.registrations import MAILS_PER_DAY, may_write_to
from participants.models import Approval, PoolInvitation, Registration, Tandem
from participants.tokens import ADDRESS, APPROVAL, CONFIRM, PARTNER, POOL, STATUS

# Links that make their reader a partner, a superior, a trainer or an author: no registration's address ends them.
NOT_OF_REGISTRATIONS = {PARTNER, APPROVAL, practice_reports.PURPOSE, trainers.PURPOSE}
TAKEN = (
    "Unter dieser Adresse gibt es schon eine Anmeldung oder ein Konto. Ihre Anmeldung behält deshalb die bisherige "
    "Adresse. Bitte schreiben Sie uns, wenn beides Ihnen gehört."
)
OF_TEAM = "Ihr Konto gehört zum Team. Bitte lassen Sie die Adresse von der Organisation ändern."
ANOTHER_OF_TEAM = (
    "Das Konto dieser Person gehört zum Team. Mit seiner Adresse meldet sie sich an, darum wird sie hier nicht "
    "geändert. Bitte wenden Sie sich an die Person, die den Server betreut."
)
TAKEN_BY_ANOTHER = (
    "Unter dieser Adresse gibt es schon eine Anmeldung oder ein Konto. Bitte fragen Sie die Person nach einer "
    "anderen."
)


@transaction.atomic
def ask_for_address(*, registration: Registration, email: str) -> None:
    """Mail a link to the new address; nothing changes before it is used. Known addresses get the same mail."""
    lock(registration.cohort)
    half = fresh(registration)
    refuse_staff(half, OF_TEAM)
    if email == half.email or not is_first(f"address-{half.pk}-{email}"):
        return
    if not is_within(MAILS_PER_DAY, f"addresses-{half.pk}") or not may_write_to(email):
        raise RegistrationPostponed("Für heute sind genug Links gesendet. Bitte versuchen Sie es morgen wieder.")
    mails_tandem.send_address_question(half, email=email)


@transaction.atomic
def change_address(*, link: PersonalLink) -> Registration:
    """Take over the address to which the link went, for account and registrations; a second time changes nothing.

    Raises `RegistrationRefused` when the address is somebody else's by now.
    """
    found = Registration.objects.get(pk=link.target_id)
    for cohort in Cohort.objects.filter(registrations__in=under_one_address(found)).distinct().order_by("pk"):
        lock(cohort)
    half = fresh(found)  # read under the lock: the second of two clicks sees what the first has done
    if half.email == link.email:
        return half
    refuse_staff(half, OF_TEAM)
    former = half.email
    try:
        with transaction.atomic():
            move(half, to=link.email)
    except IntegrityError as error:  # somebody has taken the address in the same moment
        raise RegistrationRefused(TAKEN) from error
    audit.record(AuditAction.ADDRESS_CHANGED, target=half, by=half.person)
    half = fresh(half)
    mails_tandem.send_address_changed(half, former=former)
    mails.send_status_link(half)
    return half


@transaction.atomic
def mend_address(*, registration: Registration, email: str, by: User) -> None:
    """Put an address in the place of one that is none: no account can be entered with that, and none is taken away.

    The person gets the link to the own page and the invitations that could not be written. Raises
    `RegistrationRefused` when the address is somebody else's.
    """
    half = fresh(registration)
    if is_address(half.email):
        return
    refuse_staff(half, ANOTHER_OF_TEAM)
    try:
        with transaction.atomic():
            move(half, to=email)
    except (IntegrityError, RegistrationRefused) as error:
        raise RegistrationRefused(TAKEN_BY_ANOTHER) from error
    audit.record(AuditAction.ADDRESS_CHANGED, target=half, by=by)
    half = fresh(half)
    mails.send_status_link(half)
    invite_reachable(half)


def under_one_address(half: Registration) -> QuerySet[Registration]:
    """The person's registrations that have this address, in other cohorts, too."""
    return Registration.objects.filter(
        Q(pk=half.pk) | Q(person__isnull=False, person=half.person_id, email=half.email)
    )


def move(half: Registration, *, to: str) -> None:
    """The account and all registrations under one address; who reads the former mailbox gets no further."""
    halves = list(under_one_address(half).select_related("cohort"))
    for each in halves:
        refuse_taken(each, to)
    person = half.person
    if person and person.email.lower() == half.email:
        person.email = to
        person.save(update_fields=["email"])
    Registration.objects.filter(pk__in=[each.pk for each in halves]).update(email=to)
    end_links(halves, former=half.email, to=to)


def end_links(halves: Sequence[Registration], *, former: str, to: str) -> None:
    """Every link of these registrations that is not for the new address.

    Those of the apps above say nothing here about whose they are: all that went to the former address end.
    """
    for half in halves:
        for purpose in (STATUS, CONFIRM, ADDRESS):
            links.revoke(purpose, half.pk, other_than=to)
    for invitation in PoolInvitation.objects.filter(registration__in=halves):
        links.revoke(POOL, invitation.pk, other_than=to)
    links.revoke_sent_to(former, other_than=NOT_OF_REGISTRATIONS | {CONFIRM})


def refuse_staff(half: Registration, sentence: str) -> None:
    """Who has the link of a registration must not take over an account that may do more."""
    if half.person and (half.person.is_superuser or half.person.groups.exists()):
        raise RegistrationRefused(sentence)


def refuse_taken(half: Registration, email: str) -> None:
    others = Registration.objects.confirmed().filter(cohort=half.cohort, email=email).exclude(pk=half.pk)
    accounts = User.objects.filter(email__iexact=email).exclude(pk=half.person_id or 0)
    if others.exists() or accounts.exists():
        raise RegistrationRefused(TAKEN)


def follow_correction(link: PersonalLink, *, address: str) -> None:
    """The address of a mail was corrected: so is the one that nobody has confirmed, if it was the same.

    `link` is as it was before. A confirmed person's address is never changed this way.
    """
    if link.purpose == CONFIRM:
        unconfirmed = Registration.objects.filter(pk=link.target_id, email=link.email, confirmed_at=None)
        unconfirmed.update(email=address)
    elif link.purpose == PARTNER:
        Tandem.objects.filter(pk=link.target_id, partner_email=link.email).update(partner_email=address)
    elif link.purpose == APPROVAL:
        Approval.objects.filter(pk=link.target_id, email=link.email).update(email=address)
