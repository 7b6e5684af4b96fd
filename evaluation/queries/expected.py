"""Who of those expected at a session is on its attendance list: nobody else gets a link to its feedback."""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.utils import timezone

from curriculum.models import Session
from evaluation.models import Purpose, Survey, SurveyState
from netzkoord.lib.sentences import counted
from participants.halves import halves_of
from participants.models import Attendance, Presence, Registration
from participants.queries.attendance_day import session_days

WHO_GETS_A_LINK = "Nur wer als anwesend eingetragen ist, bekommt einen Link zu dieser Rückmeldung."


@dataclass(frozen=True)
class ListedPeople:
    """How many are `expected` at a session, how many of them are entered as `present`.

    Of the others those are `unsettled` for whom nothing is entered yet in a half day that has begun.
    """

    expected: int
    present: int
    unsettled: int

    @property
    def warning(self) -> str:
        """What is missing on the list, as sentences; empty when nothing is."""
        if not self.expected or (self.present and not self.unsettled):
            return ""
        return f"{self.present_sentence} {WHO_GETS_A_LINK}"

    @property
    def present_sentence(self) -> str:
        if not self.present:
            verb = "wird" if self.expected == 1 else "werden"
            people = counted(self.expected, "Person", "Personen")
            return f"Noch ist niemand als anwesend eingetragen; erwartet {verb} {people}."
        verb = "ist" if self.present == 1 else "sind"
        return (
            f"Als anwesend eingetragen {verb} {self.present} von {self.expected} Erwarteten; "
            f"bei {self.unsettled} fehlt noch ein Eintrag."
        )


def attendance_warning(survey: Survey) -> str:
    """What the attendance list still lacks for a feedback survey that has not closed; four queries."""
    if survey.purpose != Purpose.FEEDBACK or survey.session is None or survey.state is SurveyState.CLOSED:
        return ""
    return listed_people(survey.session).warning


def listed_people(session: Session) -> ListedPeople:
    begun = halves_begun(session)
    entered: dict[int, dict[tuple[int, str], str]] = defaultdict(dict)
    for row in Attendance.objects.filter(day__session=session):
        entered[row.registration_id][row.day_id, row.half] = row.presence
    people = [entered[pk] for pk in Registration.objects.of_session(session).values_list("pk", flat=True)]
    others = [presences for presences in people if Presence.PRESENT not in presences.values()]
    return ListedPeople(
        expected=len(people),
        present=len(people) - len(others),
        unsettled=sum(not begun <= presences.keys() for presences in others),
    )


def halves_begun(session: Session) -> set[tuple[int, str]]:
    """Day and half of all halves of the session that have begun; two queries."""
    now = timezone.localtime().replace(tzinfo=None)
    return {
        (day.pk, half.half)
        for day in session_days(session)
        for half in halves_of(day)
        if datetime.datetime.combine(day.date, half.starts_at) <= now
    }
