"""The mails of registrations: each says why it comes and has one link; what people typed is text in it.

A mail whose link lets its reader act as the recipient is private: nobody reads it in the outbox. To a half whose
address is none nothing is written, so that it keeps no mail from the others; the pages about the tandem say so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from curriculum.mails import day_lines
from curriculum.models import Cohort, Session
from netzkoord.lib import links, mail
from netzkoord.lib.mail_texts import Text, wording
from netzkoord.models import Salutation
from netzkoord.templatetags.german import german_date
from participants import tokens
from participants.models import MailRule, Registration, RuleKind, Selection, Tandem, TandemState
from participants.occasions import OWN_SESSION_MAIL
from participants.queries.registrations import sessions_of_role

DECISION_TEMPLATES = {
    Selection.ACCEPTED: "participants/mail/accepted.txt",
    Selection.WAITING: "participants/mail/waiting.txt",
    Selection.DECLINED: "participants/mail/declined.txt",
}
SESSION_TEMPLATES = {
    RuleKind.REMINDER: "participants/mail/reminder.txt",
    RuleKind.THANKS: "participants/mail/thanks.txt",
}
# What is said to somebody whose tandem has only one half; nothing with a decline.
PARTNER_MISSING = {
    Selection.ACCEPTED: "In Ihrem Tandem fehlt noch die zweite Person. Auf Ihrer Seite können Sie sie einladen; "
    "sie kann sich auch nach dem Anmeldeschluss noch anmelden, solange ein Platz frei ist.",
    Selection.WAITING: "In Ihrem Tandem fehlt noch die zweite Person. Vollständige Tandems rücken zuerst nach.",
}
PARTNER_INVITED = (
    "Die zweite Person Ihres Tandems hat eine Einladung mit einem eigenen Link erhalten. Sobald sie ihre Angaben "
    "gemacht hat, bekommen Sie beide eine Mail."
)
PARTNER_NOT_NAMED = (
    "Sie haben noch keine zweite Person für Ihr Tandem genannt. Auf Ihrer Seite können Sie sie jederzeit einladen. "
    "Vollständige Tandems werden zuerst berücksichtigt."
)


@dataclass(frozen=True)
class Message:
    """A mail before it is sent, so that an organiser can read it first."""

    template: str
    context: dict[str, Any]


@dataclass(frozen=True)
class Decided:
    """Somebody who is told a decision."""

    half: Registration
    selection: Selection


def greeting(half: Registration) -> str:
    """„Guten Tag Frau Dr. Müller“; without a salutation the whole name stands for it."""
    if half.salutation:
        name = " ".join(part for part in (half.title, half.family_name) if part)
        return f"Guten Tag {Salutation(half.salutation).label} {name}"
    return f"Guten Tag {half.full_name}"


def about(half: Registration) -> dict[str, Any]:
    """What every mail to a half may mention."""
    return {
        "greeting": greeting(half),
        "cohort": half.cohort.title,
        "municipality": half.tandem.municipality.name,
        "role": half.get_role_display(),
        "contact": half.cohort.contact,
    }


def send_confirmation(half: Registration, *, days: int) -> None:
    send(half, "confirm", tokens.confirm_link(half), days=str(days))


def send_already_registered(half: Registration) -> None:
    send(half, "already_registered", tokens.status_link(half))


def send_status_link(half: Registration) -> None:
    send(half, "link", tokens.status_link(half))


def send_confirmed(half: Registration) -> None:
    note = PARTNER_INVITED if half.tandem.partner_email else PARTNER_NOT_NAMED
    send(half, "confirmed", tokens.status_link(half), partner_note=note)


def send_complete(half: Registration, *, partner: Registration) -> None:
    send(half, "complete", tokens.status_link(half), partner=partner.full_name)


def send_withdrawn(half: Registration) -> None:
    send(half, "withdrawn", tokens.status_link(half))


def send_partner_withdrew(half: Registration, *, partner: Registration) -> None:
    send(half, "partner_withdrew", tokens.status_link(half), partner=partner.full_name)


def send_partner_merged(half: Registration, *, partner: Registration) -> None:
    """To who stays behind: the other half was registered twice, and is somewhere else now."""
    send(half, "partner_merged", tokens.status_link(half), partner=partner.full_name)


def send_invitation(tandem: Tandem, *, inviter: Registration, role: str) -> None:
    """The partner's personal link, to an address of which nothing is known but what the inviter typed."""
    send_to_partner(tandem, "partner", tokens.partner_link(tandem), inviter=inviter, role=role)


def send_bound_elsewhere(tandem: Tandem, *, inviter: Registration) -> None:
    """To the invited person who has another registration in this cohort: the invitation, and how to follow it."""
    send_to_partner(tandem, "partner_bound", tokens.partner_link(tandem), inviter=inviter)


def decision_message(
    half: Registration, selection: Selection, *, link: str, sessions: list[str] | None = None
) -> Message:
    """`sessions` are the lines of the dates for this person's role, where somebody has read them already."""
    is_complete = half.tandem.state is TandemState.COMPLETE
    note = "" if is_complete else PARTNER_MISSING.get(selection, "")
    context = about(half) | {"link": link, "partner_note": note}
    if selection is Selection.ACCEPTED:
        context["sessions"] = session_lines(half) if sessions is None else sessions
    return Message(DECISION_TEMPLATES[selection], context)


