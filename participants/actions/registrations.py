"""Registration from the form to the confirmed half of a tandem.

Every action here first locks the cohort's row, so that two submissions of one thing come one after the other.
"""

import datetime
from dataclasses import asdict, dataclass, fields

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from curriculum.models import Audience, Cohort
from netzkoord.lib import audit, links
from netzkoord.lib.frequency import REPEATED_WITHIN, is_first, is_within
from netzkoord.models import AuditAction, User
from participants import mails, mails_waiting
from participants.actions.approvals import ask_approval
from participants.actions.consents import Wishes, store_wishes
from participants.actions.locking import RegistrationRefused, fresh, lock
from participants.actions.places import has_room_for_half, leave_place, recount, take_place
from participants.models import Municipality, Offer, Registration, Selection, Tandem
from participants.queries.municipalities import same_municipality
from participants.tokens import CONFIRM_DAYS, PARTNER

# Mails to an address whose owner has not asked for them, per cohort and day.
MAILS_PER_DAY = 3
# Mails to an address that other people have named, over all of them and all cohorts, per day.
UNASKED_PER_DAY = 5
NO_WISHES = Wishes()


@dataclass(frozen=True, kw_only=True)
class Particulars:
    """What a person says about herself or himself in a registration (Angaben zur Person)."""

    salutation: str
    title: str
    given_names: str
    family_name: str
    email: str
    organisation: str
    organisation_type: str
    position: str = ""
    field_of_action: str = ""
    phone: str = ""


# All of them, and those that others may correct: the address is the key to the account.
OWN_FIELDS = tuple(field.name for field in fields(Particulars))
CORRECTABLE_FIELDS = tuple(name for name in OWN_FIELDS if name != "email")


@transaction.atomic
def submit_registration(
    *,
    cohort: Cohort,
    form: str,
    role: str,
    municipality: Municipality,
    partner_email: str,
    particulars: Particulars,
    wishes: Wishes,
) -> None:
    """Store an unconfirmed registration and mail the link that confirms it.

    An address that is registered already gets a mail that says so, and one that has had enough mails today
    gets none; nothing is stored then, and the caller cannot tell the difference. A municipality without key is one
    that was written in, and is stored, too. Who may register before all others, the view knows.
    Raises `RegistrationRefused` after the closing date.
    """
    cohort = lock(cohort)
    if not cohort.is_registration_open_to_invited:
        raise RegistrationRefused("Die Anmeldefrist ist abgelaufen. Ihre Angaben wurden nicht gespeichert.")
    if tell_registered(cohort, particulars.email):
        return
    wanted = same_municipality(municipality, "tandem__municipality")
    wanted &= Q(tandem__form=form, tandem__partner_email=partner_email, role=role)
    if repeats(cohort, particulars, wanted) or not may_mail(cohort, particulars.email):
        return
    if not municipality.pk:
        municipality.save()
    tandem = Tandem.objects.create(cohort=cohort, municipality=municipality, form=form, partner_email=partner_email)
    create_half(tandem, role=role, particulars=particulars, wishes=wishes)


def tell_registered(cohort: Cohort, email: str) -> bool:
    """Whether the address has a confirmed registration here; if so, its owner is told by mail."""
    known = Registration.objects.confirmed().filter(cohort=cohort, email=email)
    half = known.select_related("cohort", "tandem__municipality").first()
    if half is None:
        return False
    if is_first(f"already-registered-{half.pk}") and may_mail(cohort, email):
        mails.send_already_registered(half)
    return True


def may_mail(cohort: Cohort, email: str) -> bool:
    """Nobody uses the public form to fill a stranger's mailbox; counts this mail."""
    return is_within(MAILS_PER_DAY, f"registration-mails-{cohort.pk}-{email}")


def may_write_to(email: str) -> bool:
    """Nobody is flooded by many who name one address; counts this mail."""
    return is_within(UNASKED_PER_DAY, f"unasked-{email}")


def repeats(cohort: Cohort, particulars: Particulars, wanted: Q) -> bool:
    """Whether the same was submitted before; if that is long ago, the link is sent again."""
    same = Registration.objects.active().filter(
        wanted, cohort=cohort, confirmed_at__isnull=True, **asdict(particulars)
    )
    half = same.select_related("cohort", "tandem__municipality").first()
    if half is None:
        return False
    if timezone.now() - half.created_at > REPEATED_WITHIN and may_mail(cohort, particulars.email):
        confirm_anew(half)
    return True


