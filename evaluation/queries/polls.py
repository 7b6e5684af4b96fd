"""Points on a wall: what a running poll shows its moderators, and the results of those that are over."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Prefetch

from evaluation.dots import Ranked, ranked
from evaluation.models import Cluster, Dot, GuidingQuestion, Poll, QuestionPurpose, Workshop
from evaluation.models.workshops import PollQuerySet
from netzkoord.lib.fields import row_key
from netzkoord.lib.sentences import counted
from netzkoord.templatetags.german import german_datetime


@dataclass(frozen=True)
class Result:
    """A column and the points that it got, as `weighed` names it."""

    column: str
    place: Ranked
    percent_of_best: int

    @property
    def label(self) -> str:
        return f"{self.place.rank}.\N{NO-BREAK SPACE}{self.column}"

    @property
    def points(self) -> str:
        tied = " (gleichauf)" if self.place.is_tied else ""
        return f"{counted(self.place.points, 'Punkt', 'Punkte')}{tied}"


def results_of(poll: Poll) -> list[Result]:
    """Most points first; equal ones share a place, in the order in which they were on the wall."""
    dots = poll.dots.all()
    columns: Mapping[int, str] = {dot.cluster_id: weighed(dot) for dot in dots}
    points = {dot.cluster_id: dot.points for dot in dots}
    best = max(points.values(), default=0) or 1
    return [Result(columns[place.column], place, round(100 * place.points / best)) for place in ranked(points)]


def weighed(dot: Dot) -> str:
    """The words on which people set points, and what stands on the wall instead of them now."""
    if dot.cluster.is_dropped:
        return f"{dot.title} (steht nicht mehr an der Wand)"
    if dot.cluster.title != dot.title:
        return f"{dot.title} (heißt jetzt „{dot.cluster.title}“)"
    return dot.title


@dataclass(frozen=True)
class Weighing:
    """A poll that is over and has a result; `number` among those of its question, from 1."""

    number: int
    poll: Poll
    results: list[Result]

    @property
    def name(self) -> str:
        return f"{self.number}. Abfrage"

    @property
    def heading(self) -> str:
        return f"{self.name} (gilt)" if self.poll.is_chosen else self.name

    @property
    def turnout(self) -> str:
        return f"{self.poll.turnout} {'hat' if self.poll.voters == 1 else 'haben'} Punkte gesetzt"

    @property
    def facts(self) -> str:
        """How many took part, by which rule, in which round, and when."""
        sentences = [f"{self.turnout}; jede Person hatte {rule_of(self.poll)}."]
        ended = f"beendet am {german_datetime(self.poll.ended_at)}" if self.poll.ended_at else ""
        in_round = str(self.poll.round or "").replace(" ", "\N{NO-BREAK SPACE}")
        if occasion := ", ".join(filter(None, [in_round, ended])):
            sentences.append(f"{occasion[0].upper()}{occasion[1:]}.")
        return " ".join(sentences)


def rule_of(poll: Poll) -> str:
    """„2 Punkte, auf jede Spalte höchstens einen“"""
    points = counted(poll.points_each, "Punkt", "Punkte")
    if poll.may_accumulate:
        return f"{points} und durfte mehrere auf dieselbe Spalte setzen"
    return points if poll.points_each == 1 else f"{points}, auf jede Spalte höchstens einen"


def weighings_of(polls: PollQuerySet) -> dict[int, list[Weighing]]:
    """By guiding question, the first one first; two queries, and none for dots without a poll."""
    dots = Dot.objects.select_related("cluster")
    found: dict[int, list[Weighing]] = defaultdict(list)
    for poll in polls.ended().select_related("round").prefetch_related(Prefetch("dots", dots)):
        of_question = found[poll.guiding_question_id]
        of_question.append(Weighing(len(of_question) + 1, poll, results_of(poll)))
    return found


class Weighed:
    """What a page says of the polls of its question that are over."""

    weighings: list[Weighing]

    @property
    def chosen(self) -> Weighing | None:
        """The one that counts."""
        return next((weighing for weighing in self.weighings if weighing.poll.is_chosen), None)

    @property
    def has_several(self) -> bool:
        return len(self.weighings) > 1


def running_polls(workshop: Workshop) -> PollQuerySet:
    """The one that runs, on whichever of its walls."""
    return Poll.objects.open().filter(guiding_question__workshop=workshop).select_related("guiding_question")


@dataclass(frozen=True)
class PollPage(Weighed):
    """Points on one wall for its moderators: what runs, and the results of what is over, the last one first.

    `elsewhere` is the poll that runs on another wall of the workshop: none begins here before it has ended.
    """

    question: GuidingQuestion
    poll: Poll | None
    elsewhere: Poll | None
    columns: list[Cluster]
    weighings: list[Weighing]

    @property
    def reaches_all(self) -> bool:
        """Whether everybody could set a point on each column, which would weigh nothing."""
        return self.poll is not None and not self.poll.may_accumulate and self.poll.points_each >= len(self.columns)

    @property
    def is_for_needs(self) -> bool:
        return self.question.purpose == QuestionPurpose.NEED


def poll_page(question: GuidingQuestion) -> PollPage:
    running = running_polls(question.workshop).with_voters().first()
    is_here = running is not None and running.guiding_question == question
    poll, elsewhere = (running, None) if is_here else (None, running)
    weighings = weighings_of(question.polls.all())[question.pk]
    return PollPage(question, poll, elsewhere, columns_of(poll) if poll else [], weighings[::-1])


def poll_named(number: str, polls: PollQuerySet) -> Poll | None:
    """The one to which a sheet belongs, as its page had written it; None for anything else."""
    key = row_key(number)
    return polls.select_related("guiding_question").filter(pk=key).first() if key else None


def columns_of(poll: Poll) -> list[Cluster]:
    return list(Cluster.objects.filter(dots__poll=poll).order_by("position", "pk"))
