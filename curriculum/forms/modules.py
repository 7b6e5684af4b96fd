"""Input about modules and their learning goals."""

from typing import Any

from django import forms

from curriculum.forms.parts import PartForm, one_of, several
from curriculum.models import Competence, LearningGoal, Module, ResponsibilityLevel
from netzkoord.lib.fields import LatinField, PrintableField


class ModuleForm(PartForm[Module]):
    noun = "Das Modul"

    class Meta:
        model = Module
        fields = ["code", "title", "summary", "tracks", "requires_practice_report", "requires_attitude_unit"]
        field_classes = {"code": PrintableField, "title": LatinField, "summary": PrintableField}
        labels = {
            "requires_practice_report": "Das Modul verlangt einen Erlebnisbericht",
            "requires_attitude_unit": "Das Modul verlangt einen Baustein zur Haltung",
        }
        help_texts = {
            "code": "Höchstens acht Zeichen, zum Beispiel K1. So wird das Modul in Tabellen genannt.",
            "requires_practice_report": "Dann nennt jeder Durchgang, ob jemand aus der Praxis berichtet.",
            "requires_attitude_unit": "Dann nennt jeder Durchgang, ob ein Baustein an der Haltung arbeitet.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tracks = several(
            self.instance.edition.tracks.all(),
            label="Angebote",
            help_text="Zu welchem Angebot das Modul gehört; zu beiden, wenn alle gemeinsam lernen.",
            required=True,
        )
        tracks.error_messages["required"] = "Bitte wählen Sie mindestens ein Angebot."
        self.fields["tracks"] = tracks


class LearningGoalForm(PartForm[LearningGoal]):
    noun = "Das Lernziel"

    class Meta:
        model = LearningGoal
        fields = ["text", "competence", "responsibility_level"]
        field_classes = {"text": LatinField}
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"text": "Was eine Person nach dem Modul kann, in einem Satz."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        edition = self.instance.module.edition_id
        self.fields["competence"] = one_of(
            Competence.objects.filter(area__edition=edition).select_related("area"),
            label="Kompetenz",
            empty_label="keiner Kompetenz zugeordnet",
        )
        self.fields["responsibility_level"] = one_of(
            ResponsibilityLevel.objects.filter(edition=edition),
            label="Verantwortungsebene",
            empty_label="keiner Ebene zugeordnet",
        )

    def named(self, part: LearningGoal) -> str:
        return self.noun
