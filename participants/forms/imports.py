"""A table with registrations, and how the people in it are told."""

from django import forms

from netzkoord.lib.fields import ReadFileField
from netzkoord.lib.grids import MAX_BYTES, MAX_MB, NotATable
from participants.imports.registration_table import MAX_ROWS, read

ASK, TELL = "ask", "tell"


class RegistrationTableForm(forms.Form):
    """The file; what it says is `cleaned_data["file"]`, a `Table`."""

    file = ReadFileField(
        label="Liste",
        help_text=f"XLSX oder CSV, eine Zeile je Person. Höchstens {MAX_MB}\u00a0MB und {MAX_ROWS} Zeilen.",
        accept=".xlsx,.csv,.txt",
        read=read,
        refusal=NotATable,
        max_bytes=MAX_BYTES,
        too_large=f"Die Datei ist größer als {MAX_MB}\u00a0MB. Bitte teilen Sie die Liste.",
    )


class ImportForm(forms.Form):
    """The word by which the checked table is found again, and whether the people confirm themselves."""

    liste = forms.CharField(widget=forms.HiddenInput, max_length=50)
    way = forms.ChoiceField(
        label="Bestätigung",
        choices=[
            (ASK, "Jede Person bekommt einen Link und bestätigt ihre Anmeldung selbst"),
            (TELL, "Die Anmeldungen gelten sofort: Die Personen haben sich bei uns angemeldet"),
        ],
        initial=ASK,
        widget=forms.RadioSelect,
        help_text="In beiden Fällen bekommt jede Person eine Mail und kann die Anmeldung zurückziehen.",
        error_messages={"required": "Bitte wählen Sie, wie die Anmeldungen bestätigt werden."},
    )
