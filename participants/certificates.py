"""The certificate as a document: snapshot → context → template → PDF.

The snapshot is taken when the certificate is issued and holds everything that page and paper say; neither
asks the database again, so both say for ever what was true on that day.
"""

import datetime
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.text import Truncator

from curriculum.models import Module
from netzkoord.lib import links, pdf, qr
from netzkoord.lib.letters import missing_letters, missing_letters_sentence
from netzkoord.templatetags.german import decimal_comma
from participants.entitlement import Outcome
from participants.models import Certificate
from participants.queries.attendance import MINUTES_PER_UE, DayRecord, long_date
from participants.queries.certificates import Claim

TEMPLATE = "participants/pdf/certificate.html"
STYLES = ["css/pdf/certificate.css"]
# Of the JSON inside the PDF: the version rises when a key changes its meaning or is gone.
DATA_FORMAT = "netzkoord-certificate"
DATA_VERSION = 1
# Beyond these sums of characters the paper is set in smaller type, so that it stays one page.
LONG_NAME = 44
VERY_LONG_NAME = 90
LONG_CONTENT = 1400
VERY_LONG_CONTENT = 2100
MUCH_TEXT = 80

OF_THE_EDITION = "Der Text gehört zur Fassung des Programms und muss dort berichtigt werden."
# Everything in a snapshot that somebody has typed: what it is called, and where it is mended.
PARTS = {
    "name": ("Name", "Bitte berichtigen Sie ihn in der Anmeldung der Person."),
    "municipality": ("Kommune", "Bitte berichtigen Sie den Namen unter „Kommunen“."),
    "cohort": ("Titel des Durchgangs", "Bitte berichtigen Sie ihn unter „Durchgang bearbeiten“."),
    "days": ("Ort", "Bitte berichtigen Sie ihn unter „Orte“."),
    "trainers": ("Name im Training", "Bitte berichtigen Sie ihn unter „Konten“."),
    "imprint": ("Angabe zu Veranstalter und Unterschrift", "Bitte berichtigen Sie sie beim Ausstellen."),
    "programme": ("Titel des Programms", OF_THE_EDITION),
    "track": ("Titel des Angebots", OF_THE_EDITION),
    "modules": ("Modul oder Lernziel", OF_THE_EDITION),
}


@dataclass(frozen=True)
class Imprint:
    """Who issues and signs (Veranstalter, Unterschrift), as typed by the organiser."""

    issuer: str
    place: str
    signatory: str
    function: str


def snapshot(claim: Claim, *, imprint: Imprint, issued_on: datetime.date, is_demo: bool) -> dict[str, Any]:
    """What the certificate says, as plain values. Reads what `fetch_for_snapshot` has fetched."""
    registration, record = claim.registration, claim.record
    attended = [day for day in record.days if day.attended_minutes]
    modules = list({day.session.module.pk: day.session.module for day in attended}.values())
    return {
        "heading": claim.kind.label,
        "name": registration.full_name,
        "role": registration.get_role_display(),
        "municipality": registration.tandem.municipality.name,
        "programme": registration.cohort.edition.title,
        "track": track_title(registration.role, modules),
        "cohort": registration.cohort.title,
        "days": [day_entry(day) for day in attended],
        "planned_minutes": record.planned_minutes,
        "attended_minutes": record.attended_minutes,
        "is_reduced": claim.verdict.outcome is Outcome.REDUCED,
        "threshold_percent": record.threshold_percent,
        "modules": [
            {"title": module.title, "goals": [goal.text for goal in module.learning_goals.all()]}
            for module in modules
        ],
        "trainers": list(
            dict.fromkeys(trainer.get_full_name() for day in attended for trainer in day.session.trainers.all())
        ),
        "imprint": asdict(imprint),
        "issued_on": issued_on.isoformat(),
        "is_demo": is_demo,
    }


def track_title(role: str, modules: Iterable[Module]) -> str:
    """The title of the offer that these modules belong to."""
    titles = (track.title for module in modules for track in module.tracks.all() if track.audience == role)
    return next(titles, "")


