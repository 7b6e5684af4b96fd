"""What has become of a mail, as organisers see it."""

from collections.abc import Mapping

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, TextChoices, Value, When
from django.utils import timezone
from post_office.models import STATUS, Email

from netzkoord.models import SendingAttempt, SendingOutcome


class MailState(TextChoices):
    """The values stand in addresses."""

    WAITING = "wartet", "wartet"
    RETRYING = "wird-erneut-versucht", "wird erneut versucht"
    FAILED = "fehlgeschlagen", "fehlgeschlagen"
    UNCERTAIN = "ungewiss", "ungewiss"
    SENT = "gesendet", "gesendet"


def with_state(mails: QuerySet[Email]) -> QuerySet[Email]:
    """Each with its `state`."""
    return mails.annotate(state=state_expression())


def state_expression() -> Case:
    """Uncertain is a mail of which an attempt is, unless it is sent."""
    uncertain = SendingAttempt.objects.filter(email=OuterRef("pk"), outcome=SendingOutcome.UNCERTAIN)
    return Case(
        When(status=STATUS.sent, then=Value(MailState.SENT)),
        When(Exists(uncertain), then=Value(MailState.UNCERTAIN)),
        When(status=STATUS.failed, then=Value(MailState.FAILED)),
        When(status=STATUS.requeued, then=Value(MailState.RETRYING)),
        default=Value(MailState.WAITING),
        output_field=CharField(),
    )


def state_of(mail: Email) -> MailState:
    """Of a mail that was read by `with_state`."""
    return MailState(vars(mail)["state"])


def count_by_state(mails: QuerySet[Email]) -> Mapping[MailState, int]:
    """How many there are of each; one query."""
    rows = mails.order_by().annotate(state=state_expression()).values_list("state").annotate(Count("pk"))
    found: dict[str, int] = dict(rows)
    return {state: found.get(state, 0) for state in MailState}


def resendable() -> QuerySet[Email]:
    """Failed mails that are still of use to their recipient."""
    still_good = Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now())
    return Email.objects.filter(still_good, status=STATUS.failed)


def is_expired(mail: Email) -> bool:
    """Whether a code or link in it is not good any more."""
    return mail.expires_at is not None and mail.expires_at <= timezone.now()
