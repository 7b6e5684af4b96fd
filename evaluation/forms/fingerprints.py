"""The receipt: sent along with the answers, and typed in to find them again."""

from typing import Any

from django import forms

GROUP = 4


class ReceiptField(forms.CharField):
    """A receipt however it was copied: „abcd efgh…“ is „ABCD-EFGH-…“."""

    def clean(self, value: Any) -> str:
        letters = "".join(character for character in super().clean(value).upper() if character.isalnum())
        return "-".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))


class ReceiptForm(forms.Form):
    receipt = ReceiptField(
        label="Ihr Beleg",
        help_text="Vier Gruppen aus Buchstaben und Ziffern, wie sie nach dem Senden dastanden.",
        max_length=40,
    )


class SentReceiptForm(forms.Form):
    """The receipt that stood, hidden, on the page that was sent."""

    receipt = forms.RegexField(r"\A(?:[A-Z2-7]{4}-){3}[A-Z2-7]{4}\Z")
