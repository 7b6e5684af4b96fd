"""The list for signatures (Unterschriftenliste) of a session: one list per day, all days in one file.

It lies open on a table for everybody to see: names and nothing else of the people.
"""

from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from curriculum.models import Session, SessionDay
from netzkoord.lib import pdf
from netzkoord.templatetags.german import german_date
from participants.halves import HalfDay, halves_of
from participants.queries.attendance_day import people_of, session_days

STYLES = ("css/pdf/signatures.css",)
MOST_EMPTY_ROWS = 5
# A column for the signature in each half of the day, named as people say it.
COLUMNS = {1: ["Unterschrift"], 2: ["Unterschrift vormittags", "Unterschrift nachmittags"]}


@dataclass(frozen=True)
class DayList:
    """The list of one day; `total_minutes` stands on that of the last day only."""

    day: SessionDay
    halves: tuple[HalfDay, ...]
    number: int
    total_minutes: int | None

    @property
    def columns(self) -> list[str]:
        return COLUMNS[len(self.halves)]


def signature_paper(session: Session, *, only: SessionDay | None, empty_rows: int) -> bytes:
    """Lists of all days or of one, with some empty rows. Raises `pdf.DocumentTooLarge`."""
    prefetch_related_objects([session], "trainers")
    days = session_days(session)
    lists = [list_of(days, number) for number, day in enumerate(days, 1) if only is None or day.pk == only.pk]
    title = f"Unterschriftenliste: {session.module}, {session.cohort}"
    if only:
        title += f", {german_date(only.date)}"
    return pdf.render(
        "participants/pdf/signatures.html",
        {
            "session": session,
            "cohort": session.cohort,
            "lists": lists,
            "days_count": len(days),
            "people": people_of(session),
            "empty_rows": range(empty_rows),
            "trainers": [trainer.get_full_name() for trainer in session.trainers.all()] or [""],
        },
        title=title,
        styles=STYLES,
    )


def list_of(days: list[SessionDay], number: int) -> DayList:
    day = days[number - 1]
    is_last = number == len(days)
    return DayList(
        day=day,
        halves=halves_of(day),
        number=number,
        total_minutes=sum(each.net_minutes for each in days) if is_last and len(days) > 1 else None,
    )
