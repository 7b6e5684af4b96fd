"""A survey about the whole course that is started by hand while there are sessions to come."""

import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from evaluation.models import Purpose
from evaluation.rule_words import SLUGS
from participants.models import Selection
from tests import factories

DAY = datetime.timedelta(days=1)


def at(year, month, day):
    return time_machine.travel(
        datetime.datetime(year, month, day, 12, tzinfo=ZoneInfo("Europe/Berlin")), tick=False
    )


def add_url(cohort, purpose):
    return reverse("evaluation:survey_add", args=[cohort.pk, SLUGS[purpose]])


def shown(client, organiser, cohort, purpose):
    client.force_login(organiser)
    return client.get(add_url(cohort, purpose)).content.decode()


def local(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def cohort(db):
    """One session in March and one tandem with places."""
    cohort = factories.CohortFactory()
    factories.SessionFactory(cohort=cohort, days=[datetime.date(2030, 3, 18)])
    factories.complete_tandem(cohort=cohort, selection=Selection.ACCEPTED)
    return cohort


@pytest.mark.parametrize(
    ("purpose", "is_said"), [(Purpose.START, False), (Purpose.END, True), (Purpose.TRANSFER, True)]
)
def test_a_survey_about_the_whole_course_says_which_sessions_are_still_to_come(
    client, organiser, cohort, purpose, is_said
):
    factories.SessionFactory(cohort=cohort, days=[datetime.date(2030, 4, 18), datetime.date(2030, 4, 19)])

    with at(2030, 3, 19):
        page = shown(client, organiser, cohort, purpose)
    with at(2030, 4, 19):
        after = shown(client, organiser, cohort, purpose)

    assert ("Dem Durchgang steht noch 1 Termin bevor." in page) is is_said
    assert "noch 1 Termin" not in after


def test_the_invitation_to_the_final_survey_does_not_call_the_course_over(client, organiser, cohort):
    with at(2030, 3, 1):
        client.force_login(organiser)
        client.post(
            add_url(cohort, Purpose.END),
            {"opens_at": local(timezone.now()), "closes_at": local(timezone.now() + 9 * DAY)},
        )

    assert "geht zu Ende" not in Email.objects.latest("pk").message
