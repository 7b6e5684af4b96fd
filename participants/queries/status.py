"""What a person sees of the own registration: where it stands, with whom, and what happens next."""

import datetime
from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.utils import timezone

from curriculum.models import Audience, Cohort, Session
from curriculum.queries.agenda import AGENDA
from participants.models import Registration, RegistrationState, Selection
from participants.queries.invitations import OwnInvitation, own_calendar_url, own_invitations
from participants.queries.registrations import contact_address, sessions_of_role, tandem_status

CANCELLED = "error", "Durchgang abgesagt"
KINDS = {
    RegistrationState.SUBMITTED: "due",
    RegistrationState.CONFIRMED: "info",
    RegistrationState.ACCEPTED: "done",
    RegistrationState.WAITING: "info",
    RegistrationState.DECLINED: "neutral",
    RegistrationState.WITHDRAWN: "neutral",
}
NEXT_STEPS = {
    RegistrationState.SUBMITTED: "Bitte bestätigen Sie die Anmeldung über den Link in der Mail an Sie.",
    RegistrationState.CONFIRMED: "Die Organisation entscheidet über die Plätze, immer für das Tandem als Ganzes. "
    "Sie bekommen dann eine Mail.",
    RegistrationState.ACCEPTED: "Sie haben einen Platz. Vor dem ersten Termin bekommen Sie weitere Mails.",
    RegistrationState.WAITING: "Wird ein Platz frei, rückt Ihr Tandem gemeinsam nach. Sie bekommen dann eine Mail.",
    RegistrationState.DECLINED: "Für diesen Durchgang ist leider kein Platz frei.",
    RegistrationState.WITHDRAWN: "Sie haben die Anmeldung zurückgezogen. Sie brauchen nichts mehr zu tun.",
}


AFTER_THE_COURSE = (
    "Der Durchgang ist abgeschlossen. Wenn Sie sich anmelden, finden Sie auf Ihrer Startseite, "
    "was noch offen ist, und Ihre Bescheinigung."
)


@dataclass(frozen=True)
class StatusPage:
    """One person's own page; the partner appears by name only, never with contact data."""

    registration: Registration
    kind: str
    label: str
    next_step: str
    contact: str
    partner: Registration | None
    other_role: str
    tandem_label: str
    is_withdrawn: bool
    sessions: list[Session]
    invitations: list[OwnInvitation]
    calendar_url: str
    is_invitable: bool
    is_withdrawable: bool


def status_page(half: Registration) -> StatusPage:
    """Reads the tandem's prefetched registrations; three more queries for the dates and their course."""
    state = half.state
    sessions = sessions_of_role(half.cohort, half.role)
    prefetch_related_objects(sessions, AGENDA)
    kind, label = CANCELLED if half.cohort.cancelled_at else (KINDS[state], state.label)
    partner = half.partner
    is_active = state not in {RegistrationState.SUBMITTED, RegistrationState.WITHDRAWN}
    is_complete = bool(partner and partner.confirmed_at)
    return StatusPage(
        registration=half,
        kind=kind,
        label=label,
        next_step=cancelled_sentence(half.cohort) or next_step(state, sessions),
        contact=contact_address(half.cohort),
        partner=partner,
        other_role=Audience(half.role).other.person,
        tandem_label=tandem_status(half.tandem)[1],
        is_withdrawn=state is RegistrationState.WITHDRAWN,
        sessions=sessions,
        invitations=own_invitations(half, sessions),
        calendar_url=own_calendar_url(half, sessions),
        is_invitable=is_active and not is_complete and takes_partner(half),
        is_withdrawable=is_active and not half.cohort.cancelled_at and not has_begun(sessions),
    )


def cancelled_sentence(cohort: Cohort) -> str:
    """That the cohort is cancelled, and why; empty when it is not."""
    if not cohort.cancelled_at:
        return ""
    reason = f" Grund: {cohort.cancellation_reason}" if cohort.cancellation_reason else ""
    return f"Der Durchgang ist abgesagt.{reason} Sie brauchen nichts zu tun."


def next_step(state: RegistrationState, sessions: list[Session]) -> str:
    if state is RegistrationState.ACCEPTED and is_over(sessions):
        return AFTER_THE_COURSE
    return NEXT_STEPS[state]


def takes_partner(half: Registration) -> bool:
    """Until the closing date; an accepted tandem can be completed later, too."""
    if half.cohort.cancelled_at or half.tandem.selection == Selection.DECLINED:
        return False
    return half.cohort.is_registration_open or half.tandem.selection == Selection.ACCEPTED


def has_begun(sessions: list[Session]) -> bool:
    days = dates_of(sessions)
    return bool(days) and min(days) <= timezone.localdate()


def is_over(sessions: list[Session]) -> bool:
    days = dates_of(sessions)
    return bool(days) and max(days) < timezone.localdate()


def dates_of(sessions: list[Session]) -> list[datetime.date]:
    return [day.date for session in sessions for day in session.days.all()]
