"""Who teaches a session, and whether they have confirmed its dates."""

import datetime
from dataclasses import dataclass

from django.db.models import F
from django.utils import timezone

from curriculum.models import Session, TrainerAnswer, TrainerConfirmation
from netzkoord.lib import links
from netzkoord.models import User

PURPOSE = "trainer-date"
LINK_DAYS = 365


@dataclass(frozen=True)
class Teaching:
    """One trainer of a session, with the confirmation that was asked for, if any."""

    trainer: User
    confirmation: TrainerConfirmation | None
    is_outdated: bool

    @property
    def status(self) -> tuple[str, str] | None:
        """Kind and label of the sign beside the name; nothing while nobody was asked."""
        if self.confirmation is None:
            return None
        answer = TrainerAnswer(self.confirmation.answer)
        if answer is TrainerAnswer.OPEN:
            return "due", "Terminzusage offen"
        if self.is_outdated:
            return "due", f"{answer.label} für die alten Tage"
        return ("done", "zugesagt") if answer is TrainerAnswer.YES else ("error", "kann nicht")

    @property
    def has_confirmed(self) -> bool:
        confirmed = self.confirmation is not None and self.confirmation.answer == TrainerAnswer.YES
        return confirmed and not self.is_outdated


def teachings(session: Session) -> tuple[Teaching, ...]:
    """Reads the prefetched trainers and confirmations; what is cancelled needs nobody's word any more."""
    is_cancelled = bool(session.cancelled_at or session.cohort.cancelled_at)
    asked = (
        {}
        if is_cancelled
        else {confirmation.trainer_id: confirmation for confirmation in session.confirmations.all()}
    )
    return tuple(teaching(session, trainer, asked.get(trainer.pk)) for trainer in session.trainers.all())


def teaching(session: Session, trainer: User, confirmation: TrainerConfirmation | None) -> Teaching:
    is_outdated = confirmation is not None and confirmation.sequence != session.sequence
    return Teaching(trainer, confirmation, is_outdated)


def confirmation_of(token: str) -> TrainerConfirmation | None:
    """What a personal link was made for; None for a forged one, a closed account, and who teaches here no more."""
    key = links.target(PURPOSE, token)
    return confirmation_with_key(int(key)) if key else None


def confirmation_with_key(key: int) -> TrainerConfirmation | None:
    """None for a closed account, and for who teaches here no more."""
    confirmations = TrainerConfirmation.objects.filter(trainer__is_active=True, session__trainers=F("trainer"))
    related = confirmations.select_related("trainer", "session__cohort", "session__module", "session__venue")
    return related.filter(pk=key).first()


def confirmation_token(confirmation: TrainerConfirmation) -> str:
    expires_at = links.in_days(LINK_DAYS)
    return links.create(PURPOSE, confirmation.pk, email=confirmation.trainer.email, expires_at=expires_at)


def confirmation_link(confirmation: TrainerConfirmation) -> str:
    """A new personal link, for the mail that is being written."""
    return links.absolute("curriculum:trainer_answer", confirmation_token(confirmation))


def begins_at(session: Session) -> datetime.datetime | None:
    """When the first day begins; None without days."""
    day = session.days.order_by("date").first()
    return timezone.make_aware(datetime.datetime.combine(day.date, day.starts_at)) if day else None


def why_closed(session: Session) -> str:
    """Why nobody can answer about the dates any more, as a sentence; empty when one can."""
    if session.cancelled_at or session.cohort.cancelled_at:
        return "Der Termin ist abgesagt. Sie brauchen nicht zu antworten."
    begin = begins_at(session)
    if begin is None or begin <= timezone.now():
        return "Der Termin hat schon begonnen. Ihre Antwort kann nicht mehr geändert werden."
    return ""
