"""Finding one's own answers with the receipt."""

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
