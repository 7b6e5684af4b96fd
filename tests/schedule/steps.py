"""What tests of moving and cancelling dates do again and again."""

import datetime
import re

from django.utils import timezone
from icalendar import Calendar
from post_office.models import Email

from evaluation.models import Purpose, Survey
from evaluation.questionnaires import default_questionnaire
from participants.models import Registration
from participants.tokens import status_token

MONDAY = datetime.date(2027, 3, 22)
TUESDAY = datetime.date(2027, 3, 23)
AFTER_THE_CHANGE = datetime.date(2027, 4, 12)
NEW = "https://sitzung.example/neu"
OLD = "https://sitzung.example/alt"


def move_url(session):
    return f"/termine/{session.pk}/verschieben/"


def cancel_url(session):
    return f"/termine/{session.pk}/absagen/"


def typed(session, *dates, remove=(), venue=None, **more):
    """Step 1 as the browser sends it."""
    days = list(session.days.all())
    data = {
        "sequence": session.sequence,
        "venue": session.venue_id if venue is None else venue,
        "online_url": session.online_url,
        "tage-INITIAL_FORMS": len(days),
        "tage-TOTAL_FORMS": len(days) + 1,
    }
    for place, (pk, date) in enumerate(
        [*zip([day.pk for day in days], dates, strict=False), ("", more.pop("extra", ""))]
    ):
        hours = {"starts_at": "09:00", "ends_at": "16:30"} if date else {}
        row = {"id": pk, "date": date, "break_minutes": 90} | hours
        data |= {f"tage-{place}-{name}": value for name, value in row.items()}
        if place in remove:
            data[f"tage-{place}-DELETE"] = "on"
    return data | more


def draft_of(page):
    return re.search(r'name="draft" value="([^"]+)"', page)[1]


def check(client, session, *dates, **more):
    """Step 2 as a person reads it: hours keep together, which is no text."""
    page = client.post(move_url(session), typed(session, *dates, **more)).content.decode()
    return re.sub(r'<span class="hours">(.*?)</span>\n?', r"\1", page).replace("&nbsp;", "\u00a0")


def store(client, session, *dates, message="", notify="on", notify_others="on", **more):
    page = check(client, session, *dates, **more)
    data = {"step": "store", "draft": draft_of(page), "message": message}
    return client.post(move_url(session), data | {"notify": notify, "notify_others": notify_others}, follow=True)


def dates_of(session):
    return list(session.days.values_list("date", flat=True))


def mail_to(email):
    return Email.objects.get(to=email)


def events_of(client, session):
    """The dates of an accepted person, by the name that calendars know them by."""
    half = Registration.objects.filter(cohort=session.cohort).first()
    file = client.get(f"/anmeldung/{status_token(half)}/termine.ics")
    return {str(event["UID"]): event for event in Calendar.from_ical(file.content).walk("VEVENT")}


def feedback(session, opens_at):
    return Survey.objects.create(
        cohort=session.cohort,
        session=session,
        questionnaire=questionnaire(),
        purpose="FEEDBACK",
        opens_at=opens_at,
        closes_at=opens_at + datetime.timedelta(days=14),
    )


def questionnaire():
    return default_questionnaire(Purpose.FEEDBACK)


def local(*parts):
    return datetime.datetime(*parts, tzinfo=timezone.get_current_timezone())
