"""The certificate as a digital badge: its page and file for who may have it, and what a wallet asks for."""

import json
import logging
from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from netzkoord.lib import seals
from netzkoord.lib.credentials import did_document
from netzkoord.lib.downloads import attachment
from netzkoord.lib.http import Request
from netzkoord.lib.limits import limit_credentials
from netzkoord.lib.seals import Seal, SealUnusable
from participants.badges import badge_of, status_list
from participants.certificates import context_of
from participants.models import Certificate
from participants.queries.badges import has_status_list

logger = logging.getLogger(__name__)

JWT = "application/vc+jwt"
# How long whoever checks badges may keep what was read here.
LIST_SECONDS, KEY_SECONDS = 5 * 60, 60 * 60


@require_safe
def certificate_badge(request: Request, pk: int) -> HttpResponse:
    """What can be passed on of a valid certificate: the address of its check page, and its badge."""
    certificate = get_object_or_404(Certificate.objects.visible_to(request.user).valid(), pk=pk)
    seal, is_broken = usable_seal()
    context = {
        "certificate": certificate,
        "content": context_of(certificate),
        "seal": seal,
        "is_broken": is_broken,
    }
    return render(request, "participants/certificate_badge.html", context)


@require_safe
def certificate_badge_file(request: Request, pk: int) -> HttpResponse:
    """A badge is a person's."""
    own = Certificate.objects.visible_to(request.user).valid().filter(person__isnull=False)
    certificate = get_object_or_404(own, pk=pk)
    file_name = f"{certificate.content['heading']}-{certificate.number}.jwt"
    return attachment(badge_of(certificate, seal_or_404()), name=file_name, content_type=JWT)


@login_not_required
@limit_credentials
@require_safe
def badge_status(request: HttpRequest, number: int) -> HttpResponse:
    """Which badges do not hold any more, for wallets."""
    seal = seal_or_404(seals.known)
    if not has_status_list(number):
        raise Http404
    return for_everybody(status_list(number, seal), JWT, seconds=LIST_SECONDS)


@login_not_required
@limit_credentials
@require_safe
def badge_issuer(request: HttpRequest) -> HttpResponse:
    """The public key of the seal, where did:web looks for it."""
    text = json.dumps(did_document(seal_or_404(seals.known)), indent=2)
    return for_everybody(text, "application/did+json", seconds=KEY_SECONDS)


def for_everybody(text: str, content_type: str, *, seconds: int) -> HttpResponse:
    """Read by wallets, those in a browser among them: any page may fetch it, any cache keep it."""
    headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": f"public, max-age={seconds}"}
    return HttpResponse(text, content_type=content_type, headers=headers)


def usable_seal(find: Callable[[], Seal | None] = seals.current) -> tuple[Seal | None, bool]:
    """The seal, if there is one, and whether one is set up that cannot be used."""
    try:
        return find(), False
    except SealUnusable as error:
        logger.error("No badge can be signed, for the seal cannot be used: %s.", error)
        return None, True


def seal_or_404(find: Callable[[], Seal | None] = seals.current) -> Seal:
    """`seals.known` for what is asked of badges that are out already: they stay true when the seal expires."""
    seal, _ = usable_seal(find)
    if seal is None:
        raise Http404
    return seal
