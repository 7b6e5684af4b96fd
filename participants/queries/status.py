"""What a person sees of the own registration: where it stands, with whom, and what happens next."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, prefetch_related_objects
from django.utils import timezone

from curriculum.cancellations import held_days, is_off
from curriculum.models import Audience, Session
from curriculum.queries.agenda import AGENDA
from participants.entitlement import Entitlement
from participants.models import (
    Approval,
    Certificate,
    Registration,
    RegistrationState,
    Selection,
    Tandem,
    TandemForm,
    TandemState,
)
from participants.queries.achievements import own_entitlements
from participants.queries.invitations import OwnInvitation, own_calendar_url, own_invitations
from participants.queries.offers import first_day
from participants.queries.own_page import OwnConsent, OwnProposal, own_approval, own_consents, own_proposal
from participants.queries.registrations import tandem_status
from participants.queries.transfer import SHARED_TANDEMS, AgreementPage, own_agreements
from participants.queries.waiting_reasons import WaitingNote, waiting_note

CANCELLED = "error", "Durchgang abgesagt"
CANCELLED_SENTENCE = "Der Durchgang ist abgesagt. Sie brauchen nichts zu tun."
KINDS = {
    RegistrationState.SUBMITTED: "due",
    RegistrationState.CONFIRMED: "info",
    RegistrationState.ACCEPTED: "done",
    RegistrationState.WAITING: "info",
    RegistrationState.DECLINED: "neutral",
    RegistrationState.WITHDRAWN: "neutral",
    RegistrationState.REPLACED: "neutral",
    RegistrationState.MERGED: "neutral",
}
LEFT = {RegistrationState.WITHDRAWN, RegistrationState.REPLACED, RegistrationState.MERGED}
NEXT_STEPS = {
    RegistrationState.SUBMITTED: "Bitte bestätigen Sie die Anmeldung über den Link in der Mail an Sie.",
    RegistrationState.CONFIRMED: "Die Organisation entscheidet über die Plätze, immer für das Tandem als Ganzes. "
    "Sie bekommen dann eine Mail.",
    RegistrationState.ACCEPTED: "Sie haben einen Platz. Vor dem ersten Termin bekommen Sie weitere Mails.",
    RegistrationState.WAITING: "Wird ein Platz frei, bekommen Sie eine Mail. Ein Tandem rückt gemeinsam nach.",
    RegistrationState.DECLINED: "Für diesen Durchgang ist leider kein Platz frei.",
    RegistrationState.WITHDRAWN: "Sie haben die Anmeldung zurückgezogen. Sie brauchen nichts mehr zu tun.",
    RegistrationState.REPLACED: "An Ihrer Stelle nimmt eine andere Person teil. Sie brauchen nichts mehr zu tun.",
    RegistrationState.MERGED: "Sie waren zweimal angemeldet; wir führen Ihre andere Anmeldung weiter. "
    "Der Link dazu steht in der Mail, mit der sie bestätigt wurde.",
}

STILL_KEPT = "Sie haben die Anmeldung zurückgezogen. Ihren Platz kann noch jemand anderes bekommen."
ASKED_NOW = "Bitte antworten Sie auf unser Angebot, bevor die Frist endet."
ASKED_BEFORE = (
    "Sie bleiben auf der Warteliste. Ein zweites Angebot kommt nicht von selbst; "
    "wenn Sie jetzt doch können, schreiben Sie uns."
)

AFTER_THE_COURSE = (
    "Der Durchgang ist abgeschlossen. Wenn Sie sich anmelden, finden Sie auf Ihrer Startseite, "
    "was noch offen ist, und Ihre Bescheinigung."
)


@dataclass(frozen=True)
class OwnSession:
    """A session as one person reads it: when and where, or that it is cancelled and why."""

    session: Session
    is_cancelled: bool
    online_url: str

    @property
    def reason(self) -> str:
        """Why this session alone was cancelled; what ends the whole cohort stands above all sessions."""
        return self.session.cancellation_reason


@dataclass(frozen=True)
class StatusPage:
    """One person's own page; the partner appears by name only, never with contact data."""

    registration: Registration
    kind: str
    label: str
    next_step: str
    reason: str
    contact: str
    partner: Registration | None
    shared: Registration | None
    other_role: str
    tandem_label: str
    is_withdrawn: bool
    sessions: list[OwnSession]
    invitations: list[OwnInvitation]
    calendar_url: str
    is_seeking: bool
    proposal: OwnProposal | None
    consents: list[OwnConsent]
    approval: Approval | None
    is_invitable: bool
    is_withdrawable: bool
    waiting: WaitingNote | None
    kept_until: datetime.datetime | None
    entitlement: Entitlement | None
    certificates: list[Certificate]
    agreements: list[AgreementPage]

    @property
    def is_accepted(self) -> bool:
        """May have the list of participants."""
        return self.registration.state is RegistrationState.ACCEPTED

    @property
    def is_expected_today(self) -> bool:
        """May check in with the code on the screen; reads the prefetched days."""
        today = timezone.localdate()
        held = (row.session for row in self.sessions if not row.is_cancelled)
        return self.is_accepted and any(day.date == today for session in held for day in session.days.all())


