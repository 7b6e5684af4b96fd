"""What became of the results of the demo: texts looked at and released, a comment given back."""

from django.db.models import OuterRef, Subquery
from django.db.models.functions import TruncDate

from curriculum.models import Cohort
from evaluation.actions.comments import return_result, write_comment
from evaluation.actions.texts import hold_text, release_text, release_texts
from evaluation.models import Outcome, Survey, SurveyComment, SurveyPool
from evaluation.queries.texts import readable_texts
from evaluation.redactions import words_of
from netzkoord.models import User

# Whoever reads „Pfarrer“ in this course knows who is meant.
TELLING = "Pfarrer"
COMMENT = (
    "Danke für die offenen Worte. Dass auf Ihre Fragen eingegangen wurde, freut uns. Mehr Zeit für eigene Fälle "
    "haben sich einige gewünscht: Beim nächsten Termin arbeiten wir den ganzen Nachmittag daran, in kleineren "
    "Gruppen. Die Methoden erklären wir künftig vorher, damit klar ist, wozu sie dienen."
)


def fill_results(cohort: Cohort, *, organiser: User, trainer: User) -> None:
    """The first result is given back, the second has texts that wait, the others are released."""
    counted = Survey.objects.feedback().filter(cohort=cohort, outcome=Outcome.COUNTED)
    first, *others = counted.select_related("cohort", "session__module").order_by("opens_at")
    release_with_care(first, by=organiser)
    write_comment(survey=first, text=COMMENT, shows_texts=True, by=trainer)
    return_result(survey=first, by=trainer)
    for survey in others[1:]:
        release_all(survey, by=organiser)


def release_with_care(survey: Survey, *, by: User) -> None:
    """One text is held back, in another a word is blackened, and all the rest is released."""
    for answer in readable_texts(survey):
        telling = {number for number, word in enumerate(words_of(answer.text)) if TELLING in word.text}
        if telling:
            release_text(survey=survey, answer=answer, blackened=telling, by=by)
    if last := readable_texts(survey).filter(text_state="PENDING").last():
        hold_text(survey=survey, answer=last, by=by)
    release_all(survey, by=by)


def release_all(survey: Survey, *, by: User) -> None:
    release_texts(survey=survey, answers=[answer.pk for answer in readable_texts(survey)], by=by)


def date_back() -> None:
    """What the demo has counted and commented today happened when the surveys of long ago closed."""
    Survey.objects.filter(counted_on__isnull=False).update(counted_on=TruncDate("closes_at"))
    Survey.objects.filter(needs_fixed_on__isnull=False).update(needs_fixed_on=TruncDate("opens_at"))
    closed_at = Survey.objects.filter(comment=OuterRef("pk")).values("closes_at")
    SurveyComment.objects.update(written_at=Subquery(closed_at))
    SurveyComment.objects.filter(returned_at__isnull=False).update(returned_at=Subquery(closed_at))
    last_day = Survey.objects.filter(pool=OuterRef("pk")).order_by("-closes_at").values(day=TruncDate("closes_at"))
    SurveyPool.objects.update(counted_on=Subquery(last_day[:1]))
