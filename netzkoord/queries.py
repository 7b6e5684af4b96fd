"""Reads of the frame: the staff, and the outbox."""

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Lower
from post_office.models import Email

from netzkoord import roles
from netzkoord.lib.mail_states import with_state
from netzkoord.models import SendingAttempt, User
from participants.models import Registration

SHOWN = 5


def staff(search: str = "") -> QuerySet[User]:
    """Everybody with a role, open accounts first. Participants have none and are not listed."""
    people = User.objects.filter(groups__name__in=roles.PERMISSIONS).distinct().prefetch_related("groups")
    for word in search.split():
        people = people.filter(
            Q(given_names__icontains=word) | Q(family_name__icontains=word) | Q(email__icontains=word)
        )
    return people.order_by("-is_active", Lower("family_name"), Lower("given_names"), "pk")


def mails(search: str = "") -> QuerySet[Email]:
    """All mails to an address or with a subject like this."""
    if not search:
        return Email.objects.all()
    return Email.objects.filter(Q(to__icontains=search) | Q(subject__icontains=search))


def outbox(search: str = "", state: str = "") -> QuerySet[Email]:
    """All mails, the newest first, each with its state and what has been tried, the last attempt first."""
    found = with_state(mails(search)).order_by("-created", "-pk")
    latest_first = SendingAttempt.objects.order_by("-started_at", "-pk")
    return (found.filter(Q(state=state)) if state else found).prefetch_related(Prefetch("attempts", latest_first))


def registrations_of(mail: Email, user: User) -> list[Registration]:
    """The latest registrations with the address of this mail: where addresses are changed and links sent anew."""
    own = Registration.objects.visible_to(user).filter(email__in=[address.lower() for address in mail.to])
    return list(own.select_related("cohort", "tandem").order_by("-pk")[:SHOWN])
