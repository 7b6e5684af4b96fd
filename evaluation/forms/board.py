"""What a moderator does on a wall: a button that names what it is for, the cards that were chosen, a title."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from evaluation.boards import NotPossible
from evaluation.models import LONGEST_CARD, GuidingQuestion, Round
from evaluation.queries.walls import Statement
from netzkoord.lib.fields import choose_from
from netzkoord.lib.names import on_one_line

LONGEST_TITLE = 120
MOST_AT_ONCE = 60
NO_CARDS = "Wählen Sie zuerst Karten aus, oder benutzen Sie das Menü an der Karte."
NO_TITLE = "Geben Sie der Spalte eine Überschrift."
LONG_TITLE = f"Eine Überschrift hat höchstens {LONGEST_TITLE} Zeichen. Kürzen Sie sie."
NOT_UNDERSTOOD = "Das war kein Knopf dieser Seite. Laden Sie sie neu, und versuchen Sie es noch einmal."
PRESS_A_BUTTON = "Drücken Sie den Knopf, der sagt, was geschehen soll."
NO_ROUND = "Wählen Sie die Runde, in der die Karten geschrieben wurden."
NO_WORDS = "Wählen Sie mindestens eine Aussage, die als Karte hängen soll."
TOO_LONG_FOR_A_CARD = f"Auf eine Karte passen {LONGEST_CARD} Zeichen; hier stehen {{length}}. Kürzen Sie den Text."
NO_LINES = "Schreiben Sie jede Karte in eine eigene Zeile."
TOO_MANY = f"Auf einmal lassen sich {MOST_AT_ONCE} Karten eintippen; es sind {{number}}. Teilen Sie die Liste."
LONG_LINE = (
    f"In Zeile {{line}} stehen {{length}} Zeichen; auf eine Karte passen {LONGEST_CARD}. "
    "Kürzen Sie sie, oder machen Sie zwei Karten daraus."
)
BUTTON = re.compile(r"([a-z]{1,10})((?::[0-9]{1,18}){0,3})", re.ASCII)
KEY = re.compile(r"[0-9]{1,18}", re.ASCII)


@dataclass(frozen=True)
class Pressed:
    """A button, the numbers that it carries (0 for nothing), the cards that were chosen, and what was typed."""

    verb: str
    numbers: tuple[int, ...]
    cards: tuple[int, ...]
    column: int
    title: str

    def number(self, place: int) -> int:
        """Raises `NotPossible` for a button that no page of ours has."""
        if place >= len(self.numbers):
            raise NotPossible(NOT_UNDERSTOOD)
        return self.numbers[place]

    def target(self) -> int:
        """The column that the button names, or else the chosen one."""
        return self.numbers[1] if len(self.numbers) > 1 else self.column

    def need_cards(self) -> tuple[int, ...]:
        if not self.cards:
            raise NotPossible(NO_CARDS)
        return self.cards

    def need_title(self) -> str:
        if not self.title:
            raise NotPossible(NO_TITLE)
        if len(self.title) > LONGEST_TITLE:
            raise NotPossible(LONG_TITLE)
        return self.title


def read_button(data: QueryDict) -> Pressed:
    """What a page has sent: in `do` the button, in `card` the chosen cards, in `column` and `title` their target.

    A button with the number of a column takes the title from the field of that column. Raises `NotPossible`.
    """
    match = BUTTON.fullmatch(data.get("do", ""))
    cards = data.getlist("card")
    if match is None or not all(KEY.fullmatch(card) for card in [*cards, data.get("column") or "0"]):
        raise NotPossible(NOT_UNDERSTOOD)
    numbers = tuple(int(number) for number in match[2].split(":")[1:])
    title = data.get(f"title-{numbers[0]}" if numbers else "title", "")
    return Pressed(
        match[1],
        numbers,
        tuple(int(card) for card in cards),
        int(data.get("column") or 0),
        on_one_line(title),
    )


class BroughtCardsForm(forms.Form):
    """Cards that a moderator brings along for one round."""

    round = forms.ModelChoiceField(
        Round.objects.none(),
        label="Runde",
        empty_label=None,
        error_messages={"required": NO_ROUND, "invalid_choice": NO_ROUND},
    )

    def __init__(self, data: QueryDict | None, *, question: GuidingQuestion) -> None:
        super().__init__(data, initial={"round": question.workshop.asked_in})
        choose_from(self.fields["round"], question.workshop.rounds.all())


class PaperCardsForm(BroughtCardsForm):
    """Cards from paper, one per line; `key` stands for the whole list, so that it hangs once."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    lines = forms.CharField(
        label="Karten von Papier",
        help_text="Jede Karte in eine eigene Zeile.",
        error_messages={"required": NO_LINES},
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean_lines(self) -> list[str]:
        lines = [on_one_line(line) for line in self.cleaned_data["lines"].splitlines()]
        for number, line in enumerate(lines, start=1):
            if len(line) > LONGEST_CARD:
                raise forms.ValidationError(LONG_LINE.format(line=number, length=len(line)))
        texts = [line for line in lines if line]
        if not texts:
            raise forms.ValidationError(NO_LINES)
        if len(texts) > MOST_AT_ONCE:
            raise forms.ValidationError(TOO_MANY.format(number=len(texts)))
        return texts


class SurveyCardsForm(BroughtCardsForm):
    """What was said in the needs survey, without names: which words become cards, and how they fit on one.

    A field is named by its statement, not by a place in the list: others hang up cards meanwhile.
    """

    def __init__(
        self, data: QueryDict | None, *, question: GuidingQuestion, statements: Sequence[Statement]
    ) -> None:
        super().__init__(data, question=question)
        self.offered = [each for each in statements if not each.is_hung or take(each) in (data or {})]
        for each in self.offered:
            self.fields[take(each)] = forms.BooleanField(label=each.text, required=False)
            if len(each.text) > LONGEST_CARD:
                self.fields[shorter(each)] = forms.CharField(
                    label="Auf der Karte",
                    initial=each.text,
                    required=False,
                    help_text=f"Kürzen Sie auf {LONGEST_CARD} Zeichen.",
                    widget=forms.Textarea(attrs={"rows": 3, "data-counter": LONGEST_CARD}),
                )

    def clean(self) -> dict[str, Any]:
        for each in self.offered:
            if self.cleaned_data.get(take(each)) and len(self.words(each)) > LONGEST_CARD:
                self.add_error(shorter(each), TOO_LONG_FOR_A_CARD.format(length=len(self.words(each))))
        if not self.errors and not self.cards():
            raise forms.ValidationError(NO_WORDS)
        return self.cleaned_data

    def words(self, statement: Statement) -> str:
        """As they go on the card: what was said, or the shorter words of the moderator."""
        return on_one_line(self.cleaned_data.get(shorter(statement)) or statement.text)

    def cards(self) -> dict[uuid.UUID, str]:
        """The chosen ones by their keys."""
        return {
            each.key: self.words(each)
            for each in self.offered
            if self.cleaned_data.get(take(each)) and self.words(each)
        }


def take(statement: Statement) -> str:
    return f"take_{statement.key.hex}"


def shorter(statement: Statement) -> str:
    return f"text_{statement.key.hex}"
