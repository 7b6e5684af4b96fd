"""A municipality that is missing from the list."""

from django import forms

from netzkoord.lib.fields import NameField
from participants.models import Municipality


class MunicipalityForm(forms.ModelForm[Municipality]):
    class Meta:
        model = Municipality
        fields = ["ags", "name"]
        field_classes = {"name": NameField}
        help_texts = {
            "ags": "8 Ziffern, zum Beispiel 05158020 für Langenfeld (Rheinland); bei einem Landkreis 5 Ziffern. "
            "Das Land ergibt sich daraus."
        }