def session_lines(half: Registration) -> list[str]:
    """One line for each day that this person comes to: when, what and where."""
    sessions = sessions_of_role(half.cohort, half.role)
    return [
        f"{line}: {session.module} ({session.place})"
        for session in sessions
        for line in day_lines(session.days.all())
    ]


def send_decision(half: Registration, selection: Selection) -> None:
    send_decisions([Decided(half, selection)])


def send_decisions(decided: Sequence[Decided]) -> None:
    """The mails about one decision to people of one cohort; the number of queries does not depend on how many."""
    told = [one for one in decided if mail.is_address(one.half.email)]
    if not told:
        return
    halves = [one.half for one in told]
    messages = compose_decisions(told, tokens.status_links(halves))
    addressed = zip((half.email for half in halves), messages, strict=True)
    mail.put_all(addressed, reply_to=halves[0].cohort.contact, headers=mail.PRIVATE)


def compose_decisions(decided: Sequence[Decided], links_to: Sequence[str]) -> list[mail.Composed]:
    """One mail for each, with its link; people of one cohort, so that texts and dates are read once."""
    wordings = {
        selection: wording(DECISION_TEMPLATES[selection]) for selection in {one.selection for one in decided}
    }
    roles = {one.half.role: one.half for one in decided if one.selection == Selection.ACCEPTED}
    sessions = {role: session_lines(half) for role, half in roles.items()}
    return [
        mail.compose_text(
            *wordings[one.selection],
            decision_message(one.half, one.selection, link=link, sessions=sessions.get(one.half.role)).context,
        )
        for one, link in zip(decided, links_to, strict=True)
    ]


def session_message(half: Registration, session: Session, *, status: str, paper: str, dates: str) -> Message:
    """The invitation to a session with three links: to the paper, the dates for a calendar, the own page."""
    days = list(session.days.all())
    context = about(half) | {
        "session": str(session.module),
        "place": session.place,
        "first_day": german_date(days[0].date) if days else "",
        "days": day_lines(days),
        "paper_link": paper,
        "calendar_link": dates,
        "link": status,
    }
    return Message("participants/mail/invitation.txt", context)


def send_session_invitation(half: Registration, session: Session) -> None:
    token = tokens.status_token(half)
    message = session_message(
        half,
        session,
        status=links.absolute("participants:registration_status", token),
        paper=links.absolute("participants:invitation_download", token, session.pk),
        dates=links.absolute("participants:own_calendar", token),
    )
    send_private(half, message)


def session_invitation_preview(half: Registration, session: Session) -> str:
    """Subject and text that this person will read, with notes in place of the personal links."""
    message = session_message(
        half, session, status="(persönlicher Link)", paper="(Link zum PDF)", dates="(Link zur Kalenderdatei)"
    )
    return mail.written(message.template, message.context)


def session_mail(
    half: Registration, session: Session, *, rule: MailRule, links_to: Mapping[str, str]
) -> mail.Composed:
    """The mail of a rule about a session, in the words that hold now."""
    days = list(session.days.all())
    context = {
        **about(half),
        **links_to,
        "session": str(session.module),
        "place": session.place,
        "first_day": german_date(days[0].date) if days else "",
        "days": day_lines(days),
        "online_link": session.online_url,
        "addition": rule.addition.splitlines(),
    }
    if rule.kind == RuleKind.OWN:
        return mail.compose_text(OWN_SESSION_MAIL, Text(rule.subject, rule.body), context)
    return mail.compose(SESSION_TEMPLATES[RuleKind(rule.kind)], context)


def send_session_mail(half: Registration, session: Session, *, rule: MailRule) -> None:
    token = tokens.status_token(half)
    links_to = {
        "link": links.absolute("participants:registration_status", token),
        "calendar_link": links.absolute("participants:own_calendar", token),
    }
    message = session_mail(half, session, rule=rule, links_to=links_to)
    mail.put(half.email, message, reply_to=half.cohort.contact, headers=mail.PRIVATE)


def session_mail_preview(half: Registration, session: Session, *, rule: MailRule) -> mail.Composed:
    """What this person will read, with notes in place of the personal links."""
    notes = {"link": "(persönlicher Link)", "calendar_link": "(Link zur Kalenderdatei)"}
    return session_mail(half, session, rule=rule, links_to=notes)


def send(half: Registration, name: str, link: str, **context: Any) -> None:
    send_private(half, Message(f"participants/mail/{name}.txt", about(half) | context | {"link": link}))


def send_private(half: Registration, message: Message) -> None:
    if mail.is_address(half.email):
        contact = half.cohort.contact
        mail.send(half.email, message.template, message.context, reply_to=contact, headers=mail.PRIVATE)


def send_to_partner(tandem: Tandem, name: str, link: str, *, inviter: Registration, **context: Any) -> None:
    cohort: Cohort = tandem.cohort
    values = {
        "inviter": inviter.full_name,
        "organisation": inviter.organisation,
        "municipality": tandem.municipality.name,
        "cohort": cohort.title,
        "contact": cohort.contact,
        "link": link,
    }
    mail.send(
        tandem.partner_email,
        f"participants/mail/{name}.txt",
        values | context,
        reply_to=cohort.contact,
        headers=mail.PRIVATE,
    )


def decision_preview(tandems: list[Tandem], selection: Selection) -> str:
    """Subject and text that the first person will read, with a note in place of the personal link."""
    for tandem in tandems:
        for half in tandem.confirmed_registrations():
            half.cohort = tandem.cohort
            message = decision_message(half, selection, link="(persönlicher Link)")
            return mail.written(message.template, message.context)
    return ""
