"""The mails around the second person of a tandem, superiors and changed addresses."""

from netzkoord.lib import links, mail
from participants import tokens
from participants.mails import about, send, send_to_partner
from participants.models import Approval, Registration, Tandem
from participants.queries.own_page import in_words


def send_partner_reminder(tandem: Tandem, *, inviter: Registration, role: str) -> None:
    send_to_partner(tandem, "partner_reminder", tokens.partner_link(tandem), inviter=inviter, role=role)


def send_partner_silent(half: Registration) -> None:
    """To the first person: the second has not answered, and what can be done."""
    send(half, "partner_silent", tokens.status_link(half))


def send_partner_declined(half: Registration) -> None:
    send(half, "partner_declined", tokens.status_link(half))


def send_proposal(half: Registration, *, other: Registration) -> None:
    """Role, place and field of the other person; neither name nor address."""
    send(half, "proposal", tokens.status_link(half), other=in_words(other))


def send_proposal_refused(half: Registration) -> None:
    send(half, "proposal_refused", tokens.status_link(half))


def send_joined(half: Registration, *, partner: Registration) -> None:
    """Now both know each other's name, organisation and address."""
    facts = f"{partner.full_name}, {partner.organisation}"
    send(half, "joined", tokens.status_link(half), partner=facts, partner_address=partner.email)


def send_approval_question(half: Registration, approval: Approval) -> None:
    """To the superior: who wants to take part in what, and a link to answer."""
    values = {
        "person": half.full_name,
        "organisation": half.organisation,
        "municipality": half.tandem.municipality.name,
        "cohort": half.cohort.title,
        "contact": half.cohort.contact,
        "link": tokens.approval_link(approval),
    }
    contact = half.cohort.contact
    mail.send(
        approval.email,
        "participants/mail/approval_question.txt",
        values,
        reply_to=contact,
        headers=mail.PRIVATE,
    )


def send_approval_answer(half: Registration, approval: Approval) -> None:
    answer = "stimmt Ihrer Teilnahme zu" if approval.is_granted else "stimmt Ihrer Teilnahme nicht zu"
    superior = f"{approval.name} ({approval.position})"
    send(half, "approval_answer", tokens.status_link(half), superior=superior, answer=answer)


def send_address_question(half: Registration, *, email: str) -> None:
    """To the new address: only who reads it can make it the person's own."""
    token = tokens.address_token(half, email)
    values = about(half) | {"link": links.absolute("participants:address_confirm", token)}
    contact = half.cohort.contact
    mail.send(email, "participants/mail/address_question.txt", values, reply_to=contact, headers=mail.PRIVATE)


def send_address_changed(half: Registration, *, former: str) -> None:
    """To the former address, without a link: whoever still reads it should know."""
    contact = half.cohort.contact
    mail.send(former, "participants/mail/address_changed.txt", about(half), reply_to=contact)
