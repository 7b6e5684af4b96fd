"""Changes to competences and targets of a draft that are more than those to any piece of an edition."""

from collections.abc import Collection, Mapping

from django.db import transaction

from curriculum.actions.parts import Chosen, change_part
from curriculum.models import Competence, CompetenceProfile, Edition, TandemProfile
from curriculum.queries.competences import Cell, targets_of
from netzkoord.lib import audit
from netzkoord.lib.ordering import next_position
from netzkoord.models import AuditAction, User


@transaction.atomic
def change_competence(
    *, part: Competence, fields: Collection[str], chosen: Chosen, edition: Edition, by: User
) -> Competence:
    """Store a changed competence; one that comes into another area stands there behind the others."""
    if "area" in fields:
        part.position = next_position(part.area.competences.all())
    return change_part(part=part, fields=fields, chosen=chosen, edition=edition, by=by)


@transaction.atomic
def set_targets(*, edition: Edition, targets: Mapping[Cell, int | None], by: User) -> int:
    """Store the targets of these cells, None for „keine Angabe“; cells not named stay. Returns how many changed."""
    stored = targets_of(edition)
    changed = {cell: level for cell, level in targets.items() if stored.get(cell) != level}
    for cell, level in changed.items():
        set_target(cell, level)
    if changed:
        audit.record(AuditAction.EDITION_CHANGED, target=edition, by=by, targets=len(changed))
    return len(changed)


def set_target(cell: Cell, level: int | None) -> None:
    competence, track, responsibility_level = cell
    keys = {"competence_id": competence, "responsibility_level_id": responsibility_level}
    profiles = (
        CompetenceProfile.objects.filter(**keys, track=track) if track else TandemProfile.objects.filter(**keys)
    )
    if level is None:
        profiles.delete()
    elif not profiles.update(target_level=level):
        profiles.create(**keys, **({"track_id": track} if track else {}), target_level=level)
