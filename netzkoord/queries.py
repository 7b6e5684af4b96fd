"""Reads of the frame: the staff, and the outbox."""

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Lower
from post_office.models import Email, Log

from netzkoord import roles
from netzkoord.models import User


def staff(search: str = "") -> QuerySet[User]:
    """Everybody with a role, open accounts first. Participants have none and are not listed."""
    people = User.objects.filter(groups__name__in=roles.PERMISSIONS).distinct().prefetch_related("groups")
    for word in search.split():
        people = people.filter(
            Q(given_names__icontains=word) | Q(family_name__icontains=word) | Q(email__icontains=word)
        )
    return people.order_by("-is_active", Lower("family_name"), Lower("given_names"), "pk")


def outbox(search: str = "") -> QuerySet[Email]:
    """All messages, the newest first, each with what happened to it."""
    messages = Email.objects.order_by("-created", "-pk").prefetch_related(
        Prefetch("logs", Log.objects.order_by("-date", "-pk"))
    )
    if search:
        messages = messages.filter(Q(to__icontains=search) | Q(subject__icontains=search))
    return messages
