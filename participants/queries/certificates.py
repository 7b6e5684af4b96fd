"""Who gets a certificate, who has one, and why somebody does not."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import prefetch_related_objects

from curriculum.models import Cohort
from participants.claims import NOTHING_ISSUED, BaseClaim, Claim, Issued, LeftClaim, PersonClaim, TandemClaim
from participants.entitlement import Lack, Outcome, Verdict, tandem_verdict
from participants.models import Certificate, CertificateKind, Registration, Selection, Tandem
from participants.models.certificates import CertificateQuerySet
from participants.models.registrations import RegistrationQuerySet
from participants.queries.achievements import NOTHING, Achieved, achieved_by, entitlement_of
from participants.queries.attendance import AttendanceRecord, attendance_of_people
from participants.queries.pairs import pair_of
from participants.queries.search import fold

PROFILES = "module__competences__profiles__responsibility_level"


@dataclass(frozen=True)
class CertificateRow:
    """One person of a cohort with a claim for every kind that the cohort offers, the Zertifikat last."""

    record: AttendanceRecord
    claims: tuple[PersonClaim, ...]

    @property
    def registration(self) -> Registration:
        return self.record.registration

    @property
    def fulfils(self) -> bool:
        """The rule of the Teilnahmebescheinigung, with what was made up."""
        return self.claims[0].verdict.outcome is Outcome.FULL

    @property
    def better_verdict(self) -> Verdict:
        """The one that is full, or that on the Teilnahmebescheinigung."""
        verdicts = [claim.verdict for claim in self.claims]
        return next((verdict for verdict in verdicts if verdict.outcome is Outcome.FULL), verdicts[0])

    @property
    def gets_nothing(self) -> bool:
        return not any(claim.verdict.is_entitled for claim in self.claims)


def certificate_rows(cohort: Cohort) -> list[CertificateRow]:
    """Everyone accepted, by name; the attendance's queries and three more for any number of people."""
    return certificate_rows_of_all([cohort])[cohort.pk]


def certificate_rows_of_all(cohorts: Sequence[Cohort]) -> dict[int, list[CertificateRow]]:
    """The same for several cohorts, in as many queries."""
    return certificate_rows_of_people(Registration.objects.accepted().filter(cohort__in=cohorts), cohorts=cohorts)


def certificate_rows_of_people(
    people: RegistrationQuerySet, *, cohorts: Sequence[Cohort]
) -> dict[int, list[CertificateRow]]:
    """The same of these people, who belong to these cohorts."""
    issued = issued_by_claim(Certificate.objects.filter(cohort__in=cohorts, registration__in=people))
    achieved = achieved_by(people)
    records = attendance_of_people(people, cohorts=cohorts)
    return {
        cohort.pk: [
            certificate_row(cohort, record, achieved.get(record.registration.pk, NOTHING), issued)
            for record in records[cohort.pk]
        ]
        for cohort in cohorts
    }


def issued_by_claim(certificates: CertificateQuerySet) -> dict[str, Issued]:
    """By the key of the claim, with what a list shows of their papers; one query."""
    return {key: Issued.of(found) for key, found in by_claim(certificates).items()}


def by_claim(certificates: CertificateQuerySet) -> dict[str, list[Certificate]]:
    """The latest first."""
    found = defaultdict(list)
    for certificate in certificates.with_paper_state().select_related("trouble"):
        found[certificate.claim_key].append(certificate)
    return found


def certificate_row(
    cohort: Cohort,
    record: AttendanceRecord,
    achieved: Achieved,
    issued: Mapping[str, Issued],
) -> CertificateRow:
    entitlement = entitlement_of(record, achieved, cohort=cohort)
    found = {kind: issued.get(f"{record.registration.pk}-{kind}", NOTHING_ISSUED) for kind in CertificateKind}
    qualification = found[CertificateKind.QUALIFICATION].valid
    is_qualified = qualification is not None or entitlement.qualification.is_entitled
    return CertificateRow(
        record,
        tuple(
            PersonClaim(
                kind=kind,
                verdict=entitlement.of(kind),
                issued=found[kind],
                record=record,
                achieved=achieved,
                is_covered=is_qualified and kind is CertificateKind.ATTENDANCE,
                may_still_qualify=kind is CertificateKind.ATTENDANCE
                and qualification is None
                and entitlement.qualification.until is not None,
            )
            for kind in kinds_of(cohort)
        ),
    )


def kinds_of(cohort: Cohort) -> list[CertificateKind]:
    """What a person can get there."""
    kinds = [CertificateKind.ATTENDANCE, CertificateKind.QUALIFICATION]
    return kinds if cohort.grants_certificate else kinds[:1]


def claims_of(rows: Iterable[CertificateRow]) -> list[PersonClaim]:
    return [claim for row in rows for claim in row.claims]


