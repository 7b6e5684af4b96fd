"""Opening and ending the check-in of half a day, and a person's own entry."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from curriculum.models import Session
from netzkoord.lib import audit
from netzkoord.models import AuditAction, User
from netzkoord.templatetags.german import german_date, german_time
from participants.actions.attendance import check_in, lock_session
from participants.check_in import window
from participants.halves import HalfDay
from participants.models import CheckIn, Presence, Registration


class CheckInRefused(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """Nobody can be entered now; its text is a sentence for the user."""


@transaction.atomic
def open_check_in(*, session: Session, span: HalfDay, by: User) -> CheckIn:
    """The running check-in of this half, a new one if there is none. Raises `CheckInRefused` outside its hours."""
    begin, end = window(span)
    now = timezone.now()
    if not begin <= now < end:
        first, last = (german_time(timezone.localtime(moment).time()) for moment in (begin, end))
        raise CheckInRefused(
            f"Selbst eintragen geht am {german_date(span.day.date)} von {first} bis {last}\u00a0Uhr."
        )
    lock_session(session)
    rows = CheckIn.objects.filter(day=span.day, half=span.half)
    rows.filter(ended_at__isnull=True, expires_at__lte=now).update(ended_at=F("expires_at"))
    opened, is_new = rows.get_or_create(
        ended_at=None, defaults={"day": span.day, "half": span.half, "opened_by": by, "expires_at": end}
    )
    if is_new:
        audit.record(AuditAction.CHECK_IN_OPENED, target=session, by=by, day=span.day.pk, half=span.half)
    return opened


@transaction.atomic
def end_check_in(*, check_in: CheckIn, by: User) -> None:
    """From now on its codes are worth nothing; ended twice it is ended once."""
    if CheckIn.objects.filter(pk=check_in.pk, ended_at__isnull=True).update(ended_at=timezone.now()):
        session = check_in.day.session
        audit.record(AuditAction.CHECK_IN_CLOSED, target=session, by=by, day=check_in.day_id, half=check_in.half)


def enter_oneself(*, half: Registration, into: CheckIn) -> None:
    """The person is there, by own word. Raises `CheckInRefused`."""
    session = into.day.session
    if not Registration.objects.of_session(session).filter(pk=half.pk).exists():
        raise CheckInRefused("Für diesen Termin sind Sie nicht angemeldet. Bitte sprechen Sie das Training an.")
    if not into.is_running(at=timezone.now()):
        raise CheckInRefused("Das Eintragen ist beendet. Bitte sprechen Sie das Training an.")
    assert half.person is not None  # noqa: S101 -- accepted people are confirmed, confirmed ones have an account
    row = check_in(registration=half.pk, session=session, day=into.day_id, half=into.half, by=half.person)
    if row.presence != Presence.PRESENT:
        raise CheckInRefused(
            f"Für Sie ist „{row.get_presence_display()}“ eingetragen. Bitte sprechen Sie das Training an."
        )
