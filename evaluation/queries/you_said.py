"""„Das haben Sie gesagt – das haben wir geändert“: what a cohort said, in its words, and what became of it.

Every participant of the cohort reads it, and it may be printed: nothing in it names a person, and of an edition
only what is published.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from curriculum.models import Cohort, Edition, EditionStatus
from evaluation.judgements import WORDS, Judgement, NeedResult, share_of, share_sentence
from evaluation.models import (
    Answer,
    Need,
    Purpose,
    Recommendation,
    RecommendationState,
    Survey,
    SurveyComment,
    TextState,
)
from evaluation.queries.causes import RecommendationRow, rows_in
from evaluation.queries.judgements import heard_in
from evaluation.queries.sources import weighed
from evaluation.queries.texts import VisibleText
from evaluation.redactions import pieces
from netzkoord.models import User


@dataclass(frozen=True)
class Voice:
    """What somebody has said and where; never who."""

    words: str
    origin: str


@dataclass(frozen=True)
class Said:
    """A recommendation as the participants read it: in the words of all who said it, and what became of it."""

    row: RecommendationRow
    voices: list[Voice]

    @property
    def recommendation(self) -> Recommendation:
        return self.row.recommendation

    @property
    def reworded(self) -> str:
        """How the register puts it, where nobody has said it so."""
        text = self.recommendation.text
        return "" if any(voice.words == text for voice in self.voices) else text

    @property
    def reason(self) -> str:
        """Why it was decided so; one that was opened again is not decided."""
        return "" if self.recommendation.is_open else self.recommendation.reason

    @property
    def has_answer(self) -> bool:
        return bool(self.reworded or self.reason or self.row.consequences or self.row.module)

    @property
    def is_changed(self) -> bool:
        state = self.recommendation.state
        has_led_to = bool(self.row.consequences) and state != RecommendationState.DECLINED
        return state == RecommendationState.DONE or has_led_to


@dataclass(frozen=True)
class ToldNeed:
    """A need of the cohort, how those judge whose it was, and what the organisers say became of it."""

    need: Need
    heard: NeedResult | None

    @property
    def is_told(self) -> bool:
        return bool(self.heard or self.need.outcome)

    @property
    def judged_words(self) -> str:
        return WORDS[self.heard.judgement].capitalize() if self.heard else ""

    @property
    def lacks(self) -> bool:
        """Whether those whose need it was say that it was not covered, or only partly."""
        return self.heard is not None and self.heard.judgement in (Judgement.UNCOVERED, Judgement.PARTLY)

    @property
    def asked_as(self) -> str:
        """The words of the survey, where the need has got others since."""
        return self.heard.title if self.heard and self.heard.title != self.need.title else ""


@dataclass(frozen=True)
class Returned:
    """What the trainers said to a result, and the released texts where participants may read them."""

    about: str
    comment: str
    texts: list[tuple[str, list[VisibleText]]]


@dataclass(frozen=True)
class Sum:
    """How many of what is told in one part of the page."""

    anchor: str
    number: int
    words: str


@dataclass(frozen=True)
class YouSaid:
    cohort: Cohort
    changed: list[Said]
    accepted: list[Said]
    declined: list[Said]
    open: list[Said]
    needs: list[ToldNeed]
    returned: list[Returned]

    @property
    def sums(self) -> list[Sum]:
        """What there is, in the order of the page."""
        found = [
            Sum("geaendert", len(self.changed), "geändert"),
            Sum("vorgenommen", len(self.accepted), "vorgenommen"),
            Sum("nicht-uebernommen", len(self.declined), "nicht übernommen"),
            Sum("offen", len(self.open), "noch offen"),
            Sum("bedarfe", len(self.needs), "Bedarf" if len(self.needs) == 1 else "Bedarfe"),
            Sum("rueckmeldungen", len(self.returned), "besprochene Rückmeldung" + "en" * (len(self.returned) > 1)),
        ]
        return [each for each in found if each.number]

    @property
    def needs_sentence(self) -> str:
        """How many needs were covered, in the judgement of those whose they were; empty where nobody was asked."""
        heard = [told.heard for told in self.needs if told.heard]
        if not heard:
            return ""
        return share_sentence(share_of(each.judgement for each in heard), f"weniger als {heard[0].needed} Personen")

    @property
    def is_empty(self) -> bool:
        return not any([self.changed, self.accepted, self.declined, self.open, self.needs, self.returned])


def you_said(cohort: Cohort, reader: User | None = None) -> YouSaid:
    """As many queries for many recommendations and surveys as for one.

    A participant who reads it is told the results of those surveys only in which the participant was asked: what
    managers said of a session of their own is not for their tandem partners.
    """
    said = said_in(cohort)

    def unchanged(state: RecommendationState) -> list[Said]:
        return [each for each in said if each.recommendation.state == state and not each.is_changed]

    return YouSaid(
        cohort=cohort,
        changed=[each for each in said if each.is_changed],
        accepted=unchanged(RecommendationState.ACCEPTED),
        declined=unchanged(RecommendationState.DECLINED),
        open=unchanged(RecommendationState.OPEN),
        needs=told_needs(cohort, reader),
        returned=returned_in(cohort, reader),
    )


def said_in(cohort: Cohort) -> list[Said]:
    """By what they were merged into; of what is merged elsewhere the words are this cohort's, the fate is not.

    Four queries, and one where something has led to a change or is about a module.
    """
    found = Recommendation.objects.of_cohort(cohort).told().select_related("card", "workshop", "round")
    spoken: dict[int, list[Recommendation]] = defaultdict(list)
    fates: dict[int, Recommendation] = {}
    for entry in found:
        spoken[entry.fate.pk].append(entry)
        fates[entry.fate.pk] = entry.fate
    rows = rows_in(fates.values(), Edition.objects.exclude(status=EditionStatus.DRAFT))
    return [Said(row, voices_of(spoken[row.recommendation.pk])) for row in rows]


def voices_of(entries: Sequence[Recommendation]) -> list[Voice]:
    """What is said twice in the same words at the same place stands once."""
    return list(dict.fromkeys(Voice(words_of(entry), entry.origin) for entry in entries))


def words_of(entry: Recommendation) -> str:
    """The words of the card, where there is one to be seen."""
    return entry.card.text if entry.card and not entry.card.is_hidden else entry.text


def told_needs(cohort: Cohort, reader: User | None) -> list[ToldNeed]:
    """Those first that were named most; a participant reads the judgement of a survey that asked the participant.

    It is what was added up in the count, from enough people on, and the same for every reader.
    """
    end = Survey.objects.filter(cohort=cohort, purpose=Purpose.END)
    may_read = not reader or end.filter(invitations__registration__person=reader).exists()
    heard = heard_in([cohort]) if may_read else {}
    needs = [ToldNeed(need, heard.get(need.pk)) for need in weighed(Need.objects.filter(cohort=cohort))]
    return [told for told in needs if told.is_told]


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
