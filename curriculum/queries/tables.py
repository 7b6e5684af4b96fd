"""An edition read as tables; see `curriculum.tables` for what stands where."""

import hashlib
import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import F, Model, QuerySet

from curriculum.models import (
    Audience,
    Competence,
    CompetenceProfile,
    Edition,
    GlossaryTerm,
    LearningGoal,
    Module,
    Responsibility,
    TandemProfile,
    Unit,
)
from curriculum.tables import (
    SHEET_BY_TITLE,
    SHEETS,
    TANDEM,
    Column,
    Kind,
    Line,
    Tables,
    told_apart,
    written_list,
)
from netzkoord.lib.grids import NO, YES, one_line_end

Cells = dict[str, str]
Names = dict[uuid.UUID, str]
Links = dict[int, set[uuid.UUID]]
FIRST_LINE = 2
IN_ORDER = ("position", "pk")


def tables_of(edition: Edition) -> Tables:
    """Everything that the edition says, as it stands in a spreadsheet; 19 queries."""
    tracks = read("Angebote", edition.tracks.order_by("-audience"))
    areas = read("Kompetenzbereiche", edition.competence_areas.order_by(*IN_ORDER))
    modules = read("Module", edition.modules.order_by(*IN_ORDER))
    topics, methods = read("Themen", edition.topics.order_by(*IN_ORDER)), read("Methoden", edition.methods.all())
    level_rows = read("Ebenen", edition.responsibility_levels.order_by(*IN_ORDER))
    codes = {row["key"]: str(row["code"]) for row in modules}
    competences = competence_rows(edition)
    references = references_of(competences)
    goals = goal_rows(edition)
    terms = term_rows(edition)
    names = {
        "Themen": {row["key"]: str(row["name"]) for row in topics},
        "Methoden": {row["key"]: str(row["name"]) for row in methods},
        "Glossar": {row["key"]: str(row["term"]) for row in terms},
    }
    sheets: dict[str, list[Cells]] = {
        "Fassung": [cells("Fassung", vars(edition))],
        "Ziele": written("Ziele", read("Ziele", edition.aims.order_by(*IN_ORDER))),
        "Angebote": written("Angebote", tracks),
        "Themen": written("Themen", topics),
        "Methoden": written("Methoden", methods),
        "Glossar": [cells("Glossar", row, **{"Gehört zu": row["Gehört zu"]}) for row in terms],
        "Ebenen": written("Ebenen", level_rows),
        "Kompetenzbereiche": written("Kompetenzbereiche", areas),
        "Module": module_cells(edition, modules, offers_of(tracks)),
        "Kompetenzen": competence_cells(edition, competences, codes),
        "Profile": profile_cells(edition, references, [row["kind"] for row in level_rows]),
        "Lernziele": goal_cells(goals, references),
        "Bausteine": unit_cells(edition, goals, names),
    }
    return {
        sheet.title: [Line(number, row) for number, row in enumerate(sheets[sheet.title], start=FIRST_LINE)]
        for sheet in SHEETS
    }


def fingerprint(tables: Tables) -> str:
    """The same for the same content only."""
    content = {title: [line.cells for line in lines] for title, lines in tables.items()}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def read(title: str, rows: QuerySet[Any], **more: Any) -> list[dict[str, Any]]:
    fields = [column.field for column in SHEET_BY_TITLE[title].columns if column.field]
    return list(rows.values("pk", *fields, **more))


def written(title: str, rows: Iterable[Mapping[str, Any]]) -> list[Cells]:
    return [cells(title, row) for row in rows]


def cells(title: str, row: Mapping[str, Any], **more: str) -> Cells:
    """Every cell of a row, in the order of the columns; `more` are those that no field holds."""
    columns = SHEET_BY_TITLE[title].columns
    own = {column.header: text(column, row[column.field]) for column in columns if column.field}
    return {column.header: (own | more).get(column.header, "") for column in columns}


def text(column: Column, value: Any) -> str:
    if column.kind is Kind.YES_NO:
        return YES if value else NO
    return one_line_end(str(column.words(value).label if column.words else value))


