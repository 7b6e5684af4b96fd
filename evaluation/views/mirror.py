"""The tandem mirror on the participants' own page: by personal link or signed in, for the two of a tandem only."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from evaluation.actions.mirror import NoPartnerError, release, take_back
from evaluation.queries.mirror import mirror_page
from netzkoord.lib.limits import limit_submissions
from participants.views.own_page import confirmed_registration


@require_safe
@login_not_required
@never_cache
def tandem_mirror(request: HttpRequest, token: str) -> HttpResponse:
    page = mirror_page(confirmed_registration(request, token))
    return render(request, "evaluation/tandem_mirror.html", {"page": page, "token": token})


@require_POST
@login_not_required
@never_cache
@limit_submissions
def tandem_mirror_release(request: HttpRequest, token: str) -> HttpResponse:
    try:
        release(half=confirmed_registration(request, token))
    except NoPartnerError:
        raise Http404 from None
    messages.success(request, "Ihre Angaben sind freigegeben. Sie beide sehen den Spiegel, sobald beide freigeben.")
    return redirect("evaluation:tandem_mirror", token)


@require_POST
@login_not_required
@never_cache
@limit_submissions
def tandem_mirror_take_back(request: HttpRequest, token: str) -> HttpResponse:
    take_back(half=confirmed_registration(request, token))
    messages.success(request, "Die Freigabe ist zurückgenommen. Der Spiegel ist für Sie beide geschlossen.")
    return redirect("evaluation:tandem_mirror", token)
