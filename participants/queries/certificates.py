"""Who gets a certificate, who has one, and why somebody does not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects

from curriculum.models import Cohort
from netzkoord.lib.letters import missing_letters_sentence
from participants.entitlement import Entitlement, Outcome
from participants.models import Certificate, CertificateKind, Registration
from participants.queries.achievements import NOTHING, Achieved, achieved_in, entitlement_of
from participants.queries.attendance import AttendanceRecord, attendance_of_all


@dataclass(frozen=True)
class CertificateRow:
    """One person of a cohort: the attendance, the valid certificate if there is one.

    `entitlement` says of both kinds what the person gets, and why.
    """

    record: AttendanceRecord
    certificate: Certificate | None
    achieved: Achieved
    entitlement: Entitlement

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
        return self.fulfils and self.certificate is None and not self.unprintable

    @property
    def needs_new_name(self) -> bool:
        return self.fulfils and self.certificate is None and bool(self.unprintable)

    @property
    def fulfils(self) -> bool:
        """The rule of the Teilnahmebescheinigung, with what was made up."""
        return self.entitlement.attendance.outcome is Outcome.FULL


def certificate_rows(cohort: Cohort) -> list[CertificateRow]:
    """Everyone accepted, by name; the attendance's queries and three more for any number of people."""
    return certificate_rows_of_all([cohort])[cohort.pk]


def certificate_rows_of_all(cohorts: Sequence[Cohort]) -> dict[int, list[CertificateRow]]:
    """The same for several cohorts, in as many queries."""
    valid = Certificate.objects.valid().filter(cohort__in=cohorts, kind=CertificateKind.ATTENDANCE)
    by_registration = {
        certificate.registration_id: certificate
        for certificate in valid.with_paper_state().select_related("trouble")
    }
    achieved = achieved_in(cohorts)
    records = attendance_of_all(cohorts)
    return {
        cohort.pk: [
            certificate_row(cohort, record, by_registration.get(record.registration.pk), achieved)
            for record in records[cohort.pk]
        ]
        for cohort in cohorts
    }


def certificate_row(
    cohort: Cohort, record: AttendanceRecord, certificate: Certificate | None, achieved: Mapping[int, Achieved]
) -> CertificateRow:
    own = achieved.get(record.registration.pk, NOTHING)
    return CertificateRow(record, certificate, own, entitlement_of(record, own, cohort=cohort))


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
