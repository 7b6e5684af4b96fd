"""From the tables to candidates: who is bound together, who was refused before, in how many queries."""

import datetime

import pytest
from django.utils import timezone

from curriculum.models import Audience, Criterion, SelectionRule, TieBreak
from participants.models import Offer, OrganisationType, Registration, Selection
from participants.queries.selection import ranking_of
from participants.selection import Group
from tests.factories import CohortFactory, MunicipalityFactory, RegistrationFactory, TandemFactory, complete_tandem

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return CohortFactory(places=4)


@pytest.fixture
def earlier():
    return CohortFactory(registration_closes_on=datetime.date(2025, 5, 1))


def give_rule(cohort, *criteria, **fields):
    rule = SelectionRule.objects.create(cohort=cohort, **fields)
    for position, criterion in enumerate(criteria, start=1):
        rule.criteria.create(criterion=criterion, position=position)
    return rule


def sharing(cohort, other):
    """A tandem of one manager that shares the coordinator of the other."""
    coordinator = other.registrations.get(role=Audience.COORDINATOR)
    tandem = TandemFactory(cohort=cohort, shared_half=coordinator, exception_reason="Eine Stelle für beide.")
    RegistrationFactory(tandem=tandem, role=Audience.MANAGER)
    return tandem


def candidates(cohort):
    return [row.candidate for row in ranking_of(cohort).rows]


@pytest.mark.parametrize("count", [1, 3])
def test_a_ranking_takes_five_queries_however_many_there_are(cohort, django_assert_num_queries, count):
    give_rule(cohort, *Criterion)
    for _ in range(count):
        sharing(cohort, complete_tandem(cohort=cohort))

    with django_assert_num_queries(5):
        assert len(ranking_of(cohort).in_order) == 2 * count


def test_tandems_that_share_a_half_are_one_candidate(cohort):
    first = complete_tandem(cohort=cohort)
    second, third = sharing(cohort, first), sharing(cohort, first)

    (found,) = candidates(cohort)

    assert found.keys == (first.pk, second.pk, third.pk)
    assert (found.group, len(found.people), found.needed) == (Group.COMPLETE, 4, 4)
    assert len(found.municipalities) == 3


def test_tandems_are_bound_no_more_when_the_shared_half_has_left(cohort):
    first = complete_tandem(cohort=cohort)
    second = sharing(cohort, first)
    Registration.objects.filter(pk=second.shared_half_id).update(withdrawn_at=timezone.now())

    assert {found.keys for found in candidates(cohort)} == {(first.pk,), (second.pk,)}


def test_places_that_are_offered_are_taken(cohort):
    tandem = complete_tandem(cohort=cohort, selection=Selection.WAITING)
    Offer.objects.create(tandem=tandem, places=2, expires_at=timezone.now() + datetime.timedelta(days=5))

    (found,) = candidates(cohort)

    assert (found.placed, found.needed, found.is_decidable) == (2, 0, False)


def test_a_candidate_knows_sectors_fields_and_land(cohort):
    tandem = TandemFactory(cohort=cohort, municipality=MunicipalityFactory(state="06", ags="06414000"))
    RegistrationFactory(tandem=tandem, role="MANAGER", field_of_action="EDUCATION")
    RegistrationFactory(tandem=tandem, organisation_type=OrganisationType.WELFARE, field_of_action="EDUCATION")

    (found,) = candidates(cohort)

    assert [trait.label for trait in (*found.states, *found.sectors, *found.fields)] == [
        "Hessen",
        "aus Verwaltung und Zivilgesellschaft",
        "Bildung",
    ]


@pytest.mark.parametrize("selection", [Selection.DECLINED, Selection.WAITING])
@pytest.mark.parametrize("same", ["person", "municipality"])
def test_who_got_no_place_before_is_known_by_person_and_by_municipality(cohort, earlier, same, selection):
    give_rule(cohort, Criterion.DECLINED_BEFORE)
    before = complete_tandem(cohort=earlier, selection=selection)
    if same == "person":
        RegistrationFactory(tandem__cohort=cohort, person=before.registrations.first().person)
    else:
        complete_tandem(cohort=cohort, municipality=before.municipality)
    complete_tandem(cohort=cohort)

    assert sorted(found.was_declined for found in candidates(cohort)) == [False, True]


@pytest.mark.parametrize(
    "change",
    [
        lambda before: before.registrations.update(withdrawn_at=timezone.now()),
        lambda before: complete_tandem(
            cohort=CohortFactory(registration_closes_on=datetime.date(2024, 5, 1)),
            municipality=before.municipality,
            selection=Selection.ACCEPTED,
        ),
        lambda before: type(before.cohort).objects.update(registration_closes_on=datetime.date(2027, 5, 1)),
        lambda before: (
            type(before.cohort)
            .objects.filter(pk=before.cohort_id)
            .update(cancelled_at=timezone.now(), cancellation_reason="Krank")
        ),
    ],
    ids=["withdrawn", "had-a-place", "later", "cancelled"],
)
def test_who_was_not_refused_has_no_advantage(cohort, earlier, change):
    give_rule(cohort, Criterion.DECLINED_BEFORE)
    before = complete_tandem(cohort=earlier, selection=Selection.DECLINED)
    complete_tandem(cohort=cohort, municipality=before.municipality)

    change(before)

    assert [found.was_declined for found in candidates(cohort)] == [False]


def test_the_rule_of_the_cohort_is_used(cohort):
    rule = give_rule(cohort, Criterion.NEW_MUNICIPALITY)
    first, second = (complete_tandem(cohort=cohort, municipality=town) for town in [MunicipalityFactory()] * 2)
    other = complete_tandem(cohort=cohort)

    assert ranking_of(cohort).in_order == [first, other, second]
    rule.criteria.all().delete()
    assert ranking_of(cohort).in_order == [first, second, other]


def test_the_stored_seed_is_used(cohort):
    give_rule(cohort, tie_break=TieBreak.LOT, lot_seed="abc", lot_drawn_at=timezone.now())
    for _ in range(3):
        complete_tandem(cohort=cohort)

    rows = ranking_of(cohort).rows

    assert [row.lot for row in rows] == sorted(row.lot for row in rows)
