"""Input about units."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from curriculum.forms.parts import GONE, PartForm, several
from curriculum.models import Module, Unit
from curriculum.models.concept import LONGEST_UNIT
from netzkoord.lib.fields import PrintableField

RANGE = f"Ein Baustein dauert zwischen 1 und {LONGEST_UNIT} Minuten. Bitte prüfen Sie die Dauer."


@dataclass(frozen=True)
class Choices:
    """A list of checkboxes that is folded until somebody wants it."""

    field: BoundField
    chosen: int

    @property
    def is_open(self) -> bool:
        return bool(self.field.errors)


class UnitForm(PartForm[Unit]):
    noun = "Der Baustein"

    minutes = forms.IntegerField(
        label="Dauer in Minuten",
        min_value=1,
        max_value=LONGEST_UNIT,
        error_messages={"min_value": RANGE, "max_value": RANGE},
        help_text="Ohne Pausen. 45 Minuten sind 1\u00a0UE; die UE rechnet die Plattform aus.",
    )

    class Meta:
        model = Unit
        fields = [
            "title",
            "minutes",
            "summary",
            "material",
            "has_practice_report",
            "is_about_attitude",
            "topics",
            "methods",
            "learning_goals",
            "glossary_terms",
        ]
        field_classes = {"title": PrintableField, "summary": PrintableField, "material": PrintableField}
        labels = {
            "has_practice_report": "Hier berichtet jemand aus der Praxis (Erlebnisbericht)",
            "is_about_attitude": "Dieser Baustein arbeitet an der Haltung",
        }
        widgets = {"material": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"material": "Was bereitliegen muss: Karten, Texte, Technik."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        module = self.instance.module
        edition = module.edition
        self.fields["topics"] = several(edition.topics.all(), label="Themen")
        self.fields["methods"] = several(edition.methods.all(), label="Methoden")
        self.fields["learning_goals"] = several(module.learning_goals.all(), label="Lernziele des Moduls")
        self.fields["glossary_terms"] = several(edition.glossary.all(), label="Begriffe aus dem Glossar")

    @property
    def lists(self) -> list[Choices]:
        """The lists to choose from that are not empty, each with the number of what is chosen."""
        found = []
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelMultipleChoiceField) and self[name].subwidgets:
                found.append(Choices(self[name], len(self[name].value() or [])))
        return found

    @property
    def plain(self) -> list[BoundField]:
        """All other fields that are seen."""
        names = self.chosen_names()
        return [field for field in self.visible_fields() if field.name not in names]

    def chosen_names(self) -> set[str]:
        return {name for name, field in self.fields.items() if isinstance(field, forms.ModelMultipleChoiceField)}


class StoredUnitForm(UnitForm):
    """A unit that is there already; it may go to another module of its edition."""

    class Meta(UnitForm.Meta):
        fields = [*UnitForm.Meta.fields, "module"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["module"] = forms.ModelChoiceField(
            queryset=Module.objects.filter(edition=self.instance.module.edition_id),
            label="Modul",
            empty_label=None,
            help_text="In einem anderen Modul steht der Baustein am Ende. Lernziele gehören zum Modul: "
            "Die hier gewählten gelten dort nicht mehr.",
            error_messages={"invalid_choice": GONE},
        )
