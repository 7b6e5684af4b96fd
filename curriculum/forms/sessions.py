"""Input about sessions and their days."""

import datetime
import uuid
from collections.abc import Collection, Iterable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.forms.models import BaseInlineFormSet, inlineformset_factory
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from curriculum.models import Audience, Cohort, Module, Session, SessionAudience, SessionDay, Venue
from curriculum.models.schedule import validate_plausible
from curriculum.planning import MAX_DAYS
from curriculum.queries.schedule import audiences_by_module
from netzkoord import roles
from netzkoord.lib.editing import SeenModelForm
from netzkoord.lib.fields import DateInput, SeveralField, TimeInput, choose_from
from netzkoord.models import User
from netzkoord.templatetags.german import german_date, german_time

NO_PLACE = (
    "Es fehlt, wo der Termin stattfindet: Wählen Sie einen Ort, oder geben Sie die Adresse der Online-Sitzung an."
)


class HoursForm(forms.Form):
    """Begin, end and breaks of a day."""

    def clean(self) -> dict[str, Any] | None:
        super().clean()
        starts_at, ends_at = self.cleaned_data.get("starts_at"), self.cleaned_data.get("ends_at")
        breaks = self.cleaned_data.get("break_minutes")
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends_at", "Das Ende liegt nicht nach dem Beginn.")
        elif starts_at and ends_at and breaks is not None and breaks >= minutes_between(starts_at, ends_at):
            self.add_error("break_minutes", "Die Pausen sind so lang wie der ganze Tag. Bitte kürzen.")
        return self.cleaned_data


def refuse_skipped(form: forms.BaseForm, dates: Iterable[datetime.date]) -> None:
    """An hour that the clocks jump over on one of these days cannot be kept."""
    for name in ("starts_at", "ends_at"):
        time = form.cleaned_data.get(name)
        if time and any(is_skipped(date, time) for date in dates):
            form.add_error(name, "Diese Uhrzeit gibt es nicht: In der Nacht wird die Uhr vorgestellt.")


def is_skipped(date: datetime.date, time: datetime.time) -> bool:
    """Whether the clocks jump over this local time."""
    local = datetime.datetime.combine(date, time, timezone.get_current_timezone())
    return local.astimezone(datetime.UTC).astimezone(timezone.get_current_timezone()).time() != time


def minutes_between(starts_at: datetime.time, ends_at: datetime.time) -> int:
    return (ends_at.hour - starts_at.hour) * 60 + ends_at.minute - starts_at.minute


def possible_trainers(session: Session | None) -> QuerySet[User]:
    """Active trainers, and whoever teaches this session already."""
    is_trainer = Q(groups__name=roles.TRAINER, is_active=True)
    if session is not None and session.pk:
        is_trainer |= Q(sessions=session)
    return User.objects.filter(is_trainer).distinct()


def trainers_field() -> SeveralField[User]:
    return SeveralField(
        queryset=User.objects.none(),
        label="Trainerinnen und Trainer",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Sie sehen diesen Termin, tragen die Anwesenheit ein und erhalten den Feedbackbericht.",
    )


def online_field() -> forms.URLField:
    return forms.URLField(
        label="Adresse der Online-Sitzung",
        required=False,
        max_length=500,
        assume_scheme="https",
        validators=[validate_https],
        help_text="Wenn der Termin online stattfindet, ganz oder zum Teil.",
    )


def validate_https(address: str) -> None:
    if not address.lower().startswith("https://"):
        raise ValidationError("Bitte eine Adresse angeben, die mit https:// beginnt.")


def validate_audience(module: Module, audience: SessionAudience, *, taken: Collection[Audience]) -> None:
    """Raises `ValidationError` when the module is not for these people, or when they have a session to it."""
    for one in audience.audiences:
        if one not in module.audiences:
            raise ValidationError(f"Das Modul ist nicht für {one.label} gedacht.")
        if one in taken:
            raise ValidationError(f"{one.label} haben zu diesem Modul schon einen Termin.")


def taken_audiences(cohort: Cohort, *, except_for: Session | None = None) -> dict[int, set[Audience]]:
    """Who has a session to a module in this cohort already, by the module's key."""
    others = cohort.sessions.not_cancelled()
    return audiences_by_module(others.exclude(pk=except_for.pk) if except_for else others)


def link_to_new_venue(cohort: Cohort) -> str:
    url = f"{reverse('curriculum:venue_add')}?durchgang={cohort.pk}"
    return format_html('Der Ort fehlt in der Liste? <a href="{}">Ort anlegen</a>', url)


