"""Text of organisers as HTML: Markdown without raw HTML, without pictures, with harmless links only."""

import re

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

# https, mail, a path or an anchor of our own; //host and every other scheme stay plain text.
HARMLESS_LINK = re.compile(r"(?i)(https?://|mailto:|/(?![/\\])|#)")
TOP_LEVEL = 2  # the page has its h1 already


def render(text: str, *, top_level: int = TOP_LEVEL) -> SafeString:
    """HTML of a Markdown text; headings begin at h2, or lower, and skip no level, a new line is a new line."""
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table").disable("image")
    parser.validateLink = is_harmless  # type: ignore[method-assign]  # the library's own way to say it
    tokens = parser.parse(text)
    set_heading_levels(tokens, top_level)
    html: str = parser.renderer.render(tokens, parser.options, {})
    return mark_safe(html)  # noqa: S308 -- raw HTML is off


def is_harmless(url: str) -> bool:
    return HARMLESS_LINK.match(url.strip()) is not None


def set_heading_levels(tokens: list[Token], top_level: int) -> None:
    """Keep the order of the headings and close the gaps that a screen reader would stumble over."""
    previous = top_level - 1
    for token in tokens:
        if token.type == "heading_open":
            previous = min(max(int(token.tag[1:]), TOP_LEVEL) + top_level - TOP_LEVEL, previous + 1)
            token.tag = f"h{previous}"
        elif token.type == "heading_close":
            token.tag = f"h{previous}"
