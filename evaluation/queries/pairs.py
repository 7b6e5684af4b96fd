"""What the database tells of single responses beside their answers: their role, and their partners."""

import uuid
from collections import defaultdict
from collections.abc import Mapping

from evaluation.models import Invitation, Participation, Response, ResponsePair, Survey

# Its role, and of each partner when it answered, its role and the role of the pair.
Kind = tuple[str, tuple[tuple[str, ...], ...]]


def kinds_of(survey: Survey) -> Mapping[uuid.UUID, Kind]:
    """The kind of each response of a counted survey: within one of them no response differs from another.

    Three queries.
    """
    partners: dict[uuid.UUID, list[tuple[str, ...]]] = defaultdict(list)
    later = ResponsePair.objects.filter(before__survey=survey)
    for key, *told in later.values_list("before", "after__survey__purpose", "after__role", "role"):
        partners[key].append(tuple(told))
    earlier = ResponsePair.objects.filter(after__survey=survey)
    for key, *told in earlier.values_list("after", "before__survey__purpose", "before__role", "role"):
        partners[key].append(tuple(told))
    responses = Response.objects.filter(survey=survey).values_list("pk", "role")
    return {key: (role, tuple(sorted(partners[key]))) for key, role in responses}


def people_in_both(one: Survey, other: Survey) -> int:
    """How many have answered both by link. One query."""
    answered = Participation.objects.filter(invitation__survey=one).values("invitation__registration")
    return Invitation.objects.filter(survey=other, participation__isnull=False, registration__in=answered).count()
