"""What is missing before a draft may be published, and what should be looked at."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from curriculum.defaults import PROPOSAL_NOTE
from curriculum.models import Edition
from curriculum.queries.announcements import Blocker
from curriculum.queries.editions import EditionOverview, ModuleRow, edition_overview
from curriculum.queries.gaps import edition_gaps

NAMED = 6


@dataclass(frozen=True)
class Hint:
    """Something to look at, and where."""

    text: str
    url: str


def publication_blockers(edition: Edition) -> list[Blocker]:
    """Why the draft cannot be published yet; empty when it can."""
    return blockers_of(edition_overview(edition))


def blockers_of(page: EditionOverview) -> list[Blocker]:
    return [*edition_blockers(page), *module_blockers(page)]


def edition_blockers(page: EditionOverview) -> list[Blocker]:
    pk = page.edition.pk
    blockers = []
    if page.edition.note.strip() == PROPOSAL_NOTE:
        url = reverse("curriculum:edition_edit", args=[pk])
        text = "Der Hinweis zur Fassung nennt Ziele, Angebote und Glossar noch Vorschläge."
        blockers.append(Blocker(text, "Texte prüfen und Hinweis ändern", url))
    if not page.aims:
        url = reverse("curriculum:aim_list", args=[pk])
        blockers.append(Blocker("Die Fassung hat noch kein Ziel.", "Ziel ergänzen", url))
    if not page.modules:
        url = reverse("curriculum:module_add", args=[pk])
        blockers.append(Blocker("Die Fassung hat noch kein Modul.", "Modul anlegen", url))
    return blockers


def module_blockers(page: EditionOverview) -> list[Blocker]:
    without_unit = [row for row in page.modules if not row.units]
    without_track = [row for row in page.modules if not row.audiences]
    without_module = [part for part in page.tracks if page.modules and not part.modules]
    module_url = f"{page.edition.get_absolute_url()}#module"
    return [
        *(
            Blocker(f"{row.module} hat noch keinen Baustein.", "Modul öffnen", row.module.get_absolute_url())
            for row in without_unit
        ),
        *(
            Blocker(f"{row.module} gehört zu keinem Angebot.", "Modul öffnen", row.module.get_absolute_url())
            for row in without_track
        ),
        *(Blocker(f"„{part.track}“ hat noch kein Modul.", "Module ansehen", module_url) for part in without_module),
    ]


def publication_hints(page: EditionOverview) -> list[Hint]:
    """What should be looked at before publishing, though nothing stands in the way; the gaps as a number each."""
    edition = page.edition
    hints = []
    if not edition.abstract:
        url = reverse("curriculum:edition_edit", args=[edition.pk])
        hints.append(Hint("Die Kurzbeschreibung fehlt. Sie steht auch in der Ausschreibung.", url))
    if rows := [row for row in page.modules if not row.goals]:
        hints.append(Hint(f"Module ohne Lernziel: {named(rows)}", f"{edition.get_absolute_url()}#module"))
    gaps_url = reverse("curriculum:edition_gaps", args=[edition.pk])
    return hints + [
        Hint(f"{group.title}: {len(group.gaps)}", f"{gaps_url}#{group.key}")
        for group in edition_gaps(edition).groups
        if group.gaps
    ]


def named(rows: Iterable[ModuleRow]) -> str:
    """„K1, K2 und 3 weitere“"""
    codes = [row.module.code for row in rows]
    more = len(codes) - NAMED
    return ", ".join(codes) if more <= 0 else f"{', '.join(codes[:NAMED])} und {more} weitere"
