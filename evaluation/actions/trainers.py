"""Telling the trainers of a session that its feedback was counted."""

from evaluation.models import Survey
from evaluation.queries.counted import may_see_result
from netzkoord.lib import links, mail


def tell_trainers(survey: Survey) -> None:
    """One mail to each trainer of the session who may see the result.

    Belongs into the transaction that counts the survey: it happens once, and so does the mail.
    """
    if survey.session is None:
        return
    for trainer in survey.session.trainers.order_by("pk"):
        if may_see_result(trainer, survey):
            mail.send(
                trainer.email,
                "evaluation/mail/result_ready.txt",
                {
                    "name": trainer.get_full_name(),
                    "session": str(survey.session),
                    "cohort": survey.cohort.title,
                    "link": links.absolute("evaluation:survey_detail", survey.pk),
                },
                reply_to=survey.cohort.contact_email,
            )
