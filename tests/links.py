"""Personal links in tests: found in a mail, or made for somebody."""

import re

from netzkoord.lib import links

TOKEN = re.compile(r"/([0-9a-f]{32})/")


def token_in(text):
    """The one token that a text holds, however often."""
    (token,) = set(TOKEN.findall(text))
    return token


def is_link_to(text, purpose, key):
    """Whether the token in the text is good for this purpose and thing."""
    return links.target(purpose, token_in(text)) == str(key)
