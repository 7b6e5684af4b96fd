"""What goes over to the registration that is kept when two are put together, and back when they are parted again.

The rows themselves move, so that what happens to them meanwhile – a consent withdrawn – goes back with them. What
ends by the merging bears its moment, `merged_at`, and begins anew when it is undone.
"""

import datetime
from typing import Any

from django.db.models import Q
from django.utils.dateparse import parse_datetime

from participants.actions.places import confirmed_people, grow_offer
from participants.models import Approval, Consent, Merge, PartnerProposal, PoolInvitation, Tandem
from participants.models.matching import ProposalQuerySet
from participants.queries.places import free_places

ANSWER = ("email", "name", "position", "asked_at", "decided_at", "is_granted")
MOMENTS = ("asked_at", "decided_at")


def carry_over(merge: Merge) -> dict[str, Any]:
    """After `merged` has left: what `carry_back` needs.

    Nothing of a registration that was never confirmed: whose word that is, nobody knows.
    """
    if merge.merged.confirmed_at is None:
        return {}
    close_proposals(merge)
    return {
        "consents": carry_consents(merge),
        "pool_invitations": carry_invitations(merge),
        **carry_approval(merge),
        **leave_empty(merge.merged.tandem),
    }


def carry_back(merge: Merge) -> None:
    """After `merged` is there again."""
    if merge.merged.confirmed_at is None:
        return
    kept, merged, carried = merge.kept, merge.merged, merge.carried
    Consent.objects.filter(pk__in=carried.get("consents", ()), registration=kept).update(registration=merged)
    revive_consents(merge)
    invitations = PoolInvitation.objects.filter(pk__in=carried.get("pool_invitations", ()), registration=kept)
    invitations.update(registration=merged)
    Approval.objects.filter(pk=carried.get("approval"), registration=kept).update(registration=merged)
    if "answer" in carried:
        return_answer(merge)
    reopen_proposals(merge)
    settle_places(merge)


# Consents: of each purpose the last word counts, whichever registration it was said in


def carry_consents(merge: Merge) -> list[int]:
    rows = Consent.objects.filter(registration__in=[merge.kept, merge.merged])
    last = {(row.registration_id, row.purpose): row for row in sorted(rows, key=said_at)}
    moved = []
    for (half, purpose), theirs in last.items():
        ours = last.get((merge.kept_id, purpose))
        if half == merge.kept_id or (ours and said_at(ours) >= said_at(theirs)):
            continue
        if theirs.withdrawn_at is None and (ours is None or ours.withdrawn_at):
            moved.append(theirs.pk)
        elif theirs.withdrawn_at and ours and ours.withdrawn_at is None:
            Consent.objects.filter(pk=ours.pk).update(withdrawn_at=merge.merged_at)
    Consent.objects.filter(pk__in=moved).update(registration=merge.kept)
    return moved


def said_at(consent: Consent) -> datetime.datetime:
    return consent.withdrawn_at or consent.given_at


def revive_consents(merge: Merge) -> None:
    """What the merging has withdrawn, unless it was given anew."""
    consents = merge.kept.consents
    again = consents.valid().values("purpose")
    consents.filter(withdrawn_at=merge.merged_at).exclude(purpose__in=again).update(withdrawn_at=None)


def carry_invitations(merge: Merge) -> list[int]:
    """Whoever was invited from the pool, stays so; to one cohort once."""
    known = PoolInvitation.objects.filter(registration=merge.kept).values("cohort")
    moving = PoolInvitation.objects.filter(registration=merge.merged).exclude(cohort__in=known)
    keys = list(moving.values_list("pk", flat=True))
    PoolInvitation.objects.filter(pk__in=keys).update(registration=merge.kept)
    return keys


# The approval of a superior


def carry_approval(merge: Merge) -> dict[str, Any]:
    """The one there is; of two, an answer counts more than a question."""
    theirs = Approval.objects.filter(registration=merge.merged).first()
    ours = Approval.objects.filter(registration=merge.kept).first()
    if theirs and ours is None:
        Approval.objects.filter(pk=theirs.pk).update(registration=merge.kept)
        return {"approval": theirs.pk}
    if theirs and ours and theirs.decided_at and not ours.decided_at:
        Approval.objects.filter(pk=ours.pk).update(**{name: getattr(theirs, name) for name in ANSWER})
        return {"answer": packed(ours)}
    return {}


def return_answer(merge: Merge) -> None:
    """Where the superior has answered again since, that stays."""
    theirs = Approval.objects.get(registration=merge.merged)
    ours = Approval.objects.filter(registration=merge.kept, decided_at=theirs.decided_at)
    ours.update(**unpacked(merge.carried["answer"]))


def packed(approval: Approval) -> dict[str, Any]:
    values = {name: getattr(approval, name) for name in ANSWER}
    return values | {name: values[name] and values[name].isoformat() for name in MOMENTS}


def unpacked(values: dict[str, Any]) -> dict[str, Any]:
    return values | {name: values[name] and parse_datetime(values[name]) for name in MOMENTS}


# Proposals and places


def close_proposals(merge: Merge) -> None:
    of_merged(merge).open().update(closed_at=merge.merged_at)


def reopen_proposals(merge: Merge) -> None:
    """As long as neither of the two has been proposed to somebody else since."""
    for proposal in of_merged(merge).filter(closed_at=merge.merged_at):
        either = Q(manager=proposal.manager_id) | Q(coordinator=proposal.coordinator_id)
        if not PartnerProposal.objects.open().filter(either).exists():
            PartnerProposal.objects.filter(pk=proposal.pk).update(closed_at=None)


def of_merged(merge: Merge) -> ProposalQuerySet:
    return PartnerProposal.objects.filter(Q(manager=merge.merged_id) | Q(coordinator=merge.merged_id))


def leave_empty(tandem: Tandem) -> dict[str, Any]:
    """Where nobody is left, no place is kept for anybody."""
    if tandem.place_held_until is None or confirmed_people(tandem):
        return {}
    Tandem.objects.filter(pk=tandem.pk).keep_no_place()
    return {"place_held_until": tandem.place_held_until.isoformat()}


def settle_places(merge: Merge) -> None:
    """What was kept or offered since holds the half that has come; a place kept before is kept if there is room."""
    tandem = merge.merged.tandem
    Tandem.objects.filter(pk=tandem.pk).keep_no_place()
    grow_offer(tandem)
    until = merge.carried.get("place_held_until")
    if until and free_places(tandem.cohort):
        Tandem.objects.filter(pk=tandem.pk).update(place_held_until=parse_datetime(until))
