"""The private address of a person's calendar: made, replaced, taken away."""

from django.db import transaction
from django.utils import timezone

from curriculum.models import CalendarFeed
from curriculum.models.delivery import new_feed_key
from netzkoord.lib import audit
from netzkoord.models import AuditAction, User


@transaction.atomic
def create_feed(*, by: User) -> CalendarFeed:
    """A second click finds what the first one made."""
    feed, is_new = CalendarFeed.objects.get_or_create(user=by)
    if is_new:
        audit.record(AuditAction.FEED_CREATED, target=feed, by=by)
    return feed


@transaction.atomic
def renew_feed(*, seen: str, by: User) -> None:
    """A new key; the old address knows nobody any more. Nothing when `seen` is not the present key's moment."""
    feed = CalendarFeed.objects.select_for_update().filter(user=by).first()
    if feed is None or feed.created_at.isoformat() != seen:
        return
    feed.key, feed.created_at = new_feed_key(), timezone.now()
    feed.save(update_fields=["key", "created_at"])
    audit.record(AuditAction.FEED_REVOKED, target=feed, by=by)
    audit.record(AuditAction.FEED_CREATED, target=feed, by=by)


@transaction.atomic
def revoke_feed(*, by: User) -> None:
    feed = CalendarFeed.objects.select_for_update().filter(user=by).first()
    if feed is not None:
        audit.record(AuditAction.FEED_REVOKED, target=feed, by=by)
        feed.delete()
