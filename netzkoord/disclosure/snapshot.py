"""The snapshot of a certificate as a person reads it; the file holds it as it is stored."""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from netzkoord.disclosure.shapes import Told, Value
from netzkoord.models import User
from netzkoord.templatetags.german import NBSP, long_date, ue
from participants.models import Certificate

Content = Mapping[str, Any]
# Which shape the snapshot has, and what stands beside it already.
TECHNICAL = {"version", "kind"}
LAYOUTS = {"PORTRAIT": "Hochformat", "LANDSCAPE": "Querformat"}


def content_in_words(certificate: Certificate, _: User) -> Value:
    content = certificate.content
    return Told(
        content, {label(name): words(name, part) for name, part in content.items() if name not in TECHNICAL}
    )


def label(name: str) -> str:
    return PARTS[name][0] if name in PARTS else name


def words(name: str, part: Any) -> Value:
    return PARTS[name][1](part) if name in PARTS else part


def as_it_is(part: Any) -> Any:
    return part


def each(read: Callable[[Content], str]) -> Callable[[list[Content]], list[str]]:
    return lambda parts: [read(part) for part in parts]


def in_ue(minutes: int) -> str:
    return ue(minutes) if minutes else ""


def percent(number: int) -> str:
    return f"{number}{NBSP}% der UE"


def date_words(text: str) -> str:
    return long_date(datetime.date.fromisoformat(text))


def day_words(day: Content) -> str:
    """„9. Oktober 2017 (Vormittag), Haus A, Köln, Präsenz, 4 von 8 UE“; older snapshots say less."""
    half = day.get("half") or ("halbtägig" if day.get("is_half") else "")
    planned = f" von {ue(day['planned_minutes'])}" if "planned_minutes" in day else ""
    attended = ue(day["minutes"]).removesuffix(f"{NBSP}UE") if planned else ue(day["minutes"])
    date = date_words(day["date"]) + (f" ({half})" if half else "")
    return joined(date, day.get("place"), day.get("format"), f"{attended}{planned}")


def achievement_words(achievement: Content | None) -> str:
    if achievement is None:
        return ""
    title = f"„{achievement['title']}“" if achievement.get("title") else ""
    units = f"{achievement['units']}{NBSP}UE" if achievement.get("units") else ""
    return joined(title, units, f"abgeschlossen am {date_words(achievement['completed_on'])}")


def module_words(module: Content) -> str:
    competences = [
        f"{each['name']} ({', '.join(each['levels'])})" if each["levels"] else each["name"]
        for each in module.get("competences", [])
    ]
    parts = {"Lernziele": " · ".join(module.get("goals", [])), "Kompetenzen": " · ".join(competences)}
    return ". ".join([module["title"], *(f"{name}: {text}" for name, text in parts.items() if text)])


def imprint_words(imprint: Content) -> list[str]:
    people = imprint.get("signatories") or [
        {"name": imprint.get("signatory", ""), "function": imprint.get("function", "")}
    ]
    pictures = [
        *(("Bild der Unterschrift", each.get("signature")) for each in people),
        ("Logo", imprint.get("logo")),
    ]
    return [
        joined(imprint.get("issuer"), imprint.get("place")),
        *(joined(each["name"], each["function"]) for each in people),
        *filter(
            None, [LAYOUTS.get(imprint.get("layout", "")), imprint.get("intro"), imprint.get("logo_alternative")]
        ),
        *(f"{name}: Prüfsumme {sha256}" for name, sha256 in pictures if sha256),
    ]


def joined(*parts: str | None) -> str:
    return ", ".join(filter(None, parts))


# What each part of a snapshot is called, and how it reads; a part that is not among them stands as it is.
PARTS: dict[str, tuple[str, Callable[[Any], Value]]] = {
    "heading": ("Überschrift", as_it_is),
    "name": ("Name", as_it_is),
    "role": ("Rolle", as_it_is),
    "municipality": ("Kommune", as_it_is),
    "programme": ("Programm", as_it_is),
    "track": ("Angebot", as_it_is),
    "cohort": ("Durchgang", as_it_is),
    "format": ("Form", as_it_is),
    "days": ("Besuchte Tage", each(day_words)),
    "planned_minutes": ("Geplant", in_ue),
    "attended_minutes": ("Besucht", in_ue),
    "made_up_minutes": ("Nachgeholt", in_ue),
    "threshold_percent": ("Nötig für die Teilnahmebescheinigung", percent),
    "is_reduced": ("Weniger als die Regel verlangt", as_it_is),
    "project": ("Praxisprojekt", achievement_words),
    "colloquium": ("Kolloquium", achievement_words),
    "modules": ("Module", each(module_words)),
    "trainers": ("Training", as_it_is),
    "imprint": ("Veranstalter, Unterschrift und Gestaltung", imprint_words),
    "issued_on": ("Ausgestellt am", date_words),
    "is_demo": ("Erfunden, für die Demo", as_it_is),
}
