"""Dates for calendars (RFC 5545), as Outlook, Google and Apple read them: one event for each day of a session.

The same sessions make the same bytes, so that a calendar which asks again is told that nothing has changed.
"""

import datetime
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Max, Q
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vDuration

from curriculum.cancellations import cancelled_at, is_day_off
from curriculum.models import RemovedDay, Session, SessionDay
from netzkoord.models import AuditAction, AuditEvent

BERLIN = ZoneInfo("Europe/Berlin")
TZID = "Europe/Berlin"
# A name, not an address: an event stays the same when the platform moves to another host.
DOMAIN = "termine.netzkoord"
PRODUCT = "-//netzkoord//Termine//DE"
LONG_AGO = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
# On the clock of Berlin, as the rules of a zone are written.
SUMMER_SINCE = datetime.datetime(1997, 3, 30, 2)  # noqa: DTZ001
WINTER_SINCE = datetime.datetime(1996, 10, 27, 3)  # noqa: DTZ001
REFRESH = datetime.timedelta(hours=12)
# What RFC 5545 does not allow in a text.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# What changes the dates of many sessions at once and leaves its line with their cohort.
PLANNING = (AuditAction.COHORT_CREATED, AuditAction.COHORT_CHANGED, AuditAction.COHORT_EDITION_CHANGED)
REMOVED = "Dieser Tag entfällt."


@dataclass(frozen=True)
class Entry:
    """A session as one calendar shows it.

    A calendar that everybody may read names neither the address of an online session nor who teaches, nor why a
    session was cancelled.
    """

    session: Session
    url: str
    is_private: bool = True

    @property
    def online_url(self) -> str:
        return self.session.online_url if self.is_private else ""

    @property
    def trainers(self) -> str:
        names = [trainer.get_full_name() for trainer in self.session.trainers.all()] if self.is_private else []
        return ", ".join(names)

    @property
    def cancellation(self) -> str:
        """„Abgesagt.“, with the reason for those whom it concerns; empty for what takes place."""
        if not cancelled_at(self.session):
            return ""
        reason = self.session.cancellation_reason or self.session.cohort.cancellation_reason
        return f"Abgesagt. {reason}".strip() if self.is_private else "Abgesagt."


def calendar(entries: Iterable[Entry], *, name: str) -> bytes:
    """The calendar of these sessions, which come with cohort, module, venue, days and trainers. One query."""
    listed = list(entries)
    changes = last_changes(entry.session for entry in listed)
    document = Calendar()
    document.add("prodid", PRODUCT)
    document.add("version", "2.0")
    document.add("calscale", "GREGORIAN")
    document.add("method", "PUBLISH")
    document.add("x-wr-calname", clean(name))
    document.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    document.add("x-published-ttl", vDuration(REFRESH))
    document.add_component(berlin())
    for entry in listed:
        for event in events(entry, changed_at=changes[entry.session.pk]):
            document.add_component(event)
    return bytes(document.to_ical())


def berlin() -> Timezone:
    """Both rules of the European Union, in force since 1996: before every date that a session can have."""
    zone = Timezone()
    zone.add("tzid", TZID)
    zone.add_component(rule(TimezoneDaylight(), SUMMER_SINCE, month=3, name="CEST", before=1, after=2))
    zone.add_component(rule(TimezoneStandard(), WINTER_SINCE, month=10, name="CET", before=2, after=1))
    return zone


def rule(
    part: TimezoneDaylight | TimezoneStandard,
    since: datetime.datetime,
    *,
    month: int,
    name: str,
    before: int,
    after: int,
) -> TimezoneDaylight | TimezoneStandard:
    """From the last Sunday of a month on; `before` and `after` are hours ahead of UTC."""
    part.add("dtstart", since)
    part.add("rrule", {"FREQ": "YEARLY", "BYMONTH": month, "BYDAY": "-1SU"})
    part.add("tzoffsetfrom", datetime.timedelta(hours=before))
    part.add("tzoffsetto", datetime.timedelta(hours=after))
    part.add("tzname", name)
    return part


def events(entry: Entry, *, changed_at: datetime.datetime) -> list[Event]:
    """One for each day, and one for each that the session no longer has: else it stays where it was imported."""
    days = list(entry.session.days.all())
    held = [
        event(entry, day, changed_at=changed_at, part=f"Tag {number} von {len(days)}" if len(days) > 1 else "")
        for number, day in enumerate(days, start=1)
    ]
    return held + [event(entry, day, changed_at=changed_at) for day in entry.session.removed_days.all()]


