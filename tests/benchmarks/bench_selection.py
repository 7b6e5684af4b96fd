"""Ranking 5,000 registrations, and the desk of 300 tandems, in milliseconds of processor time. Run by name:

pytest tests/benchmarks/bench_selection.py -s
"""

import datetime
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from curriculum.actions.selection_rule import store_rule
from curriculum.models import Audience, Criterion, RuleMethod, TieBreak
from curriculum.rules import Rule, Weighted
from netzkoord.models import User
from participants.actions.selection_desk import decide_selection
from participants.models import FieldOfAction, OrganisationType, Registration, SelectionDraft, Tandem
from participants.proposal import Line, propose
from participants.queries.selection_desk import desk_of
from participants.quotas import quota_groups
from participants.selection import Candidate, Group, Person, Trait, rank
from participants.selection_words import explanation
from tests import factories
from tests.benchmarks.bench_editions import measure

MORNING = datetime.datetime(2026, 10, 3, 7, 12, tzinfo=datetime.UTC)
REGISTRATIONS, TANDEMS = 5000, 300
RUNS = 5
ALL = tuple(Weighted(criterion, weight) for weight, criterion in enumerate(Criterion, start=1))
LIMIT_MS, PAGE_LIMIT_MS = 1000, 600


def candidate(number):
    town, land, field = number * 7 % 900, number % 16, number % 9
    return Candidate(
        keys=(number,),
        arrived_at=MORNING + datetime.timedelta(minutes=number),
        group=Group(number % 3),
        people=(Person("MANAGER", "PUBLIC", Trait(str(field), f"Feld {field}")), Person("COORDINATOR", "CIVIC")),
        municipalities=(Trait(str(town), f"Stadt {town}"),),
        states=(Trait(str(land), f"Land {land}"),),
        was_declined=number % 10 == 0,
    )


def fastest(call):
    durations = []
    for _ in range(RUNS):
        start = time.process_time()
        call()
        durations.append((time.process_time() - start) * 1000)
    return min(durations)


def test_five_thousand_registrations():
    candidates = [candidate(number) for number in range(REGISTRATIONS)]
    rules = {
        "arrival alone": Rule(),
        "five criteria in order": Rule(criteria=ALL),
        "five criteria by weight, lot": Rule(RuleMethod.WEIGHT, ALL, TieBreak.LOT, seed="abc"),
    }

    print()
    durations = []
    for name, rule in rules.items():
        durations.append(fastest(lambda rule=rule: rank(candidates, rule)))
        print(f"rank, {name}: {durations[-1]:.0f} ms")
    rule = rules["five criteria in order"]
    rows = rank(candidates, rule)
    line = Line(waiting=500, declines_rest=True)
    durations.append(fastest(lambda: propose(rows, line, overrides={}, free_places=999)))
    print(f"propose: {durations[-1]:.0f} ms")
    outcomes = propose(rows, line, overrides={}, free_places=999).outcomes
    durations.append(fastest(lambda: quota_groups(outcomes, places=999, taken=0, room=1)))
    print(f"quotas: {durations[-1]:.0f} ms")
    print(f"explain: {fastest(lambda: [explanation(row, rule) for row in rows]):.0f} ms")

    assert max(durations) < LIMIT_MS


@pytest.fixture
def cohort(db):
    """300 complete tandems from 90 towns for 480 places."""
    cohort = factories.CohortFactory(places=480)
    store_rule(cohort, Rule(criteria=ALL))
    factories.SessionFactory(cohort=cohort)
    towns = factories.MunicipalityFactory.create_batch(90)
    tandems = Tandem.objects.bulk_create(
        Tandem(cohort=cohort, municipality=towns[number % 90], created_at=MORNING) for number in range(TANDEMS)
    )
    people = User.objects.bulk_create(factories.UserFactory.build_batch(2 * TANDEMS))
    kinds, fields = list(OrganisationType), list(FieldOfAction)
    Registration.objects.bulk_create(
        Registration(
            cohort=cohort,
            tandem=tandems[number // 2],
            person=person,
            role=list(Audience)[number % 2],
            email=person.email,
            given_names=person.given_names,
            family_name=person.family_name,
            organisation="Stadt",
            organisation_type=kinds[number % len(kinds)],
            field_of_action=fields[number % len(fields)],
            confirmed_at=timezone.now(),
        )
        for number, person in enumerate(people)
    )
    SelectionDraft.objects.create(cohort=cohort, waiting_count=30, rest="DECLINED")
    return cohort


def test_desk_of_three_hundred_tandems(client, organiser, cohort):
    client.force_login(organiser)
    desk, check = (
        reverse(f"participants:{name}", args=[cohort.pk]) for name in ("selection_desk", "selection_check")
    )

    print()
    durations = [measure(client, "desk", desk), measure(client, "preview of the mails", check)]
    for address in (desk, check):
        print(f"{address}: {len(client.get(address).content) // 1024} KiB")
    shown = [change.shown for change in desk_of(cohort).changes]
    start = time.process_time()
    with CaptureQueriesContext(connection) as queries:
        changes = decide_selection(cohort=cohort, shown=shown, by=organiser)
    seconds = time.process_time() - start
    print(f"decide {len(changes)} tandems with their mails: {seconds:.1f} s, {len(queries)} queries")

    assert max(durations) < PAGE_LIMIT_MS