class NewSessionForm(HoursForm):
    """A session on consecutive days with the same hours; single days are changed afterwards."""

    module = forms.ModelChoiceField(
        queryset=Module.objects.none(),
        label="Modul",
        empty_label="Bitte wählen",
        error_messages={"invalid_choice": "Zu diesem Modul hat der Durchgang schon einen Termin."},
    )
    audience = forms.ChoiceField(
        label="Für",
        choices=[("", "alle, für die das Modul gedacht ist"), *SessionAudience.choices],
        required=False,
        help_text="Führungs- und Koordinierungskräfte können zu einem Modul auch getrennte Termine haben.",
    )
    first_on = forms.DateField(label="Erster Tag", widget=DateInput, validators=[validate_plausible])
    last_on = forms.DateField(
        label="Letzter Tag",
        widget=DateInput,
        validators=[validate_plausible],
        help_text=f"Bei einem Tag derselbe; höchstens {MAX_DAYS} Tage.",
    )
    starts_at = forms.TimeField(label="Beginn", widget=TimeInput, initial=datetime.time(9, 0))
    ends_at = forms.TimeField(label="Ende", widget=TimeInput, initial=datetime.time(16, 30))
    break_minutes = forms.IntegerField(
        label="Pausen je Tag in Minuten",
        min_value=0,
        max_value=1440,
        initial=90,
        help_text="9:00 bis 16:30 Uhr mit 90 Minuten Pause sind 8\u00a0UE.",
    )
    venue = forms.ModelChoiceField(
        queryset=Venue.objects.none(), label="Ort", required=False, empty_label="kein Ort, nur online"
    )
    online_url = online_field()
    trainers = trainers_field()

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cohort = cohort
        self.taken: dict[int, set[Audience]] = {}
        self.offer_modules()
        choose_from(self.fields["venue"], Venue.objects.all())
        choose_from(self.fields["trainers"], possible_trainers(None))
        self.fields["venue"].help_text = link_to_new_venue(cohort)

    def offer_modules(self) -> None:
        """Those that somebody has no session to yet."""
        self.taken = taken_audiences(self.cohort)
        modules = self.cohort.edition.modules
        full = [
            module.pk
            for module in modules.prefetch_related("tracks")
            if not set(module.audiences) - self.taken.get(module.pk, set())
        ]
        choose_from(self.fields["module"], modules.exclude(pk__in=full))

    def full_clean(self) -> None:
        if self.is_bound:
            self.offer_modules()  # what is taken may have changed since the form was made
        super().full_clean()

    def clean(self) -> dict[str, Any] | None:
        super().clean()
        first_on, last_on = self.cleaned_data.get("first_on"), self.cleaned_data.get("last_on")
        if first_on and last_on and last_on < first_on:
            self.add_error("last_on", "Der letzte Tag liegt vor dem ersten.")
        elif first_on and last_on and (last_on - first_on).days >= MAX_DAYS:
            self.add_error("last_on", f"Ein Termin dauert höchstens {MAX_DAYS} Tage. Bitte prüfen Sie das Datum.")
        if not self.errors:
            refuse_skipped(self, [day.date for day in self.days()])
        if not self.cleaned_data.get("venue") and self.cleaned_data.get("online_url") == "":
            self.add_error("venue", NO_PLACE)
        if "module" in self.cleaned_data and "audience" in self.cleaned_data:
            self.choose_audience(self.cleaned_data["module"])
        return self.cleaned_data

    def choose_audience(self, module: Module) -> None:
        """Without a choice: those of the module's people who have no session to it yet."""
        taken = self.taken.get(module.pk, set())
        chosen = self.cleaned_data["audience"] or SessionAudience.of(set(module.audiences) - taken)
        self.cleaned_data["audience"] = SessionAudience(chosen)
        try:
            validate_audience(module, SessionAudience(chosen), taken=taken)
        except ValidationError as error:
            self.add_error("audience", error)

    def days(self) -> list[SessionDay]:
        """One unsaved day for each calendar day from the first to the last."""
        data = self.cleaned_data
        hours = {name: data[name] for name in ("starts_at", "ends_at", "break_minutes")}
        return [
            SessionDay(date=data["first_on"] + datetime.timedelta(days=offset), **hours)
            for offset in range((data["last_on"] - data["first_on"]).days + 1)
        ]


class AnnouncedSessionForm(SeenModelForm[Session]):
    """What can still be changed without telling anybody once people know the dates: who teaches."""

    trainers = trainers_field()

    class Meta:
        model = Session
        fields = ["trainers"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self.fields["trainers"], possible_trainers(self.instance))


class SessionForm(AnnouncedSessionForm):
    """While nobody knows the dates yet: for whom and where it is held as well.

    The module stays; another module is another session.
    """

    venue = forms.ModelChoiceField(
        queryset=Venue.objects.all(), label="Ort", required=False, empty_label="kein Ort, nur online"
    )
    online_url = online_field()

    class Meta(AnnouncedSessionForm.Meta):
        fields = ["audience", "venue", "online_url", "trainers"]

    def clean(self) -> dict[str, Any] | None:
        super().clean()
        if not self.cleaned_data.get("venue") and self.cleaned_data.get("online_url") == "":
            self.add_error("venue", NO_PLACE)
        return self.cleaned_data

    def clean_audience(self) -> str:
        audience = SessionAudience(self.cleaned_data["audience"])
        taken = taken_audiences(self.instance.cohort, except_for=self.instance)
        if audience != self.initial["audience"]:
            validate_audience(self.instance.module, audience, taken=taken.get(self.instance.module_id, set()))
        return audience


