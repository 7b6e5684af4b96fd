"""Work of this app that the worker does."""

import logging

from django_tasks import task

from netzkoord.lib.pdf import DocumentTooLarge
from participants.certificates import render_certificate, render_certificates
from participants.models import Certificate

logger = logging.getLogger(__name__)


@task()
def render_issued(keys: list[int]) -> int:
    """Make the papers of these certificates that have none yet; each is stored as soon as it is made.

    Killed in the middle it goes on where it stopped when it is started again. A paper that cannot be made
    holds up no other: then each is made alone. Returns how many it made.
    """
    waiting = without_paper(keys)
    try:
        for certificate, paper in zip(waiting, render_certificates(waiting), strict=True):
            store(certificate, paper)
    except Exception:
        # Whatever it was, it concerns one of a batch; alone each shows which.
        logger.warning("A batch of certificates could not be made; making each alone.", exc_info=True)
        for certificate in without_paper(keys):
            render_alone(certificate)
    return len(waiting) - len(without_paper(keys))


def render_alone(certificate: Certificate) -> None:
    """One paper; the log says which one fails, and its person reads why when downloading it."""
    try:
        store(certificate, render_certificate(certificate))
    except DocumentTooLarge as error:
        logger.error("Certificate %s is too large: %s", certificate.number, error)
    except Exception:
        logger.exception("Certificate %s could not be made.", certificate.number)


def without_paper(keys: list[int]) -> list[Certificate]:
    return list(Certificate.objects.filter(pk__in=keys, pdf__isnull=True).order_by("pk").defer("pdf"))


def store(certificate: Certificate, paper: bytes) -> None:
    Certificate.objects.filter(pk=certificate.pk, pdf__isnull=True).update(pdf=paper)
