"""Work of this app that the worker does."""

from django_tasks import task

from participants.certificates import render_certificates
from participants.models import Certificate


@task()
def render_issued(keys: list[int]) -> int:
    """Make the papers of these certificates that have none yet; each is stored as soon as it is made.

    Killed in the middle it goes on where it stopped when it is started again. Returns how many it made.
    """
    waiting = list(Certificate.objects.filter(pk__in=keys, pdf__isnull=True).order_by("pk").defer("pdf"))
    for certificate, paper in zip(waiting, render_certificates(waiting), strict=True):
        Certificate.objects.filter(pk=certificate.pk, pdf__isnull=True).update(pdf=paper)
    return len(waiting)
