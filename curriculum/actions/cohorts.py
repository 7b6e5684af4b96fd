"""Changes to cohorts; each leaves one line in the audit log."""

from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.utils import timezone

from curriculum.actions.in_use import InUse, delete_unused
from curriculum.actions.selection_rule import store_rule
from curriculum.models import Cohort, SessionMaterial
from curriculum.queries import announcement_blockers
from curriculum.rules import USUAL_RULE
from netzkoord.lib import audit
from netzkoord.models import AuditAction, User


class NotReadyToAnnounce(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """Something is missing; `announcement_blockers` says what."""


@transaction.atomic
def create_cohort(*, cohort: Cohort, by: User) -> Cohort:
    """Store a new cohort, with the usual rule for its places."""
    cohort.save(force_insert=True)
    store_rule(cohort, USUAL_RULE)
    audit.record(AuditAction.COHORT_CREATED, target=cohort, by=by)
    return cohort


@transaction.atomic
def change_cohort(*, cohort: Cohort, fields: Iterable[str], by: User) -> Cohort:
    """Store a changed cohort; `fields` names what changed. Nothing changed, nothing written."""
    names = sorted(fields)
    if names:
        cohort.save(update_fields=names)
        audit.record(AuditAction.COHORT_CHANGED, target=cohort, by=by, fields=names)
    return cohort


@transaction.atomic
def announce_cohort(*, cohort: Cohort, by: User) -> Cohort:
    """Make the cohort public; one that is public already stays as it is.

    Raises `NotReadyToAnnounce` when something is missing.
    """
    locked = Cohort.objects.select_for_update().get(pk=cohort.pk)
    if locked.announced_at:
        return locked
    if announcement_blockers(locked):
        raise NotReadyToAnnounce(f"Cohort {cohort.pk} is not complete")
    locked.announced_at = timezone.now()
    locked.save(update_fields=["announced_at"])
    audit.record(AuditAction.COHORT_ANNOUNCED, target=locked, by=by)
    return locked


@transaction.atomic
def delete_cohort(*, cohort: Cohort, by: User) -> None:
    """Delete a cohort that was never announced, with its sessions and their material.

    Raises `InUse` when anybody or anything refers to it.
    """
    locked = Cohort.objects.select_for_update().get(pk=cohort.pk)
    if locked.announced_at:
        raise InUse("die Ausschreibung")
    files = [(row.file.storage, row.file.name) for row in SessionMaterial.objects.filter(session__cohort=locked)]
    audit.record(AuditAction.COHORT_DELETED, target=locked, by=by, title=locked.title)
    delete_unused(locked)
    for storage, name in files:
        transaction.on_commit(partial(storage.delete, name or ""))
