"""Changes to Erlebnisberichte: planned and looked after by organisers, written and released by their authors.

What an author writes leaves no line in the audit log; what is decided does, without a word of the text.
"""

import datetime
import uuid
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from curriculum.mails import send_report_link
from curriculum.models import PracticeReport
from curriculum.queries.practice_reports import fingerprint
from netzkoord.lib import audit
from netzkoord.models import AuditAction, User

# A second click within this time sends no second mail.
PAUSE = datetime.timedelta(minutes=1)
# What stands on the page of a report, above and in the text that its author has released.
RELEASED_WORDS = frozenset({"practitioner", "municipality", "title"})


class NotReleasable(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """The report has no text, or another wording than the author has read in the preview."""


class AlreadyReleased(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """A released report stays as it is until its author takes the release back."""


@transaction.atomic
def plan_report(*, report: PracticeReport, by: User) -> PracticeReport:
    """Store a new report and send its author the link."""
    report.asked_at = timezone.now()
    report.save(force_insert=True)
    audit.record(AuditAction.PRACTICE_REPORT_PLANNED, target=report, by=by, session=report.session_id)
    send_report_link(report)
    return report


@transaction.atomic
def change_report(*, report: PracticeReport, fields: Collection[str], by: User) -> PracticeReport:
    """Store what an organiser has changed; a new address gets a new link, and the old one is worthless.

    Raises `AlreadyReleased` for words under which the author has released the report. Lock the row before.
    """
    names = sorted(fields)
    if not names:
        return report
    if report.is_released and not RELEASED_WORDS.isdisjoint(names):
        raise AlreadyReleased(f"Report {report.pk} is released")
    report.save(update_fields=names)
    audit.record(AuditAction.PRACTICE_REPORT_CHANGED, target=report, by=by, fields=names)
    if "email" in names:
        renew_link(report)
    return report


@transaction.atomic
def send_link_again(*, report: PracticeReport, by: User) -> bool:
    """Send a new link, which makes older ones worthless; False when one has just been sent."""
    locked = (
        PracticeReport.objects.select_for_update(of=("self",)).select_related("session__cohort").get(pk=report.pk)
    )
    if locked.asked_at and timezone.now() - locked.asked_at < PAUSE:
        return False
    renew_link(locked)
    audit.record(AuditAction.PRACTICE_REPORT_CHANGED, target=locked, by=by, fields=["link"])
    return True


def renew_link(report: PracticeReport) -> None:
    report.link_key, report.asked_at = uuid.uuid4(), timezone.now()
    report.save(update_fields=["link_key", "asked_at"])
    send_report_link(report)


@transaction.atomic
def delete_report(*, report: PracticeReport, by: User) -> None:
    audit.record(AuditAction.PRACTICE_REPORT_DELETED, target=report, by=by, session=report.session_id)
    report.delete()


def write_report(*, report: PracticeReport, fields: Collection[str]) -> PracticeReport:
    """Store what the author has written. Raises `AlreadyReleased`. Lock the row before."""
    if report.is_released:
        raise AlreadyReleased(f"Report {report.pk} is released")
    if fields:
        report.save(update_fields=sorted(fields))
    return report


@transaction.atomic
def release_report(*, report: PracticeReport, seen: str) -> PracticeReport:
    """The author's release of the wording that the preview has shown; a second click finds it done.

    Raises `NotReleasable`.
    """
    locked = PracticeReport.objects.select_for_update().get(pk=report.pk)
    if locked.is_released:
        return locked
    if not locked.text.strip() or fingerprint(locked) != seen:
        raise NotReleasable(f"Report {report.pk} has no text or another wording")
    locked.released_at = timezone.now()
    locked.save(update_fields=["released_at"])
    audit.record(AuditAction.PRACTICE_REPORT_RELEASED, target=locked, by=None)
    return locked


@transaction.atomic
def withdraw_report(*, report: PracticeReport) -> PracticeReport:
    """The author takes the release back: from now on nobody else reads the text."""
    locked = PracticeReport.objects.select_for_update().get(pk=report.pk)
    if locked.is_released:
        locked.released_at = None
        locked.save(update_fields=["released_at"])
        audit.record(AuditAction.PRACTICE_REPORT_WITHDRAWN, target=locked, by=None)
    return locked
