"""A municipality that is missing from the list, and what is said of one that is there."""

from typing import Any

from django import forms

from netzkoord.lib.fields import DateInput, LatinNameField, NameField, ReadFileField
from participants.imports.municipalities import read
from participants.imports.municipality_rows import MAX_BYTES, MAX_MB, NotAList
from participants.models import Municipality


class KeyField(forms.CharField):
    """An AGS, with or without the spaces that official lists write: 05 158 020."""

    def to_python(self, value: Any) -> str:
        return "".join(str(super().to_python(value) or "").split())


class MunicipalityForm(forms.ModelForm[Municipality]):
    """An official municipality, before the next official file brings it."""

    class Meta:
        model = Municipality
        fields = ["ags", "name", "county_name"]
        field_classes = {"ags": KeyField, "name": LatinNameField, "county_name": NameField}
        help_texts = {
            "ags": "8 Ziffern, zum Beispiel 05158020 für Langenfeld (Rheinland); bei einem Landkreis 5 Ziffern. "
            "Das Land ergibt sich daraus."
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ags"].required = True

    def clean_ags(self) -> str:
        ags: str = self.cleaned_data["ags"]
        if Municipality.objects.filter(ags=ags).exists():
            raise forms.ValidationError("Eine Kommune mit diesem AGS gibt es schon.")
        return ags


class MunicipalityEditForm(forms.ModelForm[Municipality]):
    """The key stays: it says which municipality this is."""

    class Meta:
        model = Municipality
        fields = ["name", "designation", "county_name", "dissolved_on"]
        field_classes = {"name": LatinNameField, "designation": NameField, "county_name": NameField}
        widgets = {"dissolved_on": DateInput}


class MunicipalityFileForm(forms.Form):
    """The official list as a file; what it says is `cleaned_data["file"]`."""

    file = ReadFileField(
        label="Datei",
        help_text="Die Textdatei GV100AD des Statistischen Bundesamts, oder eine CSV-Tabelle mit den Spalten „ags“ "
        f"und „name“ („kreis“ kann dazukommen). Höchstens {MAX_MB}\u00a0MB.",
        accept=".txt,.csv,.asc",
        read=read,
        refusal=NotAList,
        max_bytes=MAX_BYTES,
        too_large=f"Die Datei ist größer als {MAX_MB}\u00a0MB. So groß ist keine Liste der Kommunen.",
    )
