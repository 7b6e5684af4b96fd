"""Input about the needs of a cohort: taking up candidates, what is known of a need, one cell of the matrix."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from curriculum.models import AgendaItem, Cohort, Module, SessionAudience, Unit
from evaluation.models import Coverage, CoverageDegree, Need
from evaluation.queries.candidates import Candidate, Candidates
from netzkoord.lib.editing import SeenModelForm
from netzkoord.lib.fields import PrintableField, choose_from

NOTHING_CHOSEN = "Wählen Sie mindestens eine Angabe aus."
NOT_OFFERED = "Was Sie gewählt haben, ist schon aufgenommen oder nicht mehr da. Wählen Sie noch einmal aus."
CELL_CHANGED = (
    "Inzwischen hat jemand anderes diese Angabe geändert. Dort steht jetzt: „{}“. "
    "Ihre Eingabe ist hier noch da; wenn Sie erneut speichern, ersetzt sie die andere."
)
NO_TITLE = "Geben Sie dem neuen Bedarf einen Titel, oder wählen Sie einen, den es schon gibt."
TWO_WAYS = "Wählen Sie einen Bedarf, den es schon gibt, oder geben Sie einem neuen einen Titel, nicht beides."
KNOWN = "Diesen Bedarf hat der Durchgang schon. Wählen Sie ihn in der Liste, oder nennen Sie den neuen anders."
TITLE_TAKEN = "So heißt schon ein anderer Bedarf dieses Durchgangs. Nennen Sie diesen anders."

NOT_AT_ALL = "NONE"


class CandidatesField(forms.MultipleChoiceField):
    """Some of the candidates that come from one place, or none; that anything is chosen at all, the form checks."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {"invalid_choice": NOT_OFFERED, "invalid_list": NOT_OFFERED}

    def __init__(self, *, label: str) -> None:
        super().__init__(label=label)

    def validate(self, value: list[str]) -> None:
        if value:
            super().validate(value)


