"""Input about achievements and time that was made up."""

import datetime
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from curriculum.models.schedule import validate_plausible
from netzkoord.lib.editing import SeenModelForm
from netzkoord.lib.fields import DateInput, LatinField
from netzkoord.lib.names import validate_text
from netzkoord.templatetags.german import MINUTES_PER_UE, decimal_comma, long_date, ue
from participants.models import MOST_MADE_UP, MOST_UNITS, Achievement, AchievementKind, MadeUpTime
from participants.queries.achievements import AchievementRow, CountingDays

HUNDREDTH, MINUTE = Decimal("0.01"), Decimal(1)
IN_FUTURE = "Dieser Tag liegt in der Zukunft. Eingetragen wird, was abgeschlossen ist."
NO_NUMBER = "Bitte geben Sie den Umfang in UE als Zahl an, zum Beispiel 2 oder 1,5."
TOO_MUCH = f"Bitte prüfen Sie den Umfang: Mehr als {MOST_MADE_UP} UE holt niemand nach."


def day_objection(day: datetime.date, counting: CountingDays, *, is_of_the_course: bool) -> str:
    """Why this cannot be the day; empty when it can. What belongs to the course is not over before it begins."""
    if day > timezone.localdate():
        return IN_FUTURE
    if is_of_the_course and counting.first_on and day < counting.first_on:
        return (
            f"Dieser Tag liegt vor dem ersten Termin des Durchgangs am {long_date(counting.first_on)}. "
            "Bitte prüfen Sie das Datum."
        )
    if counting.last_on and day > counting.last_on:
        return (
            f"Für diesen Durchgang zählt, was bis {long_date(counting.last_on)} abgeschlossen ist. "
            "Soll es später noch zählen, verlängern Sie zuerst die Frist zum Nachholen beim Durchgang."
        )
    return ""


class UnitsField(forms.Field):
    """An amount in UE, with a comma or a point; its value is whole minutes."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int):
            return value
        units = (Decimal(value) / MINUTES_PER_UE).quantize(HUNDREDTH, ROUND_HALF_UP).normalize()
        return f"{units:f}".replace(".", ",")

    def to_python(self, value: Any) -> int | None:
        text = str(value or "").strip().replace(",", ".")
        if not text:
            return None
        try:
            units = Decimal(text)
        except InvalidOperation:
            raise ValidationError(NO_NUMBER) from None
        if not units.is_finite() or units <= 0:
            raise ValidationError(NO_NUMBER)
        if units > MOST_MADE_UP:
            raise ValidationError(TOO_MUCH)
        return max(1, int((units * MINUTES_PER_UE).quantize(MINUTE, ROUND_HALF_UP)))


class OfRegistrationForm(SeenModelForm[Any]):
    """About a row that belongs to a registration, whose rules are asked although it is no field."""

    def _get_validation_exclusions(self) -> set[str]:
        exclude: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # unknown to the stubs
        return exclude - {"registration", "kind"}


class AchievementForm(OfRegistrationForm):
    """One achievement of one person; `counting` says which days count."""

    class Meta:
        model = Achievement
        fields = ["title", "completed_on", "units"]
        widgets = {"completed_on": DateInput}
        field_classes = {"title": LatinField}
        labels = {"title": "Titel", "completed_on": "Abgeschlossen am", "units": "Umfang in UE"}
        help_texts = {
            "title": "Steht auf dem Zertifikat.",
            "units": "Steht auf dem Zertifikat neben den UE des Durchgangs.",
        }

    def __init__(self, data: QueryDict | None = None, *, counting: CountingDays, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.counting = counting
        if self.instance.kind == AchievementKind.COLLOQUIUM:
            del self.fields["title"], self.fields["units"]
            self.fields["completed_on"].label = "Kolloquium am"
        else:
            self.fields["units"].widget.attrs |= {"min": 1, "max": MOST_UNITS}

    def clean_completed_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["completed_on"]
        is_of_the_course = self.instance.kind == AchievementKind.COLLOQUIUM
        if objection := day_objection(day, self.counting, is_of_the_course=is_of_the_course):
            raise ValidationError(objection)
        return day


class AchievementForManyForm(forms.Form):
    """„Bei allen Ausgewählten: Kolloquium am …“"""

    kind = forms.ChoiceField(
        label="Leistung",
        error_messages={"required": "Bitte wählen Sie, was abgeschlossen ist."},
    )
    completed_on = forms.DateField(label="Abgeschlossen am", widget=DateInput, validators=[validate_plausible])
    people = forms.TypedMultipleChoiceField(
        label="Personen", coerce=int, error_messages={"required": "Bitte wählen Sie mindestens eine Person aus."}
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        kinds: Iterable[AchievementKind],
        rows: Iterable[AchievementRow],
        counting: CountingDays,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.counting = counting
        kind, people = self.fields["kind"], self.fields["people"]
        assert isinstance(kind, forms.ChoiceField)  # noqa: S101 -- for the type checker
        assert isinstance(people, forms.TypedMultipleChoiceField)  # noqa: S101 -- as above
        kind.choices = [("", "Bitte wählen"), *((each.value, each.label) for each in kinds)]
        people.choices = [(row.registration.pk, row.registration.full_name) for row in rows]

    def clean_completed_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["completed_on"]
        is_of_the_course = self.cleaned_data.get("kind") == AchievementKind.COLLOQUIUM
        if objection := day_objection(day, self.counting, is_of_the_course=is_of_the_course):
            raise ValidationError(objection)
        return day


class MadeUpForm(OfRegistrationForm):
    """Time that one person has made up; `room` are the minutes that this person may still make up at most.

    The last of the `counting` days is that until which something can be made up.
    """

    minutes = UnitsField(label="Umfang in UE")

    class Meta:
        model = MadeUpTime
        fields = ["minutes", "made_up_on", "how"]
        widgets = {"made_up_on": DateInput}
        labels = {"made_up_on": "Nachgeholt am", "how": "Wie nachgeholt"}
        help_texts = {"how": "Zum Beispiel: Termin in einem anderen Durchgang, Aufgabe mit Rückmeldung."}

    def __init__(self, data: QueryDict | None = None, *, room: int, counting: CountingDays, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.room, self.counting = room, counting
        self.fields["minutes"].help_text = f"Gefehlt und noch nicht nachgeholt: {ue(room)}."
        if counting.last_on:
            self.fields["made_up_on"].help_text = f"Nachholen ist möglich bis {long_date(counting.last_on)}."
        self.fields["how"].validators.append(validate_text)

    def clean_minutes(self) -> int:
        """What reads like all that was missed is all that was missed."""
        minutes: int = self.cleaned_data["minutes"]
        if minutes <= self.room:
            return minutes
        if self.room and in_tenths(minutes) == in_tenths(self.room):
            return self.room
        raise ValidationError(
            f"Nachholen lässt sich nur, was gefehlt hat: höchstens {ue(self.room)}. "
            "Bitte prüfen Sie den Umfang oder die Anwesenheit."
        )

    def clean_made_up_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["made_up_on"]
        if objection := day_objection(day, self.counting, is_of_the_course=True):
            raise ValidationError(objection)
        return day


def in_tenths(minutes: int) -> str:
    return decimal_comma(minutes / MINUTES_PER_UE)
