"""Input about the glossary."""

from typing import Any

from django import forms

from curriculum.forms.parts import PartForm, one_of
from curriculum.models import GlossaryTerm
from netzkoord.lib.fields import PrintableField


class GlossaryTermForm(PartForm[GlossaryTerm]):
    noun = "Der Begriff"

    class Meta:
        model = GlossaryTerm
        fields = ["term", "definition", "examples", "parent"]
        field_classes = {"term": PrintableField, "definition": PrintableField, "examples": PrintableField}
        widgets = {"examples": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = self.instance.edition.glossary.filter(parent=None).exclude(pk=self.instance.pk)
        self.fields["parent"] = one_of(
            others,
            label="Gehört zu",
            empty_label="keinem anderen Begriff",
            help_text="Zum Beispiel gehört „primäres Netzwerk“ zu „natürliches Netzwerk“.",
        )
