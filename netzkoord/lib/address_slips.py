"""What somebody meant who has mistyped an e-mail address: pure calculation on texts.

Only what is hardly ever meant is called a slip: an ending that there is none, a dot that is missing, the name of a
large provider with one letter wrong. Short names of providers look like those of many offices, so that there only
swapped letters count.
"""

import re
from itertools import takewhile

from netzkoord.lib.mail import is_address

# Of each provider the domains that it really has, so that none is taken for a slip of another.
PROVIDERS = (
    "gmail.com",
    "googlemail.com",
    "gmx.de",
    "gmx.net",
    "gmx.com",
    "gmx.at",
    "gmx.ch",
    "web.de",
    "t-online.de",
    "freenet.de",
    "arcor.de",
    "outlook.de",
    "outlook.com",
    "hotmail.de",
    "hotmail.com",
    "live.de",
    "live.com",
    "yahoo.de",
    "yahoo.com",
    "ymail.com",
    "icloud.com",
    "posteo.de",
    "posteo.net",
    "mailbox.org",
    "mail.de",
    "mail.com",
    "email.de",
    "email.com",
    "aol.de",
    "aol.com",
    "magenta.de",
    "proton.me",
    "protonmail.com",
)
ENDINGS = {
    **dict.fromkeys(("ed", "dee", "dde"), "de"),
    **dict.fromkeys(("con", "cmo", "ocm", "comm", "coom", "vom", "xom"), "com"),
    **dict.fromkeys(("nte", "ent", "nett"), "net"),
    **dict.fromkeys(("ogr", "rog", "orgg"), "org"),
}
# A provider whose name is so long is not easily somebody else's with one letter less.
LONG = 8
WITHOUT_DOT = re.compile(r"(?P<name>.{3,})(?P<ending>de|com|net|org)")


def meant_address(typed: str) -> str:
    """The address that was probably meant; empty where nothing seems wrong, or nobody could tell."""
    name, at, domain = typed.strip().lower().rpartition("@")
    meant = meant_domain(domain)
    address = f"{name}@{meant}"
    return address if at and meant != domain and is_address(address) else ""


def meant_domain(domain: str) -> str:
    if domain in PROVIDERS:
        return domain
    dotted = with_dots(domain)
    start, _, ending = dotted.rpartition(".")
    if start and ending in ENDINGS:
        dotted = f"{start}.{ENDINGS[ending]}"
    return next((provider for provider in PROVIDERS if is_slip(dotted, provider)), dotted)


def with_dots(domain: str) -> str:
    """Commas are dots beside them on the keyboard; a missing dot stands before the ending."""
    domain = re.sub(r"[.,]+", ".", domain).strip(".")
    if "." in domain:
        return domain
    if provider := next((each for each in PROVIDERS if domain in (each.replace(".", ""), each.split(".")[0])), ""):
        return provider
    found = WITHOUT_DOT.fullmatch(domain)
    return f"{found['name']}.{found['ending']}" if found else domain


def is_slip(typed: str, meant: str) -> bool:
    """One letter too many, missing or wrong, or two swapped; of a short name only two swapped."""
    if typed in PROVIDERS:
        return False
    same = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(typed, meant, strict=False))))
    rest, other = typed[same:], meant[same:]
    is_swapped = len(other) > 1 and rest[:2] == other[1::-1] and rest[2:] == other[2:]
    is_one_letter = rest[1:] == other or rest == other[1:] or rest[1:] == other[1:]
    return is_swapped or (is_one_letter and len(meant) >= LONG)
