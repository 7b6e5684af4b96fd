"""The questionnaire on paper, to be filled in with a pen."""

from collections.abc import Mapping
from typing import Any

from curriculum.models import Edition, Session
from evaluation.models import Purpose, Questionnaire, Survey
from evaluation.queries.asking import last_day
from evaluation.queries.printed import printed
from netzkoord.lib import pdf

STYLES = ("css/pdf/questionnaire.css",)


def questionnaire_paper(questionnaire: Questionnaire, edition: Edition | None) -> bytes:
    """Without a survey: a preview, or to be copied. Raises DocumentTooLarge."""
    context = {"title": questionnaire.title, "is_anonymous": not Purpose(questionnaire.purpose).is_personal}
    return render(questionnaire, edition.pk if edition else 0, context, title=questionnaire.title)


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
    sheet = printed(questionnaire, edition_pk)
    return pdf.render(
        "evaluation/pdf/questionnaire_paper.html",
        {"questionnaire": questionnaire, "sheet": sheet, **context},
        title=title,
        styles=STYLES,
    )
