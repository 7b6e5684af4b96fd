"""Certificates as they are handed out: how far the papers of an issuance are, and the papers of a cohort."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count

from curriculum.models import Cohort
from netzkoord.lib.sentences import listed
from participants.models import Certificate, CertificateKind, CertificatePaper, CertificateState, Issuance
from participants.models.certificates import CertificateQuerySet
from participants.queries.search import fold

# So many papers are in memory at once.
PAPERS_AT_ONCE = 50


@dataclass(frozen=True)
class PapersInHand:
    """Of so many valid certificates, of how many there is a paper: what an archive and a print file hold."""

    made: int
    count: int

    @property
    def is_part(self) -> bool:
        return self.made < self.count

    @property
    def in_words(self) -> str:
        """As a button names them: „Alle 146 gültigen“; „37 von 146 gültigen“ where some are not made yet."""
        if self.is_part:
            return f"{self.made} von {self.count} gültigen"
        return "Die gültige" if self.count == 1 else f"Alle {self.count} gültigen"


@dataclass(frozen=True)
class IssuanceProgress:
    """The certificates of one issuance by name, with `is_rendered` and what troubles their papers."""

    certificates: list[Certificate]

    @property
    def count(self) -> int:
        return len(self.certificates)

    @property
    def paper_count(self) -> int:
        """So many papers there will be: what ends before its own is made gets none."""
        return sum(certificate.is_rendered or certificate.is_valid for certificate in self.certificates)

    @property
    def made_count(self) -> int:
        return sum(certificate.is_rendered for certificate in self.certificates)

    @property
    def trouble_count(self) -> int:
        return sum(bool(certificate.trouble_sentence) for certificate in self.certificates)

    @property
    def is_waiting(self) -> bool:
        """Something is still to come: neither made nor failed."""
        return self.made_count + self.trouble_count < self.paper_count

    @property
    def standing(self) -> str:
        """„alle gelten“, „19 gelten, 2 sind ersetzt und 1 ist widerrufen“"""
        counts = Counter(certificate.state for certificate in self.certificates)
        if counts[CertificateState.VALID] == self.count:
            return "sie gilt" if self.count == 1 else "alle gelten"
        return listed([standing_words(state, counts[state]) for state in CertificateState if counts[state]])

    @property
    def papers(self) -> PapersInHand:
        valid = [certificate for certificate in self.certificates if certificate.state is CertificateState.VALID]
        return PapersInHand(sum(certificate.is_rendered for certificate in valid), len(valid))


def standing_words(state: CertificateState, count: int) -> str:
    if state is CertificateState.VALID:
        return f"{count} {'gilt' if count == 1 else 'gelten'}"
    return f"{count} {'ist' if count == 1 else 'sind'} {state.label}"


def progress_of(issuance: Issuance) -> IssuanceProgress:
    """One query."""
    certificates = issuance.certificates.with_paper_state().select_related("trouble", "registration")
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


def papers_in_hand(cohort: Cohort, issuance: Issuance | None = None) -> PapersInHand:
    """How many there would be of the valid certificates of a cohort, or of one issuance; one query."""
    counts = valid_in(cohort, issuance).aggregate(made=Count("paper"), count=Count("pk"))
    return PapersInHand(**counts)


def valid_in(cohort: Cohort, issuance: Issuance | None) -> CertificateQuerySet:
    found = Certificate.objects.valid().filter(cohort=cohort)
    return found.filter(issuance=issuance) if issuance else found


def finished_papers(cohort: Cohort, issuance: Issuance | None = None) -> list[Certificate]:
    """The valid certificates of a cohort, or of one issuance, whose papers are made, as they are handed out."""
    finished = valid_in(cohort, issuance).filter(paper__isnull=False)
    return in_order(finished.select_related("registration"))


def papers_of(certificates: list[Certificate]) -> Iterator[tuple[Certificate, bytes]]:
    """Each certificate with its PDF, a few at a time."""
    for start in range(0, len(certificates), PAPERS_AT_ONCE):
        some = certificates[start : start + PAPERS_AT_ONCE]
        papers = CertificatePaper.objects.in_bulk([certificate.pk for certificate in some])
        yield from ((certificate, bytes(papers[certificate.pk].pdf)) for certificate in some)
