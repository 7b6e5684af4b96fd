"""Moving a cohort that has not begun to a newer edition."""

from django.db import transaction

from curriculum.actions.in_use import delete_unused
from curriculum.models import AgendaItem, AgendaKind, Cohort, Edition, Session
from curriculum.queries.cohort_edition import AgendaMove, CohortMove, SessionMove, cohort_move
from netzkoord.lib import audit
from netzkoord.models import AuditAction, User


class EditionNotChangeable(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """Something stands against it; `cohort_move` says what."""


@transaction.atomic
def change_cohort_edition(*, cohort: Cohort, edition: Edition, by: User) -> CohortMove | None:
    """Move the cohort with its sessions and their courses to another edition; None where it has it already.

    Raises `EditionNotChangeable`, and `InUse` when attendance or a survey hangs on a session that would vanish.
    """
    locked = Cohort.objects.select_for_update().get(pk=cohort.pk)
    if locked.edition_id == edition.pk:
        return None
    move = cohort_move(locked, edition)
    if move.obstacles:
        raise EditionNotChangeable(f"Cohort {cohort.pk} cannot take edition {edition.pk}")
    delete_unused(Session.objects.filter(pk__in=[step.session.pk for step in move.dropped]))
    Session.objects.bulk_update([with_new_module(step) for step in move.kept], ["module"])
    AgendaItem.objects.bulk_update([with_new_unit(step) for step in move.agenda], ["kind", "unit", "title"])
    before, locked.edition = locked.edition, edition
    locked.save(update_fields=["edition"])
    record(move, before=before, by=by)
    return move


def with_new_module(step: SessionMove) -> Session:
    if step.module:
        step.session.module = step.module
    return step.session


def with_new_unit(step: AgendaMove) -> AgendaItem:
    """The unit that takes its place, or the point by itself under the title it had."""
    item = step.item
    if step.unit is None:
        item.kind, item.title, item.unit = AgendaKind.OTHER, str(item), None
    else:
        item.unit = step.unit
    return item


def record(move: CohortMove, *, before: Edition, by: User) -> None:
    audit.record(
        AuditAction.COHORT_EDITION_CHANGED,
        target=move.cohort,
        by=by,
        edition_before=before.pk,
        edition_after=move.edition.pk,
        sessions_moved=len(move.kept),
        sessions_deleted=len(move.dropped),
        agenda_items_moved=len(move.agenda_kept),
        agenda_items_freed=len(move.agenda_freed),
    )
