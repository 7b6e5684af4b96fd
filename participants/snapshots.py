"""What a certificate says, taken when it is issued, as plain values: the snapshot.

Page and paper are made of it alone (`participants.certificates`), so both say for ever what was true on that day.
`VERSION` counts its shapes; one without a number is of the first, and is still read (`participants.imprint`).
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from django.utils.text import Truncator

from curriculum.models import Module, Track
from netzkoord.lib.latin import FULL_NAME, TEXT
from participants.claims import Claim, PersonClaim, TandemClaim
from participants.entitlement import Outcome
from participants.imprint import Imprint
from participants.models import Achievement, CertificateKind
from participants.queries.attendance import AttendanceRecord, DayRecord

VERSION = 2
ATTENDED, ONLINE, BOTH = "Präsenz", "online", "Präsenz und online"
MUCH_TEXT = 80

OF_THE_EDITION = "Der Text gehört zur Fassung des Programms und muss dort berichtigt werden."
# Everything in a snapshot that somebody has typed: what it is called, and where it is mended.
PARTS = {
    "name": ("Name", "Bitte berichtigen Sie ihn in der Anmeldung der Person."),
    "municipality": ("Kommune", "Bitte berichtigen Sie den Namen unter „Kommunen“."),
    "cohort": ("Titel des Durchgangs", "Bitte berichtigen Sie ihn unter „Durchgang bearbeiten“."),
    "days": ("Ort", "Bitte berichtigen Sie ihn unter „Orte“."),
    "trainers": ("Name im Training", "Bitte berichtigen Sie ihn unter „Konten“."),
    "project": ("Titel des Praxisprojekts", "Bitte berichtigen Sie ihn bei der Person."),
    "imprint": ("Angabe zu Veranstalter und Unterschrift", "Bitte berichtigen Sie sie unter „Gestaltung“."),
    "programme": ("Titel des Programms", OF_THE_EDITION),
    "track": ("Titel des Angebots", OF_THE_EDITION),
    "modules": ("Modul, Lernziel oder Kompetenz", OF_THE_EDITION),
    "halves": ("Angebot, Modul, Lernziel oder Kompetenz", OF_THE_EDITION),
}
NAME_OF_MUNICIPALITY = PARTS["municipality"]


def snapshot(claim: Claim, *, imprint: Imprint, issued_on: datetime.date, is_demo: bool) -> dict[str, Any]:
    """What the certificate says, as plain values. Reads what `fetch_for_snapshot` has fetched."""
    said = of_tandem(claim) if isinstance(claim, TandemClaim) else of_person(claim)
    return said | {
        "version": VERSION,
        "kind": claim.kind.value,
        "name": claim.holder,
        "imprint": asdict(imprint) | {"signatories": [asdict(each) for each in imprint.signatories]},
        "issued_on": issued_on.isoformat(),
        "is_demo": is_demo,
    }


def of_person(claim: PersonClaim) -> dict[str, Any]:
    record, achieved, registration = claim.record, claim.achieved, claim.registration
    missed_minutes = record.planned_minutes - record.attended_minutes
    attended = [day for day in record.days if day.attended_minutes]
    modules = list({day.session.module.pk: day.session.module for day in attended}.values())
    track = track_of(registration.role, modules)
    return {
        "heading": claim.kind.label,
        "role": registration.get_role_display(),
        "municipality": registration.tandem.municipality.name,
        "programme": registration.cohort.edition.title,
        "track": track.title if track else "",
        "cohort": registration.cohort.title,
        "format": format_of(attended),
        "days": [day_entry(day) for day in attended],
        "planned_minutes": record.planned_minutes,
        "attended_minutes": record.attended_minutes,
        "threshold_percent": registration.cohort.attendance_threshold_percent,
        "is_reduced": claim.verdict.outcome is Outcome.REDUCED,
        "made_up_minutes": min(achieved.made_up_minutes, missed_minutes),
        "project": achievement_entry(achieved.project),
        "colloquium": achievement_entry(achieved.colloquium),
        "modules": [module_entry(module, track) for module in modules],
        "trainers": list(
            dict.fromkeys(trainer.get_full_name() for day in attended for trainer in day.session.trainers.all())
        ),
    }


def of_tandem(claim: TandemClaim) -> dict[str, Any]:
    """Of the two only the roles, and what was planned for both: nobody is named, nobody's attendance is told."""
    dates = [day.day.date for record in claim.records for day in record.days]
    cohort = claim.people[0].cohort
    return {
        "heading": "Urkunde",
        "programme": cohort.edition.title,
        "cohort": cohort.title,
        "first_on": min(dates).isoformat(),
        "last_on": max(dates).isoformat(),
        "halves": [half_entry(record) for record in claim.records],
    }


