"""Who gets a certificate, who has one, and why somebody does not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects

from curriculum.models import Cohort
from netzkoord.lib.letters import missing_letters_sentence
from participants.models import Certificate, CertificateKind, Registration
from participants.queries.attendance import AttendanceRecord, attendance_of_all


@dataclass(frozen=True)
class CertificateRow:
    """One person of a cohort: the attendance, the valid certificate if there is one."""

    record: AttendanceRecord
    certificate: Certificate | None

    @property
    def registration(self) -> Registration:
        return self.record.registration

    @property
    def unprintable(self) -> str:
        """Which letters of the name cannot be printed, as a sentence."""
        return missing_letters_sentence(self.registration.full_name)

    @property
    def is_due(self) -> bool:
        """Fulfils the rule, has none yet, and the name can be printed."""
        return self.record.fulfils and self.certificate is None and not self.unprintable

    @property
    def needs_new_name(self) -> bool:
        return self.record.fulfils and self.certificate is None and bool(self.unprintable)


def certificate_rows(cohort: Cohort) -> list[CertificateRow]:
    """Everyone accepted, by name; the attendance's queries and one more for any number of people."""
    return certificate_rows_of_all([cohort])[cohort.pk]


def certificate_rows_of_all(cohorts: Sequence[Cohort]) -> dict[int, list[CertificateRow]]:
    """The same for several cohorts, in as many queries."""
    valid = Certificate.objects.valid().filter(cohort__in=cohorts, kind=CertificateKind.ATTENDANCE)
    by_registration = {
        certificate.registration_id: certificate
        for certificate in valid.with_paper_state().select_related("trouble")
    }
    return {
        key: [CertificateRow(record, by_registration.get(record.registration.pk)) for record in records]
        for key, records in attendance_of_all(cohorts).items()
    }


def ready_for_certificates(cohorts: Sequence[Cohort]) -> dict[int, int]:
    """By cohort, how many fulfil the rule, have no valid certificate yet and a name that can be printed."""
    rows = certificate_rows_of_all(cohorts) if cohorts else {}
    return {key: sum(row.is_due for row in found) for key, found in rows.items()}


def fetch_for_snapshot(rows: list[CertificateRow]) -> None:
    """Fetches what the snapshots of these rows say beyond the attendance; four queries."""
    prefetch_related_objects([row.registration for row in rows], "tandem__municipality", "cohort__edition")
    sessions = list({id(day.session): day.session for row in rows for day in row.record.days}.values())
    prefetch_related_objects(sessions, "trainers", "module__learning_goals")


def last_imprint() -> dict[str, Any]:
    """Who issued and signed last time: a proposal for the next."""
    last = Certificate.objects.order_by("-issued_at", "-pk").first()
    return dict(last.content["imprint"]) if last else {}
