"""Two people who look for a partner: proposed to each other, and brought together when both have said yes."""

from django.db import transaction
from django.utils import timezone

from curriculum.models import Audience, Cohort
from netzkoord.lib import audit
from netzkoord.models import AuditAction
from participants import mails_tandem as mails
from participants.actions.joining import join_halves
from participants.actions.locking import RegistrationRefused, fresh, lock
from participants.matching import Pair, Single, needs_place, propose
from participants.models import Offer, PartnerProposal, Registration, Selection, Tandem, TandemForm
from participants.models.matching import ProposalQuerySet
from participants.queries.offers import first_day
from participants.queries.places import free_places

GONE = "Dieser Vorschlag gilt nicht mehr: Eine der beiden Personen sucht niemanden mehr. Wir suchen weiter."


def propose_partners() -> int:
    """Propose to each other who looks for a partner; for the worker, idempotent. Returns how many pairs."""
    cohorts = Cohort.objects.announced().filter(
        pk__in=Tandem.objects.filter(form=TandemForm.SEEKING).values("cohort")
    )
    over = Cohort.objects.finished().order_by().values("pk")
    return sum(propose_in(cohort) for cohort in cohorts.exclude(pk__in=over))


@transaction.atomic
def propose_in(cohort: Cohort) -> int:
    lock(cohort)
    close_useless(cohort)
    halves = {half.pk: half for half in seeking(cohort)}
    singles = {key: single(half) for key, half in halves.items()}
    open_pairs = pairs_of(PartnerProposal.objects.open(), cohort)
    taken = {key for pair in open_pairs for key in pair}
    promised = sum(needs_place(singles[manager], singles[coordinator]) for manager, coordinator in open_pairs)
    first_on = first_day(cohort)
    found = propose(
        [one for one in singles.values() if one.key not in taken],
        known=pairs_of(PartnerProposal.objects.all(), cohort),
        places=free_places(cohort) - promised,
        has_begun=first_on is not None and first_on <= timezone.localdate(),
    )
    for pair in found:
        make_proposal(pair, halves)
    return len(found)


def pairs_of(proposals: ProposalQuerySet, cohort: Cohort) -> set[tuple[int, int]]:
    return set(proposals.filter(manager__cohort=cohort).values_list("manager", "coordinator"))


def seeking(cohort: Cohort) -> list[Registration]:
    """Confirmed people who look for a partner and are alone, in the order in which they registered."""
    halves = Registration.objects.confirmed().filter(
        cohort=cohort, tandem__form=TandemForm.SEEKING, tandem__shared_half=None
    )
    halves = halves.exclude(tandem__selection=Selection.DECLINED).exclude(
        tandem__in=Offer.objects.open().values("tandem")
    )
    halves = halves.select_related("cohort", "tandem__municipality")
    related = halves.prefetch_related("tandem__registrations").order_by("created_at", "pk")
    return [half for half in related if len(half.tandem.active_registrations()) == 1]


def single(half: Registration) -> Single:
    tandem, municipality = half.tandem, half.tandem.municipality
    has_place = tandem.selection == Selection.ACCEPTED
    return Single(
        half.pk,
        Audience(half.role),
        municipality.pk,
        municipality.ags,
        has_place=has_place,
        keeps_place=has_place and tandem.is_place_held,
    )


def make_proposal(pair: Pair, halves: dict[int, Registration]) -> None:
    manager, coordinator = halves[pair.manager], halves[pair.coordinator]
    proposal = PartnerProposal.objects.create(
        manager=manager, coordinator=coordinator, is_same_municipality=pair.is_same_municipality
    )
    audit.record(AuditAction.PARTNERS_PROPOSED, target=proposal, by=None)
    mails.send_proposal(manager, other=coordinator)
    mails.send_proposal(coordinator, other=manager)


def close_useless(cohort: Cohort) -> None:
    """Proposals of which one person has left, found somebody else or looks no more."""
    keys = [half.pk for half in seeking(cohort)]
    useless = PartnerProposal.objects.open().filter(manager__cohort=cohort)
    useless = useless.exclude(manager__in=keys, coordinator__in=keys)
    useless.update(closed_at=timezone.now())


@transaction.atomic
def answer_proposal(*, registration: Registration, proposal: PartnerProposal, agrees: bool) -> bool:
    """What one of the two says; True when they are a tandem now. The same twice changes nothing.

    Raises `RegistrationRefused` when the proposal does not hold any more.
    """
    lock(registration.cohort)
    found = PartnerProposal.objects.select_related("manager", "coordinator").get(pk=proposal.pk)
    field = "manager_agreed" if found.manager_id == registration.pk else "coordinator_agreed"
    if getattr(found, field) is agrees and found.closed_at:
        return bool(found.manager_agreed and found.coordinator_agreed)
    close_useless(registration.cohort)
    found.refresh_from_db()
    if found.closed_at:
        raise RegistrationRefused(GONE)
    setattr(found, field, agrees)
    if not agrees:
        refuse(found, registration)
    elif found.manager_agreed and found.coordinator_agreed:
        join_proposed(found)
    found.save()
    return bool(found.closed_at and agrees)


def refuse(proposal: PartnerProposal, registration: Registration) -> None:
    """The other one is told only if that person had agreed; nobody learns who it was."""
    proposal.closed_at = timezone.now()
    other = proposal.coordinator if proposal.manager_id == registration.pk else proposal.manager
    if proposal.manager_agreed or proposal.coordinator_agreed:
        mails.send_proposal_refused(fresh(other))


def join_proposed(proposal: PartnerProposal) -> None:
    join_halves(proposal.manager, proposal.coordinator, is_same_municipality=proposal.is_same_municipality)
    proposal.closed_at = timezone.now()
