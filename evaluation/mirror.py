"""The tandem mirror: what two people said about the same, where they agree and differ, and what to talk about.

Pure calculation, without the database. The questions follow from rules; nothing is judged.
"""

from collections.abc import Sequence
from dataclasses import dataclass

IMPORTANT = 3
LITTLE_SKILL = 2
# So many steps apart are called a difference.
FAR_APART = 2


@dataclass(frozen=True)
class TopicViews:
    """Importance and own skill of one topic, each 1–4, by oneself and by the partner; None where none is said."""

    name: str
    own_importance: int | None
    other_importance: int | None
    own_skill: int | None
    other_skill: int | None

    @property
    def is_needed_by_both(self) -> bool:
        return is_important(self.own_importance) and is_important(self.other_importance)

    @property
    def is_agreed(self) -> bool:
        return self.is_needed_by_both and not is_far(self.own_importance, self.other_importance)

    @property
    def differs(self) -> bool:
        return is_far(self.own_importance, self.other_importance) or is_far(self.own_skill, self.other_skill)


@dataclass(frozen=True)
class CompetenceViews:
    """Level of one competence, 0–4, by oneself and by the partner."""

    name: str
    own: int | None
    other: int | None

    @property
    def is_agreed(self) -> bool:
        return self.own is not None and self.own == self.other

    @property
    def differs(self) -> bool:
        return is_far(self.own, self.other)


@dataclass(frozen=True)
class TextViews:
    """What both wrote to one question."""

    question: str
    own: str
    other: str


@dataclass(frozen=True)
class Mirror:
    """Both halves of a tandem side by side, as one of them sees it; `partner` is the name of the other."""

    partner: str
    topics: Sequence[TopicViews]
    competences: Sequence[CompetenceViews]
    texts: Sequence[TextViews]

    @property
    def agreements(self) -> list[str]:
        shared = [f"Sie beide halten „{topic.name}“ für wichtig." for topic in self.topics if topic.is_agreed]
        return shared + [
            f"Bei „{competence.name}“ sehen Sie sich beide auf Stufe\u00a0{competence.own}."
            for competence in self.competences
            if competence.is_agreed
        ]

    @property
    def differences(self) -> list[str]:
        found = [sentence for topic in self.topics for sentence in topic_differences(topic, self.partner)]
        return found + [
            f"Bei „{competence.name}“ sehen Sie sich auf Stufe\u00a0{competence.own}, "
            f"{self.partner} sieht sich auf Stufe\u00a0{competence.other}."
            for competence in self.competences
            if competence.differs
        ]

    @property
    def questions(self) -> list[str]:
        """For a talk; there is always at least one."""
        found = [question for topic in self.topics for question in topic_questions(topic, self.partner)]
        found += [question for each in self.competences for question in competence_questions(each, self.partner)]
        return [*found, "Was hat Sie an den Angaben der anderen Person überrascht?"]


def is_important(value: int | None) -> bool:
    return value is not None and value >= IMPORTANT


def is_far(own: int | None, other: int | None) -> bool:
    return own is not None and other is not None and abs(own - other) >= FAR_APART


def is_more(own: int | None, other: int | None) -> bool:
    """Whether the first is far above the second."""
    return own is not None and other is not None and own - other >= FAR_APART


def topic_differences(topic: TopicViews, partner: str) -> list[str]:
    sentences = []
    if is_more(topic.own_importance, topic.other_importance):
        sentences.append(f"Sie halten „{topic.name}“ für wichtiger als {partner}.")
    if is_more(topic.other_importance, topic.own_importance):
        sentences.append(f"{partner} hält „{topic.name}“ für wichtiger als Sie.")
    if is_more(topic.own_skill, topic.other_skill):
        sentences.append(f"Bei „{topic.name}“ schätzen Sie Ihr Können höher ein als {partner} das eigene.")
    if is_more(topic.other_skill, topic.own_skill):
        sentences.append(f"Bei „{topic.name}“ schätzt {partner} das eigene Können höher ein als Sie Ihres.")
    return sentences


def topic_questions(topic: TopicViews, partner: str) -> list[str]:
    name = f"„{topic.name}“"
    questions = []
    if is_far(topic.own_importance, topic.other_importance):
        questions.append(f"{name}: Woran liegt es, dass es einer von Ihnen wichtiger ist?")
    if is_more(topic.own_skill, topic.other_skill):
        questions.append(f"{name}: Was können Sie {partner} davon weitergeben?")
    if is_more(topic.other_skill, topic.own_skill):
        questions.append(f"{name}: Was möchten Sie von {partner} darüber wissen?")
    if topic.is_needed_by_both and is_little(topic.own_skill) and is_little(topic.other_skill):
        questions.append(f"{name} ist Ihnen beiden wichtig und noch wenig vertraut: Wer nimmt es sich zuerst vor?")
    return questions


def is_little(skill: int | None) -> bool:
    return skill is not None and skill <= LITTLE_SKILL


def competence_questions(competence: CompetenceViews, partner: str) -> list[str]:
    if not competence.differs:
        return []
    stronger = "Sie" if is_more(competence.own, competence.other) else partner
    return [f"„{competence.name}“: Welche Aufgaben daraus übernehmen Sie beide, und welche eher {stronger}?"]
