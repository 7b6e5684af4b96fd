"""„Das haben Sie gesagt – das haben wir geändert“: what a cohort said, in its words, and what became of it.

Every participant of the cohort reads it, and it may be printed: nothing in it names a person, and of an edition
only what is published.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from curriculum.models import Cohort, Edition, EditionStatus
from evaluation.models import Answer, Need, Recommendation, RecommendationState, Survey, SurveyComment, TextState
from evaluation.queries.causes import RecommendationRow, rows_in
from evaluation.queries.texts import VisibleText
from evaluation.redactions import pieces
from netzkoord.models import User


@dataclass(frozen=True)
class Said:
    """A recommendation as the participants read it: in the words of the card, where there is one to be seen."""

    row: RecommendationRow

    @property
    def recommendation(self) -> Recommendation:
        return self.row.recommendation

    @property
    def words(self) -> str:
        card = self.recommendation.card
        return card.text if card and not card.is_hidden else self.recommendation.text

    @property
    def reworded(self) -> str:
        """How the register puts it, where that differs from the words."""
        return "" if self.words == self.recommendation.text else self.recommendation.text

    @property
    def is_changed(self) -> bool:
        state = self.recommendation.state
        has_led_to = bool(self.row.consequences) and state != RecommendationState.DECLINED
        return state == RecommendationState.DONE or has_led_to


@dataclass(frozen=True)
class Returned:
    """What the trainers said to a result, and the released texts where participants may read them."""

    about: str
    comment: str
    texts: list[tuple[str, list[VisibleText]]]


@dataclass(frozen=True)
class YouSaid:
    cohort: Cohort
    changed: list[Said]
    accepted: list[Said]
    declined: list[Said]
    open: list[Said]
    needs: list[Need]
    returned: list[Returned]

    @property
    def is_empty(self) -> bool:
        return not any([self.changed, self.accepted, self.declined, self.open, self.needs, self.returned])


def you_said(cohort: Cohort, reader: User | None = None) -> YouSaid:
    """As many queries for many recommendations and surveys as for one.

    A participant who reads it is told the results of those surveys only in which the participant was asked: what
    managers said of a session of their own is not for their tandem partners.
    """
    found = Recommendation.objects.of_cohort(cohort).select_related("card", "workshop", "round")
    published = Edition.objects.exclude(status=EditionStatus.DRAFT)
    said = [Said(row) for row in rows_in(found, published)]

    def unchanged(state: RecommendationState) -> list[Said]:
        return [each for each in said if each.recommendation.state == state and not each.is_changed]

    return YouSaid(
        cohort=cohort,
        changed=[each for each in said if each.is_changed],
        accepted=unchanged(RecommendationState.ACCEPTED),
        declined=unchanged(RecommendationState.DECLINED),
        open=unchanged(RecommendationState.OPEN),
        needs=list(Need.objects.filter(cohort=cohort).exclude(outcome="")),
        returned=returned_in(cohort, reader),
    )


def returned_in(cohort: Cohort, reader: User | None) -> list[Returned]:
    """The comments that were returned, the earliest first; two queries."""
    comments = SurveyComment.objects.filter(survey__cohort=cohort, returned_at__isnull=False)
    if reader:
        asked = Survey.objects.filter(invitations__registration__person=reader)
        comments = comments.filter(survey__in=asked)
    rows = list(comments.select_related("survey__session__module").order_by("survey__closes_at", "pk"))
    texts = released_in([row for row in rows if row.shows_texts])
    return [Returned(row.survey.about, row.text, texts.get(row.survey_id, [])) for row in rows]


def released_in(comments: Sequence[SurveyComment]) -> dict[int, list[tuple[str, list[VisibleText]]]]:
    """By survey, question by question, in the order of random keys; of a pool they stand with its first survey.

    Only a text that enough people were asked for can have been released (`texts.readable_texts`).
    """
    surveys = [comment.survey for comment in reversed(comments)]
    of_pool = {survey.pool_id: survey.pk for survey in surveys if survey.pool_id}
    answers = Answer.objects.filter(
        Q(response__survey__in=[survey.pk for survey in surveys]) | Q(response__pool__in=of_pool),
        text_state=TextState.RELEASED,
    ).order_by("question__section__position", "question__position", "pk")
    found: dict[int, dict[str, list[VisibleText]]] = defaultdict(lambda: defaultdict(list))
    for survey, pool, question, text, redactions in answers.values_list(
        "response__survey", "response__pool", "question__text", "text", "redactions"
    ):
        found[survey or of_pool[pool]][question].append(VisibleText(pieces(text, redactions)))
    return {survey: list(by_question.items()) for survey, by_question in found.items()}
