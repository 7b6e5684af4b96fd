"""What may become a need of a cohort: columns of its walls, rated topics, words of its needs survey."""

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from curriculum.models import Cohort
from evaluation.models import (
    Card,
    CardSource,
    Cluster,
    NeedSource,
    QuestionPurpose,
    Survey,
    TopicTotal,
)
from evaluation.models.needs import LONGEST_SOURCE
from evaluation.queries.needs import needs_survey_of, published_texts
from evaluation.queries.results import response_rate
from evaluation.queries.sources import merged_sources
from evaluation.queries.walls import card_key
from netzkoord.lib.sentences import counted

# From the least skill to the greatest importance, both 1 to 4.
WHOLE_DISTANCE = 3


@dataclass(frozen=True)
class Candidate:
    """Something that was named; `source` is not stored yet, `title` what a need of it could be called."""

    source: NeedSource
    label: str
    title: str

    @property
    def key(self) -> str:
        return self.source.key


@dataclass(frozen=True)
class Candidates:
    """Those of no need yet, by where they come from; and why there may be none."""

    walls: list[Candidate]
    topics: list[Candidate]
    words: list[Candidate]
    loose_cards: int
    survey: Survey | None

    @property
    def all(self) -> list[Candidate]:
        return [*self.walls, *self.topics, *self.words]

    @property
    def waits_for_survey(self) -> bool:
        return self.survey is not None and self.survey.is_open


def candidates_of(cohort: Cohort) -> Candidates:
    """What of the cohort is not a source of one of its needs yet; the number of queries does not depend on it."""
    taken, survey = taken_keys(cohort), needs_survey_of(cohort.pk)
    return Candidates(
        open_of(wall_candidates(cohort), taken),
        open_of(topic_candidates(survey), taken) if survey else [],
        open_of(word_candidates(survey, hanging_words(cohort)), taken) if survey else [],
        cards_of(cohort).filter(cluster__isnull=True).count(),
        survey,
    )


def taken_keys(cohort: Cohort) -> set[str]:
    """Of all sources, and of the columns with which theirs were merged."""
    sources = list(NeedSource.objects.filter(need__cohort=cohort).select_related("cluster"))
    has_merged = any(source.cluster.is_dropped for source in sources if source.cluster)
    merged = merged_sources([cohort.pk] if has_merged else [])
    return {source.key for source in sources} | {
        NeedSource(cluster=each.column).key for each in merged if each.column
    }


@dataclass(frozen=True)
class HangingWords:
    """What of the survey hangs as a card in a column, where it counts already: keys of words and of cards."""

    words: frozenset[str]
    cards: frozenset[uuid.UUID]
    questions: frozenset[int]

    def say(self, line: str) -> bool:
        """Whether a card says it, in the same words or as the shorter ones of a moderator."""
        return source_of(line).key in self.words or any(
            card_key(question, line) in self.cards for question in self.questions
        )


def hanging_words(cohort: Cohort) -> HangingWords:
    hung = list(cards_of(cohort).filter(source=CardSource.SURVEY, cluster__isnull=False))
    return HangingWords(
        words=frozenset(NeedSource(text=card.text).key for card in hung),
        cards=frozenset(card.key for card in hung),
        questions=frozenset(card.guiding_question_id for card in hung),
    )


def open_of(candidates: Iterable[Candidate], taken: set[str]) -> list[Candidate]:
    return [candidate for candidate in candidates if candidate.key not in taken]


def cards_of(cohort: Cohort) -> QuerySet[Card]:
    """Cards under NEED on the walls of the cohort's sessions that everybody may see."""
    return Card.objects.filter(
        guiding_question__purpose=QuestionPurpose.NEED,
        guiding_question__workshop__session__cohort=cohort,
        is_hidden=False,
    )


def wall_candidates(cohort: Cohort) -> list[Candidate]:
    """Columns with cards; each card is somebody who named it."""
    cards = cards_of(cohort)
    clusters = (
        Cluster.objects.filter(is_dropped=False, cards__in=cards)
        .distinct()
        .prefetch_related(Prefetch("cards", queryset=cards))
    )
    return [wall_candidate(cluster) for cluster in clusters]


def wall_candidate(cluster: Cluster) -> Candidate:
    cards = list(cluster.cards.all())
    texts = " · ".join(card.text for card in cards)
    label = f"{cluster.title} ({counted(len(cards), 'Karte', 'Karten')}: {texts})"
    return Candidate(NeedSource(cluster=cluster, weight=len(cards)), label, cluster.title)


def topic_candidates(survey: Survey) -> list[Candidate]:
    """Topics that matter more to the people than they can do; from what was kept of the survey, from k on."""
    totals = survey.topic_totals.filter(people__gte=survey.minimum).select_related("topic")
    found = [topic_candidate(total) for total in totals if total.importance > total.skill]
    return sorted(found, key=lambda candidate: -candidate.source.weight)


def topic_candidate(total: TopicTotal) -> Candidate:
    weight = weight_of_topic(total)
    named = counted(weight, "Nennung", "Nennungen")
    label = f"{total.topic.name} ({total.people} haben bewertet; gilt so viel wie {named})"
    return Candidate(NeedSource(topic=total.topic, weight=weight), label, total.topic.name)


def weight_of_topic(total: TopicTotal) -> int:
    """So many people with the whole distance between own skill and importance would make the same sum."""
    return max(1, round((total.importance - total.skill) / WHOLE_DISTANCE))


def word_candidates(survey: Survey, hanging: HangingWords) -> list[Candidate]:
    """Every wording that hangs nowhere once, without a name; only when trainers may read them, too."""
    parts = published_texts(survey, response_rate(survey)) or []
    lines = [" ".join(said.text.split()) for part in parts for said in part.texts]
    sources = [source_of(line) for line in lines if line and not hanging.say(line)]
    often = Counter(source.key for source in sources)
    for source in sources:
        source.weight = often[source.key]
    once = {source.key: source for source in sources}
    return [Candidate(source, f"„{source.text}“", "") for source in once.values()]


def source_of(line: str) -> NeedSource:
    """The words, cut where a source ends."""
    return NeedSource(text=line if len(line) <= LONGEST_SOURCE else f"{line[: LONGEST_SOURCE - 1]}…")
