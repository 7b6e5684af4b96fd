"""Deciding how the certificates of a cohort look and who signs them."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from curriculum.models import Cohort
from netzkoord.lib import audit
from netzkoord.lib.graphics import Graphic
from netzkoord.models import AuditAction, User
from participants.imprint import Imprint
from participants.models import Certificate, CertificateDesign, CertificatePicture, DesignSignatory
from participants.queries.designs import imprint_of_design


@transaction.atomic
def save_design(*, cohort: Cohort, imprint: Imprint, pictures: Iterable[Graphic], by: User) -> CertificateDesign:
    """Store the design; `pictures` are those that it names and that may be new. What nobody needs any more goes.

    What was issued before keeps its own. Saved again as it is, nothing happens.
    """
    for picture in pictures:
        keep_picture(picture)
    values = {
        "layout": imprint.layout,
        "issuer": imprint.issuer,
        "place": imprint.place,
        "intro": imprint.intro,
        "logo_id": imprint.logo or None,
        "logo_alternative": imprint.logo_alternative,
    }
    decided = {"changed_at": timezone.now(), "changed_by": by}
    designs = CertificateDesign.objects.select_for_update()
    design, is_new = designs.get_or_create(cohort=cohort, defaults=values | decided)
    if not is_new and imprint_of_design(design) == imprint:
        return design
    designs.filter(pk=design.pk).update(**values, **decided)
    replace_signatories(design, imprint)
    forget_unused_pictures()
    audit.record(AuditAction.CERTIFICATE_DESIGNED, target=design, by=by, cohort=cohort.title)
    return design


def replace_signatories(design: CertificateDesign, imprint: Imprint) -> None:
    design.signatories.all().delete()
    DesignSignatory.objects.bulk_create(
        DesignSignatory(
            design=design,
            position=position,
            name=signatory.name,
            function=signatory.function,
            signature_id=signatory.signature or None,
        )
        for position, signatory in enumerate(imprint.signatories, 1)
    )


def keep_picture(picture: Graphic) -> None:
    CertificatePicture.objects.get_or_create(
        sha256=picture.sha256,
        defaults={"png": picture.png, "width": picture.width, "height": picture.height},
    )


def forget_unused_pictures() -> None:
    """Delete those that neither a design nor a certificate names: a signature is nobody's to keep for no reason.

    The database refuses to delete one that is named after all.
    """
    named = set(CertificateDesign.objects.exclude(logo=None).values_list("logo", flat=True))
    named |= set(DesignSignatory.objects.exclude(signature=None).values_list("signature", flat=True))
    for sha256 in CertificatePicture.objects.exclude(pk__in=named).values_list("pk", flat=True):
        if not Certificate.objects.filter(content__imprint__icontains=sha256).exists():
            CertificatePicture.objects.filter(pk=sha256).delete()
