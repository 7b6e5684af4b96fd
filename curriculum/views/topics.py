"""Topics and methods of an edition."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from curriculum.forms.topics import MethodForm, TopicForm
from curriculum.models import Method, Topic
from curriculum.queries.topics import method_rows, topic_rows, units_with
from curriculum.views.parts import (
    Deletion,
    data_of,
    deletion_page,
    draft_or_404,
    is_writable,
    order_page,
    part_or_404,
    post_is_atomic,
    readable_or_404,
    store_change,
    store_new,
    used_in,
)
from netzkoord.lib.http import Request


@require_safe
@permission_required("curriculum.view_edition", raise_exception=True)
def topic_list(request: Request, pk: int) -> HttpResponse:
    edition = readable_or_404(request, pk)
    context = {"edition": edition, "rows": topic_rows(edition), "is_writable": is_writable(request, edition)}
    return render(request, "curriculum/topic_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def topic_add(request: Request, pk: int) -> HttpResponse:
    edition = draft_or_404(request, pk)
    form = TopicForm(data_of(request), instance=Topic(edition=edition))
    if store_new(request, form, siblings=edition.topics.all(), edition=edition):
        return redirect("curriculum:topic_list", edition.pk)
    return render(request, "curriculum/topic_add.html", {"form": form, "edition": edition})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def topic_edit(request: Request, pk: int) -> HttpResponse:
    topic = part_or_404(request, Topic.objects.all(), pk, edition="edition")
    name = topic.name
    form = TopicForm(data_of(request), instance=topic)
    if store_change(request, form, edition=topic.edition):
        return redirect("curriculum:topic_list", topic.edition_id)
    return render(request, "curriculum/topic_edit.html", {"form": form, "topic": topic, "name": name})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def topic_delete(request: Request, pk: int) -> HttpResponse:
    topic = part_or_404(request, Topic.objects.all(), pk, edition="edition")
    back = reverse("curriculum:topic_list", args=[topic.edition_id])
    deletion = Deletion(
        part=topic,
        edition=topic.edition,
        kind="Thema",
        named=f"Das Thema „{topic}“",
        consequence=used_in(units_with(topic)),
        back=back,
        cancel=back,
    )
    return deletion_page(request, deletion)


@require_POST
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def topic_order(request: Request, pk: int) -> HttpResponse:
    edition = draft_or_404(request, pk)
    back = reverse("curriculum:topic_list", args=[edition.pk])
    return order_page(request, parts=edition.topics.all(), edition=edition, back=back)


@require_safe
@permission_required("curriculum.view_edition", raise_exception=True)
def method_list(request: Request, pk: int) -> HttpResponse:
    edition = readable_or_404(request, pk)
    context = {"edition": edition, "rows": method_rows(edition), "is_writable": is_writable(request, edition)}
    return render(request, "curriculum/method_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def method_add(request: Request, pk: int) -> HttpResponse:
    edition = draft_or_404(request, pk)
    form = MethodForm(data_of(request), instance=Method(edition=edition))
    if store_new(request, form, siblings=edition.methods.all(), edition=edition):
        return redirect("curriculum:method_list", edition.pk)
    return render(request, "curriculum/method_add.html", {"form": form, "edition": edition})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def method_edit(request: Request, pk: int) -> HttpResponse:
    method = part_or_404(request, Method.objects.all(), pk, edition="edition")
    name = method.name
    form = MethodForm(data_of(request), instance=method)
    if store_change(request, form, edition=method.edition):
        return redirect("curriculum:method_list", method.edition_id)
    return render(request, "curriculum/method_edit.html", {"form": form, "method": method, "name": name})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def method_delete(request: Request, pk: int) -> HttpResponse:
    method = part_or_404(request, Method.objects.all(), pk, edition="edition")
    back = reverse("curriculum:method_list", args=[method.edition_id])
    deletion = Deletion(
        part=method,
        edition=method.edition,
        kind="Methode",
        named=f"Die Methode „{method}“",
        consequence=used_in(units_with(method)),
        back=back,
        cancel=back,
    )
    return deletion_page(request, deletion)
