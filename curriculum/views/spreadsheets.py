"""An edition as a table to take away, and a table read back: tried out first, stored after a look at it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from curriculum.actions.edition_import import (
    NoDraft,
    import_edition,
    import_new_edition,
    latest_finished,
    locked_draft,
    locked_latest,
    trial,
    trial_of_new,
)
from curriculum.actions.editions import DraftExists
from curriculum.actions.in_use import InUse
from curriculum.difference import Difference, summary
from curriculum.exports import CONTENT_TYPE, TextTooLong, workbook
from curriculum.forms.spreadsheets import TableForm
from curriculum.imports.checking import EditionContent, check, in_order
from curriculum.imports.reading import Problem, Reading
from curriculum.models import Edition, Programme
from curriculum.queries.tables import fingerprint, tables_of
from curriculum.tables import packed, unpacked
from curriculum.views.drafts import names_draft
from netzkoord.lib import kept_files
from netzkoord.lib.downloads import attachment
from netzkoord.lib.folding import file_name
from netzkoord.lib.http import Request, too_large
from netzkoord.models import User

SHOWN_PROBLEMS = 200
GONE = "Die geprüfte Tabelle liegt nicht mehr bereit. Bitte laden Sie die Datei noch einmal hoch."
CHANGED = (
    "Der Entwurf hat sich seit der Prüfung geändert. Bitte laden Sie die Datei noch einmal hoch und lesen Sie, "
    "was sich jetzt ändern würde."
)
IN_USE = "Teile dieses Entwurfs werden schon verwendet. Deshalb lässt er sich nicht durch eine Tabelle ersetzen:"


@require_safe
@permission_required("curriculum.view_edition", raise_exception=True)
def edition_export(request: Request, pk: int) -> HttpResponse:
    edition = get_object_or_404(Edition.objects.visible_to(request.user).select_related("programme"), pk=pk)
    try:
        content = workbook(tables_of(edition))
    except TextTooLong as error:
        return too_large(request, error, back=edition.get_absolute_url())
    name = file_name(str(edition)) or "fassung"
    return attachment(content, name=f"{name}.xlsx", content_type=CONTENT_TYPE)


@dataclass(frozen=True)
class Way:
    """Where a table goes: into the draft `edition`, or into a new one that replaces the finished `edition`.

    `lock` returns the edition as it is now, for `store`; both belong into one transaction, `try_out` into none.
    """

    edition: Edition
    is_new: bool
    template: str
    try_out: Callable[[EditionContent], Difference]
    lock: Callable[[], Edition]
    store: Callable[[Edition, EditionContent, User], Edition]

    def owner(self, user: User) -> str:
        return f"{user.pk}:{'new' if self.is_new else 'draft'}:{self.edition.pk}"


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("curriculum.change_edition", raise_exception=True)
@names_draft
def edition_import(request: Request, edition: Edition) -> HttpResponse:
    return step(request, draft_way(edition))


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(["curriculum.add_edition", "curriculum.change_edition"], raise_exception=True)
def edition_import_new(request: Request, pk: int) -> HttpResponse:
    """A table becomes a new draft of the programme. Where there is one already, the table goes in there."""
    programme = get_object_or_404(Programme, pk=pk)
    latest = latest_finished(programme)
    drafts = Edition.objects.drafts()
    draft = drafts.replacing(latest).first() if latest else drafts.filter(programme=programme).last()
    if latest is None or (draft and "tabelle" not in request.POST):
        messages.info(request, "Es gibt schon einen Entwurf. Die Tabelle wird in ihn eingelesen.")
        return redirect("curriculum:edition_import", draft.pk if draft else 0)
    return step(request, new_way(latest))


def draft_way(draft: Edition) -> Way:
    return Way(
        edition=draft,
        is_new=False,
        template="curriculum/edition_import.html",
        try_out=lambda content: trial(edition=draft, content=content),
        lock=lambda: locked_draft(draft),
        store=lambda edition, content, user: import_edition(edition=edition, content=content, by=user),
    )


def new_way(latest: Edition) -> Way:
    return Way(
        edition=latest,
        is_new=True,
        template="curriculum/edition_import_new.html",
        try_out=lambda content: trial_of_new(replaces=latest, content=content),
        lock=lambda: locked_latest(latest),
        store=lambda edition, content, user: import_new_edition(replaces=edition, content=content, by=user),
    )


def step(request: Request, way: Way) -> HttpResponse:
    """The empty form; the file tried out; or, after a look at what would change, the file stored."""
    try:
        return store(request, way) if "tabelle" in request.POST else look(request, way)
    except NoDraft:
        return redirect(request.path)  # where it says what became of the draft


def look(request: Request, way: Way) -> HttpResponse:
    form = TableForm(request.POST, request.FILES) if request.method == "POST" else TableForm()
    context: dict[str, object] = {"form": form, "edition": way.edition, "word": "", "problems": []}
    if form.is_valid():
        context |= tried_out(form.cleaned_data["file"], way, request.user)
    return render(request, way.template, context)


def tried_out(reading: Reading, way: Way, user: User) -> dict[str, object]:
    """For the page: what is wrong with the table, or what it would change and the word to store it by."""
    own = tables_of(way.edition)
    is_part = len(reading.tables) == 1
    tables = own | reading.tables
    content, problems = None, reading.misbuilt
    if not problems:
        content, problems = check(tables)
        problems = merged(reading.problems, problems)
    if problems or content is None:
        return refused(problems, is_part=is_part)
    try:
        found = way.try_out(content)
    except InUse as error:
        return refused([Problem("", None, "", in_use(error))], is_part=is_part)
    word = kept_files.keep(packed(tables), owner=way.owner(user), fingerprint=fingerprint(own))
    return {
        "difference": found,
        "summary": sentence(found, way),
        "word": word,
        "is_part": is_part,
        "is_new": way.is_new,
    }


def refused(problems: list[Problem], *, is_part: bool) -> dict[str, object]:
    return {"problems": problems[:SHOWN_PROBLEMS], "problem_count": len(problems), "is_part": is_part}


def in_use(error: InUse) -> str:
    return f"{IN_USE} {'; '.join(error.users)}."


def sentence(found: Difference, way: Way) -> str:
    """The summary; a draft is compared with itself as it is now."""
    start = f"Gegenüber der {found.old.number}.\u00a0Fassung"
    return summary(found) if way.is_new else summary(found).replace(start, "Gegenüber dem jetzigen Entwurf", 1)


def merged(own: list[Problem], others: list[Problem]) -> list[Problem]:
    """Where a cell could not be read, what follows from that is not said as well."""
    places = {(each.sheet, each.row, each.column) for each in own}
    return in_order([*own, *(each for each in others if (each.sheet, each.row, each.column) not in places)])


def store(request: Request, way: Way) -> HttpResponse:
    """To check the table takes long, so that comes before the lock; what it was compared with is asked inside."""
    word = request.POST["tabelle"]
    found = kept_files.kept(word, owner=way.owner(request.user))
    content = check(unpacked(found.content))[0] if found and not found.is_stored else None
    try:
        with transaction.atomic():
            return stored(request, way, word, content)
    except DraftExists as exists:
        messages.info(request, "Es gibt schon einen Entwurf. Bitte lesen Sie die Tabelle hier ein.")
        return redirect("curriculum:edition_import", exists.draft.pk)
    except InUse as error:
        return refusal(request, in_use(error))


def stored(request: Request, way: Way, word: str, content: EditionContent | None) -> HttpResponse:
    edition = way.lock()
    # Once more: a second click has waited for the first.
    found = kept_files.kept(word, owner=way.owner(request.user))
    if found and found.is_stored:
        return redirect("curriculum:edition_detail", found.outcome)
    if found is None or content is None:
        return refusal(request, GONE)
    if fingerprint(tables_of(edition)) != found.fingerprint:
        return refusal(request, CHANGED)
    edition = way.store(edition, content, request.user)
    kept_files.mark_stored(word, found, outcome=edition.pk)
    messages.success(request, "Die Tabelle ist eingelesen.")
    return redirect(edition)


def refusal(request: Request, text: str) -> HttpResponse:
    messages.error(request, text)
    return redirect(request.path)