def tandem_claims(cohort: Cohort, rows: Iterable[CertificateRow]) -> list[TandemClaim]:
    """One for each accepted tandem, by municipality; three queries. `rows` are all of the cohort."""
    by_person = {row.registration.pk: row for row in rows}
    issued = issued_by_claim(cohort.certificates.filter(tandem__isnull=False))
    tandems = cohort.tandems.filter(selection=Selection.ACCEPTED).with_people()
    claims = (tandem_claim(tandem, by_person, issued) for tandem in tandems)
    return sorted(claims, key=lambda claim: fold(claim.holder))


def tandem_claim(
    tandem: Tandem, by_person: Mapping[int, CertificateRow], issued: Mapping[str, Issued]
) -> TandemClaim:
    pair = pair_of(tandem)
    halves = pair.both if pair else tandem.confirmed_registrations()
    rows = [by_person[half.pk] for half in halves if half.pk in by_person]
    return TandemClaim(
        kind=CertificateKind.MUNICIPALITY,
        verdict=tandem_verdict([(row.registration.full_name, row.better_verdict) for row in rows]),
        issued=issued.get(f"{tandem.pk}-{CertificateKind.MUNICIPALITY}", NOTHING_ISSUED),
        tandem=tandem,
        records=tuple(row.record for row in rows),
    )


def all_claims(cohort: Cohort, rows: Sequence[CertificateRow]) -> list[Claim]:
    """Those of the people, then those of the tandems."""
    return [*claims_of(rows), *tandem_claims(cohort, rows)]


def left_claims(cohort: Cohort, claims: Iterable[BaseClaim]) -> list[LeftClaim]:
    """What was issued and belongs to none of these claims, by name: of who has left the cohort. One query."""
    known = {claim.key for claim in claims}
    issued = cohort.certificates.select_related("registration__tandem__municipality", "tandem__municipality")
    left = [LeftClaim.of(found) for key, found in by_claim(issued).items() if key not in known]
    return sorted(left, key=lambda claim: fold(claim.holder))


def claims_beside(certificate: Certificate) -> list[Claim]:
    """What its holder is entitled to today; of a person also without a place in the cohort any more."""
    cohort = certificate.cohort
    if certificate.registration:
        holder = cohort.registrations.filter(pk=certificate.registration.pk)
        return [*claims_of(certificate_rows_of_people(holder, cohorts=[cohort])[cohort.pk])]
    return [*tandem_claims(cohort, certificate_rows(cohort))]


@dataclass(frozen=True)
class CertificateDues:
    """Of one cohort: how many certificates can be issued or have become full, and how many people lack what.

    Counted is who can still make it up; `lacking` goes by all that somebody lacks.
    """

    ready: int = 0
    completed: int = 0
    lacking: Counter[tuple[Lack, ...]] = field(default_factory=Counter)


def certificate_dues(cohorts: Sequence[Cohort]) -> dict[int, CertificateDues]:
    rows = certificate_rows_of_all(cohorts) if cohorts else {}
    return {
        key: CertificateDues(
            ready=sum(claim.is_due for claim in claims_of(found)),
            completed=sum(claim.can_be_completed for claim in claims_of(found)),
            lacking=lacking_in(found),
        )
        for key, found in rows.items()
    }


def lacking_in(rows: Iterable[CertificateRow]) -> Counter[tuple[Lack, ...]]:
    verdicts = (claim.verdict for claim in claims_of(rows) if claim.kind is CertificateKind.QUALIFICATION)
    return Counter(verdict.lacks for verdict in verdicts if verdict.until)


def fetch_for_snapshot(claims: Sequence[Claim]) -> None:
    """Fetches what the snapshots of these claims say beyond the attendance; eight queries."""
    records = [record for claim in claims for record in claim.records]
    prefetch_related_objects([record.registration for record in records], "tandem__municipality", "cohort__edition")
    sessions = list({id(day.session): day.session for record in records for day in record.days}.values())
    prefetch_related_objects(sessions, "trainers", "module__learning_goals", "module__tracks", PROFILES)


def certificates_of_tandems(people: Iterable[Registration]) -> dict[int, list[Certificate]]:
    """By registration the valid ones of the tandems somebody belongs to or helps out in; one query.

    Reads what `SHARED_TANDEMS` prefetches.
    """
    tandems = {half.pk: {half.tandem_id, *(tandem.pk for tandem in half.shared_by.all())} for half in people}
    if not tandems:
        return {}
    found = Certificate.objects.valid().filter(tandem__in=set().union(*tandems.values())).defer("content")
    return {
        key: [certificate for certificate in found if certificate.tandem_id in keys]
        for key, keys in tandems.items()
    }
