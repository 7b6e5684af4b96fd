"""Changes to the pieces of a draft: whatever has a key, belongs to one edition and perhaps has a place in a list.

A published edition refuses all of them in the database. Each leaves one line in the audit log.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import QuerySet

from curriculum.actions.in_use import delete_unused
from curriculum.models import Edition, EditionPart
from netzkoord.lib import audit
from netzkoord.lib.ordering import keys_of, next_position
from netzkoord.lib.sorting import Sorting
from netzkoord.models import AuditAction, User

P = TypeVar("P", bound=EditionPart)
Chosen = Mapping[str, Iterable[Any]]


@transaction.atomic
def add_part(*, part: P, siblings: QuerySet[P], chosen: Chosen, edition: Edition, by: User) -> P:
    """Store a new piece behind its siblings, with the rows chosen for it; sent twice (same key), it is stored once.

    Lock the edition before: two who add at once would get the same place.
    """
    twin = siblings.filter(key=part.key).first()
    if twin:
        return twin
    if hasattr(part, "position"):
        part.position = next_position(siblings)
    part.save(force_insert=True)
    choose(part, chosen)
    record(part, "added", edition=edition, by=by)
    return part


@transaction.atomic
def change_part(*, part: P, fields: Collection[str], chosen: Chosen, edition: Edition, by: User) -> P:
    """Store a changed piece; `fields` names what changed. Nothing changed, nothing written."""
    if fields:
        part.save()
        choose(part, {name: rows for name, rows in chosen.items() if name in fields})
        record(part, "changed", edition=edition, by=by, fields=sorted(fields))
    return part


@transaction.atomic
def delete_part(*, part: EditionPart, edition: Edition, by: User) -> None:
    """Delete a piece with all that belongs to it. Raises `InUse`."""
    record(part, "deleted", edition=edition, by=by)
    delete_unused(part)


@transaction.atomic
def order_parts(*, parts: QuerySet[P], sorting: Sorting, edition: Edition, by: User) -> None:
    """Put the pieces of one list into the order asked for; nothing is written where they stand so already.

    Raises `NotTheSameRows`.
    """
    before = keys_of(parts)
    sorting.apply(parts)
    if keys_of(parts) == before:
        return
    audit.record(AuditAction.EDITION_CHANGED, target=edition, by=by, ordered=parts.model._meta.model_name)


def choose(part: EditionPart, chosen: Chosen) -> None:
    for name, rows in chosen.items():
        getattr(part, name).set(rows)


def record(part: EditionPart, what: str, *, edition: Edition, by: User, **details: Any) -> None:
    named = {what: part._meta.model_name, "key": str(part.key)}
    audit.record(AuditAction.EDITION_CHANGED, target=edition, by=by, **named, **details)
