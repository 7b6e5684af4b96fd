"""Texts whose letters shall look alike, whatever letters they are."""

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from netzkoord.lib.letters import needs_fallback

register = template.Library()


@register.filter
def one_face(text: object) -> SafeString:
    """A text with a letter that Source Sans cannot set stands in DejaVu Sans as a whole: it looks like one font."""
    escaped = conditional_escape(str(text))
    return format_html('<span class="face">{}</span>', escaped) if needs_fallback(str(text)) else escaped
