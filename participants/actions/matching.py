"""Two people who look for a partner: proposed to each other, and brought together when both have said yes."""

from django.db import transaction
from django.utils import timezone

from curriculum.models import Audience, Cohort
from netzkoord.lib import audit, links
from netzkoord.models import AuditAction
from participants import mails_tandem as mails
from participants.actions.places import join_places, recount
from participants.actions.registrations import RegistrationRefused, fresh, lock, refuse_without_room
from participants.matching import KREIS_DIGITS, Pair, Single, propose
from participants.models import Municipality, Offer, PartnerProposal, Registration, Selection, Tandem, TandemForm
from participants.tokens import PARTNER

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
    busy = set(PartnerProposal.objects.open().filter(manager__cohort=cohort).values_list("manager", "coordinator"))
    taken = {key for pair in busy for key in pair}
    singles = [single(half) for half in halves.values() if half.pk not in taken]
    known = set(PartnerProposal.objects.filter(manager__cohort=cohort).values_list("manager", "coordinator"))
    found = propose(singles, known=known)
    for pair in found:
        make_proposal(pair, halves)
    return len(found)


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
    municipality = half.tandem.municipality
    return Single(half.pk, Audience(half.role), municipality.pk, municipality.ags)


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
        join(found)
    found.save()
    return bool(found.closed_at and agrees)


def refuse(proposal: PartnerProposal, registration: Registration) -> None:
    """The other one is told only if that person had agreed; nobody learns who it was."""
    proposal.closed_at = timezone.now()
    other = proposal.coordinator if proposal.manager_id == registration.pk else proposal.manager
    if proposal.manager_agreed or proposal.coordinator_agreed:
        mails.send_proposal_refused(fresh(other))


def join(proposal: PartnerProposal) -> None:
    """Both halves into the tandem that registered first; from one Kreis, it stands for the Kreis."""
    first, second = sorted([fresh(proposal.manager), fresh(proposal.coordinator)], key=arrival)
    kept, left = first.tandem, second.tandem
    if left.selection != Selection.ACCEPTED:
        refuse_without_room(kept)
    if not proposal.is_same_municipality:
        kept.municipality = kreis_of(kept.municipality)
    kept.form, kept.partner_email = TandemForm.TANDEM, ""
    kept.save(update_fields=["municipality", "form", "partner_email"])
    links.revoke(PARTNER, kept.pk)
    Registration.objects.filter(pk=second.pk).update(tandem=kept)
    dissolve(left)
    join_places(fresh(second), left=left)
    recount(kept.cohort)
    proposal.closed_at = timezone.now()
    audit.record(AuditAction.PARTNERS_JOINED, target=kept, by=None, left=left.pk)
    for half, other in ((first, second), (second, first)):
        mails.send_joined(fresh(half), partner=other)


def arrival(half: Registration) -> tuple[object, int]:
    """Who is accepted already keeps the place; otherwise the one that came first."""
    return (half.tandem.selection != Selection.ACCEPTED, half.tandem.created_at), half.tandem_id


def dissolve(tandem: Tandem) -> None:
    """A tandem whose last half has gone to another: nothing refers to it but its history."""
    links.revoke(PARTNER, tandem.pk)
    Tandem.objects.filter(pk=tandem.pk).update(partner_email="", form=TandemForm.ALONE)


def kreis_of(municipality: Municipality) -> Municipality:
    """The Landkreis in which it lies, as a municipality of its own; made where the list does not hold it yet."""
    ags = municipality.ags[:KREIS_DIGITS]
    found = Municipality.objects.filter(ags=ags).first()
    if found:
        return found
    name = municipality.county_name or f"Kreis {ags}"
    return Municipality.objects.create(ags=ags, name=name, state=municipality.state)
