"""Mail into the outbox: written in the transaction that causes it, sent by the worker.

A mail is one text template: the first line is its subject, the rest its body. `link`, and every value whose name
ends so, stands in the body as a paragraph of its own and becomes a live link of the HTML part; what people typed
never becomes one.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from post_office import mail
from post_office.models import Email

# A header of RFC 4021, for a message that lets its reader act as its recipient: sign in, or vote. Outside the
# demo nobody else reads its text in the outbox.
PRIVATE = {"Sensitivity": "Private"}
AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


# Where a mail program would begin or go on with a link. Abbreviations and dates stay as they are: after the
# point of a domain come at least two letters.
LINKED = [
    (re.compile(r"\b(https?|ftps?|mailto|tel|sms|file|webcal)\s*:", re.IGNORECASE), r"\1 :"),
    (re.compile(r"\b(www\.)(?=\S)", re.IGNORECASE), r"\1 "),
    (re.compile(r"([/\\])(?=[/\\])"), r"\1 "),
    (re.compile(r"(?<=\S)([@\uff20])(?=\S)"), r" \1 "),
    (re.compile(r"(?<=[\w-])([.\u3002\uff0e\uff61])(?=[^\W\d_]{2})"), r"\1 "),
]


def neutral(text: str) -> str:
    """Text of a user for a mail: one line, and nothing in it that a mail program would make a link of."""
    one_line = re.sub(r"\s+", " ", text).strip()
    for pattern, replacement in LINKED:
        one_line = pattern.sub(replacement, one_line)
    return one_line


def is_our_own(key: str) -> bool:
    """Whether a value is none that people typed: our links, and the address that organisers give for questions."""
    return key == "contact" or key.endswith("link")


def send(
    to: str,
    template: str,
    context: Mapping[str, Any],
    *,
    reply_to: str = "",
    headers: Mapping[str, str] | None = None,
) -> Email:
    """Put one mail for one recipient into the outbox; joins the caller's transaction."""
    subject, _, body = written(template, context).partition("\n")
    all_headers = AUTOMATIC | dict(headers or {}) | ({"Reply-To": reply_to} if reply_to else {})
    parts = {
        "subject": neutral(subject),
        "message": body.strip() + "\n",
        "html_message": html_body(neutral(subject), body.strip(), links=own_links(context)),
    }
    # post_office renders what it gets as a template; so it gets names only, and `{{ 7*7 }}` in a text stays text.
    email: Email = mail.send(
        to,
        settings.DEFAULT_FROM_EMAIL,
        **{name: f"{{{{ {name} }}}}" for name in parts},
        context={name: mark_safe(text) for name, text in parts.items()},  # noqa: S308 -- finished texts
        headers=all_headers,
    )
    return email


def written(template: str, context: Mapping[str, Any]) -> str:
    """The text of a mail as it will be sent, its subject in the first line."""
    values = {
        key: neutral(value) if isinstance(value, str) and not is_our_own(key) else value
        for key, value in context.items()
    }
    return render_to_string(template, values | {"base_url": settings.BASE_URL}).strip()


def own_links(context: Mapping[str, Any]) -> set[str]:
    """The addresses of ours that this mail carries."""
    return {str(value) for key, value in context.items() if key.endswith("link") and value}


def html_body(subject: str, body: str, *, links: Collection[str]) -> str:
    """The HTML part: the paragraphs of the text; one that is an address of ours becomes an anchor."""
    paragraphs = [paragraph(part, links=links) for part in body.split("\n\n") if part.strip()]
    content = format_html_join("\n", "<p>{}</p>", ((part,) for part in paragraphs))
    return render_to_string("mail/base.html", {"subject": subject, "content": content})


def paragraph(text: str, *, links: Collection[str]) -> SafeString:
    if text.strip() in links:
        return format_html('<a href="{}">{}</a>', text.strip(), text.strip())
    return mark_safe(escape(text.strip()).replace("\n", "<br>"))  # noqa: S308 -- escaped before the breaks are set
