"""What organisers write down about tandems, for each other only."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from curriculum.models import Cohort
from netzkoord.lib import audit
from netzkoord.lib.frequency import REPEATED_WITHIN
from netzkoord.models import AuditAction, User
from participants.actions.locking import lock
from participants.models import Note, Registration, Tandem


@transaction.atomic
def write_notes(
    *, cohort: Cohort, keys: Sequence[int], text: str, about: Registration | None = None, by: User
) -> int:
    """Put one note at each of these tandems of the cohort, about one of its people or all; returns at how many.

    A double click writes nothing twice: where this person wrote the same a moment ago, it stands already.
    """
    lock(cohort)
    since = timezone.now() - REPEATED_WITHIN
    recent = Note.objects.filter(written_by=by, text=text, about=about, written_at__gt=since)
    known = set(recent.filter(tandem__cohort=cohort).values_list("tandem_id", flat=True))
    wanted = set(keys)
    found = list(Tandem.objects.filter(cohort=cohort).only("pk").in_bulk(list(wanted)).values())
    new = [tandem for tandem in found if tandem.pk not in known]
    Note.objects.bulk_create([Note(tandem=tandem, about=about, text=text, written_by=by) for tandem in new])
    for tandem in new:
        audit.record(AuditAction.NOTE_WRITTEN, target=tandem, by=by)
    return len(found)


@transaction.atomic
def change_note(*, note: Note, text: str, about: Registration | None, by: User) -> None:
    """The second of two clicks waits for the first and finds nothing left to do."""
    stored = Note.objects.select_for_update().filter(pk=note.pk).first()
    if stored is None or (stored.text, stored.about) == (text, about):
        return
    stored.text, stored.about = text, about
    stored.save(update_fields=["text", "about"])
    audit.record(AuditAction.NOTE_WRITTEN, target=note.tandem, by=by, changed=True)


@transaction.atomic
def delete_note(*, note: Note, by: User) -> None:
    """One that is gone already leaves no second line."""
    stored = Note.objects.select_for_update().filter(pk=note.pk).first()
    if stored is None:
        return
    stored.delete()
    audit.record(AuditAction.NOTE_WRITTEN, target=note.tandem, by=by, deleted=True)
