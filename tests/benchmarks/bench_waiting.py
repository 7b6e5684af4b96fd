"""A long waiting list, in processor time. Run by name:

pytest tests/benchmarks/bench_waiting.py -s
"""

import statistics
import time

import pytest
from django.urls import reverse

from curriculum.models import Audience, Cohort
from netzkoord import roles
from participants import tokens
from participants.actions.waiting import keep_waiting_lists
from participants.models import Offer, Registration, Selection, Tandem
from tests.factories import MunicipalityFactory, UserFactory, staff
from tests.participants.waiting import closed_cohort

ROUNDS = 7


def median_ms(call):
    durations = []
    for _ in range(ROUNDS):
        began = time.process_time()
        call()
        durations.append(time.process_time() - began)
    return round(statistics.median(durations) * 1000)


def fill(cohort, count):
    """So many complete tandems that wait."""
    town = MunicipalityFactory()
    tandems = Tandem.objects.bulk_create(
        Tandem(cohort=cohort, municipality=town, selection=Selection.WAITING) for _ in range(count)
    )
    people = iter(UserFactory.create_batch(2 * count))
    Registration.objects.bulk_create(
        Registration(
            cohort=cohort,
            tandem=tandem,
            role=role,
            person=(person := next(people)),
            email=person.email,
            given_names="A",
            family_name="B",
            organisation="C",
            confirmed_at=tandem.created_at,
        )
        for tandem in tandems
        for role in Audience
    )
    return tandems


@pytest.mark.parametrize("count", [100, 1000])
def test_a_long_waiting_list(client, db, count):
    cohort = closed_cohort(places=24, accepted=10)
    tandems = fill(cohort, count)
    began = time.process_time()
    assert keep_waiting_lists() == 2
    job = round((time.process_time() - began) * 1000)
    assert Offer.objects.count() == 2
    token = tokens.status_token(tandems[-1].registrations.first())
    own = median_ms(lambda: client.get(reverse("participants:registration_status", args=[token])))
    client.force_login(staff(roles.ORGANISATION))
    page = median_ms(lambda: client.get(reverse("participants:waiting_list_show", args=[cohort.pk])))
    idle = median_ms(keep_waiting_lists)

    print(
        f"\n{count} tandems wait: job {job} ms, idle job {idle} ms, own page {own} ms, organiser's page {page} ms"
    )
    assert Cohort.objects.get(pk=cohort.pk).places_taken == 24
