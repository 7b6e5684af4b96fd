"""Two registrations of one person put together, and parted again if that was wrong."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from netzkoord.lib import audit
from netzkoord.models import AuditAction, User
from participants import mails
from participants.actions.carrying import carry_back, carry_over
from participants.actions.locking import RegistrationRefused, fresh, lock
from participants.actions.places import recount
from participants.actions.registrations import CORRECTABLE_FIELDS, partner_with_tandem
from participants.models import Merge, NotDuplicate, Offer, Registration, Selection, Tandem
from participants.queries.offers import open_offer
from participants.queries.places import free_places


@transaction.atomic
def merge_registrations(*, kept: Registration, merged: Registration, values: Mapping[str, str], by: User) -> Merge:
    """Let `merged` leave its tandem and live on in `kept`, which takes over `values`; a second time does nothing.

    What belongs to `merged` goes over as well. The partner who stays behind is told by mail. Raises
    `RegistrationRefused`.
    """
    lock(kept.cohort)
    known = Merge.objects.filter(kept=kept, merged=merged, undone_at__isnull=True).first()
    if known:
        return known
    kept, merged = fresh(kept), fresh(merged)
    refuse_merge(kept, merged)
    changed = {name: [getattr(kept, name), value] for name, value in values.items() if getattr(kept, name) != value}
    take_over(kept, {name: after for name, (_, after) in changed.items()})
    partner = merged.partner
    merge = Merge(kept=kept, merged=merged, before=changed, merged_by=by)
    merged.withdrawn_at, merged.merged_into = merge.merged_at, kept
    merged.save(update_fields=["withdrawn_at", "merged_into"])
    merge.carried = carry_over(merge)
    merge.save()
    recount(kept.cohort)
    audit.record(AuditAction.REGISTRATIONS_MERGED, target=kept, by=by, merged=merged.pk, fields=list(changed))
    if partner and partner.confirmed_at and partner.pk != kept.pk:
        mails.send_partner_merged(partner_with_tandem(partner, merged), partner=merged)
    return merge


def take_over(half: Registration, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        if name not in CORRECTABLE_FIELDS:
            raise ValueError(f"{name!r} is nothing that registrations exchange")
        setattr(half, name, value)
    if values:
        half.save(update_fields=list(values))


def refuse_merge(kept: Registration, merged: Registration) -> None:
    """Raises `RegistrationRefused` with the sentence why `merged` cannot go into `kept`."""
    if sentence := objection(kept, merged):
        raise RegistrationRefused(sentence)


def objection(kept: Registration, merged: Registration) -> str:
    """Why not, or nothing. Five queries."""
    if kept.pk == merged.pk or kept.cohort_id != merged.cohort_id:
        return "Zusammenführen lassen sich zwei Anmeldungen zu einem Durchgang."
    if kept.withdrawn_at or merged.withdrawn_at:
        return "Eine der beiden Anmeldungen ist inzwischen ausgeschieden."
    if merged.confirmed_at and not kept.confirmed_at:
        return "Die andere Anmeldung ist bestätigt, diese nicht. Bitte lassen Sie die bestätigte bestehen."
    if Offer.objects.open().filter(tandem=merged.tandem_id).exists():
        return "Dem anderen Tandem ist gerade ein Platz angeboten. Bitte warten Sie die Antwort ab."
    if merged.shared_by.exists():
        return "Die andere Anmeldung zählt durch eine Ausnahme auch in einem weiteren Tandem. Sie muss bleiben."
    if merged.attendances.exists():
        return "Bei der anderen Anmeldung ist schon Anwesenheit eingetragen. Sie muss bleiben."
    if merged.achievements.exists() or merged.made_up_times.exists():
        return "Bei der anderen Anmeldung ist schon eine Leistung eingetragen. Sie muss bleiben."
    return ""


def consequences(kept: Registration, merged: Registration) -> list[str]:
    """What happens to the tandem that `merged` leaves; reads the prefetched registrations."""
    tandem, partner = merged.tandem, merged.partner
    sentences = []
    if partner:
        mail = " und bekommt eine Mail" if partner.confirmed_at and partner.pk != kept.pk else ""
        sentences.append(f"{partner} bleibt im {tandem} allein zurück{mail}.")
    else:
        sentences.append(f"Die andere Anmeldung aus {tandem.municipality.name} endet damit.")
    if tandem.selection == Selection.ACCEPTED and merged.confirmed_at:
        sentences.append("Der Platz dort wird frei.")
    return sentences


@transaction.atomic
def undo_merge(*, merge: Merge, by: User) -> None:
    """Put both back as they were; what was corrected in the kept one since then stays.

    A second time changes nothing. Raises `RegistrationRefused` when something has happened that stands against it.
    """
    lock(merge.kept.cohort)
    merge = Merge.objects.select_related("kept__merged_into", "merged__tandem__cohort", "merged__cohort").get(
        pk=merge.pk
    )
    if merge.undone_at:
        return
    kept, merged = merge.kept, merge.merged
    refuse_undo(merge)
    values = {name: before for name, (before, after) in merge.before.items() if getattr(kept, name) == after}
    take_over(kept, values)
    merged.withdrawn_at, merged.merged_into = None, None
    merged.save(update_fields=["withdrawn_at", "merged_into"])
    carry_back(merge)
    merge.undone_at = timezone.now()
    merge.save(update_fields=["undone_at"])
    recount(merged.cohort)
    audit.record(AuditAction.MERGE_UNDONE, target=kept, by=by, merged=merged.pk, fields=list(values))
    tell_reunited(fresh(merged))


def refuse_undo(merge: Merge) -> None:
    """Raises `RegistrationRefused` with the sentence why the merged one cannot come back."""
    kept, merged = merge.kept, merge.merged
    if kept.merged_into:
        raise RegistrationRefused(
            f"Was geblieben war, ist inzwischen mit der Anmeldung von {kept.merged_into} zusammengeführt. "
            "Bitte machen Sie zuerst das rückgängig."
        )
    others = Registration.objects.active().exclude(pk=merged.pk)
    if others.filter(tandem=merged.tandem, role=merged.role).exists():
        raise RegistrationRefused(
            f"Im {merged.tandem} hat inzwischen jemand anderes diese Rolle. Es ist nichts geändert."
        )
    if merged.person_id and others.filter(cohort=merged.cohort, person=merged.person_id).exists():
        raise RegistrationRefused(
            f"{merged} hat sich inzwischen noch einmal selbst angemeldet. Es ist nichts geändert."
        )
    if merged.confirmed_at and not has_room_again(merged.tandem):
        raise RegistrationRefused("Der Platz dieser Anmeldung ist inzwischen vergeben. Es ist nichts geändert.")


def has_room_again(tandem: Tandem) -> bool:
    """Whether the half finds its place there, or one in the offer that was made since."""
    needs_place = tandem.selection == Selection.ACCEPTED or open_offer(tandem) is not None
    return not needs_place or tandem.is_place_held or free_places(tandem.cohort) > 0


def tell_reunited(half: Registration) -> None:
    """The partner who was told of the parting hears that the tandem is complete again."""
    partner = half.partner
    if half.confirmed_at and partner and partner.confirmed_at:
        mails.send_complete(partner_with_tandem(partner, half), partner=half)


def dismiss_pair(*, pair: tuple[Registration, Registration], by: User) -> None:
    """These are two people; they are not shown as duplicates any more."""
    first, second = sorted(pair, key=lambda half: half.pk)
    NotDuplicate.objects.get_or_create(first=first, second=second, defaults={"stored_by": by})


def reconsider_pair(*, pair: tuple[Registration, Registration]) -> None:
    first, second = sorted(pair, key=lambda half: half.pk)
    NotDuplicate.objects.filter(first=first, second=second).delete()
