"""The course of a tandem: everything that has happened to it and to its people, in one time line."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils import timezone

from netzkoord.models import AuditAction, AuditEvent, User
from participants.models import Offer, OfferAnswer, Registration, StatusChange, Tandem

# What the log holds as well, and is told here from the rows themselves, or in a place of its own.
TOLD_OTHERWISE = {
    AuditAction.TANDEM_ACCEPTED,
    AuditAction.TANDEM_WAITLISTED,
    AuditAction.TANDEM_DECLINED,
    AuditAction.REGISTRATION_SUBMITTED,
    AuditAction.REGISTRATION_CONFIRMED,
    AuditAction.REGISTRATION_WITHDRAWN,
    AuditAction.REGISTRATION_REPLACED,
    AuditAction.NOTE_WRITTEN,
    AuditAction.OFFER_MADE,
    AuditAction.OFFER_ACCEPTED,
    AuditAction.OFFER_DECLINED,
    AuditAction.OFFER_EXPIRED,
    AuditAction.OFFER_REVOKED,
}
LABELS = {field.name: str(field.verbose_name) for field in Registration._meta.fields}


@dataclass(frozen=True)
class Happening:
    """One point of the time line."""

    at: datetime.datetime
    text: str
    by: str = ""
    reason: str = ""


def history_of(tandem: Tandem) -> list[Happening]:
    """The newest first; four queries beside the tandem's prefetched registrations."""
    halves = list(tandem.registrations.all())
    found = [
        *invitations(tandem),
        *(happening for half in halves for happening in of_half(half)),
        *decisions(tandem),
        *offers(tandem),
        *logged(tandem, halves),
    ]
    return sorted(found, key=lambda each: each.at, reverse=True)


def invitations(tandem: Tandem) -> Iterator[Happening]:
    if tandem.partner_invited_at:
        count = tandem.partner_reminded_count
        reminded = f", seitdem {count}-mal erinnert" if count else ""
        yield Happening(tandem.partner_invited_at, f"Zweite Person eingeladen{reminded}")


def of_half(half: Registration) -> Iterator[Happening]:
    yield Happening(half.created_at, f"{half}: Anmeldung eingegangen")
    if half.confirmed_at:
        yield Happening(half.confirmed_at, f"{half}: Anmeldung bestätigt")
    if half.withdrawn_at:
        how = "ersetzt" if half.replaced_by_id else "zusammengeführt" if half.merged_into_id else "zurückgezogen"
        yield Happening(half.withdrawn_at, f"{half}: Anmeldung {how}")


def decisions(tandem: Tandem) -> Iterator[Happening]:
    for change in StatusChange.objects.filter(tandem=tandem).select_related("changed_by"):
        yield Happening(change.changed_at, f"Entscheidung: {change}", str(change.changed_by or ""), change.reason)


def offers(tandem: Tandem) -> Iterator[Happening]:
    for offer in Offer.objects.filter(tandem=tandem):
        places = "Ein Platz" if offer.places == 1 else f"{offer.places} Plätze"
        yield Happening(offer.made_at, f"{places} angeboten, bis {timezone.localtime(offer.expires_at):%d.%m.%Y}")
        if offer.reminded_at:
            yield Happening(offer.reminded_at, "An das Angebot erinnert")
        if offer.answered_at:
            yield Happening(offer.answered_at, f"Angebot {OfferAnswer(offer.answer).label}")


def logged(tandem: Tandem, halves: list[Registration]) -> Iterator[Happening]:
    """What only the log knows. Two queries."""
    events = list(events_of(tandem, halves))
    people = User.objects.in_bulk({event.by_id for event in events if event.by_id})
    names = {str(half.pk): half.full_name for half in halves}
    for event in events:
        name = names.get(event.target_id, "") if event.target_type == Registration._meta.label_lower else ""
        text = event.get_action_display() + changed_fields(event)
        by = people.get(event.by_id) if event.by_id else None
        yield Happening(event.occurred_at, f"{name}: {text}" if name else text, str(by or ""))


def events_of(tandem: Tandem, halves: Iterable[Registration]) -> Iterator[AuditEvent]:
    keys = [str(tandem.pk), *(str(half.pk) for half in halves)]
    targets = {(Tandem._meta.label_lower, keys[0]), *((Registration._meta.label_lower, key) for key in keys[1:])}
    kinds = [Tandem._meta.label_lower, Registration._meta.label_lower]
    found = AuditEvent.objects.filter(target_type__in=kinds, target_id__in=keys).exclude(action__in=TOLD_OTHERWISE)
    return (event for event in found if (event.target_type, event.target_id) in targets)


def changed_fields(event: AuditEvent) -> str:
    """„: Familienname, Organisation“"""
    names = event.details.get("fields", [])
    return f": {', '.join(LABELS.get(name, name) for name in names)}" if names else ""
