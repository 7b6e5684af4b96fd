"""The surveys of a cohort on the organiser's start page: who has answered by now, and which ones lag."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from evaluation.actions.surveys import create_survey
from evaluation.models import Participation, Purpose
from netzkoord import overview
from netzkoord.overview.strips import Figure
from tests import factories
from tests.evaluation import scenes

DAY = datetime.timedelta(days=1)
LABELS = {
    Purpose.NEEDS: "Bedarfe beantwortet",
    Purpose.START: "Antworten zu Beginn",
    Purpose.END: "Antworten zum Abschluss",
    Purpose.TRANSFER: "Antworten zum Transfer",
}


def asked(purpose, *, answers, people=4, opened=8, still=6, cohort=None):
    """A survey that opened so many days ago and stays open as many more, with so many answers."""
    cohort = cohort or factories.CohortFactory()
    session = factories.SessionFactory(cohort=cohort) if purpose == Purpose.FEEDBACK else None
    now = timezone.now()
    survey = create_survey(
        cohort, purpose, session=session, opens_at=now - opened * DAY, closes_at=now + still * DAY
    )
    for number in range(people):
        registration = factories.RegistrationFactory(tandem__cohort=cohort, accepted=True)
        invitation = survey.invitations.create(registration=registration)
        if number < answers:
            Participation.objects.create(invitation=invitation)
    return survey


def answers_of(cohort):
    return [figure for figure in overview.strip_of(cohort).counts if figure.label in LABELS.values()]


def lagging(cohort):
    return [due.text for due in overview.strip_of(cohort).due if "geantwortet" in due.text]


@pytest.mark.django_db
@pytest.mark.parametrize("purpose", LABELS)
def test_strip_counts_the_answers_of_every_survey_of_the_cohort(purpose):
    survey = asked(purpose, answers=3)

    assert answers_of(survey.cohort) == [Figure(LABELS[purpose], 3, 4)]


@pytest.mark.django_db
def test_strip_counts_the_feedback_that_is_open():
    survey = asked(Purpose.FEEDBACK, answers=3)
    label = f"Rückmeldungen zu {survey.session.module.code}"
    open_now = overview.strip_of(survey.cohort).counts
    scenes.end(survey)

    assert Figure(label, 3, 4) in open_now
    assert label not in [figure.label for figure in overview.strip_of(survey.cohort).counts]


@pytest.mark.django_db
def test_strip_does_not_count_what_has_not_opened():
    survey = asked(Purpose.TRANSFER, answers=0, opened=-1)

    assert answers_of(survey.cohort) == []


@pytest.mark.django_db
def test_strip_names_no_total_that_answers_on_paper_exceed():
    survey = asked(Purpose.END, answers=1, people=1)
    scenes.type_in(survey, [1, 2], by=scenes.author())

    assert answers_of(survey.cohort) == [Figure(LABELS[Purpose.END], 3)]


@pytest.mark.django_db
@pytest.mark.parametrize("purpose", Purpose)
def test_a_survey_that_lags_is_due_and_leads_to_the_tab(client, organiser, purpose):
    survey = asked(purpose, answers=1)
    client.force_login(organiser)

    page = client.get(reverse("start")).content.decode()

    name = f"Rückmeldung zu {survey.session.module.code}" if survey.session else purpose.label
    assert f"{name}: Bisher hat 1 von 4 Personen geantwortet; offen bis So, 8.\u00a0November 2026" in page
    assert reverse("evaluation:feedback_list", args=[survey.cohort_id]) in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answers", "people", "opened", "is_lagging"),
    [
        (4, 9, 8, True),
        (4, 7, 8, True),  # a majority, but fewer than can be counted
        (5, 9, 8, False),
        (4, 4, 8, False),  # nobody is left to be asked
        (0, 9, 5, False),  # not half of the time is over
    ],
)
def test_a_survey_lags_after_half_of_its_time_without_half_of_the_answers(answers, people, opened, is_lagging):
    survey = asked(Purpose.TRANSFER, answers=answers, people=people, opened=opened)

    assert bool(lagging(survey.cohort)) is is_lagging


@pytest.mark.django_db
def test_a_closed_survey_does_not_lag():
    survey = asked(Purpose.TRANSFER, answers=0)
    scenes.end(survey)

    assert lagging(survey.cohort) == []


@pytest.mark.django_db
def test_the_tab_says_what_to_do_about_a_survey_that_lags(client, organiser):
    survey = asked(Purpose.TRANSFER, answers=1)
    client.force_login(organiser)

    page = client.get(reverse("evaluation:feedback_list", args=[survey.cohort_id])).content.decode()

    assert "Erst wenige haben geantwortet: Sprechen Sie die Gruppe an" in page


@pytest.mark.parametrize("count", [1, 3])
def test_start_query_count_does_not_grow_with_surveys(client, organiser, django_assert_num_queries, count):
    for _ in range(count):
        cohort = factories.CohortFactory()
        for purpose in Purpose:
            asked(purpose, answers=count, people=8, cohort=cohort)
    client.force_login(organiser)

    with django_assert_num_queries(38):
        page = client.get(reverse("start")).content.decode()

    assert page.count("geantwortet; offen bis") == len(Purpose) * count
    assert page.count("Antworten zum Transfer") == count
