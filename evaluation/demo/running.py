"""A cohort of the demo that has just begun: its first session is over, and the feedback on it is open."""

import datetime
import random
from itertools import count

from django.utils import timezone

from curriculum.demo.agendas import fill_agendas
from curriculum.demo.programme import MONDAY, fill_sessions, next_pair
from curriculum.models import Cohort, Session
from evaluation.actions.rules import write_rules
from evaluation.actions.surveys import create_survey
from evaluation.demo.feedback import hand_in, invite_attendants
from evaluation.demo.needs import fill_needs
from evaluation.models import Purpose
from evaluation.queries.timetable import plan_of
from participants.actions.places import recount
from participants.demo.attendance import PRESENT, day_entries
from participants.demo.cohorts import store, store_decisions
from participants.demo.crowd import Crowd
from participants.models import Attendance, Selection
from participants.queries.attendance import attendance_of

TANDEMS = 9
# So many have not answered yet.
WAITING = 3
BEGAN = datetime.timedelta(days=11)
CLOSED_BEFORE = datetime.timedelta(days=40)
MAKES_UP_UNTIL = datetime.timedelta(weeks=28)
ANNOUNCED_BEFORE = datetime.timedelta(days=90)
# Behind those of the open cohort, so that nobody is the same person.
FIRST_NUMBER = 600
AT_LEAST = datetime.timedelta(days=3)


def fill_running(past: Cohort) -> Cohort:
    """With the modules, the place and the trainers of a past cohort."""
    first_on = next_pair(timezone.localdate() - BEGAN, weekday=MONDAY)
    while first_on + datetime.timedelta(days=2) > timezone.localdate():
        first_on = next_pair(first_on - datetime.timedelta(days=14), weekday=MONDAY)
    cohort = Cohort.objects.create(
        edition=past.edition,
        title=f"Durchgang Nord {first_on.year}",
        places=2 * TANDEMS,
        registration_closes_on=first_on - CLOSED_BEFORE,
        make_up_until=first_on + MAKES_UP_UNTIL,
        contact_email=past.contact_email,
        announced_at=timezone.now() - ANNOUNCED_BEFORE,
    )
    sessions = list(past.sessions.with_dates().select_related("module", "venue").prefetch_related("trainers"))
    weeks = {session.module.code: 6 * number for number, session in enumerate(sessions)}
    fill_sessions(
        cohort,
        {
            code: next_pair(first_on + datetime.timedelta(weeks=number), weekday=MONDAY)
            for code, number in weeks.items()
        },
        {session.module.code: session.venue for session in sessions if session.venue},
        {session.module.code: list(session.trainers.all()) for session in sessions},
    )
    fill_agendas([cohort])
    fill_people(cohort)
    fill_needs(cohort)
    fill_open_feedback(cohort.sessions.with_dates().select_related("cohort", "module")[0])
    return cohort


def fill_people(cohort: Cohort) -> None:
    """Accepted tandems, and their attendance on the days that are over."""
    crowd = Crowd(cohort)
    crowd.numbers = count(FIRST_NUMBER)
    crowd.now -= CLOSED_BEFORE + BEGAN
    for _ in range(TANDEMS):
        crowd.complete(selection=Selection.ACCEPTED)
    store(crowd.tandems, crowd.halves, known=[])
    store_decisions(crowd.tandems, crowd.now)
    recount(cohort)
    Attendance.objects.bulk_create(
        entry
        for record in attendance_of(cohort)
        for day in record.days
        if day.day.date < timezone.localdate()
        for entry in day_entries(record.registration.pk, day, (PRESENT, PRESENT))
    )


def fill_open_feedback(session: Session) -> None:
    """By its rule, or a few days longer where holidays lie between; all but a few have answered."""
    plan = plan_of(write_rules(session.cohort)[Purpose.FEEDBACK], session)
    if plan is None:
        raise ValueError(f"{session} has no days")
    closes_at = max(plan.closes_at, timezone.now() + AT_LEAST)
    survey = create_survey(
        session.cohort,
        Purpose.FEEDBACK,
        session=session,
        opens_at=plan.opens_at,
        closes_at=closes_at,
        follows_rule=closes_at == plan.closes_at,
    )
    invitations = invite_attendants(survey)
    chance = random.Random(2019)  # noqa: S311 -- the same invented answers in every demo
    hand_in(survey, invitations[:-WAITING], chance)
