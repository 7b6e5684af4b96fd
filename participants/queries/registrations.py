"""What pages and mails show about registrations and tandems."""

from dataclasses import dataclass

from curriculum.models import Audience, Cohort, Session
from participants.models import Registration, Selection, Tandem, TandemState
from participants.queries.search import matches
from participants.queries.selection import ranking_of


@dataclass(frozen=True)
class TandemFilter:
    """What the organiser asks the list for; an empty value asks for nothing."""

    state: str = ""
    selection: str = ""
    text: str = ""

    def accepts(self, tandem: Tandem) -> bool:
        if self.state and tandem.state != self.state:
            return False
        if self.selection and tandem.selection != self.selection:
            return False
        return not self.text or matches(self.text, *searchable(tandem))


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


@dataclass(frozen=True)
class TandemCounts:
    """Figures of a cohort's registrations; people are counted in places, the rest in tandems."""

    places: int
    accepted_people: int
    complete: int
    waiting: int
    open: int

    @property
    def free(self) -> int:
        return max(0, self.places - self.accepted_people)


def contact_address(cohort: Cohort) -> str:
    """Where people ask about this cohort."""
    return cohort.contact


def tandems_of(cohort: Cohort) -> list[Tandem]:
    """All tandems of a cohort in the order of selection, with halves and municipality; four queries.

    One more where the rule asks who was refused before.
    """
    return ranking_of(cohort).in_order


def tandem_rows(tandems: list[Tandem], wanted: TandemFilter) -> list[TandemRow]:
    return [tandem_row(tandem) for tandem in tandems if wanted.accepts(tandem)]


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
        return "done", "vollständig"
    if tandem.state is TandemState.DISSOLVED:
        return "neutral", "gelöst"
    if not tandem.confirmed_registrations():
        return "neutral", "noch nicht bestätigt"
    if tandem.missing_role is None:
        return "info", "zweite Bestätigung fehlt"
    return ("info", "zweite Person eingeladen") if tandem.partner_email else ("due", "sucht zweite Person")


def searchable(tandem: Tandem) -> list[str]:
    """Everything of a tandem that the search looks into."""
    texts = [tandem.municipality.name, tandem.municipality.get_state_display()]
    for half in tandem.registrations.all():
        texts += [half.full_name, half.organisation, half.email]
    return texts


def tandem_counts(cohort: Cohort, tandems: list[Tandem]) -> TandemCounts:
    """Figures from tandems that are already read; no query."""
    alive = [tandem for tandem in tandems if tandem.state is not TandemState.DISSOLVED]
    accepted = [tandem for tandem in alive if tandem.selection == Selection.ACCEPTED]
    return TandemCounts(
        places=cohort.places,
        accepted_people=sum(len(tandem.confirmed_registrations()) for tandem in accepted),
        complete=sum(tandem.state is TandemState.COMPLETE for tandem in alive),
        waiting=sum(tandem.selection == Selection.WAITING for tandem in alive),
        open=sum(is_open(tandem) for tandem in alive),
    )


def is_open(tandem: Tandem) -> bool:
    """Whether the tandem waits for a decision: somebody has confirmed, nothing is decided."""
    return tandem.selection == Selection.OPEN and bool(tandem.confirmed_registrations())


def sessions_of_role(cohort: Cohort, role: str) -> list[Session]:
    """The sessions that a person of this role comes to, by date, with days and venue; two queries."""
    sessions = cohort.sessions.not_cancelled().for_audience(role).with_dates()
    return list(sessions.select_related("module", "venue").prefetch_related("days"))
