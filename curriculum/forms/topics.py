"""Input about topics and methods."""

from django import forms

from curriculum.forms.parts import PartForm
from curriculum.models import Method, Topic
from netzkoord.lib.fields import PrintableField


class TopicForm(PartForm[Topic]):
    noun = "Das Thema"

    class Meta:
        model = Topic
        fields = ["name"]
        field_classes = {"name": PrintableField}
        help_texts = {"name": "Zum Beispiel „Netzwerk-Arten“. Auch Bedarfe werden nach Themen genannt."}


class MethodForm(PartForm[Method]):
    noun = "Die Methode"

    class Meta:
        model = Method
        fields = ["name", "description", "material"]
        field_classes = {"name": PrintableField, "description": PrintableField, "material": PrintableField}
        widgets = {"material": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"description": "So, dass eine Trainerin oder ein Trainer danach arbeiten kann."}