def confirm_anew(half: Registration) -> None:
    """A new link for an unconfirmed half, which is as good as new: the link is good as long as its mail says."""
    Registration.objects.filter(pk=half.pk).update(created_at=timezone.now())
    mails.send_confirmation(half, days=CONFIRM_DAYS)


def create_half(tandem: Tandem, *, role: str, particulars: Particulars, wishes: Wishes = NO_WISHES) -> Registration:
    """An unconfirmed half, and the mail with the link that confirms it."""
    half = store_half(tandem, role=role, particulars=particulars, wishes=wishes)
    mails.send_confirmation(half, days=CONFIRM_DAYS)
    return half


def store_half(tandem: Tandem, *, role: str, particulars: Particulars, wishes: Wishes = NO_WISHES) -> Registration:
    """The one place that writes a registration, so that its cohort is always its tandem's."""
    half = Registration.objects.create(cohort=tandem.cohort, tandem=tandem, role=role, **asdict(particulars))
    store_wishes(half, wishes)
    audit.record(AuditAction.REGISTRATION_SUBMITTED, target=half, by=None)
    return half


def is_confirmable(half: Registration) -> bool:
    return timezone.now() - half.created_at <= datetime.timedelta(days=CONFIRM_DAYS)


def refuse_left_out(tandem: Tandem) -> None:
    """A tandem that was declined, or whose cohort was cancelled, takes nobody more."""
    if tandem.cohort.cancelled_at:
        raise RegistrationRefused("Dieser Durchgang ist abgesagt.")
    if tandem.selection == Selection.DECLINED:
        raise RegistrationRefused("Dieses Tandem nimmt nicht mehr an der Anmeldung teil.")


def refuse_late(half: Registration) -> None:
    if not is_confirmable(half):
        raise RegistrationRefused(
            f"Der Link zur Bestätigung galt {CONFIRM_DAYS} Tage. Bitte melden Sie sich noch einmal an."
        )


def confirm_half(half: Registration) -> None:
    """Give the half to the person behind its address and tell everybody concerned."""
    refuse_left_out(half.tandem)
    person = person_of(half)
    refuse_second_registration(half, person)
    refuse_without_room(half.tandem)
    half.person = person
    half.confirmed_at = timezone.now()
    half.save(update_fields=["person", "confirmed_at"])
    take_place(half)
    recount(half.cohort)
    discard_unconfirmed(cohort=half.cohort, email=half.email)
    audit.record(AuditAction.REGISTRATION_CONFIRMED, target=half, by=person)
    half = fresh(half)
    tell_confirmed(half)
    ask_approval(half)


def person_of(half: Registration) -> User:
    """The person with this address; a new account gets the names of the half, a known one keeps its own."""
    person = User.objects.filter(email__iexact=half.email).first()
    if person is None:
        person = User.objects.create_user(
            half.email,
            salutation=half.salutation,
            title=half.title,
            given_names=half.given_names,
            family_name=half.family_name,
        )
    return person


def refuse_second_registration(half: Registration, person: User) -> None:
    others = Registration.objects.confirmed().filter(cohort=half.cohort).exclude(pk=half.pk)
    if others.filter(person=person).exists() or others.filter(email=half.email).exists():
        raise RegistrationRefused(
            "Sie sind für diesen Durchgang schon angemeldet. Eine Person kann nur in einem Tandem sein. "
            "Wenn Sie das Tandem wechseln wollen, ziehen Sie zuerst die andere Anmeldung zurück; "
            "der Link dazu steht in der Mail, mit der sie bestätigt wurde."
        )


def refuse_without_room(tandem: Tandem) -> None:
    """An accepted tandem takes a place for each confirmed half; the last one may have gone meanwhile."""
    if not has_room_for_half(tandem):
        raise RegistrationRefused(
            "Im Durchgang ist kein Platz mehr frei. Bitte wenden Sie sich an die Organisation."
        )


def discard_unconfirmed(*, cohort: Cohort, email: str) -> None:
    """Other attempts under this address were never confirmed and have no use any more."""
    discard(Registration.objects.filter(cohort=cohort, email=email, confirmed_at__isnull=True))


def discard(halves: QuerySet[Registration]) -> int:
    """Delete unconfirmed halves, and the undecided tandems that have none any more. Returns how many halves."""
    keys = set(halves.values_list("pk", flat=True))
    # What was merged into one of them is the same person's, and goes along.
    keys |= set(Registration.objects.filter(merged_into__in=keys).values_list("pk", flat=True))
    doomed = Registration.objects.filter(pk__in=keys)
    doomed.update(merged_into=None)
    tandem_keys = set(doomed.values_list("tandem_id", flat=True))
    doomed.delete()
    Tandem.objects.filter(pk__in=tandem_keys, registrations__isnull=True, selection=Selection.OPEN).delete()
    return len(keys)


