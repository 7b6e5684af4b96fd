"""The texts of our mails (Mailtexte): every occasion with its default text, and what organisers made of it.

To add a mail that organisers can edit:

1. Write `templates/<app>/mail/<name>.txt`: the first line is the subject, after an empty line follows the body.
   Placeholders stand in braces: {durchgang}. A link stands alone in its paragraph and becomes a button of the HTML
   part. A paragraph goes with an optional placeholder that is empty; that is how a text says something only
   sometimes. There is no other logic: what needs more is computed in Python and handed over as a placeholder.
2. Add one row to `OCCASIONS` in `<app>/occasions.py`: template, title, when, to whom, placeholders. Take the
   placeholders that are there; `LINK.labelled("Anmeldung ansehen")` names the button.
3. Send it with `mail.send(to, "<app>/mail/<name>.txt", {key: value})`: one text for each placeholder's key, a list
   of lines for `Kind.LINES`. A missing key is an error unless the placeholder is optional.

`tests/test_mail_texts.py` tries every row, and compares `docs/mail.md` with the rows; `python docs/mail_table.py`
writes that table anew.
"""

import difflib
import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings

from netzkoord.lib.placeholders import (
    Filled,
    Kind,
    Placeholder,
    Value,
    fill,
    is_hidden,
    meant_in,
    names_in,
    paragraphs,
)
from netzkoord.models import MailText

SUBJECT_LENGTH = 150


@dataclass(frozen=True)
class Text:
    """Subject and body with placeholders, as people write them."""

    subject: str
    body: str

    @classmethod
    def parse(cls, source: str) -> "Text":
        subject, _, body = source.strip().partition("\n")
        return cls(subject.strip(), body.strip())

    def __str__(self) -> str:
        return f"{self.subject}\n\n{self.body}\n"


@dataclass(frozen=True)
class Occasion:
    """Why a mail is written (Anlass): one row of the table of all mails."""

    template: str
    area: str
    title: str
    when: str
    to: str
    placeholders: tuple[Placeholder, ...]

    @property
    def name(self) -> str:
        """„participants.accepted“: stands in addresses and in the database."""
        return self.template.removesuffix(".txt").replace("/mail/", ".")

    @property
    def default(self) -> Text:
        return default_text(self.template)

    def placeholder(self, name: str) -> Placeholder | None:
        return next((each for each in self.placeholders if each.name == name), None)

    def values(self, context: Mapping[str, Any]) -> dict[str, str]:
        """The finished plain text for each placeholder. Raises `KeyError` for one without a value."""
        return {
            each.name: each.as_text(context.get(each.key, "") if each.is_optional else context[each.key])
            for each in self.placeholders
        }

    def example(self) -> dict[str, Value]:
        """A context with the example of each placeholder."""
        return {
            each.key: settings.BASE_URL + str(each.example) if each.kind is Kind.LINK else each.example
            for each in self.placeholders
        }

    def subject(self, text: Text, values: Mapping[str, str]) -> str:
        return fill(text.subject, values)

    def paragraphs(self, text: Text, values: Mapping[str, str]) -> list[Filled]:
        return paragraphs(text.body, values, self.placeholders)


@cache
def default_text(template: str) -> Text:
    return Text.parse((settings.BASE_DIR / "templates" / template).read_text(encoding="utf-8"))


@cache
def occasions() -> dict[str, Occasion]:
    """Every row of the modules in `MAIL_OCCASIONS`, by name, in their order."""
    rows = [row for path in settings.MAIL_OCCASIONS for row in importlib.import_module(path).OCCASIONS]
    return {row.name: row for row in rows}


def occasion_of(template: str) -> Occasion | None:
    """The occasion of a template; None for one that organisers do not edit."""
    return next((row for row in occasions().values() if row.template == template), None)


def wording(template: str) -> tuple[Occasion, Text]:
    """The occasion of a template that organisers can edit, and its text as it is now."""
    occasion = occasion_of(template)
    if occasion is None:
        raise ValueError(f"{template} has no row in OCCASIONS")
    return occasion, text_for(occasion)


def text_for(occasion: Occasion) -> Text:
    """What is sent: the text of the organisers; the default without one, or where it is not whole any more."""
    stored = MailText.objects.filter(pk=occasion.name).first()
    if stored is None:
        return occasion.default
    text = Text(stored.subject, stored.body)
    return occasion.default if problems(occasion, text) else text


def problems(occasion: Occasion, text: Text) -> dict[str, list[str]]:
    """What is wrong with a text, by field, as sentences for the person who wrote it."""
    found = {"subject": subject_problems(occasion, text.subject), "body": body_problems(occasion, text)}
    return {field: sentences for field, sentences in found.items() if sentences}


def subject_problems(occasion: Occasion, subject: str) -> list[str]:
    found = [*unknown(occasion, subject), *hidden(subject, kept="")]
    if not subject.strip():
        found.append("Bitte geben Sie einen Betreff an.")
    if len(subject) > SUBJECT_LENGTH:
        found.append(
            f"Der Betreff hat {len(subject)} Zeichen. Bitte kürzen Sie ihn auf höchstens {SUBJECT_LENGTH}."
        )
    for name in names_in(subject):
        placeholder = occasion.placeholder(name)
        if placeholder and placeholder.kind is not Kind.TEXT:
            found.append(f"{placeholder} kann nicht im Betreff stehen. Bitte setzen Sie es in den Text.")
    return found


def body_problems(occasion: Occasion, text: Text) -> list[str]:
    found = [*unknown(occasion, text.body), *hidden(text.body, kept="\n\r\t")]
    if not text.body.strip():
        found.append("Bitte geben Sie einen Text an.")
    used = set(names_in(text.body))
    missing = [each for each in occasion.placeholders if each.is_required and each.name not in used]
    found += [f"Im Text fehlt {each} ({each.meaning}). Ohne das hat die Mail keinen Sinn." for each in missing]
    return found


def unknown(occasion: Occasion, text: str) -> list[str]:
    """One sentence for each word in braces that this mail does not know."""
    names = {str(each): each.name for each in occasion.placeholders}
    foreign = dict.fromkeys(word for word in meant_in(text) if word not in names)
    return [f"Den Platzhalter {word} gibt es in dieser Mail nicht. {advice(word, list(names))}" for word in foreign]


def advice(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(word.lower().replace(" ", ""), known, n=1, cutoff=0.7)
    return f"Meinten Sie {close[0]}?" if close else "Bitte nehmen Sie einen aus der Liste oder löschen Sie ihn."


def hidden(text: str, *, kept: str) -> list[str]:
    codes = dict.fromkeys(f"U+{ord(each):04X}" for each in text if is_hidden(each) and each not in kept)
    if "U+000A" in codes or "U+000D" in codes:
        return ["Der Betreff steht in einer Zeile. Bitte löschen Sie den Zeilenumbruch."]
    return [f"Das Zeichen {code} ist unsichtbar. Bitte löschen Sie es." for code in codes]
