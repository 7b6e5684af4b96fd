"""What people read of cancelled dates on their own page."""

import datetime
import re

import pytest
from django.utils import timezone

from curriculum.models import Session, SessionDay
from participants.models import Registration
from participants.tokens import status_token
from tests import factories
from tests.schedule.steps import (
    AFTER_THE_CHANGE,
)


def own_page(client, session):
    client.logout()
    half = Registration.objects.filter(cohort=session.cohort).first()
    return client.get(f"/anmeldung/{status_token(half)}/").content.decode()


def test_a_cancelled_session_stays_on_the_own_page_with_the_reason(client, signed_in, session):
    Session.objects.update(online_url="https://treffen.example/1")
    assert "https://treffen.example/1" in own_page(client, session)
    Session.objects.update(cancelled_at=timezone.now(), cancellation_reason="Das Haus ist zu.\nWasserschaden.")

    page = own_page(client, session)

    assert re.search(r"</svg>\s+abgesagt</span>", page)
    assert "Mo, 22.\u00a0März 2027" in page
    assert "Grund: Das Haus ist zu.<br>Wasserschaden." in page
    assert "termine.ics" in page
    assert "https://treffen.example/1" not in page


def test_what_is_cancelled_neither_begins_nor_ends_the_course(client, session):
    """Its people may still withdraw, and are not told that all is over."""
    SessionDay.objects.filter(session=session).delete()
    factories.SessionDayFactory(session=session, date=timezone.localdate() - datetime.timedelta(days=1))
    Session.objects.update(cancelled_at=timezone.now() - datetime.timedelta(days=3))

    page = own_page(client, session)

    assert "Anmeldung zurückziehen" in page
    assert "Der Durchgang ist abgeschlossen." not in page


@pytest.mark.parametrize("count", [1, 3])
def test_registration_status_query_count(client, session, count, django_assert_num_queries):
    for number in range(count):
        factories.SessionFactory(cohort=session.cohort, days=[AFTER_THE_CHANGE + datetime.timedelta(days=number)])
    token = status_token(Registration.objects.first())

    with django_assert_num_queries(9):
        page = client.get(f"/anmeldung/{token}/").content.decode()

    assert page.count('<span class="hours">') == count + 2
