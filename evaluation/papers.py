"""The questionnaire on paper, to be filled in with a pen."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.cache import cache

from curriculum.models import Edition, Session
from evaluation.models import Purpose, Questionnaire, Survey
from evaluation.queries.asking import last_day
from evaluation.queries.printed import printed
from netzkoord.lib import pdf

TEMPLATE = "evaluation/pdf/questionnaire_paper.html"
STYLES = ("css/pdf/questionnaire.css",)
# One sheet of paper, printed on both sides.
MOST_PAGES = 2
# Lines to write on under an open question: as many as two pages leave room for.
LINES = (6, 4, 3, 2)
KEPT_SECONDS = 24 * 60 * 60


def questionnaire_paper(questionnaire: Questionnaire, edition: Edition | None) -> bytes:
    """Without a survey: a preview, or to be copied. Raises DocumentTooLarge."""
    return render(questionnaire, edition_key(edition), preview_context(questionnaire), title=questionnaire.title)


def pages_of(questionnaire: Questionnaire, edition: Edition | None) -> int | None:
    """How many pages it takes; None where it is too long for a document.

    Laid out up to four times, which takes a second or more, and once for the same content.
    """
    versions = roomy_first(questionnaire, edition_key(edition), preview_context(questionnaire))
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


def edition_key(edition: Edition | None) -> int:
    return edition.pk if edition else 0


def preview_context(questionnaire: Questionnaire) -> dict[str, Any]:
    return {"title": questionnaire.title, "is_anonymous": not Purpose(questionnaire.purpose).is_personal}


def survey_paper(survey: Survey) -> bytes:
    """With the session, its days and where the sheet goes. Raises DocumentTooLarge."""
    session = Session.objects.filter(surveys=survey).with_dates().select_related("module", "venue").first()
    context = {
        "title": survey.questionnaire.title,
        "survey": survey,
        "session": session,
        "last_day": last_day(survey),
        "is_anonymous": survey.is_anonymous,
    }
    about = session or survey.cohort
    return render(
        survey.questionnaire, survey.cohort.edition_id, context, title=f"{survey.questionnaire.title}: {about}"
    )


def render(questionnaire: Questionnaire, edition_pk: int, context: Mapping[str, Any], *, title: str) -> bytes:
    versions = roomy_first(questionnaire, edition_pk, context)
    return pdf.render_within(MOST_PAGES, TEMPLATE, versions, title=title, styles=STYLES)


def roomy_first(questionnaire: Questionnaire, edition_pk: int, context: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the template gets for the same sheet with ever fewer lines to write on."""
    sheet = printed(questionnaire, edition_pk)
    return [{"questionnaire": questionnaire, "sheet": sheet, "lines": range(lines), **context} for lines in LINES]
