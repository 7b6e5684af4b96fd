"""Moving and cancelling dates: what is stored, whose surveys follow, and who is told."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from curriculum.actions.sessions import save_days
from curriculum.actions.trainers import put_anew
from curriculum.models import Cohort, RemovedDay, Session, SessionDay, TrainerConfirmation
from curriculum.queries.trainers import confirmation_link
from evaluation.actions.timetable import keep_timetable_of
from evaluation.models import Survey, SurveyState
from evaluation.models.surveys import SurveyQuerySet
from netzkoord.consequences import (
    Move,
    PlannedDay,
    days_with_attendance,
    groups_of,
    has_same_days,
    must_ask_again,
    others_of,
    people_of,
    shifted,
    survey_shift,
)
from netzkoord.lib import audit, links, mail
from netzkoord.models import AuditAction, User
from participants import tokens
from participants.actions.waiting import withdraw_offers
from participants.mails import about
from participants.models import Registration, Selection


class ScheduleRefused(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """It cannot be done (any more); the German sentence says why and what to do."""


@transaction.atomic
def move_session(
    *, session: Session, move: Move, message: str, notify: bool, notify_others: bool = False, by: User
) -> int | None:
    """Store the move, shift the feedback survey that has not opened, and tell those concerned: by how many mails.

    `notify_others` tells those, too, who signed up for these dates and have no place yet. None when the session
    stands there already, as after a double click. Raises `ScheduleRefused`.
    """
    locked = lock(session)
    stored = list(locked.days.all())
    if is_stored(locked, stored, move):
        return None
    refuse_move(locked, move)
    before = Dates.of(locked)
    asks_again = must_ask_again(locked, stored, move)
    shift_surveys(locked, move)
    store_move(locked, stored, move)
    keep_timetable_of(locked.cohort)
    if not asks_again:
        locked.confirmations.filter(sequence=locked.sequence - 1).update(sequence=locked.sequence)
    mails = 0
    if notify:
        values = news_of(locked, before) | {"message": lines_of(message)}
        mails = tell_moved(locked, values=values, asks_again=asks_again, notify_others=notify_others and asks_again)
    dates = [day.date.isoformat() for day in move.days]
    audit.record(AuditAction.SESSION_MOVED, target=locked, by=by, dates=dates, mails=mails)
    return mails


def lock(session: Session) -> Session:
    related = Session.objects.select_related("cohort", "module", "venue").prefetch_related("trainers")
    return related.select_for_update(of=("self",)).get(pk=session.pk)


def is_stored(session: Session, stored: list[SessionDay], move: Move) -> bool:
    is_same_place = (session.venue_id, session.online_url) == (move.venue_pk, move.online_url)
    return is_same_place and has_same_days(stored, move)


def refuse_move(session: Session, move: Move) -> None:
    refuse_cancelled(session)
    if session.sequence != move.sequence:
        raise ScheduleRefused(
            "Inzwischen hat jemand anderes den Termin verschoben. Bitte prüfen Sie, was jetzt gilt, "
            "und tragen Sie Ihre Änderung dort ein."
        )
    if days := days_with_attendance(session, move):
        raise ScheduleRefused(attendance_sentence(days))


def refuse_cancelled(session: Session) -> None:
    if session.cancelled_at or session.cohort.cancelled_at:
        raise ScheduleRefused("Der Termin ist abgesagt und lässt sich nicht mehr ändern.")


def attendance_sentence(days: Iterable[SessionDay]) -> str:
    texts = " und ".join(PlannedDay.of(day).text for day in days)
    return f"Die Anwesenheit ist schon eingetragen: {texts}. Dieser Tag bleibt, wie er ist."


def store_move(session: Session, stored: list[SessionDay], move: Move) -> None:
    """Rows of days stay, so that calendars know them again; those that go are remembered for the same reason."""
    planned = {day.pk: day for day in move.days if day.pk}
    gone = [day for day in stored if day.pk not in planned]
    if session.is_known_to_people:
        RemovedDay.objects.bulk_create(RemovedDay.of(day) for day in gone)
    SessionDay.objects.filter(pk__in=[day.pk for day in gone]).delete()
    known = {day.pk: day for day in stored}
    changed = [known.get(day.pk or 0, SessionDay(session=session)) for day in move.days]
    for row, day in zip(changed, move.days, strict=True):
        row.date, row.starts_at, row.ends_at, row.break_minutes = day.hours
    save_days(session, changed)
    session.venue_id, session.online_url = move.venue_pk, move.online_url
    session.sequence += 1
    session.save(update_fields=["venue", "online_url", "sequence"])


def shift_surveys(session: Session, move: Move) -> None:
    """A feedback survey set by hand that has not opened goes with the last day, at the same hour on the wall."""
    shift = survey_shift(session, move)
    for survey in Survey.objects.feedback().select_for_update().filter(session=session, follows_rule=False):
        if shift and survey.state is SurveyState.SCHEDULED:
            survey.opens_at, survey.closes_at = shifted(survey.opens_at, shift), shifted(survey.closes_at, shift)
            survey.save(update_fields=["opens_at", "closes_at"])


# What moving or cancelling means to a person, by what was decided on the tandem.
MOVED_MEANS = {
    Selection.WAITING: "Sie stehen weiter auf der Warteliste. Wird ein Platz frei, schreiben wir Ihnen; "
    "dann gelten die neuen Angaben.",
    Selection.OPEN: "Über Ihre Anmeldung ist noch nicht entschieden. Wir schreiben Ihnen; bekommen Sie einen "
    "Platz, gelten die neuen Angaben.",
}
CANCELLED_MEANS = {
    Selection.ACCEPTED: "Sie hatten einen Platz. Alle Termine, die noch kommen sollten, fallen aus; Sie brauchen "
    "nichts zu tun. Was Sie schon besucht haben, bleibt eingetragen.",
    Selection.WAITING: "Sie standen auf der Warteliste; auch ein angebotener Platz gilt nicht mehr. "
    "Sie brauchen nichts mehr zu tun.",
    Selection.OPEN: "Über Ihre Anmeldung war noch nicht entschieden. Sie brauchen nichts mehr zu tun.",
}
ASKS_AGAIN = "Bitte sagen Sie hier für die neuen Angaben zu oder ab; eine frühere Antwort gilt nur für die alten:"
ASKS_NOTHING = "Ihre Antwort zum Termin gilt weiter. Hier sehen Sie sie:"


@dataclass(frozen=True)
class Dates:
    """When and where a session is held, as a mail tells it."""

    days: list[str]
    place: str
    online_url: str

    @classmethod
    def of(cls, session: Session) -> "Dates":
        days = [PlannedDay.of(day).text for day in session.days.all()]
        return cls(days, session.place, session.online_url)

    @property
    def lines(self) -> list[str]:
        return [*self.days, self.place]


def news_of(session: Session, before: Dates) -> dict[str, Any]:
    """What a mail says of dates that were just stored; the address of the online session only if it is news."""
    after = Dates.of(session)
    is_moved = after.lines != before.lines
    values = {"now": after.lines, "before": before.lines} if is_moved else {"kept": after.lines}
    news, note = online_news(before.online_url, after.online_url)
    return values | {
        "session": str(session),
        "news": "Termin geändert" if is_moved else news,
        "online_note": note,
        "online_link": after.online_url if note else "",
    }


def online_news(before: str, after: str) -> tuple[str, str]:
    """What is new about meeting online: for a subject, and as a sentence that is empty when nothing is."""
    if not after and before:
        return "Keine Online-Sitzung mehr", "Eine Online-Sitzung gibt es nicht mehr."
    if after == before:
        return "Termin geändert", ""
    sentence = "Die Adresse der Online-Sitzung ist neu:" if before else "Hier kommen Sie zur Online-Sitzung:"
    return "Adresse der Online-Sitzung", sentence


def lines_of(text: str) -> list[str]:
    """What somebody typed, line by line, so that a mail keeps the lines."""
    return [mail.neutral(line) for line in text.splitlines()]


def tell_moved(session: Session, *, values: dict[str, Any], asks_again: bool, notify_others: bool) -> int:
    """How many mails were written."""
    people = people_of(session) + (others_of(session) if notify_others else ())
    for half in people:
        half.cohort = session.cohort
        tell_person_moved(half, values=values)
    trainers = list(session.trainers.filter(is_active=True))
    for trainer in trainers:
        tell_trainer_moved(session, trainer, values=values, asks_again=asks_again)
    return len(people) + len(trainers)


def tell_person_moved(half: Registration, *, values: dict[str, Any]) -> None:
    """With the dates as a file for those who have a place; the others read what the move means to them."""
    selection, token = Selection(half.tandem.selection), tokens.status_token(half)
    if selection is Selection.ACCEPTED:
        link = links.absolute("participants:own_calendar", token)
        tell_person(half, "session_moved", token=token, **values, calendar_link=link)
    else:
        tell_person(half, "session_moved_waiting", token=token, **values, standing_note=MOVED_MEANS[selection])


def tell_person(half: Registration, name: str, *, token: str = "", **values: Any) -> None:
    """One mail with the person's own link; what organisers typed stays text."""
    link = links.absolute("participants:registration_status", token or tokens.status_token(half))
    mail.send(
        half.email,
        f"netzkoord/mail/{name}.txt",
        about(half) | values | {"link": link},
        reply_to=half.cohort.contact,
        headers=mail.PRIVATE,
    )


