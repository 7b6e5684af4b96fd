"""How the widgets of every form are drawn."""

from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest


def without_limit(attrs: dict[str, Any]) -> dict[str, Any]:
    """Attributes without `maxlength`: a browser cuts pasted text there and says nothing.

    The form refuses what is too long with a sentence, and keeps it.
    """
    return {name: value for name, value in attrs.items() if name != "maxlength"}


class FormRenderer(DjangoTemplates):
    """Django's own, but no text is cut while it is typed."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        if widget := context.get("widget"):
            widget["attrs"] = without_limit(widget["attrs"])
        return super().render(template_name, context, request)
