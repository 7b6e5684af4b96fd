"""Mail into the outbox: written in the transaction that causes it, sent by the worker.

What a mail says, organisers can edit: `netzkoord.lib.mail_texts` says how a mail is added. A template without a row
there (sign-in and security) is a Django template: the first line is its subject, the rest its body; `link`, and
every value whose name ends so, stands in the body as a paragraph of its own. Only these become live links of the
HTML part; what people typed never does.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from post_office import mail
from post_office.models import Email

from netzkoord.lib import mail_texts
from netzkoord.lib.links import TOKEN
from netzkoord.lib.mail_keys import remember_code
from netzkoord.lib.mail_texts import Occasion, Text
from netzkoord.lib.placeholders import Filled, is_web_address, neutral, one_line, with_breaks

__all__ = [
    "AUTOMATIC",
    "PRIVATE",
    "Composed",
    "compose",
    "compose_text",
    "is_address",
    "neutral",
    "put",
    "put_all",
    "send",
    "written",
]

# A header of RFC 4021, for a message that lets its reader act as its recipient: sign in, or vote. Outside the
# demo nobody else reads its links and codes in the outbox, and the stored copy loses them once it is sent.
PRIVATE = {"Sensitivity": "Private"}
AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
# A subject is cut where no mail program shows it any more.
SUBJECT_SHOWN = 250


@dataclass(frozen=True)
class Composed:
    """A mail as it will be sent."""

    subject: str
    text: str
    content: SafeString

    @property
    def html(self) -> str:
        """The whole HTML part."""
        return render_to_string("mail/base.html", {"subject": self.subject, "content": self.content})

    def __str__(self) -> str:
        return f"{self.subject}\n\n{self.text}"


def send(
    to: str,
    template: str,
    context: Mapping[str, Any],
    *,
    reply_to: str = "",
    headers: Mapping[str, str] | None = None,
    good_for: timedelta | None = None,
) -> Email:
    """Put one mail for one recipient into the outbox; joins the caller's transaction."""
    email = put(to, compose(template, context), reply_to=reply_to, headers=headers, good_for=good_for)
    remember_code(email, str(context.get("code", "")))
    return email


def put(
    to: str,
    message: Composed,
    *,
    reply_to: str = "",
    headers: Mapping[str, str] | None = None,
    good_for: timedelta | None = None,
) -> Email:
    """Put a finished mail for one recipient into the outbox.

    What is `good_for` some time only, such as a code, is not sent when that time is over. Raises ValidationError
    for what is not the address of one recipient.
    """
    expires_at = timezone.now() + good_for if good_for else None
    email: Email = mail.send(**parcel(to, message, reply_to=reply_to, headers=headers), expires_at=expires_at)
    return email


def put_all(
    messages: Iterable[tuple[str, Composed]], *, reply_to: str = "", headers: Mapping[str, str] | None = None
) -> None:
    """Put many finished mails into the outbox, each with its recipient, as `put` does with one; one query."""
    mail.send_many([parcel(to, message, reply_to=reply_to, headers=headers) for to, message in messages])


def parcel(to: str, message: Composed, *, reply_to: str, headers: Mapping[str, str] | None) -> dict[str, Any]:
    """What post_office is handed for one mail."""
    validate_email(to)
    private = PRIVATE if TOKEN.search(message.text) else {}  # even if its writer did not think of it
    parts = {"subject": message.subject, "message": message.text + "\n", "html_message": message.html}
    # post_office renders what it gets as a template; so it gets names only, and `{{ 7*7 }}` in a text stays text.
    return {
        "recipients": to,
        "sender": settings.DEFAULT_FROM_EMAIL,
        **{name: f"{{{{ {name} }}}}" for name in parts},
        "context": {name: mark_safe(text) for name, text in parts.items()},  # noqa: S308 -- finished texts
        "headers": AUTOMATIC
        | private
        | dict(headers or {})
        | ({"Reply-To": one_line(reply_to)} if reply_to else {}),
    }


def is_address(text: str) -> bool:
    """Whether a mail can be put into the outbox for it."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def written(template: str, context: Mapping[str, Any]) -> str:
    """The text of a mail as it will be sent, its subject in the first line."""
    return str(compose(template, context))


def compose(template: str, context: Mapping[str, Any]) -> Composed:
    """The mail of an occasion in the words that hold now, or a mail that organisers do not edit."""
    occasion = mail_texts.occasion_of(template)
    if occasion is None:
        return compose_fixed(template, context)
    return compose_text(occasion, mail_texts.text_for(occasion), context)


def compose_text(occasion: Occasion, text: Text, context: Mapping[str, Any]) -> Composed:
    """A text with placeholders, filled."""
    values = occasion.values(context)
    subject = occasion.subject(text, values)[:SUBJECT_SHOWN]
    filled = occasion.paragraphs(text, values)
    blocks = format_html_join("\n", "{}", ((block(paragraph),) for paragraph in filled))
    return Composed(subject, "\n\n".join(each.text for each in filled), blocks)


def block(paragraph: Filled) -> SafeString:
    """One paragraph of the HTML part."""
    if link := paragraph.button:
        return link_block(paragraph.text, label=link.label, is_main=link.is_main)
    return format_html("<p>{}</p>", paragraph.html)


def link_block(address: str, *, label: str = "", is_main: bool = True) -> SafeString:
    """A link alone in its paragraph: a button, and the address to copy."""
    return render_to_string("mail/link.html", {"address": address, "label": label, "is_main": is_main})


def compose_fixed(template: str, context: Mapping[str, Any]) -> Composed:
    """A Django template of the repository; the values that people typed are made harmless before."""
    values = {
        key: neutral(value) if isinstance(value, str) and not is_our_own(key) else value
        for key, value in context.items()
    }
    source = render_to_string(template, values | {"base_url": settings.BASE_URL}).strip()
    subject, _, body = source.partition("\n")
    links = {str(value) for key, value in context.items() if key.endswith("link") and value}
    blocks = [fixed_block(part.strip(), links=links) for part in body.split("\n\n") if part.strip()]
    content = format_html_join("\n", "{}", ((each,) for each in blocks))
    return Composed(neutral(subject)[:SUBJECT_SHOWN], body.strip(), content)


def is_our_own(key: str) -> bool:
    """Whether a value is none that people typed: our links, and the address that organisers give for questions."""
    return key == "contact" or key.endswith("link")


def fixed_block(text: str, *, links: Collection[str]) -> SafeString:
    if text in links and is_web_address(text):
        return link_block(text)
    return format_html("<p>{}</p>", with_breaks(text))