def half_entry(record: AttendanceRecord) -> dict[str, Any]:
    modules = list({day.session.module.pk: day.session.module for day in record.days}.values())
    track = track_of(record.registration.role, modules)
    return {
        "role": record.registration.get_role_display(),
        "track": track.title if track else "",
        "planned_minutes": record.planned_minutes,
        "modules": [module_entry(module, track) for module in modules],
    }


def track_of(role: str, modules: Iterable[Module]) -> Track | None:
    """The offer for people of this role that these modules belong to."""
    return next((track for module in modules for track in module.tracks.all() if track.audience == role), None)


def format_of(days: Iterable[DayRecord]) -> str:
    forms = {form_of(day) for day in days}
    return forms.pop() if len(forms) == 1 else BOTH if forms else ""


def form_of(record: DayRecord) -> str:
    """Whoever could come to a place has come there."""
    return ONLINE if record.session.online_url and not record.session.venue_id else ATTENDED


def day_entry(record: DayRecord) -> dict[str, Any]:
    attended = [half.span.half.label for half in record.halves if half.attended_minutes]
    return {
        "date": record.day.date.isoformat(),
        "minutes": record.attended_minutes,
        "planned_minutes": record.day.net_minutes,
        "is_half": record.is_half,
        "half": attended[0] if record.is_half else "",
        "place": record.session.place,
        "city": record.session.city,
        "format": form_of(record),
    }


def achievement_entry(achievement: Achievement | None) -> dict[str, Any] | None:
    if achievement is None:
        return None
    return {
        "title": achievement.title,
        "units": achievement.units,
        "completed_on": achievement.completed_on.isoformat(),
    }


def module_entry(module: Module, track: Track | None) -> dict[str, Any]:
    return {
        "title": module.title,
        "goals": [goal.text for goal in module.learning_goals.all()],
        "competences": list(competence_entries(module, track)),
    }


def competence_entries(module: Module, track: Track | None) -> Iterator[dict[str, Any]]:
    """What the track's profile asks for of the module's competences, with the levels on which it asks for most."""
    for competence in module.competences.all():
        profiles = [profile for profile in competence.profiles.all() if track and profile.track_id == track.pk]
        most = max((profile.target_level for profile in profiles), default=0)
        levels = [profile.responsibility_level for profile in profiles if profile.target_level == most]
        if most:
            in_order = sorted(levels, key=lambda level: level.position)
            yield {"name": competence.name, "levels": [level.get_kind_display() for level in in_order]}


def unprintable_parts(content: dict[str, Any]) -> list[str]:
    """For every text of the snapshot that is not in Latin letters, one sentence: which, and where to mend it."""
    is_person = content["kind"] != CertificateKind.MUNICIPALITY
    parts = PARTS | ({} if is_person else {"name": NAME_OF_MUNICIPALITY})
    names = {"name", "trainers"} if is_person else set()
    return [
        f"{label} „{Truncator(text).chars(MUCH_TEXT)}“: {refusal} {remedy}"
        for part, (label, remedy) in parts.items()
        for text in dict.fromkeys(texts(content.get(part)))
        if (refusal := (FULL_NAME if part in names else TEXT).refusal(text))
    ]


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str) and value:
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from texts(part)
