"""The way into one's own account, and the accounts of the staff."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """`/konto/` as typed by hand."""
    return redirect("mfa_index")


@login_not_required
def not_offered(request: HttpRequest, key: str = "") -> HttpResponse:
    """What allauth can do and this product does not offer."""
    raise Http404
