"""Input about the plan of a cohort: what its lines offer, and what a proposal starts from."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.http import QueryDict
from django.utils.choices import BaseChoiceIterator
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from curriculum.forms.sessions import HoursForm
from curriculum.models import Venue
from curriculum.models.schedule import validate_plausible
from curriculum.planning import MAX_WEEKS, USUAL_HOURS, USUAL_WEEKS, Hours, Terms, days_needed
from curriculum.queries.planning import Entry, PlanLine, PlanTerms
from netzkoord import roles
from netzkoord.lib.fields import DateInput, TimeInput
from netzkoord.lib.states import State
from netzkoord.lib.widgets import DrawnCheckboxes, DrawnHidden, DrawnSelect
from netzkoord.models import User

STATES = [("", "vom Ort übernehmen"), *sorted(State.choices, key=lambda choice: choice[1])]
NO_VENUE_YET = "noch offen oder online"
NO_VENUE = "Diesen Ort gibt es nicht mehr. Bitte wählen Sie einen aus der Liste."
NO_TRAINER = "Eine dieser Personen kann nicht trainieren: Ihr Konto ist geschlossen oder hat die Rolle nicht."
SELECTED, NOTHING = mark_safe(" selected"), mark_safe("")

# What the box of a proposal says of each line, in the order in which `shown` carries it.
SHOWN = ("venue", "hours", "trainers")


def weeks_field() -> forms.IntegerField:
    return forms.IntegerField(
        label="Wochen von Modul zu Modul",
        required=False,
        min_value=1,
        max_value=MAX_WEEKS,
        initial=USUAL_WEEKS,
        error_messages={
            "min_value": "Zwischen zwei Modulen liegt mindestens eine Woche.",
            "max_value": f"Zwischen zwei Modulen liegen höchstens {MAX_WEEKS} Wochen.",
        },
    )


def venue_field() -> forms.ModelChoiceField[Venue]:
    return forms.ModelChoiceField(
        queryset=Venue.objects.none(),
        label="Ort",
        required=False,
        empty_label=NO_VENUE_YET,
        error_messages={"invalid_choice": NO_VENUE},
    )


def state_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Land für Feiertage und Ferien",
        choices=STATES,
        required=False,
        widget=DrawnSelect,
        error_messages={"invalid_choice": "Dieses Land gibt es nicht. Bitte wählen Sie eines aus der Liste."},
    )


class Options(BaseChoiceIterator):
    """Choices that stand in every line: escaped once, and not looked through again for each line."""

    def __init__(self, choices: Iterable[tuple[str, str]]) -> None:
        self.escaped = [(escape(key), escape(label)) for key, label in choices]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.escaped)


class VenueSelect(forms.Select):
    """The HTML of Django's `select.html`, all options drawn at once: a plan has hundreds of them."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        chosen = {escape(key) for key in self.format_value(value)}
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((key, SELECTED if key in chosen else NOTHING, label) for key, label in self.choices),
        )
        return format_html(
            '<select name="{}"{}>{}</select>', name, flatatt(self.build_attrs(self.attrs, attrs)), options
        )


class Choices:
    """The venues and trainers to choose from, read once for all lines; two queries."""

    def __init__(self) -> None:
        self.venues = {str(venue.pk): venue for venue in Venue.objects.all()}
        trainers = User.objects.filter(groups__name=roles.TRAINER, is_active=True)
        self.trainers = {str(trainer.pk): trainer for trainer in trainers}
        self.venue_options = Options([("", NO_VENUE_YET), *((key, str(own)) for key, own in self.venues.items())])
        self.trainer_options = people_options(self.trainers)

    def trainers_for(self, entry: Entry) -> dict[str, User]:
        """Active trainers, and whoever is to teach already."""
        return self.trainers | {str(trainer.pk): trainer for trainer in entry.trainers}

    def options_for(self, people: Mapping[str, User]) -> Options:
        return self.trainer_options if len(people) == len(self.trainers) else people_options(people)


def offer(field: forms.Field, choices: Iterable[tuple[str, str]]) -> None:
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- for the type checker
    field.choices = choices


def people_options(people: Mapping[str, User]) -> Options:
    return Options((key, person.get_full_name()) for key, person in people.items())


