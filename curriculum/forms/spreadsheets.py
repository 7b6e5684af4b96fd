"""Input of a table with an edition."""

from django import forms

from curriculum.imports.reading import read
from netzkoord.lib.fields import ReadFileField
from netzkoord.lib.grids import MAX_BYTES, MAX_MB, NotATable


class TableForm(forms.Form):
    """The file; what it says is `cleaned_data["file"]`, a `Reading`."""

    file = ReadFileField(
        label="Tabelle",
        help_text=f"XLSX mit allen Blättern, oder ein einzelnes Blatt als CSV. Höchstens {MAX_MB}\u00a0MB.",
        accept=".xlsx,.csv,.txt",
        read=read,
        refusal=NotATable,
        max_bytes=MAX_BYTES,
        too_large=f"Die Datei ist größer als {MAX_MB}\u00a0MB. So groß wird die Tabelle einer Fassung nicht.",
    )
