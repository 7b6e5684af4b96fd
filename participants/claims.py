"""What can be issued, to whom, and what stands in the way: claims, read by `participants.queries.certificates`."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from django.urls import reverse

from netzkoord.lib.letters import missing_letters_sentence
from participants.entitlement import Outcome, Verdict
from participants.models import Certificate, CertificateKind, Registration, Tandem
from participants.queries.achievements import Achieved
from participants.queries.attendance import AttendanceRecord


@dataclass(frozen=True, kw_only=True)
class BaseClaim(ABC):
    """One kind of certificate for one holder (Anspruch): the verdict, and the valid certificate if there is one."""

    kind: CertificateKind
    verdict: Verdict
    certificate: Certificate | None

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
    def unprintable(self) -> str:
        """Which letters of the name cannot be printed, as a sentence."""
        return missing_letters_sentence(self.holder)

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
        """It should be issued: nothing that is still to come makes it better."""
        return self.is_available and self.verdict.is_final

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
    def mend_url(self) -> str:
        return reverse("participants:municipality_edit", args=[self.tandem.municipality_id])

    @property
    def people(self) -> list[Registration]:
        return [record.registration for record in self.records]


Claim = PersonClaim | TandemClaim
