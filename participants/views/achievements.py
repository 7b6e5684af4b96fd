"""What people of a cohort have achieved and made up: the list, many at once, one by one."""

from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from curriculum.certificate_rule import certificate_rule_sentence
from curriculum.models import Cohort
from netzkoord.lib.fields import row_key
from netzkoord.lib.http import Request
from netzkoord.lib.sentences import counted
from participants.actions.achievements import (
    record_achievement,
    record_for_many,
    record_made_up,
    remove_achievement,
    remove_made_up,
)
from participants.actions.locking import lock
from participants.forms.achievements import AchievementForm, AchievementForManyForm, MadeUpForm
from participants.models import Achievement, AchievementKind, MadeUpTime, Registration
from participants.queries.achievements import AchievementRow, achievement_rows, counting_days, kinds_needed, row_of

MAY_CHANGE = permission_required("participants.change_achievement", raise_exception=True)
KINDS = {kind.slug: kind for kind in AchievementKind}
NOTHING_TO_MAKE_UP = (
    "In diesem Durchgang kann nichts nachgeholt werden. Soll es möglich sein, setzen Sie beim Durchgang eine Frist."
)


@require_safe
@permission_required("participants.view_achievement", raise_exception=True)
def achievement_list(request: Request, pk: int) -> HttpResponse:
    """`ohne` names an achievement: whoever has it not yet is chosen already."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    rows, kinds = achievement_rows(cohort), kinds_needed(cohort)
    without = KINDS.get(request.GET.get("ohne", ""))
    chosen = [row.registration.pk for row in rows if without and not row.has(without)]
    form = AchievementForManyForm(
        kinds=kinds, rows=rows, counting=counting_days(cohort), initial={"kind": without, "people": chosen}
    )
    return list_page(request, cohort, rows, form, chosen=chosen)


@require_POST
@MAY_CHANGE
def achievement_add_many(request: Request, pk: int) -> HttpResponse:
    """„Bei allen Ausgewählten: Kolloquium am …“; who has it already keeps it."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    rows = achievement_rows(cohort)
    form = AchievementForManyForm(
        request.POST, kinds=kinds_needed(cohort), rows=rows, counting=counting_days(cohort)
    )
    if not form.is_valid():
        return list_page(request, cohort, rows, form, chosen=numbers(request.POST.getlist("people")))
    kind, keys = AchievementKind(form.cleaned_data["kind"]), form.cleaned_data["people"]
    count = record_for_many(
        cohort=cohort, keys=keys, kind=kind, completed_on=form.cleaned_data["completed_on"], by=request.user
    )
    messages.success(request, recorded_sentence(kind, count, already=len(keys) - count))
    return redirect("participants:achievement_list", cohort.pk)


def list_page(
    request: Request, cohort: Cohort, rows: list[AchievementRow], form: AchievementForManyForm, *, chosen: list[int]
) -> HttpResponse:
    context = {
        "cohort": cohort,
        "rows": rows,
        "form": form,
        "chosen": chosen,
        "rule": certificate_rule_sentence(cohort),
        "kinds": [(kind, sum(not row.has(kind) for row in rows)) for kind in kinds_needed(cohort)],
    }
    return render(request, "participants/achievement_list.html", context)


def recorded_sentence(kind: AchievementKind, count: int, *, already: int) -> str:
    kept = f" {counted(already, 'Person hat', 'Personen haben')} es schon; dort bleibt alles, wie es ist."
    return f"{kind.label} ist bei {counted(count, 'Person', 'Personen')} eingetragen.{kept if already else ''}"


def numbers(values: list[str]) -> list[int]:
    return [key for value in values if (key := row_key(value))]


@require_http_methods(["GET", "HEAD", "POST"])
@MAY_CHANGE
def achievement_edit(request: Request, pk: int, slug: str) -> HttpResponse:
    """The one achievement of this kind: recorded if there is none, corrected if there is."""
    person, kind = accepted_person(request, pk), kind_of(slug)
    if request.method != "POST":
        return edit_page(request, person, kind)
    with transaction.atomic():
        lock(person.cohort)  # a second person waits here and finds what the first one stored
        return edit_page(request, person, kind)


