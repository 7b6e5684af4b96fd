"""The dashboard of forty cohorts with two hundred registrations each, against that of one. Run by name:

pytest tests/benchmarks/bench_dashboard.py -s
"""

import datetime
import time

import pytest
from django.urls import reverse
from django.utils import timezone

from curriculum.models import Cohort
from netzkoord import roles
from participants.models import Registration, Selection, Tandem
from tests import factories

COHORTS, TANDEMS = 40, 100
ROUNDS = 5


def fill(count):
    """Cohorts of one edition, with three sessions; a hundred complete tandems each, eleven of them accepted."""
    first = factories.SessionFactory()
    municipality = factories.MunicipalityFactory()
    edition = first.cohort.edition
    modules = [first.module, *(factories.ModuleFactory(edition=edition) for _ in range(2))]
    today = timezone.localdate()
    for _ in range(count - Cohort.objects.filter(tandems__isnull=False).distinct().count()):
        cohort = factories.CohortFactory(edition=edition)
        for number, module in enumerate(modules):
            factories.SessionFactory(
                cohort=cohort, module=module, days=[today + datetime.timedelta(days=number - 1)]
            )
        tandems = Tandem.objects.bulk_create(
            Tandem(
                cohort=cohort,
                municipality=municipality,
                selection=Selection.ACCEPTED if number < 11 else Selection.WAITING,
            )
            for number in range(TANDEMS)
        )
        people = [factories.UserFactory.build() for _ in range(2 * TANDEMS)]
        type(people[0]).objects.bulk_create(people)
        Registration.objects.bulk_create(
            Registration(
                cohort=cohort,
                tandem=tandems[number // 2],
                role=("MANAGER", "COORDINATOR")[number % 2],
                person=person,
                email=person.email,
                family_name=person.family_name,
                organisation="Stadt",
                confirmed_at=timezone.now(),
            )
            for number, person in enumerate(people)
        )


@pytest.mark.django_db
def test_dashboard(client):
    client.force_login(factories.staff(roles.ORGANISATION))
    print()
    for count in (1, COHORTS):
        fill(count)
        assert client.get(reverse("start")).status_code == 200
        began = time.process_time()
        for _ in range(ROUNDS):
            client.get(reverse("start"))
        milliseconds = (time.process_time() - began) / ROUNDS * 1000
        print(f"{count} cohorts, {Registration.objects.count()} registrations: {milliseconds:.0f} ms")
