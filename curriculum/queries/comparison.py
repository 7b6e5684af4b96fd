"""Two editions read for comparison, and the names of parts by their keys.

As many queries for 600 units as for one, and no model objects: two large editions are read in well under 100 ms.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any

from django.db.models import Model, QuerySet, Value

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

Keys = dict[int, frozenset[uuid.UUID]]
PartOfEdition = tuple[int, Part]


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


def parts_of(editions: Sequence[int]) -> Iterator[PartOfEdition]:
    """Every part with the edition it belongs to, those of one home in their order."""
    yield from aims(editions)
    yield from tracks(editions)
    yield from topics(editions)
    yield from methods(editions)
    yield from terms(editions)
    yield from modules(editions)
    yield from goals(editions)
    yield from units(editions)
    yield from levels(editions)
    yield from areas(editions)
    yield from competences(editions)


def aims(editions: Sequence[int]) -> Iterator[PartOfEdition]:
    rows = Aim.objects.filter(edition__in=editions).order_by("position", "pk")
    for edition, key, text in rows.values_list("edition", "key", "text"):
        yield edition, Part(key, Kind.AIM, text, texts={"Ziel": text})


def tracks(editions: Sequence[int]) -> Iterator[PartOfEdition]:
    rows = Track.objects.filter(edition__in=editions).order_by("-audience")
    for edition, key, title, summary in rows.values_list("edition", "key", "title", "summary"):
        yield edition, Part(key, Kind.TRACK, title, texts={"Titel": title, "Beschreibung": summary})


def topics(editions: Sequence[int]) -> Iterator[PartOfEdition]:
    rows = Topic.objects.filter(edition__in=editions).order_by("position", "pk")
    for edition, key, name in rows.values_list("edition", "key", "name"):
        yield edition, Part(key, Kind.TOPIC, name, texts={"Thema": name})


def methods(editions: Sequence[int]) -> Iterator[PartOfEdition]:
    rows = Method.objects.filter(edition__in=editions).order_by("name")
    for edition, key, name, description, material in rows.values_list(
        "edition", "key", "name", "description", "material"
    ):
        texts = {"Methode": name, "Beschreibung": description, "Material": material}
        yield edition, Part(key, Kind.METHOD, name, texts=texts)


def terms(editions: Sequence[int]) -> Iterator[PartOfEdition]:
    rows = GlossaryTerm.objects.filter(edition__in=editions).order_by("position", "pk")
    for edition, key, home, term, definition, examples in rows.values_list(
        "edition", "key", "parent__key", "term", "definition", "examples"
    ):
        texts = {"Begriff": term, "Erklärung": definition, "Beispiele": examples}
        yield edition, Part(key, Kind.TERM, term, home, texts=texts)


def modules(editions: Sequence[int]) -> Iterator[PartOfEdition]:
    rows = Module.objects.filter(edition__in=editions)
    offers = linked(rows, "tracks")
    for pk, edition, key, code, title, summary, report, attitude in rows.order_by("position", "pk").values_list(
        "pk",
        "edition",
        "key",
        "code",
        "title",
        "summary",
        "requires_practice_report",
        "requires_attitude_unit",
    ):
        values = {
            "Kürzel": code,
            "verlangt einen Erlebnisbericht": yes_or_no(report),
            "verlangt einen Baustein zur Haltung": yes_or_no(attitude),
        }
        yield (
            edition,
            Part(
                key,
                Kind.MODULE,
                f"{code} {title}",
                texts={"Titel": title, "Beschreibung": summary},
                values=values,
                links={"Angebote": offers.get(pk, NO_KEYS)},
            ),
        )


def goals(editions: Sequence[int]) -> Iterator[PartOfEdition]:
    rows = LearningGoal.objects.filter(module__edition__in=editions).order_by("position", "pk")
    for edition, key, module, text, competence, level in rows.values_list(
        "module__edition", "key", "module__key", "text", "competence__key", "responsibility_level__key"
    ):
        links = {"Kompetenz": one_key(competence), "Verantwortungsebene": one_key(level)}
        yield edition, Part(key, Kind.GOAL, text, module, texts={"Lernziel": text}, links=links)


UNIT_LINKS = {
    "Themen": "topics",
    "Methoden": "methods",
    "Lernziele": "learning_goals",
    "Glossarbegriffe": "glossary_terms",
}


def units(editions: Sequence[int]) -> Iterator[PartOfEdition]:
    rows = Unit.objects.filter(module__edition__in=editions)
    links = {label: linked(rows, name) for label, name in UNIT_LINKS.items()}
    for pk, edition, key, module, title, summary, material, minutes, report, attitude in rows.order_by(
        "position", "pk"
    ).values_list(
        "pk",
        "module__edition",
        "key",
        "module__key",
        "title",
        "summary",
        "material",
        "minutes",
        "has_practice_report",
        "is_about_attitude",
    ):
        values = {
            "Dauer": f"{minutes}{NBSP}Minuten",
            "mit Erlebnisbericht": yes_or_no(report),
            "arbeitet an der Haltung": yes_or_no(attitude),
        }
        yield (
            edition,
            Part(
                key,
                Kind.UNIT,
                title,
                module,
                texts={"Titel": title, "Inhalt": summary, "Material": material},
                values=values,
                links={label: found.get(pk, NO_KEYS) for label, found in links.items()},
                minutes=minutes,
            ),
        )


def levels(editions: Sequence[int]) -> Iterator[PartOfEdition]:
    rows = ResponsibilityLevel.objects.filter(edition__in=editions).order_by("position", "pk")
    for edition, key, kind, question, responsible, products in rows.values_list(
        "edition", "key", "kind", "question", "responsible", "products"
    ):
        name = Responsibility(kind).label
        texts = {"Leitfrage": question, "Verantwortlich": responsible, "Typische Ergebnisse": products}
        yield edition, Part(key, Kind.LEVEL, name, texts=texts, values={"Ebene": name})


def areas(editions: Sequence[int]) -> Iterator[PartOfEdition]:
    rows = CompetenceArea.objects.filter(edition__in=editions).order_by("position", "pk")
    for edition, key, name in rows.values_list("edition", "key", "name"):
        yield edition, Part(key, Kind.AREA, name, texts={"Kompetenzbereich": name})


BEHAVIOURS = [f"behaviour_{level}" for level in range(HIGHEST_LEVEL + 1)]


def competences(editions: Sequence[int]) -> Iterator[PartOfEdition]:
    rows = Competence.objects.filter(area__edition__in=editions)
    served = linked(rows, "modules")
    targets = targets_of(editions)
    for pk, edition, key, area, name, description, *behaviours in rows.order_by("position", "pk").values_list(
        "pk", "area__edition", "key", "area__key", "name", "description", *BEHAVIOURS
    ):
        texts = {"Kompetenz": name, "Beschreibung": description}
        texts |= {f"Verhalten auf Stufe {level}": text for level, text in enumerate(behaviours)}
        links = {"Module": served.get(pk, NO_KEYS)}
        yield edition, Part(key, Kind.COMPETENCE, name, area, texts=texts, values=targets[pk], links=links)


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


def yes_or_no(value: bool) -> str:
    return "ja" if value else "nein"


NO_KEYS: frozenset[uuid.UUID] = frozenset()


def one_key(key: uuid.UUID | None) -> frozenset[uuid.UUID]:
    return frozenset([key]) if key else NO_KEYS


def linked(rows: QuerySet[Any], name: str) -> Keys:
    """Keys of what each row refers to under this name."""
    found: dict[int, list[uuid.UUID]] = defaultdict(list)
    for pk, key in rows.filter(**{f"{name}__isnull": False}).order_by().values_list("pk", f"{name}__key"):
        found[pk].append(key)
    return {pk: frozenset(keys) for pk, keys in found.items()}


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


def part_names(keys: Iterable[uuid.UUID], editions: QuerySet[Edition]) -> dict[uuid.UUID, str]:
    """„Baustein „Lebenslinie““ for each key, as the newest of these editions calls it; one query."""
    wanted = set(keys)
    rows = [
        model._default_manager.filter(key__in=wanted, **{f"{edition}__in": editions})
        .order_by()
        .annotate(kind_name=Value(kind.name))
        .values_list("key", name, "kind_name", f"{edition}__number")
        for kind, model, name, edition in NAMES
    ]
    names = {EDITION_KEY: "Texte der Fassung"} if EDITION_KEY in wanted else {}
    for key, text, kind, _ in sorted(rows[0].union(*rows[1:], all=True), key=itemgetter(3)):
        names[key] = f"{Kind[kind].label} „{text}“"
    return names
