"""Moving and cancelling dates: first what follows from it, then the decision."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core import signing
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from curriculum.forms.sessions import PlaceForm, SessionDaysFormSet, session_days
from curriculum.models import Cohort, Session
from netzkoord import consequences
from netzkoord.actions import schedule as actions
from netzkoord.consequences import Move, PlannedDay
from netzkoord.forms import MoveForm, ReasonForm
from netzkoord.lib.http import Request

DRAFT = "netzkoord.session-move"
TOO_OLD = "Die Seite war zu lange offen oder beschädigt. Bitte tragen Sie die neuen Tage noch einmal ein."


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_session", raise_exception=True)
def session_move(request: Request, pk: int) -> HttpResponse:
    """Three steps on one address: where to, what follows, store. Only the last one writes."""
    sessions = Session.objects.visible_to(request.user).select_related("cohort", "module", "venue")
    session = get_object_or_404(sessions.prefetch_related("days", "trainers", "confirmations"), pk=pk)
    if session.cancelled_at or session.cohort.cancelled_at:
        messages.info(request, "Der Termin ist abgesagt und lässt sich nicht mehr ändern.")
        return redirect(session)
    if request.method != "POST":
        return move_form_page(request, session, PlaceForm(instance=session), session_days(None, session=session))
    step = request.POST.get("step", "")
    if step in ("back", "store"):
        return move_decision(request, session, is_final=step == "store")
    return move_check(request, session)


def move_form_page(request: Request, session: Session, place: PlaceForm, days: SessionDaysFormSet) -> HttpResponse:
    context = {
        "session": session,
        "form": place,
        "days": days,
        "sequence": request.POST.get("sequence", session.sequence),
        "message": request.POST.get("message", ""),
    }
    return render(request, "netzkoord/session_move.html", context)


def move_check(request: Request, session: Session) -> HttpResponse:
    """Step 2: the consequences of what was typed, or the form with what is wrong with it."""
    place, days = PlaceForm(request.POST, instance=session), session_days(request.POST, session=session)
    if not place.is_valid() or not days.is_valid():
        return move_form_page(request, session, place, days)
    sent = request.POST.get("sequence", "")
    seen = int(sent) if sent.isdecimal() and len(sent) < 10 else session.sequence
    move = move_of(place, days, sequence=seen)
    session.refresh_from_db(fields=["venue", "online_url"])
    if taken := consequences.days_with_attendance(session, move):
        refuse_rows(days, [day.pk for day in taken])
        return move_form_page(request, session, place, days)
    found = consequences.move_consequences(session, move)
    initial = {"message": request.POST.get("message", ""), "notify": found.is_mail_proposed}
    form = MoveForm(initial=initial, others=len(found.others))
    return check_page(request, session, move, found, form)


def check_page(
    request: Request, session: Session, move: Move, found: consequences.MoveConsequences, form: MoveForm
) -> HttpResponse:
    draft = signing.dumps(move.as_plain(), salt=f"{DRAFT}.{session.pk}")
    context = {"session": session, "consequences": found, "draft": draft, "form": form, "sequence": move.sequence}
    return render(request, "netzkoord/session_move_check.html", context)


def move_of(place: PlaceForm, days: SessionDaysFormSet, *, sequence: int) -> Move:
    """What the two forms say, as it would be stored."""
    rows = [
        PlannedDay.of(form.instance)
        for form in days.forms
        if form.cleaned_data.get("date") and not form.cleaned_data.get("DELETE")
    ]
    venue = place.cleaned_data["venue"]
    rows.sort(key=lambda day: day.date)
    return Move(sequence, tuple(rows), venue.pk if venue else None, place.cleaned_data["online_url"])


def refuse_rows(days: SessionDaysFormSet, keys: list[int]) -> None:
    for form in days.forms:
        if form.instance.pk in keys:
            form.add_error("date", "An diesem Tag ist schon Anwesenheit eingetragen. Er bleibt, wie er ist.")


def move_decision(request: Request, session: Session, *, is_final: bool) -> HttpResponse:
    """Step 3, or back to step 1 with everything that was typed."""
    try:
        plain = signing.loads(request.POST.get("draft", ""), salt=f"{DRAFT}.{session.pk}")
    except signing.BadSignature:
        messages.error(request, TOO_OLD)
        return redirect("session_move", session.pk)
    move = Move.from_plain(plain)
    if not is_final:
        data = as_data(move, session)
        return move_form_page(
            request, session, PlaceForm(data, instance=session), session_days(data, session=session)
        )
    return store_move(request, session, move)


def store_move(request: Request, session: Session, move: Move) -> HttpResponse:
    found = consequences.move_consequences(session, move)
    form = MoveForm(request.POST, others=len(found.others))
    if not form.is_valid():
        return check_page(request, session, move, found, form)
    try:
        mails = actions.move_session(session=session, move=move, by=request.user, **form.cleaned_data)
    except actions.ScheduleRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("session_move", session.pk)
    if mails is None:
        messages.info(request, f"„{session}“ steht schon so im Plan. Es ist nichts geändert.")
    else:
        messages.success(request, f"„{session}“ ist geändert. {told(mails)}")
    return redirect(session)


def told(mails: int) -> str:
    """What became of the mails, as a sentence."""
    if not mails:
        return "Es ging keine Mail hinaus."
    return "Eine Mail ist unterwegs." if mails == 1 else f"{mails} Mails an die Betroffenen sind unterwegs."


def as_data(move: Move, session: Session) -> QueryDict:
    """The move as the form of step 1 would send it."""
    stored = [day.pk for day in session.days.all()]
    planned = {day.pk: day for day in move.days if day.pk in stored}
    added = [day for day in move.days if day.pk not in stored]
    data = QueryDict(mutable=True)
    data["venue"], data["online_url"] = str(move.venue_pk or ""), move.online_url
    data["tage-INITIAL_FORMS"], data["tage-TOTAL_FORMS"] = str(len(stored)), str(len(stored) + len(added) + 1)
    days = {day.pk: PlannedDay.of(day) for day in session.days.all()}
    rows: list[PlannedDay] = [planned.get(pk, days[pk]) for pk in stored] + added
    for place, day in enumerate(rows):
        prefix = f"tage-{place}-"
        data[prefix + "id"] = str(day.pk or "")
        data[prefix + "date"] = day.date.isoformat()
        data[prefix + "starts_at"], data[prefix + "ends_at"] = f"{day.starts_at:%H:%M}", f"{day.ends_at:%H:%M}"
        data[prefix + "break_minutes"] = str(day.break_minutes)
        if day.pk in stored and day.pk not in planned:
            data[prefix + "DELETE"] = "on"
    data[f"tage-{len(rows)}-break_minutes"] = "90"
    return data


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_session", raise_exception=True)
def session_cancel(request: Request, pk: int) -> HttpResponse:
    sessions = Session.objects.visible_to(request.user).select_related("cohort", "module", "venue")
    session = get_object_or_404(sessions.prefetch_related("days", "trainers"), pk=pk)
    if session.cancelled_at or session.cohort.cancelled_at:
        return say_cancelled(request, session, None)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    refusal = actions.why_not_cancellable(session)
    if form.is_valid() and not refusal:
        try:
            mails = actions.cancel_session(session=session, reason=form.cleaned_data["reason"], by=request.user)
        except actions.ScheduleRefused as error:  # over since the question was asked
            refusal = str(error)
        else:
            return say_cancelled(request, session, mails)
    found = consequences.session_cancel_consequences(session)
    context = {"session": session, "form": form, "consequences": found, "refusal": refusal}
    return render(request, "netzkoord/session_cancel.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_cohort", raise_exception=True)
def cohort_cancel(request: Request, pk: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    if cohort.cancelled_at:
        return say_cancelled(request, cohort, None)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    refusal = actions.why_cohort_not_cancellable(cohort)
    if form.is_valid() and not refusal:
        try:
            mails = actions.cancel_cohort(cohort=cohort, reason=form.cleaned_data["reason"], by=request.user)
        except actions.ScheduleRefused as error:  # over since the question was asked
            refusal = str(error)
        else:
            return say_cancelled(request, cohort, mails)
    found = consequences.cohort_cancel_consequences(cohort)
    context: dict[str, Any] = {"cohort": cohort, "form": form, "consequences": found, "refusal": refusal}
    return render(request, "netzkoord/cohort_cancel.html", context)


def say_cancelled(request: Request, what: Session | Cohort, mails: int | None) -> HttpResponse:
    """Back to its page; `mails` is None when it was cancelled before."""
    if mails is None:
        messages.info(request, f"„{what}“ ist schon abgesagt. Es ging keine weitere Mail hinaus.")
    else:
        messages.success(request, f"„{what}“ ist abgesagt. {told(mails)}")
    return redirect(what)
