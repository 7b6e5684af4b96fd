"""What a certificate that replaces another would say differently: row by row, in the words of the paper."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from netzkoord.templatetags.german import long_date, ue
from participants.certificates import UNSAID, of_municipality, of_person
from participants.claims import Claim
from participants.imprint import Imprint
from participants.models import CertificateKind, Layout
from participants.queries.certificates import fetch_for_snapshot
from participants.snapshots import snapshot

NOTHING = "–"
OLD_PICTURE, NEW_PICTURE = "bisheriges Bild", "neues Bild"
Words = Mapping[str, list[str]]


@dataclass(frozen=True)
class Difference:
    """One row: what it is about, what the old one says, what the new one will say."""

    label: str
    before: str
    after: str


def content_today(claim: Claim, *, imprint: Imprint) -> dict[str, Any]:
    """What would be issued now; eight queries."""
    fetch_for_snapshot([claim])
    return snapshot(claim, imprint=imprint, issued_on=timezone.localdate(), is_demo=False)


def content_differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """Of two snapshots, but for how they look; empty where both say the same."""
    return compared(content_words(old), content_words(new))


def design_differences(old: Imprint, new: Imprint) -> list[Difference]:
    """Of who issues and signs, and how it looks."""
    return [*compared(design_words(old), design_words(new)), *picture_differences(old, new)]


def compared(old: Words, new: Words) -> list[Difference]:
    """Of a list only what has come and gone; the whole where nothing but the order differs."""
    return [
        Difference(label, in_words(before, without=after), in_words(after, without=before))
        for label in dict.fromkeys([*old, *new])
        if (before := old.get(label, [])) != (after := new.get(label, []))
    ]


def in_words(values: list[str], *, without: list[str]) -> str:
    shown = values if set(values) == set(without) else [value for value in values if value not in without]
    return " · ".join(shown) or NOTHING


def content_words(content: Mapping[str, Any]) -> Words:
    known: dict[str, Any] = UNSAID | dict(content)
    is_personal = known["kind"] != CertificateKind.MUNICIPALITY
    said = known | (of_person(known) if is_personal else of_municipality(known))
    words = {
        "Name": [said["name"]],
        "Rolle und Kommune": [said["role_line"]],
        "Fortbildung": [said["programme"]],
        "Angebot und Durchgang": [said["offer"]],
        **(personal_words(said) if is_personal else {"Zeitraum": [said["period"]]}),
        "Module": [module["title"] for module in said["modules"]],
        "Lernziele" if is_personal else "Module des Tandems": [
            goal for module in said["modules"] for goal in module["goals"]
        ],
        "Kompetenzen": [f"{levels}: {name}" for levels, names in said["competences"] for name in names],
    }
    return {label: [value for value in values if value] for label, values in words.items()}


def personal_words(said: Mapping[str, Any]) -> Words:
    return {
        "Termine": [day["words"] for day in said["days"]],
        "Form und Ort": [said["venue_words"]],
        "Besuchte Zeit": [f"{ue(said['attended_minutes'])} von {ue(said['planned_minutes'])}"],
        "Nachgeholte Zeit": [ue(said["made_up_minutes"])] if said["made_up_minutes"] else [],
        "Umfang": ["ein Teil der Fortbildung" if said["is_reduced"] else "die Fortbildung"],
        "Trainerinnen und Trainer": said["trainers"],
        "Praxisprojekt": [achievement_words(said["project"])],
        "Kolloquium": [achievement_words(said["colloquium"])],
    }


def achievement_words(achievement: Mapping[str, Any] | None) -> str:
    if achievement is None:
        return ""
    title = f"„{achievement['title']}“" if achievement["title"] else ""
    units = f"{achievement['units']}\N{NO-BREAK SPACE}UE" if achievement["units"] else ""
    return ", ".join(filter(None, [title, units, f"am {long_date(achievement['completed_on'])}"]))


def design_words(imprint: Imprint) -> Words:
    words = {
        "Format": [Layout(imprint.layout).label],
        "Veranstalter": [imprint.issuer],
        "Ort der Ausstellung": [imprint.place],
        "Einleitung": [imprint.intro],
        "Logo": [imprint.logo_alternative if imprint.logo else ""],
        "Unterschriften": [
            ", ".join(filter(None, [each.name, each.function, "als Bild" if each.signature else ""]))
            for each in imprint.signatories
        ],
    }
    return {label: [value for value in values if value] for label, values in words.items()}


def picture_differences(old: Imprint, new: Imprint) -> list[Difference]:
    """Where words are the same and only the picture is another one."""
    before, after = pictures_by_label(old), pictures_by_label(new)
    both = [label for label in before if label in after]
    return [Difference(label, OLD_PICTURE, NEW_PICTURE) for label in both if before[label] != after[label]]


def pictures_by_label(imprint: Imprint) -> dict[str, str]:
    found = {f"Unterschrift von {each.name}": each.signature for each in imprint.signatories}
    found["Logo als Bild"] = imprint.logo
    return {label: sha256 for label, sha256 in found.items() if sha256}
