"""The certificate as a digital badge (Open Badges 3.0, 1EdTech): snapshot → credential → signed JWT.

https://www.imsglobal.org/spec/ob/v3p0/ – read by wallets and learning platforms. It says the
main part of what the paper says: who, what is confirmed, project and colloquium, modules with their learning goals.
"""

import datetime
import uuid
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils import timezone

from netzkoord.lib import credentials, links
from netzkoord.lib.credentials import CONTEXT, LIST_BITS, issuer_id
from netzkoord.lib.seals import Seal
from netzkoord.templatetags.german import MINUTES_PER_UE, decimal_comma, long_date
from participants.certificates import context_of
from participants.models import Certificate, CertificateKind
from participants.queries.badges import ended_places

BADGES = "https://purl.imsglobal.org/spec/ob/v3p0"
SCHEMA = {
    "id": f"{BADGES}/schema/json/ob_v3p0_achievementcredential_schema.json",
    "type": "1EdTechJsonSchemaValidator2019",
}
# Words of the specification for what was achieved.
TYPES = {CertificateKind.ATTENDANCE: "Course", CertificateKind.QUALIFICATION: "CertificateOfCompletion"}
CRITERIA = {
    CertificateKind.ATTENDANCE: "Besuch der Fortbildung ({extent}). Wie viel davon, sagt das Ergebnis.",
    CertificateKind.QUALIFICATION: (
        "Besuch der Fortbildung ({extent}) in dem Umfang, den der Durchgang verlangt, und, wo er sie verlangt, ein "
        "Praxisprojekt und ein Kolloquium."
    ),
}
# How long a list of what has ended may be relied on.
LIST_IS_GOOD_FOR = datetime.timedelta(days=1)


def badge_of(certificate: Certificate, seal: Seal) -> str:
    """The signed badge; whoever has it can check it without asking us, save whether it still holds."""
    return credentials.signed(credential_of(certificate), seal, issued_at=certificate.issued_at.timestamp())


def credential_of(certificate: Certificate) -> dict[str, Any]:
    content = context_of(certificate)
    title = f"{content['heading']}: {content['programme']}"
    return {
        "@context": [CONTEXT, f"{BADGES}/context-3.0.3.json", f"{BADGES}/extensions.json"],
        "id": content["check_address"],
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": f"{title} (Demo – erfundene Person)" if content["is_demo"] else title,
        "issuer": {
            "id": issuer_id(),
            "type": ["Profile"],
            "name": content["imprint"].issuer,
            "url": settings.BASE_URL,
        },
        "validFrom": instant(certificate.issued_at),
        "awardedDate": instant(certificate.issued_at),
        "credentialSubject": subject_of(certificate, content, title),
        "evidence": [
            {
                "id": content["check_address"],
                "type": ["Evidence"],
                "name": f"{content['heading']} Nr. {certificate.number}",
                "narrative": "Die Seite zeigt, was auf dem Papier steht, und ob es noch gilt.",
            }
        ],
        "credentialStatus": status_of(certificate),
        "credentialSchema": [SCHEMA],
    }


def subject_of(certificate: Certificate, content: dict[str, Any], title: str) -> dict[str, Any]:
    attended, made_up = content["attended_minutes"], content["made_up_minutes"]
    course = f"{content['programme']} {content['cohort']}"
    results = [
        result("besuchte", attended, name_for(f"{course} UE"), content),
        result("nachgeholte", made_up, name_for(f"{course} nachgeholte UE"), content),
    ]
    return {
        "type": ["AchievementSubject"],
        "identifier": [
            {"type": "IdentityObject", "hashed": False, "identityHash": content["name"], "identityType": "name"}
        ],
        "role": content["role"],
        "narrative": narrative(content),
        "activityStartDate": midnight(content["days"][0]["date"]),
        "activityEndDate": midnight(content["days"][-1]["date"]),
        "licenseNumber": certificate.number,
        "creditsEarned": ue(attended + made_up),
        "achievement": {
            "id": name_for(f"{certificate.kind} {content['programme']} {content['cohort']} {content['track']}"),
            "type": ["Achievement"],
            "achievementType": TYPES[CertificateKind(certificate.kind)],
            "name": title,
            "description": f"{content['cohort']}, {content['period']}",
            "inLanguage": "de",
            "criteria": {"narrative": criteria(certificate, content)},
            "creditsAvailable": ue(content["planned_minutes"]),
            "resultDescription": [description for description, _ in results],
        },
        "result": [reached for _, reached in results],
    }


def result(kind: str, minutes: int, key: str, content: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Units of one kind: what could be reached, the same for all of a course, and what was."""
    description = {
        "id": key,
        "type": ["ResultDescription"],
        "name": f"{kind} Unterrichtseinheiten (UE) zu je 45 Minuten",
        "resultType": "RawScore",
        "valueMin": "0",
        "valueMax": plain(ue(content["planned_minutes"])),
    }
    return description, {"type": ["Result"], "resultDescription": key, "value": plain(ue(minutes))}


def criteria(certificate: Certificate, content: dict[str, Any]) -> str:
    """What was to be done, the same for all who did it."""
    extent = f"{decimal_comma(ue(content['planned_minutes']))} Unterrichtseinheiten (UE) zu je 45 Minuten"
    return CRITERIA[CertificateKind(certificate.kind)].format(extent=extent)


def narrative(content: dict[str, Any]) -> str:
    """What is confirmed, in the words of the paper, and what it was about; read as Markdown."""
    modules = [
        f"* {module['title']}" + "".join(f"\n    * {goal}" for goal in module["goals"])
        for module in content["modules"]
    ]
    confirmed = f"{content['name']} {content['statement']}"
    return "\n\n".join([confirmed, *achieved(content), f"{content['modules_heading']}:", "\n".join(modules)])


def achieved(content: dict[str, Any]) -> Iterator[str]:
    if project := content["project"]:
        title = f"„{project['title']}“" if project["title"] else ""
        units = f"{project['units']} UE zusätzlich" if project["units"] else ""
        words = [title, units, f"abgeschlossen am {long_date(project['completed_on'])}"]
        yield f"Praxisprojekt: {', '.join(filter(None, words))}."
    if colloquium := content["colloquium"]:
        yield f"Kolloquium am {long_date(colloquium['completed_on'])}."


def status_of(certificate: Certificate) -> dict[str, str]:
    """Where a wallet reads whether it still holds: a place in a list that names nobody."""
    number, place = divmod(certificate.pk, LIST_BITS)
    address = links.absolute("participants:badge_status", number)
    return {
        "id": f"{address}#{place}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(place),
        "statusListCredential": address,
    }


def status_list(number: int, seal: Seal) -> str:
    """The signed list of what has ended, replaced or revoked alike (Bitstring Status List 1.0)."""
    address = links.absolute("participants:badge_status", number)
    now = timezone.now()
    credential = {
        "@context": [CONTEXT],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer_id(),
        "validFrom": instant(now),
        "validUntil": instant(now + LIST_IS_GOOD_FOR),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": credentials.bitstring(ended_places(number)),
        },
    }
    return credentials.signed(credential, seal, issued_at=now.timestamp())


def name_for(text: str) -> str:
    """The same name for the same thing, in every badge of this installation."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{settings.BASE_URL}/{text}").urn


def ue(minutes: int) -> float:
    return round(minutes / MINUTES_PER_UE, 2)


def plain(number: float) -> str:
    return f"{number:g}"


def instant(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def midnight(day: datetime.date) -> str:
    """The begin of a day here."""
    begin = datetime.datetime.combine(day, datetime.time(), tzinfo=timezone.get_current_timezone())
    return begin.isoformat()
