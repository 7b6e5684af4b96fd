import datetime

import pytest
from django.utils import timezone

from evaluation.queries.needs import proposed_last_day
from tests import factories


@pytest.mark.parametrize(
    ("days_to_session", "proposed"),
    [(60, 14), (10, 7), (2, 14)],
)
@pytest.mark.django_db
def test_proposed_last_day_leaves_time_to_read(days_to_session, proposed):
    today = timezone.localdate()
    session = factories.SessionFactory(days=[today + datetime.timedelta(days=days_to_session)])

    assert proposed_last_day(session.cohort) == today + datetime.timedelta(days=proposed)
