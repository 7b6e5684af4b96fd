"""What it means for a cohort that has not begun to move to a newer edition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef

from curriculum.models import (
    AgendaItem,
    AgendaKind,
    Cohort,
    CohortState,
    Edition,
    EditionStatus,
    Module,
    PracticeReport,
    Session,
    SessionAudience,
    SessionMaterial,
    Unit,
)

NOT_BEGUN = (CohortState.PLANNED, CohortState.REGISTRATION_OPEN, CohortState.REGISTRATION_CLOSED)


@dataclass(frozen=True)
class SessionMove:
    """One session and the module that takes the place of its old one; None where there is none."""

    session: Session
    module: Module | None

    @property
    def audience_hint(self) -> str:
        """What to look at when the new module is for others than the old one was."""
        if self.module is None:
            return ""
        was, now = (SessionAudience.of(module.audiences) for module in (self.session.module, self.module))
        if was == now or now == self.session.audience:
            return ""
        held_for = self.session.get_audience_display()
        return f"Das Modul richtet sich jetzt an {now.label}; der Termin ist für {held_for} angesetzt."


@dataclass(frozen=True)
class AgendaMove:
    """A unit in the course of a day, and the unit that takes its place; None where there is none."""

    item: AgendaItem
    unit: Unit | None


@dataclass(frozen=True)
class CohortMove:
    """Everything that a change of the edition would do to the cohort; nothing is done yet."""

    cohort: Cohort
    edition: Edition
    kept: tuple[SessionMove, ...]
    dropped: tuple[SessionMove, ...]
    undated: tuple[Module, ...]
    agenda: tuple[AgendaMove, ...]
    obstacles: tuple[str, ...]

    @property
    def agenda_kept(self) -> list[AgendaMove]:
        return [move for move in self.agenda if move.unit]

    @property
    def agenda_freed(self) -> list[AgendaMove]:
        return [move for move in self.agenda if not move.unit]

    @property
    def hints(self) -> list[SessionMove]:
        return [move for move in self.kept if move.audience_hint]


def newer_editions(cohort: Cohort) -> list[Edition]:
    """Published editions of the same programme that came after the cohort's own, the newest first."""
    own = cohort.edition
    newer = Edition.objects.published().filter(programme=own.programme_id, number__gt=own.number)
    return list(newer.order_by("-number"))


def state_of(cohort: Cohort) -> CohortState:
    dated = Cohort.objects.with_dates().get(pk=cohort.pk)
    return dated.state(first_on=dated.first_on, last_on=dated.last_on)


def cohort_move(cohort: Cohort, edition: Edition) -> CohortMove:
    """What would happen, and what stands against it; the number of queries does not depend on the sessions."""
    modules = list(edition.modules.prefetch_related("tracks", "units"))
    by_key = {module.key: module for module in modules}
    moves = [SessionMove(session, by_key.get(session.module.key)) for session in sessions_of(cohort)]
    kept = tuple(move for move in moves if move.module)
    # What was cancelled stays with its old module, as a record.
    dropped = tuple(move for move in moves if not move.module and not move.session.cancelled_at)
    dated = {move.module.pk for move in kept if move.module and not move.session.cancelled_at}
    return CohortMove(
        cohort=cohort,
        edition=edition,
        kept=kept,
        dropped=dropped,
        undated=tuple(module for module in modules if module.pk not in dated),
        agenda=agenda_moves(kept),
        obstacles=(*edition_obstacles(cohort, edition), *session_obstacles(dropped)),
    )


def sessions_of(cohort: Cohort) -> Sequence[Session]:
    """By date, with what a session that is dropped would take with it."""
    reports = PracticeReport.objects.filter(session=OuterRef("pk"))
    materials = SessionMaterial.objects.filter(session=OuterRef("pk"))
    rows = cohort.sessions.with_dates().annotate(has_report=Exists(reports), has_material=Exists(materials))
    return list(rows.select_related("module", "venue").prefetch_related("module__tracks"))


def agenda_moves(kept: Sequence[SessionMove]) -> tuple[AgendaMove, ...]:
    """A unit goes along when the module of its session has it still."""
    units: Mapping[int, dict[UUID, Unit]] = {
        move.session.pk: {unit.key: unit for unit in move.module.units.all()} for move in kept if move.module
    }
    items = AgendaItem.objects.filter(day__session__in=units, kind=AgendaKind.UNIT).select_related("unit", "day")
    return tuple(
        AgendaMove(item, units[item.day.session_id].get(item.unit.key)) for item in items if item.unit is not None
    )


def edition_obstacles(cohort: Cohort, edition: Edition) -> list[str]:
    own = cohort.edition
    obstacles = []
    if edition.status != EditionStatus.PUBLISHED:
        obstacles.append(f"Die {edition.number}. Fassung ist nicht veröffentlicht.")
    if edition.programme_id != own.programme_id or edition.number <= own.number:
        obstacles.append("Gewählt werden kann nur eine neuere Fassung desselben Programms.")
    state = state_of(cohort)
    if state not in NOT_BEGUN:
        obstacles.append(f"Der Durchgang hat den Stand „{state.label}“. Umgestellt wird nur vor dem ersten Termin.")
    return obstacles


def session_obstacles(dropped: Sequence[SessionMove]) -> list[str]:
    """Why a session without a counterpart may not simply vanish, as far as this app knows."""
    sentences = {
        "invited_at": "Zu „{}“ ist schon eingeladen. Bitte sagen Sie den Termin zuerst ab, dann erfahren es alle.",
        "has_report": "Zu „{}“ ist ein Erlebnisbericht geplant. Bitte klären Sie ihn zuerst.",
        "has_material": "Zu „{}“ liegt Material. Bitte löschen Sie es zuerst.",
    }
    return [
        sentence.format(move.session.module)
        for move in dropped
        for name, sentence in sentences.items()
        if getattr(move.session, name)
    ]
