"""The draft of a second edition for the demo: what the workshop of 2017 recommended, worked into the programme.

The recommendations are on record; which units, goals and minutes they change is invented.
"""

import uuid
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from curriculum.actions.editions import copy_edition
from curriculum.models import Edition, LearningGoal, Method, Topic, Unit
from netzkoord.lib.ordering import keys_of, moved_to, next_position, set_order
from netzkoord.models import User

NOTE = (
    "Entwurf der zweiten Fassung für diese Vorführung. Die Empfehlungen, denen er folgt, sind belegt; "
    "die Änderungen selbst sind erfunden."
)


class Reason(Enum):
    """What the workshop recommended, in the order of its record."""

    REPORTS = 0
    ATTITUDE = 1
    TANDEMS = 2


@dataclass(frozen=True)
class SecondEdition:
    """The draft, and for each recommendation the keys of the parts that it changed."""

    edition: Edition
    changed: dict[Reason, list[uuid.UUID]] = field(default_factory=lambda: defaultdict(list))


def fill_second_edition(first: Edition, *, by: User) -> SecondEdition:
    """Copies the first edition and changes the copy; it stays a draft."""
    draft = SecondEdition(copy_edition(edition=first, by=by))
    draft.edition.note = NOTE
    draft.edition.save(update_fields=["note"])
    steps: list[tuple[Reason, Callable[[Edition], list[uuid.UUID]]]] = [
        (Reason.REPORTS, plan_reports),
        (Reason.ATTITUDE, work_on_attitude),
        (Reason.TANDEMS, prefer_tandems),
    ]
    for reason, change in steps:
        draft.changed[reason] += change(draft.edition)
    make_room(draft.edition)
    return draft


def plan_reports(edition: Edition) -> list[uuid.UUID]:
    """Every module has a practitioner's report with enough time, K2 too."""
    added = add_unit(
        edition,
        "K2",
        "Erlebnisbericht: Vom Ratsbeschluss zum ersten gemeinsamen Ergebnis",
        topic="Verbindlichkeit und Ziele",
        method="Erlebnisbericht",
        has_practice_report=True,
    )
    longer = unit_of(edition, "K1", "Erlebnisbericht")
    longer.summary = "Eine halbe Stunde Bericht, danach Zeit für Fragen, die sonst niemand stellt."
    longer.minutes = 135
    longer.save()
    return [added.key, longer.key]


def work_on_attitude(edition: Edition) -> list[uuid.UUID]:
    """Attitude comes earlier in K1 and has a unit of its own in K2."""
    added = add_unit(
        edition,
        "K2",
        "Haltung im Gegenwind: Was mich geprägt hat, wenn andere nicht wollen",
        topic="Haltung und Selbstmanagement",
        method="Lebenslinie",
        is_about_attitude=True,
    )
    earlier = unit_of(edition, "K1", "Lebenslinie")
    units = Unit.objects.filter(module=earlier.module_id)
    set_order(units, moved_to(keys_of(units), earlier.pk, earlier.position - 2))
    goal = LearningGoal.objects.get(
        module__edition=edition, module__code="K1", text__startswith="Sie haben Ihre eigene"
    )
    goal.text = (
        "Sie haben Ihre eigene Haltung zur Zusammenarbeit an Ihrer Lebensgeschichte überprüft und sprechen "
        "mit anderen darüber."
    )
    goal.save()
    return [added.key, earlier.key, goal.key]


def prefer_tandems(edition: Edition) -> list[uuid.UUID]:
    """Managers agree with their coordinators at greater length, and the offer says who is preferred."""
    agreement = unit_of(edition, "F", "Tandemvereinbarung")
    agreement.minutes = 165
    agreement.save()
    track = edition.tracks.get(audience="MANAGER")
    track.summary += " Bevorzugt werden Tandems: Führungs- und Koordinierungskraft aus derselben Kommune."
    track.save()
    return [agreement.key, track.key]


def make_room(edition: Edition) -> None:
    """What is new in K2 takes time from what was longest; no recommendation asked for that."""
    for title in ("Akteure auswählen", "Netzwerkarchitektur", "Treffen moderieren"):
        unit = unit_of(edition, "K2", title)
        unit.minutes = 120
        unit.save()


def unit_of(edition: Edition, code: str, title: str) -> Unit:
    return Unit.objects.get(module__edition=edition, module__code=code, title__startswith=title)


def add_unit(edition: Edition, code: str, title: str, *, topic: str, method: str, **features: bool) -> Unit:
    """One more unit of 90 minutes at the end of a module."""
    module = edition.modules.get(code=code)
    unit = Unit.objects.create(
        module=module, position=next_position(module.units.all()), title=title, minutes=90, **features
    )
    unit.topics.add(Topic.objects.get(edition=edition, name=topic))
    unit.methods.add(Method.objects.get(edition=edition, name=method))
    return unit
