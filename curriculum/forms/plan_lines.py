"""Input about the lines of a plan: a form for each, and all of them together."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe

from curriculum.forms.planning import NO_TRAINER, NO_VENUE, NOTHING, Choices, VenueSelect, offer
from curriculum.forms.sessions import HoursForm, refuse_skipped
from curriculum.models import Audience, SessionAudience
from curriculum.models.schedule import LATEST, validate_plausible
from curriculum.planning import MAX_DAYS, Hours
from curriculum.queries.planning import Entry, PlanLine
from netzkoord.lib.widgets import (
    DrawnCheckbox,
    DrawnDate,
    DrawnHidden,
    DrawnNumber,
    DrawnSelect,
    DrawnTime,
    DrawnUrl,
)
from netzkoord.models import User

CHECKED = mark_safe(" checked")


class PeopleBoxes(forms.CheckboxSelectMultiple):
    """A box for each person with its label, likewise all at once."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        chosen = {escape(key) for key in self.format_value(value)}
        name, group = escape(name), escape((attrs or {}).get("id", name))
        return format_html_join(
            "",
            '<div class="plan-option"><input type="checkbox" name="{}" value="{}" id="{}"{}>'
            '<label for="{}">{}</label></div>',
            (
                (name, key, target, CHECKED if key in chosen else NOTHING, target, label)
                for place, (key, label) in enumerate(self.choices)
                for target in [mark_safe(f"{group}_{place}")]  # noqa: S308 -- escaped above
            ),
        )


@dataclass(frozen=True)
class LineProblem:
    """What is wrong with one field of a line: its id, its name without that of the line, the sentences."""

    target: str
    label: str
    messages: tuple[str, ...]


