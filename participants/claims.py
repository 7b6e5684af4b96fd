"""What can be issued, to whom, and what stands in the way: claims, read by `participants.queries.certificates`."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from django.urls import reverse

from netzkoord.lib.fingerprints import fingerprint_of
from netzkoord.lib.latin import FULL_NAME, TEXT
from netzkoord.lib.sentences import listed
from participants.entitlement import Outcome, Verdict
from participants.models import Certificate, CertificateKind, Registration, Tandem
from participants.queries.achievements import Achieved
from participants.queries.attendance import AttendanceRecord


@dataclass(frozen=True)
class Issued:
    """What was issued of one kind to one holder: the valid one, and those that have ended, the latest first."""

    valid: Certificate | None = None
    ended: tuple[Certificate, ...] = ()

    @classmethod
    def of(cls, certificates: Iterable[Certificate]) -> Self:
        """These, the latest first."""
        known = list(certificates)
        return cls(
            valid=next((one for one in known if one.is_valid), None),
            ended=tuple(one for one in known if not one.is_valid),
        )


NOTHING_ISSUED = Issued()


@dataclass(frozen=True, kw_only=True)
class BaseClaim(ABC):
    """One kind of certificate for one holder (Anspruch): the verdict, and what has been issued of it."""

    kind: CertificateKind
    verdict: Verdict
    issued: Issued = NOTHING_ISSUED
    may_still_qualify: bool = False
    """It is a Teilnahmebescheinigung, and what the person lacks for the Zertifikat can still be made up."""

    @property
    def seen(self) -> str:
        """Names what a page has shown of it, so that nothing else is issued with it."""
        return fingerprint_of(self.holder, self.verdict, self.revoked and self.revoked.pk)

    @property
    @abstractmethod
    def key(self) -> str:
        """As `Certificate.claim_key`."""

    @property
    @abstractmethod
    def holder(self) -> str:
        """As it stands on the paper."""

    @property
    @abstractmethod
    def mend_url(self) -> str:
        """Where the holder's name is corrected."""

    @property
    def certificate(self) -> Certificate | None:
        """The valid one."""
        return self.issued.valid

    @property
    def revoked(self) -> Certificate | None:
        """The last one that was revoked."""
        return next((one for one in self.issued.ended if one.revoked_at), None)

    @property
    def trouble_sentence(self) -> str:
        """Why the paper of the valid one could not be made."""
        return self.certificate.trouble_sentence if self.certificate else ""

    @property
    def is_paper_waiting(self) -> bool:
        """The paper of the valid one is still to be made, and nothing is known that hinders it."""
        return self.certificate is not None and not self.certificate.is_rendered and not self.trouble_sentence

    @property
    def unprintable(self) -> str:
        """Which letters of the name cannot be printed, as a sentence."""
        return FULL_NAME.refusal(self.holder)

    @property
    def is_open(self) -> bool:
        """The holder is entitled to it and has none yet."""
        return self.verdict.is_entitled and self.certificate is None

    @property
    def is_available(self) -> bool:
        """It can be issued now."""
        return self.is_open and not self.unprintable

    @property
    def is_due(self) -> bool:
        """It should be issued: nothing that is still to come makes it better.

        Where one was revoked, the next one is somebody's decision.
        """
        return self.is_available and self.verdict.is_final and self.revoked is None

    @property
    def needs_new_name(self) -> bool:
        return self.is_open and bool(self.unprintable)

    @property
    def can_be_completed(self) -> bool:
        """The certificate is a reduced one, and by now the rule is fulfilled."""
        is_reduced = self.certificate is not None and self.certificate.content.get("is_reduced", False)
        return is_reduced and self.verdict.outcome is Outcome.FULL


@dataclass(frozen=True, kw_only=True)
class PersonClaim(BaseClaim):
    """That of one person."""

    record: AttendanceRecord
    achieved: Achieved
    is_covered: bool
    """The person has, or gets, the Zertifikat, which says all that the Teilnahmebescheinigung would."""

    @property
    def registration(self) -> Registration:
        return self.record.registration

    @property
    def key(self) -> str:
        return f"{self.registration.pk}-{self.kind}"

    @property
    def holder(self) -> str:
        return self.registration.full_name

    @property
    def records(self) -> tuple[AttendanceRecord, ...]:
        """The attendance that it rests on."""
        return (self.record,)

    @property
    def mend_url(self) -> str:
        return reverse("participants:registration_edit", args=[self.registration.pk])

    @property
    def is_due(self) -> bool:
        return super().is_due and not self.is_covered


@dataclass(frozen=True, kw_only=True)
class TandemClaim(BaseClaim):
    """That of a tandem, for its municipality. `records` are those of who has a place, the manager first."""

    tandem: Tandem
    records: tuple[AttendanceRecord, ...]

    @property
    def key(self) -> str:
        return f"{self.tandem.pk}-{self.kind}"

    @property
    def holder(self) -> str:
        return self.tandem.municipality.name

    @property
    def unprintable(self) -> str:
        return TEXT.refusal(self.holder)

    @property
    def mend_url(self) -> str:
        return reverse("participants:municipality_edit", args=[self.tandem.municipality_id])

    @property
    def people(self) -> list[Registration]:
        return [record.registration for record in self.records]


@dataclass(frozen=True, kw_only=True)
class LeftClaim(BaseClaim):
    """Of somebody who has no place in the cohort any more: what was issued stays, can be replaced and revoked."""

    latest: Certificate

    @classmethod
    def of(cls, certificates: list[Certificate]) -> Self:
        """These of one kind and one holder, the latest first."""
        return cls(
            kind=CertificateKind(certificates[0].kind),
            verdict=Verdict(Outcome.NOT, why_not="Kein Platz mehr in diesem Durchgang."),
            issued=Issued.of(certificates),
            latest=certificates[0],
        )

    @property
    def key(self) -> str:
        return self.latest.claim_key

    @property
    def holder(self) -> str:
        return self.latest.holder

    @property
    def mend_url(self) -> str:
        if self.latest.tandem:
            return reverse("participants:municipality_edit", args=[self.latest.tandem.municipality_id])
        return reverse("participants:registration_edit", args=[self.latest.registration_id])


Claim = PersonClaim | TandemClaim


@dataclass(frozen=True)
class Seen:
    """What a page has shown before somebody pressed the button: each chosen claim, by key, and the imprint."""

    claims: Mapping[str, str]
    imprint: str

    def is_other(self, claim: Claim) -> bool:
        """Whether it was chosen and says something else by now; what is issued by now does not."""
        return claim.certificate is None and self.claims.get(claim.key, claim.seen) != claim.seen


def proposal_in_words(claims: Iterable[Claim]) -> str:
    """„18 × Zertifikat und 2 × Teilnahmebescheinigung (1 nur für die besuchte Zeit)“: what is due."""
    due = [claim for claim in claims if claim.is_due]
    counts = Counter(claim.kind for claim in due)
    reduced = Counter(claim.kind for claim in due if claim.verdict.is_reduced)
    return listed([part_in_words(kind, counts[kind], reduced[kind]) for kind in CertificateKind if counts[kind]])


def part_in_words(kind: CertificateKind, count: int, reduced: int) -> str:
    words = f"{count}\N{NO-BREAK SPACE}× {kind.label}"
    return f"{words} ({reduced} nur für die besuchte Zeit)" if reduced else words
