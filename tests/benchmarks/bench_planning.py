"""The plan of a cohort with 60 sessions, in milliseconds of processor time and queries. Run by name:

pytest tests/benchmarks/bench_planning.py -s
"""

import datetime

import pytest
from django.urls import reverse

from netzkoord import roles
from tests import factories
from tests.benchmarks.bench_editions import measure
from tests.benchmarks.large_edition import large_edition

FIRST_ON = datetime.date(2027, 1, 11)
DAY, WEEK = datetime.timedelta(days=1), datetime.timedelta(weeks=1)
TRAINERS, VENUES = 12, 8
LIMIT_MS = 200


@pytest.fixture
def edition(db):
    return factories.publish(large_edition())


@pytest.fixture
def trainers(db):
    return [factories.staff(roles.TRAINER, email=f"training{n}@stadt.example") for n in range(TRAINERS)]


def planned_cohort(edition, trainers, venues):
    """A session of two days for each module, a week apart, each with two trainers."""
    cohort = factories.CohortFactory(edition=edition, announced_at=None)
    for place, module in enumerate(edition.modules.all()):
        monday = FIRST_ON + WEEK * place
        factories.SessionFactory(
            cohort=cohort,
            module=module,
            venue=venues[place % VENUES],
            days=[monday, monday + DAY],
            trainers=[trainers[place % TRAINERS], trainers[(place + 1) % TRAINERS]],
        )
    return cohort


def test_plan_of_sixty_sessions(client, organiser, edition, trainers):
    venues = factories.VenueFactory.create_batch(VENUES, state="03")
    cohort = planned_cohort(edition, trainers, venues)
    undated = factories.CohortFactory(edition=edition, announced_at=None)
    client.force_login(organiser)
    plan, start = (reverse("curriculum:plan_edit", args=[one.pk]) for one in (cohort, undated))

    print()
    durations = [
        measure(client, "plan as it is stored", plan),
        measure(client, "first proposal", f"{start}?first_on=2029-01-08&venue={venues[0].pk}"),
    ]
    planned_cohort(edition, trainers, venues)
    durations.append(measure(client, "three clashes at every session", plan))

    assert max(durations) < LIMIT_MS
