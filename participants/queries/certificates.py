"""Who gets a certificate, who has one, and why somebody does not."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import prefetch_related_objects

from curriculum.models import Cohort
from netzkoord.lib.letters import missing_letters_sentence
from participants.entitlement import Lack, Outcome, Verdict
from participants.models import Certificate, CertificateKind, Registration
from participants.queries.achievements import NOTHING, Achieved, achieved_in, entitlement_of
from participants.queries.attendance import AttendanceRecord, attendance_of_all

PROFILES = "module__competences__profiles__responsibility_level"


@dataclass(frozen=True)
class Claim:
    """One kind of certificate for one person (Anspruch): the verdict, and the valid certificate if there is one."""

    record: AttendanceRecord
    achieved: Achieved
    kind: CertificateKind
    verdict: Verdict
    certificate: Certificate | None
    is_covered: bool
    """The person has, or gets, the Zertifikat, which says all that the Teilnahmebescheinigung would."""

    @property
    def registration(self) -> Registration:
        return self.record.registration

    @property
    def key(self) -> str:
        return f"{self.registration.pk}-{self.kind}"

    @property
    def unprintable(self) -> str:
        """Which letters of the name cannot be printed, as a sentence."""
        return missing_letters_sentence(self.registration.full_name)

    @property
    def is_open(self) -> bool:
        """The person is entitled to it and has none yet."""
        return self.verdict.is_entitled and self.certificate is None

    @property
    def is_available(self) -> bool:
        """It can be issued now."""
        return self.is_open and not self.unprintable

    @property
    def is_due(self) -> bool:
        """It should be issued: nothing that is still to come makes it better, and no other says the same."""
        return self.is_available and self.verdict.is_final and not self.is_covered

    @property
    def needs_new_name(self) -> bool:
        return self.is_open and bool(self.unprintable)

    @property
    def can_be_completed(self) -> bool:
        """The certificate is a reduced one, and by now the person fulfils the rule."""
        is_reduced = self.certificate is not None and self.certificate.content.get("is_reduced", False)
        return is_reduced and self.verdict.outcome is Outcome.FULL


@dataclass(frozen=True)
class CertificateRow:
    """One person of a cohort with a claim for every kind that the cohort offers, the Zertifikat last."""

    record: AttendanceRecord
    claims: tuple[Claim, ...]

    @property
    def registration(self) -> Registration:
        return self.record.registration

    @property
    def fulfils(self) -> bool:
        """The rule of the Teilnahmebescheinigung, with what was made up."""
        return self.claims[0].verdict.outcome is Outcome.FULL

    @property
    def gets_nothing(self) -> bool:
        return not any(claim.verdict.is_entitled for claim in self.claims)


def certificate_rows(cohort: Cohort) -> list[CertificateRow]:
    """Everyone accepted, by name; the attendance's queries and three more for any number of people."""
    return certificate_rows_of_all([cohort])[cohort.pk]


def certificate_rows_of_all(cohorts: Sequence[Cohort]) -> dict[int, list[CertificateRow]]:
    """The same for several cohorts, in as many queries."""
    valid = Certificate.objects.valid().filter(cohort__in=cohorts).with_paper_state().select_related("trouble")
    issued = {(certificate.registration_id, certificate.kind): certificate for certificate in valid}
    achieved = achieved_in(cohorts)
    records = attendance_of_all(cohorts)
    return {
        cohort.pk: [
            certificate_row(cohort, record, achieved.get(record.registration.pk, NOTHING), issued)
            for record in records[cohort.pk]
        ]
        for cohort in cohorts
    }


def certificate_row(
    cohort: Cohort, record: AttendanceRecord, achieved: Achieved, issued: Mapping[tuple[int, str], Certificate]
) -> CertificateRow:
    entitlement = entitlement_of(record, achieved, cohort=cohort)
    qualification = issued.get((record.registration.pk, CertificateKind.QUALIFICATION))
    is_qualified = qualification is not None or entitlement.qualification.is_entitled
    return CertificateRow(
        record,
        tuple(
            Claim(
                record,
                achieved,
                kind,
                entitlement.of(kind),
                issued.get((record.registration.pk, kind)),
                is_covered=is_qualified and kind is CertificateKind.ATTENDANCE,
            )
            for kind in kinds_of(cohort)
        ),
    )


def kinds_of(cohort: Cohort) -> list[CertificateKind]:
    return list(CertificateKind) if cohort.grants_certificate else [CertificateKind.ATTENDANCE]


def claims_of(rows: Iterable[CertificateRow]) -> list[Claim]:
    return [claim for row in rows for claim in row.claims]


@dataclass(frozen=True)
class CertificateDues:
    """Of one cohort: how many certificates can be issued, and how many people lack what for their Zertifikat.

    Counted is who can still make it up; `lacking` goes by all that somebody lacks.
    """

    ready: int = 0
    lacking: Counter[tuple[Lack, ...]] = field(default_factory=Counter)


def certificate_dues(cohorts: Sequence[Cohort]) -> dict[int, CertificateDues]:
    rows = certificate_rows_of_all(cohorts) if cohorts else {}
    return {
        key: CertificateDues(ready=sum(claim.is_due for claim in claims_of(found)), lacking=lacking_in(found))
        for key, found in rows.items()
    }


def lacking_in(rows: Iterable[CertificateRow]) -> Counter[tuple[Lack, ...]]:
    verdicts = (claim.verdict for claim in claims_of(rows) if claim.kind is CertificateKind.QUALIFICATION)
    return Counter(verdict.lacks for verdict in verdicts if verdict.until)


def fetch_for_snapshot(claims: Sequence[Claim]) -> None:
    """Fetches what the snapshots of these claims say beyond the attendance; eight queries."""
    prefetch_related_objects([claim.registration for claim in claims], "tandem__municipality", "cohort__edition")
    sessions = list({id(day.session): day.session for claim in claims for day in claim.record.days}.values())
    prefetch_related_objects(sessions, "trainers", "module__learning_goals", "module__tracks", PROFILES)


def last_content() -> dict[str, Any] | None:
    """What the last certificate says, of whatever cohort."""
    return Certificate.objects.order_by("-issued_at", "-pk").values_list("content", flat=True).first()
