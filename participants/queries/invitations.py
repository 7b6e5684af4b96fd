"""What an organiser reads before the invitations to a session go out."""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from curriculum.cancellations import is_off
from curriculum.models import Session
from curriculum.queries.agenda import AgendaDay, SessionAgenda, agenda_days, session_agenda, with_agenda
from netzkoord.lib.mail import is_address
from participants.models import Registration, RegistrationState, SessionInvitation


@dataclass(frozen=True)
class InvitationPage:
    """Who gets the invitation, what is missing in it, and why it cannot be sent if it cannot."""

    session: Session
    agenda: SessionAgenda
    people: list[Registration]
    hints: list[str]
    refusal: str

    @property
    def reachable(self) -> list[Registration]:
        return [half for half in self.people if is_address(half.email)]

    @property
    def unreachable(self) -> list[Registration]:
        """Whose address is none: they get nothing before it is corrected."""
        return [half for half in self.people if not is_address(half.email)]

    @property
    def days(self) -> list[datetime.date]:
        return [day.day.date for day in self.agenda.days]


@dataclass(frozen=True)
class OwnInvitation:
    """What one person may read of a session to which the invitations have gone out."""

    session: Session
    days: tuple[AgendaDay, ...]
    url: str


def own_invitations(half: Registration, sessions: Iterable[Session], *, token: str) -> list[OwnInvitation]:
    """Of these sessions, those to which an accepted person was invited; reads what `AGENDA` has prefetched.

    `token` is what the addresses of the person's own pages carry.
    """
    if half.state is not RegistrationState.ACCEPTED:
        return []
    return [
        OwnInvitation(
            session=session,
            days=agenda_days(session),
            url=reverse("participants:invitation_download", args=[token, session.pk]),
        )
        for session in sessions
        if session.invited_at and not is_off(session)
    ]


def own_calendar_url(half: Registration, sessions: Iterable[Session], *, token: str) -> str:
    """Where an accepted person finds the own dates as a file; empty while there are none."""
    if half.state is not RegistrationState.ACCEPTED or not any(session.days.all() for session in sessions):
        return ""
    return reverse("participants:own_calendar", args=[token])


def invitees(session: Session) -> list[Registration]:
    """Accepted people whom the session is for, by name; two queries."""
    halves = Registration.objects.of_session(session).select_related("cohort", "person", "tandem__municipality")
    return list(halves.order_by("family_name", "given_names", "pk"))


def latecomers(session: Session) -> list[Registration]:
    """Who got a place after the invitations to this session had gone out, and has none yet; one query."""
    halves = Registration.objects.of_session(session).with_accepted_at()
    late = halves.filter(Q(accepted_at__gt=session.invited_at))
    missing = late.exclude(session_invitations__session=session).select_related("cohort", "tandem__municipality")
    return [half for half in missing.order_by("pk") if is_address(half.email)]


def late_invitations(sessions: Iterable[Session]) -> Counter[int]:
    """How many people got their invitation when the others had it long, by session; one query."""
    late = SessionInvitation.objects.filter(session__in=sessions, is_late=True)
    return Counter(late.values_list("session", flat=True))


def invitation_page(key: int) -> InvitationPage:
    """Of the session with this primary key; the number of queries does not depend on people or days."""
    sessions = with_agenda(Session.objects.filter(pk=key)).select_related("venue").prefetch_related("trainers")
    session = sessions.get()
    agenda, people = session_agenda(session), invitees(session)
    return InvitationPage(
        session=session,
        agenda=agenda,
        people=people,
        hints=hints_of(session, agenda),
        refusal=refusal_of(session, agenda, people),
    )


def hints_of(session: Session, agenda: SessionAgenda) -> list[str]:
    """What the people who come will miss, though nothing stands in the way."""
    hints = []
    if agenda.is_empty:
        hints.append("Der Ablauf ist noch leer. Die Einladung nennt nur Beginn und Ende der Tage.")
    elif not agenda.is_whole:
        hints.append("Mindestens ein Tag hat noch keinen Ablauf.")
    if any(day.deviations for day in agenda.days):
        hints.append("Der Ablauf endet anders, als die Tage angesetzt sind.")
    if session.venue and not session.venue.directions:
        hints.append(f"Zu „{session.venue}“ fehlt die Anreise.")
    if not session.venue and not session.online_url:
        hints.append("Es fehlt, wo der Termin stattfindet.")
    if not session.trainers.all():
        hints.append("Es ist noch niemand für das Training eingetragen.")
    if not session.cohort.contact_email:
        hints.append("Der Durchgang nennt keine E-Mail-Adresse für Rückfragen.")
    return hints


def refusal_of(session: Session, agenda: SessionAgenda, people: Sequence[Registration]) -> str:
    """Why no invitation can be sent; empty when it can."""
    dates = [day.day.date for day in agenda.days]
    if session.cancelled_at or session.cohort.cancelled_at:
        return "Der Termin ist abgesagt. Zu ihm wird nicht eingeladen."
    if not dates or min(dates) < timezone.localdate():
        return "Der Termin hat schon begonnen. Für eine Einladung ist es zu spät."
    if not people:
        return "Noch hat niemand, für den der Termin gedacht ist, einen Platz. Die Einladung geht an Angenommene."
    if not any(is_address(half.email) for half in people):
        return "Niemand, für den der Termin gedacht ist, hat eine gültige E-Mail-Adresse."
    return ""
