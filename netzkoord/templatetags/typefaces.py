"""Texts whose letters shall look alike, whatever letters they are."""

import re
import unicodedata

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from netzkoord.lib.letters import needs_fallback

register = template.Library()

# In Noto Sans only „k“ and „t“ have room for it.
COMMA = re.compile("([^\\W_kt]\N{COMBINING COMMA ABOVE RIGHT})")


@register.filter
def one_face(text: object) -> SafeString:
    """A text with a letter that Source Sans cannot set stands in Noto Sans as a whole: it looks like one font."""
    escaped = conditional_escape(str(text))
    return format_html('<span class="face">{}</span>', with_room(escaped)) if needs_fallback(str(text)) else escaped


def with_room(escaped: SafeString) -> SafeString:
    """After a comma that stands to the right of its letter, room for the next letter."""
    composed = unicodedata.normalize("NFC", escaped)
    return mark_safe(COMMA.sub(r'<span class="comma">\1</span>', composed))  # noqa: S308 -- was escaped above