class PlaceForm(forms.ModelForm[Session]):
    """Where a session is held; part of moving it."""

    venue = forms.ModelChoiceField(
        queryset=Venue.objects.all(), label="Ort", required=False, empty_label="kein Ort, nur online"
    )
    online_url = online_field()

    class Meta:
        model = Session
        fields = ["venue", "online_url"]

    def clean(self) -> dict[str, Any] | None:
        super().clean()
        if not self.cleaned_data.get("venue") and self.cleaned_data.get("online_url") == "":
            self.add_error("venue", NO_PLACE)
        return self.cleaned_data


class SessionDayForm(HoursForm, forms.ModelForm[SessionDay]):
    class Meta:
        model = SessionDay
        fields = ["date", "starts_at", "ends_at", "break_minutes"]
        labels = {"date": "Datum"}
        widgets = {"date": DateInput, "starts_at": TimeInput, "ends_at": TimeInput}

    def clean(self) -> dict[str, Any] | None:
        super().clean()
        date = self.cleaned_data.get("date")
        refuse_skipped(self, [date] if date else [])
        return self.cleaned_data

    def _get_validation_exclusions(self) -> set[str]:
        # Whether a date is free depends on the other rows of the form set, which may swap dates: asked there.
        exclude: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # unknown to the stubs
        return exclude | {"session"}


class SessionDaysFormSet(BaseInlineFormSet[SessionDay, Session, SessionDayForm]):
    """The days of a session, one row each, with a blank row for one more."""

    def add_fields(self, form: SessionDayForm, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = "Diesen Tag entfernen"

    def clean(self) -> None:
        elsewhere = self.stored_elsewhere()
        seen = set()
        for form in self.forms:
            date = form.cleaned_data.get("date") if form.is_valid() else None
            if date is None or form.cleaned_data.get("DELETE"):
                continue
            if date in seen:
                form.add_error("date", "Diesen Tag gibt es hier zweimal.")
            elif date in elsewhere and form.instance._state.adding:
                # Added meanwhile, by a second click or by somebody else: the day is changed, not doubled.
                form.instance.pk, form.instance.uid = elsewhere[date]
            seen.add(date)

        self.refuse_overtaken()

    @property
    def stored(self) -> str:
        """The days as they are stored now; the page carries it as „seen“."""
        return "; ".join(map(day_text, SessionDay.objects.filter(session=self.instance).order_by("date")))

    def refuse_overtaken(self) -> None:
        """Somebody else has stored other days since the page was made, and not those that were sent."""
        seen, stored = self.data.get(f"{self.prefix}-seen"), self.stored
        if seen is None or stored == seen or not all(form.is_valid() for form in self.forms):
            return
        kept = [form.instance for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        if stored != "; ".join(map(day_text, sorted(kept, key=lambda day: day.date))):
            raise ValidationError(
                f"Inzwischen hat jemand anderes die Tage geändert. Es gilt jetzt: {stored}. "
                "Ihre Eingabe ist hier noch da; wenn Sie erneut speichern, ersetzt sie die andere."
            )

    def stored_elsewhere(self) -> dict[datetime.date, tuple[int, uuid.UUID]]:
        """Key and calendar's identity of days, by date, that were stored after this form had been shown."""
        shown = [form.instance.pk for form in self.initial_forms]
        others = SessionDay.objects.filter(session=self.instance).exclude(pk__in=shown)
        return {date: (pk, uid) for date, pk, uid in others.values_list("date", "pk", "uid")}

    def refuse_removal(self) -> None:
        """Say at the rows that were to go that attendance was taken on one of those days."""
        for form in self.deleted_forms:
            form.add_error("DELETE", "Der Tag bleibt: Es ist schon Anwesenheit eingetragen.")


def day_text(day: SessionDay) -> str:
    hours = f"{german_time(day.starts_at)}–{german_time(day.ends_at)}\u00a0Uhr"
    return f"{german_date(day.date)}, {hours}, {day.break_minutes}\u00a0Minuten Pause"


def session_days(data: QueryDict | None, *, session: Session) -> SessionDaysFormSet:
    """The form set for the days of this session."""
    factory = inlineformset_factory(
        Session,
        SessionDay,
        form=SessionDayForm,
        formset=SessionDaysFormSet,
        extra=1,
        min_num=1,
        validate_min=True,
        max_num=MAX_DAYS,
        absolute_max=2 * MAX_DAYS,  # not a thousand forms for a forged count
        validate_max=True,
        can_delete_extra=False,
    )
    messages = {
        "too_few_forms": "Ein Termin hat mindestens einen Tag.",
        "too_many_forms": f"Ein Termin hat höchstens {MAX_DAYS} Tage.",
    }
    return cast(SessionDaysFormSet, factory(data, instance=session, prefix="tage", error_messages=messages))