def event(entry: Entry, day: SessionDay | RemovedDay, *, changed_at: datetime.datetime, part: str = "") -> Event:
    session, status = entry.session, status_of(entry.session, day)
    is_cancelled = status == "CANCELLED"
    found = Event()
    found.add("uid", f"{day.uid}@{DOMAIN}")
    found.add("sequence", session.sequence)
    found.add("dtstamp", changed_at)
    found.add("last-modified", changed_at)
    found.add("dtstart", moment(day.date, day.starts_at))
    found.add("dtend", moment(day.date, day.ends_at))
    found.add("summary", clean(f"Abgesagt: {session.module}" if is_cancelled else str(session.module)))
    found.add("location", clean(place(entry)))
    found.add("description", clean(description(entry, part=part, off=why_off(entry, day))))
    found.add("url", entry.url)
    found.add("status", status)
    found.add("transp", "TRANSPARENT" if is_cancelled else "OPAQUE")
    found.add("class", "PRIVATE" if entry.is_private else "PUBLIC")
    return found


def moment(date: datetime.date, time: datetime.time) -> datetime.datetime:
    """The hour on the clock in Berlin. One that the change to summer time skips is the hour after it."""
    local = datetime.datetime.combine(date, time, tzinfo=BERLIN)
    return local.astimezone(datetime.UTC).astimezone(BERLIN)


def status_of(session: Session, day: SessionDay | RemovedDay) -> str:
    """Dates that are not announced are not settled: their trainers are only being asked."""
    if isinstance(day, RemovedDay) or is_day_off(session, day.date):
        return "CANCELLED"
    return "CONFIRMED" if session.cohort.announced_at else "TENTATIVE"


def why_off(entry: Entry, day: SessionDay | RemovedDay) -> str:
    """A sentence for a day on which nothing is held; empty for any other."""
    if is_day_off(entry.session, day.date):
        return entry.cancellation
    return REMOVED if isinstance(day, RemovedDay) else ""


def place(entry: Entry) -> str:
    venue = entry.session.venue
    if venue is None:
        return entry.online_url or entry.session.place
    city = " ".join(part for part in (venue.postal_code, venue.city) if part)
    return ", ".join(part for part in (venue.name, venue.street, city) if part)


def description(entry: Entry, *, part: str, off: str) -> str:
    session = entry.session
    lines = [
        session.cohort.title + (f", {part}" if part else ""),
        off,
        f"Online: {entry.online_url}" if entry.online_url and not off else "",
        f"Training: {entry.trainers}" if entry.trainers else "",
        session.venue.directions if session.venue else "",
        entry.url,
    ]
    return "\n".join(line for line in lines if line)


def clean(text: str) -> str:
    return CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def last_changes(sessions: Iterable[Session]) -> Mapping[int, datetime.datetime]:
    """When each session was last changed, as far as the audit log and its own moments know; one query."""
    listed = list(sessions)
    is_own = Q(target_type="curriculum.session", target_id__in={str(session.pk) for session in listed})
    is_planning = Q(
        target_type="curriculum.cohort",
        target_id__in={str(session.cohort_id) for session in listed},
        action__in=PLANNING,
    )
    lines = AuditEvent.objects.filter(is_own | is_planning).order_by().values_list("target_type", "target_id")
    last = {(kind, int(key)): moment for kind, key, moment in lines.annotate(Max("occurred_at"))}
    return {
        session.pk: max(
            *known_moments(session),
            last.get(("curriculum.session", session.pk), LONG_AGO),
            last.get(("curriculum.cohort", session.cohort_id), LONG_AGO),
        )
        for session in listed
    }


def known_moments(session: Session) -> list[datetime.datetime]:
    cohort = session.cohort
    moments = (cohort.announced_at, cohort.cancelled_at, session.cancelled_at, session.invited_at)
    return [LONG_AGO, *(moment for moment in moments if moment)]


def answer(request: HttpRequest, body: bytes, *, file_name: str, is_private: bool) -> HttpResponse:
    """The calendar as a file; 304 for a reader that has exactly this one."""
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    response["ETag"] = f'"{hashlib.sha256(body).hexdigest()}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Robots-Tag"] = "noindex, nofollow"
    if is_private:
        response["Cache-Control"] = "private, no-store"
        response["Referrer-Policy"] = "no-referrer"
    return conditional(request, response)


def conditional(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    found = get_conditional_response(request, etag=response["ETag"], response=response)
    if found is not None and found is not response:
        for header in ("Cache-Control", "Referrer-Policy", "X-Robots-Tag"):
            if header in response:
                found[header] = response[header]
        return found
    return response
