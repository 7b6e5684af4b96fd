"""A checked table written into a draft: tried out first, then stored, both in the same way."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model

from curriculum.actions.editions import DraftExists, next_number
from curriculum.actions.in_use import delete_unused
from curriculum.difference import Content, Difference, difference
from curriculum.imports.checking import EditionContent, Row
from curriculum.models import (
    Aim,
    Audience,
    Competence,
    CompetenceArea,
    CompetenceProfile,
    Edition,
    EditionStatus,
    GlossaryTerm,
    LearningGoal,
    Method,
    Module,
    Programme,
    ResponsibilityLevel,
    TandemProfile,
    Topic,
    Track,
    Unit,
)
from curriculum.queries.comparison import own_texts, parts_of
from netzkoord.lib import audit
from netzkoord.models import AuditAction, User

M = TypeVar("M", bound=Model)
Stored = dict[uuid.UUID, M]
# Primary keys of parts by table and key.
Known = Mapping[tuple[type[Model], uuid.UUID], int]
WHOLE = (Module, CompetenceArea, ResponsibilityLevel, Track, Aim, Topic, Method, GlossaryTerm)


class NoDraft(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """The draft was published or deleted since it was looked up."""


@transaction.atomic
def import_edition(*, edition: Edition, content: EditionContent, by: User) -> Edition:
    """Replace everything that the draft says. Lock it first. Raises `InUse`."""
    write(edition, content)
    audit.record(AuditAction.EDITION_IMPORTED, target=edition, by=by, **counts_of(content))
    return edition


@transaction.atomic
def import_new_edition(*, replaces: Edition, content: EditionContent, by: User) -> Edition:
    """A new draft that says what the table says and replaces this edition. Raises `DraftExists`."""
    programme = Programme.objects.select_for_update().get(pk=replaces.programme_id)
    if draft := Edition.objects.drafts().replacing(replaces).first():
        raise DraftExists(draft)
    edition = new_draft(programme, replaces)
    write(edition, content)
    details = counts_of(content) | {"replaces": replaces.pk}
    audit.record(AuditAction.EDITION_IMPORTED, target=edition, by=by, **details)
    return edition


def latest_finished(programme: Programme) -> Edition | None:
    """What a new draft of the programme replaces."""
    return programme.editions.exclude(status=EditionStatus.DRAFT).order_by("number").last()


def locked_draft(edition: Edition) -> Edition:
    """The draft as it is now; it stays that until the transaction ends. Raises `NoDraft`."""
    locked = Edition.objects.select_for_update().filter(pk=edition.pk).first()
    if locked is None or not locked.is_draft:
        raise NoDraft(f"Edition {edition.pk}")
    return locked


def locked_latest(edition: Edition) -> Edition:
    """What a new draft of the programme replaces now; none is made by others until the transaction ends."""
    programme = Programme.objects.select_for_update().get(pk=edition.programme_id)
    return latest_finished(programme) or edition


def trial(*, edition: Edition, content: EditionContent) -> Difference:
    """What the import would change in the draft: written, read and taken back. Raises `InUse`, `NoDraft`.

    On SQLite everybody who writes waits for the transaction: nothing stands inside that can stand around it.
    """
    before = read(edition)
    with transaction.atomic():
        draft = locked_draft(edition)
        write(draft, content)
        after = read(draft)
        transaction.set_rollback(True)
    return difference(before, after)


def trial_of_new(*, replaces: Edition, content: EditionContent) -> Difference:
    """How the new draft would differ from the edition that it replaces; nothing is stored."""
    before = read(replaces)
    with transaction.atomic():
        programme = Programme.objects.select_for_update().get(pk=replaces.programme_id)
        draft = new_draft(programme, replaces)
        write(draft, content)
        after = read(draft)
        transaction.set_rollback(True)
    return difference(before, after)


def new_draft(programme: Programme, replaces: Edition) -> Edition:
    return Edition.objects.create(
        programme=programme, number=next_number(programme), title=replaces.title, replaces=replaces
    )


def read(edition: Edition) -> Content:
    return Content(edition.number, (own_texts(edition), *(part for _, part in parts_of([edition.pk]))))


def counts_of(content: EditionContent) -> dict[str, int]:
    return {"modules": len(content.modules), "units": len(content.units), "competences": len(content.competences)}


def write(edition: Edition, content: EditionContent) -> None:
    """Delete all parts of the draft and store those of the content.

    A part that was there before keeps its primary key: its address stays, and who has it open can go on.
    """
    known = known_parts(edition)
    clear(edition)
    for name, value in content.texts.items():
        setattr(edition, name, value)
    edition.save(update_fields=list(content.texts))
    fill(edition, content, known)


def known_parts(edition: Edition) -> Known:
    paths = dict.fromkeys(WHOLE, "edition") | {
        Unit: "module__edition",
        LearningGoal: "module__edition",
        Competence: "area__edition",
    }
    return {
        (model, key): pk
        for model, path in paths.items()
        for key, pk in model._default_manager.filter(**{path: edition}).values_list("key", "pk")
    }


def clear(edition: Edition) -> None:
    for model in WHOLE:
        delete_unused(model._default_manager.filter(edition=edition))


def fill(edition: Edition, content: EditionContent, known: Known) -> None:
    whole = {"edition": edition}
    store(Aim, content.aims, whole, known, is_ordered=True)
    tracks = store(Track, content.tracks, whole, known)
    levels = store(ResponsibilityLevel, content.levels, whole, known, is_ordered=True)
    areas = store(CompetenceArea, content.areas, whole, known, is_ordered=True)
    modules = store(Module, content.modules, whole, known, is_ordered=True)
    link(Module, "tracks", content.modules, modules, tracks)
    competences = store_at_home(Competence, "area", content.competences, areas, known)
    link(Competence, "modules", content.competences, competences, modules)
    store_targets(content, competences=competences, levels=levels, tracks=tracks)
    goals = store_goals(content, modules, competences, levels, known)
    units = store_at_home(Unit, "module", content.units, modules, known)
    link(Unit, "topics", content.units, units, store(Topic, content.topics, whole, known, is_ordered=True))
    link(Unit, "methods", content.units, units, store(Method, content.methods, whole, known))
    link(Unit, "glossary_terms", content.units, units, store_terms(edition, content.terms, known))
    link(Unit, "learning_goals", content.units, units, goals)


def store(
    model: type[M], rows: Sequence[Row], shared: Mapping[str, Any], known: Known, *, is_ordered: bool = False
) -> Stored[M]:
    parts = (
        model(key=row.key, **row.values, **shared, **({"position": place} if is_ordered else {}))
        for place, row in enumerate(rows, start=1)
    )
    return created(parts, known)


def created(objects: Iterable[M], known: Known) -> Stored[M]:
    made = list(objects)
    if not made:
        return {}
    model = type(made[0])
    for each in made:
        each.pk = known.get((model, each.key))  # type: ignore[attr-defined]  # every part has a key
    return {each.key: each for each in model._default_manager.bulk_create(made)}  # type: ignore[attr-defined]


def store_at_home(
    model: type[M], name: str, rows: Sequence[Row], homes: Mapping[uuid.UUID, Model], known: Known
) -> Stored[M]:
    """Each row inside the part it belongs to, in the order of the table."""
    parts = (
        model(key=row.key, position=place, **row.values, **{name: homes[home]}) for place, row, home in placed(rows)
    )
    return created(parts, known)


def placed(rows: Iterable[Row]) -> Iterator[tuple[int, Row, uuid.UUID]]:
    """Each row with its place among those of the same home."""
    places: dict[uuid.UUID, int] = {}
    for row in rows:
        if row.home is None:
            raise ValueError(f"Row {row.line.number} belongs to nothing")
        places[row.home] = places.get(row.home, 0) + 1
        yield places[row.home], row, row.home


def store_goals(
    content: EditionContent,
    modules: Stored[Module],
    competences: Stored[Competence],
    levels: Stored[ResponsibilityLevel],
    known: Known,
) -> Stored[LearningGoal]:
    goals = (
        LearningGoal(
            key=row.key,
            position=place,
            module=modules[home],
            competence=next((competences[key] for key in row.links["competence"]), None),
            responsibility_level=next((levels[key] for key in row.links["responsibility_level"]), None),
            **row.values,
        )
        for place, row, home in placed(content.goals)
    )
    return created(goals, known)


def store_terms(edition: Edition, rows: Sequence[Row], known: Known) -> Stored[GlossaryTerm]:
    """Terms above first: the ones below refer to them."""
    in_order = list(enumerate(rows, start=1))
    uppermost = (
        GlossaryTerm(key=row.key, edition=edition, position=place, **row.values)
        for place, row in in_order
        if row.home is None
    )
    above = created(uppermost, known)
    lower = (
        GlossaryTerm(key=row.key, edition=edition, position=place, parent=above[row.home], **row.values)
        for place, row in in_order
        if row.home is not None
    )
    return above | created(lower, known)


def store_targets(
    content: EditionContent,
    *,
    competences: Stored[Competence],
    levels: Stored[ResponsibilityLevel],
    tracks: Stored[Track],
) -> None:
    by_audience = {Audience(track.audience): track for track in tracks.values()}
    CompetenceProfile.objects.bulk_create(
        CompetenceProfile(
            track=by_audience[target.audience],
            competence=competences[target.competence],
            responsibility_level=levels[target.level],
            target_level=target.target_level,
        )
        for target in content.targets
        if target.audience
    )
    TandemProfile.objects.bulk_create(
        TandemProfile(
            competence=competences[target.competence],
            responsibility_level=levels[target.level],
            target_level=target.target_level,
        )
        for target in content.targets
        if target.audience is None
    )


def link(
    model: type[Model],
    name: str,
    rows: Iterable[Row],
    own: Mapping[uuid.UUID, Model],
    others: Mapping[uuid.UUID, Model],
) -> None:
    """Store what the rows refer to under this name."""
    field: Any = model._meta.get_field(name)
    through = field.remote_field.through
    near, far = field.m2m_column_name(), field.m2m_reverse_name()
    through._default_manager.bulk_create(
        through(**{near: own[row.key].pk, far: others[key].pk}) for row in rows for key in row.links[name]
    )
