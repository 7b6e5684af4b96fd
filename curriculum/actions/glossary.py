"""Changes to the glossary that are more than those to any piece of an edition."""

from collections.abc import Collection, Iterator

from django.db import transaction
from django.db.models import QuerySet

from curriculum.actions.parts import Chosen, add_part, change_part
from curriculum.models import Edition, GlossaryTerm
from netzkoord.lib import audit
from netzkoord.lib.ordering import keys_of, next_position, set_order
from netzkoord.lib.sorting import Sorting
from netzkoord.models import AuditAction, User


@transaction.atomic
def order_terms(*, edition: Edition, parent: GlossaryTerm | None, sorting: Sorting, by: User) -> None:
    """Put the terms below one parent, or the uppermost ones, into the order asked for. Raises `NotTheSameRows`.

    Positions count through the whole glossary, each term before those below it, so that any list of all terms by
    position reads as a tree.
    """
    arranged = sorting.arrange(keys_of(edition.glossary.filter(parent=parent)))
    set_order(edition.glossary.all(), tree_order(edition, {parent.pk if parent else None: arranged}))
    audit.record(AuditAction.EDITION_CHANGED, target=edition, by=by, ordered=GlossaryTerm._meta.model_name)


@transaction.atomic
def add_term(
    *, part: GlossaryTerm, siblings: QuerySet[GlossaryTerm], chosen: Chosen, edition: Edition, by: User
) -> GlossaryTerm:
    """Store a new term as the last of those below its parent."""
    term = add_part(part=part, siblings=siblings, chosen=chosen, edition=edition, by=by)
    straighten(edition)
    return term


@transaction.atomic
def change_term(
    *, part: GlossaryTerm, fields: Collection[str], chosen: Chosen, edition: Edition, by: User
) -> GlossaryTerm:
    """Store a changed term; below another parent it stands last."""
    if "parent" in fields:
        part.position = next_position(edition.glossary.all())
    term = change_part(part=part, fields=fields, chosen=chosen, edition=edition, by=by)
    if "parent" in fields:
        straighten(edition)
    return term


def straighten(edition: Edition) -> None:
    """Positions in the order of the tree again."""
    set_order(edition.glossary.all(), tree_order(edition, {}))


def tree_order(edition: Edition, arranged: dict[int | None, list[int]]) -> list[int]:
    """Keys of all terms, each before those below it; `arranged` holds the new order below one parent."""
    below: dict[int | None, list[int]] = {}
    for key, parent in edition.glossary.order_by("position", "pk").values_list("pk", "parent"):
        below.setdefault(parent, []).append(key)
    below |= arranged

    def tree(parent: int | None) -> Iterator[int]:
        for key in below.get(parent, []):
            yield key
            yield from tree(key)

    return list(tree(None))
