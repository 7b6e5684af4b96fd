"""The features of delivery that the curriculum knows: Erlebnisberichte and Haltung, in the plan and as carried out.

The third one, tandems, belongs to `participants`; `netzkoord.overview` puts the three together.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from curriculum.models import Cohort, Module, PracticeReport, Session, Unit


@dataclass(frozen=True)
class Missing:
    """What a feature still lacks, as a sentence, and the page on which it is mended."""

    text: str
    url: str


@dataclass(frozen=True)
class DeliveryFeatures:
    """How far one cohort has what its edition asks for.

    `modules`, `practice_reports` and `attitude` speak of the plan: modules, those with a unit for a report, those
    with a unit on attitude. The rest speaks of the modules that require the one or the other.
    """

    modules: int = 0
    practice_reports: int = 0
    attitude: int = 0
    reports_required: int = 0
    reports_planned: int = 0
    reports_released: int = 0
    missing_reports: tuple[Missing, ...] = ()
    attitude_required: int = 0
    missing_attitude: tuple[Missing, ...] = ()

    @property
    def attitude_present(self) -> int:
        return self.attitude_required - len(self.missing_attitude)


@dataclass(frozen=True)
class PlannedReport:
    """A report without its text."""

    pk: int
    practitioner: str
    is_written: bool
    is_released: bool


@dataclass(frozen=True)
class HeldModule:
    """A module in one cohort: its sessions that are not cancelled, and their reports."""

    cohort: Cohort
    module: Module
    sessions: tuple[Session, ...]
    reports: tuple[PlannedReport, ...]

    @property
    def is_released(self) -> bool:
        return any(report.is_released for report in self.reports)

    @property
    def missing_report(self) -> Missing | None:
        """A planned report is enough until the module is over; from then on it is to be released."""
        if not self.sessions:
            url = reverse("curriculum:session_add", args=[self.cohort.pk])
            text = f"{self.module.code}: Ohne Termin ist auch kein Erlebnisbericht geplant."
            return Missing(text, f"{url}?modul={self.module.pk}")
        if not self.reports:
            url = reverse("curriculum:practice_report_add", args=[self.cohort.pk])
            text = f"{self.module.code}: Es ist noch kein Erlebnisbericht geplant."
            return Missing(text, f"{url}?termin={self.sessions[0].pk}")
        if self.is_released or not all(is_over(session) for session in self.sessions):
            return None
        report = max(self.reports, key=lambda each: each.is_written)
        state = "liegt vor, ist aber noch nicht freigegeben" if report.is_written else "ist noch nicht geschrieben"
        text = f"{self.module.code}: Der Erlebnisbericht von {report.practitioner} {state}."
        return Missing(text, reverse("curriculum:practice_report_detail", args=[report.pk]))


def is_over(session: Session) -> bool:
    last_on: datetime.date | None = session.last_on
    return last_on is not None and last_on < timezone.localdate()


def delivery_features(cohorts: Sequence[Cohort]) -> dict[int, DeliveryFeatures]:
    """Erlebnisberichte and Haltung of each cohort, by its key; three queries for all."""
    modules: dict[int, list[Module]] = defaultdict(list)
    for module in modules_with_features(cohorts):
        modules[module.edition_id].append(module)
    sessions: dict[tuple[int, int], list[Session]] = defaultdict(list)
    for session in (
        Session.objects.filter(cohort__in=[cohort.pk for cohort in cohorts]).not_cancelled().with_dates()
    ):
        sessions[session.cohort_id, session.module_id].append(session)
    reports = planned_reports(cohorts)

    def held_module(cohort: Cohort, module: Module) -> HeldModule:
        own = tuple(sessions[cohort.pk, module.pk])
        return HeldModule(cohort, module, own, tuple(report for each in own for report in reports[each.pk]))

    return {
        cohort.pk: features_of([held_module(cohort, module) for module in modules[cohort.edition_id]])
        for cohort in cohorts
    }


def modules_with_features(cohorts: Iterable[Cohort]) -> Iterable[Module]:
    """The modules of all editions in question, with `has_report_unit` and `has_attitude_unit`."""
    units = Unit.objects.filter(module=OuterRef("pk"))
    return Module.objects.filter(edition__in={cohort.edition_id for cohort in cohorts}).annotate(
        has_report_unit=Exists(units.filter(has_practice_report=True)),
        has_attitude_unit=Exists(units.filter(is_about_attitude=True)),
    )


def planned_reports(cohorts: Iterable[Cohort]) -> dict[int, list[PlannedReport]]:
    """By session; the text itself stays in the database."""
    rows = (
        PracticeReport.objects.filter(session__cohort__in=[cohort.pk for cohort in cohorts])
        .annotate(is_written=~Q(text=""))
        .order_by("pk")
        .values_list("session", "pk", "practitioner", "is_written", "released_at")
    )
    found: dict[int, list[PlannedReport]] = defaultdict(list)
    for session, pk, practitioner, is_written, released_at in rows:
        found[session].append(PlannedReport(pk, practitioner, is_written, released_at is not None))
    return found


def features_of(held: Sequence[HeldModule]) -> DeliveryFeatures:
    with_report = [each for each in held if each.module.requires_practice_report]
    with_attitude = [each for each in held if each.module.requires_attitude_unit]
    return DeliveryFeatures(
        modules=len(held),
        practice_reports=sum(has(each, "has_report_unit") for each in held),
        attitude=sum(has(each, "has_attitude_unit") for each in held),
        reports_required=len(with_report),
        reports_planned=sum(bool(each.reports) for each in with_report),
        reports_released=sum(each.is_released for each in with_report),
        missing_reports=tuple(missing for each in with_report if (missing := each.missing_report)),
        attitude_required=len(with_attitude),
        missing_attitude=tuple(
            missing_attitude(each) for each in with_attitude if not has(each, "has_attitude_unit")
        ),
    )


def has(held: HeldModule, annotation: str) -> bool:
    return bool(getattr(held.module, annotation))


def missing_attitude(held: HeldModule) -> Missing:
    url = reverse("curriculum:edition_gaps", args=[held.module.edition_id])
    text = f"{held.module.code}: Das Modul verlangt einen Baustein zur Haltung, hat aber keinen."
    return Missing(text, f"{url}#merkmale")
