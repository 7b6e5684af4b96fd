"""Input about programmes and their editions."""

from typing import Any

from django import forms

from curriculum.forms.parts import PartForm, limit_texts
from curriculum.models import Aim, Edition, EditionStatus, Programme, Track
from netzkoord.lib.editing import SeenModelForm
from netzkoord.lib.fields import LatinField, PrintableField, choose_from


class ProgrammeForm(forms.ModelForm[Programme]):
    class Meta:
        model = Programme
        fields = ["title"]
        field_classes = {"title": LatinField}
        help_texts = {"title": "Unter diesem Namen stehen alle Fassungen des Programms."}


class EditionForm(SeenModelForm[Edition]):
    class Meta:
        model = Edition
        fields = ["title", "abstract", "note", "replaces"]
        field_classes = {"title": LatinField, "abstract": PrintableField, "note": PrintableField}
        help_texts = {
            "title": "So heißt das Programm in der Ausschreibung und im Modulhandbuch.",
            "abstract": "Worum es geht, in wenigen Sätzen. Steht auch in der Ausschreibung.",
            "note": "Was Lesende über diese Fassung wissen sollen. Steht oben auf jeder Übersicht.",
            "replaces": "Die ältere Fassung, an deren Stelle diese tritt. Mit ihr wird zuerst verglichen.",
        }
        error_messages = {
            "replaces": {
                "invalid_choice": "Diese Fassung kann nicht ersetzt werden. "
                "Bitte eine veröffentlichte Fassung desselben Programms wählen."
            }
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Edition.objects.filter(programme=self.instance.programme_id).exclude(pk=self.instance.pk)
        limit_texts(self)
        choose_from(self.fields["replaces"], others.exclude(status=EditionStatus.DRAFT).order_by("-number"))


class AimForm(PartForm[Aim]):
    noun = "Das Ziel"

    class Meta:
        model = Aim
        fields = ["text"]
        field_classes = {"text": PrintableField}
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"text": "Was Teilnehmende danach können, als ganzer Satz: „Sie erkennen …“"}


class TrackForm(PartForm[Track]):
    noun = "Das Angebot"

    class Meta:
        model = Track
        fields = ["title", "summary"]
        field_classes = {"title": LatinField, "summary": PrintableField}
        help_texts = {"summary": "Für wen das Angebot ist. Steht auch in der Ausschreibung."}


class PublishForm(forms.Form):
    archives_previous = forms.BooleanField(
        label="Die bisherige Fassung archivieren",
        required=False,
        help_text="Für neue Durchgänge steht sie dann nicht mehr zur Wahl. Laufende Durchgänge behalten sie.",
    )