class PlanLineForm(HoursForm):
    """One line of the plan; empty without a first day."""

    audience = forms.ChoiceField(
        label="Für",
        widget=DrawnSelect,
        error_messages={"invalid_choice": "Für diese Zielgruppe ist das Modul nicht gedacht."},
    )
    first_on = forms.DateField(
        label="Erster Tag", required=False, widget=DrawnDate, validators=[validate_plausible]
    )
    day_count = forms.IntegerField(
        label="Tage",
        required=False,
        widget=DrawnNumber,
        min_value=1,
        max_value=MAX_DAYS,
        error_messages={
            "min_value": "Ein Termin hat mindestens einen Tag.",
            "max_value": f"Ein Termin dauert höchstens {MAX_DAYS} Tage.",
        },
    )
    starts_at = forms.TimeField(label="Beginn", required=False, widget=DrawnTime)
    ends_at = forms.TimeField(label="Ende", required=False, widget=DrawnTime)
    break_minutes = forms.IntegerField(
        label="Pausen",
        required=False,
        widget=DrawnNumber,
        min_value=0,
        max_value=1440,
        error_messages={
            "min_value": "Pausen dauern 0 Minuten oder länger.",
            "max_value": "Pausen dauern höchstens 1440 Minuten.",
        },
    )
    venue = forms.ChoiceField(
        label="Ort",
        required=False,
        widget=VenueSelect,
        error_messages={"invalid_choice": NO_VENUE},
    )
    online_url = forms.URLField(
        label="Adresse, wenn online",
        required=False,
        widget=DrawnUrl,
        max_length=500,
        assume_scheme="https",
        error_messages={"invalid": "Das ist keine Adresse im Netz. Sie beginnt mit https://."},
    )
    trainers = forms.MultipleChoiceField(
        label="Training",
        required=False,
        widget=PeopleBoxes,
        error_messages={"invalid_choice": NO_TRAINER},
    )
    fixed = forms.BooleanField(label="Bei neuem Vorschlag so lassen", required=False, widget=DrawnCheckbox)
    seen = forms.CharField(required=False, widget=DrawnHidden)
    shown = forms.CharField(required=False, widget=DrawnHidden)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        line: PlanLine,
        choices: Choices,
        entry: Entry | None = None,
        fixed: bool = False,
    ) -> None:
        self.line, self.choices = line, choices
        self.initial_entry = shown = entry or line.entry
        initial = entry_values(shown) | {
            "fixed": fixed,
            "seen": line.entry.fingerprint,
            "shown": shown.fingerprint,
        }
        super().__init__(data, prefix=line.key, initial=initial, use_required_attribute=False)
        self.possible = choices.trainers_for(line.entry)
        audiences = audience_choices(line)
        offer(self.fields["audience"], audiences)
        if len(audiences) == 1:
            self.fields["audience"].widget = DrawnHidden()
        offer(self.fields["venue"], choices.venue_options)
        offer(self.fields["trainers"], choices.options_for(self.possible))
        for field in self.fields.values():
            if field.label:
                field.label = f"{field.label}, {line.name}"

    @property
    def problems(self) -> list[LineProblem]:
        """They stand below the fields of the line, which are too narrow for sentences."""
        return [
            LineProblem(self[name].auto_id, str(self.base_fields[name].label or ""), tuple(map(str, messages)))
            for name, messages in self.errors.items()
        ]

    @property
    def marks(self) -> SafeString:
        """What the line carries unseen."""
        fields = [self[name] for name in ("seen", "shown")]
        return format_html_join(
            "", '<input type="hidden" name="{}" value="{}">', ((field.html_name, field.value()) for field in fields)
        )

    @property
    def is_online_open(self) -> bool:
        """Whether the field for the address is shown at once: it holds something."""
        return bool(self["online_url"].value())

    @property
    def is_people_wrong(self) -> bool:
        return "trainers" in self.errors

    @property
    def chosen_names(self) -> str:
        return ", ".join(trainer.get_full_name() for trainer in self.chosen_trainers) or "noch niemand"

    @property
    def chosen_trainers(self) -> list[User]:
        """Whoever is ticked, as far as they may be."""
        value = self["trainers"].value() or []
        return [self.possible[str(key)] for key in value if str(key) in self.possible]

    def clean(self) -> dict[str, Any] | None:
        super().clean()
        if self.cleaned_data.get("first_on"):
            self.check_dated()
        elif "first_on" not in self.errors and self.line.days:
            self.add_error(
                "first_on",
                "Diesen Termin gibt es schon. Geben Sie einen Tag ein, oder löschen Sie ihn auf seiner Seite.",
            )
        if not self.errors:
            self.check_seen()
        return self.cleaned_data

    def check_dated(self) -> None:
        data = self.cleaned_data
        for name in ("day_count", "starts_at", "ends_at", "break_minutes"):
            if data.get(name) is None and name not in self.errors:
                self.add_error(name, "Ein Termin mit einem Tag braucht auch diese Angabe.")
        if self.errors:
            return
        if self.entry.dates[-1] > LATEST:
            self.add_error("first_on", "Bitte prüfen Sie das Jahr: Es liegt zwischen 2000 und 2099.")
        refuse_skipped(self, self.entry.dates)
        if any(index >= data["day_count"] for index in self.line.days_with_agenda):
            self.add_error(
                "day_count",
                "An einem Tag, der wegfällt, steht schon ein Ablauf. Kürzen Sie den Termin auf seiner Seite.",
            )

    def check_seen(self) -> None:
        """Somebody else has stored this line since the page was made, and not the same."""
        stored, mine = self.line.entry.fingerprint, self.entry.fingerprint
        seen = self.cleaned_data["seen"]
        if stored in (seen, mine):
            return
        if mine == seen:
            self.cleaned_data["is_untouched"] = True
            return
        self.add_error(
            "first_on",
            f"Inzwischen hat jemand anderes diese Zeile gespeichert. Dort steht jetzt: „{self.line.entry.text}“. "
            "Ihre Eingabe ist hier noch da; wenn Sie erneut speichern, ersetzt sie die andere.",
        )
        self.data = changed(self.data, {self.add_prefix("seen"): stored})

    @property
    def entry(self) -> Entry:
        """What was typed; what the other has stored where this person changed nothing."""
        data = self.cleaned_data
        if data.get("is_untouched"):
            return self.line.entry
        usual = self.line.entry.hours
        breaks = data["break_minutes"]
        return Entry(
            audience=SessionAudience(data["audience"]),
            first_on=data.get("first_on"),
            day_count=data["day_count"] or 1,
            hours=Hours(
                data["starts_at"] or usual.starts_at,
                data["ends_at"] or usual.ends_at,
                usual.break_minutes if breaks is None else breaks,
            ),
            venue=self.choices.venues.get(data["venue"]),
            online_url=data["online_url"],
            trainers=tuple(self.possible[key] for key in data["trainers"]),
            fallback_state=self.line.entry.fallback_state,
        )

    @property
    def shown_entry(self) -> Entry:
        """What the page says beside the line: nothing where the input cannot be understood."""
        if not self.is_bound:
            return self.initial_entry
        return self.entry if self.is_valid() else Entry(self.line.entry.audience)

    @property
    def is_kept(self) -> bool:
        """Ticked, changed by hand since it was shown, or not to be understood: a new proposal leaves it alone."""
        return self["fixed"].value() or not self.is_valid() or self.entry.fingerprint != self.cleaned_data["shown"]

    def keep(self) -> None:
        """Show the tick, so that it can be seen and taken off."""
        shown = self.entry.fingerprint if self.is_valid() else self["shown"].value()
        self.data = changed(self.data, {self.add_prefix("fixed"): "on", self.add_prefix("shown"): shown})


