"""Deciding how the certificates of a cohort look and who signs them."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from curriculum.models import Cohort
from netzkoord.lib import audit
from netzkoord.lib.graphics import Graphic
from netzkoord.models import AuditAction, User
from participants.actions.locking import lock
from participants.imprint import Imprint
from participants.models import CertificateDesign, CertificatePicture, CertificatePictureUse, DesignSignatory
from participants.queries.designs import imprint_for, imprint_of_design, mark_of, stored_design


class DesignChanged(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """Somebody else has saved another design since the page was made."""

    def __init__(self, design: CertificateDesign) -> None:
        super().__init__(design)
        self.design = design


@transaction.atomic
def save_design(
    *, cohort: Cohort, imprint: Imprint, pictures: Iterable[Graphic], by: User, seen: str | None = None
) -> CertificateDesign:
    """Store the design; `pictures` are those that it names and that may be new. What nobody needs any more goes.

    What was issued before keeps its own. Saved again as it is, nothing happens. `seen` is the mark of the design
    that the page has shown. Raises DesignChanged.
    """
    lock(cohort)
    stored = stored_design(cohort)
    if stored and seen not in (None, mark_of(stored)) and imprint_of_design(stored) != imprint:
        raise DesignChanged(stored)
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
    design, is_new = CertificateDesign.objects.get_or_create(cohort=cohort, defaults=values | decided)
    if not is_new and imprint_of_design(design) == imprint:
        return design
    CertificateDesign.objects.filter(pk=design.pk).update(**values, **decided)
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

    Whoever is about to name one has locked it; then we wait, and look once more.
    """
    unused = CertificatePicture.objects.filter(
        ~Exists(CertificatePictureUse.objects.filter(picture=OuterRef("pk"))),
        ~Exists(CertificateDesign.objects.filter(logo=OuterRef("pk"))),
        ~Exists(DesignSignatory.objects.filter(signature=OuterRef("pk"))),
    )
    locked = list(unused.select_for_update().values_list("pk", flat=True))
    unused.filter(pk__in=locked).delete()


@transaction.atomic
def settled_imprint(*, cohort: Cohort, by: User) -> Imprint:
    """How the cohort's certificates look; what was only proposed so far becomes its design, so that all look alike.

    Waits for whoever is saving that design. The pictures stay until the transaction ends; one that somebody has
    removed meanwhile is left out.
    """
    lock(cohort)
    proposed = imprint_for(cohort, by=by)
    locked = CertificatePicture.objects.select_for_update().filter(pk__in=proposed.pictures)
    imprint = proposed.with_only(set(locked.values_list("pk", flat=True)))
    if stored_design(cohort) is None:
        save_design(cohort=cohort, imprint=imprint, pictures=[], by=by)
    return imprint
