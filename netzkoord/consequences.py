"""What moving or cancelling a date would do, told before it is decided. Reads all apps, writes nothing."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils import timezone

from curriculum.models import AgendaItem, Cohort, Session, SessionDay, Venue
from curriculum.queries.planning import calendar_hints, closing_hints
from curriculum.queries.schedule import Conflict, conflicts_on, sessions_on
from curriculum.queries.trainers import Teaching, teachings
from evaluation.models import Purpose, Survey, SurveyState
from evaluation.queries.shifts import shifts_of
from evaluation.timetable import Held
from netzkoord.lib.sentences import counted, listed
from netzkoord.templatetags.german import german_date, german_datetime, german_time
from participants.models import Attendance, Registration, Selection
from participants.queries.search import sorted_by_name

NO_FEEDBACK = "Die anonyme Rückmeldung zu diesem Termin entfällt."


@dataclass(frozen=True)
class PlannedDay:
    """A day as it would be: the key of the stored day that it was, or None for one more. Hours are local."""

    pk: int | None
    date: datetime.date
    starts_at: datetime.time
    ends_at: datetime.time
    break_minutes: int

    @classmethod
    def of(cls, day: SessionDay) -> "PlannedDay":
        return cls(day.pk, day.date, day.starts_at, day.ends_at, day.break_minutes)

    @property
    def hours(self) -> tuple[Any, ...]:
        """All that can be moved, whichever row it stands in."""
        return (self.date, self.starts_at, self.ends_at, self.break_minutes)

    @property
    def text(self) -> str:
        return f"{german_date(self.date)}, {german_time(self.starts_at)}–{german_time(self.ends_at)}\u00a0Uhr"


@dataclass(frozen=True)
class Move:
    """Where a session is to be moved; `sequence` is that of the dates which the organiser saw."""

    sequence: int
    days: tuple[PlannedDay, ...]
    venue_pk: int | None
    online_url: str

    def as_plain(self) -> dict[str, Any]:
        """For a signed draft: numbers and texts only."""
        days = [
            {name: str(value) if value is not None else "" for name, value in asdict(day).items()}
            for day in self.days
        ]
        return {
            "sequence": self.sequence,
            "days": days,
            "venue": self.venue_pk,
            "online_url": self.online_url,
        }

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> "Move":
        days = tuple(
            PlannedDay(
                int(day["pk"]) if day["pk"] else None,
                datetime.date.fromisoformat(day["date"]),
                datetime.time.fromisoformat(day["starts_at"]),
                datetime.time.fromisoformat(day["ends_at"]),
                int(day["break_minutes"]),
            )
            for day in plain["days"]
        )
        return cls(plain["sequence"], days, plain["venue"], plain["online_url"])

    @property
    def last_on(self) -> datetime.date:
        return max(day.date for day in self.days)


@dataclass(frozen=True)
class DayChange:
    """One line of old → new; empty on one side for a day that goes or is added."""

    before: PlannedDay | None
    after: PlannedDay | None

    @property
    def is_same(self) -> bool:
        return self.before is not None and self.after is not None and self.before.text == self.after.text


@dataclass(frozen=True)
class MoveConsequences:
    """All that moving a session brings about."""

    changes: tuple[DayChange, ...]
    place_before: str
    place_after: str
    people: tuple[Registration, ...]
    others: tuple[Registration, ...]
    teachings: tuple[Teaching, ...]
    surveys: tuple[str, ...]
    conflicts: tuple[str, ...]
    hints: tuple[str, ...]
    is_announced: bool
    asks_again: bool

    @property
    def is_nothing(self) -> bool:
        """Neither days nor place differ from what is stored."""
        return all(change.is_same for change in self.changes) and self.place_before == self.place_after

    @property
    def mails(self) -> int:
        trainers = sum(teaching.trainer.is_active for teaching in self.teachings)
        return len(self.people) + len(self.others) + trainers

    @property
    def is_mail_proposed(self) -> bool:
        return self.is_announced and bool(self.mails)

    @property
    def others_sentence(self) -> str:
        """How many people signed up for these dates and have no place yet; empty when there are none."""
        waiting = sum(half.tandem.selection == Selection.WAITING for half in self.others)
        undecided = len(self.others) - waiting
        parts = [
            counted(waiting, "Person auf der Warteliste", "Personen auf der Warteliste") if waiting else "",
            counted(undecided, "Person ohne Entscheidung", "Personen ohne Entscheidung") if undecided else "",
        ]
        verb = "hat" if len(self.others) == 1 else "haben"
        named = listed([part for part in parts if part])
        return f"Auch {named} {verb} sich für diese Angaben angemeldet." if named else ""


def move_consequences(session: Session, move: Move) -> MoveConsequences:
    """What storing this move would do now; the number of queries does not depend on people."""
    stored = list(session.days.all())
    venue = Venue.objects.filter(pk=move.venue_pk).first() if move.venue_pk else None
    asks_again = must_ask_again(session, stored, move)
    return MoveConsequences(
        changes=day_changes(stored, move.days),
        place_before=place_text(session.venue, session.online_url),
        place_after=place_text(venue, move.online_url),
        people=people_of(session),
        others=others_of(session) if asks_again else (),
        teachings=teachings(session),
        surveys=tuple(survey_sentences(session, move)),
        conflicts=tuple(conflict_sentences(planned_conflicts(session, move))),
        hints=tuple(hints(session, venue, move, stored)),
        is_announced=session.cohort.announced_at is not None,
        asks_again=asks_again,
    )


def place_text(venue: Venue | None, online_url: str) -> str:
    return " · ".join(
        part for part in (str(venue) if venue else "", f"online: {online_url}" if online_url else "") if part
    )


def day_changes(stored: Sequence[SessionDay], days: Sequence[PlannedDay]) -> tuple[DayChange, ...]:
    """By the old date, then the added ones by theirs."""
    planned = {day.pk: day for day in days if day.pk}
    kept = [DayChange(PlannedDay.of(day), planned.get(day.pk)) for day in stored]
    known = {day.pk for day in stored}
    added = sorted((day for day in days if day.pk not in known), key=lambda day: day.date)
    return tuple(kept + [DayChange(None, day) for day in added])


def people_of(session: Session) -> tuple[Registration, ...]:
    """Whom the session is for: accepted, by name."""
    return tuple(sorted_by_name(Registration.objects.of_session(session).select_related("tandem__municipality")))


def others_of(session: Session) -> tuple[Registration, ...]:
    """Who signed up for these dates and has no place yet: on the waiting list or without a decision. One query."""
    seeking = Registration.objects.confirmed().filter(
        cohort=session.cohort_id,
        role__in=session.audiences,
        tandem__selection__in=[Selection.WAITING, Selection.OPEN],
    )
    return tuple(sorted_by_name(seeking.select_related("tandem__municipality")))


def must_ask_again(session: Session, stored: Sequence[SessionDay], move: Move) -> bool:
    """Trainers have confirmed days and a place to travel to; another address of the online meeting is neither.

    It is nothing either to those who have no place yet and do not know it.
    """
    return not has_same_days(stored, move) or session.venue_id != move.venue_pk


def has_same_days(stored: Sequence[SessionDay], move: Move) -> bool:
    return sorted(PlannedDay.of(day).hours for day in stored) == sorted(day.hours for day in move.days)


def survey_shift(session: Session, move: Move) -> datetime.timedelta:
    """By how many days the end of the session moves."""
    last_on = max(day.date for day in session.days.all())
    return move.last_on - last_on


def shifted(moment: datetime.datetime, by: datetime.timedelta) -> datetime.datetime:
    """The same hour on the wall so many days later, whether or not the clocks change in between."""
    local = timezone.localtime(moment).replace(tzinfo=None)
    return timezone.make_aware(local + by)


def survey_sentences(session: Session, move: Move) -> list[str]:
    """What becomes of the feedback on the session, and of the surveys of the cohort that count from its dates."""
    by_hand = Survey.objects.feedback().filter(session=session, follows_rule=False)
    sentences = [sentence_by_hand(survey, survey_shift(session, move)) for survey in by_hand]
    sentences += [shift.sentence for shift in shifts_of(session, held_then(move))]
    return [sentence for sentence in sentences if sentence]


def sentence_by_hand(survey: Survey, shift: datetime.timedelta) -> str:
    """A survey set by hand goes along by so many days, unless it has begun."""
    if survey.state is not SurveyState.SCHEDULED:
        return "Die Rückmeldung zum Termin hat schon begonnen; sie schließt nicht früher als bisher."
    opens_at, closes_at = shifted(survey.opens_at, shift), shifted(survey.closes_at, shift)
    if not shift:
        return ""
    return (
        f"Die Rückmeldung öffnet {german_datetime(opens_at)} und schließt {german_datetime(closes_at)} "
        f"(bisher: {german_datetime(survey.opens_at)} bis {german_datetime(survey.closes_at)})."
    )


def held_then(move: Move) -> Held:
    first, last = min(move.days, key=lambda day: day.date), max(move.days, key=lambda day: day.date)
    return Held(
        datetime.datetime.combine(first.date, first.starts_at), datetime.datetime.combine(last.date, last.ends_at)
    )


def planned_conflicts(session: Session, move: Move) -> list[Conflict]:
    planned = Session.objects.select_related("cohort").prefetch_related("trainers").get(pk=session.pk)
    planned.venue_id = move.venue_pk
    dates = sorted({day.date for day in move.days})
    return conflicts_on(planned, dates, sessions_on(dates))


def conflict_sentences(conflicts: Iterable[Conflict]) -> list[str]:
    """One for each person or place that is taken, with all its days."""
    taken: dict[str, dict[Session, list[str]]] = defaultdict(lambda: defaultdict(list))
    for conflict in conflicts:
        taken[conflict.subject][conflict.other].append(german_date(conflict.date))
    return [
        " ".join(
            f"{listed(dates)}: {subject} ist auch bei „{other}“ ({other.cohort})."
            for other, dates in others.items()
        )
        for subject, others in taken.items()
    ]


def hints(session: Session, venue: Venue | None, move: Move, stored: Sequence[SessionDay]) -> list[str]:
    """What should be thought of, though nothing stands in the way: the same that a plan is told of its days."""
    dates = sorted(day.date for day in move.days)
    on_days = [*calendar_hints(dates, venue.state if venue else ""), *closing_hints(session.cohort, dates)]
    found = [hint.text for hint in on_days]
    kept = {day.pk for day in move.days}
    gone = [day for day in stored if day.pk not in kept]
    if AgendaItem.objects.filter(day__in=gone).exists():
        found.append("Mit dem Tag, der wegfällt, geht sein Ablaufplan verloren.")
    if session.invited_at:
        found.append(
            f"Die Einladung wurde am {german_date(session.invited_at)} gesendet und nennt die alten Angaben."
        )
    return found


def days_with_attendance(session: Session, move: Move) -> list[SessionDay]:
    """Days that the move would change or take away though attendance was taken on them. One query."""
    planned = {day.pk: day for day in move.days}
    changed = [
        day.pk
        for day in session.days.all()
        if day.pk not in planned or planned[day.pk].hours != PlannedDay.of(day).hours
    ]
    return list(SessionDay.objects.filter(pk__in=changed, attendances__isnull=False).distinct())


@dataclass(frozen=True)
class Group:
    """People who get the same mail."""

    label: str
    people: tuple[Registration, ...]


@dataclass(frozen=True)
class CancelConsequences:
    """All that cancelling a session or a whole cohort brings about."""

    groups: tuple[Group, ...]
    trainers: tuple[str, ...]
    surveys: tuple[str, ...]
    held: str
    is_private: bool

    @property
    def mails(self) -> int:
        return sum(len(group.people) for group in self.groups) + len(self.trainers)


def session_cancel_consequences(session: Session) -> CancelConsequences:
    feedback = list(Survey.objects.feedback().filter(session=session))
    others = [
        shift.sentence
        for shift in shifts_of(session, None)
        if shift.rule.purpose != Purpose.FEEDBACK and shift.sentence
    ]
    return CancelConsequences(
        groups=(Group("Angenommen", people_of(session)),),
        trainers=tuple(trainer.get_full_name() for trainer in session.trainers.all() if trainer.is_active),
        surveys=(*(ending_sentences(feedback) if feedback else [NO_FEEDBACK]), *others),
        held=held_sentence(Attendance.objects.filter(day__session=session).exists()),
        is_private=session.cohort.announced_at is None,
    )


def cohort_cancel_consequences(cohort: Cohort) -> CancelConsequences:
    trainers = {
        trainer.pk: trainer.get_full_name()
        for session in cohort.sessions.not_cancelled().prefetch_related("trainers")
        for trainer in session.trainers.all()
        if trainer.is_active
    }
    return CancelConsequences(
        groups=tuple(Group(label, tuple(sorted_by_name(people))) for label, people in groups_of(cohort)),
        trainers=tuple(trainers.values()),
        surveys=tuple(ending_sentences(Survey.objects.filter(cohort=cohort))),
        held=held_sentence(Attendance.objects.filter(day__session__cohort=cohort).exists()),
        is_private=cohort.announced_at is None,
    )


COHORT_GROUPS = {
    Selection.ACCEPTED: "Angenommen",
    Selection.WAITING: "Auf der Warteliste",
    Selection.OPEN: "Noch ohne Entscheidung",
}


def groups_of(cohort: Cohort) -> list[tuple[str, list[Registration]]]:
    """Who has confirmed and was not declined, by what was decided. One query."""
    confirmed = Registration.objects.confirmed().filter(cohort=cohort).select_related("tandem__municipality")
    people = list(confirmed.exclude(tandem__selection=Selection.DECLINED))
    return [
        (label, [half for half in people if half.tandem.selection == selection])
        for selection, label in COHORT_GROUPS.items()
    ]


def ending_sentences(surveys: Iterable[Survey]) -> list[str]:
    sentences = []
    for survey in surveys:
        if survey.state is SurveyState.SCHEDULED:
            sentences.append(f"„{survey}“ öffnet nicht mehr.")
        elif survey.state is SurveyState.OPEN:
            sentences.append(
                f"„{survey}“ wird jetzt geschlossen, oder entfällt, wenn noch niemand geantwortet hat."
            )
    return sentences


def held_sentence(has_attendance: bool) -> str:
    if not has_attendance:
        return ""
    return "Was schon stattgefunden hat, bleibt: Eingetragene Anwesenheit zählt weiter für die Bescheinigung."
