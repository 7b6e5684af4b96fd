"""A table with registrations, and how the people in it are told."""

from django import forms
from django.core.files.uploadedfile import UploadedFile

from netzkoord.lib.grids import MAX_BYTES, MAX_MB, NotATable
from participants.imports.registration_table import MAX_ROWS, Table, read

ASK, TELL = "ask", "tell"


class RegistrationTableForm(forms.Form):
    """The file; what it says is `cleaned_data["file"]`."""

    file = forms.FileField(
        label="Liste",
        help_text=f"XLSX oder CSV, eine Zeile je Person. Höchstens {MAX_MB}\u00a0MB und {MAX_ROWS} Zeilen.",
        error_messages={
            "required": "Bitte wählen Sie eine Datei.",
            "empty": "Die Datei ist leer. Bitte wählen Sie eine andere.",
        },
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )

    def clean_file(self) -> Table:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(f"Die Datei ist größer als {MAX_MB}\u00a0MB. Bitte teilen Sie die Liste.")
        try:
            return read(file.read())
        except NotATable as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


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
