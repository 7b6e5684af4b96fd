"""What the components of the design need from Python."""

from collections.abc import Iterator
from typing import NamedTuple

from django import template
from django.contrib.auth.models import AnonymousUser
from django.forms import BaseForm, BaseFormSet, BoundField
from django.http import QueryDict

from netzkoord.navigation import Navigation, navigation_for

register = template.Library()


class Problem(NamedTuple):
    """One line of the error summary: the id of the field it leads to, its label, what is wrong."""

    target: str
    label: str
    message: str


@register.filter
def problems(form: BaseForm | BaseFormSet[BaseForm]) -> list[Problem]:
    """Everything that is wrong with a form or a formset, in the order of the page."""
    if isinstance(form, BaseFormSet):
        if not form.is_bound:
            return []
        found = [Problem("", "", str(message)) for message in form.non_form_errors()]
        return found + [problem for part in form.forms for problem in problems_of(part)]
    return list(problems_of(form))


def problems_of(form: BaseForm) -> Iterator[Problem]:
    yield from (Problem("", "", str(message)) for message in form.non_field_errors())
    for field in form:
        for message in field.errors:
            yield Problem(
                target_of(field), "" if field.is_hidden else str(field.label).rstrip(".:?!"), str(message)
            )


def target_of(field: BoundField) -> str:
    """The id of the element to go to: the field itself, or the first of a group."""
    if field.is_hidden:
        return ""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def step_kinds(current: int, total: int) -> list[str]:
    """„done“, „current“ or „open“ for each of the steps."""
    return [
        "done" if number < int(current) else "current" if number == int(current) else "open"
        for number in range(1, int(total) + 1)
    ]


@register.simple_tag(takes_context=True)
def navigation(context: template.Context) -> Navigation:
    """The menu for the person and the page of this request."""
    request = context.get("request")
    path = request.path if request is not None else ""
    return navigation_for(context.get("user") or AnonymousUser(), path)


@register.simple_tag(takes_context=True)
def page_link(context: template.RequestContext, number: int) -> str:
    """The address of another page of the same list: filters and order stay."""
    query: QueryDict = context.request.GET.copy()
    query["seite"] = str(number)
    return f"?{query.urlencode()}"
