"""Issuing, replacing and revoking certificates."""

import datetime
import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from curriculum.models import Cohort
from netzkoord.lib import audit
from netzkoord.lib.sentences import listed
from netzkoord.models import AuditAction, Installation, User
from participants import mails_certificates
from participants.actions.designs import settled_imprint
from participants.claims import Claim, Seen, TandemClaim
from participants.imprint import Imprint
from participants.models import (
    Certificate,
    CertificateCounter,
    CertificatePictureUse,
    Issuance,
    PaperTrouble,
)
from participants.queries.certificates import all_claims, certificate_rows, claims_beside, fetch_for_snapshot
from participants.snapshots import snapshot, unprintable_parts
from participants.tasks import make_papers

# So many names stand in one sentence.
MANY = 5
NOTHING_INSTEAD = (
    "Nach dem, was heute eingetragen ist, steht keine solche Bescheinigung mehr zu. "
    "Bitte berichtigen Sie Anwesenheit oder Leistungen, oder widerrufen Sie die Bescheinigung."
)


class UnprintableText(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """The certificate would contain letters that are not Latin; each sentence names a part and its remedy."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(sentences)
        self.sentences = sentences


class ChangedMeanwhile(Exception):  # noqa: N818 -- the same
    """What would be issued is not what the page has shown; `keys` are the claims that differ."""

    def __init__(self, claims: Sequence[Claim], *, is_other_imprint: bool) -> None:
        self.keys = [claim.key for claim in claims]
        super().__init__(self.keys)
        names = list(dict.fromkeys(claim.holder for claim in claims))
        parts = names if len(names) <= MANY else [*names[:MANY], f"{len(names) - MANY} weiteren"]
        changed = [f"die Angaben zu {listed(parts)}"] if parts else []
        changed += ["die Gestaltung"] if is_other_imprint else []
        self.sentences = [
            f"Seit die Seite geöffnet wurde, hat sich geändert: {', '.join(changed)}. Nichts ist ausgestellt. "
            "Bitte prüfen Sie, was jetzt hier steht, und stellen Sie dann aus."
        ]


class NotReplaceable(Exception):  # noqa: N818 -- the same
    """This certificate cannot be replaced; its only sentence says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentences = [sentence]


@dataclass(frozen=True)
class Stroke:
    """What is the same for all certificates of one issuance."""

    issuance: Issuance
    counter: CertificateCounter
    imprint: Imprint
    is_demo: bool
    by: User

    @property
    def issued_on(self) -> datetime.date:
        return timezone.localdate(self.issuance.issued_at)


@transaction.atomic
def issue_certificates(
    *,
    cohort: Cohort,
    by: User,
    imprint: Imprint | None = None,
    only: Collection[str] | None = None,
    seen: Seen | None = None,
    issued_at: datetime.datetime | None = None,
) -> list[Certificate]:
    """Issue what is due, or `only` these claims by key, so far as their holders are entitled and have none.

    With `seen` it is what somebody has chosen on a page, and only as the page has shown it. Who signs, and how it
    looks, is the cohort's design where no `imprint` is given; what was only proposed so far becomes that design.
    `issued_at` dates certificates of the past, as in the demo; it is now when left out.

    Called twice it issues once: the counter's row is locked before it is asked who has none. The worker makes
    the papers and writes the mails, each with its paper. Raises ChangedMeanwhile, UnprintableText.
    """
    now = timezone.localtime(issued_at)
    counter = lock_counter(now.year)
    known = all_claims(cohort, certificate_rows(cohort))
    claims = chosen_claims(known, seen.claims if seen else only)
    others = [claim for claim in known if seen.is_other(claim)] if seen else []
    if not claims and not others:
        return []
    imprint = imprint or settled_imprint(cohort=cohort, by=by)
    if seen and (others or imprint.seen != seen.imprint):
        raise ChangedMeanwhile(others, is_other_imprint=imprint.seen != seen.imprint)
    fetch_for_snapshot(claims)
    stroke = begin(cohort, counter=counter, imprint=imprint, issued_at=now, by=by)
    certificates = [issue(claim, stroke=stroke) for claim in claims]
    note_pictures(certificates, imprint)
    finish(stroke)
    return certificates


@transaction.atomic
def replace_certificate(
    *, certificate: Certificate, reason: str, by: User, imprint: Imprint | None = None
) -> Certificate:
    """A new certificate in place of this one, with a number of its own, from what is true today.

    Who signs, and how it looks, is the cohort's design of today where no `imprint` is given. The reason
    stays inside. The paper is made by the worker. Raises NotReplaceable, UnprintableText.
    """
    now = timezone.localtime()
    counter = lock_counter(now.year)
    locked = Certificate.objects.select_for_update().select_related("cohort").get(pk=certificate.pk)
    if not locked.is_valid:
        raise NotReplaceable(f"Die Bescheinigung {locked.number} ist schon {locked.state.label}.")
    claim = claim_behind(locked)
    fetch_for_snapshot([claim])
    locked.replaced_at, locked.replacement_reason = now, reason
    locked.save(update_fields=["replaced_at", "replacement_reason"])
    forget_trouble(locked)
    imprint = imprint or settled_imprint(cohort=locked.cohort, by=by)
    stroke = begin(locked.cohort, counter=counter, imprint=imprint, issued_at=now, by=by)
    successor = issue(claim, stroke=stroke, replaces=locked)
    note_pictures([successor], imprint)
    finish(stroke)
    audit.record(
        AuditAction.CERTIFICATE_REPLACED, target=locked, by=by, number=locked.number, replaced_by=successor.number
    )
    return successor


def claim_behind(certificate: Certificate) -> Claim:
    """What its holder is entitled to today instead. Raises NotReplaceable."""
    for claim in claims_beside(certificate):
        if claim.key == certificate.claim_key:
            if claim.verdict.is_entitled:
                return claim
            raise NotReplaceable(f"{NOTHING_INSTEAD} {claim.verdict.why_not}")
    raise NotReplaceable(NOTHING_INSTEAD)


def chosen_claims(claims: list[Claim], only: Collection[str] | None) -> list[Claim]:
    if only is None:
        return [claim for claim in claims if claim.is_due]
    return [claim for claim in claims if claim.is_available and claim.key in only]


def begin(
    cohort: Cohort, *, counter: CertificateCounter, imprint: Imprint, issued_at: datetime.datetime, by: User
) -> Stroke:
    issuance = Issuance.objects.create(cohort=cohort, issued_at=issued_at, issued_by=by)
    return Stroke(issuance, counter, imprint, is_demo=Installation.objects.current().is_demo, by=by)


def finish(stroke: Stroke) -> None:
    """Note the last number, and put the papers into the worker's queue with this transaction."""
    stroke.counter.save(update_fields=["last_ordinal"])
    make_papers.enqueue(stroke.issuance.pk)


def issue(claim: Claim, *, stroke: Stroke, replaces: Certificate | None = None) -> Certificate:
    content = snapshot(claim, imprint=stroke.imprint, issued_on=stroke.issued_on, is_demo=stroke.is_demo)
    if sentences := unprintable_parts(content):
        raise UnprintableText(sentences)
    stroke.counter.last_ordinal += 1
    certificate = Certificate.objects.create(
        **holder_of(claim),
        cohort_id=stroke.issuance.cohort_id,
        issuance=stroke.issuance,
        kind=claim.kind,
        year=stroke.counter.year,
        ordinal=stroke.counter.last_ordinal,
        code=secrets.token_hex(16),
        content=content,
        issued_at=stroke.issuance.issued_at,
        issued_by=stroke.by,
        replaces=replaces,
    )
    audit.record(AuditAction.CERTIFICATE_ISSUED, target=certificate, by=stroke.by, number=certificate.number)
    return certificate


def note_pictures(certificates: Iterable[Certificate], imprint: Imprint) -> None:
    """From now on the database keeps what they name."""
    CertificatePictureUse.objects.bulk_create(
        CertificatePictureUse(certificate=certificate, picture_id=sha256)
        for certificate in certificates
        for sha256 in sorted(set(imprint.pictures))
    )


def holder_of(claim: Claim) -> dict[str, Any]:
    """Whose certificate it becomes: the values of these fields."""
    if isinstance(claim, TandemClaim):
        return {"tandem": claim.tandem}
    return {"registration": claim.registration, "person_id": claim.registration.person_id}


def lock_counter(year: int) -> CertificateCounter:
    """The year's counter, locked until the transaction ends: numbers without gaps, one issuer at a time."""
    counter, _ = CertificateCounter.objects.select_for_update().get_or_create(year=year)
    return counter


@transaction.atomic
def revoke_certificate(*, certificate: Certificate, reason: str, by: User) -> bool:
    """Revoke for good, and tell its holder; the reason stays inside. False when it has ended before."""
    locked = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if not locked.is_valid:
        return False
    locked.revoked_at, locked.revocation_reason = timezone.now(), reason
    locked.save(update_fields=["revoked_at", "revocation_reason"])
    forget_trouble(locked)
    mails_certificates.send_revoked(locked)
    audit.record(AuditAction.CERTIFICATE_REVOKED, target=locked, by=by, number=locked.number)
    return True


def forget_trouble(certificate: Certificate) -> None:
    """Of what has ended no paper is made any more."""
    PaperTrouble.objects.filter(certificate=certificate).delete()
