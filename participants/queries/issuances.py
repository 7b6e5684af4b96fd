"""Certificates as they are handed out: how far the papers of an issuance are, and the papers of a cohort."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count

from curriculum.models import Cohort
from participants.models import Certificate, CertificateKind, CertificatePaper, Issuance
from participants.queries.search import fold

# So many papers are in memory at once.
PAPERS_AT_ONCE = 50


@dataclass(frozen=True)
class IssuanceProgress:
    """The certificates of one issuance by name, with `is_rendered` and what troubles their papers."""

    certificates: list[Certificate]

    @property
    def count(self) -> int:
        return len(self.certificates)

    @property
    def made_count(self) -> int:
        return sum(certificate.is_rendered for certificate in self.certificates)

    @property
    def trouble_count(self) -> int:
        return sum(bool(certificate.trouble_sentence) for certificate in self.certificates)

    @property
    def is_waiting(self) -> bool:
        """Something is still to come: neither made nor failed."""
        return self.made_count + self.trouble_count < self.count


def progress_of(issuance: Issuance) -> IssuanceProgress:
    """One query."""
    certificates = issuance.certificates.with_paper_state().select_related(
        "trouble", "registration__tandem__municipality"
    )
    return IssuanceProgress(in_order(certificates))


def in_order(certificates: Iterable[Certificate]) -> list[Certificate]:
    """As they are handed out: by kind, then by name as a German list is read."""
    kinds = list(CertificateKind)
    return sorted(certificates, key=lambda one: (kinds.index(CertificateKind(one.kind)), *name_key(one)))


def name_key(certificate: Certificate) -> tuple[str, str, int]:
    half = certificate.registration
    if half is None:
        return fold(certificate.holder), "", certificate.pk
    return fold(half.family_name), fold(half.given_names), certificate.pk


def issuances_of(cohort: Cohort) -> list[Issuance]:
    """The latest on top, each with its `count`."""
    return list(cohort.issuances.annotate(count=Count("certificates")))


def finished_papers(cohort: Cohort, issuance: Issuance | None = None) -> list[Certificate]:
    """The valid certificates of a cohort, or of one issuance, whose papers are made, as they are handed out."""
    found = Certificate.objects.valid().filter(cohort=cohort, paper__isnull=False).select_related("registration")
    return in_order(found.filter(issuance=issuance) if issuance else found)


def papers_of(certificates: list[Certificate]) -> Iterator[tuple[Certificate, bytes]]:
    """Each certificate with its PDF, a few at a time."""
    for start in range(0, len(certificates), PAPERS_AT_ONCE):
        some = certificates[start : start + PAPERS_AT_ONCE]
        papers = CertificatePaper.objects.in_bulk([certificate.pk for certificate in some])
        yield from ((certificate, bytes(papers[certificate.pk].pdf)) for certificate in some)
