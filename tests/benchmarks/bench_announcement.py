"""The pages of a cohort with sixty sessions, in milliseconds of processor time and queries. Run by name:

pytest tests/benchmarks/bench_announcement.py -s
"""

import datetime

import pytest

from curriculum.models import Cohort
from tests import factories
from tests.benchmarks.bench_editions import LIMIT_MS, measure
from tests.benchmarks.large_edition import large_edition

FIRST = datetime.date(2027, 1, 4)
WEEK = datetime.timedelta(weeks=1)


@pytest.fixture
def cohort(db):
    """A session a week for each module of the large edition; not announced yet."""
    cohort = factories.CohortFactory(edition=large_edition(), announced_at=None)
    for number, module in enumerate(cohort.edition.modules.all()):
        factories.SessionFactory(cohort=cohort, module=module, days=[FIRST + WEEK * number])
    return cohort


def test_pages_of_a_cohort_with_sixty_sessions(client, organiser, cohort):
    client.force_login(organiser)
    addresses = {name: f"/durchgaenge/{cohort.pk}/{name}/" for name in ("termine", "ausschreiben")}

    durations = [measure(client, name, address) for name, address in addresses.items()]
    Cohort.objects.update(announced_at="2026-11-01T08:00:00Z")
    durations.append(measure(client, "public announcement", f"/angebote/{cohort.pk}/"))

    assert max(durations) < LIMIT_MS