def status_page(half: Registration, *, token: str) -> StatusPage:
    """Reads the tandem's prefetched registrations; three more queries for the dates and their course, two for
    agreements.

    Once the sessions have begun, seven more for what the person may expect, and one for what is issued.

    `token` is what the addresses of the person's own pages carry.
    """
    state = half.state
    sessions = sessions_of(half)
    dates = held_dates(sessions)
    kind, label = standing(half)
    waiting = waiting_of(half)
    is_active = state not in {RegistrationState.SUBMITTED, *LEFT}
    is_seeking = is_active and half.tandem.form == TandemForm.SEEKING and not is_left_out(half.tandem)
    is_complete = half.tandem.state is TandemState.COMPLETE
    return StatusPage(
        registration=half,
        kind=kind,
        label=label,
        next_step=CANCELLED_SENTENCE if half.cohort.cancelled_at else next_step(half, dates, waiting),
        reason=half.cohort.cancellation_reason,
        contact=half.cohort.contact,
        partner=half.partner,
        shared=half.tandem.shared,
        other_role=Audience(half.role).other.person,
        tandem_label=tandem_status(half.tandem)[1],
        is_withdrawn=state in LEFT,
        sessions=own_sessions(half, sessions),
        invitations=own_invitations(half, sessions, token=token),
        calendar_url=own_calendar_url(half, sessions, token=token),
        is_seeking=is_seeking,
        proposal=own_proposal(half) if is_seeking else None,
        consents=own_consents(half) if is_active else [],
        approval=own_approval(half) if half.cohort.asks_approval and state not in LEFT else None,
        is_invitable=is_active and not is_complete and takes_partner(half),
        is_withdrawable=is_active and not half.cohort.cancelled_at and not has_begun(dates),
        waiting=waiting,
        kept_until=kept_until(half),
        entitlement=own_entitlements([half]).get(half.pk) if has_begun(dates) else None,
        certificates=own_certificates(half) if has_begun(dates) else [],
        agreements=agreements_of(half),
    )


def agreements_of(half: Registration) -> list[AgreementPage]:
    """Those that somebody with a place can write or read; two queries for them, none for others."""
    if half.state is not RegistrationState.ACCEPTED:
        return []
    prefetch_related_objects([half], SHARED_TANDEMS)
    return own_agreements(half, first_on=first_day(half.cohort))


def own_certificates(half: Registration) -> list[Certificate]:
    """What is issued to the person and to the municipality of the own tandem, and holds; one query."""
    is_own = Q(registration=half)
    if half.state is RegistrationState.ACCEPTED:
        is_own |= Q(tandem=half.tandem_id)
    return list(Certificate.objects.valid().filter(is_own).with_paper_state().defer("content"))


def kept_until(half: Registration) -> datetime.datetime | None:
    """Until when a place in the tandem is kept for who comes instead, for those who can do something about it."""
    is_own = half.withdrawn_at is None or half.tandem.missing_role == half.role
    return half.tandem.place_held_until if half.tandem.is_place_held and is_own else None


def sessions_of(half: Registration) -> list[Session]:
    """All sessions for the person's role by date, cancelled ones too, with days and course; three queries."""
    sessions = half.cohort.sessions.for_audience(half.role).with_dates().select_related("module", "venue")
    return list(sessions.prefetch_related("days", AGENDA))


def own_sessions(half: Registration, sessions: Iterable[Session]) -> list[OwnSession]:
    """Only accepted people read where to meet online, and only while there is somebody to meet."""
    is_accepted = half.state is RegistrationState.ACCEPTED
    rows = [(session, is_off(session)) for session in sessions]
    return [
        OwnSession(session, is_cancelled, session.online_url if is_accepted and not is_cancelled else "")
        for session, is_cancelled in rows
    ]


def standing(half: Registration) -> tuple[str, str]:
    """Kind of sign and words for where the registration stands."""
    return CANCELLED if half.cohort.cancelled_at else (KINDS[half.state], half.state.label)


def waiting_of(half: Registration) -> WaitingNote | None:
    is_waiting = half.state is RegistrationState.WAITING and not half.cohort.cancelled_at
    return waiting_note(half.tandem) if is_waiting else None


def next_step(half: Registration, dates: Sequence[datetime.date], waiting: WaitingNote | None) -> str:
    state = half.state
    if state is RegistrationState.ACCEPTED and is_over(dates):
        return AFTER_THE_COURSE
    if state is RegistrationState.WITHDRAWN and kept_until(half):
        return STILL_KEPT
    if waiting and waiting.has_offer:
        return ASKED_NOW
    if waiting and waiting.was_asked:
        return ASKED_BEFORE
    missing = second_person(half) if state is RegistrationState.CONFIRMED else ""
    return f"{missing} {NEXT_STEPS[state]}".lstrip()


def second_person(half: Registration) -> str:
    """What a tandem still waits for; empty where it is complete, or nobody was to come."""
    if half.tandem.form != TandemForm.TANDEM or half.tandem.state is TandemState.COMPLETE:
        return ""
    if half.partner:
        return "Die zweite Person muss ihre Angaben noch bestätigen."
    if half.tandem.partner_email:
        return "Die zweite Person ist eingeladen und hat noch nicht geantwortet. Vollständige Tandems gehen vor."
    return "Es fehlt eine zweite Person: Bitte laden Sie unten jemanden ein. Vollständige Tandems gehen vor."


def is_left_out(tandem: Tandem) -> bool:
    return bool(tandem.cohort.cancelled_at) or tandem.selection == Selection.DECLINED


def takes_partner(half: Registration) -> bool:
    """Until the closing date; an accepted tandem can be completed later, too."""
    if is_left_out(half.tandem):
        return False
    return half.cohort.is_registration_open_to_invited or half.tandem.selection == Selection.ACCEPTED


def has_begun(dates: Sequence[datetime.date]) -> bool:
    return bool(dates) and min(dates) <= timezone.localdate()


def are_under_way(sessions: Iterable[Session]) -> bool:
    """Whether one of them has begun, or is over; cancelled ones do not count."""
    return has_begun(held_dates(sessions))


def is_over(dates: Sequence[datetime.date]) -> bool:
    return bool(dates) and max(dates) < timezone.localdate()


def held_dates(sessions: Iterable[Session]) -> list[datetime.date]:
    return [day.date for session in sessions for day in held_days(session)]
