"""Whose dates stand in whose calendar."""

from django.db.models import Q

from curriculum.calendars import Entry
from curriculum.models import CalendarFeed, Cohort, Session, SessionAudience
from curriculum.queries.calendars import with_calendar
from netzkoord.lib import links
from netzkoord.models import User
from participants.models import Registration


def own_entries(registration: Registration) -> list[Entry]:
    """The dates of one person in one cohort; three queries."""
    sessions = registration.cohort.sessions.for_audience(registration.role)
    url = links.absolute("start")
    return [Entry(session, url) for session in with_calendar(sessions)]


def feed_of(key: str) -> CalendarFeed | None:
    """The feed with this key, while its person may sign in.

    A key has 256 bits of chance: what the time of an index look-up tells does not bring anybody nearer to one.
    """
    return CalendarFeed.objects.select_related("user").filter(key=key, user__is_active=True).first()


def feed_entries(user: User) -> list[Entry]:
    """Every date that concerns a person: to attend, to teach and, for organisers, of all running cohorts.

    Cancelled sessions stay, so that calendars strike them out. The number of queries does not depend on dates.
    """
    start = links.absolute("start")
    entries = {session.pk: Entry(session, start) for session in attended(user)}
    for session in worked(user):
        url = links.absolute("curriculum:session_detail", session.pk)
        entries[session.pk] = Entry(session, url)
    return sorted(entries.values(), key=lambda entry: (str(entry.session.first_on or ""), entry.session.pk))


def attended(user: User) -> list[Session]:
    """Sessions for the role in which the person was accepted into their cohort."""
    places = Registration.objects.accepted().filter(person=user).values_list("cohort", "role")
    wanted = Q(pk__in=[])
    for cohort, role in places:
        wanted |= Q(cohort=cohort, audience__in=[role, SessionAudience.BOTH])
    return list(with_calendar(Session.objects.filter(wanted)))


def worked(user: User) -> list[Session]:
    """Sessions that the person teaches; for organisers those of all cohorts that are not over, too."""
    wanted = Q(pk__in=Session.objects.filter(trainers=user).values("pk"))
    if user.has_perm("curriculum.change_session"):
        wanted |= Q(cohort__in=Cohort.objects.running().values("pk"))
    return list(with_calendar(Session.objects.filter(wanted)))
