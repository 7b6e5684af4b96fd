"""„Warum noch nicht?“: where a tandem stands on the waiting list, in sentences for its people and organisers."""

import datetime
from dataclasses import dataclass

from netzkoord.templatetags.german import german_date, german_datetime
from participants.models import Offer, OfferAnswer, Selection, Tandem
from participants.queries.waiting import (
    Unit,
    WaitingList,
    are_free,
    earlier_offer,
    open_offer_of,
    waiting_list,
)


@dataclass(frozen=True)
class Standing:
    """Where one tandem stands on the waiting list."""

    tandem: Tandem
    position: int
    since: datetime.datetime
    needs: int
    is_complete: bool
    before: int
    free: int
    hindrance: str
    offer: Offer | None
    earlier: Offer | None


@dataclass(frozen=True)
class WaitingNote:
    """„Warum noch nicht?“ for a person: since when, and the reasons as sentences."""

    since: datetime.datetime
    sentences: tuple[str, ...]
    has_offer: bool
    was_asked: bool


def standings(waiting: WaitingList) -> list[Standing]:
    """One for each tandem that waits, in their turn; no query."""
    return [standing_of(waiting, unit, tandem) for unit in waiting.units for tandem in unit.tandems]


def standing_of(waiting: WaitingList, unit: Unit, tandem: Tandem) -> Standing:
    changes = list(tandem.status_changes.all())
    return Standing(
        tandem=tandem,
        position=waiting.positions[unit.row.key],
        since=changes[0].changed_at if changes else tandem.created_at,
        needs=unit.row.places,
        is_complete=unit.row.is_complete,
        before=waiting.ahead[unit.row.key],
        free=waiting.free,
        hindrance=waiting.hindrance,
        offer=open_offer_of(tandem),
        earlier=earlier_offer(tandem),
    )


def waiting_note(tandem: Tandem) -> WaitingNote | None:
    """What a waiting person reads; None for a tandem that does not wait."""
    if tandem.selection != Selection.WAITING:
        return None
    waiting = waiting_list(tandem.cohort)
    unit = waiting.find(tandem.pk)
    if unit is None:
        return None
    found = next(own for own in unit.tandems if own.pk == tandem.pk)
    standing = standing_of(waiting, unit, found)
    return WaitingNote(
        standing.since,
        reasons_for_person(standing),
        has_offer=standing.offer is not None,
        was_asked=standing.earlier is not None,
    )


def reasons_for_person(standing: Standing) -> tuple[str, ...]:
    """„Warum noch nicht?“ as the waiting person reads it."""
    if standing.offer:
        return (f"Für Ihr Tandem ist bis {german_datetime(standing.offer.expires_at)} {kept(standing.offer)}.",)
    who = "Ihr Tandem braucht" if standing.is_complete else "Sie brauchen"
    before = "Sie stehen an erster Stelle." if not standing.before else f"Vor Ihnen {stand(standing.before)}."
    found = reasons(standing, who=who, before=before)
    return (*found, standing.hindrance) if standing.hindrance else found


def reasons_for_organiser(standing: Standing) -> tuple[str, ...]:
    """The same as organisers read it; what holds everybody up stands above the list."""
    if standing.offer:
        return (f"Angeboten bis {german_datetime(standing.offer.expires_at)}.",)
    who = "das Tandem braucht" if standing.is_complete else "die Person braucht"
    before = "An erster Stelle." if not standing.before else f"Davor {stand(standing.before)}."
    return reasons(standing, who=who, before=before)


def reasons(standing: Standing, *, who: str, before: str) -> tuple[str, ...]:
    parts = [what_is_free(standing, who), before]
    if standing.before and not standing.is_complete:
        parts.append("Vollständige Tandems rücken zuerst nach.")
    if standing.earlier:
        parts.append(what_became(standing.earlier))
    return tuple(parts)


def what_is_free(standing: Standing, who: str) -> str:
    if not standing.free:
        return "Es ist kein Platz frei."
    if standing.free < standing.needs:
        return f"{are_free(standing.free)}; {who} {'zwei' if standing.needs == 2 else standing.needs}."
    return f"{are_free(standing.free)}."


def what_became(offer: Offer) -> str:
    """Of an earlier offer, and that there is no second one by itself."""
    words = {
        OfferAnswer.EXPIRED: "ist abgelaufen",
        OfferAnswer.DECLINED: "wurde abgelehnt",
        OfferAnswer.REVOKED: "wurde zurückgenommen",
        OfferAnswer.ACCEPTED: "wurde angenommen",
    }
    fate = words[OfferAnswer(offer.answer)]
    return f"Das Angebot vom {german_date(offer.made_at)} {fate}; von selbst folgt kein zweites."


def kept(offer: Offer) -> str:
    return "ein Platz reserviert" if offer.places == 1 else "Platz für beide reserviert"


def stand(count: int) -> str:
    return "steht eine andere Anmeldung" if count == 1 else f"stehen {count} andere Anmeldungen"
