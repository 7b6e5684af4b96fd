"""Registration without an account, step by step: nothing is stored before „Verbindlich anmelden“."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from curriculum.models import Cohort
from netzkoord.lib.limits import limit_steps, limit_submissions
from participants import drafts
from participants.actions.locking import RegistrationRefused
from participants.actions.registrations import submit_registration
from participants.early import may_register
from participants.forms.registering import STEPS, TITLES, RegistrationInput, step_form, title_of
from participants.tokens import CONFIRM_DAYS
from participants.views.registrations import public_cohort

MISSING = (
    "In diesem Schritt fehlt noch etwas. Angaben bleiben eine Stunde gespeichert, "
    "und nur, bis die Anmeldung gesendet ist."
)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@limit_steps
def registration_add(request: HttpRequest, pk: int, step: int = 1) -> HttpResponse:
    """One step; what is typed is kept for an hour, and what is complete leads to the next step."""
    cohort = public_cohort(pk)
    if not may_register(request, cohort):
        return render_closed(request, cohort)
    if not 1 <= step <= STEPS:
        return redirect("participants:registration_check", pk=cohort.pk)
    draft = drafts.find(request, cohort)
    data = request.POST if request.method == "POST" else None
    form = step_form(step, cohort=cohort, draft=draft, data=data)
    if data is not None:
        draft |= form.typed() | {"saved_at": timezone.now().isoformat()}
        drafts.keep(request, cohort, drafts.pack(draft))
    if form.is_valid():
        return after_step(request, cohort, step)
    context = {"step": step, "title": title_of(step, form), "form": form, "saved_at": drafts.saved_at(draft)}
    return render(request, "participants/registration_add.html", about(cohort) | context)


def after_step(request: HttpRequest, cohort: Cohort, step: int) -> HttpResponse:
    """The next step; whoever has come back from „Angaben prüfen“ returns there when all is complete."""
    entered = RegistrationInput(cohort, drafts.find(request, cohort))
    if step == STEPS or ("check" in request.GET and entered.incomplete_step is None):
        return redirect("participants:registration_check", pk=cohort.pk)
    return redirect("participants:registration_step", pk=cohort.pk, step=step + 1)


@require_POST
@login_not_required
@never_cache
@limit_steps
def registration_address(request: HttpRequest, pk: int, step: int) -> HttpResponse:
    """„Meinten Sie …?“: the address that was meant stands in the place of the one that was typed.

    A step sends everything that was typed into it by then; „Angaben prüfen“ sends nothing else.
    """
    cohort = public_cohort(pk)
    draft = drafts.find(request, cohort)
    if 1 <= step <= STEPS:
        draft |= step_form(step, cohort=cohort, draft=draft, data=request.POST).typed()
    meant = {slip.name: slip.meant for slip in RegistrationInput(cohort, draft).slips}
    if (name := request.POST.get("feld", "")) in meant:
        draft |= {name: meant[name]}
    drafts.keep(request, cohort, drafts.pack(draft))
    return redirect("participants:registration_step", pk=cohort.pk, step=step)


@require_safe
@login_not_required
@never_cache
def registration_check(request: HttpRequest, pk: int) -> HttpResponse:
    """„Angaben prüfen“; where something is missing, back to its step."""
    cohort = public_cohort(pk)
    if not may_register(request, cohort):
        return render_closed(request, cohort)
    entered = RegistrationInput(cohort, drafts.find(request, cohort))
    if entered.incomplete_step:
        messages.info(request, MISSING)
        return redirect("participants:registration_step", pk=cohort.pk, step=entered.incomplete_step)
    return render(request, "participants/registration_check.html", about(cohort) | {"entered": entered})


@require_POST
@login_not_required
@never_cache
@limit_submissions
def registration_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """„Verbindlich anmelden“: a second press finds what the first one stored."""
    cohort = public_cohort(pk)
    entered = RegistrationInput(cohort, drafts.sent(request))
    if not may_register(request, cohort):
        return render_closed(request, cohort)
    if entered.incomplete_step:
        drafts.keep(request, cohort, drafts.pack(dict(entered.data)))
        messages.warning(
            request, "Etwas hat sich inzwischen geändert. Bitte prüfen Sie diesen Schritt noch einmal."
        )
        return redirect("participants:registration_step", pk=cohort.pk, step=entered.incomplete_step)
    try:
        submit_registration(cohort=cohort, **entered.submission())
    except RegistrationRefused:
        return render_closed(request, cohort)
    drafts.forget(request, cohort)
    return redirect("participants:registration_done", pk=cohort.pk)


@require_safe
@login_not_required
def registration_done(request: HttpRequest, pk: int) -> HttpResponse:
    """„Fertig“: the same for every address, whether it was known before or not."""
    cohort = public_cohort(pk)
    return render(request, "participants/registration_done.html", about(cohort) | {"days": CONFIRM_DAYS})


def about(cohort: Cohort) -> dict[str, Any]:
    return {"cohort": cohort, "contact": cohort.contact, "titles": TITLES, "total": len(TITLES)}


def render_closed(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    return render(request, "participants/registration_closed.html", about(cohort))
