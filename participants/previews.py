"""How a certificate of a cohort would look: the real paper, made from the longest name, as pictures."""

import base64
import datetime
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import chain, repeat
from typing import Any

from curriculum.models import Cohort
from netzkoord.lib.pdf import DocumentTooLarge, PressesBusy
from netzkoord.lib.rasters import page_pictures
from participants.certificates import render_with_pictures
from participants.claims import Claim, PersonClaim
from participants.entitlement import Outcome
from participants.imprint import Imprint
from participants.models import Certificate, CertificateKind, Presence
from participants.queries.attendance import AttendanceRecord
from participants.queries.certificates import certificate_rows, fetch_for_snapshot, tandem_claims
from participants.queries.designs import pictures_named
from participants.snapshots import snapshot

REDUCED = "REDUCED"
DOTS_PER_INCH = 80
NOBODY = (
    "Sobald jemand angenommen ist und Termine geplant sind, steht hier die Bescheinigung mit dem längsten Namen."
)
SAMPLE = {"is_sample": True}
SAMPLE_ACHIEVEMENT = {"title": "Titel des Praxisprojekts", "units": 2}


@dataclass(frozen=True)
class Preview:
    """The pages as addresses of pictures, or a sentence why there are none.

    As if somebody had been there all the time, or half of it.
    """

    name: str
    pages: tuple[str, ...] = ()
    sentence: str = ""
    is_half: bool = False


def preview(
    cohort: Cohort, imprint: Imprint, *, shown: str, new_pictures: Mapping[str, bytes], today: datetime.date
) -> Preview:
    """`shown` is a kind of certificate, or REDUCED; `new_pictures` are those that are not stored yet."""
    claim = sample(cohort, shown)
    if claim is None:
        return Preview("", sentence=NOBODY)
    fetch_for_snapshot([claim])
    content = snapshot(claim, imprint=imprint, issued_on=today, is_demo=False) | SAMPLE
    if isinstance(claim, PersonClaim):
        content = completed(content, shown, today)
    certificate = Certificate(kind=claim.kind, year=today.year, ordinal=0, code="0" * 32, content=content)
    pictures = pictures_named(set(imprint.pictures) - new_pictures.keys()) | dict(new_pictures)
    try:
        paper = render_with_pictures(certificate, pictures)
    except (DocumentTooLarge, PressesBusy) as error:
        return Preview("", sentence=str(error))
    pages = page_pictures(paper, dots_per_inch=DOTS_PER_INCH)
    return Preview(claim.holder, tuple(map(data_address, pages)), is_half=shown == REDUCED)


def sample(cohort: Cohort, shown: str) -> Claim | None:
    """A claim with the longest name of the cohort; None as long as nothing is planned for anybody."""
    rows = certificate_rows(cohort)
    if shown == CertificateKind.MUNICIPALITY:
        tandems = [claim for claim in tandem_claims(cohort, rows) if any(record.days for record in claim.records)]
        return max(tandems, key=length_of_name, default=None)
    people = [row.claims[0] for row in rows if row.record.days]
    longest = max(people, key=length_of_name, default=None)
    return as_if_there(longest, shown) if longest else None


def length_of_name(claim: Claim) -> int:
    return len(claim.holder)


def as_if_there(claim: PersonClaim, shown: str) -> PersonClaim:
    """As if the person had been there all the time, with what this kind needs; for REDUCED half of the time."""
    kind = CertificateKind.QUALIFICATION if shown == CertificateKind.QUALIFICATION else CertificateKind.ATTENDANCE
    outcome = Outcome.REDUCED if shown == REDUCED else Outcome.FULL
    record = attended(claim.record, share=0.5 if shown == REDUCED else 1)
    return replace(claim, record=record, kind=kind, verdict=replace(claim.verdict, outcome=outcome))


def completed(content: dict[str, Any], shown: str, today: datetime.date) -> dict[str, Any]:
    """With project and colloquium where they belong; without what the person has made up of less."""
    content["made_up_minutes"] = 0
    if shown == CertificateKind.QUALIFICATION:
        on = {"completed_on": today.isoformat()}
        content["project"] = content["project"] or SAMPLE_ACHIEVEMENT | on
        content["colloquium"] = content["colloquium"] or on
    return content


def attended(record: AttendanceRecord, *, share: float) -> AttendanceRecord:
    """Of all half-days the first, so many rounded up, attended, and none of the others."""
    count = math.ceil(sum(len(day.halves) for day in record.days) * share)
    presences = chain(repeat(Presence.PRESENT, count), repeat(Presence.ABSENT))
    days = [
        replace(day, halves=tuple(replace(half, presence=next(presences)) for half in day.halves))
        for day in record.days
    ]
    return replace(record, days=days)


def data_address(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"
