"""The questionnaire on paper, to be filled in with a pen."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.cache import cache

from curriculum.models import Edition, Session
from evaluation.models import JudgedNeed, Purpose, Questionnaire, Survey
from evaluation.queries.asking import Sheet, last_day, sheet_of, survey_sheet
from evaluation.queries.printed import numbered
from netzkoord.lib import pdf

TEMPLATE = "evaluation/pdf/questionnaire_paper.html"
STYLES = ("css/pdf/questionnaire.css",)
# One sheet of paper, printed on both sides.
MOST_PAGES = 2
# Lines to write on under an open question: as many as two pages leave room for.
LINES = (6, 4, 3, 2)
KEPT_SECONDS = 24 * 60 * 60


def questionnaire_paper(
    questionnaire: Questionnaire, edition: Edition | None, needs: Sequence[JudgedNeed] | None = None
) -> bytes:
    """Without a survey: a preview, or to be copied. Raises DocumentTooLarge."""
    versions = roomy_first(preview_sheet(questionnaire, edition, needs), preview_context(questionnaire))
    return render(versions, title=questionnaire.title)


def pages_of(questionnaire: Questionnaire, edition: Edition | None) -> int | None:
    """How many pages it takes; None where it is too long for a document.

    Laid out up to four times, which takes a second or more, and once for the same content.
    """
    versions = roomy_first(preview_sheet(questionnaire, edition, None), preview_context(questionnaire))
    source = pdf.source_of(TEMPLATE, versions[0], title=questionnaire.title)
    key = f"paper-pages-{hashlib.sha256(source.encode()).hexdigest()}"
    pages: int | None = cache.get(key)
    if pages is None:
        pages = laid_out_pages(versions, title=questionnaire.title)
        cache.set(key, pages, KEPT_SECONDS)
    return pages or None


def laid_out_pages(versions: Sequence[Mapping[str, Any]], *, title: str) -> int:
    """0 where it is too long for a document."""
    try:
        return pdf.pages_within(MOST_PAGES, TEMPLATE, versions, title=title, styles=STYLES)
    except pdf.DocumentTooLarge:
        return 0


def preview_sheet(
    questionnaire: Questionnaire, edition: Edition | None, needs: Sequence[JudgedNeed] | None
) -> Sheet:
    return sheet_of(questionnaire, edition.pk if edition else 0, needs=needs)


def preview_context(questionnaire: Questionnaire) -> dict[str, Any]:
    return {
        "questionnaire": questionnaire,
        "title": questionnaire.title,
        "is_anonymous": not Purpose(questionnaire.purpose).is_personal,
    }


def survey_paper(survey: Survey) -> bytes:
    """With the session, its days and where the sheet goes. Raises DocumentTooLarge."""
    session = Session.objects.filter(surveys=survey).with_dates().select_related("module", "venue").first()
    context = {
        "questionnaire": survey.questionnaire,
        "title": survey.questionnaire.title,
        "survey": survey,
        "session": session,
        "last_day": last_day(survey),
        "is_anonymous": survey.is_anonymous,
    }
    versions = roomy_first(survey_sheet(survey), context)
    return render(versions, title=f"{survey.questionnaire.title}: {session or survey.cohort}")


def render(versions: Sequence[Mapping[str, Any]], *, title: str) -> bytes:
    return pdf.render_within(MOST_PAGES, TEMPLATE, versions, title=title, styles=STYLES)


def roomy_first(sheet: Sheet, context: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the template gets for the same sheet with ever fewer lines to write on."""
    printed = numbered(sheet)
    return [{"sheet": printed, "lines": range(lines), **context} for lines in LINES]
