"""What nobody needs any more: registrations that were never confirmed, addresses of invited people."""

import datetime

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from curriculum.models import Cohort
from netzkoord.lib import audit
from netzkoord.models import AuditAction
from participants.actions.locking import lock
from participants.actions.municipalities import forget_unused
from participants.actions.registrations import discard
from participants.models import Registration, Selection, Tandem
from participants.tokens import CONFIRM_DAYS

# So long the link of an invitation that was followed still says what has become of it.
LINK_ANSWERS_FOR = datetime.timedelta(days=1)


def discard_expired() -> None:
    """Forget what has expired; called again and again, and by two workers at once, it does so once."""
    expired = expired_registrations()
    for cohort in Cohort.objects.filter(pk__in=expired.values("cohort")):
        discard_unconfirmed_of(cohort)
    forget_invited_addresses()
    forget_unused()


def expired_registrations() -> QuerySet[Registration]:
    """Registrations that were not confirmed while they could be."""
    latest = timezone.now() - datetime.timedelta(days=CONFIRM_DAYS)
    return Registration.objects.filter(confirmed_at__isnull=True, created_at__lt=latest)


@transaction.atomic
def discard_unconfirmed_of(cohort: Cohort) -> None:
    """Delete them and the tandems that are empty without them; the log counts and names nobody."""
    lock(cohort)
    if count := discard(expired_registrations().filter(cohort=cohort)):
        audit.record(AuditAction.REGISTRATIONS_DISCARDED, target=cohort, by=None, count=count)


def forget_invited_addresses() -> int:
    """Clear the partner's address where its link leads nowhere any more. Returns how many. One statement."""
    today = timezone.localdate()
    followed = Q(confirmed_count=2, last_confirmed_at__lt=timezone.now() - LINK_ANSWERS_FOR)
    left_out = Q(selection=Selection.DECLINED) | Q(cohort__cancelled_at__isnull=False)
    # An accepted tandem may be completed until the last day; the others can invite anew once they are accepted.
    is_late = Q(cohort__registration_closes_on__lt=today) & ~Q(selection=Selection.ACCEPTED)
    is_over = Q(cohort__in=Cohort.objects.alias(ends_on=Max("sessions__days__date")).filter(ends_on__lt=today))
    useless = (
        Tandem.objects.exclude(partner_email="")
        .with_halves()
        .annotate(last_confirmed_at=Max("registrations__confirmed_at"))
        .filter(followed | left_out | is_late | is_over)
    )
    return Tandem.objects.filter(pk__in=useless.values("pk")).end_invitation()
