"""The organiser's list with 5,000 registrations, in milliseconds of processor time and queries. Run by name:

pytest tests/benchmarks/bench_list.py -s
"""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from curriculum.models import Audience
from netzkoord.lib.states import State
from netzkoord.models import User
from participants.imports.registration_table import read
from participants.imports.registrations import try_out
from participants.models import FieldOfAction, Municipality, OrganisationType, Registration, Selection, Tandem
from tests import factories
from tests.benchmarks.bench_editions import measure, median_ms

TANDEMS, PAIRS = 2_700, 2_300
TOWNS = 400
LIMIT_MS = 300
GIVEN = ["Jürgen", "Sandra", "Ayşe", "Łukasz", "Heide-Marie", "Friederike", "Konrad", "Çiğdem"]
FAMILY = ["Müller", "Köhler", "Özdemir-Voß", "Häfner", "Wójcik", "Weiß", "Schäfer", "Yıldırım", "Großkopf"]


@pytest.fixture
def cohort(db):
    cohort = factories.CohortFactory(places=24)
    states = list(State)
    towns = Municipality.objects.bulk_create(
        Municipality(ags=f"{states[n % 16].value}{n:06d}", state=states[n % 16].value, name=f"Ört {n}")
        for n in range(TOWNS)
    )
    now = timezone.now()
    tandems = Tandem.objects.bulk_create(
        Tandem(
            cohort=cohort,
            municipality=towns[n % TOWNS],
            created_at=now - datetime.timedelta(minutes=n),
            selection=Selection.WAITING if n % 9 == 0 else Selection.OPEN,
        )
        for n in range(TANDEMS)
    )
    people = User.objects.bulk_create(
        User(email=f"person{n}@stadt.example", family_name="Name") for n in range(TANDEMS + PAIRS)
    )
    Registration.objects.bulk_create(halves(cohort, tandems, people))
    return cohort


def halves(cohort, tandems, people):
    kinds, fields = list(OrganisationType), list(FieldOfAction)
    for n, person in enumerate(people):
        yield Registration(
            cohort=cohort,
            tandem=tandems[n % TANDEMS],
            role=list(Audience)[n // TANDEMS],
            person=person,
            email=person.email,
            given_names=f"{GIVEN[n % 8]} {n // 72}",
            family_name=FAMILY[n % 9],
            organisation="Stadtverwaltung, Fachbereich Soziales",
            organisation_type=kinds[n % 8],
            field_of_action=fields[n % 9],
            confirmed_at=timezone.now(),
        )


def test_list_with_5000_registrations(client, organiser, cohort):
    client.force_login(organiser)
    address = reverse("participants:tandem_list", args=[cohort.pk])
    queries = ["", "?order=manager", "?text=muller", "?text=mueller+ort&state=COMPLETE", "?seite=40&order=-created"]

    print()
    durations = [measure(client, f"list {query}", address + query) for query in queries]
    measure(client, "duplicates", reverse("participants:duplicate_list", args=[cohort.pk]))
    measure(client, "table (CSV)", reverse("participants:tandem_export", args=[cohort.pk]))
    measure(client, "table (XLSX)", reverse("participants:tandem_workbook", args=[cohort.pk]))

    assert max(durations) < LIMIT_MS


def test_trial_of_2000_rows(client, organiser, cohort):
    client.force_login(organiser)
    content = client.get(reverse("participants:tandem_workbook", args=[cohort.pk])).content
    other = factories.CohortFactory()

    print()
    rows = read_first(content, 2_000)
    print(f"trial of {len(rows)} rows {median_ms(lambda: try_out(rows, other)):.0f} ms")


def read_first(content, count):
    """As many rows as a file may have, out of a longer one."""
    import participants.imports.registration_table as module

    limit, module.MAX_ROWS = module.MAX_ROWS, 10_000
    try:
        return read(content).rows[:count]
    finally:
        module.MAX_ROWS = limit
