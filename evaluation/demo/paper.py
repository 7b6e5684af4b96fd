"""Answers on paper of the demo, and the trial run of the year before, whose feedback was all on paper."""

import datetime
import random
from collections.abc import Sequence

from django.utils import timezone

from curriculum.models import Cohort, Session, SessionDay
from evaluation import ballots
from evaluation.ballots import Ballot
from evaluation.models import Envelope, PaperSheet, PaperState, QuestionKind, Survey
from evaluation.said import Answers, Key, Said

A_YEAR = datetime.timedelta(weeks=52)
SHEETS = range(13, 17)
LESS_AGREEMENT = 0.35
WORSE_GRADE = 0.3


def put_in_sheets(survey: Survey, sheets: Sequence[Answers]) -> None:
    """As if each had been typed in twice."""
    PaperSheet.objects.bulk_create(
        PaperSheet(survey=survey, number=number, state=PaperState.DONE) for number in range(1, len(sheets) + 1)
    )
    Envelope.objects.bulk_create(
        Envelope(survey=survey, sealed=ballots.seal(survey, Ballot(answers))) for answers in sheets
    )


def trial_run(cohort: Cohort) -> Cohort:
    """The same sessions a year earlier; nobody registered with this software then."""
    first_on = cohort.sessions.earliest("days__date").days.earliest("date").date - A_YEAR
    trial = Cohort.objects.create(
        edition=cohort.edition,
        title=f"Erprobung {first_on.year}/{(first_on.year + 1) % 100:02}",
        places=20,
        contact_email=cohort.contact_email,
        registration_closes_on=first_on - datetime.timedelta(weeks=5),
        announced_at=timezone.make_aware(datetime.datetime.combine(first_on - A_YEAR / 4, datetime.time(9))),
    )
    sessions = list(cohort.sessions.prefetch_related("days", "trainers").order_by("pk"))
    for session in sessions:
        copy_session(session, trial, venue_id=sessions[0].venue_id)
    return trial


def copy_session(session: Session, trial: Cohort, *, venue_id: int | None) -> None:
    copy = Session.objects.create(
        cohort=trial, module_id=session.module_id, audience=session.audience, venue_id=venue_id
    )
    copy.trainers.set(session.trainers.all())
    SessionDay.objects.bulk_create(
        SessionDay(
            session=copy,
            date=day.date - A_YEAR,
            starts_at=day.starts_at,
            ends_at=day.ends_at,
            break_minutes=day.break_minutes,
        )
        for day in session.days.all()
    )


def a_little_worse(answers: Answers, kinds: dict[int, str], chance: random.Random) -> dict[Key, Said]:
    """What was said before the programme was improved."""
    return {key: worse(said, kinds[key[0]], chance) for key, said in answers.items()}


def worse(said: Said, kind: str, chance: random.Random) -> Said:
    if kind == QuestionKind.AGREEMENT and (said.number or 0) > 1 and chance.random() < LESS_AGREEMENT:
        return Said((said.number or 0) - 1)
    if kind == QuestionKind.GRADE and 0 < (said.number or 0) < 6 and chance.random() < WORSE_GRADE:
        return Said((said.number or 0) + 1)
    return said
