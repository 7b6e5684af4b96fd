"""Card walls of the demo: what hangs under a question, and points on its columns."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any

from django.utils import timezone

from curriculum.models import Cohort
from evaluation.actions.hanging import hang_cards
from evaluation.actions.polls import close_poll, open_poll, set_points
from evaluation.actions.walls import move_cards
from evaluation.models import (
    Card,
    CardSource,
    Cluster,
    GuidingQuestion,
    Poll,
    QuestionPurpose,
    Round,
    Workshop,
)
from evaluation.queries.walls import survey_statements
from netzkoord.models import User

# When points have been set in the demo, local time.
WEIGHED = time(11, 40)

# Purpose, question, and the cards of each column.
Asked = tuple[QuestionPurpose, str, Mapping[str, Sequence[str]]]


def workshop_in(cohort: Cohort, *, module: str, people: int, **fields: Any) -> tuple[Workshop, Round]:
    """A workshop on the first day of a session, if no other day is said, with one round."""
    session = cohort.sessions.select_related("venue").get(module__code=module)
    workshop = Workshop.objects.create(
        event=str(cohort),
        place=session.city,
        session=session,
        **({"held_on": session.days.earliest("date").date} | fields),
    )
    return workshop, workshop.rounds.create(position=1, people_present=people)


def put_questions(workshop: Workshop, in_round: Round, questions: Sequence[Asked]) -> list[GuidingQuestion]:
    asked = [
        GuidingQuestion.objects.create(workshop=workshop, position=position, purpose=purpose, text=text)
        for position, (purpose, text, _) in enumerate(questions, start=1)
    ]
    for question, (_, _, columns) in zip(asked, questions, strict=True):
        hang_columns(question, in_round, columns)
    return asked


def hang_columns(question: GuidingQuestion, in_round: Round, columns: Mapping[str, Sequence[str]]) -> None:
    """Columns of cards as they were written on phones, in this order."""
    for place, (title, texts) in enumerate(columns.items(), start=1):
        cluster = question.clusters.create(position=place, title=title)
        Card.objects.bulk_create(
            Card(
                guiding_question=question,
                round=in_round,
                cluster=cluster,
                position=position,
                text=text,
                source=CardSource.PHONE,
            )
            for position, text in enumerate(texts, start=1)
        )


def hang_survey_words(question: GuidingQuestion, in_round: Round, columns: Mapping[str, str], *, by: User) -> None:
    """Words of the needs survey, each into its column; what nobody happened to write is missing."""
    said = {each.key: each.text for each in survey_statements(question) if each.text in columns}
    hang_cards(question=question, in_round=in_round, texts=said, source=CardSource.SURVEY)
    for text in said.values():
        move_cards(
            question=question, cards=[card_of(question, text).pk], column=column_of(question, columns[text]), by=by
        )


def weigh(question: GuidingQuestion, *, people: int, points: Mapping[str, int]) -> Poll:
    """A poll of that day that is over: so many people have set all their points, which add up to `points`."""
    workshop = question.workshop
    poll = open_poll(question=question, people=people, may_accumulate=False, in_round=workshop.rounds.get())
    columns = [column_of(question, title).pk for title, number in points.items() for _ in range(number)]
    for person in range(people):
        # Every so-and-so many-th point, so that nobody sets two on one column.
        set_points(poll=poll, points=dict.fromkeys(columns[person::people], 1), key=f"demo-{person}")
    close_poll(poll=poll)
    Poll.objects.filter(pk=poll.pk).update(
        ended_at=timezone.make_aware(datetime.combine(workshop.held_on, WEIGHED))
    )
    return poll


def column_of(question: GuidingQuestion, title: str) -> Cluster:
    return question.clusters.get(title=title, is_dropped=False)


def card_of(question: GuidingQuestion, text: str) -> Card:
    return question.cards.get(text=text)
