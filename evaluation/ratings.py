"""What a question lets people rate one by one – topics, competences, needs – and on which scales. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from curriculum.models import Competence, Topic
from evaluation.judgements import NeedAnswer
from evaluation.models import JudgedNeed
from evaluation.said import Said

IMPORTANCE = {1: "unwichtig", 2: "eher unwichtig", 3: "wichtig", 4: "sehr wichtig"}
SKILL = {1: "noch nicht", 2: "etwas", 3: "gut", 4: "sehr gut"}
JUDGEMENTS: Mapping[int, str] = {
    NeedAnswer.NOT_MINE: "war nicht mein Bedarf",
    NeedAnswer.UNCOVERED: "nicht gedeckt",
    NeedAnswer.PARTLY: "teilweise gedeckt",
    NeedAnswer.FULLY: "ganz gedeckt",
}


@dataclass(frozen=True)
class RatingScale:
    """The values to choose from with what stands beside each; `field` says where in `Said` the answer is.

    Where an item has several scales, each has a `name`, the question it is asked with (`label`), and short words
    for paper and for reading back (`short`).
    """

    choices: Mapping[int, str]
    field: str = "number"
    name: str = ""
    label: str = ""
    short: str = ""

    def value_in(self, said: Said) -> int | None:
        value: int | None = getattr(said, self.field)
        return value


@dataclass(frozen=True)
class RatedItem:
    """One topic, competence or need with its scales; `pk` names it in the keys of answers."""

    pk: int
    name: str
    scales: Sequence[RatingScale]
    origin: Topic | Competence | JudgedNeed
    description: str = ""

    def __str__(self) -> str:
        return self.name

    def words_of(self, said: Said) -> list[str]:
        """What was said on each scale, as it is read back."""
        if said.is_empty:
            return ["keine Angabe"]
        if said.is_abstention:
            return ["kann ich nicht beurteilen"]
        return list(self.scale_words(said))

    def scale_words(self, said: Said) -> Iterator[str]:
        for scale in self.scales:
            value = scale.value_in(said)
            words = "keine Angabe" if value is None else scale.choices[value]
            yield f"{scale.short}: {words}" if scale.short else words


TOPIC_SCALES = (
    RatingScale(IMPORTANCE, "number", "importance", "Wie wichtig ist Ihnen das?", "wichtig"),
    RatingScale(SKILL, "skill", "skill", "Wie gut können Sie das schon?", "kann ich"),
)
NEED_SCALES = (RatingScale(JUDGEMENTS),)


def rated_topic(topic: Topic) -> RatedItem:
    return RatedItem(topic.pk, topic.name, TOPIC_SCALES, topic)


def rated_competence(competence: Competence) -> RatedItem:
    """On the levels 0–4, with what a person does on each."""
    levels = {
        level: f"{level}: {behaviour}" if behaviour else f"Stufe {level}"
        for level, behaviour in enumerate(competence.behaviours)
    }
    return RatedItem(competence.pk, competence.name, (RatingScale(levels),), competence, competence.description)


def rated_need(need: JudgedNeed) -> RatedItem:
    """In the words in which it is asked."""
    return RatedItem(need.need_id, need.title, NEED_SCALES, need)