def term_rows(edition: Edition) -> list[dict[str, Any]]:
    """Each term followed by those that belong to it."""
    rows = read("Glossar", GlossaryTerm.objects.filter(edition=edition).order_by(*IN_ORDER), above=F("parent"))
    names = {row["pk"]: str(row["term"]) for row in rows}
    below: dict[int | None, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        below[row["above"]].append(row | {"Gehört zu": names.get(row["above"], "")})
    return [row for top in below[None] for row in (top, *below[top["pk"]])]


def module_cells(edition: Edition, modules: list[dict[str, Any]], names: Names) -> list[Cells]:
    offers = linked(Module.objects.filter(edition=edition), "tracks")
    return [cells("Module", row, Angebote=chosen(names, offers[row["pk"]])) for row in modules]


def offers_of(tracks: list[dict[str, Any]]) -> Names:
    return {row["key"]: str(Audience(row["audience"]).label) for row in tracks}


def linked(rows: QuerySet[Any], name: str) -> Links:
    """Keys of what each row refers to under this name."""
    found: Links = defaultdict(set)
    for pk, key in rows.filter(**{f"{name}__isnull": False}).order_by().values_list("pk", f"{name}__key"):
        found[pk].add(key)
    return found


def chosen(names: Names, keys: set[uuid.UUID]) -> str:
    return written_list(name for key, name in names.items() if key in keys)


def competence_rows(edition: Edition) -> list[dict[str, Any]]:
    rows = Competence.objects.filter(area__edition=edition)
    in_order = rows.order_by("area__position", "area", *IN_ORDER)
    return read("Kompetenzen", in_order, area_name=F("area__name"))


def references_of(competences: list[dict[str, Any]]) -> Names:
    names = told_apart([(row["area_name"], row["name"]) for row in competences])
    return {row["key"]: name for row, name in zip(competences, names, strict=True)}


def competence_cells(edition: Edition, competences: list[dict[str, Any]], codes: Names) -> list[Cells]:
    served = linked(Competence.objects.filter(area__edition=edition), "modules")
    return [
        cells(
            "Kompetenzen",
            row,
            Kompetenzbereich=row["area_name"],
            Module=chosen(codes, served[row["pk"]]),
        )
        for row in competences
    ]


def profile_cells(edition: Edition, references: Names, kinds: list[str]) -> list[Cells]:
    """By competence, then level; the tandem after both audiences."""
    ways = {"competence_key": F("competence__key"), "level": F("responsibility_level__kind")}
    own = CompetenceProfile.objects.filter(track__edition=edition).order_by("-track__audience")
    tandems = TandemProfile.objects.filter(competence__area__edition=edition)
    rows: list[dict[str, Any]] = list(map(dict, own.values("target_level", **ways, audience=F("track__audience"))))
    rows += list(map(dict, tandems.values("target_level", **ways)))
    places = {key: place for place, key in enumerate(references)}
    rows.sort(key=lambda row: (places[row["competence_key"]], kinds.index(row["level"]), "audience" not in row))
    return [
        cells(
            "Profile",
            row,
            Kompetenz=references[row["competence_key"]],
            Ebene=Responsibility(row["level"]).label,
            Zielgruppe=Audience(row["audience"]).label if "audience" in row else TANDEM,
        )
        for row in rows
    ]


def goal_rows(edition: Edition) -> list[dict[str, Any]]:
    return read(
        "Lernziele",
        in_modules(LearningGoal, edition),
        code=F("module__code"),
        competence_key=F("competence__key"),
        level=F("responsibility_level__kind"),
    )


def in_modules(model: type[Model], edition: Edition) -> QuerySet[Any]:
    rows = model._default_manager.filter(module__edition=edition)
    return rows.order_by("module__position", "module", *IN_ORDER)


def goal_cells(goals: list[dict[str, Any]], references: Names) -> list[Cells]:
    return [
        cells(
            "Lernziele",
            row,
            Modul=row["code"],
            Kompetenz=references.get(row["competence_key"], ""),
            Ebene=Responsibility(row["level"]).label if row["level"] else "",
        )
        for row in goals
    ]


def numbers_of(goals: list[dict[str, Any]]) -> dict[str, Names]:
    """The number of each learning goal within its module, by the code of the module."""
    numbers: dict[str, Names] = defaultdict(dict)
    for row in goals:
        of_module = numbers[row["code"]]
        of_module[row["key"]] = str(len(of_module) + 1)
    return numbers


LISTS = {"Themen": "topics", "Methoden": "methods", "Glossar": "glossary_terms", "Lernziele": "learning_goals"}


def unit_cells(edition: Edition, goals: list[dict[str, Any]], names: dict[str, Names]) -> list[Cells]:
    numbers = numbers_of(goals)
    rows = Unit.objects.filter(module__edition=edition)
    links = {header: linked(rows, field) for header, field in LISTS.items()}
    units = read("Bausteine", in_modules(Unit, edition), code=F("module__code"))
    return [
        cells(
            "Bausteine",
            row,
            Modul=row["code"],
            **{
                header: chosen((names | {"Lernziele": numbers[row["code"]]})[header], found[row["pk"]])
                for header, found in links.items()
            },
        )
        for row in units
    ]
