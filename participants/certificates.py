"""The certificate as a document: snapshot → context → template → PDF.

The snapshot is taken when the certificate is issued and holds everything that page and paper say; neither
asks the database again, so both say for ever what was true on that day.
"""

import datetime
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from netzkoord.lib import links, pdf, qr
from netzkoord.lib.sentences import listed
from netzkoord.templatetags.german import MINUTES_PER_UE, decimal_comma, long_date, ue
from participants.certificate_fit import fitted
from participants.imprint import imprint_of
from participants.models import Certificate, CertificateKind
from participants.queries.designs import pictures_named
from participants.snapshots import ONLINE

TEMPLATE = "participants/pdf/certificate.html"
STYLES = ["css/pdf/certificate.css", "css/pdf/certificate_landscape.css"]
# Of the JSON inside the PDF: the version rises when a key changes its meaning or is gone.
DATA_FORMAT = "netzkoord-certificate"
DATA_VERSION = 1
MUNICIPALITY_LINE = "Kommune mit qualifiziertem Netzwerk-Tandem"
# What a snapshot of the first version does not say.
UNSAID = {
    "kind": CertificateKind.ATTENDANCE.value,
    "format": "",
    "is_reduced": False,
    "made_up_minutes": 0,
    "project": None,
    "colloquium": None,
}


def context_of(certificate: Certificate) -> dict[str, Any]:
    """What page and paper show: the snapshot of any version, its dates as dates; number, code and check address."""
    content: dict[str, Any] = UNSAID | certificate.content
    said = of_municipality(content) if content["kind"] == CertificateKind.MUNICIPALITY else of_person(content)
    known = content | {
        "number": certificate.number,
        "code": certificate.code,
        "code_groups": [certificate.code[start : start + 4] for start in range(0, len(certificate.code), 4)],
        "check_address": links.absolute("participants:certificate_verify", certificate.code),
        "check_page": links.absolute("participants:certificate_check"),
        "issued_on": as_date(content["issued_on"]),
        "imprint": imprint_of(content),
    }
    return known | said


def of_person(content: dict[str, Any]) -> dict[str, Any]:
    days = [day | {"date": as_date(day["date"]), "words": day_words(day)} for day in content["days"]]
    return {
        "role_line": f"{content['role']}, {content['municipality']}",
        "days": days,
        "period": period(days[0]["date"], days[-1]["date"]) if days else "",
        "statement": statement(content),
        "offer": ", ".join(filter(None, [content["track"], content["cohort"]])),
        "venue_words": venue_words(content["format"], days),
        "project": achievement(content["project"]),
        "colloquium": achievement(content["colloquium"]),
        "modules_heading": "Module und Lernziele",
        "competences": competences_by_level(content["modules"]),
    }


def of_municipality(content: dict[str, Any]) -> dict[str, Any]:
    """In the words of the same page and paper: what both have learned, in the order manager, coordinator."""
    halves = content["halves"]
    return {
        "role_line": MUNICIPALITY_LINE,
        "days": [],
        "period": period(as_date(content["first_on"]), as_date(content["last_on"])),
        "statement": (
            f"hat mit einem Tandem aus {listed([half['role'] for half in halves])} an der Fortbildung "
            f"„{content['programme']}“ teilgenommen. Beide haben erreicht, was der Durchgang verlangt."
        ),
        "offer": content["cohort"],
        "venue_words": "",
        "trainers": [],
        "modules": [{"title": half_words(half), "goals": titles_of(half)} for half in halves],
        "modules_heading": "Module des Tandems",
        "competences": competences_by_level(module for half in halves for module in half["modules"]),
    }


def half_words(half: dict[str, Any]) -> str:
    """„Führungskraft: Netzwerke verantworten, 16 UE“"""
    return ", ".join([": ".join(filter(None, [half["role"], half["track"]])), ue(half["planned_minutes"])])


