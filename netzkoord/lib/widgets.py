"""Fields drawn in Python, for pages with hundreds of them: their templates would take most of the time."""

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from netzkoord.lib.fields import DateInput, TimeInput
from netzkoord.lib.rendering import without_limit


class DrawnInput(forms.Widget):
    """The same HTML as Django's `input.html`; also the single boxes of a group."""

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> SafeString:
        widget = context["widget"]
        value = "" if widget["value"] is None else format_html(' value="{}"', widget["value"])
        return format_html(
            '<input type="{}" name="{}"{}{}>',
            widget["type"],
            widget["name"],
            value,
            flatatt(without_limit(widget["attrs"])),
        )


class DrawnDate(DrawnInput, DateInput):
    pass


class DrawnTime(DrawnInput, TimeInput):
    pass


class DrawnNumber(DrawnInput, forms.NumberInput):
    pass


class DrawnUrl(DrawnInput, forms.URLInput):
    pass


class DrawnHidden(DrawnInput, forms.HiddenInput):
    pass


class DrawnCheckbox(DrawnInput, forms.CheckboxInput):
    pass


class DrawnCheckboxes(DrawnInput, forms.CheckboxSelectMultiple):
    """To be looped over: each box is drawn, the group has no HTML of its own."""


class DrawnSelect(forms.Select):
    """The same HTML as Django's `select.html`, without groups."""

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> SafeString:
        widget = context["widget"]
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (option["value"], flatatt(option["attrs"]), option["label"])
                for _, group, _ in widget["optgroups"]
                for option in group
            ),
        )
        return format_html('<select name="{}"{}>{}</select>', widget["name"], flatatt(widget["attrs"]), options)
