"""A municipality that is missing from the list, and the name of one that is there."""

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


class MunicipalityNameForm(forms.ModelForm[Municipality]):
    """The key stays: it says which municipality this is."""

    class Meta:
        model = Municipality
        fields = ["name"]
        field_classes = {"name": NameField}
