"""The pool: who got no place, wants to be asked again, and is invited before all others."""

from collections.abc import Iterable

from django.db.models import Q

from curriculum.models import Cohort
from netzkoord.lib.mail import is_address
from participants.models import Consent, PoolInvitation, Registration, Selection
from participants.queries.search import fold


def pool_candidates(cohort: Cohort) -> list[Registration]:
    """Whom to invite to this cohort now, by tandem: refused, still willing, neither registered here nor invited.

    Who waited in vain until a cohort was over counts as refused. A person refused several times is asked once,
    about the latest time. Nobody whose address is none. Three queries.
    """
    over = Cohort.objects.finished().values("pk")
    refused = Q(tandem__selection=Selection.DECLINED) | Q(tandem__selection=Selection.WAITING, cohort__in=over)
    willing = Consent.objects.for_pool()
    here = Registration.objects.confirmed().filter(cohort=cohort)
    halves = (
        Registration.objects.confirmed()
        .filter(refused, pk__in=willing.values("registration"))
        .exclude(cohort=cohort)
        .exclude(person__in=here.values("person"))
        .exclude(person__in=invited_people(cohort))
        .select_related("cohort", "tandem__municipality", "person")
        .order_by("-created_at", "-pk")
    )
    return by_tandem(half for half in latest_of_each(halves) if is_address(half.email))


def invited_people(cohort: Cohort) -> Iterable[int]:
    invitations = PoolInvitation.objects.filter(cohort=cohort)
    return invitations.values_list("registration__person", flat=True)


def latest_of_each(halves: Iterable[Registration]) -> list[Registration]:
    """One registration per person, the first that comes."""
    found: dict[int | None, Registration] = {}
    for half in halves:
        found.setdefault(half.person_id, half)
    return list(found.values())


def by_tandem(halves: Iterable[Registration]) -> list[Registration]:
    """Halves of one tandem beside each other, by municipality."""
    return sorted(halves, key=lambda half: (fold(half.tandem.municipality.sort_name), half.tandem_id, half.role))


def pool_invitations(cohort: Cohort) -> list[PoolInvitation]:
    """Who was invited to this cohort already, the latest on top; one query."""
    invitations = PoolInvitation.objects.filter(cohort=cohort).select_related(
        "registration__tandem__municipality", "registration__cohort"
    )
    return list(invitations.order_by("-sent_at", "-pk"))


def is_good(invitation: PoolInvitation) -> bool:
    """Whether its link still opens the registration: the cohort takes some, and the consent was not withdrawn."""
    willing = invitation.registration.consents.for_pool()
    return invitation.cohort.is_registration_open_to_invited and willing.exists()
