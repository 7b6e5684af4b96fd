"""The glossary of an edition, above all the kinds of networks."""

from functools import partial

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from curriculum.actions.glossary import add_term, change_term, order_terms
from curriculum.forms.glossary import GlossaryTermForm
from curriculum.models import GlossaryTerm
from curriculum.queries.topics import glossary_rows, units_with
from curriculum.views.parts import (
    Deletion,
    data_of,
    deletion_page,
    draft_or_404,
    is_writable,
    part_or_404,
    post_is_atomic,
    readable_or_404,
    store_change,
    store_new,
    used_in,
)
from netzkoord.lib.http import Request
from netzkoord.lib.sentences import quoted
from netzkoord.lib.sorting import answer_sorting


@require_safe
@permission_required("curriculum.view_edition", raise_exception=True)
def glossary(request: Request, pk: int) -> HttpResponse:
    edition = readable_or_404(request, pk)
    context = {"edition": edition, "rows": glossary_rows(edition), "is_writable": is_writable(request, edition)}
    return render(request, "curriculum/glossary.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def glossary_add(request: Request, pk: int) -> HttpResponse:
    edition = draft_or_404(request, pk)
    form = GlossaryTermForm(data_of(request), instance=GlossaryTerm(edition=edition))
    term = store_new(request, form, siblings=edition.glossary.all(), edition=edition, add=add_term)
    if term:
        return redirect(address_of(term))
    return render(request, "curriculum/glossary_add.html", {"form": form, "edition": edition})


def address_of(term: GlossaryTerm) -> str:
    return f"{reverse('curriculum:glossary', args=[term.edition_id])}#begriff-{term.pk}"


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def glossary_edit(request: Request, pk: int) -> HttpResponse:
    term = part_or_404(request, GlossaryTerm.objects.all(), pk, edition="edition")
    name = term.term
    form = GlossaryTermForm(data_of(request), instance=term)
    if store_change(request, form, edition=term.edition, change=change_term):
        return redirect(address_of(term))
    return render(request, "curriculum/glossary_edit.html", {"form": form, "term": term, "name": name})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def glossary_delete(request: Request, pk: int) -> HttpResponse:
    term = part_or_404(request, GlossaryTerm.objects.all(), pk, edition="edition")
    children = quoted(term.children.all())
    below = f"Mit ihm verschwindet, was zu ihm gehört: {children}. " if children else ""
    deletion = Deletion(
        part=term,
        edition=term.edition,
        kind="Begriff",
        named=f"Der Begriff „{term}“",
        consequence=below + used_in(units_with(term)),
        back=reverse("curriculum:glossary", args=[term.edition_id]),
        cancel=address_of(term),
    )
    return deletion_page(request, deletion)


@require_POST
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def glossary_order(request: Request, pk: int) -> HttpResponse:
    """The uppermost terms."""
    edition = draft_or_404(request, pk)
    sort = partial(order_terms, edition=edition, parent=None, by=request.user)
    back = reverse("curriculum:glossary", args=[edition.pk])
    return answer_sorting(request, sort, back=back)


@require_POST
@permission_required("curriculum.change_edition", raise_exception=True)
@post_is_atomic
def glossary_order_below(request: Request, pk: int) -> HttpResponse:
    """The terms that belong to one other."""
    parent = part_or_404(request, GlossaryTerm.objects.all(), pk, edition="edition")
    sort = partial(order_terms, edition=parent.edition, parent=parent, by=request.user)
    back = reverse("curriculum:glossary", args=[parent.edition_id])
    return answer_sorting(request, sort, back=back)