def titles_of(half: dict[str, Any]) -> list[str]:
    return [module["title"] for module in half["modules"]]


def as_date(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def venue_words(form: str, days: Iterable[dict[str, Any]]) -> str:
    """„Präsenz: Haus A, Köln · Haus B, Bonn“, or „online“ alone."""
    places = " · ".join(dict.fromkeys(day["place"] for day in days if day.get("format") != ONLINE))
    return ": ".join(filter(None, [form, places]))


def day_words(day: dict[str, Any]) -> str:
    """„9. Februar 2018 (Vormittag)“; older snapshots do not say which half."""
    half = day.get("half") or ("halbtägig" if day["is_half"] else "")
    return long_date(as_date(day["date"])) + (f" ({half})" if half else "")


def period(first_on: datetime.date, last_on: datetime.date) -> str:
    return long_date(first_on) if first_on == last_on else f"{long_date(first_on)} bis {long_date(last_on)}"


def statement(content: dict[str, Any]) -> str:
    """What the certificate confirms, as the sentence that goes on from the name."""
    course = f"der Fortbildung „{content['programme']}“"
    attended = decimal_comma(content["attended_minutes"] / MINUTES_PER_UE)
    scope = f"{attended} von {planned_words(content)} zu je 45\N{NO-BREAK SPACE}Minuten besucht"
    made_up = content["made_up_minutes"]
    if made_up:
        scope += f" und {ue(made_up)} nachgeholt"
    if content["kind"] == CertificateKind.QUALIFICATION:
        return f"hat die {course.removeprefix('der ')} erfolgreich abgeschlossen und dabei {scope}."
    if content["is_reduced"]:
        missing = ue(content["planned_minutes"] - content["attended_minutes"] - made_up)
        verb = "ist" if missing == ue(MINUTES_PER_UE) else "sind"
        return f"hat an einem Teil {course} teilgenommen und {scope}; das {verb} {missing} weniger als geplant."
    return f"hat an {course} teilgenommen und {scope}."


def planned_words(content: dict[str, Any]) -> str:
    """„16 Unterrichtseinheiten (UE)“"""
    return f"{ue(content['planned_minutes']).removesuffix('UE')}Unterrichtseinheiten (UE)"


def achievement(stored: dict[str, Any] | None) -> dict[str, Any] | None:
    return stored | {"completed_on": as_date(stored["completed_on"])} if stored else None


def competences_by_level(modules: Iterable[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    """For „strategisch“, „strategisch und operativ“ … the competences of all modules, each once."""
    found: dict[str, dict[str, None]] = {}
    for module in modules:
        for competence in module.get("competences", []):
            found.setdefault(listed(competence["levels"]), {})[competence["name"]] = None
    return [(levels, list(names)) for levels, names in found.items()]


def sheet_of(certificate: Certificate, pictures: Mapping[str, bytes]) -> pdf.Sheet:
    """`pictures` are those that its snapshot names, by SHA-256."""
    context = context_of(certificate)
    title = f"{context['heading']} {certificate.number}"
    named = {name: pictures[name] for name in context["imprint"].pictures}
    return pdf.Sheet(
        context | {"fit": fitted(context)},
        title=title,
        description=f"{title} für {context['name']}",
        pictures={"qr": qr.png(context["check_address"]), **named},
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
    known = list(certificates)
    pictures = pictures_named(name for certificate in known for name in imprint_of(certificate.content).pictures)
    sheets = (sheet_of(certificate, pictures) for certificate in known)
    return pdf.render_many(TEMPLATE, sheets, styles=STYLES)


def render_with_pictures(certificate: Certificate, pictures: Mapping[str, bytes]) -> bytes:
    """One paper whose pictures may not be stored yet."""
    return next(pdf.render_many(TEMPLATE, [sheet_of(certificate, pictures)], styles=STYLES))


def render_certificate(certificate: Certificate) -> bytes:
    """One paper from its snapshot."""
    return next(render_certificates([certificate]))
