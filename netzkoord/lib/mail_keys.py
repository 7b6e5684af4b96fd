"""The keys that a mail carries: links and codes with which its reader acts as the recipient.

They stand in private mails only (`netzkoord.lib.mail.PRIVATE`), and of those every link counts as one. Nobody but
the recipient reads them; once a mail is sent, the stored copy does without them, and so does every later backup.
"""

import re
from typing import Any

from post_office.models import Email

LINK_GONE = "(Link entfernt, weil die Mail gesendet ist)"
CODE_GONE = "(Code entfernt, weil die Mail gesendet ist)"
LINK_HIDDEN = "(persönlicher Link)"
CODE_HIDDEN = "(Code)"

LINK = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
# In HTML: a link with its words, and an address to copy. The name of a format (xmlns="http://…") is no link.
ANCHOR = re.compile(r"<a\b[^>]*\bhref=\"https?://[^>]*>.*?</a>", re.IGNORECASE | re.DOTALL)
BARE = re.compile(r"(?<![\"'])https?://[^\s<>\"']+", re.IGNORECASE)


def is_private(mail: Email) -> bool:
    headers: dict[str, Any] = mail.headers or {}
    return headers.get("Sensitivity") == "Private"


def without_keys(mail: Email) -> dict[str, str | None]:
    """The fields of the stored copy of a mail that is sent; its text stays as it was."""
    if not is_private(mail):
        return {}
    html = BARE.sub(LINK_GONE, ANCHOR.sub(LINK_GONE, mail.html_message))
    return {
        "message": without_code(LINK.sub(LINK_GONE, mail.message), mail, CODE_GONE),
        "html_message": without_code(html, mail, CODE_GONE),
        "context": None,
    }


def readable_text(mail: Email) -> str:
    """The text of a mail for those who are not its recipient."""
    if not is_private(mail):
        return str(mail.message)
    return without_code(LINK.sub(LINK_HIDDEN, mail.message), mail, CODE_HIDDEN)


def without_code(text: str, mail: Email, note: str) -> str:
    code = code_of(mail)
    return text.replace(code, note) if code else text


def has_lost_keys(mail: Email) -> bool:
    """Whether the stored copy is of no use to its recipient any more."""
    return LINK_GONE in mail.message or CODE_GONE in mail.message


def remember_code(mail: Email, code: str) -> None:
    """So that it can be found again in the text; forgotten when the mail is sent."""
    if code:
        Email.objects.filter(pk=mail.pk).update(context={"code": code})


def code_of(mail: Email) -> str:
    context: dict[str, Any] = mail.context or {}
    return str(context.get("code", ""))
