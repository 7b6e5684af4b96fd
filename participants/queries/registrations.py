"""What pages and mails show about registrations and tandems."""

from dataclasses import dataclass

from curriculum.models import Audience, Cohort, Session
from participants.models import Registration, Tandem, TandemForm, TandemState


@dataclass(frozen=True)
class TandemRow:
    """One line of the list: a tandem with its halves by role."""

    tandem: Tandem
    manager: Registration | None
    coordinator: Registration | None
    kind: str
    label: str
    is_decidable: bool

    @property
    def halves(self) -> list[tuple[str, Registration | None]]:
        return [(Audience.MANAGER.person, self.manager), (Audience.COORDINATOR.person, self.coordinator)]


def tandem_row(tandem: Tandem) -> TandemRow:
    halves = {half.role: half for half in tandem.active_registrations()}
    kind, label = tandem_status(tandem)
    return TandemRow(
        tandem=tandem,
        manager=halves.get(Audience.MANAGER),
        coordinator=halves.get(Audience.COORDINATOR),
        kind=kind,
        label=label,
        is_decidable=bool(tandem.confirmed_registrations()),
    )


def tandem_status(tandem: Tandem) -> tuple[str, str]:
    """Kind of sign and words for how far a tandem has come."""
    if tandem.state is TandemState.COMPLETE:
        return "done", "vollständig durch Ausnahme" if tandem.shared else "vollständig"
    if tandem.state is TandemState.DISSOLVED:
        return "neutral", "gelöst"
    if tandem.has_lost_shared_half:
        return "due", "Ausnahme gilt nicht mehr"
    if not tandem.confirmed_registrations():
        return "neutral", "noch nicht bestätigt"
    if tandem.missing_role is None:
        return "info", "zweite Bestätigung fehlt"
    if tandem.form == TandemForm.ALONE:
        return "info", "allein"
    if tandem.partner_email:
        return "info", "zweite Person eingeladen"
    return "due", "sucht zweite Person" if tandem.form == TandemForm.SEEKING else "zweite Person fehlt"


def sessions_of_role(cohort: Cohort, role: str) -> list[Session]:
    """The sessions that a person of this role comes to, by date, with days and venue; two queries."""
    sessions = cohort.sessions.not_cancelled().for_audience(role).with_dates()
    return list(sessions.select_related("module", "venue").prefetch_related("days"))
