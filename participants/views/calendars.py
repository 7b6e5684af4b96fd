"""Dates in a person's own calendar: as a file through the personal link, or as a feed that keeps up to date."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from curriculum.calendars import answer, calendar
from curriculum.models import CalendarFeed
from netzkoord.lib import links
from netzkoord.lib.http import Request
from netzkoord.lib.limits import limit
from participants.actions.calendars import create_feed, renew_feed, revoke_feed
from participants.models import RegistrationState
from participants.queries.calendars import feed_entries, feed_of, own_entries
from participants.views.registrations import own_registration

# The servers of one calendar provider read the feeds of many people from few addresses.
READS = "300/m"


@require_safe
def calendar_feed(request: Request) -> HttpResponse:
    """„Kalender“: what a feed is, and the person's own address."""
    feed = CalendarFeed.objects.filter(user=request.user).first()
    address = links.absolute("participants:calendar_feed_file", feed.key) if feed else ""
    webcal = urlsplit(address)._replace(scheme="webcal").geturl()
    context = {"feed": feed, "address": address, "webcal": webcal}
    return render(request, "participants/calendar_feed.html", context)


@require_POST
def calendar_feed_create(request: Request) -> HttpResponse:
    create_feed(by=request.user)
    messages.success(request, "Ihre Kalenderadresse ist angelegt.")
    return redirect("participants:calendar_feed")


@require_POST
def calendar_feed_renew(request: Request) -> HttpResponse:
    renew_feed(seen=request.POST.get("seen", ""), by=request.user)
    messages.success(request, "Sie haben jetzt eine neue Kalenderadresse. Die alte zeigt keine Termine mehr.")
    return redirect("participants:calendar_feed")


@require_POST
def calendar_feed_revoke(request: Request) -> HttpResponse:
    revoke_feed(by=request.user)
    messages.success(request, "Die Kalenderadresse gibt es nicht mehr.")
    return redirect("participants:calendar_feed")


@require_safe
@login_not_required
@limit(READS, methods=["GET", "HEAD"], group="feeds")
def calendar_feed_file(request: HttpRequest, key: str) -> HttpResponse:
    """The feed itself, which a calendar reads without signing in: who has the key reads these dates."""
    feed = feed_of(key)
    if feed is None:
        raise Http404
    body = calendar(feed_entries(feed.user), name="Netzwerkkoordination")
    return answer(request, body, file_name="Netzwerkkoordination.ics", is_private=True)


@require_safe
@login_not_required
@never_cache
def own_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """All dates of an accepted person, through the personal link."""
    half = own_registration(request, token)
    if half.state is not RegistrationState.ACCEPTED:
        raise Http404
    body = calendar(own_entries(half), name=half.cohort.title)
    return answer(request, body, file_name="Meine-Termine.ics", is_private=True)
