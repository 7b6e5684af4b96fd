"""Input about cohorts."""

import datetime
import re
from functools import partial
from typing import Any

from django import forms
from django.db.models import Max, Min
from django.http import QueryDict
from django.utils.http import urlencode

from curriculum.certificate_rule import FIXED_FIELDS, RULE_FIELDS
from curriculum.forms.planning import state_field, venue_field, weeks_field
from curriculum.models import Cohort, CohortState, Edition, EditionStatus, Session, Venue
from curriculum.models.schedule import LATEST, validate_plausible
from curriculum.queries.selection_rules import lot_drawn_at
from netzkoord.lib.editing import SeenModelForm
from netzkoord.lib.fields import DateInput, LatinField, choose_from
from netzkoord.templatetags.german import german_date, long_date

RULE_STANDS = (
    "Inzwischen ist der Durchgang ausgeschrieben. Die Regel für Bescheinigungen steht damit fest; "
    "was Sie daran ändern wollten, ist nicht gespeichert. Alles andere können Sie jetzt speichern."
)
ORDERS = ["title", "-title", "registration_closes_on", "-registration_closes_on", "first_on", "-first_on"]


class CohortFilterForm(forms.Form):
    """Filter and order of the list; what makes no sense is ignored."""

    text = forms.CharField(label="Titel enthält", max_length=200, required=False)
    state = forms.ChoiceField(label="Stand", choices=[("", "alle"), *CohortState.choices], required=False)
    order = forms.ChoiceField(
        choices=[(order, order) for order in ORDERS], required=False, widget=forms.HiddenInput
    )

    def filters(self) -> dict[str, str]:
        """The valid part of what was asked for."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value}


class CohortForm(SeenModelForm[Cohort]):
    class Meta:
        model = Cohort
        fields = [
            "title",
            "places",
            "registration_opens_on",
            "registration_closes_on",
            "moves_up_automatically",
            "offer_days",
            "asks_approval",
            *RULE_FIELDS,
            "contact_email",
        ]
        widgets = dict.fromkeys(["registration_opens_on", "registration_closes_on", "make_up_until"], DateInput)
        field_classes = {"title": LatinField}
        help_texts = {
            "title": "So heißt der Durchgang überall, auch in Mails und auf Bescheinigungen.",
            "places": "Jedes Tandem braucht zwei Plätze.",
            "registration_opens_on": "Vorher melden sich nur Eingeladene an. "
            "Leer lassen, wenn sich alle anmelden können, sobald der Durchgang ausgeschrieben ist.",
            "registration_closes_on": "Bis zum Ende dieses Tages kann man sich anmelden.",
            "moves_up_automatically": "Nach Anmeldeschluss und Auswahl werden freie Plätze den Nächsten angeboten. "
            "Ohne Häkchen bietet die Organisation sie selbst an.",
            "offer_days": "So lange bleibt ein angebotener Platz reserviert, "
            "höchstens bis zum Abend vor dem ersten Termin.",
            "asks_approval": "Wer sich anmeldet, nennt die vorgesetzte Person; sie bekommt einen Link.",
            "attendance_threshold_percent": "So viel der Zeit muss eine Person da gewesen sein, "
            "um die Teilnahmebescheinigung zu erhalten. Wer weniger da war, erhält eine über die besuchte Zeit.",
            "grants_certificate": "Ohne Häkchen gibt es nur die Teilnahmebescheinigung; "
            "die drei nächsten Angaben bedeuten dann nichts.",
            "certificate_threshold_percent": "Besuchte und nachgeholte Zeit zusammen.",
            "make_up_until": "Bis dahin zählen nachgeholte Zeit, Praxisprojekt und Kolloquium. "
            "Leer lassen, wenn nach dem letzten Termin nichts mehr nachgeholt werden kann.",
            "contact_email": "Steht in der Ausschreibung und in den Mails.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.announced_at:
            for name in FIXED_FIELDS:
                del self.fields[name]

    def clean(self) -> dict[str, Any] | None:
        super().clean()
        closes_on = self.cleaned_data.get("registration_closes_on")
        sessions = self.instance.sessions.not_cancelled() if self.instance.pk else Session.objects.none()
        days = sessions.aggregate(first_on=Min("days__date"), last_on=Max("days__date"))
        check_closing_date(self, closes_on, days["first_on"])
        self.check_make_up(days["last_on"])
        if self.instance.announced_at:
            self.refuse_changed_rule()
        if self.instance.pk and closes_on and closes_on != self.initial["registration_closes_on"]:
            self.refuse_after_lot()
        if self.cleaned_data.get("places", 0) and self.cleaned_data["places"] < self.instance.places_taken:
            self.add_error("places", overbooked_sentence(self.instance))
        return self.cleaned_data

    def check_make_up(self, last_on: datetime.date | None) -> None:
        """Once announced the time limit may only be moved to a later day; a new one lies after the last session."""
        if "make_up_until" not in self.cleaned_data:
            return
        before, until = self.initial.get("make_up_until"), self.cleaned_data["make_up_until"]
        if self.instance.announced_at and before and (until is None or until < before):
            self.add_error(
                "make_up_until",
                f"Die Frist bis {long_date(before)} steht in der Ausschreibung. Bitte lassen Sie sie stehen "
                "oder nennen Sie einen späteren Tag.",
            )
        elif until and until != before and last_on and until <= last_on:
            self.add_error(
                "make_up_until",
                f"Nachgeholt wird nach dem letzten Termin, {german_date(last_on)}. "
                "Bitte nennen Sie einen späteren Tag.",
            )

    def refuse_changed_rule(self) -> None:
        """Sent from a page that was made before the cohort was announced: what was typed is not dropped unsaid."""
        if "certificate_threshold_percent" not in self.data:
            return
        stored = {name: getattr(self.instance, name) for name in FIXED_FIELDS}
        if any(self.data.get(name, "") != as_sent(value) for name, value in stored.items()):
            self.add_error(None, RULE_STANDS)

    def refuse_after_lot(self) -> None:
        """Who registered after the lot was drawn could know the order before."""
        if drawn_at := lot_drawn_at(self.instance):
            self.add_error(
                "registration_closes_on",
                f"Der Anmeldeschluss bleibt: Das Los ist am {german_date(drawn_at)} gezogen. "
                "Wer sich jetzt noch anmelden könnte, wüsste vorher, wie es ausgeht.",
            )


def as_sent(value: bool | int) -> str:
    """As a browser sends it: a tick is „on“ or nothing."""
    if isinstance(value, bool):
        return "on" if value else ""
    return str(value)


def overbooked_sentence(cohort: Cohort) -> str:
    """What the database's own rule says; a form leaves out rules about fields that it does not have."""
    rule = next(rule for rule in Cohort._meta.constraints if rule.name == "cohort_not_overbooked")
    return f"{rule.violation_error_message} Vergeben oder angeboten sind {cohort.places_taken}."


