"""An offered place, as the person to whom it is offered sees it; and who comes instead of somebody who has left."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from netzkoord.lib.limits import limit_submissions
from participants.actions.locking import RegistrationRefused
from participants.actions.substitutes import name_substitute
from participants.actions.waiting import OfferRefused, accept_offer, decline_offer
from participants.forms.waiting import SubstituteForm
from participants.models import OfferAnswer
from participants.queries.offers import is_overtaken, last_offer, open_together, towns, why_closed, why_too_small
from participants.queries.status import status_page
from participants.views.registrations import own_registration, render_refused


@require_safe
@login_not_required
@never_cache
def offer_show(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link: opening it changes nothing; its buttons answer."""
    return render_offer(request, "participants/offer_show.html", token)


@require_POST
@login_not_required
@never_cache
@limit_submissions
def offer_accept(request: HttpRequest, token: str) -> HttpResponse:
    """„Annehmen“ for all who were asked together; a second press finds it done."""
    half = own_registration(request, token)
    try:
        accept_offer(registration=half)
    except OfferRefused as refusal:
        return render_refused(request, refusal, token=token)
    messages.success(request, "Der Platz ist angenommen. Die Zusage ist unterwegs.")
    return redirect("participants:registration_status", token=token)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@limit_submissions
def offer_decline(request: HttpRequest, token: str) -> HttpResponse:
    """Asks once more; the button declines for all who were asked together, and a second press finds it done."""
    half = own_registration(request, token)
    if request.method != "POST":
        return render_offer(request, "participants/offer_decline.html", token)
    try:
        decline_offer(registration=half)
    except OfferRefused as refusal:
        return render_refused(request, refusal, token=token)
    messages.success(request, "Das Angebot ist abgelehnt. Der Platz geht an die Nächsten.")
    return redirect("participants:registration_status", token=token)


def render_offer(request: HttpRequest, template: str, token: str) -> HttpResponse:
    half = own_registration(request, token)
    offer = last_offer(half.tandem_id)
    if offer is None or half.withdrawn_at:
        return render_refused(request, "Für Ihr Tandem liegt kein Angebot vor.", token=token)
    refusal, offers = why_closed(offer), open_together(offer)
    context = {
        "page": status_page(half, token=token),
        "offer": offer,
        "offers": offers,
        "towns": towns(offers),
        "places": sum(each.places for each in offers),
        "token": token,
        "refusal": refusal,
        "shortage": "" if refusal else why_too_small(offers),
        "is_accepted": offer.answer == OfferAnswer.ACCEPTED and not is_overtaken(offer),
    }
    return render(request, template, context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@limit_submissions
def substitute_name(request: HttpRequest, token: str) -> HttpResponse:
    """Who has left names who comes instead, while the place is kept."""
    half = own_registration(request, token)
    form = SubstituteForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"registration": half, "tandem": half.tandem, "form": form, "token": token}
        return render(request, "participants/substitute_name.html", context)
    try:
        is_sent = name_substitute(registration=half, email=form.cleaned_data["email"])
    except RegistrationRefused as refusal:
        form.add_error("email", str(refusal))
        context = {"registration": half, "tandem": half.tandem, "form": form, "token": token}
        return render(request, "participants/substitute_name.html", context)
    tell_sent(request, is_sent=is_sent)
    return redirect("participants:registration_status", token=token)


def tell_sent(request: HttpRequest, *, is_sent: bool) -> None:
    if is_sent:
        messages.success(request, "Die Einladung ist gesendet.")
    else:
        messages.info(
            request, "Die Einladung ist schon gesendet. In zehn Minuten können Sie sie noch einmal senden."
        )
