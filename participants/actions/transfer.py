"""Writing, confirming and remembering the Transfervereinbarung of a tandem.

Every action first locks the cohort's row, as those do by which somebody leaves or joins: so the two stay the same.
"""

from django.db import transaction
from django.utils import timezone

from netzkoord.lib import audit
from netzkoord.models import AuditAction
from participants.actions.locking import RegistrationRefused, fresh, lock
from participants.mails_transfer import send_transfer_mail
from participants.models import Registration, Tandem, TransferAgreement
from participants.queries.pairs import Pair, pair_of
from participants.queries.transfer import (
    AgreementPage,
    agreement_page,
    agreements_to_remind_of,
    holds,
)
from participants.transfer_plan import is_reminder_due

CHANGED_MEANWHILE = (
    "Inzwischen hat sich die Vereinbarung geändert. Nichts ist bestätigt. Bitte lesen Sie, was jetzt hier steht, "
    "und bestätigen Sie dann."
)


@transaction.atomic
def write_agreement(*, page: AgreementPage, agreement: TransferAgreement) -> bool:
    """Store what the person of the page has changed; whether that took back a confirmation.

    `agreement` carries the new words and has been compared with what others have written behind the cohort's lock.
    """
    pair = page.pair
    if pair is None:
        raise ValueError(f"{page.tandem} has no two people to agree on anything")
    has_confirmations = bool(page.confirmed_by)
    agreement.tandem = page.tandem
    agreement.belongs_to(pair.manager, pair.coordinator)
    agreement.changed_at = timezone.now()
    agreement.save()
    author = page.registration.person
    audit.record(AuditAction.TRANSFER_WRITTEN, target=agreement, by=author, is_taken_back=has_confirmations)
    if has_confirmations:
        tell_partner(page, "transfer_changed")
    return has_confirmations


@transaction.atomic
def confirm_agreement(*, registration: Registration, tandem_key: int, seen: str) -> AgreementPage:
    """Confirm for oneself what the page with `seen` has shown; a second time changes nothing.

    Raises `RegistrationRefused` with a sentence when it cannot be confirmed, or says something else by now.
    """
    lock(registration.cohort)
    page = agreement_page(fresh(registration), tandem_key)
    if page is None or page.agreement is None or page.pair is None or page.seen != seen:
        raise RegistrationRefused(CHANGED_MEANWHILE)
    if page.own_confirmed_at:
        return page
    if page.objection:
        raise RegistrationRefused(page.objection)
    confirm(page.agreement, page.pair, page.registration)
    if page.stands:
        tell_both(page.tandem, page.pair, "transfer_confirmed")
    else:
        tell_partner(page, "transfer_question")
    return page


def confirm(agreement: TransferAgreement, pair: Pair, half: Registration) -> None:
    """What somebody has confirmed who is not one of the two any more, ends with it."""
    if not agreement.is_between(pair.manager, pair.coordinator):
        agreement.belongs_to(pair.manager, pair.coordinator)
    if half.pk == pair.manager.pk:
        agreement.manager_confirmed_at = timezone.now()
    else:
        agreement.coordinator_confirmed_at = timezone.now()
    agreement.save()
    audit.record(AuditAction.TRANSFER_CONFIRMED, target=agreement, by=half.person)


def tell_partner(page: AgreementPage, name: str) -> None:
    if page.partner:
        send_transfer_mail(page.partner, tandem=page.tandem, name=name, partner=page.registration)


def tell_both(tandem: Tandem, pair: Pair, name: str) -> None:
    for half in pair.both:
        send_transfer_mail(half, tandem=tandem, name=name, partner=pair.other_than(half))


def remind_of_agreements() -> int:
    """The job: remind of every agreed day that has come. Returns of how many agreements.

    Idempotent, and may run in several processes at once.
    """
    return sum(remind(agreement) for agreement in agreements_to_remind_of(timezone.now()))


@transaction.atomic
def remind(agreement: TransferAgreement) -> bool:
    """Remind both of the day they have agreed on, once; False where it is not due any more.

    That it was sent is stored with the mails: a worker that is killed leaves both or neither.
    """
    lock(agreement.tandem.cohort)
    current = TransferAgreement.objects.with_people().get(pk=agreement.pk)
    day, pair = current.due_on, pair_of(current.tandem)
    if pair is None or day is None or day == current.reminded_of or not is_reminder_due(day, timezone.now()):
        return False
    if current.tandem.cohort.cancelled_at or not holds(current, current.tandem):
        return False
    TransferAgreement.objects.filter(pk=current.pk).update(reminded_of=day)
    tell_both(current.tandem, pair, "transfer_reminder")
    return True
