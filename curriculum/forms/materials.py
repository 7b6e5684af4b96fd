"""Input about material."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from netzkoord.lib.uploads import ALLOWED, MAX_BYTES, Checked, UploadRefused, check


class MaterialForm(forms.Form):
    """A file for the people of a session."""

    title = forms.CharField(label="Titel", max_length=200, help_text="So steht das Material in der Liste.")
    file = forms.FileField(
        label="Datei",
        help_text=f"{ALLOWED} Höchstens {MAX_BYTES // 1024 // 1024}\u00a0MB, ohne Makros und Skripte.",
        error_messages={
            "required": "Bitte wählen Sie eine Datei.",
            "empty": "Die Datei ist leer. Bitte wählen Sie eine andere.",
        },
        widget=forms.FileInput(
            attrs={"accept": ".pdf,.png,.jpg,.jpeg,.docx,.pptx,.xlsx,.odt,.odp,.ods"},
        ),
    )
    is_released = forms.BooleanField(
        label="Gleich für die Teilnehmenden freigeben",
        required=False,
        help_text="Sonst sehen es zunächst nur Organisation und Training.",
    )

    def clean_file(self) -> Checked:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        try:
            return check(file)
        except UploadRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def material(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"title": data["title"], "upload": data["file"], "is_released": data["is_released"]}
