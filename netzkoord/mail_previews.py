"""How the texts of mails look, with examples and with the longest names of the database; reads all apps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models.functions import Length
from django.utils.safestring import SafeString

from curriculum.models import Cohort, Module, Venue
from curriculum.wording import Piece, pieces_of
from netzkoord.lib.mail import compose_text
from netzkoord.lib.mail_texts import Occasion, Text, occasions, problems
from netzkoord.models import MailText
from participants.mails import greeting
from participants.models import Municipality, Registration

# So many characters of a subject a telephone shows.
PHONE = 40


@dataclass(frozen=True)
class Preview:
    """A mail with one set of values."""

    label: str
    subject: str
    text: str
    content: SafeString

    @property
    def on_phone(self) -> str:
        return self.subject if len(self.subject) <= PHONE else self.subject[: PHONE - 1].rstrip() + "…"


@dataclass(frozen=True)
class TextRow:
    """One line of the list of texts: the occasion, and whose text it has."""

    occasion: Occasion
    stored: MailText | None

    @property
    def text(self) -> Text:
        return Text(self.stored.subject, self.stored.body) if self.stored else self.occasion.default

    @property
    def is_whole(self) -> bool:
        return not problems(self.occasion, self.text)

    @property
    def is_default_changed(self) -> bool:
        return self.stored is not None and self.stored.based_on != str(self.occasion.default)

    @property
    def status(self) -> tuple[str, str]:
        """Kind of sign and words."""
        if self.stored is None:
            return "neutral", "Vorlage"
        if not self.is_whole:
            return "error", "unvollständig, es gilt die Vorlage"
        if self.is_default_changed:
            return "due", "eigener Text, Vorlage ist neuer"
        return "info", "eigener Text"

    @property
    def difference(self) -> tuple[Piece, ...]:
        """From the default to the text of the organisers."""
        return pieces_of(str(self.occasion.default), str(self.text))

    @property
    def default_difference(self) -> tuple[Piece, ...]:
        """From the default that the organisers knew to that of today."""
        return pieces_of(self.stored.based_on, str(self.occasion.default)) if self.stored else ()


def text_rows() -> dict[str, list[TextRow]]:
    """All occasions by area; one query."""
    stored = {text.pk: text for text in MailText.objects.all()}
    areas: dict[str, list[TextRow]] = {}
    for occasion in occasions().values():
        areas.setdefault(occasion.area, []).append(TextRow(occasion, stored.get(occasion.name)))
    return areas


def previews(occasion: Occasion, text: Text) -> list[Preview]:
    """With examples, and with the longest values that the database holds."""
    example = occasion.example()
    return [
        preview("Mit Beispielen", occasion, text, example),
        preview("Mit den längsten Angaben der Datenbank", occasion, text, example | longest(example)),
    ]


def preview(label: str, occasion: Occasion, text: Text, context: Mapping[str, Any]) -> Preview:
    composed = compose_text(occasion, text, context)
    return Preview(label, composed.subject, composed.text, composed.content)


def longest(example: Mapping[str, Any]) -> dict[str, Any]:
    """The longest value of the database for each key of a context that has one; six queries."""
    found: dict[str, Any] = {
        "cohort": first(by_length(Cohort.objects.all(), "title")),
        "municipality": first(by_length(Municipality.objects.all(), "name").values_list("name", flat=True)),
        "organisation": first(
            by_length(Registration.objects.all(), "organisation").values_list("organisation", flat=True)
        ),
        "session": first(by_length(Module.objects.all(), "title")),
        "place": first(by_length(Venue.objects.all(), "name")),
    }
    if half := by_length(Registration.objects.all(), "title", "given_names", "family_name").first():
        found |= dict.fromkeys(["name", "partner", "inviter", "practitioner"], half.full_name)
        found["greeting"] = greeting(half)
    return {key: value for key, value in found.items() if value and key in example}


def first(rows: models.QuerySet[Any, Any]) -> str:
    row = rows.first()
    return str(row) if row else ""


def by_length(rows: models.QuerySet[Any], *fields: str) -> models.QuerySet[Any]:
    lengths: Any = sum((Length(field) for field in fields[1:]), start=Length(fields[0]))
    return rows.order_by(lengths.desc(), "pk")
