"""Who issues and signs the certificates of a cohort, and how they look."""

from collections.abc import Iterable

from django.db.models import Q

from curriculum.models import Cohort, Session
from netzkoord.models import User
from participants.imprint import Imprint, Signatory, imprint_of
from participants.models import Certificate, CertificateDesign, CertificatePicture

DEFAULT_FUNCTION = "Leitung der Fortbildung"


def imprint_for(cohort: Cohort, *, by: User) -> Imprint:
    """As it was decided for the cohort; before that as the last one of the same programme had it.

    The very first time the programme issues, and who asks signs: logo and signature of another programme are not
    ours to propose.
    """
    own = stored_design(cohort)
    if own:
        return imprint_of_design(own)
    of_programme = Q(cohort__edition__programme=cohort.edition.programme_id)
    if last := CertificateDesign.objects.filter(of_programme).prefetch_related("signatories").first():
        return imprint_of_design(last)
    issued = Certificate.objects.filter(of_programme).order_by("-issued_at", "-pk")
    if content := issued.values_list("content", flat=True).first():
        return imprint_of(content)
    return Imprint(cohort.edition.title, last_city(cohort), (Signatory(by.get_full_name(), DEFAULT_FUNCTION),))


def stored_design(cohort: Cohort) -> CertificateDesign | None:
    designs = CertificateDesign.objects.select_related("changed_by").prefetch_related("signatories")
    return designs.filter(cohort=cohort).first()


def mark_of(design: CertificateDesign | None) -> str:
    """Tells one state of a design from the next; empty as long as none is stored."""
    return design.changed_at.isoformat() if design else ""


def imprint_of_design(design: CertificateDesign) -> Imprint:
    return Imprint(
        issuer=design.issuer,
        place=design.place,
        signatories=tuple(
            Signatory(signatory.name, signatory.function, signatory.signature_id or "")
            for signatory in design.signatories.all()
        ),
        layout=design.layout,
        intro=design.intro,
        logo=design.logo_id or "",
        logo_alternative=design.logo_alternative,
    )


def last_city(cohort: Cohort) -> str:
    last = Session.objects.filter(cohort=cohort, venue__isnull=False).select_related("venue").with_dates().last()
    return last.city if last else ""


def pictures_named(hashes: Iterable[str]) -> dict[str, bytes]:
    """The pictures by their SHA-256; no query for none."""
    wanted = {name for name in hashes if name}
    if not wanted:
        return {}
    found = CertificatePicture.objects.filter(pk__in=wanted).values_list("pk", "png")
    return {name: bytes(png) for name, png in found}