def changed(data: Any, values: Mapping[str, str]) -> QueryDict:
    copy: QueryDict = data.copy()
    for name, value in values.items():
        copy[name] = value
    return copy


def audience_choices(line: PlanLine) -> list[tuple[str, str]]:
    """Both or one of those the module is for; what is stored stays possible."""
    single = [SessionAudience(audience.value) for audience in line.audiences]
    several = [SessionAudience.BOTH] if len(single) != 1 else []
    offered = dict.fromkeys([*several, *single, line.entry.audience])
    return [(choice.value, choice.label) for choice in offered]


def entry_values(entry: Entry) -> dict[str, Any]:
    return {
        "audience": entry.audience.value,
        "first_on": entry.first_on,
        "day_count": entry.day_count,
        "starts_at": entry.hours.starts_at,
        "ends_at": entry.hours.ends_at,
        "break_minutes": entry.hours.break_minutes,
        "venue": str(entry.venue.pk) if entry.venue else "",
        "online_url": entry.online_url,
        "trainers": [str(trainer.pk) for trainer in entry.trainers],
    }


class PlanForm:
    """All lines that can be edited, each with the key of its line as prefix; nothing else that is sent counts.

    Not a form set: the lines are those of the cohort, whatever a page sends. The summary of errors reads it like a
    form, by `non_field_errors` and by the fields it yields.
    """

    def __init__(
        self, forms: Sequence[PlanLineForm], *, data: QueryDict | None = None, closed: Collection[PlanLine] = ()
    ) -> None:
        self.forms, self.data, self.closed = forms, data, closed
        if data is not None:
            self.refuse_doubles()

    def __iter__(self) -> Iterator[BoundField]:
        """The fields in which something is wrong."""
        return (form[name] for form in self.forms for name in form.fields if name in form.errors)

    def is_valid(self) -> bool:
        return self.data is not None and not self.non_field_errors() and all(form.is_valid() for form in self.forms)

    def non_field_errors(self) -> list[str]:
        """Lines that were sent, but have become too varied for a line since the page was made."""
        return [
            f"{line.name} hat inzwischen verschiedene Tage und wird auf der Seite des Termins bearbeitet."
            for line in self.closed
            if f"{line.key}-first_on" in (self.data or {})
        ]

    def refuse_doubles(self) -> None:
        """A module is held once for the same people."""
        taken: dict[int, set[Audience]] = defaultdict(set)
        for line in self.closed:
            taken[line.module.pk] |= set(line.entry.audience.audiences)
        for form in self.forms:
            if form.is_valid() and form.entry.first_on:
                own = set(form.entry.audience.audiences)
                if own & taken[form.line.module.pk]:
                    form.add_error("audience", "Für diese Zielgruppe hat das Modul schon einen Termin.")
                taken[form.line.module.pk] |= own

    def changes(self) -> list[tuple[PlanLine, Entry]]:
        """What is to be stored: dated lines that differ from what is stored."""
        return [
            (form.line, form.entry)
            for form in self.forms
            if form.entry.first_on and form.entry.fingerprint != form.line.entry.fingerprint
        ]
