"""One person with two addresses is no tandem: the pages say so before a place is given, and what to do."""

import pytest
from django.urls import reverse

from curriculum.models import Audience
from participants.actions.duplicates import merge_registrations
from participants.models import NotDuplicate, Registration, Selection, Tandem
from participants.queries.one_person import one_person_in
from participants.queries.selection_desk import desk_of
from tests.factories import CohortFactory, complete_tandem
from tests.participants.waiting import half_of

pytestmark = pytest.mark.django_db

NOTICE = "Beide Hälften sind vielleicht dieselbe Person"


@pytest.fixture
def cohort(db):
    return CohortFactory(places=40)


def twice(cohort, manager, coordinator):
    """A tandem whose halves have these particulars."""
    tandem = complete_tandem(cohort=cohort)
    for role, fields in ((Audience.MANAGER, manager), (Audience.COORDINATOR, coordinator)):
        Registration.objects.filter(pk=half_of(tandem, role).pk).update(**fields)
    return Tandem.objects.with_people().get(pk=tandem.pk)


def named(given_names, family_name, **fields):
    return {"given_names": given_names, "family_name": family_name} | fields


@pytest.fixture
def tandem(cohort):
    anna = named("Anna", "Müller", organisation="Stadt Ulm", phone="0731 / 40-0")
    return twice(cohort, anna, anna | named("Anna", "Mueller", phone="0731 400"))


@pytest.fixture
def others(cohort):
    return complete_tandem(cohort=cohort)


def address(name, *args):
    return reverse(f"participants:{name}", args=args)


def text_of(response):
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


@pytest.mark.parametrize(
    ("coordinator", "in_common"),
    [
        (named("Anna", "Müller", organisation="Stadt Ulm", phone="1"), "gleicher Name und gleiche Organisation"),
        (named("Anna", "MUELLER", organisation="Caritas", phone=""), "gleicher Name"),
        (named("Müller", "Anna", organisation="stadt ulm", phone="(0731) 400"), None),
        (named("Anne", "Müller", organisation="Stadt Ulm", phone="0731 400"), ""),
    ],
)
def test_a_name_is_what_tells_and_the_rest_is_named(cohort, coordinator, in_common):
    manager = named("Anna", "Müller", organisation="Stadt Ulm", phone="0731 400")
    everything = "gleicher Name, gleiche Organisation und gleiches Telefon"

    found = one_person_in([twice(cohort, manager, coordinator)])

    assert [one.in_common for one in found] == (
        [everything] if in_common is None else [in_common] if in_common else []
    )


def test_the_page_of_the_tandem_says_it_once_and_leads_to_the_comparison(client, organiser, tandem):
    client.force_login(organiser)

    page = text_of(client.get(tandem.get_absolute_url()))

    first, second = tandem.registrations.all()
    assert page.count(NOTICE) == 1
    assert "gleicher Name, gleiche Organisation und gleiches Telefon" in page
    assert address("duplicate_compare", first.pk, second.pk) in page
    assert "ist vielleicht zweimal angemeldet" not in page


def test_another_registration_elsewhere_is_still_named(client, organiser, cohort, tandem):
    elsewhere = twice(cohort, named("Anna", "Müller"), named("Ben", "Anders"))
    client.force_login(organiser)

    page = text_of(client.get(elsewhere.get_absolute_url()))

    assert page.count("ist vielleicht zweimal angemeldet") == 2
    assert NOTICE not in page


def test_the_desk_marks_the_row_and_the_preview_says_it_before_a_place_is_given(
    client, organiser, cohort, tandem, others
):
    client.force_login(organiser)

    assert [row.is_one_person for row in desk_of(cohort).rows] == [True, False]
    assert text_of(client.get(address("selection_desk", cohort.pk))).count("vielleicht nur eine Person") == 1
    check = text_of(client.get(address("selection_check", cohort.pk)))
    assert check.count(NOTICE) == 1
    assert f'<a href="{tandem.get_absolute_url()}">{tandem}</a>: {NOTICE}' in check


@pytest.mark.parametrize(("selection", "count"), [("ACCEPTED", 1), ("DECLINED", 0)])
def test_bulk_decisions_say_it_where_a_place_is_given(client, organiser, cohort, tandem, others, selection, count):
    client.force_login(organiser)

    page = text_of(
        client.post(address("tandem_decide", cohort.pk), {"tandem": [tandem.pk, others.pk], "selection": selection})
    )

    assert page.count(NOTICE) == count


def test_who_was_called_two_people_is_not_marked_again(client, organiser, cohort, tandem):
    first, second = sorted(tandem.registrations.all(), key=lambda half: half.pk)
    NotDuplicate.objects.create(first=first, second=second, stored_by=organiser)

    assert one_person_in([tandem]) == []


def test_one_person_put_together_leaves_a_tandem_that_looks_for_its_second(organiser, cohort, tandem):
    first, second = tandem.registrations.all()

    merge_registrations(kept=first, merged=second, values={}, by=organiser)

    tandem = Tandem.objects.with_people().get(pk=tandem.pk)
    assert (tandem.people, tandem.selection) == (1, Selection.OPEN)
    assert one_person_in([tandem]) == []


@pytest.mark.parametrize("count", [1, 3])
def test_one_person_query_count(cohort, django_assert_num_queries, count):
    anna = named("Anna", "Müller")
    keys = [twice(cohort, anna, anna).pk for _ in range(count)]
    tandems = list(Tandem.objects.with_people().select_related("cohort").filter(pk__in=keys))

    with django_assert_num_queries(1):
        assert len(one_person_in(tandems)) == count