def day_entry(record: DayRecord) -> dict[str, Any]:
    return {
        "date": record.day.date.isoformat(),
        "minutes": record.attended_minutes,
        "is_half": record.is_half,
        "place": record.session.place,
        "city": record.session.city,
    }


def unprintable_parts(content: dict[str, Any]) -> list[str]:
    """For every text of the snapshot with letters that no font has, one sentence: which, and where to mend it."""
    found = [
        (name, text) for name in PARTS for text in dict.fromkeys(texts(content[name])) if missing_letters(text)
    ]
    return [unprintable_sentence(*PARTS[name], text) for name, text in found]


def unprintable_sentence(label: str, remedy: str, text: str) -> str:
    return f"{label} „{Truncator(text).chars(MUCH_TEXT)}“: {missing_letters_sentence(text)} {remedy}"


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)


def context_of(certificate: Certificate) -> dict[str, Any]:
    """What page and paper show: the snapshot with its dates as dates, number, code and check address."""
    content: dict[str, Any] = certificate.content
    days = [day | {"date": datetime.date.fromisoformat(day["date"])} for day in content["days"]]
    return content | {
        "number": certificate.number,
        "code": certificate.code,
        "code_groups": [certificate.code[start : start + 4] for start in range(0, len(certificate.code), 4)],
        "check_address": links.absolute("participants:certificate_verify", certificate.code),
        "check_page": links.absolute("participants:certificate_check"),
        "issued_on": datetime.date.fromisoformat(content["issued_on"]),
        "days": days,
        "period": period(days[0]["date"], days[-1]["date"]),
        "attended_ue": decimal_comma(content["attended_minutes"] / MINUTES_PER_UE),
        "places": list(dict.fromkeys(day["place"] for day in days)),
        "name_size": size_of(len(content["name"]), LONG_NAME, VERY_LONG_NAME),
        "content_size": size_of(content_length(content), LONG_CONTENT, VERY_LONG_CONTENT),
    }


def period(first_on: datetime.date, last_on: datetime.date) -> str:
    return long_date(first_on) if first_on == last_on else f"{long_date(first_on)} bis {long_date(last_on)}"


def content_length(content: dict[str, Any]) -> int:
    """Roughly how much there is to print; a text of its own costs some more than its characters."""
    return sum(len(text) + 15 for text in texts(content))


def size_of(length: int, long: int, very_long: int) -> str:
    if length > very_long:
        return "small"
    return "medium" if length > long else "large"


def sheet_of(certificate: Certificate) -> pdf.Sheet:
    context = context_of(certificate)
    title = f"{context['heading']} {certificate.number}"
    code = qr.svg(context["check_address"], title="QR-Code zur Prüfung der Bescheinigung")
    return pdf.Sheet(
        context,
        title=title,
        description=f"{title} für {context['name']}",
        pictures={"qr": code},
        data=data_of(certificate),
    )


def data_of(certificate: Certificate) -> pdf.DataFile:
    """The certificate for machines (docs/certificates.md): the same bytes for the same certificate."""
    issued_at = certificate.issued_at.astimezone(datetime.UTC)
    values = {
        "format": DATA_FORMAT,
        "version": DATA_VERSION,
        "kind": certificate.kind,
        "number": certificate.number,
        "code": certificate.code,
        "check_address": links.absolute("participants:certificate_verify", certificate.code),
        "issued_at": issued_at.isoformat(timespec="seconds"),
        "content": certificate.content,
    }
    text = json.dumps(values, ensure_ascii=False, indent=2, sort_keys=True)
    return pdf.DataFile("bescheinigung.json", text.encode(), "Inhalt der Bescheinigung als Daten", issued_at)


def render_certificates(certificates: Iterable[Certificate]) -> Iterator[bytes]:
    """The papers in the order of the certificates, laid out in batches."""
    return pdf.render_many(TEMPLATE, map(sheet_of, certificates), styles=STYLES)


def render_certificate(certificate: Certificate) -> bytes:
    """One paper from its snapshot."""
    return next(render_certificates([certificate]))
