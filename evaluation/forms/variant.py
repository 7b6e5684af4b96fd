"""Input for „Was wäre, wenn“: another course of one session, and the need that it is to serve."""

from typing import Any

from django import forms
from django.db.models import TextChoices

from curriculum.forms.agenda import minutes_field
from curriculum.models import Cohort, Session, Unit
from evaluation.models import CoverageDegree, Need
from evaluation.queries.variants import Variant, changeable_sessions, is_adopted, units_in_course
from netzkoord.lib.fields import PrintableField, choose_from

NOT_IN_COURSE = "Dieser Baustein steht nicht im Ablauf des gewählten Termins. Wählen Sie einen anderen."
OF_OTHER_MODULE = "Dieser Baustein gehört nicht zum Modul des gewählten Termins. Wählen Sie einen anderen."
ADOPTED = "Das ist schon übernommen: Dieser Baustein steht nicht mehr im Ablauf, und was ihn ersetzt, steht darin."
SAME_UNIT = "Ein Baustein kann nicht zugleich entfallen und mehr Zeit bekommen."
NO_UNIT = "Wählen Sie den Baustein, der mehr Zeit bekommt."
NEED_GONE = "Diesen Bedarf gibt es in diesem Durchgang nicht. Wählen Sie einen anderen."
SESSION_GONE = "Dieser Termin ist abgesagt, hat schon begonnen oder hat keinen Ablauf. Wählen Sie einen anderen."
NO_TITLE = "Geben Sie dem eigenen Punkt eine Bezeichnung."
REPORT = "Erlebnisbericht"


class Step(TextChoices):
    LONGER = "LONGER", "Ein Baustein bekommt mehr Zeit"
    REPORT = "REPORT", "Ein Erlebnisbericht kommt dazu"
    OWN = "OWN", "Ein eigener Punkt kommt dazu"


class UnitField(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django's is not generic at run time
    def label_from_instance(self, unit: Any) -> str:
        return f"{unit.module.code}: {unit}"


class VariantForm(forms.Form):
    need = forms.ModelChoiceField(
        queryset=Need.objects.none(),
        label="Welchem Bedarf soll es dienen?",
        empty_label="Bitte wählen",
        error_messages={"invalid_choice": NEED_GONE},
    )
    degree = forms.ChoiceField(
        label="Wie weit wäre er damit gedeckt?", choices=CoverageDegree, widget=forms.RadioSelect
    )
    session = forms.ModelChoiceField(
        queryset=Session.objects.none(),
        label="In welchem Termin?",
        empty_label="Bitte wählen",
        error_messages={"invalid_choice": SESSION_GONE},
    )
    step = forms.ChoiceField(label="Was ändert sich?", choices=Step, widget=forms.RadioSelect)
    unit = UnitField(
        queryset=Unit.objects.none(),
        label="Welcher Baustein bekommt mehr Zeit?",
        required=False,
        empty_label="keiner",
        help_text="Nötig, wenn ein Baustein mehr Zeit bekommt; sonst bleibt es bei „keiner“.",
    )
    title = PrintableField(
        label="Bezeichnung im Ablauf",
        max_length=200,
        required=False,
        help_text="Nötig für einen eigenen Punkt; ein Erlebnisbericht heißt ohne Bezeichnung „Erlebnisbericht“.",
    )
    minutes = minutes_field(required=True)
    leave_out = UnitField(
        queryset=Unit.objects.none(),
        label="Welcher Baustein entfällt dafür?",
        required=False,
        empty_label="keiner; der Termin wird länger",
    )

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Unit.objects.filter(module__edition=cohort.edition_id).select_related("module")
        choose_from(self.fields["need"], cohort.needs.with_weight().order_by("title"))
        choose_from(self.fields["session"], changeable_sessions(cohort))
        for name in ("unit", "leave_out"):
            choose_from(self.fields[name], units.order_by("module__position", "position"))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        session, unit, leave_out = (data.get(name) for name in ("session", "unit", "leave_out"))
        if data.get("step") == Step.OWN and not data.get("title") and "title" not in self.errors:
            self.add_error("title", NO_TITLE)
        if data.get("step") == Step.LONGER:
            self.check_longer(session, unit, leave_out)
        if session and leave_out and not units_in_course(session).filter(pk=leave_out.pk).exists():
            is_done = not self.errors and is_adopted(self.variant)
            self.add_error("leave_out", ADOPTED if is_done else NOT_IN_COURSE)
        return data

    def check_longer(self, session: Session | None, unit: Unit | None, leave_out: Unit | None) -> None:
        if unit is None:
            if "unit" not in self.errors:
                self.add_error("unit", NO_UNIT)
        elif unit == leave_out:
            self.add_error("leave_out", SAME_UNIT)
        elif session and unit.module_id != session.module_id:
            self.add_error("unit", OF_OTHER_MODULE)

    @property
    def variant(self) -> Variant:
        """Valid forms only."""
        data = self.cleaned_data
        is_longer = data["step"] == Step.LONGER
        default = REPORT if data["step"] == Step.REPORT else ""
        return Variant(
            session=data["session"],
            leave_out=data["leave_out"],
            unit=data["unit"] if is_longer else None,
            title="" if is_longer else data["title"] or default,
            minutes=data["minutes"],
            need=data["need"],
            degree=CoverageDegree(data["degree"]),
            is_report=data["step"] == Step.REPORT,
        )
