"""Personal links that are good no more, and how to get a new one without anybody learning what is known here."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from netzkoord.actions.links import is_renewable, renew_link, request_links
from netzkoord.forms import LinkRequestForm
from netzkoord.lib import links
from netzkoord.lib.http import NotStored
from netzkoord.lib.limits import limit_submissions
from netzkoord.views import errors

LOST = "Dieser Link gilt nicht mehr. Was Sie eingegeben haben, ist nicht gespeichert; hier können Sie es kopieren."


def link_ended(request: HttpRequest, token: str) -> HttpResponse:
    """For a link that is known and has ended, a button; for any other, the form that asks for the address.

    One that would still be good leads to something that is gone, such as a survey that was taken back.
    """
    if request.method == "POST":
        return errors.not_stored(request, NotStored(LOST))
    link = links.find(token)
    has_expired = link is not None and not link.is_valid and is_renewable(link)
    context = {
        "token": token if has_expired else "",
        "leads_nowhere": link is not None and link.is_valid,
        "form": LinkRequestForm(),
    }
    return render(request, "netzkoord/link_ended.html", context, status=410 if has_expired else 404)


@require_POST
@login_not_required
@never_cache
@limit_submissions
def link_renew(request: HttpRequest) -> HttpResponse:
    renew_link(request.POST.get("token", "")[:64])
    return redirect("link_sent")


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@limit_submissions
def link_request(request: HttpRequest) -> HttpResponse:
    """„Neuen Link anfordern“: the worker looks whether the address is known, so the answer is always the same."""
    form = LinkRequestForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        request_links(form.cleaned_data["email"])
        return redirect("link_sent")
    return render(request, "netzkoord/link_request.html", {"form": form})


@require_safe
@login_not_required
def link_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "netzkoord/link_sent.html")
