"""The mails about a Transfervereinbarung: never a word of it, as the organisation may read the outbox."""

from netzkoord.lib import links
from participants import tokens
from participants.mails import Message, about, send_private
from participants.models import Registration, Tandem


def send_transfer_mail(half: Registration, *, tandem: Tandem, name: str, partner: Registration) -> None:
    """`name` is the template; the municipality is the tandem's, which somebody shared by exception helps out in."""
    values = {
        "municipality": tandem.municipality.name,
        "partner": partner.full_name,
        "link": links.absolute("participants:transfer_show", tokens.status_token(half), tandem.pk),
    }
    send_private(half, Message(f"participants/mail/{name}.txt", about(half) | values))
