"""Deciding on free texts: which words are blackened, and whether others may read them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.db import models

from evaluation.queries.texts import FreeText


class Decision(models.TextChoices):
    RELEASE = "release", "Freigeben"
    HOLD = "hold", "Zurückhalten"


class TextDecisionForm(forms.Form):
    """The words are sent by their numbers; nothing of the text itself can be sent, so nothing is rewritten."""

    decision = forms.ChoiceField(
        label="Entscheidung",
        choices=Decision.choices,
        error_messages={
            "required": "Bitte geben Sie den Text frei, oder halten Sie ihn zurück.",
            "invalid_choice": "Bitte geben Sie den Text frei, oder halten Sie ihn zurück.",
        },
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, text: FreeText) -> None:
        super().__init__(data)
        self.fields["words"] = forms.TypedMultipleChoiceField(
            label="Geschwärzte Wörter",
            choices=[(word.number, word.text) for word in text.words],
            coerce=int,
            required=False,
            error_messages={
                "invalid_choice": "Dieses Wort gibt es in dem Text nicht. Bitte wählen Sie noch einmal."
            },
        )


def keys_in(values: list[str]) -> list[UUID]:
    """The keys of texts among what was sent; anything else is left out."""
    keys = []
    for value in values:
        try:
            keys.append(UUID(value))
        except ValueError:
            continue
    return keys
