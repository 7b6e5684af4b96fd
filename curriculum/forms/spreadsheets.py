"""Input of a table with an edition."""

from django import forms
from django.core.files.uploadedfile import UploadedFile

from curriculum.imports.reading import Reading, read
from netzkoord.lib.grids import MAX_BYTES, MAX_MB, NotATable


class TableForm(forms.Form):
    """The file; what it says is `cleaned_data["file"]`."""

    file = forms.FileField(
        label="Tabelle",
        help_text=f"XLSX mit allen Blättern, oder ein einzelnes Blatt als CSV. Höchstens {MAX_MB}\u00a0MB.",
        error_messages={
            "required": "Bitte wählen Sie eine Datei.",
            "empty": "Die Datei ist leer. Bitte wählen Sie eine andere.",
        },
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )

    def clean_file(self) -> Reading:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(
                f"Die Datei ist größer als {MAX_MB}\u00a0MB. So groß wird die Tabelle einer Fassung nicht."
            )
        try:
            return read(file.read())
        except NotATable as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
