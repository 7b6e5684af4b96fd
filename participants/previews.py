"""How a certificate of a cohort would look: the real paper, made from the longest name, as pictures."""

import base64
import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from curriculum.models import Cohort
from netzkoord.lib.pdf import DocumentTooLarge
from netzkoord.lib.rasters import page_pictures
from participants.certificates import render_with_pictures
from participants.entitlement import Outcome
from participants.imprint import Imprint
from participants.models import Certificate, CertificateKind, Presence
from participants.queries.attendance import AttendanceRecord
from participants.queries.certificates import Claim, certificate_rows, fetch_for_snapshot
from participants.queries.designs import pictures_named
from participants.snapshots import snapshot

REDUCED = "REDUCED"
DOTS_PER_INCH = 80
NOBODY = (
    "Sobald jemand angenommen ist und Termine geplant sind, steht hier die Bescheinigung mit dem längsten Namen."
)
SAMPLE_ACHIEVEMENT = {"title": "Titel des Praxisprojekts", "units": 2}


@dataclass(frozen=True)
class Preview:
    """The pages as addresses of pictures, or a sentence why there are none."""

    name: str
    pages: tuple[str, ...] = ()
    sentence: str = ""


def preview(
    cohort: Cohort, imprint: Imprint, *, shown: str, new_pictures: Mapping[str, bytes], today: datetime.date
) -> Preview:
    """`shown` is a kind of certificate, or REDUCED; `new_pictures` are those that are not stored yet."""
    claim = longest_name(cohort)
    if claim is None:
        return Preview("", sentence=NOBODY)
    certificate = Certificate(
        kind=claim.kind, year=today.year, ordinal=0, code="0" * 32, content=content_of(claim, imprint, shown, today)
    )
    pictures = pictures_named(set(imprint.pictures) - new_pictures.keys()) | dict(new_pictures)
    try:
        paper = render_with_pictures(certificate, pictures)
    except DocumentTooLarge as error:
        return Preview("", sentence=str(error))
    pages = page_pictures(paper, dots_per_inch=DOTS_PER_INCH)
    return Preview(claim.registration.full_name, tuple(map(data_address, pages)))


def longest_name(cohort: Cohort) -> Claim | None:
    claims = [row.claims[0] for row in certificate_rows(cohort) if row.record.days]
    return max(claims, key=lambda claim: len(claim.registration.full_name), default=None)


def content_of(claim: Claim, imprint: Imprint, shown: str, today: datetime.date) -> dict[str, Any]:
    """As if the person had been there all the time; for REDUCED half of it."""
    kind = CertificateKind.QUALIFICATION if shown == CertificateKind.QUALIFICATION else CertificateKind.ATTENDANCE
    outcome = Outcome.REDUCED if shown == REDUCED else Outcome.FULL
    complete = replace(
        claim, record=attended(claim.record), kind=kind, verdict=replace(claim.verdict, outcome=outcome)
    )
    fetch_for_snapshot([complete])
    content = snapshot(complete, imprint=imprint, issued_on=today, is_demo=False) | {"is_sample": True}
    if shown == REDUCED:
        content |= {"attended_minutes": content["planned_minutes"] // 2, "made_up_minutes": 0}
    if kind is CertificateKind.QUALIFICATION:
        on = {"completed_on": today.isoformat()}
        content["project"] = content["project"] or SAMPLE_ACHIEVEMENT | on
        content["colloquium"] = content["colloquium"] or on
    return content


def attended(record: AttendanceRecord) -> AttendanceRecord:
    days = [
        replace(day, halves=tuple(replace(half, presence=Presence.PRESENT) for half in day.halves))
        for day in record.days
    ]
    return replace(record, days=days)


def data_address(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"