def edit_page(request: Request, person: Registration, kind: AchievementKind) -> HttpResponse:
    stored = person.achievements.filter(kind=kind).first()
    if stored is None and kind not in kinds_needed(person.cohort):
        raise Http404
    form = AchievementForm(
        request.POST if request.method == "POST" else None,
        instance=stored or Achievement(registration=person, kind=kind),
        counting=counting_days(person.cohort),
    )
    if form.is_valid():
        record_achievement(achievement=form.instance, fields=form.changed, by=request.user)
        say_saved(request, form, f"{kind.label} von {person.full_name} ist eingetragen.")
        return redirect("participants:achievement_list", person.cohort_id)
    context = {"form": form, "person": person, "kind": kind, "is_known": stored is not None}
    return render(request, "participants/achievement_edit.html", context)


@require_POST
@MAY_CHANGE
def achievement_delete(request: Request, pk: int, slug: str) -> HttpResponse:
    person, kind = accepted_person(request, pk), kind_of(slug)
    if remove_achievement(registration=person, kind=kind, by=request.user):
        messages.success(request, f"{kind.label} von {person.full_name} ist nicht mehr eingetragen.")
    return redirect("participants:achievement_list", person.cohort_id)


@require_http_methods(["GET", "HEAD", "POST"])
@MAY_CHANGE
def made_up_add(request: Request, pk: int) -> HttpResponse:
    person = accepted_person(request, pk)
    if request.method != "POST":
        return made_up_page(request, MadeUpTime(registration=person))
    with transaction.atomic():
        lock(person.cohort)
        return made_up_page(request, MadeUpTime(registration=person))


@require_http_methods(["GET", "HEAD", "POST"])
@MAY_CHANGE
def made_up_edit(request: Request, pk: int) -> HttpResponse:
    person = accepted_person(request, get_object_or_404(MadeUpTime, pk=pk).registration_id)
    if request.method != "POST":
        return made_up_page(request, get_object_or_404(person.made_up_times, pk=pk))
    with transaction.atomic():
        lock(person.cohort)
        return made_up_page(request, get_object_or_404(person.made_up_times, pk=pk))


def made_up_page(request: Request, made_up: MadeUpTime) -> HttpResponse:
    person = made_up.registration
    until = person.cohort.make_up_until
    if until is None:
        messages.error(request, NOTHING_TO_MAKE_UP)
        return redirect("participants:achievement_list", person.cohort_id)
    room = row_of(person).still_missed_minutes + (made_up.minutes if made_up.pk else 0)
    counting = replace(counting_days(person.cohort), last_on=until)
    form = MadeUpForm(
        request.POST if request.method == "POST" else None, instance=made_up, room=room, counting=counting
    )
    if form.is_valid():
        record_made_up(made_up=form.instance, fields=form.changed, by=request.user)
        say_saved(request, form, f"Bei {person.full_name} ist eingetragen, was nachgeholt ist.")
        return redirect("participants:achievement_list", person.cohort_id)
    context = {"form": form, "person": person, "made_up": made_up if made_up.pk else None}
    return render(request, "participants/made_up_edit.html", context)


@require_POST
@MAY_CHANGE
def made_up_delete(request: Request, pk: int) -> HttpResponse:
    made_up = get_object_or_404(MadeUpTime.objects.select_related("registration__cohort"), pk=pk)
    person = accepted_person(request, made_up.registration_id)
    remove_made_up(made_up=made_up, by=request.user)
    messages.success(request, f"Die nachgeholte Zeit von {person.full_name} ist entfernt.")
    return redirect("participants:achievement_list", person.cohort_id)


def say_saved(request: Request, form: AchievementForm | MadeUpForm, sentence: str) -> None:
    messages.success(request, sentence)
    if form.merged_sentence:
        messages.info(request, form.merged_sentence)


def accepted_person(request: Request, pk: int) -> Registration:
    """Somebody who takes part. Raises `Http404`."""
    people = Registration.objects.accepted().visible_to(request.user)
    return get_object_or_404(people.select_related("cohort", "tandem__municipality"), pk=pk)


def kind_of(slug: str) -> AchievementKind:
    """Raises `Http404`."""
    if slug not in KINDS:
        raise Http404
    return KINDS[slug]
