"""Asking trainers whether the dates suit them, and taking their answer."""

import datetime

from django.db import transaction
from django.utils import timezone

from curriculum.mails import send_date_question, send_date_refusal
from curriculum.models import Cohort, Session, TrainerAnswer, TrainerConfirmation
from curriculum.queries.trainers import why_closed
from netzkoord.lib import audit
from netzkoord.models import AuditAction, User

# Whoever has not answered can be asked again after this time; a double click asks once.
ASK_AGAIN_AFTER = datetime.timedelta(days=1)


class CannotAnswer(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """The answer comes too late, or speaks of dates that hold no more; the German sentence says so."""


@transaction.atomic
def ask_trainers(*, session: Session, by: User) -> int:
    """Mail the trainers who have not answered for the dates as they are now; how many were asked."""
    locked = lock(session)
    if why_closed(locked):
        return 0
    asked = [
        confirmation for trainer in locked.trainers.filter(is_active=True) if (confirmation := ask(locked, trainer))
    ]
    for confirmation in asked:
        send_date_question(confirmation)
    if asked:
        audit.record(AuditAction.DATE_ASKED, target=locked, by=by, asked=len(asked))
    return len(asked)


@transaction.atomic
def ask_trainers_of_cohort(*, cohort: Cohort, by: User) -> int:
    """The same for every session of a cohort that is still to come; how many mails were written."""
    return sum(ask_trainers(session=session, by=by) for session in cohort.sessions.not_cancelled().order_by("pk"))


def lock(session: Session) -> Session:
    related = Session.objects.select_related("cohort", "module", "venue")
    return related.select_for_update(of=("self",)).get(pk=session.pk)


def ask(session: Session, trainer: User) -> TrainerConfirmation | None:
    """The question, put anew; None when it is answered or was put only just now."""
    confirmation = TrainerConfirmation.objects.filter(session=session, trainer=trainer).first()
    if confirmation is None:
        return TrainerConfirmation.objects.create(session=session, trainer=trainer, sequence=session.sequence)
    if confirmation.sequence == session.sequence:
        is_waiting = timezone.now() - confirmation.asked_at < ASK_AGAIN_AFTER
        if confirmation.answer or is_waiting:
            return None
    return put_anew(confirmation, session)


def put_anew(confirmation: TrainerConfirmation, session: Session) -> TrainerConfirmation:
    """Ask for the dates as they are now; an answer to older ones is gone."""
    confirmation.session = session
    confirmation.sequence = session.sequence
    confirmation.asked_at = timezone.now()
    confirmation.answer, confirmation.answered_at, confirmation.remark = TrainerAnswer.OPEN, None, ""
    confirmation.save()
    return confirmation


@transaction.atomic
def answer_date(*, session: Session, answer: str, remark: str, sequence: int, by: User) -> TrainerConfirmation:
    """Store what a trainer says to the dates that the page has shown (`sequence`); the same twice changes nothing.

    Raises `CannotAnswer`.
    """
    locked = lock(session)
    if sentence := why_closed(locked):
        raise CannotAnswer(sentence)
    if sequence != locked.sequence:
        raise CannotAnswer("Der Termin ist inzwischen verschoben. Bitte antworten Sie zu den neuen Tagen.")
    confirmation = TrainerConfirmation.objects.filter(session=locked, trainer=by).first()
    confirmation = confirmation or TrainerConfirmation(session=locked, trainer=by, sequence=sequence)
    if (confirmation.answer, confirmation.remark, confirmation.sequence) == (answer, remark, sequence):
        return confirmation
    confirmation.answer, confirmation.remark, confirmation.sequence = answer, remark, sequence
    confirmation.answered_at = timezone.now()
    confirmation.save()
    audit.record(AuditAction.DATE_ANSWERED, target=locked, by=by, answer=answer)
    if answer == TrainerAnswer.NO:
        send_date_refusal(confirmation)
    return confirmation
