"""What was decided about a person and written down at it: selection, offers, notes, proposals, duplicates."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from netzkoord.disclosure.belonging import Belonging
from netzkoord.disclosure.common import OF_THE_REGISTRATION, OF_THE_TANDEM, TANDEM
from netzkoord.disclosure.shapes import YOU, Section, Shown, Table, Value
from netzkoord.models import User
from participants.models import (
    Merge,
    NotDuplicate,
    Note,
    Offer,
    PartnerProposal,
    PoolInvitation,
    Registration,
    SelectionOverride,
    StatusChange,
)

LABELS = {field.name: str(field.verbose_name) for field in Registration._meta.fields}


def answered_by(offer: Offer, person: User) -> str:
    if offer.answered_by is None:
        return ""
    return YOU if offer.answered_by.person_id == person.pk else "die andere Person im Tandem"


def own_agreement(proposal: PartnerProposal, person: User) -> bool | None:
    is_manager = proposal.manager.person_id == person.pk
    return proposal.manager_agreed if is_manager else proposal.coordinator_agreed


def values_before(merge: Merge, person: User) -> Value:
    """What stood in the registration before; of one that is not theirs, nothing."""
    if merge.kept.person_id != person.pk:
        return {}
    before: Mapping[str, Any] = merge.before
    return {LABELS.get(name, name): value for name, value in before.items() if name in LABELS}


STATUS_CHANGE = Shown(
    StatusChange,
    "decisions",
    "Entscheidungen über Ihr Tandem",
    ("tandem_of", "changed_at", "from_selection", "to_selection", "changed_by", "reason"),
    left_out={"id": "ist eine laufende Nummer", "tandem": OF_THE_TANDEM},
    added=TANDEM,
)
OVERRIDE = Shown(
    SelectionOverride,
    "prepared_decisions",
    "Vorbereitete Entscheidungen",
    ("tandem_of", "stored_at", "selection", "stored_by", "reason"),
    left_out={"id": "ist eine laufende Nummer", "tandem": OF_THE_TANDEM},
    added=TANDEM,
)
OFFER = Shown(
    Offer,
    "offers",
    "Angebotene Plätze",
    (
        "tandem_of",
        "made_at",
        "places",
        "made_by",
        "reason",
        "expires_at",
        "reminded_at",
        "answered_at",
        "answer",
        "answered_by",
    ),
    left_out={
        "id": "ist eine laufende Nummer",
        "tandem": OF_THE_TANDEM,
        "joint_with": "ist ein anderes Tandem, das mit Ihnen gefragt wurde",
    },
    read={"answered_by": answered_by},
    added=TANDEM,
    as_facts=True,
)
NOTE = Shown(
    Note,
    "notes",
    "Notizen der Organisation",
    ("tandem_of", "written_at", "text", "written_by"),
    left_out={
        "id": "ist eine laufende Nummer",
        "tandem": OF_THE_TANDEM,
        "about": "sind Sie, oder es geht um das Tandem als Ganzes",
    },
    added=TANDEM,
)
PROPOSAL = Shown(
    PartnerProposal,
    "proposals",
    "Vorschläge für eine zweite Person",
    ("made_at", "is_same_municipality", "agreed"),
    left_out={
        "id": "ist eine laufende Nummer",
        "manager": "nennt die andere Person, ehe beide zugestimmt haben",
        "coordinator": "nennt die andere Person, ehe beide zugestimmt haben",
        "manager_agreed": "Ihre Antwort steht da, die andere gehört der anderen Person",
        "coordinator_agreed": "Ihre Antwort steht da, die andere gehört der anderen Person",
        "closed_at": "verriete, wie die andere Person geantwortet hat",
    },
    added={"agreed": ("Sie haben zugestimmt", own_agreement)},
)
MERGE = Shown(
    Merge,
    "merges",
    "Zusammengeführte Anmeldungen",
    ("merged_at", "merged_by", "undone_at", "before"),
    left_out={
        "id": "ist eine laufende Nummer",
        "kept": OF_THE_REGISTRATION,
        "merged": OF_THE_REGISTRATION,
        "carried": "sind Nummern dessen, was bei der anderen Anmeldung steht",
    },
    read={"before": values_before},
)
NOT_DUPLICATE = Shown(
    NotDuplicate,
    "no_duplicates",
    "Verwechslungen, die ausgeschlossen wurden",
    ("stored_at", "stored_by"),
    left_out={
        "id": "ist eine laufende Nummer",
        "first": "eine der beiden Anmeldungen gehört einer anderen Person",
        "second": "eine der beiden Anmeldungen gehört einer anderen Person",
    },
    note="Eine ähnliche Anmeldung war die einer anderen Person.",
)
POOL = Shown(
    PoolInvitation,
    "pool_invitations",
    "Einladungen vor allen anderen",
    ("cohort", "sent_at"),
    left_out={"id": "ist eine laufende Nummer", "registration": OF_THE_REGISTRATION},
)
SHOWN = (STATUS_CHANGE, OVERRIDE, OFFER, NOTE, PROPOSAL, MERGE, NOT_DUPLICATE, POOL)


def section(own: Belonging) -> Section:
    """Of each tandem what happened while the person was in it."""
    person, halves, tandems = own.person, own.registrations, own.tandems
    whose = Q(kept__in=halves) | Q(merged__in=halves)
    similar = Q(first__in=halves) | Q(second__in=halves)
    proposed = Q(manager__in=halves) | Q(coordinator__in=halves)
    return Section(
        "decisions",
        "Auswahl und Plätze",
        "von der Organisation, nach der Regel, die in der Ausschreibung steht; Antworten auf Angebote von Ihnen",
        [
            shown_while_there(own, STATUS_CHANGE, "changed_at"),
            shown_while_there(own, OVERRIDE, "stored_at"),
            OFFER.table(
                own.while_there(
                    Offer.objects.filter(tandem__in=tandems).select_related(
                        "tandem__cohort", "tandem__municipality", "answered_by"
                    ),
                    "made_at",
                ),
                person,
            ),
            NOTE.table(notes(own), person),
            PROPOSAL.table(
                PartnerProposal.objects.filter(proposed).select_related("manager", "coordinator"), person
            ),
            MERGE.table(Merge.objects.filter(whose).select_related("kept"), person),
            NOT_DUPLICATE.table(NotDuplicate.objects.filter(similar), person),
            POOL.table(PoolInvitation.objects.filter(registration__in=halves).select_related("cohort"), person),
        ],
    )


def notes(own: Belonging) -> list[Note]:
    """Those about the person, and those about the tandem as a whole while they were in it."""
    about_all = Note.objects.filter(tandem__in=own.tandems, about=None)
    about_person = Note.objects.filter(about__in=own.registrations)
    found = (about_all | about_person).select_related("tandem__cohort", "tandem__municipality")
    return [note for note in found if note.about_id or own.was_there(note.tandem_id, note.written_at)]


def shown_while_there(own: Belonging, shown: Shown, moment: str) -> Table:
    rows = shown.model._default_manager.filter(tandem__in=own.tandems)
    found = own.while_there(rows.select_related("tandem__cohort", "tandem__municipality"), moment)
    return shown.table(found, own.person)
