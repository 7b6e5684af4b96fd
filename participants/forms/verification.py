"""What somebody with a certificate in hand types in, or holds against it."""

import re
from typing import Any

from django import forms

from netzkoord.lib.fingerprints import Fingerprint

MOST_MB = 5
MOST_BYTES = MOST_MB * 1024 * 1024
DASHES = re.compile("[\u2010-\u2015\u2212]")
PATH = "/pruefen/"
# Readers find it there, even behind what some programs write before it.
PDF_SIGN = b"%PDF-"


class OneOfTwoField(forms.CharField):
    """Not optional as such, and still empty where the other one is given; the form asks for one of them."""

    def validate(self, value: str) -> None:
        """Says nothing of an empty one."""


class CheckForm(forms.Form):
    """Code and number as they stand on the paper, one at least.

    Blanks, hyphens and capitals do not matter, nor what stands before them there: „Nr.“, „Prüfcode“, the address.
    """

    use_required_attribute = False

    code = OneOfTwoField(
        label="Prüfcode",
        max_length=300,
        help_text=(
            "32 Ziffern und Buchstaben, auf dem Papier neben dem QR-Code. "
            "Damit sehen Sie alles, was auf dem Original steht."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    number = OneOfTwoField(
        label="Oder die Nummer",
        max_length=100,
        help_text=(
            "Zum Beispiel 2018-00017. "
            "Mit der Nummer allein sehen Sie nur Art, Fortbildung, Durchgang, Datum und ob die Bescheinigung gilt."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_code(self) -> str:
        text = self.cleaned_data["code"].lower()
        text = text.partition(PATH)[2].partition("/")[0] if PATH in text else text
        return re.sub(r"[\W_]+", "", text).removeprefix("prüfcode")

    def clean_number(self) -> str:
        return DASHES.sub("-", re.sub(r"\s", "", self.cleaned_data["number"]))

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.cleaned_data["code"] and not self.cleaned_data["number"]:
            self.add_error("code", "Bitte geben Sie den Prüfcode ein, oder die Nummer.")
        return self.cleaned_data


class CompareForm(forms.Form):
    """A PDF to be held against the one that was issued; only its fingerprint arrives here."""

    file = forms.FileField(
        label="PDF-Datei",
        help_text="Die Datei wird nur verglichen und nicht gespeichert.",
        error_messages={
            "required": "Bitte wählen Sie die PDF-Datei, die Sie bekommen haben.",
            "empty": "Die Datei ist leer. Bitte wählen Sie eine andere.",
        },
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
    )

    def clean_file(self) -> Fingerprint:
        file: Fingerprint = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(
                f"Die Datei ist größer als {MOST_MB}\u00a0MB. So groß ist keine Bescheinigung; "
                "bitte wählen Sie die richtige."
            )
        if PDF_SIGN not in file.begin:
            raise forms.ValidationError(f"„{file.name}“ ist keine PDF-Datei. Bitte wählen Sie das PDF.")
        return file
