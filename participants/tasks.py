"""Work of this app that the worker does: the papers of certificates."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import task

from netzkoord.lib import seals
from netzkoord.lib.pdf import DocumentTooLarge
from netzkoord.lib.seals import Seal, SealUnusable
from participants import mails_certificates
from participants.certificates import render_certificate, render_certificates
from participants.models import Certificate, CertificatePaper, PaperTrouble

logger = logging.getLogger(__name__)

# What the queue has been given is not looked for again before.
PATIENCE = timedelta(minutes=5)
# A paper that could not be made is tried again.
RETRY_AFTER = timedelta(hours=1)
NO_REASON = "Das PDF konnte nicht erstellt werden; das Protokoll des Servers nennt den Grund."


@task()
def make_papers(issuance: int) -> int:
    """Make the papers of an issuance that are not made yet; returns how many it made."""
    return make(list(Certificate.objects.waiting_for_paper().filter(issuance=issuance)))


def make_forgotten_papers() -> int:
    """Make what the queue has left: after a full disk, a lost task, a paper that failed. Returns how many."""
    now = timezone.now()
    is_late = Q(issued_at__lt=now - PATIENCE)
    is_tried = Q(trouble__occurred_at__gte=now - RETRY_AFTER)
    return make(list(Certificate.objects.waiting_for_paper().filter(is_late).exclude(is_tried)))


def make(certificates: list[Certificate]) -> int:
    """Each paper is stored as soon as it is made, so that whoever is killed in between goes on where it stopped.

    A paper that cannot be made holds up no other: then each is made alone. What is to be sealed waits for its seal.
    """
    try:
        seal = seals.current() if certificates else None
    except SealUnusable as error:
        logger.error("No certificate can be made, for the seal cannot be used: %s.", error)
        for certificate in certificates:
            note_trouble(certificate, error.sentence)
        return 0
    return make_sealed(certificates, seal)


def make_sealed(certificates: list[Certificate], seal: Seal | None) -> int:
    made = 0
    try:
        for certificate, paper in zip(certificates, render_certificates(certificates), strict=True):
            made += finish(certificate, paper, seal)
    except Exception:
        # Whatever it was, it concerns one of a batch; alone each shows which.
        logger.warning("A batch of certificates could not be made; making each alone.", exc_info=True)
        left = Certificate.objects.waiting_for_paper().filter(
            pk__in=[certificate.pk for certificate in certificates]
        )
        made += sum(make_alone(certificate, seal) for certificate in left)
    return made


def make_alone(certificate: Certificate, seal: Seal | None) -> bool:
    """Whether it was made; organisers read why not in the list, the log says which one failed."""
    try:
        return finish(certificate, render_certificate(certificate), seal)
    except DocumentTooLarge as error:
        logger.error("Certificate %s is too large: %s", certificate.number, error)
        note_trouble(certificate, str(error))
    except Exception:
        logger.exception("Certificate %s could not be made.", certificate.number)
        note_trouble(certificate, NO_REASON)
    return False


def finish(certificate: Certificate, paper: bytes, seal: Seal | None) -> bool:
    """Seal and store the paper; to sign takes a while, so nothing is locked meanwhile."""
    return store(certificate, seal.applied_to(paper) if seal else paper, seal)


@transaction.atomic
def store(certificate: Certificate, paper: bytes, seal: Seal | None) -> bool:
    """Store the paper and tell its person, both or neither.

    False when somebody else was faster, or it has been replaced or revoked meanwhile: then nobody is told of it.
    """
    locked = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if not locked.is_valid or CertificatePaper.objects.filter(certificate=locked).exists():
        return False
    CertificatePaper.of(locked, paper, seal=seal).save(force_insert=True)
    PaperTrouble.objects.filter(certificate=locked).delete()
    mails_certificates.send_paper_ready(locked)
    return True


@transaction.atomic
def note_trouble(certificate: Certificate, sentence: str) -> None:
    if not Certificate.objects.select_for_update().get(pk=certificate.pk).is_valid:
        return
    PaperTrouble.objects.update_or_create(
        certificate=certificate, defaults={"sentence": sentence, "occurred_at": timezone.now()}
    )