def tell_confirmed(half: Registration) -> None:
    """Mail to the confirmed person; to both when the tandem is complete, to the invited one when it is not."""
    partner = half.partner
    if partner and partner.confirmed_at:
        mails.send_complete(half, partner=partner)
        mails.send_complete(partner_with_tandem(partner, half), partner=half)
    elif mutual_partner(half) is None:
        mails.send_confirmed(half)
        invite(half)
    if half.tandem.selection == Selection.ACCEPTED:
        mails.send_decision(half, Selection.ACCEPTED)


def mutual_partner(half: Registration) -> Registration | None:
    """Somebody confirmed and alone whom this person has named, and who has named this person for the other role."""
    tandem = half.tandem
    if not tandem.partner_email or len(tandem.active_registrations()) > 1:
        return None
    named = Registration.objects.confirmed().filter(
        cohort=half.cohort,
        email=tandem.partner_email,
        role=Audience(half.role).other,
        tandem__partner_email=half.email,
        tandem__municipality=tandem.municipality_id,
        tandem__shared_half=None,
    )
    related = named.exclude(tandem__selection=Selection.DECLINED).prefetch_related("tandem__registrations")
    other = related.exclude(tandem__in=Offer.objects.open().values("tandem")).first()
    return other if other and len(other.tandem.active_registrations()) == 1 else None


def partner_with_tandem(partner: Registration, half: Registration) -> Registration:
    """The partner, reading the tandem that is already in memory."""
    partner.tandem, partner.cohort = half.tandem, half.cohort
    return partner


def invite(half: Registration) -> bool:
    """Mail the personal link to the partner's address, if one is named.

    Who is registered elsewhere in this cohort already is told how to follow; nobody is moved. False when the
    address has had enough mails today: the first that it reads then is the reminder.
    """
    tandem = half.tandem
    if not tandem.partner_email or mutual_partner(half):
        return True
    Tandem.objects.filter(pk=tandem.pk).update(partner_invited_at=timezone.now(), partner_reminded_count=0)
    if not may_write_to(tandem.partner_email):
        return False
    elsewhere = Registration.objects.confirmed().filter(cohort=half.cohort, email=tandem.partner_email)
    if elsewhere.exists():
        mails.send_bound_elsewhere(tandem, inviter=half)
    else:
        mails.send_invitation(tandem, inviter=half, role=Audience(half.role).other.person)
    return True


@transaction.atomic
def withdraw_registration(*, registration: Registration) -> None:
    """Take a confirmed registration back; the partner stays. A second time changes nothing."""
    lock(registration.cohort)
    half = Registration.objects.get(pk=registration.pk)
    if half.withdrawn_at:
        return
    half = fresh(half)
    partner = half.partner
    half.withdrawn_at = timezone.now()
    half.save(update_fields=["withdrawn_at"])
    forget_invitation(half)
    leave_place(half)
    recount(half.cohort)
    audit.record(AuditAction.REGISTRATION_WITHDRAWN, target=half, by=half.person)
    tell_withdrawn(half, partner)


def tell_withdrawn(half: Registration, partner: Registration | None) -> None:
    """Mail to who has left and to who stays; where a place is kept, both read how somebody else can take it."""
    half.tandem.refresh_from_db(fields=["place_held_until"])
    is_kept = half.tandem.is_place_held
    (mails_waiting.send_place_kept if is_kept else mails.send_withdrawn)(half)
    if partner and partner.confirmed_at:
        tell = mails_waiting.send_partner_left if is_kept else mails.send_partner_withdrew
        tell(partner_with_tandem(partner, half), partner=half)


def forget_invitation(half: Registration) -> None:
    """The link of somebody who has left, or whose inviter has left, is good no more."""
    links.revoke(PARTNER, half.tandem_id)
    Tandem.objects.filter(pk=half.tandem_id).end_invitation()


@transaction.atomic
def correct_registration(*, registration: Registration, changed: list[str], by: User) -> None:
    """Store corrected particulars; the log names the fields, not what was in them."""
    registration.save(update_fields=changed)
    audit.record(AuditAction.REGISTRATION_CHANGED, target=registration, by=by, fields=changed)
