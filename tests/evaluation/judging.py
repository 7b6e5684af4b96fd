"""A cohort whose needs are judged in its survey at the end, for tests."""

from evaluation.actions.inviting import invite
from evaluation.models import Invitation, Purpose, Question, QuestionKind, Survey
from evaluation.said import Said
from participants.models import Registration
from tests import factories
from tests.evaluation import counted, forms, scenes, themes

TITLES = ("Rolle und Mandat", "Konflikte zwischen Trägern", "Wirkung zeigen")


def asking(**coverage):
    """A released questionnaire for the end: the needs, a scale and a text."""
    questionnaire = forms.draft(title="Zum Abschluss", purpose=Purpose.END, sections=["Bedarfe", "Sonst"])
    forms.ask(
        questionnaire, "War das gedeckt?", kind=QuestionKind.COVERAGE, low_label="", high_label="", **coverage
    )
    forms.ask(questionnaire, "Ich gehe gern hin.", section=2)
    forms.ask(questionnaire, "Und sonst?", section=2, kind=QuestionKind.TEXT)
    return forms.release(questionnaire)


def cohort_with_needs(people=6, titles=TITLES):
    """So many accepted people; the first need is the heaviest."""
    cohort = factories.CohortFactory()
    for _ in range(people):
        factories.RegistrationFactory(tandem__cohort=cohort, tandem__selection="ACCEPTED")
    for weight, title in enumerate(reversed(titles), start=1):
        themes.need(cohort, title, weight=weight)
    return cohort


def planned_survey(cohort, questionnaire=None):
    """Open since yesterday, and nobody was invited yet."""
    survey = scenes.open_end_survey(cohort, questionnaire or asking())
    Invitation.objects.bulk_create(
        Invitation(survey=survey, registration=person)
        for person in Registration.objects.accepted().filter(cohort=cohort).order_by("pk")
    )
    return Survey.objects.get(pk=survey.pk)


def open_survey(people=6, titles=TITLES, **coverage):
    """Everybody is invited, and the needs are fixed."""
    survey = planned_survey(cohort_with_needs(people, titles), asking(**coverage))
    invite(survey)
    return Survey.objects.get(pk=survey.pk)


def question_of(survey):
    return Question.objects.get(section__questionnaire=survey.questionnaire, kind=QuestionKind.COVERAGE)


def judge(survey, *sheets):
    """One ballot for each: what somebody says of each need in the order in which it is asked; None says nothing."""
    invitations = survey.invitations.filter(participation__isnull=True).order_by("pk")
    for invitation, values in zip(invitations, sheets, strict=False):
        scenes.submit(invitation=invitation, answers=said(survey, values), receipt=scenes.receipt_of(invitation))


def said(survey, values):
    question, scale = question_of(survey), scenes.question(survey, QuestionKind.AGREEMENT)
    needs = survey.judged_needs.all()
    judged = {
        (question.pk, need.need_id): Said(value)
        for need, value in zip(needs, values, strict=True)
        if value is not None
    }
    return {(scale.pk, None): Said(4), **judged}


def judged_survey(*sheets, **fields):
    """Closed and counted, with these ballots."""
    survey = open_survey(people=len(sheets), **fields)
    judge(survey, *sheets)
    return counted.counted(survey)


def rows(survey):
    """What is kept of each need: people, fully, partly, uncovered."""
    return list(survey.judged_needs.values_list("people", "fully", "partly", "uncovered"))
