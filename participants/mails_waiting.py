"""The mails of the waiting list and of the pool; the same rules as in `participants.mails`."""

from collections.abc import Sequence
from typing import Any

from curriculum.models import Cohort
from netzkoord.lib import links, mail
from netzkoord.lib.sentences import listed
from netzkoord.templatetags.german import german_date, german_datetime
from participants import mails, tokens
from participants.models import Offer, PoolInvitation, Registration, Tandem
from participants.queries.offers import towns

POOL_TEMPLATE = "participants/mail/pool_invitation.txt"


def halves_of(tandem: Tandem) -> list[Registration]:
    """The confirmed halves, each reading the tandem that is already in memory."""
    halves = tandem.confirmed_registrations()
    for half in halves:
        half.tandem, half.cohort = tandem, tandem.cohort
    return halves


def send_offer(offers: Sequence[Offer], name: str) -> None:
    """`name` is the template: „offer“ or „offer_reminder“; all who are asked get a link to the same question."""
    for offer in offers:
        for half in halves_of(offer.tandem):
            mails.send(half, name, offer_link(half), **about_offer(offer, half, asked=offers))


def about_offer(offer: Offer, half: Registration, *, asked: Sequence[Offer]) -> dict[str, Any]:
    """`asked` are all offers that one answer is for."""
    return {
        "offered": "Zwei Plätze für Ihr Tandem" if offer.places == 2 else "Ein Platz für Sie",
        "deadline": german_datetime(offer.expires_at),
        "answer_note": answer_note(half, asked),
    }


def answer_note(half: Registration, asked: Sequence[Offer]) -> str:
    """That one answer is enough, for whom, and who hears of it; empty where nobody else is asked."""
    people = [other for offer in asked for other in offer.tandem.confirmed_registrations()]
    others = [other.full_name for other in people if other.pk != half.pk]
    if not others:
        return ""
    whom = "das ganze Tandem" if len(asked) == 1 else f"{towns(asked)} gemeinsam, weil sie sich eine Person teilen"
    verb = "erfährt" if len(others) == 1 else "erfahren"
    return f"Eine Antwort genügt. Sie gilt für {whom}; {listed(others)} {verb} sie per Mail."


def send_offer_ended(offer: Offer, name: str) -> None:
    """`name` is the template: „offer_expired“ or „offer_revoked“."""
    for half in halves_of(offer.tandem):
        mails.send(half, name, tokens.status_link(half), made_on=german_date(offer.made_at))


def send_offer_declined(offers: Sequence[Offer], *, by: Registration) -> None:
    """To all who were asked, also to the one who has answered: as a receipt, and in case it was a mistake."""
    note = f"Die Antwort gilt für {towns(offers)} gemeinsam, weil sie sich eine Person teilen."
    for offer in offers:
        for half in halves_of(offer.tandem):
            mails.send(
                half,
                "offer_declined",
                tokens.status_link(half),
                who_has="Sie haben" if half.pk == by.pk else f"{by.full_name} hat",
                made_on=german_date(offer.made_at),
                joint_note=note if len(offers) > 1 else "",
            )


def offer_link(half: Registration) -> str:
    return links.absolute("participants:offer_show", tokens.status_token(half))


def offer_preview(offers: Sequence[Offer]) -> str:
    """Subject and text that the first person will read, with a note in place of the personal link."""
    for half in halves_of(offers[0].tandem):
        context = mails.about(half) | about_offer(offers[0], half, asked=offers) | {"link": "(persönlicher Link)"}
        return mail.written("participants/mail/offer.txt", context)
    return ""


def send_left_alone(half: Registration) -> None:
    """To who has confirmed after all others had left the accepted tandem."""
    mails.send(half, "waiting", tokens.status_link(half), partner_note=LEFT_ALONE)


LEFT_ALONE = (
    "Wer mit Ihnen angemeldet war, nimmt nicht mehr teil; der Platz ging an die Nächsten. "
    "Deshalb warten Sie allein. Vollständige Tandems rücken zuerst nach."
)


def send_place_kept(half: Registration) -> None:
    """To who has left an accepted tandem: until when somebody else can come instead."""
    until = german_datetime(half.tandem.place_held_until)
    mails.send(half, "place_kept", tokens.status_link(half), deadline=until)


def send_partner_left(half: Registration, *, partner: Registration) -> None:
    """To the half that stays: until when the other's place is kept."""
    until = german_datetime(half.tandem.place_held_until)
    mails.send(half, "partner_left", tokens.status_link(half), partner=partner.full_name, deadline=until)


def send_replaced(half: Registration) -> None:
    """To who has left by an organiser's hand."""
    mails.send(half, "replaced", tokens.status_link(half))


def send_substitute(tandem: Tandem, *, role: str) -> None:
    """The link into the tandem, to an address of which nothing is known but what was typed."""
    assert tandem.substitute_for is not None  # noqa: S101 -- otherwise nobody is invited as a substitute
    until = german_datetime(tandem.place_held_until)
    link = tokens.partner_link(tandem)
    mails.send_to_partner(tandem, "substitute", link, inviter=tandem.substitute_for, role=role, deadline=until)


def send_substitute_declined(tandem: Tandem) -> None:
    """To who has left: the named person does not come."""
    left = tandem.substitute_for
    assert left is not None  # noqa: S101 -- otherwise nobody is invited as a substitute
    left.tandem, left.cohort = tandem, tandem.cohort
    until = german_datetime(tandem.place_held_until)
    mails.send(left, "substitute_declined", tokens.status_link(left), deadline=until)


def pool_context(half: Registration, cohort: Cohort, *, link: str) -> dict[str, Any]:
    return {
        "greeting": mails.greeting(half),
        "earlier": half.cohort.title,
        "cohort": cohort.title,
        "municipality": half.tandem.municipality.name,
        "opening_note": "" if cohort.has_registration_begun else opening_note(cohort),
        "closes_on": german_date(cohort.registration_closes_on),
        "contact": cohort.contact,
        "link": link,
    }


def opening_note(cohort: Cohort) -> str:
    opens_on = german_date(cohort.registration_opens_on)
    return f"Die Anmeldung öffnet für alle am {opens_on}; Sie können sich schon jetzt anmelden."


def send_pool_invitation(invitation: PoolInvitation) -> None:
    half, cohort = invitation.registration, invitation.cohort
    context = pool_context(half, cohort, link=tokens.pool_link(invitation))
    mail.send(half.email, POOL_TEMPLATE, context, reply_to=cohort.contact, headers=mail.PRIVATE)


def pool_preview(half: Registration, cohort: Cohort) -> str:
    """Subject and text as this person will read them, with a note in place of the personal link."""
    return mail.written(POOL_TEMPLATE, pool_context(half, cohort, link="(persönlicher Link)"))
