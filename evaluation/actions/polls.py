"""Points on the columns of a wall (Mehrpunktabfrage). A sheet of points that is sent again counts once."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from evaluation.actions.walls import lock, lock_question, turn
from evaluation.dots import points_each, problem_of
from evaluation.models import Cluster, Dot, GuidingQuestion, Poll, PollSheet, Round

OVER = "Die Punktabfrage ist beendet. Ihre Punkte wurden nicht mehr gezählt."
GONE = "Eine der Spalten gibt es nicht mehr. Laden Sie die Seite neu und setzen Sie Ihre Punkte noch einmal."
OTHER_RUNS = (
    "Zur Leitfrage „{question}“ läuft noch eine Punktabfrage. Beenden Sie erst diese: Telefone zeigen nur eine."
)
TOO_FEW_COLUMNS = "Punkte lassen sich erst setzen, wenn die Wand mindestens zwei Spalten hat."


class NotCounted(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """Points that were not counted; the message is one German sentence."""


@transaction.atomic
def open_poll(
    *, question: GuidingQuestion, people: int, may_accumulate: bool, in_round: Round | None = None
) -> Poll:
    """Every column of the wall can get points from now on; started twice, one runs.

    Raises `NotCounted`, and `NotPossible` when the question or the round is gone.
    """
    lock_question(question, in_round)
    if running := running_poll(question.workshop_id):
        if running.guiding_question != question:
            raise NotCounted(OTHER_RUNS.format(question=running.guiding_question))
        return running
    columns = list(Cluster.objects.filter(guiding_question=question, is_dropped=False))
    if len(columns) < 2:
        raise NotCounted(TOO_FEW_COLUMNS)
    poll = Poll.objects.create(
        guiding_question=question,
        round=in_round,
        people=people,
        points_each=points_each(len(columns), people),
        may_accumulate=may_accumulate,
    )
    Dot.objects.bulk_create(Dot(poll=poll, cluster=column, title=column.title) for column in columns)
    turn(question.workshop_id)
    return poll


def running_poll(workshop_pk: int) -> Poll | None:
    running = Poll.objects.open().filter(guiding_question__workshop=workshop_pk)
    return running.select_related("guiding_question").first()


@transaction.atomic
def set_points(*, poll: Poll, points: Mapping[int, int], key: str) -> bool:
    """Add the points of one person, by the primary key of the column; False when this key has set some before.

    Raises `NotCounted`.
    """
    lock(poll.guiding_question.workshop_id)
    poll.refresh_from_db(fields=["is_open"])
    if PollSheet.objects.filter(poll=poll, key=key).exists():
        return False
    if not poll.is_open:
        raise NotCounted(OVER)
    if problem := problem_of(points, allowed=poll.points_each, may_accumulate=poll.may_accumulate):
        raise NotCounted(problem)
    dots = {dot.cluster_id: dot for dot in poll.dots.all()}
    if not points.keys() <= dots.keys():
        raise NotCounted(GONE)
    PollSheet.objects.create(poll=poll, key=key)
    for column, number in points.items():
        Dot.objects.filter(poll=poll, cluster=column).update(points=F("points") + number)
    turn(poll.guiding_question.workshop_id)
    return True


@transaction.atomic
def close_poll(*, poll: Poll) -> bool:
    """Count no more, show what was set, and let it count; whether anybody has set points.

    A poll without any leaves the result before it as it is; one that is over already stays as it is.
    """
    lock(poll.guiding_question.workshop_id)
    ended = Poll.objects.open().filter(pk=poll.pk).update(is_open=False, ended_at=timezone.now())
    has_votes = poll.sheets.exists()
    if ended and has_votes:
        choose(poll)
    turn(poll.guiding_question.workshop_id)
    return has_votes


@transaction.atomic
def choose_poll(*, poll: Poll) -> None:
    """Let this result count instead of another of the same question; a poll that has none changes nothing."""
    lock(poll.guiding_question.workshop_id)
    if Poll.objects.ended().filter(pk=poll.pk).exists():
        choose(poll)
        turn(poll.guiding_question.workshop_id)


def choose(poll: Poll) -> None:
    Poll.objects.filter(guiding_question=poll.guiding_question, is_chosen=True).update(is_chosen=False)
    Poll.objects.filter(pk=poll.pk).update(is_chosen=True)


@transaction.atomic
def correct_people(*, poll: Poll, people: int) -> None:
    """How many are in the room after all; the points of each stay as they were announced."""
    lock(poll.guiding_question.workshop_id)
    Poll.objects.filter(pk=poll.pk).update(people=people)
    turn(poll.guiding_question.workshop_id)
