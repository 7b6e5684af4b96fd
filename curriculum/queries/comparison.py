"""Two editions read for comparison, and the names of parts by their keys.

As many queries for 600 units as for one, and no model objects: two large editions are read in well under 100 ms.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import F, Model, QuerySet, Value

from curriculum.difference import EDITION_KEY, Content, Difference, Kind, Part, difference
from curriculum.models import (
    HIGHEST_LEVEL,
    Aim,
    Audience,
    Competence,
    CompetenceArea,
    CompetenceProfile,
    Edition,
    GlossaryTerm,
    LearningGoal,
    Method,
    Module,
    Responsibility,
    ResponsibilityLevel,
    TandemProfile,
    Topic,
    Track,
    Unit,
)
from curriculum.queries.competences import LEVEL_WORDS
from netzkoord.models import User
from netzkoord.templatetags.german import NBSP

# The key of each part read so far, by kind and primary key: what refers to it is told by that.
Keys = dict[Kind, dict[int, uuid.UUID]]
# Primary key, edition, part.
Row = tuple[int, int, Part]


def compared(old: Edition, new: Edition) -> Difference:
    """What differs between two editions; 19 queries."""
    parts: dict[int, list[Part]] = {old.pk: [], new.pk: []}
    for edition, part in parts_of([old.pk, new.pk]):
        parts[edition].append(part)
    return difference(*(Content(each.number, (own_texts(each), *parts[each.pk])) for each in (old, new)))


def comparable_with(edition: Edition, user: User) -> list[Edition]:
    """All editions of its programme that the user may see, the oldest first; the edition itself among them."""
    same = Edition.objects.visible_to(user).filter(programme=edition.programme_id)
    return list(same.order_by("number"))


def predecessor(edition: Edition, editions: Sequence[Edition]) -> Edition | None:
    """The edition that this one replaces; where that is not said or not seen, the one before it."""
    older = [each for each in editions if each.number < edition.number]
    replaced = [each for each in older if each.pk == edition.replaces_id]
    return next(iter(replaced or older[-1:]), None)


def steps_between(old: Edition, new: Edition, editions: Sequence[Edition]) -> list[Edition]:
    """The editions on the way from the older one, which is left out, to the newer one, which comes first."""
    steps = []
    step: Edition | None = new
    while step is not None and step.number > old.number:
        steps.append(step)
        step = predecessor(step, editions)
    return steps


def own_texts(edition: Edition) -> Part:
    texts = {"Titel": edition.title, "Kurzbeschreibung": edition.abstract, "Hinweis": edition.note}
    return Part(EDITION_KEY, Kind.EDITION, edition.title, texts=texts)


def parts_of(editions: Sequence[int]) -> Iterator[tuple[int, Part]]:
    """Every part with the edition it belongs to, those of one home in their order."""
    keys: Keys = {kind: {} for kind in Kind}
    for read in READERS:
        for pk, edition, part in read(editions, keys):
            keys[part.kind][pk] = part.key
            yield edition, part


def aims(editions: Sequence[int], keys: Keys) -> Iterator[Row]:
    rows = Aim.objects.filter(edition__in=editions).order_by("position", "pk")
    for pk, edition, key, text in rows.values_list("pk", "edition", "key", "text"):
        yield pk, edition, Part(key, Kind.AIM, text, texts={"Ziel": text})


def tracks(editions: Sequence[int], keys: Keys) -> Iterator[Row]:
    rows = Track.objects.filter(edition__in=editions).order_by("-audience")
    for pk, edition, key, title, summary in rows.values_list("pk", "edition", "key", "title", "summary"):
        yield pk, edition, Part(key, Kind.TRACK, title, texts={"Titel": title, "Beschreibung": summary})


def topics(editions: Sequence[int], keys: Keys) -> Iterator[Row]:
    rows = Topic.objects.filter(edition__in=editions).order_by("position", "pk")
    for pk, edition, key, name in rows.values_list("pk", "edition", "key", "name"):
        yield pk, edition, Part(key, Kind.TOPIC, name, texts={"Thema": name})


def methods(editions: Sequence[int], keys: Keys) -> Iterator[Row]:
    rows = Method.objects.filter(edition__in=editions).order_by("name")
    for pk, edition, key, name, description, material in rows.values_list(
        "pk", "edition", "key", "name", "description", "material"
    ):
        texts = {"Methode": name, "Beschreibung": description, "Material": material}
        yield pk, edition, Part(key, Kind.METHOD, name, texts=texts)


def terms(editions: Sequence[int], keys: Keys) -> Iterator[Row]:
    """Superior terms first: the others refer to them."""
    rows = GlossaryTerm.objects.filter(edition__in=editions)
    for pk, edition, key, parent, term, definition, examples in rows.order_by(
        F("parent").asc(nulls_first=True), "position", "pk"
    ).values_list("pk", "edition", "key", "parent", "term", "definition", "examples"):
        texts = {"Begriff": term, "Erklärung": definition, "Beispiele": examples}
        home = keys[Kind.TERM].get(parent) if parent else None
        yield pk, edition, Part(key, Kind.TERM, term, home, texts=texts)


def levels(editions: Sequence[int], keys: Keys) -> Iterator[Row]:
    rows = ResponsibilityLevel.objects.filter(edition__in=editions).order_by("position", "pk")
    for pk, edition, key, kind, question, responsible, products in rows.values_list(
        "pk", "edition", "key", "kind", "question", "responsible", "products"
    ):
        name = Responsibility(kind).label
        texts = {"Leitfrage": question, "Verantwortlich": responsible, "Typische Ergebnisse": products}
        yield pk, edition, Part(key, Kind.LEVEL, name, texts=texts, values={"Ebene": name})


def areas(editions: Sequence[int], keys: Keys) -> Iterator[Row]:
    rows = CompetenceArea.objects.filter(edition__in=editions).order_by("position", "pk")
    for pk, edition, key, name in rows.values_list("pk", "edition", "key", "name"):
        yield pk, edition, Part(key, Kind.AREA, name, texts={"Kompetenzbereich": name})


MODULE_FIELDS = ("code", "title", "summary", "requires_practice_report", "requires_attitude_unit")


def modules(editions: Sequence[int], keys: Keys) -> Iterator[Row]:
    rows = Module.objects.filter(edition__in=editions)
    offers = linked(rows, "tracks", keys[Kind.TRACK])
    for pk, edition, key, code, title, summary, report, attitude in rows.order_by("position", "pk").values_list(
        "pk", "edition", "key", *MODULE_FIELDS
    ):
        module = Part(
            key,
            Kind.MODULE,
            f"{code} {title}",
            texts={"Titel": title, "Beschreibung": summary},
            values={
                "Kürzel": code,
                "verlangt einen Erlebnisbericht": yes_or_no(report),
                "verlangt einen Baustein zur Haltung": yes_or_no(attitude),
            },
            links={"Angebote": offers.get(pk, NO_KEYS)},
        )
        yield pk, edition, module


BEHAVIOURS = [f"behaviour_{level}" for level in range(HIGHEST_LEVEL + 1)]


def competences(editions: Sequence[int], keys: Keys) -> Iterator[Row]:
    rows = Competence.objects.filter(area__edition__in=editions)
    served = linked(rows, "modules", keys[Kind.MODULE])
    targets = targets_of(editions)
    for pk, edition, key, area, name, description, *behaviours in rows.order_by("position", "pk").values_list(
        "pk", "area__edition", "key", "area", "name", "description", *BEHAVIOURS
    ):
        texts = {"Kompetenz": name, "Beschreibung": description}
        texts |= {f"Verhalten auf Stufe {level}": text for level, text in enumerate(behaviours)}
        links = {"Module": served.get(pk, NO_KEYS)}
        home = keys[Kind.AREA][area]
        yield (
            pk,
            edition,
            Part(key, Kind.COMPETENCE, name, home, texts=texts, values=targets.get(pk, {}), links=links),
        )


def targets_of(editions: Sequence[int]) -> dict[int, dict[str, str]]:
    """Target levels of both audiences and of the tandem, by competence."""
    targets: dict[int, dict[str, str]] = defaultdict(dict)
    profiles = CompetenceProfile.objects.filter(track__edition__in=editions).order_by(
        "-track__audience", "responsibility_level__position"
    )
    for competence, audience, level, target in profiles.values_list(
        "competence", "track__audience", "responsibility_level__kind", "target_level"
    ):
        label = f"Zielstufe für {Audience(audience).label}, {Responsibility(level).label}"
        targets[competence][label] = level_in_words(target)
    tandems = TandemProfile.objects.filter(competence__area__edition__in=editions)
    for competence, level, target in tandems.order_by("responsibility_level__position").values_list(
        "competence", "responsibility_level__kind", "target_level"
    ):
        targets[competence][f"Zielstufe des Tandems, {Responsibility(level).label}"] = level_in_words(target)
    return targets


def level_in_words(level: int) -> str:
    return f"{level}{NBSP}{LEVEL_WORDS[level]}"


def goals(editions: Sequence[int], keys: Keys) -> Iterator[Row]:
    rows = LearningGoal.objects.filter(module__edition__in=editions).order_by("position", "pk")
    for pk, edition, key, module, text, competence, level in rows.values_list(
        "pk", "module__edition", "key", "module", "text", "competence", "responsibility_level"
    ):
        links = {
            "Kompetenz": one_of(keys[Kind.COMPETENCE], competence),
            "Verantwortungsebene": one_of(keys[Kind.LEVEL], level),
        }
        yield (
            pk,
            edition,
            Part(key, Kind.GOAL, text, keys[Kind.MODULE][module], texts={"Lernziel": text}, links=links),
        )


UNIT_LINKS = {
    "Themen": ("topics", Kind.TOPIC),
    "Methoden": ("methods", Kind.METHOD),
    "Lernziele": ("learning_goals", Kind.GOAL),
    "Glossarbegriffe": ("glossary_terms", Kind.TERM),
}
UNIT_FIELDS = ("title", "summary", "material", "minutes", "has_practice_report", "is_about_attitude")


def units(editions: Sequence[int], keys: Keys) -> Iterator[Row]:
    rows = Unit.objects.filter(module__edition__in=editions)
    links = {label: linked(rows, name, keys[kind]) for label, (name, kind) in UNIT_LINKS.items()}
    for pk, edition, key, module, title, summary, material, minutes, report, attitude in rows.order_by(
        "position", "pk"
    ).values_list("pk", "module__edition", "key", "module", *UNIT_FIELDS):
        unit = Part(
            key,
            Kind.UNIT,
            title,
            keys[Kind.MODULE][module],
            texts={"Titel": title, "Inhalt": summary, "Material": material},
            values={
                "Dauer": f"{minutes}{NBSP}Minuten",
                "mit Erlebnisbericht": yes_or_no(report),
                "arbeitet an der Haltung": yes_or_no(attitude),
            },
            links={label: found.get(pk, NO_KEYS) for label, found in links.items()},
            minutes=minutes,
        )
        yield pk, edition, unit


# What is referred to is read before what refers to it.
READERS = (aims, tracks, topics, methods, terms, levels, areas, modules, competences, goals, units)


def yes_or_no(value: bool) -> str:
    return "ja" if value else "nein"


NO_KEYS: frozenset[uuid.UUID] = frozenset()


def one_of(keys: Mapping[int, uuid.UUID], pk: int | None) -> frozenset[uuid.UUID]:
    return frozenset([keys[pk]]) if pk else NO_KEYS


def linked(rows: QuerySet[Any], name: str, keys: Mapping[int, uuid.UUID]) -> dict[int, frozenset[uuid.UUID]]:
    """What each row refers to under this name."""
    found: dict[int, list[uuid.UUID]] = defaultdict(list)
    for pk, other in rows.filter(**{f"{name}__isnull": False}).order_by().values_list("pk", name):
        found[pk].append(keys[other])
    return {pk: frozenset(others) for pk, others in found.items()}


# Where each kind of part keeps its name, and the way to its edition.
NAMES: list[tuple[Kind, type[Model], str, str]] = [
    (Kind.AIM, Aim, "text", "edition"),
    (Kind.TRACK, Track, "title", "edition"),
    (Kind.MODULE, Module, "title", "edition"),
    (Kind.GOAL, LearningGoal, "text", "module__edition"),
    (Kind.UNIT, Unit, "title", "module__edition"),
    (Kind.TOPIC, Topic, "name", "edition"),
    (Kind.METHOD, Method, "name", "edition"),
    (Kind.TERM, GlossaryTerm, "term", "edition"),
    (Kind.LEVEL, ResponsibilityLevel, "question", "edition"),
    (Kind.AREA, CompetenceArea, "name", "edition"),
    (Kind.COMPETENCE, Competence, "name", "area__edition"),
]


def part_names(keys: Iterable[uuid.UUID], editions: QuerySet[Edition]) -> dict[uuid.UUID, dict[int, str]]:
    """„Baustein „Lebenslinie““ for each key, by the number of the edition that calls it so; one query."""
    wanted = set(keys)
    rows = [
        model._default_manager.filter(key__in=wanted, **{f"{edition}__in": editions})
        .order_by()
        .annotate(kind_name=Value(kind.name))
        .values_list("key", name, "kind_name", f"{edition}__number")
        for kind, model, name, edition in NAMES
    ]
    names: dict[uuid.UUID, dict[int, str]] = defaultdict(dict)
    for key, text, kind, number in rows[0].union(*rows[1:], all=True):
        names[key][number] = f"{Kind[kind].label} „{text}“"
    return names


def name_in(names: Mapping[int, str], number: int) -> str:
    """What the edition of this number calls a part; one that is gone there has the last name it had before."""
    known = [each for each in names if each <= number] or list(names)
    return names[max(known)] if known else ""