def tell_trainer_moved(session: Session, trainer: User, *, values: dict[str, Any], asks_again: bool) -> None:
    """With the link to confirm the new dates; an answer to the old ones stays visible as that until then."""
    confirmation, _ = TrainerConfirmation.objects.get_or_create(
        session=session, trainer=trainer, defaults={"sequence": session.sequence}
    )
    if not confirmation.answer:
        put_anew(confirmation, session)
    link = confirmation_link(confirmation)
    note = ASKS_AGAIN if asks_again or not confirmation.answer else ASKS_NOTHING
    tell_trainer(session.cohort, trainer, "trainer_session_moved", link=link, answer_note=note, **values)


def tell_trainer(cohort: Cohort, trainer: User, name: str, *, link: str, **values: Any) -> None:
    mail.send(
        trainer.email,
        f"netzkoord/mail/{name}.txt",
        {
            "name": trainer.get_full_name(),
            "cohort": cohort.title,
            "contact": cohort.contact,
            "link": link,
        }
        | values,
        reply_to=cohort.contact,
        headers=mail.PRIVATE,
    )


@transaction.atomic
def cancel_session(*, session: Session, reason: str, by: User) -> int | None:
    """Cancel one session and tell its people and trainers why.

    How many mails were written; None when it was cancelled before. Raises `ScheduleRefused` for one that is over.
    """
    locked = lock(session)
    if locked.cancelled_at or locked.cohort.cancelled_at:
        return None
    if sentence := why_not_cancellable(locked):
        raise ScheduleRefused(sentence)
    locked.cancelled_at, locked.cancellation_reason = timezone.now(), reason
    locked.sequence += 1
    locked.save(update_fields=["cancelled_at", "cancellation_reason", "sequence"])
    end_surveys(Survey.objects.feedback().filter(session=locked))
    mails = tell_session_cancelled(locked, reason=reason)
    audit.record(AuditAction.SESSION_CANCELLED, target=locked, by=by, mails=mails)
    return mails


