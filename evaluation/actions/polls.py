"""Points on the columns of a wall (Mehrpunktabfrage). A sheet of points that is sent again counts once."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F

from evaluation.actions.walls import lock, turn
from evaluation.dots import points_each, problem_of
from evaluation.models import Cluster, Dot, GuidingQuestion, Poll, PollSheet

OVER = "Die Punktabfrage ist beendet. Ihre Punkte wurden nicht mehr gezählt."
GONE = "Eine der Spalten gibt es nicht mehr. Laden Sie die Seite neu und setzen Sie Ihre Punkte noch einmal."
TOO_FEW_COLUMNS = "Punkte lassen sich erst setzen, wenn die Wand mindestens zwei Spalten hat."


class NotCounted(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """Points that were not counted; the message is one German sentence."""


@transaction.atomic
def open_poll(*, question: GuidingQuestion, people: int, may_accumulate: bool) -> Poll:
    """Every column of the wall can get points from now on; started twice, one runs. Raises `NotCounted`."""
    lock(question.workshop_id)
    if running := question.polls.open().first():
        return running
    columns = list(Cluster.objects.filter(guiding_question=question, is_dropped=False))
    if len(columns) < 2:
        raise NotCounted(TOO_FEW_COLUMNS)
    poll = Poll.objects.create(
        guiding_question=question,
        people=people,
        points_each=points_each(len(columns), people),
        may_accumulate=may_accumulate,
    )
    Dot.objects.bulk_create(Dot(poll=poll, cluster=column) for column in columns)
    turn(question.workshop_id)
    return poll


@transaction.atomic
def set_points(*, poll: Poll, points: Mapping[int, int], key: str) -> None:
    """Add the points of one person, by the primary key of the column; raises `NotCounted`."""
    lock(poll.guiding_question.workshop_id)
    poll.refresh_from_db(fields=["is_open"])
    if PollSheet.objects.filter(poll=poll, key=key).exists():
        return
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


@transaction.atomic
def close_poll(*, poll: Poll) -> None:
    """Count no more, and show what was set."""
    lock(poll.guiding_question.workshop_id)
    Poll.objects.filter(pk=poll.pk).update(is_open=False)
    turn(poll.guiding_question.workshop_id)
