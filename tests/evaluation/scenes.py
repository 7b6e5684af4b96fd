"""Feedback surveys for tests: a held session, people who attended it, their invitations."""

import base64
import datetime

from django.utils import timezone

from evaluation import ballots, drafts
from evaluation.actions.answering import save_draft, submit
from evaluation.actions.paper import enter_again, enter_sheet
from evaluation.actions.surveys import create_survey, start_feedback_survey, start_needs_survey
from evaluation.entries import Entry
from evaluation.models import Invitation, Purpose, QuestionKind, Survey
from evaluation.said import Said
from evaluation.tokens import answer_token
from participants.models import Presence, Selection
from tests import factories

DAY = datetime.timedelta(days=1)


def held_session(**fields):
    """A session that was held yesterday."""
    return factories.SessionFactory(days=[timezone.localdate() - DAY], **fields)


def attend(session, presence=Presence.PRESENT, **person):
    """One accepted person with this presence on every day of the session."""
    tandem = factories.TandemFactory(cohort=session.cohort, selection=Selection.ACCEPTED)
    registration = factories.RegistrationFactory(tandem=tandem, **person)
    for day in session.days.all():
        factories.attend(registration, day, presence)
    return registration


def open_survey(people=6, *, session=None, by=None):
    """An open survey of a session that so many people attended."""
    session = session or held_session()
    for _ in range(people):
        attend(session)
    now = timezone.now()
    return start_feedback_survey(session=session, opens_at=now - DAY, closes_at=now + 13 * DAY, by=by or author())


def author():
    return factories.UserFactory()


def hand_in(survey, contents):
    """One ballot for each content, by the invitations in the order of their keys."""
    invitations = survey.invitations.filter(participation__isnull=True).order_by("pk")
    for invitation, answers in zip(invitations, contents, strict=False):
        send(invitation, answers)


def send(invitation, values):
    """Send the whole form: question → number or text."""
    submit(invitation=invitation, answers=said(values), receipt=receipt_of(invitation))


def receipt_of(invitation):
    """A receipt that the test knows; the browser gets a random one."""
    letters = base64.b32encode(invitation.pk.to_bytes(ballots.RECEIPT_BYTES, "big")).decode()
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def said(values):
    """Question → number or text, as answers."""
    return {
        (question, None): Said(text=value) if isinstance(value, str) else Said(value)
        for question, value in values.items()
    }


def end(survey):
    """Let the time of the survey run out."""
    Survey.objects.filter(pk=survey.pk).update(closes_at=timezone.now() - datetime.timedelta(seconds=1))


def question(survey, kind):
    return next(question for question in survey.questionnaire.questions() if question.kind == kind)


def link_of(invitation: Invitation) -> str:
    return f"/erhebung/{answer_token(invitation)}/"


def field(survey, kind):
    """Name of the field of the first question of a kind."""
    return f"q{question(survey, kind).pk}"


def step_with(survey, kind):
    """Number of the step in which the first question of a kind is asked, when all are."""
    return question(survey, kind).section.position


def needs_survey(people=1):
    """An open needs survey of a cohort in which so many people are accepted."""
    cohort = factories.CohortFactory()
    for _ in range(people):
        factories.RegistrationFactory(tandem__cohort=cohort, tandem__selection=Selection.ACCEPTED)
    return start_needs_survey(cohort=cohort, closes_at=timezone.now() + 10 * DAY, by=author())


def seal(survey, values):
    return ballots.seal(survey, ballots.Ballot(said(values)))


def opened(survey):
    """What is in the envelopes: question → number or text."""
    return [
        {question: value.text or value.number for (question, _), value in ballot.answers.items()}
        for ballot in ballots.open_all(survey)
    ]


def save(invitation, answers):
    """Keep these answers as the draft of the first section."""
    questions = {question for question, _ in answers}
    section = invitation.survey.questionnaire.sections.first()
    save_draft(invitation=invitation, questions=questions, answers=answers, section=section.pk)


def send_draft(invitation):
    submit(invitation=invitation, answers=drafts.load(invitation).answers)


def open_end_survey(cohort, questionnaire=None):
    now = timezone.now()
    return create_survey(
        cohort, Purpose.END, opens_at=now - DAY, closes_at=now + 13 * DAY, questionnaire=questionnaire
    )


def entry(survey, value=5, page="b3b0a1de-0c4e-4a52-8c5a-6b1e7f6b0001"):
    """What was typed from a sheet of paper: one cross."""
    return Entry(said({question(survey, QuestionKind.AGREEMENT).pk: value}), page)


def type_in(survey, numbers, *, by, value=5):
    for number in numbers:
        enter_sheet(survey=survey, number=number, entry=entry(survey, value), by=by)


def type_in_again(survey, number, *, by, value=5):
    enter_again(survey=survey, number=number, entry=entry(survey, value), by=by)
