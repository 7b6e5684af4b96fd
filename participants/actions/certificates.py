"""Issuing and revoking certificates."""

import datetime
import secrets
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone

from curriculum.models import Cohort
from netzkoord.lib import audit
from netzkoord.models import AuditAction, Installation, User
from participants import mails
from participants.certificates import Imprint, snapshot, unprintable_parts
from participants.models import Certificate, CertificateCounter, CertificateKind, Registration
from participants.queries.certificates import CertificateRow, certificate_rows, fetch_for_snapshot
from participants.tasks import render_issued

DEFAULT_FUNCTION = "Leitung der Fortbildung"


class UnprintableText(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """The certificate would contain letters that no font has; each sentence names a part and its remedy."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(sentences)
        self.sentences = sentences


@transaction.atomic
def issue_certificates(
    *,
    cohort: Cohort,
    by: User,
    imprint: Imprint | None = None,
    only: Collection[int] | None = None,
    issued_at: datetime.datetime | None = None,
) -> list[Certificate]:
    """Issue for everyone who fulfils the rule and has none; `only` narrows this to registrations by number.

    `issued_at` dates certificates of the past, as in the demo; it is now when left out.

    Called twice it issues once: the counter's row is locked before it is asked who has none. The paper is
    rendered in the background, the mail goes into the outbox with this transaction. Raises UnprintableText.
    """
    now = timezone.localtime(issued_at)
    counter = lock_counter(now.year)
    rows = [row for row in certificate_rows(cohort) if row.is_due and (only is None or row.registration.pk in only)]
    fetch_for_snapshot(rows)
    imprint = imprint or default_imprint(rows, by)
    is_demo = Installation.objects.current().is_demo
    certificates = []
    for row in rows:
        content = snapshot(row.record, imprint=imprint, issued_on=now.date(), is_demo=is_demo)
        certificates.append(issue(row.registration, content, counter=counter, issued_at=now, by=by))
    counter.save(update_fields=["last_ordinal"])
    if certificates:
        render_issued.enqueue([certificate.pk for certificate in certificates])
    return certificates


def issue(
    registration: Registration,
    content: dict[str, Any],
    *,
    counter: CertificateCounter,
    issued_at: datetime.datetime,
    by: User,
) -> Certificate:
    if sentences := unprintable_parts(content):
        raise UnprintableText(sentences)
    counter.last_ordinal += 1
    certificate = Certificate.objects.create(
        registration=registration,
        kind=CertificateKind.ATTENDANCE,
        year=counter.year,
        ordinal=counter.last_ordinal,
        code=secrets.token_hex(16),
        content=content,
        issued_at=issued_at,
        issued_by=by,
    )
    audit.record(AuditAction.CERTIFICATE_ISSUED, target=certificate, by=by, number=certificate.number)
    mails.send_certificate_issued(registration)
    return certificate


def lock_counter(year: int) -> CertificateCounter:
    """The year's counter, locked until the transaction ends: numbers without gaps, one issuer at a time."""
    CertificateCounter.objects.bulk_create([CertificateCounter(year=year)], ignore_conflicts=True)
    return CertificateCounter.objects.select_for_update().get(year=year)


def default_imprint(rows: list[CertificateRow], by: User) -> Imprint:
    """Stands in where nobody was asked: the programme issues, who presses the button signs."""
    if not rows:
        return Imprint("", "", "", "")
    registration, days = rows[0].registration, rows[0].record.days
    return Imprint(
        issuer=registration.cohort.edition.title,
        place=days[-1].session.city,
        signatory=by.get_full_name(),
        function=DEFAULT_FUNCTION,
    )


@transaction.atomic
def revoke_certificate(*, certificate: Certificate, reason: str, by: User) -> bool:
    """Revoke for good; the reason stays inside. False when it was revoked before."""
    locked = Certificate.objects.select_for_update().defer("pdf").get(pk=certificate.pk)
    if locked.revoked_at:
        return False
    locked.revoked_at, locked.revocation_reason = timezone.now(), reason
    locked.save(update_fields=["revoked_at", "revocation_reason"])
    audit.record(AuditAction.CERTIFICATE_REVOKED, target=locked, by=by, number=locked.number)
    return True
