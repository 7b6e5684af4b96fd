"""Who of a tandem has released the own answers to whom, and what both may see then."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from curriculum.models import Competence, Topic
from evaluation.mirror import CompetenceViews, Mirror, TextViews, TopicViews
from evaluation.models import MirrorRelease, PersonalAnswer, Purpose, Question, QuestionKind
from evaluation.said import Key, Said, read_back
from participants.models import Registration, RegistrationState

NOTHING = Said()
Given = Mapping[Key, Said]


@dataclass(frozen=True)
class MirrorPage:
    """One person's page; `mirror` is None unless both have released to each other.

    Whether the partner alone has released is not told: nobody shall feel asked by it.
    """

    registration: Registration
    partner: Registration | None
    has_released: bool
    has_answered: bool
    is_partner_silent: bool
    mirror: Mirror | None


def partner_of(half: Registration) -> Registration | None:
    """The other half of a complete, accepted tandem; reads the tandem's registrations."""
    partner = half.partner
    if half.state is not RegistrationState.ACCEPTED or partner is None or not partner.confirmed_at:
        return None
    return partner


def mirror_page(half: Registration) -> MirrorPage:
    partner = partner_of(half)
    has_released = partner is not None and releases(half, partner)
    own = answers_of(half)
    page = MirrorPage(half, partner, has_released, bool(own), is_partner_silent=False, mirror=None)
    if partner is None or not has_released or not releases(partner, half):
        return page
    other = answers_of(partner)
    mirror = mirror_of(partner, own, other) if own and other else None
    return MirrorPage(half, partner, has_released, bool(own), is_partner_silent=not other, mirror=mirror)


def releases(half: Registration, partner: Registration) -> bool:
    return MirrorRelease.objects.filter(registration=half, partner=partner).exists()


def answers_of(half: Registration) -> Given:
    """What this person has sent in the needs survey of the cohort. One query."""
    rows = PersonalAnswer.objects.filter(
        invitation__registration=half,
        invitation__survey__cohort=half.cohort_id,
        invitation__survey__purpose=Purpose.NEEDS,
        invitation__participation__isnull=False,
    )
    return read_back(rows.order_by("pk"))


def mirror_of(partner: Registration, own: Given, other: Given) -> Mirror:
    """Everything that at least one of the two has said. Three queries."""
    keys = {*own, *other}
    questions = list(Question.objects.filter(pk__in={question for question, _ in keys}).select_related("section"))
    rated = {(kind_of(questions, question), item): (question, item) for question, item in keys if item}

    def both(kind: str, item: int) -> tuple[Said, Said]:
        key = rated[kind, item]
        return own.get(key, NOTHING), other.get(key, NOTHING)

    topics, competences = items(rated, QuestionKind.TOPICS), items(rated, QuestionKind.COMPETENCES)
    return Mirror(
        partner=partner.full_name,
        topics=[
            topic_views(topic.name, *both(QuestionKind.TOPICS, topic.pk))
            for topic in Topic.objects.filter(pk__in=topics)
        ],
        competences=[
            competence_views(competence.name, *both(QuestionKind.COMPETENCES, competence.pk))
            for competence in Competence.objects.filter(pk__in=competences)
        ],
        texts=[
            TextViews(question.text, own.get(key, NOTHING).text, other.get(key, NOTHING).text)
            for question in questions
            if question.kind == QuestionKind.TEXT and (key := (question.pk, None))
        ],
    )


def kind_of(questions: Sequence[Question], pk: int) -> str:
    return next(question.kind for question in questions if question.pk == pk)


def items(rated: Iterable[tuple[str, int]], kind: str) -> list[int]:
    return [item for of_kind, item in rated if of_kind == kind]


def topic_views(name: str, own: Said, other: Said) -> TopicViews:
    return TopicViews(name, own.number, other.number, own.skill, other.skill)


def competence_views(name: str, own: Said, other: Said) -> CompetenceViews:
    return CompetenceViews(name, own.number, other.number)
