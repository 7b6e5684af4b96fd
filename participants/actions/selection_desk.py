"""The selection desk: what is prepared is stored at once, and decided in one step."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from curriculum.models import Cohort
from netzkoord.lib.fields import row_key
from netzkoord.lib.sentences import listed
from netzkoord.models import User
from participants.actions.decisions import Decision
from participants.actions.locking import lock
from participants.actions.places import recount
from participants.actions.selection import change_selections
from participants.models import Selection, SelectionDraft, SelectionOverride, Tandem
from participants.queries.selection_desk import Change, Desk, desk_of

NOTHING_DONE = "Es ist nichts entschieden und keine Mail gesendet."


class SelectionRefused(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """Nothing was decided; the German sentence says why and what to do."""


@dataclass(frozen=True)
class Prepared:
    """An override as somebody has chosen it; an empty selection leaves the decision to the line."""

    selection: str = ""
    reason: str = ""


class OverrideChanged(Exception):  # noqa: N818
    """Somebody else has prepared another decision for this tandem since the page was made."""


def draft_for_update(cohort: Cohort) -> SelectionDraft:
    """The cohort's draft, locked with its cohort; the caller's transaction."""
    lock(cohort)
    draft, _ = SelectionDraft.objects.select_for_update().get_or_create(cohort=cohort)
    return draft


def store_draft(*, draft: SelectionDraft, changed: Sequence[str], by: User) -> None:
    """Nothing is decided by it, so that the log has no line of it."""
    if changed:
        draft.changed_at, draft.changed_by = timezone.now(), by
        draft.save(update_fields=[*changed, "changed_at", "changed_by"])


def hold_line(draft: SelectionDraft) -> int | None:
    """Move a line that goes beyond the places back to where they end; returns where it is now."""
    if draft.line is None:
        return None
    end = desk_of(draft.cohort).proposal.up_to
    if end < draft.line:
        draft.line = end
        draft.save(update_fields=["line"])
    return draft.line


@transaction.atomic
def prepare_override(*, tandem: Tandem, wanted: Prepared, seen: Prepared, by: User) -> None:
    """Store, change or take away the override of a tandem; `seen` is what the page showed.

    Raises `OverrideChanged`.
    """
    lock(tandem.cohort)
    current = prepared_of(tandem)
    if wanted == current:
        return
    if seen != current:
        raise OverrideChanged
    if not wanted.selection:
        SelectionOverride.objects.filter(tandem=tandem).delete()
        return
    values = {
        "selection": wanted.selection,
        "reason": wanted.reason,
        "stored_at": timezone.now(),
        "stored_by": by,
    }
    SelectionOverride.objects.update_or_create(tandem=tandem, defaults=values)


def prepared_of(tandem: Tandem) -> Prepared:
    stored = SelectionOverride.objects.filter(tandem=tandem).first()
    return Prepared(stored.selection, stored.reason) if stored else Prepared()


@transaction.atomic
def decide_selection(*, cohort: Cohort, shown: Sequence[str], by: User) -> list[Change]:
    """Decide everything that the desk proposes and mail everybody concerned; returns what has changed.

    `shown` is what the preview showed (`Change.shown`); a second call changes nothing. Raises `SelectionRefused`
    where anything has become different meanwhile: then nothing is decided.
    """
    cohort = lock(cohort)
    desk = desk_of(cohort)
    if is_done(desk, shown):
        return []
    changes = desk.changes
    if desk.obstacle:
        raise SelectionRefused(f"{desk.obstacle} {NOTHING_DONE}")
    refuse_different(changes, shown, desk)
    change_selections([Decision(change.tandem, change.after, change.reason) for change in changes], by=by)
    clear_desk(desk)
    recount(cohort)
    return changes


def is_done(desk: Desk, shown: Sequence[str]) -> bool:
    """Whether everything that was shown stands as it was to be."""
    wanted = [line.split(":") for line in shown]
    return all(len(parts) == 4 and str(selection_of(desk, parts[0])) == parts[2] for parts in wanted)


def selection_of(desk: Desk, key: str) -> str:
    number = row_key(key)
    tandem = desk.ranking.tandems.get(number) if number else None
    return tandem.selection if tandem else ""


def refuse_different(changes: Sequence[Change], shown: Sequence[str], desk: Desk) -> None:
    differing = {line.partition(":")[0] for line in set(shown) ^ {change.shown for change in changes}}
    if not differing:
        return
    tandems = [tandem for key, tandem in desk.ranking.tandems.items() if str(key) in differing]
    names = listed([tandem.municipality.name for tandem in tandems[:5]])
    more = f" und {len(tandems) - 5} weiteren" if len(tandems) > 5 else ""
    where = f" bei {names}{more}" if tandems else ""
    raise SelectionRefused(
        f"Seit Sie die Vorschau geöffnet haben, hat sich{where} etwas geändert. {NOTHING_DONE} "
        "Bitte prüfen Sie die Vorschau noch einmal."
    )


def clear_desk(desk: Desk) -> None:
    """What was prepared is decided; the line stays below those who have a place now."""
    SelectionOverride.objects.filter(tandem__cohort=desk.cohort).delete()
    outcomes = desk.proposal.outcomes
    has_place = [one for one in outcomes if one.after == Selection.ACCEPTED or one.candidate.is_offered]
    SelectionDraft.objects.filter(cohort=desk.cohort).update(line=len(has_place))
