"""Answers on paper: typed in twice, compared, and put in as a sealed ballot without role, receipt or invitation."""

from collections.abc import Iterable

from django.db import transaction

from evaluation import ballots, entries
from evaluation.actions.answering import require_open, survey_held_for_ballot
from evaluation.actions.judging import fix_needs
from evaluation.entries import Entry
from evaluation.models import Envelope, PaperSheet, PaperState, Survey
from evaluation.said import Answers
from netzkoord.lib import audit
from netzkoord.models import AuditAction, User


class SheetTakenError(Exception):
    """A sheet with this number was typed in before, or is already a ballot."""


class NoSuchSheetError(Exception):
    """No sheet with this number was typed in yet."""


@transaction.atomic
def enter_sheet(*, survey: Survey, number: int, entry: Entry, by: User) -> None:
    """Keep what was typed for the first time; the same page sent again changes nothing.

    Raises SurveyNotOpenError, SheetTakenError.
    """
    held = open_survey(survey)
    content = entries.locked(held, number, entry)
    sheet, is_new = PaperSheet.objects.get_or_create(survey=held, number=number, defaults={"first": content})
    if is_new:
        audit.record(AuditAction.PAPER_ENTERED, target=held, by=by, sheet=number)
    elif sheet.is_done or entries.first_of(held, sheet).page != entry.page:
        raise SheetTakenError


@transaction.atomic
def enter_again(*, survey: Survey, number: int, entry: Entry, by: User) -> PaperSheet:
    """Compare a second entry with the first: the sheet becomes a ballot, or both are kept until one is chosen.

    Raises SurveyNotOpenError, NoSuchSheetError, and SheetTakenError for a sheet that is already a ballot.
    """
    held = open_survey(survey)
    sheet = sheet_held(held, number)
    if sheet.is_done:
        raise SheetTakenError
    if sheet.state == PaperState.FIRST:
        compare(held, sheet, entry)
        audit.record(AuditAction.PAPER_COMPARED, target=held, by=by, sheet=number, state=sheet.state)
    return sheet


def compare(survey: Survey, sheet: PaperSheet, second: Entry) -> None:
    first = entries.first_of(survey, sheet)
    if first.answers == second.answers:
        cast(survey, sheet, first.answers)
        return
    sheet.second = entries.locked(survey, sheet.number, second)
    sheet.state = PaperState.DIFFERS
    sheet.save(update_fields=["second", "state"])


@transaction.atomic
def decide_sheet(*, survey: Survey, number: int, answers: Answers, by: User) -> None:
    """Put in what was chosen of two entries that differ.

    Raises SurveyNotOpenError, NoSuchSheetError, SheetTakenError.
    """
    held = open_survey(survey)
    sheet = sheet_held(held, number)
    if sheet.state != PaperState.DIFFERS:
        raise SheetTakenError
    cast(held, sheet, answers)
    audit.record(AuditAction.PAPER_DECIDED, target=held, by=by, sheet=number)


@transaction.atomic
def cast_sheets(*, survey: Survey, by: User) -> int:
    """Put in, as they are, the sheets that were typed in once; how many. Raises SurveyNotOpenError."""
    held = open_survey(survey)
    waiting = held.paper_sheets.select_for_update().filter(state=PaperState.FIRST)
    number = cast_first_entries(held, waiting)
    if number:
        audit.record(AuditAction.PAPER_CAST, target=held, by=by, sheets=number)
    return number


@transaction.atomic
def delete_sheet(*, survey: Survey, number: int, by: User) -> None:
    """Forget a sheet that was typed in by mistake; a ballot cannot be found again among the others.

    Raises SurveyNotOpenError, NoSuchSheetError, SheetTakenError.
    """
    held = open_survey(survey)
    sheet = sheet_held(held, number)
    if sheet.is_done:
        raise SheetTakenError
    sheet.delete()
    audit.record(AuditAction.PAPER_DELETED, target=held, by=by, sheet=number)


def settle_sheets(survey: Survey) -> None:
    """At the count: what is not a ballot yet counts as it was typed in first; then only the numbers remain.

    All rows are written anew, so that none tells when its sheet became a ballot. Raises BallotsUnreadableError.
    """
    cast_first_entries(survey, survey.paper_sheets.exclude(state=PaperState.DONE))
    numbers = list(survey.paper_sheets.order_by("number").values_list("number", flat=True))
    survey.paper_sheets.all().delete()
    PaperSheet.objects.bulk_create(
        PaperSheet(survey=survey, number=number, state=PaperState.DONE) for number in numbers
    )


def cast_first_entries(survey: Survey, sheets: Iterable[PaperSheet]) -> int:
    waiting = list(sheets)
    for sheet in waiting:
        cast(survey, sheet, entries.first_of(survey, sheet).answers)
    return len(waiting)


def cast(survey: Survey, sheet: PaperSheet, answers: Answers) -> None:
    Envelope.objects.create(survey=survey, sealed=ballots.seal(survey, ballots.Ballot(answers)))
    sheet.first = sheet.second = b""
    sheet.state = PaperState.DONE
    sheet.save(update_fields=["first", "second", "state"])


def open_survey(survey: Survey) -> Survey:
    """The survey, which cannot be counted before this transaction ends. Raises SurveyNotOpenError."""
    fix_needs(survey)
    held = survey_held_for_ballot(survey.pk)
    require_open(held)
    return held


def sheet_held(survey: Survey, number: int) -> PaperSheet:
    """Raises NoSuchSheetError."""
    sheet = survey.paper_sheets.select_for_update().filter(number=number).first()
    if sheet is None:
        raise NoSuchSheetError
    return sheet
