"""Changes to units that are more than those to any piece of an edition."""

from collections.abc import Collection

from django.db import transaction

from curriculum.actions.parts import Chosen, change_part
from curriculum.models import Edition, Unit
from netzkoord.lib.ordering import next_position
from netzkoord.models import User


@transaction.atomic
def change_unit(*, part: Unit, fields: Collection[str], chosen: Chosen, edition: Edition, by: User) -> Unit:
    """Store a changed unit. In another module it stands last, and without the learning goals of the old one."""
    if "module" in fields:
        part.position = next_position(part.module.units.all())
        chosen = {**chosen, "learning_goals": part.module.learning_goals.filter(pk__in=keys_of(chosen))}
        fields = {*fields, "learning_goals"}
    return change_part(part=part, fields=fields, chosen=chosen, edition=edition, by=by)


def keys_of(chosen: Chosen) -> list[int]:
    return [goal.pk for goal in chosen["learning_goals"]]
