"""The way into one's own account, and the accounts of the staff."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.core.paginator import Paginator
from django.forms.models import model_to_dict
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from netzkoord import queries
from netzkoord.actions import accounts as actions
from netzkoord.forms import SearchForm, StaffAddForm, StaffEditForm
from netzkoord.lib.http import Request

PAGE_SIZE = 50


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """`/konto/` as typed by hand."""
    return redirect("mfa_index")


@login_not_required
def not_offered(request: HttpRequest, key: str = "") -> HttpResponse:
    """What allauth can do and this product does not offer."""
    raise Http404


@require_safe
@permission_required("netzkoord.view_user", raise_exception=True)
def account_list(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET, label="Name oder E-Mail-Adresse")
    search = form.words()
    page = Paginator(queries.staff(search), PAGE_SIZE).get_page(request.GET.get("seite"))
    return render(request, "netzkoord/account_list.html", {"form": form, "search": search, "page": page})


@require_http_methods(["GET", "POST"])
@permission_required("netzkoord.add_user", raise_exception=True)
def staff_add(request: Request) -> HttpResponse:
    form = StaffAddForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        groups = form.cleaned_data.pop("roles")
        person = actions.invite_staff(**form.cleaned_data, groups=groups, by=request.user)
        messages.success(request, f"{person} hat jetzt Zugang. Die Mail dazu liegt im Postausgang.")
        return redirect("account_list")
    return render(request, "netzkoord/staff_add.html", {"form": form})


@require_http_methods(["GET", "POST"])
@permission_required("netzkoord.change_user", raise_exception=True)
def staff_edit(request: Request, pk: int) -> HttpResponse:
    person = get_object_or_404(queries.staff(), pk=pk)
    initial = model_to_dict(person, ["title", "given_names", "family_name", "is_active"])
    form = StaffEditForm(
        request.POST if request.method == "POST" else None, initial=initial | {"roles": person.groups.all()}
    )
    if form.is_valid():
        groups = form.cleaned_data.pop("roles")
        try:
            actions.change_staff(person=person, groups=groups, **form.cleaned_data, by=request.user)
        except actions.LastOrganiserError:
            form.add_error(None, "Ihren eigenen Zugang als Organisation kann nur jemand anderes ändern.")
        else:
            messages.success(request, f"Das Konto von {person} ist geändert.")
            return redirect("account_list")
    return render(request, "netzkoord/staff_edit.html", {"form": form, "person": person})