class NewCohortForm(CohortForm):
    class Meta(CohortForm.Meta):
        fields = ["edition", *CohortForm.Meta.fields]
        help_texts = CohortForm.Meta.help_texts | {
            "edition": "Der Durchgang behält diese Fassung, auch wenn später eine neue erscheint."
        }

    # Not of the cohort, but of the plan that is proposed next.
    first_on = forms.DateField(
        label="Erster Tag",
        required=False,
        widget=DateInput,
        validators=[validate_plausible],
        help_text="Daraus entsteht ein Vorschlag für alle Termine, ohne Wochenenden und Feiertage.",
    )
    weeks_between = weeks_field()
    venue = venue_field()
    state = state_field()

    PLAN_FIELDS = ("first_on", "weeks_between", "venue", "state")
    field_order = ["edition", "title", *PLAN_FIELDS, "registration_opens_on", "registration_closes_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        edition = self.fields["edition"]
        assert isinstance(edition, forms.ModelChoiceField)  # noqa: S101 -- for the type checker
        edition.queryset = Edition.objects.published().select_related("programme")
        edition.empty_label = "Bitte wählen"
        edition.error_messages["invalid_choice"] = (
            "Diese Fassung steht nicht mehr zur Wahl; vielleicht ist sie eben archiviert worden. "
            "Bitte wählen Sie eine andere."
        )
        self.initial.setdefault("edition", usual_edition())
        choose_from(self.fields["venue"], Venue.objects.all())

    def clean(self) -> dict[str, Any] | None:
        super().clean()
        data = self.cleaned_data
        check_closing_date(self, data.get("registration_closes_on"), data.get("first_on"))
        return data

    def plan_query(self) -> str:
        """What the page of the plan needs for its proposal; empty without a first day."""
        if not self.cleaned_data.get("first_on"):
            return ""
        values = {name: self.cleaned_data.get(name) for name in self.PLAN_FIELDS}
        return "?" + urlencode({name: getattr(value, "pk", value) for name, value in values.items() if value})


def check_closing_date(
    form: forms.BaseForm, closes_on: datetime.date | None, first_on: datetime.date | None
) -> None:
    """Registration ends before the first day."""
    if closes_on and first_on and closes_on >= first_on:
        form.add_error(
            "registration_closes_on", f"Der Anmeldeschluss muss vor dem ersten Tag liegen, {german_date(first_on)}."
        )


class CopyCohortForm(forms.ModelForm[Cohort]):
    """„Neuer Durchgang wie dieser“: everything else is taken from the earlier cohort, read `with_dates()`."""

    first_on = forms.DateField(label="Beginn in der Woche vom", widget=DateInput, validators=[validate_plausible])

    class Meta:
        model = Cohort
        fields = ["title", "edition", "first_on", "registration_opens_on", "registration_closes_on"]
        widgets = {"registration_opens_on": DateInput, "registration_closes_on": DateInput}
        field_classes = {"title": LatinField}
        help_texts = {
            name: CohortForm.Meta.help_texts[name] for name in ("registration_opens_on", "registration_closes_on")
        }

    def __init__(
        self, data: QueryDict | None = None, *, source: Cohort, initial: dict[str, Any] | None = None
    ) -> None:
        instance = Cohort(
            places=source.places,
            offer_days=source.offer_days,
            moves_up_automatically=source.moves_up_automatically,
            asks_approval=source.asks_approval,
            **{name: getattr(source, name) for name in FIXED_FIELDS},
            contact_email=source.contact_email,
        )
        super().__init__(data, instance=instance, initial=initial)
        self.old_first_on, self.old_last_on = source.first_on, source.last_on
        choose_from(self.fields["edition"], offered_editions(source))
        self.fields["edition"].empty_label = None  # type: ignore[attr-defined]  # a ModelChoiceField
        if source.first_on:
            first_on = german_date(source.first_on)
            self.fields["first_on"].help_text = f"Bisher am {first_on}. Wochentage und Abstände bleiben."

    @property
    def weeks(self) -> int:
        """By how many weeks the sessions move: from the week of the old first day to the week of the new one."""
        if not self.old_first_on:
            return 0
        mondays = [day - datetime.timedelta(days=day.weekday()) for day in (self.old_first_on, self.new_week)]
        return (mondays[1] - mondays[0]).days // 7

    def leaves_the_century(self) -> bool:
        return self.old_last_on is not None and (LATEST - self.old_last_on).days < self.weeks * 7

    @property
    def new_week(self) -> datetime.date:
        first_on: datetime.date = self.cleaned_data["first_on"]
        return first_on

    def clean(self) -> dict[str, Any] | None:
        super().clean()
        check_closing_date(self, self.cleaned_data.get("registration_closes_on"), self.cleaned_data.get("first_on"))
        if "first_on" in self.cleaned_data and self.leaves_the_century():
            self.add_error("first_on", "Bitte prüfen Sie das Jahr: Der letzte Termin läge nach 2099.")
        return self.cleaned_data


def usual_edition() -> Edition | None:
    """The edition of the latest cohort, if that can still be taken; without cohorts the only one there is."""
    published = Edition.objects.published()
    latest = published.filter(cohorts__isnull=False).order_by("-cohorts__pk").first()
    return latest or (published.get() if published.count() == 1 else None)


def offered_editions(source: Cohort) -> Any:
    """The edition of the earlier cohort, unless archived, and the newest published one of the same programme."""
    newest = Edition.objects.published().filter(programme=source.edition.programme_id).order_by("-number")[:1]
    keys = [source.edition_id, *newest.values_list("pk", flat=True)]
    offered = Edition.objects.filter(pk__in=keys).exclude(status=EditionStatus.ARCHIVED)
    return offered.select_related("programme")


# „2027“, or „2027/28“ for a cohort that goes on into the next year
YEARS = re.compile(r"\b(20\d\d)(?:/(\d\d))?\b")


def title_for_copy(source: Cohort) -> str:
    """The title with the next year that is free, or with a number where it names no year."""
    taken = set(Cohort.objects.values_list("title", flat=True))
    for step in range(1, 100):
        title = YEARS.sub(partial(later, years=step), source.title)
        if title == source.title:
            title = f"{source.title[:190]} ({step + 1})"
        if title not in taken:
            return title
    return ""


def later(match: re.Match[str], *, years: int) -> str:
    year, end = match.groups()
    return f"{int(year) + years}" + (f"/{(int(end) + years) % 100:02}" if end else "")
