"""Material of sessions: stored, released, taken back, deleted; the file goes with its row."""

import datetime
from collections.abc import Iterable

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from curriculum.models import Session, SessionMaterial
from curriculum.models.delivery import private_storage
from netzkoord.lib import audit
from netzkoord.lib.uploads import Checked
from netzkoord.models import AuditAction, User

FOLDER = "material"
# A file that is just being stored has no row yet.
ORPHAN_AFTER = datetime.timedelta(days=1)


@transaction.atomic
def add_material(*, session: Session, title: str, upload: Checked, is_released: bool, by: User) -> SessionMaterial:
    """Store a checked file under a random name; if the row cannot be written, no file is left behind."""
    material = SessionMaterial(
        session=session,
        title=title,
        original_name=upload.name,
        content_type=upload.content_type,
        size_bytes=upload.size_bytes,
        uploaded_by=by,
        released_at=timezone.now() if is_released else None,
    )
    material.file.save(upload.name, File(upload.content), save=False)
    try:
        with transaction.atomic():
            material.save()
    except Exception:
        remove_files([material.file.name or ""])
        raise
    audit.record(AuditAction.MATERIAL_ADDED, target=material, by=by, session=session.pk, released=is_released)
    return material


@transaction.atomic
def release_material(*, material: SessionMaterial, by: User) -> None:
    """From now on the people of the session see it; a second time changes nothing."""
    if SessionMaterial.objects.filter(pk=material.pk, released_at=None).update(released_at=timezone.now()):
        audit.record(AuditAction.MATERIAL_RELEASED, target=material, by=by)


@transaction.atomic
def withdraw_material(*, material: SessionMaterial, by: User) -> None:
    if SessionMaterial.objects.filter(pk=material.pk, released_at__isnull=False).update(released_at=None):
        audit.record(AuditAction.MATERIAL_WITHDRAWN, target=material, by=by)


@transaction.atomic
def delete_material(*, material: SessionMaterial, by: User) -> None:
    """The row now, the file once that is certain."""
    audit.record(AuditAction.MATERIAL_DELETED, target=material, by=by, session=material.session_id)
    names = [material.file.name or ""]
    material.delete()
    transaction.on_commit(lambda: remove_files(names))


def remove_files(names: Iterable[str]) -> None:
    for name in names:
        private_storage().delete(name)


def remove_orphans() -> int:
    """Delete files whose rows are gone, as with a deleted cohort; for the worker, idempotent. How many."""
    storage = private_storage()
    if not storage.exists(FOLDER):
        return 0
    found = {f"{FOLDER}/{name}" for name in storage.listdir(FOLDER)[1]}
    orphans = found - set(SessionMaterial.objects.values_list("file", flat=True))
    latest = timezone.now() - ORPHAN_AFTER
    old = [name for name in orphans if storage.get_modified_time(name) < latest]
    remove_files(old)
    return len(old)
