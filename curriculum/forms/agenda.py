"""Input about the course of a session (Ablaufplan)."""

from typing import Any

from django import forms

from curriculum.actions.agenda import NewPoint
from curriculum.models import AgendaItem, AgendaKind, SessionDay, Unit
from curriculum.models.concept import LONGEST_UNIT
from curriculum.queries.agenda import SessionAgenda
from netzkoord.lib.editing import SeenModelForm
from netzkoord.lib.fields import PrintableField, choose_from
from netzkoord.templatetags.german import german_date

BREAK, REPORT, OTHER = "pause", "erlebnisbericht", "eigener"
MINUTES_ERROR = f"Ein Punkt dauert zwischen 1 und {LONGEST_UNIT} Minuten."


class DayField(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django's is not generic at run time
    def label_from_instance(self, day: Any) -> str:
        return german_date(day.date)


def minutes_field(*, required: bool, help_text: str = "") -> forms.IntegerField:
    messages = {"min_value": MINUTES_ERROR, "max_value": MINUTES_ERROR}
    return forms.IntegerField(
        label="Minuten",
        required=required,
        min_value=1,
        max_value=LONGEST_UNIT,
        error_messages=messages,
        help_text=help_text,
    )


class NewPointForm(forms.Form):
    """A unit of the module, a break, or a point of one's own; it goes to the end of the day."""

    day = DayField(queryset=SessionDay.objects.none(), label="Tag", empty_label=None)
    what = forms.ChoiceField(label="Was")
    title = PrintableField(
        label="Bezeichnung",
        required=False,
        max_length=200,
        help_text="Für einen eigenen Punkt nötig, zum Beispiel „Begrüßung“. Ein Baustein hat schon seinen Titel.",
    )
    minutes = minutes_field(
        required=False, help_text="Bei einem Baustein leer lassen: Es gilt, was von ihm noch nicht eingeplant ist."
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, agenda: SessionAgenda, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {f"baustein-{unit.pk}": unit for unit in agenda.units}
        self.placed = agenda.placed
        choose_from(self.fields["day"], SessionDay.objects.filter(session=agenda.session))
        self.fields["day"].initial = next((day.day for day in agenda.days if not day.rows), None)
        self.fields["seen"].initial = sum(len(day.rows) for day in agenda.days)
        what = self.fields["what"]
        assert isinstance(what, forms.ChoiceField)  # noqa: S101 -- for the type checker
        what.choices = [
            ("", "Bitte wählen"),
            ("Bausteine des Moduls", [(key, self.label_of(unit)) for key, unit in self.units.items()]),
            ("Anderes", [(BREAK, "Pause"), (REPORT, "Erlebnisbericht"), (OTHER, "Eigener Punkt")]),
        ]

    def label_of(self, unit: Unit) -> str:
        left = unit.minutes - self.placed[unit.pk]
        return f"{unit} (noch {left}\u00a0Minuten)" if left > 0 else f"{unit} (eingeplant)"

    def clean(self) -> dict[str, Any] | None:
        super().clean()
        what, unit = self.cleaned_data.get("what"), self.unit
        if unit and not self.cleaned_data.get("minutes") and "minutes" not in self.errors:
            self.cleaned_data["minutes"] = unit.minutes - self.placed[unit.pk]
            if self.cleaned_data["minutes"] <= 0:
                self.add_error("minutes", "Der Baustein ist schon ganz eingeplant. Wie lange soll er noch dauern?")
        elif what and not self.cleaned_data.get("minutes") and "minutes" not in self.errors:
            self.add_error("minutes", "Wie lange dauert dieser Punkt?")
        if what == OTHER and not self.cleaned_data.get("title") and "title" not in self.errors:
            self.add_error("title", "Wie heißt dieser Punkt?")
        return self.cleaned_data

    @property
    def unit(self) -> Unit | None:
        return self.units.get(self.cleaned_data.get("what", ""))

    @property
    def point(self) -> NewPoint:
        data = self.cleaned_data
        if self.unit:
            return NewPoint(AgendaKind.UNIT, data["minutes"], self.unit, data["title"])
        if data["what"] == BREAK:
            return NewPoint(AgendaKind.BREAK, data["minutes"], title=data["title"] or "Pause")
        if data["what"] == REPORT:
            return NewPoint(AgendaKind.REPORT, data["minutes"], title=data["title"] or "Erlebnisbericht")
        return NewPoint(AgendaKind.OTHER, data["minutes"], title=data["title"])


class PointForm(SeenModelForm[AgendaItem]):
    """Title and minutes of a point; what it is stays."""

    title = PrintableField(label="Bezeichnung", required=False, max_length=200)
    minutes = minutes_field(required=True)

    class Meta:
        model = AgendaItem
        fields = ["title", "minutes"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.unit:
            self.fields["title"].help_text = f"Ohne Angabe gilt der Titel des Bausteins: „{self.instance.unit}“."
        else:
            self.fields["title"].required = True
