"""What the Bedarfsbericht of a session says: its people's needs by weight, their level, the cards of its walls."""

from dataclasses import dataclass, replace

from curriculum.models import Cohort, Session, Topic
from evaluation.models import Card, GuidingQuestion, Need, QuestionPurpose, Survey
from evaluation.queries.coverage import Cell, cell_in, plan_of
from evaluation.queries.need_pages import may_read_words
from evaluation.queries.needs import needs_survey_of, published_needs
from evaluation.queries.recurrence import recurrences
from evaluation.queries.recurring import RecurringNeed
from evaluation.queries.results import response_rate
from evaluation.queries.sources import weighed
from evaluation.results import TopicNeed
from netzkoord.models import User


@dataclass(frozen=True)
class ReportedNeed:
    """A need of those who attend; `share` says how far this session is to serve it, empty where it is not.

    `recurrence` says that cohorts before it have named it, too.
    """

    need: Need
    share: str
    unit: str
    words: list[str]
    recurrence: RecurringNeed | None = None


@dataclass(frozen=True)
class CardColumn:
    title: str
    cards: list[Card]


@dataclass(frozen=True)
class CardWall:
    """What hangs under one guiding question about needs."""

    question: GuidingQuestion
    columns: list[CardColumn]


@dataclass(frozen=True)
class NeedsReport:
    """`topics` are those that the session's module treats; None while nothing of the survey may be shown."""

    session: Session
    needs: list[ReportedNeed]
    survey: Survey | None
    topics: list[TopicNeed] | None
    walls: list[CardWall]

    @property
    def served(self) -> list[ReportedNeed]:
        return [row for row in self.needs if row.share]

    @property
    def rated(self) -> list[TopicNeed]:
        """Topics with answers enough to be shown."""
        return [topic for topic in self.topics or [] if not topic.is_withheld]

    @property
    def summary(self) -> str:
        """The answer in one sentence."""
        if not self.needs:
            return "Im Themenspeicher steht noch kein Bedarf derer, die zu diesem Termin kommen."
        heaviest, count = self.needs[0].need, len(self.served)
        named = f"Am häufigsten genannt ist „{heaviest}“"
        if not count:
            return f"{named}. Für diesen Termin ist noch bei keinem Bedarf eingetragen, dass er ihn deckt."
        served = "einen" if count == 1 else str(count)
        return f"{named}. Dieser Termin soll {served} von {len(self.needs)} Bedarfen ganz oder teilweise decken."


def needs_report_of(session: Session, user: User) -> NeedsReport:
    """Of a session with its cohort and module; words only for those who may read them."""
    survey = needs_survey_of(session.cohort_id)
    return NeedsReport(
        session=session,
        needs=reported_needs(session, user),
        survey=survey,
        topics=topics_of(session, survey) if survey else None,
        walls=walls_of(session),
    )


def reported_needs(session: Session, user: User) -> list[ReportedNeed]:
    """The heaviest first; the number of queries does not depend on them."""
    has_words, said = may_read_words(user), recurrences(Cohort.objects.visible_to(user))
    needs = weighed(Need.objects.filter(cohort=session.cohort_id).prefetch_related("sources"))
    attended = [need for need in needs if set(need.audiences) & set(session.audiences)]
    plan = plan_of(session.cohort)
    planned = next((each for each in plan.modules if each.module.key == session.module.key), None)
    rows = [
        reported_need(need, cell_in(need, planned, plan) if planned else None, has_words=has_words)
        for need in attended
    ]
    return [replace(row, recurrence=said.get(row.need.pk)) for row in rows]


def reported_need(need: Need, cell: Cell | None, *, has_words: bool) -> ReportedNeed:
    coverage = cell.coverage if cell and not cell.is_left_out else None
    words = [source.text for source in need.sources.all() if source.text] if has_words else []
    if coverage is None:
        return ReportedNeed(need, "", "", words)
    return ReportedNeed(need, coverage.get_degree_display(), coverage.means, words)


def topics_of(session: Session, survey: Survey) -> list[TopicNeed] | None:
    """How important the topics of this module are to the group, and how much it can do; from k people on."""
    published = published_needs(survey, response_rate(survey))
    treated = set(Topic.objects.filter(units__module=session.module_id).values_list("name", flat=True))
    return None if published is None else [topic for topic in published if topic.name in treated]


def walls_of(session: Session) -> list[CardWall]:
    """The cards that hang under NEED on the walls of this session, by column; those in none last."""
    questions = GuidingQuestion.objects.filter(workshop__session=session, purpose=QuestionPurpose.NEED)
    cards = Card.objects.filter(guiding_question__in=questions, is_hidden=False).select_related("cluster")
    by_place: dict[tuple[int, str], list[Card]] = {}
    for card in cards.order_by("cluster__position", "cluster", "position", "pk"):
        title = card.cluster.title if card.cluster else ""
        by_place.setdefault((card.guiding_question_id, title), []).append(card)
    return [wall for question in questions if (wall := wall_of(question, by_place)).columns]


def wall_of(question: GuidingQuestion, by_place: dict[tuple[int, str], list[Card]]) -> CardWall:
    own = {title: cards for (asked, title), cards in by_place.items() if asked == question.pk}
    loose = own.pop("", [])
    columns = [CardColumn(title, cards) for title, cards in own.items()]
    return CardWall(question, [*columns, *([CardColumn("Noch in keiner Spalte", loose)] if loose else [])])
