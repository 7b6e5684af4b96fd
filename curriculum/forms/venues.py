"""Input about venues."""

from django import forms

from curriculum.models import Venue
from netzkoord.lib.fields import PrintableField


class VenueForm(forms.ModelForm[Venue]):
    class Meta:
        model = Venue
        fields = ["name", "street", "postal_code", "city", "directions"]
        field_classes = {"name": PrintableField, "city": PrintableField}
        help_texts = {"directions": "Wie man hinkommt, und ob der Zugang ohne Stufen möglich ist."}

    def clean_postal_code(self) -> str:
        code: str = self.cleaned_data["postal_code"]
        if code and not (len(code) == 5 and code.isascii() and code.isdigit()):
            raise forms.ValidationError("Eine Postleitzahl hat fünf Ziffern.")
        return code
