"""Requests and answers: the client's address, from a header only where a proxy of ours wrote it; papers."""

import ipaddress
from typing import TypeVar

from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from netzkoord.lib.folding import file_name
from netzkoord.models import User

M = TypeVar("M", bound=Model)


class Request(HttpRequest):
    """A request of somebody who is signed in, as LoginRequiredMiddleware lets it through."""

    user: User


class NotStored(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """What was sent cannot be stored any more; the German sentence says why and what to do.

    A view raises it; the answer is a page that shows what was typed, so that it can be copied.
    """


def row_sent_to(request: HttpRequest, rows: QuerySet[M], pk: int, *, gone: str) -> M:
    """The row for which a form is shown or sent; 404 where it is none of `rows`.

    Raises `NotStored` with the sentence `gone` where it was deleted since the page of this POST was made.
    """
    if request.method == "POST" and not rows.model._default_manager.filter(pk=pk).exists():
        raise NotStored(gone)
    return get_object_or_404(rows, pk=pk)


def client_ip(request: HttpRequest) -> str:
    """The client's address: the peer, or what a trusted proxy says of its own peer (the last hop).

    Everything before the last hop of X-Forwarded-For was written by the client itself.
    """
    peer = str(request.META.get("REMOTE_ADDR", ""))
    if not is_trusted_proxy(peer):
        return peer
    last_hop = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    return last_hop if is_address(last_hop) else peer


def client_network(request: HttpRequest) -> str:
    """What limits are counted by: the IPv4 address, or the /64 that one IPv6 customer owns as a whole."""
    text = client_ip(request)
    if not is_address(text):
        return text
    address = ipaddress.ip_address(text)
    if isinstance(address, ipaddress.IPv4Address):
        return text
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))


def is_trusted_proxy(peer: str) -> bool:
    """Whether the peer is listed in TRUSTED_PROXIES, as an address or inside a network (10.0.0.0/8)."""
    if not is_address(peer):
        return False
    address = ipaddress.ip_address(peer)
    return any(address in ipaddress.ip_network(proxy, strict=False) for proxy in settings.TRUSTED_PROXIES)


def is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def pdf_response(paper: bytes, title: str) -> HttpResponse:
    """The paper under a name of plain letters."""
    return HttpResponse(
        paper,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{file_name(title) or "dokument"}.pdf"'},
    )


def too_large(request: HttpRequest, error: Exception, *, back: str) -> HttpResponse:
    """A page with the reason and a way back; 422, for the request was right and still no paper comes of it."""
    context = {"reason": str(error), "back": back}
    return render(request, "netzkoord/document_too_large.html", context, status=422)
