"""Changes to programmes and their editions; each leaves one line in the audit log."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from curriculum import defaults
from curriculum.actions.copying import copy_parts
from curriculum.actions.in_use import delete_unused
from curriculum.models import Edition, EditionStatus, Programme
from curriculum.queries.publication import publication_blockers
from netzkoord.lib import audit
from netzkoord.models import AuditAction, User


class NotReadyToPublish(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """Something is missing; `publication_blockers` says what."""


class DraftExists(Exception):  # noqa: N818
    """The edition was copied before and its draft is still one; `draft` is that one."""

    def __init__(self, draft: Edition) -> None:
        super().__init__(f"Edition {draft.replaces_id} has draft {draft.pk}")
        self.draft = draft


@transaction.atomic
def create_programme(*, title: str, by: User) -> Edition:
    """Store a programme; returns its first draft, which holds proposals."""
    programme = Programme.objects.create(title=title)
    edition = Edition.objects.create(programme=programme, number=1, title=title, note=defaults.PROPOSAL_NOTE)
    defaults.fill(edition)
    audit.record(AuditAction.EDITION_CREATED, target=edition, by=by, programme=programme.pk)
    return edition


@transaction.atomic
def rename_programme(*, programme: Programme, fields: Iterable[str], by: User) -> Programme:
    """Store the changed name; the titles of the editions stay. Nothing changed, nothing written."""
    names = sorted(fields)
    if names:
        programme.save(update_fields=names)
        audit.record(AuditAction.PROGRAMME_RENAMED, target=programme, by=by, title=programme.title)
    return programme


@transaction.atomic
def copy_edition(*, edition: Edition, by: User) -> Edition:
    """A new draft with the next number, which replaces the edition and has a copy of each of its parts.

    Raises `DraftExists` where the edition has such a draft already: one is enough to work on.
    """
    programme = Programme.objects.select_for_update().get(pk=edition.programme_id)
    if draft := Edition.objects.drafts().replacing(edition).first():
        raise DraftExists(draft)
    draft = Edition.objects.create(
        programme=programme,
        number=next_number(programme),
        title=edition.title,
        abstract=edition.abstract,
        note=edition.note,
        replaces=edition,
    )
    copy_parts(edition, draft)
    audit.record(AuditAction.EDITION_CREATED, target=draft, by=by, copied_from=edition.pk)
    return draft


def next_number(programme: Programme) -> int:
    return int(programme.editions.aggregate(last=Max("number"))["last"] or 0) + 1


@transaction.atomic
def change_edition(*, edition: Edition, fields: Iterable[str], by: User) -> Edition:
    """Store changed texts of a draft; `fields` names what changed. Nothing changed, nothing written."""
    names = sorted(fields)
    if names:
        edition.save(update_fields=names)
        audit.record(AuditAction.EDITION_CHANGED, target=edition, by=by, fields=names)
    return edition


@transaction.atomic
def publish_edition(*, edition: Edition, superseded: Iterable[Edition] = (), by: User) -> Edition:
    """Publish a draft, which freezes it, and archive what it supersedes; a published one stays as it is.

    Raises `NotReadyToPublish`. The lock keeps parts from coming in between the question and the answer.
    """
    locked = Edition.objects.select_for_update().get(pk=edition.pk)
    if not locked.is_draft:
        return locked
    if publication_blockers(locked):
        raise NotReadyToPublish(f"Edition {edition.pk} is not complete")
    locked.status, locked.published_on = EditionStatus.PUBLISHED, timezone.localdate()
    locked.save(update_fields=["status", "published_on"])
    audit.record(AuditAction.EDITION_PUBLISHED, target=locked, by=by)
    for older in superseded:
        archive_edition(edition=older, by=by)
    return locked


@transaction.atomic
def archive_edition(*, edition: Edition, by: User) -> Edition:
    """Take a published edition out of the choice for new cohorts; any other stays as it is."""
    locked = Edition.objects.select_for_update().get(pk=edition.pk)
    if locked.status != EditionStatus.PUBLISHED:
        return locked
    locked.status, locked.archived_on = EditionStatus.ARCHIVED, timezone.localdate()
    locked.save(update_fields=["status", "archived_on"])
    audit.record(AuditAction.EDITION_ARCHIVED, target=locked, by=by)
    return locked


@transaction.atomic
def delete_draft(*, edition: Edition, by: User) -> None:
    """Delete a draft with all its parts; the programme goes with its last edition.

    Raises `InUse` where cohorts, workshops or other editions refer to it or to a part of it. What is published is
    refused by the database.
    """
    programme = Programme.objects.select_for_update().get(pk=edition.programme_id)
    audit.record(AuditAction.EDITION_DELETED, target=edition, by=by, number=edition.number, title=edition.title)
    delete_unused(edition)
    if not programme.editions.exists():
        programme.delete()
