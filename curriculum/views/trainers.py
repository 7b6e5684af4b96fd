"""Trainers' word on their dates: asked for by organisers, given through a link or on the session's page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from curriculum.actions.trainers import CannotAnswer, answer_date, ask_trainers, ask_trainers_of_cohort
from curriculum.forms.trainers import TrainerAnswerForm
from curriculum.models import Cohort, Session, TrainerConfirmation
from curriculum.queries.trainers import confirmation_of, why_closed
from netzkoord.lib.http import Request
from netzkoord.lib.links import NotValid
from netzkoord.models import User


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def trainer_answer(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link: opening it changes nothing, the button answers."""
    confirmation = confirmation_of(token)
    if confirmation is None:
        raise NotValid(token)
    return answer_page(request, confirmation.session, confirmation.trainer, back=request.path)


@require_http_methods(["GET", "HEAD", "POST"])
def session_confirm(request: Request, pk: int) -> HttpResponse:
    """The same for a trainer of this session who is signed in."""
    own = Session.objects.filter(trainers=request.user).select_related("cohort", "module", "venue")
    session = get_object_or_404(own, pk=pk)
    return answer_page(request, session, request.user, back=session.get_absolute_url())


def answer_page(request: HttpRequest, session: Session, trainer: User, *, back: str) -> HttpResponse:
    confirmation = TrainerConfirmation.objects.filter(session=session, trainer=trainer).first()
    closed = why_closed(session)
    data = request.POST if request.method == "POST" else None
    form = TrainerAnswerForm(data, confirmation=confirmation, sequence=session.sequence)
    if form.is_valid():
        try:
            answer_date(session=session, by=trainer, **form.cleaned_data)
        except CannotAnswer as refusal:
            messages.error(request, str(refusal))
            return redirect(request.path)
        messages.success(request, "Danke. Ihre Antwort ist gespeichert; bis zum Beginn können Sie sie ändern.")
        return redirect(back)
    is_signed_in = back != request.path
    context = {"form": form, "session": session, "confirmation": confirmation, "closed": closed}
    return render(
        request,
        "curriculum/trainer_answer.html",
        context | {"trainer": trainer, "cancel_url": back if is_signed_in else ""},
    )


@require_POST
@permission_required("curriculum.change_session", raise_exception=True)
def session_ask_trainers(request: Request, pk: int) -> HttpResponse:
    session = get_object_or_404(Session.objects.visible_to(request.user), pk=pk)
    report_asked(request, ask_trainers(session=session, by=request.user), teachers=session.trainers.all())
    return redirect(session)


@require_POST
@permission_required("curriculum.change_session", raise_exception=True)
def cohort_ask_trainers(request: Request, pk: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    teachers = User.objects.filter(sessions__in=cohort.sessions.not_cancelled())
    report_asked(request, ask_trainers_of_cohort(cohort=cohort, by=request.user), teachers=teachers)
    return redirect("curriculum:session_list", cohort.pk)


def report_asked(request: HttpRequest, count: int, *, teachers: QuerySet[User]) -> None:
    if not teachers.exists():
        messages.info(request, "Es ist noch niemand eingeplant. Bitte wählen Sie zuerst, wer trainiert.")
    elif not count:
        messages.info(
            request,
            "Niemand war neu zu fragen. Wer noch nicht geantwortet hat, kann nach einem Tag erneut gefragt werden.",
        )
    elif count == 1:
        messages.success(request, "Eine Bitte um Terminzusage ist gesendet.")
    else:
        messages.success(request, f"{count} Bitten um Terminzusage sind gesendet.")
