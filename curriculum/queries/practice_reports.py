"""Erlebnisberichte: who reads what of them.

Before its author has released it, nobody else reads the text of a report: what staff and participants see is read
with `report_rows`, which leaves the text of any other in the database. The author alone has `report_of_token`.
"""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, F, Q, QuerySet, TextField, Value, When
from django.utils import timezone

from curriculum.models import Cohort, PracticeReport, Session
from netzkoord.lib import links
from netzkoord.models import User

PURPOSE = "practice-report"
LINK_DAYS = 365


@dataclass(frozen=True)
class ReportRow:
    """A report as others than its author see it; `text` is empty unless it is released."""

    report: PracticeReport
    has_text: bool
    text: str

    @property
    def state(self) -> str:
        if self.report.is_released:
            return "freigegeben"
        return "liegt vor, noch nicht freigegeben" if self.has_text else "geplant, noch kein Text"

    @property
    def kind(self) -> str:
        """Which sign stands beside the state."""
        if self.report.is_released:
            return "done"
        return "info" if self.has_text else "neutral"

    @property
    def session(self) -> Session:
        return self.report.session


def report_token(report: PracticeReport) -> str:
    """A new personal link of the author, for the mail that is being written."""
    expires_at = links.in_days(LINK_DAYS)
    return links.create(PURPOSE, report.link_key, email=report.email, expires_at=expires_at)


def report_link(report: PracticeReport) -> str:
    """The author's personal link; made worthless by a new `link_key`."""
    return links.absolute("curriculum:practice_report_write", report_token(report))


def reports_of_token(token: str) -> QuerySet[PracticeReport]:
    """The report of the author who has this link, or none: the link was replaced, or the report is gone."""
    key = links.target(PURPOSE, token)
    if key is None:
        return PracticeReport.objects.none()
    return PracticeReport.objects.filter(link_key=uuid.UUID(key))


def fingerprint(report: PracticeReport) -> str:
    """What stands for exactly this wording, so that an author releases what the preview has shown."""
    wording = "\x00".join([report.practitioner, report.title, report.municipality, report.text])
    return hashlib.sha256(wording.encode()).hexdigest()


def visible_reports(user: User) -> QuerySet[PracticeReport]:
    """Staff see the reports of the sessions that are theirs, and every released one."""
    if not user.has_perm("curriculum.view_practicereport"):
        return PracticeReport.objects.none()
    own = Session.objects.visible_to(user)
    return PracticeReport.objects.filter(Q(session__in=own) | Q(released_at__isnull=False))


def report_rows(reports: QuerySet[PracticeReport]) -> list[ReportRow]:
    """The reports in the order of their sessions, with the text of released ones only; one query."""
    found = (
        reports.defer("text")
        .annotate(
            has_text=Case(When(text="", then=Value(False)), default=Value(True)),
            released_text=Case(
                When(released_at__isnull=False, then=F("text")), default=Value(""), output_field=TextField()
            ),
        )
        .select_related("session__module", "session__cohort")
        .order_by("session__cohort", "session__module__position", "session", "pk")
    )
    return [ReportRow(report, report.has_text, report.released_text) for report in found]


def cohort_reports(cohort: Cohort, user: User) -> list[ReportRow]:
    """The reports of a cohort that this member of staff may see; one query."""
    return report_rows(visible_reports(user).filter(session__cohort=cohort))


def released_reports(*, text: str = "", module: str = "") -> list[ReportRow]:
    """The library: everything released, the latest first; `module` is the code of a module. One query."""
    reports = PracticeReport.objects.released()
    if module:
        reports = reports.filter(session__module__code=module)
    if text:
        reports = reports.filter(
            Q(title__icontains=text)
            | Q(text__icontains=text)
            | Q(practitioner__icontains=text)
            | Q(municipality__icontains=text)
        )
    return sorted(report_rows(reports), key=lambda row: row.report.released_at or timezone.now(), reverse=True)


def modules_with_released() -> Sequence[str]:
    """Codes of modules that the library can be filtered by."""
    codes = PracticeReport.objects.released().order_by("session__module__code")
    return list(codes.values_list("session__module__code", flat=True).distinct())
