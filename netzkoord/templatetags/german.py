"""How dates, numbers and names are written in German."""

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

NBSP = "\u00a0"
MINUTES_PER_UE = 45
WEEKDAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
MONTHS = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)
# A title or abbreviation and the word it belongs to stay on one line: Dr. Müller, z. B., Nr. 7, e. V.
TITLE = re.compile(r"\b(Prof\.|Dr\.|Dipl\.-\w+\.?|Hr\.|Fr\.|Nr\.|Abs\.|Art\.|St\.|z\.|d\.|u\.|i\.|e\.) +(?=\S)")


# „Praktikerinnen und -praktikern“, „Leiter/-innen“ is left as it is: only a word that begins with the hyphen.
SHORTENED = re.compile(r"(?<!\S)-(?=[^\W\d_])\w+")


@register.filter
def unbroken(text: str) -> SafeString:
    """Words that begin with a hyphen stay in one piece: a line would end between „-“ and „praktikern“."""
    return mark_safe(SHORTENED.sub(r'<span class="unbroken">\g<0></span>', conditional_escape(text)))  # noqa: S308 -- escaped


@register.filter
def german_date(value: datetime.date | None) -> str:
    """„Do, 7. Dezember 2017“; a moment is taken in local time."""
    if not value:
        return ""
    if isinstance(value, datetime.datetime):
        value = local(value).date()
    return f"{WEEKDAYS[value.weekday()]}, {long_date(value)}"


@register.filter
def long_date(value: datetime.date) -> str:
    """„7. Dezember 2017“, as a certificate writes it."""
    return f"{value.day}.{NBSP}{MONTHS[value.month - 1]} {value.year}"


@register.filter
def german_datetime(value: datetime.datetime | None) -> str:
    """„Do, 7. Dezember 2017, 9:00 Uhr“ in local time."""
    if not value:
        return ""
    return f"{german_date(value)}, {german_time(local(value).time())}{NBSP}Uhr"


@register.filter
def german_time(value: datetime.time | None) -> str:
    """„9:00“"""
    return f"{value.hour}:{value.minute:02}" if value else ""


@register.filter
def decimal_comma(value: float | Decimal | None) -> str:
    """„12,5“: at most one decimal, and only if there is one; thousands apart from 10 000 on."""
    if value is None:
        return ""
    rounded = Decimal(str(value)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    whole, _, decimal = f"{abs(rounded):f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", ".") if int(whole) >= 10_000 else whole
    sign = "−" if rounded < 0 else ""
    return f"{sign}{grouped}" + (f",{decimal}" if decimal != "0" else "")


@register.filter
def ue(minutes: float | Decimal | None) -> str:
    """„16 UE“: net minutes as Unterrichtseinheiten of 45 minutes."""
    if minutes is None:
        return ""
    return f"{decimal_comma(Decimal(str(minutes)) / MINUTES_PER_UE)}{NBSP}UE"


@register.filter
def nbsp_titles(text: object) -> str:
    """„Dr. Müller“ with no-break spaces, so that a title never ends a line."""
    return TITLE.sub(lambda match: match.group(1) + NBSP, str(text))


def local(value: datetime.datetime) -> datetime.datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


@register.filter
def dot_after(text: str) -> str:
    """What stands between this and the next of a list in one line: no dot after a full stop."""
    return " " if text.endswith((".", "!", "?")) else " · "
