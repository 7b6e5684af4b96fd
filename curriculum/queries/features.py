"""The features of delivery that the curriculum knows: Erlebnisberichte and Haltung, in the plan and as carried out.

What a session has is what its course (Ablaufplan) holds; as long as it has none, what the edition plans for its
module. The third feature, tandems, belongs to `participants`; `netzkoord.overview` puts the three together.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from curriculum.models import AgendaItem, AgendaKind, Cohort, Module, PracticeReport, Session, Unit
from netzkoord.templatetags.german import german_date

REPORT_POINTS = Q(kind=AgendaKind.REPORT)
REPORT_PLACES = REPORT_POINTS | Q(unit__has_practice_report=True)
ATTITUDE_PLACES = Q(unit__is_about_attitude=True)


@dataclass(frozen=True)
class Missing:
    """What a feature still lacks, as a sentence, and the page on which it is mended."""

    text: str
    url: str


@dataclass(frozen=True)
class DeliveryFeatures:
    """How far one cohort has what its edition asks for.

    `modules`, `practice_reports` and `attitude` speak of the plan: modules, those with a place for a report, those
    with a unit on attitude; `…_left_out` are codes of modules whose unit stands in no course. The rest speaks of
    the modules that require the one or the other, or whose course has a point for a report.
    """

    modules: int = 0
    practice_reports: int = 0
    attitude: int = 0
    reports_left_out: tuple[str, ...] = ()
    attitude_left_out: tuple[str, ...] = ()
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
class Places:
    """What has a place in the plan of a module, or in the course of a session."""

    report: bool
    attitude: bool
    report_point: bool = False


Has = Callable[[Places], bool]


@dataclass(frozen=True)
class HeldModule:
    """A module in one cohort: its sessions that are not cancelled, what their courses hold, and their reports.

    A session without a course is missing in `courses`; it has what the edition plans.
    """

    cohort: Cohort
    module: Module
    planned: Places
    sessions: tuple[Session, ...]
    courses: Mapping[int, Places]
    reports: tuple[PlannedReport, ...]

    @property
    def is_released(self) -> bool:
        return any(report.is_released for report in self.reports)

    @property
    def expects_report(self) -> bool:
        return self.module.requires_practice_report or self.session_with_point is not None

    @property
    def session_with_point(self) -> Session | None:
        """The first one whose course has a point for a report."""
        return next((each for each in self.sessions if self.places(each).report_point), None)

    def places(self, session: Session) -> Places:
        return self.courses.get(session.pk, self.planned)

    def has(self, has: Has) -> bool:
        return self.lacking(has) is None if self.sessions else has(self.planned)

    def lacking(self, has: Has) -> Session | None:
        """A session of an audience that has it in none of its sessions."""
        for session in self.sessions:
            for audience in session.audiences:
                attended = [each for each in self.sessions if audience in each.audiences]
                if not any(has(self.places(each)) for each in attended):
                    return session
        return None

    def leaves_out(self, has: Has) -> bool:
        """The edition plans it, and the courses do not hold it."""
        return has(self.planned) and not self.has(has)

    @property
    def missing_report(self) -> Missing | None:
        """A planned report is enough until the module is over; from then on it is to be released."""
        if not self.sessions:
            url = reverse("curriculum:session_add", args=[self.cohort.pk])
            text = f"{self.module.code}: Ohne Termin ist auch kein Erlebnisbericht geplant."
            return Missing(text, f"{url}?modul={self.module.pk}")
        if not self.reports:
            return self.unplanned_report
        if self.is_released or not all(is_over(session) for session in self.sessions):
            return None
        report = max(self.reports, key=lambda each: each.is_written)
        state = "liegt vor, ist aber noch nicht freigegeben" if report.is_written else "ist noch nicht geschrieben"
        text = f"{self.module.code}: Der Erlebnisbericht von {report.practitioner} {state}."
        return Missing(text, reverse("curriculum:practice_report_detail", args=[report.pk]))

    @property
    def unplanned_report(self) -> Missing:
        point = self.session_with_point
        url = reverse("curriculum:practice_report_add", args=[self.cohort.pk])
        text = "Im Ablauf steht ein Erlebnisbericht, aber noch nicht, wer berichtet."
        text = text if point else "Es ist noch kein Erlebnisbericht geplant."
        return Missing(f"{self.module.code}: {text}", f"{url}?termin={(point or self.sessions[0]).pk}")

    @property
    def missing_attitude(self) -> Missing:
        """Of a module that requires a unit on attitude and has none."""
        session = self.lacking(has_attitude)
        if session is None or not self.planned.attitude:
            url = reverse("curriculum:edition_gaps", args=[self.module.edition_id])
            text = f"{self.module.code}: Das Modul verlangt einen Baustein zur Haltung, hat aber keinen."
            return Missing(text, f"{url}#merkmale")
        on = f" vom {german_date(session.first_on)}" if session.first_on else ""
        text = f"{self.module.code}: Im Ablauf{on} fehlt der Baustein zur Haltung, den das Modul verlangt."
        return Missing(text, reverse("curriculum:agenda_edit", args=[session.pk]))


def has_report(places: Places) -> bool:
    return places.report


def has_attitude(places: Places) -> bool:
    return places.attitude


def is_over(session: Session) -> bool:
    last_on: datetime.date | None = session.last_on
    return last_on is not None and last_on < timezone.localdate()


def delivery_features(cohorts: Sequence[Cohort]) -> dict[int, DeliveryFeatures]:
    """Erlebnisberichte and Haltung of each cohort, by its key; four queries for all."""
    modules: dict[int, list[Module]] = defaultdict(list)
    for module in modules_with_features(cohorts):
        modules[module.edition_id].append(module)
    sessions: dict[tuple[int, int], list[Session]] = defaultdict(list)
    for session in (
        Session.objects.filter(cohort__in=[cohort.pk for cohort in cohorts]).not_cancelled().with_dates()
    ):
        sessions[session.cohort_id, session.module_id].append(session)
    reports, courses = planned_reports(cohorts), courses_of(cohorts)

    def held_module(cohort: Cohort, module: Module) -> HeldModule:
        own = tuple(sessions[cohort.pk, module.pk])
        own_reports = tuple(report for each in own for report in reports[each.pk])
        return HeldModule(cohort, module, planned_places(module), own, courses, own_reports)

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


def planned_places(module: Module) -> Places:
    """Of one of `modules_with_features`."""
    report, attitude = (bool(getattr(module, name)) for name in ("has_report_unit", "has_attitude_unit"))
    return Places(report=report, attitude=attitude)


def courses_of(cohorts: Iterable[Cohort]) -> dict[int, Places]:
    """By session; one without a course is missing. One query."""
    rows = (
        AgendaItem.objects.filter(day__session__cohort__in=[cohort.pk for cohort in cohorts])
        .order_by()
        .values_list("day__session")
        .annotate(
            reports=Count("pk", filter=REPORT_PLACES),
            attitude=Count("pk", filter=ATTITUDE_PLACES),
            points=Count("pk", filter=REPORT_POINTS),
        )
    )
    return {
        session: Places(report=bool(reports), attitude=bool(attitude), report_point=bool(points))
        for session, reports, attitude, points in rows
    }


def lost_features(session: Session, *, leave_out: Unit | None, unit: Unit | None, adds_report: bool) -> list[str]:
    """What the course would have no more without the one unit and with the other, in sentences. One query."""
    if leave_out is None:
        return []
    staying = AgendaItem.objects.filter(day__session=session).exclude(unit=leave_out)
    left = staying.aggregate(
        reports=Count("pk", filter=REPORT_PLACES), attitude=Count("pk", filter=ATTITUDE_PLACES)
    )
    keeps_report = left["reports"] or adds_report or (unit and unit.has_practice_report)
    keeps_attitude = left["attitude"] or (unit and unit.is_about_attitude)
    found = []
    if leave_out.is_about_attitude and not keeps_attitude:
        demand = asked(session.module.requires_attitude_unit)
        found.append(f"Haltung: Dann steht in diesem Termin kein Baustein mehr dazu{demand}.")
    if leave_out.has_practice_report and not keeps_report:
        demand = asked(session.module.requires_practice_report)
        found.append(f"Erlebnisbericht: Dann hat in diesem Termin keiner mehr einen Platz{demand}.")
    return found


def asked(is_required: bool) -> str:
    return ", obwohl das Modul ihn verlangt" if is_required else ""


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
    with_report = [each for each in held if each.expects_report]
    with_attitude = [each for each in held if each.module.requires_attitude_unit]
    return DeliveryFeatures(
        modules=len(held),
        practice_reports=sum(each.has(has_report) for each in held),
        attitude=sum(each.has(has_attitude) for each in held),
        reports_left_out=tuple(each.module.code for each in held if each.leaves_out(has_report)),
        attitude_left_out=tuple(each.module.code for each in held if each.leaves_out(has_attitude)),
        reports_required=len(with_report),
        reports_planned=sum(bool(each.reports) for each in with_report),
        reports_released=sum(each.is_released for each in with_report),
        missing_reports=tuple(missing for each in with_report if (missing := each.missing_report)),
        attitude_required=len(with_attitude),
        missing_attitude=tuple(each.missing_attitude for each in with_attitude if not each.has(has_attitude)),
    )
