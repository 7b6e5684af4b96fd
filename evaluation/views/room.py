"""The room code: on the projector, and what it opens for those who sit in the room."""

from django.contrib.auth.decorators import login_not_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from evaluation.actions.room import send_room_link
from evaluation.forms.room import UNKNOWN, RoomAddressForm, RoomCodeForm
from evaluation.models import Survey, SurveyState
from evaluation.queries.expected import attendance_warning
from evaluation.queries.room import ROOM, grouped, own_invitation, signed_code, survey_in_room
from netzkoord.lib import codes, links, qr
from netzkoord.lib.http import Request
from netzkoord.lib.limits import limit_room


@require_safe
@permission_required("evaluation.view_survey", raise_exception=True)
def survey_screen(request: Request, pk: int) -> HttpResponse:
    """For the last slide: the code, big, and who cannot use it yet. For organisers and the session's trainers."""
    surveys = Survey.objects.anonymous()
    if not request.user.has_perm("evaluation.change_survey"):
        surveys = surveys.of_trainer(request.user)
    survey = get_object_or_404(surveys.select_related("cohort", "session__module"), pk=pk)
    code = grouped(survey.room_code)
    context = {
        "survey": survey,
        "code": code,
        "address": links.absolute("evaluation:room").partition("://")[2],
        "qr": qr.svg(
            links.absolute("evaluation:room_survey", signed_code(survey)), title=f"QR-Code zur Rückmeldung: {code}"
        ),
        "attendance_warning": attendance_warning(survey),
    }
    return render(request, "evaluation/survey_screen.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def room(request: HttpRequest) -> HttpResponse:
    """The code typed by hand."""
    form = RoomCodeForm(request.POST if request.method == "POST" else None)
    if survey := opened(form, request):
        return redirect("evaluation:room_survey", signed_code(survey))
    return codes.code_page(request, "evaluation/room.html", form)


def opened(form: RoomCodeForm, request: HttpRequest) -> Survey | None:
    return codes.opened(form, request, place=ROOM, find=survey_in_room, unknown=UNKNOWN)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@limit_room
def room_survey(request: HttpRequest, code: str) -> HttpResponse:
    """What the QR code opens: the own form of who is signed in, for everybody else the link by mail.

    The worker looks whether the address is asked, so the answer is always the same.
    """
    code_form = RoomCodeForm({"code": code})
    survey = opened(code_form, request)
    if survey is None:
        return codes.code_page(request, "evaluation/room.html", code_form, status=404)
    if survey.state is not SurveyState.OPEN:
        return render(request, "evaluation/room_survey.html", {"survey": survey, "form": None})
    if own := own_invitation(survey, request.user):
        return redirect("evaluation:survey_answer", own.link_key)
    request_form = RoomAddressForm(request.POST if request.method == "POST" else None)
    if request_form.is_valid():
        send_room_link.enqueue(survey.pk, request_form.cleaned_data["email"])
        return redirect("evaluation:room_sent")
    context = {"survey": survey, "form": request_form, "code": signed_code(survey)}
    return render(request, "evaluation/room_survey.html", context)


@require_safe
@login_not_required
def room_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "evaluation/room_sent.html")
