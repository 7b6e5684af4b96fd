"""Input about areas, competences, levels of responsibility, and the matrix of target levels."""

import functools
import json
from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from curriculum.forms.parts import PartForm
from curriculum.models import Audience, Competence, CompetenceArea, Edition, Module, ResponsibilityLevel
from curriculum.queries.competences import LEVEL_WORDS, Cascade, CascadeRow, Cell, LevelTargets
from netzkoord.lib.editing import read_seen
from netzkoord.lib.fields import LatinField, PrintableField, SeveralField, choose_from

SHORT = forms.Textarea(attrs={"rows": 3})
# „nicht verlangt“ is a decision; where none was made, the select says so in other words than the matrix does.
UNDECIDED = "noch offen"
CHOICES = [("", UNDECIDED), *((str(level), f"{level} {word}") for level, word in enumerate(LEVEL_WORDS))]
LevelFields = tuple[str, list[tuple[str, forms.BoundField]]]


class AreaForm(PartForm[CompetenceArea]):
    noun = "Der Kompetenzbereich"

    class Meta:
        model = CompetenceArea
        fields = ["name"]
        field_classes = {"name": PrintableField}


class LevelForm(PartForm[ResponsibilityLevel]):
    noun = "Die Ebene"

    class Meta:
        model = ResponsibilityLevel
        fields = ["kind", "question", "responsible", "products"]
        field_classes = {"question": PrintableField, "responsible": PrintableField, "products": PrintableField}
        widgets = {"responsible": SHORT, "products": SHORT}
        help_texts = {
            "question": "Die Frage, die auf dieser Ebene beantwortet wird, zum Beispiel „Wozu? Auftrag, Werte“.",
            "responsible": "Wer hier entscheidet, in der Verwaltung und in der Zivilgesellschaft.",
        }


class CompetenceForm(PartForm[Competence]):
    noun = "Die Kompetenz"

    modules = SeveralField(
        queryset=Module.objects.none(),
        label="Module, die sie fördern",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Competence
        fields = ["area", "name", "description", *(f"behaviour_{level}" for level in range(5)), "modules"]
        field_classes = {"name": LatinField} | dict.fromkeys(
            ["description", *(f"behaviour_{level}" for level in range(5))], PrintableField
        )
        widgets = dict.fromkeys(["description", *(f"behaviour_{level}" for level in range(5))], SHORT)
        labels = {
            f"behaviour_{level}": f"Verhalten auf Stufe {level} ({word})" for level, word in enumerate(LEVEL_WORDS)
        }
        help_texts = {
            "description": "Was jemand kann, der diese Kompetenz hat.",
            "behaviour_0": "Woran man die Stufe im Alltag erkennt: was die Person tut, sagt oder lässt.",
        }

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self.fields["area"], edition.competence_areas.all())
        choose_from(self.fields["modules"], edition.modules.all())


@functools.cache
def options(chosen: str) -> SafeString:
    """All levels as options, one of them chosen."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, mark_safe(" selected") if value == chosen else "", label) for value, label in CHOICES),
    )


class LevelSelect(forms.Select):
    """A select of levels, made without a template: a large edition has hundreds of them on one page."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = value if value in dict(CHOICES) else ""
        all_attrs = self.build_attrs(self.attrs, attrs)
        return format_html('<select name="{}"{}>{}</select>', name, flatatt(all_attrs), options(chosen))


class TargetsForm(forms.Form):
    """All targets of an edition as one matrix of selects, which loses nothing when two people are at it.

    The page carries what it showed. A cell that only the other has changed stays as the other left it; a cell
    that both changed differently is refused once, with the other's value. A cell that the page did not have is
    left alone.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, cascade: Cascade, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cascade = cascade
        self.cells: dict[str, Cell] = {}
        self.stored: dict[str, str] = {}
        for area in cascade.areas:
            for row in area.rows:
                for group in row.groups:
                    self.add_cells(row, group)
        self.initial = self.stored | {"seen": json.dumps({name: [value] for name, value in self.stored.items()})}

    def add_cells(self, row: CascadeRow, group: LevelTargets) -> None:
        """One select for each audience and one for the tandem, in the order of the columns."""
        for (track, label), target in zip(self.columns(), group.cells, strict=True):
            name = f"c{row.competence.pk}-e{group.level.pk}-{f't{track}' if track else 'tandem'}"
            self.cells[name] = (row.competence.pk, track, group.level.pk)
            self.stored[name] = "" if target.level is None else str(target.level)
            self.fields[name] = forms.ChoiceField(
                label=f"{row.competence.name}, {group.level.get_kind_display()}, {label}",
                choices=CHOICES,
                required=False,
                widget=LevelSelect,
            )

    def columns(self) -> list[tuple[int | None, str]]:
        """The track of each column below a level, and whom it is about."""
        return [*((track.pk, Audience(track.audience).label) for track in self.cascade.tracks), (None, "Tandem")]

    def clean(self) -> dict[str, Any]:
        super().clean()
        seen = read_seen(self.data.get("seen", ""))
        clashes = [name for name in self.cells if name in self.cleaned_data and self.is_clash(name, seen.get(name))]
        for name in clashes:
            self.add_error(name, self.conflict_sentence(name))
        if clashes:
            data = {name: self.data[name] for name in self.data}
            data["seen"] = self.initial["seen"]
            # What only the other has changed was settled above; the page that goes out shows it.
            for name in self.cells:
                if name not in clashes and self.kept(name, seen):
                    data[name] = self.stored[name]
            self.data = data
        return self.cleaned_data

    def is_clash(self, name: str, seen: list[str] | None) -> bool:
        """Both changed the cell, and not to the same."""
        return (
            name in self.data
            and seen is not None
            and seen != [self.stored[name]]
            and [self.cleaned_data[name]] != seen
            and self.cleaned_data[name] != self.stored[name]
        )

    def kept(self, name: str, seen: dict[str, list[str]]) -> bool:
        """The sender left the cell as the page showed it, so that the stored value stands."""
        return name not in self.data or seen.get(name) == [self.cleaned_data.get(name)]

    def conflict_sentence(self, name: str) -> str:
        return (
            f"Inzwischen hat jemand anderes diese Zielstufe geändert, auf „{dict(CHOICES)[self.stored[name]]}“. "
            "Ihre Wahl ist hier noch da; wenn Sie erneut speichern, gilt sie."
        )

    def targets(self) -> dict[Cell, int | None]:
        """What the sender changed."""
        seen = read_seen(self.data.get("seen", ""))
        return {
            cell: int(self.cleaned_data[name]) if self.cleaned_data[name] else None
            for name, cell in self.cells.items()
            if not self.kept(name, seen)
        }

    def areas(self) -> Iterator[tuple[str, list[tuple[str, list[LevelFields]]]]]:
        """The matrix as the page lays it out: areas, competences, levels, and the selects of each by column."""
        names = iter(self.cells)
        for area in self.cascade.areas:
            yield area.area.name, [(row.competence.name, self.level_fields(row, names)) for row in area.rows]

    def level_fields(self, row: CascadeRow, names: Iterator[str]) -> list[LevelFields]:
        return [
            (group.level.get_kind_display(), [(label, self[next(names)]) for _, label in self.columns()])
            for group in row.groups
        ]