class ProposalForm(HoursForm):
    """What the proposal of all days starts from; sent by GET or with the whole plan.

    `shown` carries what the page had shown of venue, hours and trainers: a line that has its own keeps them unless
    they were changed here.
    """

    first_on = forms.DateField(
        label="Erster Tag",
        widget=DateInput,
        validators=[validate_plausible],
    )
    weeks_between = weeks_field()
    venue = forms.ChoiceField(
        label="Ort", required=False, widget=VenueSelect, error_messages={"invalid_choice": NO_VENUE}
    )
    state = state_field()
    starts_at = forms.TimeField(label="Beginn", widget=TimeInput, required=False)
    ends_at = forms.TimeField(label="Ende", widget=TimeInput, required=False)
    break_minutes = forms.IntegerField(
        label="Pausen je Tag in Minuten", required=False, min_value=0, max_value=1440
    )
    trainers = forms.MultipleChoiceField(
        label="Trainerinnen und Trainer",
        required=False,
        widget=DrawnCheckboxes,
        error_messages={"invalid_choice": NO_TRAINER},
    )
    shown = forms.CharField(required=False, widget=DrawnHidden)

    def __init__(
        self, data: QueryDict | None = None, *, choices: Choices, initial: Mapping[str, Any] | None = None
    ) -> None:
        usual = terms_values(PlanTerms(first_on=None))
        super().__init__(data, initial=usual | dict(initial or {}), use_required_attribute=False)
        self.choices = choices
        offer(self.fields["venue"], choices.venue_options)
        offer(self.fields["trainers"], choices.trainer_options)

    @classmethod
    def showing(cls, terms: PlanTerms, *, choices: Choices) -> "ProposalForm":
        able = tuple(trainer for trainer in terms.trainers if str(trainer.pk) in choices.trainers)
        return cls(choices=choices, initial=terms_values(replace(terms, trainers=able)))

    @classmethod
    def asked(cls, query: QueryDict, *, choices: Choices) -> "ProposalForm":
        """From an address: what it does not say is as usual, and shown so."""
        data = query.copy()
        data.setdefault("weeks_between", str(USUAL_WEEKS))
        data.setdefault("starts_at", f"{USUAL_HOURS.starts_at:%H:%M}")
        data.setdefault("ends_at", f"{USUAL_HOURS.ends_at:%H:%M}")
        data.setdefault("break_minutes", str(USUAL_HOURS.break_minutes))
        return cls(data, choices=choices)

    def clean(self) -> dict[str, Any] | None:
        """What was left empty is as usual; then the hours are checked."""
        for name in ("weeks_between", "starts_at", "ends_at", "break_minutes"):
            if name not in self.errors and self.cleaned_data.get(name) is None:
                self.cleaned_data[name] = self.initial[name]
        return super().clean()

    @property
    def terms(self) -> PlanTerms:
        data = self.cleaned_data
        return PlanTerms(
            first_on=data["first_on"],
            weeks_between=data["weeks_between"],
            state=data["state"],
            hours=Hours(data["starts_at"], data["ends_at"], data["break_minutes"]),
            venue=self.choices.venues.get(data["venue"]),
            trainers=tuple(self.choices.trainers[key] for key in data["trainers"]),
        )

    @property
    def calendar(self) -> Terms:
        """The part that places the sessions."""
        return Terms(self.cleaned_data["first_on"], self.cleaned_data["weeks_between"])

    @property
    def changed_terms(self) -> set[str]:
        """Which of venue, hours and trainers are others than the page had shown."""
        shown = dict(zip(SHOWN, self.cleaned_data["shown"].split("|"), strict=False))
        return {name for name, text in shown_texts(self.terms).items() if text != shown.get(name)}

    def entry(self, line: PlanLine, now: Entry) -> Entry:
        """What the line is to be dated with: its own content, and from here what was changed or it leaves open."""
        terms, taken = self.terms, self.changed_terms | open_terms(now)
        hours = terms.hours if "hours" in taken else now.hours
        is_as_long = now.first_on is not None and hours == now.hours
        return replace(
            now,
            day_count=now.day_count if is_as_long else days_needed(line.planned_minutes, hours),
            hours=hours,
            venue=terms.venue if "venue" in taken else now.venue,
            trainers=terms.trainers if "trainers" in taken else now.trainers,
        )


def shown_texts(terms: PlanTerms) -> dict[str, str]:
    trainers = ",".join(sorted(str(trainer.pk) for trainer in terms.trainers))
    venue = str(terms.venue.pk) if terms.venue else ""
    return dict(zip(SHOWN, (venue, terms.hours.fingerprint, trainers), strict=True))


def terms_values(terms: PlanTerms) -> dict[str, Any]:
    return {
        "first_on": terms.first_on,
        "weeks_between": terms.weeks_between,
        "venue": str(terms.venue.pk) if terms.venue else "",
        "state": terms.state,
        "starts_at": terms.hours.starts_at,
        "ends_at": terms.hours.ends_at,
        "break_minutes": terms.hours.break_minutes,
        "trainers": [str(trainer.pk) for trainer in terms.trainers],
        "shown": "|".join(shown_texts(terms).values()),
    }


def open_terms(entry: Entry) -> set[str]:
    """What a line without a date has not said yet."""
    if entry.first_on:
        return set()
    is_open = {
        "venue": entry.is_place_open,
        "hours": entry.hours == USUAL_HOURS,
        "trainers": not entry.trainers,
    }
    return {name for name in SHOWN if is_open[name]}