class GatherForm(forms.Form):
    """Several candidates become one need, or are added to one that is there."""

    walls = CandidatesField(label="Von den Kartenwänden")
    topics = CandidatesField(label="Aus den bewerteten Themen")
    words = CandidatesField(label="Mit eigenen Worten")
    title = PrintableField(
        label="Titel des neuen Bedarfs",
        max_length=120,
        required=False,
        help_text="Bei einer einzelnen Spalte oder einem Thema gilt deren Name, wenn Sie nichts eintragen.",
    )
    audience = forms.ChoiceField(label="Wer hat den neuen Bedarf?", choices=SessionAudience)
    need = forms.ModelChoiceField(
        queryset=Need.objects.none(), label="Oder zu diesem Bedarf", required=False, empty_label="keinem"
    )

    def __init__(self, *args: Any, cohort: Cohort, candidates: Candidates, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cohort = cohort
        self.titles = {candidate.key: candidate.title for candidate in candidates.all}
        self.places = ["walls", "topics", "words"]
        for name in self.places:
            offered: list[Candidate] = getattr(candidates, name)
            field = cast("forms.MultipleChoiceField", self.fields[name])
            field.choices = [(candidate.key, candidate.label) for candidate in offered]
        choose_from(self.fields["need"], cohort.needs.order_by("title"))
        self.fields["audience"].initial = SessionAudience.BOTH

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.errors:
            return data
        if not self.chosen:
            raise forms.ValidationError(NOTHING_CHOSEN)
        title, need = data["title"] or self.title_of(self.chosen), data["need"]
        if need and data["title"]:
            self.add_error("need", TWO_WAYS)
        elif not need and not title:
            self.add_error("title", NO_TITLE)
        elif not need and self.cohort.needs.filter(title=title).exists():
            self.add_error("title", KNOWN)
        return data | {"title": title}

    @property
    def chosen(self) -> list[str]:
        """The keys of all that was chosen; valid forms only."""
        return [key for name in self.places for key in self.cleaned_data[name]]

    def title_of(self, keys: list[str]) -> str:
        """The name of what was chosen alone."""
        return self.titles[keys[0]] if len(keys) == 1 else ""

    @property
    def chosen_need(self) -> Need:
        """The one that was chosen, or a new one that is not stored; valid forms only."""
        need: Need | None = self.cleaned_data["need"]
        title, audience = self.cleaned_data["title"], self.cleaned_data["audience"]
        return need or Need(cohort=self.cohort, title=title, audience=audience)


class NeedForm(SeenModelForm[Need]):
    class Meta:
        model = Need
        fields = ["title", "audience", "understanding", "outcome"]
        field_classes = {"title": PrintableField}
        labels = {"audience": "Wer hat den Bedarf?"}
        widgets = {"understanding": forms.Textarea(attrs={"rows": 4}), "outcome": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "understanding": "In einem Satz: Was brauchen die Teilnehmenden, und wozu? Nennen Sie keine Namen.",
            "outcome": (
                "Zum Beispiel: Wo es behandelt wurde, oder warum es dieses Mal nicht ging. "
                "Das lesen auch die Teilnehmenden; nennen Sie keine Namen."
            ),
        }

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        if Need.objects.filter(cohort=self.instance.cohort_id, title=title).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(TITLE_TAKEN)
        return title


class CoverageForm(forms.Form):
    """How far one module serves one need, and with which of its units, or with which point of its courses.

    The page carries what it showed (`seen`): what somebody else has stored since is replaced only once it was read.
    """

    degree = forms.ChoiceField(
        label="Abdeckung",
        choices=[*CoverageDegree.choices, (NOT_AT_ALL, "nicht gedeckt")],
        initial=NOT_AT_ALL,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Wählen Sie eine der drei Angaben."),
    )
    unit = forms.ModelChoiceField(
        queryset=Unit.objects.none(),
        label="Mit welchem Baustein?",
        required=False,
        empty_label="mit dem Modul als Ganzem",
        error_messages={"invalid_choice": "Wählen Sie einen Baustein dieses Moduls."},
    )
    point = forms.ModelChoiceField(
        queryset=AgendaItem.objects.none(),
        label="Oder mit welchem eigenen Punkt im Ablauf?",
        required=False,
        empty_label="mit keinem",
        help_text="Wird er aus dem Ablauf entfernt, zählt die Abdeckung nicht mehr.",
        error_messages={"invalid_choice": "Diesen Punkt gibt es im Ablauf nicht mehr. Wählen Sie einen anderen."},
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        module: Module,
        points: QuerySet[AgendaItem],
        stored: Coverage | None,
        proposed: str | None = None,
        **kwargs: Any,
    ) -> None:
        """`proposed` is the key of a unit to begin with, as an address says it."""
        super().__init__(*args, **kwargs)
        units = Unit.objects.filter(module=module)
        choose_from(self.fields["unit"], units)
        choose_from(self.fields["point"], points)
        if not points:
            del self.fields["point"]
        self.stored = stored
        self.initial["seen"] = state_of(stored)
        if stored:
            self.initial["degree"] = stored.degree
            self.initial["unit"] = units.filter(key=stored.unit.key).first() if stored.unit else None
            self.initial["point"] = stored.point_id
        elif proposed:
            self.initial["unit"] = proposed

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("unit") and data.get("point"):
            self.add_error("point", "Wählen Sie einen Baustein oder einen eigenen Punkt, nicht beides.")
        seen = data.pop("seen", "")
        if seen and seen != state_of(self.stored) and not self.is_stored(data):
            self.add_error("degree", CELL_CHANGED.format(words_of(self.stored)))
            self.data = dict(self.data.items()) | {"seen": state_of(self.stored)}
        return data

    def is_stored(self, data: dict[str, Any]) -> bool:
        """Whether what was sent stands there already."""
        if self.stored is None:
            return not data.get("degree")
        sent = (data.get("degree"), data.get("unit"), data.get("point"))
        return sent == (self.stored.degree, self.stored.unit, self.stored.point)

    def clean_degree(self) -> str:
        """Empty where the module does not serve the need."""
        degree: str = self.cleaned_data["degree"]
        return "" if degree == NOT_AT_ALL else degree


def state_of(stored: Coverage | None) -> str:
    """Stands for exactly what a cell has."""
    return f"{stored.degree}-{stored.unit_id}-{stored.point_id}" if stored else NOT_AT_ALL


def words_of(stored: Coverage | None) -> str:
    if stored is None:
        return "nicht gedeckt"
    return f"{stored.get_degree_display()}, mit {stored.means}" if stored.means else stored.get_degree_display()
