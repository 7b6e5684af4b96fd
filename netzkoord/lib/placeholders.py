"""Placeholders in texts of people, such as {durchgang}: a closed set, replaced in one pass.

Never `str.format` and never a template engine: what is no placeholder of ours stays as it was written, and a value
is never looked at again, so that {0.__class__}, {{7*7}} or {% load %} are nothing but characters.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Self

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from netzkoord.lib.names import DIRECTION

# Where a mail program would begin or go on with a link. Abbreviations and dates stay as they are: after the
# point of a domain come at least two letters.
LINKED = [
    (re.compile(r"\b(https?|ftps?|mailto|tel|sms|file|webcal)\s*:", re.IGNORECASE), r"\1 :"),
    (re.compile(r"\b(www\.)(?=\S)", re.IGNORECASE), r"\1 "),
    (re.compile(r"([/\\])(?=[/\\])"), r"\1 "),
    (re.compile(r"(?<=\S)([@\uff20])(?=\S)"), r" \1 "),
    (re.compile(r"(?<=[\w-])([.\u3002\uff0e\uff61])(?=[^\W\d_]{2})"), r"\1 "),
]
PLACEHOLDER = re.compile(r"\{([a-zäöüß_]+)\}")
# What somebody may have meant as a placeholder: {Anrede}, { anrede }, {Vor-Name}.
MEANT = re.compile(r"\{\s*([^\W\d_][\w \-]*?)\s*\}")
# All but those that hold words together.
SPACES = re.compile(r"[^\S\u00a0\u202f]+")
PARAGRAPHS = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


class Kind(Enum):
    """What a value is, which decides how it is written."""

    TEXT = auto()  # one line that somebody typed: never becomes a link
    LINES = auto()  # several of them
    LINK = auto()  # an address of ours; alone in its paragraph it becomes a button
    ADDRESS = auto()  # an e-mail address that organisers gave for questions


Value = str | Sequence[str]


@dataclass(frozen=True)
class Placeholder:
    """One word in braces: what people type, the key of its value in a mail's context, and what it stands for.

    Where the value of an optional one is empty, the whole paragraph goes that mentions it.
    """

    name: str
    key: str
    meaning: str
    example: Value
    kind: Kind = Kind.TEXT
    is_optional: bool = False
    is_required: bool = False
    label: str = ""  # the words on the button of a link

    def __str__(self) -> str:
        return f"{{{self.name}}}"

    @property
    def is_link(self) -> bool:
        return self.kind is Kind.LINK

    @property
    def is_main(self) -> bool:
        """The link for which the mail is written; a mail has one main button, as a page has."""
        return self.name == "link"

    @property
    def is_lines(self) -> bool:
        return self.kind is Kind.LINES

    def optional(self) -> Self:
        return replace(self, is_optional=True, is_required=False)

    def required(self) -> Self:
        """The text must contain it."""
        return replace(self, is_required=True)

    def labelled(self, label: str) -> Self:
        return replace(self, label=label)

    def as_text(self, value: Value) -> str:
        """The value as it stands in plain text."""
        if self.kind is Kind.LINES:
            lines = value.splitlines() if isinstance(value, str) else value
            return "\n".join(neutral(line) for line in lines)
        if not isinstance(value, str):
            raise TypeError(f"{self.name} takes one text, not {value!r}")
        return neutral(value) if self.kind is Kind.TEXT else one_line(value)

    def as_html(self, text: str) -> SafeString:
        """The finished plain text as HTML."""
        if self.kind is Kind.LINK and is_web_address(text):
            return format_html('<a href="{0}">{0}</a>', text)
        if self.kind is Kind.LINES:
            parts = [with_breaks(part) for part in PARAGRAPHS.split(text)]
            return format_html_join(mark_safe("</p>\n<p>"), "{}", ((part,) for part in parts))
        return with_breaks(text)


def neutral(text: str) -> str:
    """Text of a user for a mail: one line, and nothing in it that a mail program would make a link of."""
    line = one_line(text)
    for pattern, replacement in LINKED:
        line = pattern.sub(replacement, line)
    return line


def one_line(text: str) -> str:
    """Without line breaks, control characters, and characters that turn the direction of writing."""
    visible = "".join(each for each in SPACES.sub(" ", text) if not is_hidden(each))
    return visible.strip()


def is_hidden(character: str) -> bool:
    return character in DIRECTION or unicodedata.category(character) == "Cc"


def is_web_address(text: str) -> bool:
    return text.startswith(("https://", "http://"))


def names_in(text: str) -> list[str]:
    """Every word in braces that is written like a placeholder, in order."""
    return PLACEHOLDER.findall(text)


def meant_in(text: str) -> list[str]:
    """Everything in braces that somebody may have meant as a placeholder."""
    return [match.group(0) for match in MEANT.finditer(text)]


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders replaced, in one pass; a word without a value stays as it is."""
    return PLACEHOLDER.sub(lambda match: values.get(match.group(1), match.group(0)), text)


@dataclass(frozen=True)
class Filled:
    """One paragraph with its values: as text, and what it takes to write it as HTML."""

    source: str
    values: Mapping[str, str]
    placeholders: Mapping[str, Placeholder]

    @property
    def text(self) -> str:
        return fill(self.source, self.values).strip()

    @property
    def button(self) -> Placeholder | None:
        """The link of which the paragraph consists, if it consists of one."""
        whole = PLACEHOLDER.fullmatch(self.source.strip())
        placeholder = self.placeholders.get(whole.group(1)) if whole else None
        is_link = placeholder is not None and placeholder.kind is Kind.LINK and is_web_address(self.text)
        return placeholder if is_link else None

    @property
    def html(self) -> SafeString:
        """The paragraph inside of its element; every value and every word between them escaped."""
        parts = PLACEHOLDER.split(self.source.strip())
        pieces = [self.piece(part, is_name=bool(place % 2)) for place, part in enumerate(parts)]
        return mark_safe("".join(pieces))  # noqa: S308 -- each piece is escaped

    def piece(self, part: str, *, is_name: bool) -> SafeString:
        if is_name and part in self.values:
            return self.placeholders[part].as_html(self.values[part])
        return with_breaks(f"{{{part}}}" if is_name else part)


def paragraphs(body: str, values: Mapping[str, str], placeholders: Iterable[Placeholder]) -> list[Filled]:
    """The paragraphs of a body, without those whose optional placeholders are all empty."""
    by_name = {placeholder.name: placeholder for placeholder in placeholders}
    filled = [Filled(source, values, by_name) for source in PARAGRAPHS.split(body.strip())]
    return [paragraph for paragraph in filled if is_kept(paragraph) and paragraph.text]


def is_kept(paragraph: Filled) -> bool:
    known = [name for name in names_in(paragraph.source) if name in paragraph.placeholders]
    optional = [name for name in known if paragraph.placeholders[name].is_optional]
    return not optional or any(paragraph.values[name] for name in optional)


def with_breaks(text: str) -> SafeString:
    return mark_safe(escape(text).replace("\n", "<br>"))  # noqa: S308 -- escaped before the breaks are set
