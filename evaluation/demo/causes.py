"""For the demo: which recommendation of the workshop led to which change of the second edition."""

import uuid
from collections.abc import Mapping, Sequence

from curriculum.models import Edition
from evaluation.actions.causes import note_cause
from evaluation.models import Workshop
from netzkoord.models import User


def fill_causes(
    workshop: Workshop, edition: Edition, changed: Mapping[int, Sequence[uuid.UUID]], *, by: User
) -> None:
    """`changed` names the changed parts by the place of the recommendation in the workshop's record."""
    recommendations = list(workshop.recommendations.order_by("pk"))
    for place, keys in changed.items():
        for key in keys:
            note_cause(recommendation=recommendations[place], edition=edition, part_key=key, by=by)