def why_not_cancellable(session: Session) -> str:
    """A session whose days are all over was held; empty for any other."""
    days = [day.date for day in session.days.all()]
    if days and max(days) < timezone.localdate():
        return "Der Termin ist vorbei. Was stattgefunden hat, kann nicht mehr abgesagt werden."
    return ""


def tell_session_cancelled(session: Session, *, reason: str) -> int:
    values: dict[str, Any] = {
        "session": str(session),
        "days": Dates.of(session).days,
        "place": session.place,
        "reason": lines_of(reason),
    }
    people = people_of(session)
    for half in people:
        half.cohort = session.cohort
        tell_person(half, "session_cancelled", **values)
    trainers = list(session.trainers.filter(is_active=True))
    link = links.absolute("curriculum:session_detail", session.pk)
    for trainer in trainers:
        tell_trainer(session.cohort, trainer, "trainer_session_cancelled", link=link, **values)
    return len(people) + len(trainers)


def end_surveys(surveys: SurveyQuerySet) -> None:
    """What nobody has answered goes with its invitations; what else is open closes now, the worker counts it."""
    now = timezone.now()
    for survey in surveys.with_has_answers():
        if survey.state is SurveyState.SCHEDULED or (survey.is_open and not survey.has_answers):
            survey.delete()
        elif survey.state is SurveyState.OPEN:
            Survey.objects.filter(pk=survey.pk).update(closes_at=now)


@transaction.atomic
def cancel_cohort(*, cohort: Cohort, reason: str, by: User) -> int | None:
    """Cancel a whole cohort: nobody registers any more, what is open ends, everybody concerned is told why.

    How many mails were written; None when it was cancelled before. Raises `ScheduleRefused` for one that is over.
    """
    locked = Cohort.objects.select_for_update().get(pk=cohort.pk)
    if locked.cancelled_at:
        return None
    if sentence := why_cohort_not_cancellable(locked):
        raise ScheduleRefused(sentence)
    sessions = list(locked.sessions.not_cancelled().select_related("module", "venue").prefetch_related("trainers"))
    locked.cancelled_at, locked.cancellation_reason = timezone.now(), reason
    locked.save(update_fields=["cancelled_at", "cancellation_reason"])
    locked.sessions.filter(cancelled_at__isnull=True).update(sequence=F("sequence") + 1)
    end_surveys(Survey.objects.filter(cohort=locked))
    withdraw_offers(cohort=locked, by=by)
    mails = tell_cohort_cancelled(locked, sessions, reason=reason)
    audit.record(AuditAction.COHORT_CANCELLED, target=locked, by=by, mails=mails)
    return mails


def why_cohort_not_cancellable(cohort: Cohort) -> str:
    dated = Cohort.objects.with_dates().get(pk=cohort.pk)
    if dated.last_on and dated.last_on < timezone.localdate():
        return "Der Durchgang ist vorbei. Was stattgefunden hat, kann nicht mehr abgesagt werden."
    return ""


def tell_cohort_cancelled(cohort: Cohort, sessions: list[Session], *, reason: str) -> int:
    """Each person in fitting words; every trainer once."""
    told = [half for _, people in groups_of(cohort) for half in people]
    for half in told:
        half.cohort = cohort
        note = CANCELLED_MEANS[Selection(half.tandem.selection)]
        tell_person(half, "cohort_cancelled", standing_note=note, reason=lines_of(reason))
    trainers = {
        trainer.pk: trainer for session in sessions for trainer in session.trainers.all() if trainer.is_active
    }
    link = links.absolute("curriculum:session_list", cohort.pk)
    for trainer in trainers.values():
        tell_trainer(cohort, trainer, "trainer_cohort_cancelled", link=link, reason=lines_of(reason))
    return len(told) + len(trainers)
