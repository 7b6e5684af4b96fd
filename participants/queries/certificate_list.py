"""The organiser's list of certificates: figures and what is due of all, and the rows that were asked for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from curriculum.models import Cohort
from participants.claims import BaseClaim, Claim, LeftClaim, TandemClaim
from participants.queries.certificates import (
    CertificateRow,
    certificate_rows,
    claims_of,
    left_claims,
    tandem_claims,
)
from participants.queries.tandem_list import is_among

# What can be asked for, and how it reads.
STATES = {
    "available": "kann ausgestellt werden",
    "issued": "ausgestellt",
    "nothing": "bekommt noch nichts",
    "completed": "inzwischen vollständig, zu ersetzen",
    "letters": "Name nicht druckbar",
    "trouble": "PDF nicht erstellt",
}


@dataclass(frozen=True)
class CertificateFilter:
    """What the organiser asks the list for; an empty value asks for nothing."""

    text: str = ""
    state: str = ""

    def accepts_row(self, row: CertificateRow) -> bool:
        half = row.registration
        return self.accepts(row.claims, [half.full_name, half.tandem.municipality.name])

    def accepts_tandem(self, claim: TandemClaim) -> bool:
        return self.accepts([claim], [claim.holder, *(half.full_name for half in claim.people)])

    def accepts(self, claims: Sequence[BaseClaim], names: Sequence[str]) -> bool:
        return (not self.state or is_in_state(claims, self.state)) and (not self.text or is_among(self.text, names))


def is_in_state(claims: Sequence[BaseClaim], state: str) -> bool:
    return {
        "available": any(claim.is_available for claim in claims),
        "issued": any(claim.certificate for claim in claims),
        "nothing": not any(claim.certificate or claim.verdict.is_entitled for claim in claims),
        "completed": any(claim.can_be_completed for claim in claims),
        "letters": any(claim.needs_new_name for claim in claims),
        "trouble": any(claim.trouble_sentence for claim in claims),
    }[state]


@dataclass(frozen=True)
class CertificateFigures:
    """Of all people of a cohort, and of all that can be or was issued there."""

    people: int
    fulfilled: int
    issued: int
    due: int
    available: int
    waiting: int
    trouble: int
    completed: int
    unprintable: list[Claim]


@dataclass(frozen=True)
class CertificateList:
    """What was asked for, by name, out of all of the cohort."""

    rows: list[CertificateRow]
    tandems: list[TandemClaim]
    left: list[LeftClaim]
    figures: CertificateFigures


def certificate_list_of(cohort: Cohort, wanted: CertificateFilter) -> CertificateList:
    """In as many queries as `certificate_rows`, `tandem_claims` and `left_claims`."""
    rows = certificate_rows(cohort)
    tandems = tandem_claims(cohort, rows)
    claims: list[Claim] = [*claims_of(rows), *tandems]
    return CertificateList(
        rows=[row for row in rows if wanted.accepts_row(row)],
        tandems=[claim for claim in tandems if wanted.accepts_tandem(claim)],
        left=[claim for claim in left_claims(cohort, claims) if wanted.accepts([claim], [claim.holder])],
        figures=figures_of(rows, claims),
    )


def figures_of(rows: Sequence[CertificateRow], claims: Sequence[Claim]) -> CertificateFigures:
    return CertificateFigures(
        people=len(rows),
        fulfilled=sum(row.fulfils for row in rows),
        issued=sum(any(claim.certificate for claim in row.claims) for row in rows),
        due=sum(claim.is_due for claim in claims),
        available=sum(claim.is_available for claim in claims),
        waiting=sum(claim.is_paper_waiting for claim in claims),
        trouble=sum(bool(claim.trouble_sentence) for claim in claims),
        completed=sum(claim.can_be_completed for claim in claims),
        unprintable=one_for_each_name(claim for claim in claims if claim.needs_new_name),
    )


def one_for_each_name(claims: Iterable[Claim]) -> list[Claim]:
    """Who could get both kinds has one name to be corrected."""
    return list({claim.mend_url: claim for claim in claims}.values())
