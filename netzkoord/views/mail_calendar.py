"""Who gets which mail when, for one cohort."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from curriculum.models import Cohort
from netzkoord import mail_calendar as calendars
from netzkoord.lib.http import Request


@require_safe
@permission_required("participants.change_mailrule", raise_exception=True)
def mail_calendar(request: Request, pk: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    context = {"cohort": cohort, "calendar": calendars.mail_calendar(cohort)}
    return render(request, "netzkoord/mail_calendar.html", context)
