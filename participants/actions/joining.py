"""Two people who are confirmed, each alone, become one tandem: proposed to each other, or each naming the other."""

from django.db import transaction
from django.utils import timezone

from netzkoord.lib import audit, links
from netzkoord.models import AuditAction
from participants import mails, mails_tandem
from participants.actions.locking import RegistrationRefused, fresh, lock
from participants.actions.places import join_places, recount
from participants.actions.registrations import confirm_half, mutual_partner, refuse_late, refuse_without_room
from participants.models import Municipality, Registration, Selection, Tandem, TandemForm
from participants.models.places import KREIS_DIGITS
from participants.tokens import PARTNER


@transaction.atomic
def confirm_registration(*, registration: Registration) -> Registration:
    """The owner of the address has pressed the button of the mailed page; a second time changes nothing.

    Raises `RegistrationRefused` when the link is too old, the tandem takes part no more, the person is
    registered otherwise, or the last place of an accepted tandem has gone.
    """
    lock(registration.cohort)
    half = fresh(registration)
    if half.confirmed_at:
        return half
    refuse_late(half)
    confirm_half(half)
    join_mutual(half)
    return half


def join_mutual(half: Registration) -> None:
    """Who has registered alone, and named each other, become the tandem that both meant."""
    other = mutual_partner(fresh(half))
    if other is None:
        return
    try:
        join_halves(half, other, is_same_municipality=True)
    except RegistrationRefused:  # one of them has a place, and there is none for the other
        mails.send_confirmed(fresh(half))


def join_halves(one: Registration, another: Registration, *, is_same_municipality: bool) -> None:
    """Both into the tandem that registered first; from one Kreis only, it stands for the Kreis.

    Raises `RegistrationRefused` when one has a place and there is none for the other.
    """
    first, second = sorted([fresh(one), fresh(another)], key=arrival)
    kept, left = first.tandem, second.tandem
    if left.selection != Selection.ACCEPTED:
        refuse_without_room(kept)
    if not is_same_municipality:
        kept.municipality = kreis_of(kept.municipality)
    kept.save(update_fields=["municipality"])
    Tandem.objects.filter(pk=kept.pk).end_invitation(form=TandemForm.TANDEM)
    links.revoke(PARTNER, kept.pk)
    Registration.objects.filter(pk=second.pk).update(tandem=kept, joined_at=timezone.now())
    dissolve(left)
    join_places(fresh(second), left=left)
    recount(kept.cohort)
    audit.record(AuditAction.PARTNERS_JOINED, target=kept, by=None, left=left.pk)
    for half, other in ((first, second), (second, first)):
        mails_tandem.send_joined(fresh(half), partner=other)


def arrival(half: Registration) -> tuple[object, int]:
    """Who is accepted already keeps the place; otherwise the one that came first."""
    return (half.tandem.selection != Selection.ACCEPTED, half.tandem.created_at), half.tandem_id


def dissolve(tandem: Tandem) -> None:
    """A tandem whose last half has gone to another: nothing refers to it but its history."""
    links.revoke(PARTNER, tandem.pk)
    Tandem.objects.filter(pk=tandem.pk).end_invitation(form=TandemForm.ALONE)


def kreis_of(municipality: Municipality) -> Municipality:
    """The Landkreis in which it lies, as a municipality of its own; made where the list does not hold it yet."""
    ags = municipality.ags[:KREIS_DIGITS]
    name = municipality.county_name or f"Kreis {ags}"
    found, _ = Municipality.objects.get_or_create(ags=ags, defaults={"name": name, "state": municipality.state})
    return found
