"""Registrations that may be one person: found, compared, put together, parted again."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from curriculum.models import Audience
from netzkoord.models import AuditEvent
from participants.actions.housekeeping import discard_expired
from participants.actions.places import recount
from participants.actions.registrations import withdraw_registration
from participants.models import (
    Attendance,
    Merge,
    NotDuplicate,
    Registration,
    RegistrationState,
    TandemForm,
    TandemState,
)
from participants.queries.duplicates import duplicate_groups, name_keys
from tests.factories import (
    CohortFactory,
    MunicipalityFactory,
    RegistrationFactory,
    SessionFactory,
    TandemFactory,
    complete_tandem,
)
from tests.participants.forms import mails

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return CohortFactory()


def half_in(cohort, given_names="Jürgen", family_name="Müller", **fields):
    return RegistrationFactory(tandem__cohort=cohort, given_names=given_names, family_name=family_name, **fields)


def twins(cohort, **fields):
    """Two registrations of one person, and the partner of the second."""
    first = half_in(cohort, organisation="Stadt Ulm")
    second = half_in(cohort, family_name="Mueller", organisation="Stadtverwaltung Ulm", **fields)
    partner = RegistrationFactory(tandem=second.tandem, role=Audience.MANAGER)
    return first, second, partner


def url(name, *halves):
    return reverse(f"participants:{name}", args=[half.pk for half in halves])


def merge(client, first, second, **changes):
    data = {"stays": "first", "family_name": "first", "organisation": "second"} | changes
    return client.post(url("duplicate_merge", first, second), data, follow=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Jürgen", "Müller"), ("Juergen", "Mueller")),
        (("Jürgen", "Müller"), ("JURGEN", "MULLER")),
        (("Jürgen", "Müller"), ("Ju\u0308rgen", "Mu\u0308ller")),
        (("Anna Maria", "Groß"), ("Maria Anna", "Gross")),
        (("Anna-Maria", "Groß"), ("Anna Maria", "GROSS")),
        (("Dr. Łukasz", "Nowak"), ("Lukasz", "Prof. Dr. Nowak")),
        (("Müller", "Jürgen"), ("Jürgen", "Müller")),
    ],
)
def test_names_are_the_same_in_every_writing(one, other):
    assert name_keys(*one) & name_keys(*other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Jürgen", "Müller"), ("Jörg", "Müller")),
        (("Anna", "Bauer"), ("Anna", "Baur")),
        (("", "Suharto"), ("Siti", "Suharto")),
        (("", "Dr."), ("", "Prof.")),
    ],
)
def test_other_names_are_other_names(one, other):
    assert not name_keys(*one) & name_keys(*other)


def test_duplicate_groups_hold_same_names_and_same_addresses(cohort):
    first, second, _ = twins(cohort)
    unconfirmed = half_in(cohort, "Otto", "Anders", person=None, confirmed_at=None, email=first.email.upper())
    half_in(CohortFactory())
    half_in(cohort, withdrawn_at=timezone.now())
    half_in(cohort, "Ganz", "Andere")

    (group,) = duplicate_groups(cohort)

    assert {half.pk for half in group.halves} == {first.pk, second.pk, unconfirmed.pk}
    assert group.first == second
    assert group.reason == "teils gleicher Name, teils gleiche E-Mail-Adresse"


def test_duplicate_list_tells_homonymous_towns_apart_and_calls_no_single_a_tandem(client, cohort, organiser):
    towns = [
        MunicipalityFactory(name="Neuenkirchen", county_name=name)
        for name in ("Kreis Steinfurt", "Landkreis Diepholz")
    ]
    for town in towns:
        half_in(cohort, tandem__municipality=town, tandem__form=TandemForm.ALONE)
    client.force_login(organiser)

    page = client.get(reverse("participants:duplicate_list", args=[cohort.pk])).content.decode()
    compared = client.get(url("duplicate_compare", *Registration.objects.order_by("pk"))).content.decode()

    assert [page.count(f"Jürgen Müller, {town.label}</a>") for town in towns] == [1, 1]
    assert "Tandem Neuenkirchen" not in page + compared
    assert compared.count("Bleibt diese: Die andere Anmeldung aus Neuenkirchen endet damit.") == 2


@pytest.mark.parametrize("count", [1, 3])
def test_duplicate_list_query_count(client, cohort, organiser, django_assert_num_queries, count):
    for number in range(count):
        half_in(cohort, f"Person{number}")
        half_in(cohort, f"Person{number}")
    client.force_login(organiser)

    with django_assert_num_queries(11):
        response = client.get(reverse("participants:duplicate_list", args=[cohort.pk]))

    assert response.content.decode().count("gleicher Name") == count


def test_the_list_marks_and_finds_them(client, cohort, organiser):
    first, second, _ = twins(cohort)
    half_in(cohort, "Ganz", "Andere")
    client.force_login(organiser)

    response = client.get(reverse("participants:tandem_list", args=[cohort.pk]), {"flags": "twins"})

    assert {row.tandem for row in response.context["rows"]} == {first.tandem, second.tandem}
    assert response.content.decode().count("mögliche Dublette<") == 2


def test_duplicate_compare_shows_both_and_changes_nothing(client, cohort, organiser):
    first, second, partner = twins(cohort)
    client.force_login(organiser)

    page = client.get(url("duplicate_compare", first, second)).content.decode()

    assert "Stadt Ulm" in page
    assert "Stadtverwaltung Ulm" in page
    assert f"{partner} bleibt im {second.tandem} allein zurück und bekommt eine Mail." in page
    assert page.count("verschieden</span>") == 2
    assert not Merge.objects.exists()


def test_duplicate_merge_keeps_what_was_chosen_and_tells_the_partner(client, cohort, organiser):
    first, second, partner = twins(cohort)
    client.force_login(organiser)

    page, _ = (merge(client, first, second).content.decode() for _ in range(2))

    first.refresh_from_db()
    second.refresh_from_db()
    event = AuditEvent.objects.get(action="REGISTRATIONS_MERGED")
    assert "sind zusammengeführt" in page
    assert (first.family_name, first.organisation) == ("Müller", "Stadtverwaltung Ulm")
    assert (second.state, second.merged_into) == (RegistrationState.MERGED, first)
    assert second.tandem.state is TandemState.SEEKING
    assert mails() == [(partner.email, "Ihr Tandem sucht eine zweite Person")]
    told = Email.objects.get().message
    assert f"{second} war für „{cohort.title}“ zweimal angemeldet." in told
    assert "zurückgezogen" not in told
    assert (event.target_id, event.details) == (str(first.pk), {"merged": second.pk, "fields": ["organisation"]})
    assert Merge.objects.get().before == {"organisation": ["Stadt Ulm", "Stadtverwaltung Ulm"]}


def test_duplicate_merge_can_keep_the_other(client, cohort, organiser):
    first, second, _ = twins(cohort)
    client.force_login(organiser)

    merge(client, first, second, stays="second", family_name="first")

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.merged_into, second.family_name, second.withdrawn_at) == (second, "Müller", None)


def test_duplicate_merge_of_both_halves_of_one_tandem_tells_nobody(client, cohort, organiser):
    first = half_in(cohort)
    second = half_in(cohort, tandem=first.tandem, role=Audience.MANAGER)
    client.force_login(organiser)

    merge(client, first, second)

    assert first.tandem.registrations.active().get() == first
    assert mails() == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"stays": ""}, "stays"),
        ({"stays": "third"}, "stays"),
        ({"family_name": ""}, "family_name"),
        ({"organisation": "x" * 300}, "organisation"),
    ],
)
def test_duplicate_merge_survives_nonsense(client, cohort, organiser, changes, field):
    first, second, _ = twins(cohort)
    client.force_login(organiser)

    response = merge(client, first, second, **changes)

    assert response.context["form"].errors[field]
    assert not Merge.objects.exists()


def share(half):
    TandemFactory(cohort=half.cohort, shared_half=half, exception_reason="Darum.")


def offer(half):
    half.tandem.offers.create(places=2, expires_at=timezone.now() + timezone.timedelta(days=1))


def attend(half):
    day = SessionFactory(cohort=half.cohort).days.first()
    Attendance.objects.create(registration=half, day=day, half="MORNING", presence="PRESENT")


def leave(half):
    Registration.objects.filter(pk=half.pk).update(withdrawn_at=timezone.now())


@pytest.mark.parametrize("obstacle", [share, offer, attend, leave])
def test_duplicate_merge_is_refused_where_the_other_must_stay(client, cohort, organiser, obstacle):
    first, second, _ = twins(cohort)
    obstacle(second)
    client.force_login(organiser)

    response = merge(client, first, second)

    assert response.context["form"].errors["stays"]
    assert not Merge.objects.exists()


def test_a_confirmed_registration_does_not_go_into_an_unconfirmed_one(client, cohort, organiser):
    first, second, _ = twins(cohort)
    Registration.objects.filter(pk=first.pk).update(confirmed_at=None, person=None)
    client.force_login(organiser)

    page = client.get(url("duplicate_compare", first, second)).content.decode()
    merge(client, first, second)

    assert "Bitte lassen Sie die bestätigte bestehen." in page
    assert not Merge.objects.exists()


def test_a_place_becomes_free_and_is_taken_again(client, cohort, organiser):
    first, second, _ = twins(cohort)
    second.tandem.selection = "ACCEPTED"
    second.tandem.save()
    recount(cohort)
    client.force_login(organiser)

    merge(client, first, second)
    cohort.refresh_from_db()
    taken = cohort.places_taken
    client.post(url("merge_undo", Merge.objects.get()))
    cohort.refresh_from_db()

    assert (taken, cohort.places_taken) == (1, 2)


def test_no_place_is_kept_in_a_tandem_that_is_left_empty(client, cohort, organiser):
    first, second, partner = twins(cohort)
    second.tandem.selection = "ACCEPTED"
    second.tandem.save()
    recount(cohort)
    withdraw_registration(registration=partner)
    client.force_login(organiser)

    merge(client, first, second)

    cohort.refresh_from_db()
    second.tandem.refresh_from_db()
    assert (second.tandem.place_held_until, cohort.places_taken) == (None, 0)


def test_merge_undo_puts_both_back_exactly(client, cohort, organiser):
    first, second, partner = twins(cohort)
    before = list(Registration.objects.order_by("pk").values())
    client.force_login(organiser)
    merge(client, first, second)

    for _ in range(2):
        client.post(url("merge_undo", Merge.objects.get()))

    assert list(Registration.objects.order_by("pk").values()) == before
    assert AuditEvent.objects.filter(action="MERGE_UNDONE").count() == 1
    assert [email for email, _ in mails()] == [partner.email] * 2
    merge(client, first, second)
    assert Merge.objects.count() == 2


def test_merge_undo_leaves_what_was_corrected_since(client, cohort, organiser):
    first, second, _ = twins(cohort)
    client.force_login(organiser)
    merge(client, first, second)
    Registration.objects.filter(pk=first.pk).update(organisation="Stadt Ulm, Sozialamt")

    client.post(url("merge_undo", Merge.objects.get()))

    first.refresh_from_db()
    assert first.organisation == "Stadt Ulm, Sozialamt"


def take_role(half):
    RegistrationFactory(tandem=half.tandem, role=half.role)


def register_again(half):
    RegistrationFactory(tandem__cohort=half.cohort, person=half.person, email="neu@stadt.example")


def fill_places(half):
    half.tandem.selection = "ACCEPTED"
    half.tandem.save()
    complete_tandem(cohort=half.cohort, selection="ACCEPTED")
    half.cohort.places = 3
    half.cohort.save()
    recount(half.cohort)


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        (take_role, "hat inzwischen jemand anderes diese Rolle"),
        (register_again, "hat sich inzwischen noch einmal selbst angemeldet"),
        (fill_places, "ist inzwischen vergeben"),
    ],
)
def test_merge_undo_is_refused_where_something_stands_against_it(client, cohort, organiser, event, sentence):
    first, second, _ = twins(cohort)
    client.force_login(organiser)
    merge(client, first, second)
    event(second)

    page = client.post(url("merge_undo", Merge.objects.get()), follow=True).content.decode()

    assert sentence in page
    assert Merge.objects.get().undone_at is None


def test_duplicate_dismiss_shows_the_pair_no_more_until_it_is_reconsidered(client, cohort, organiser):
    first, second, _ = twins(cohort)
    client.force_login(organiser)

    for pair in ((first, second), (second, first)):
        client.post(url("duplicate_dismiss", *pair))
    stored = NotDuplicate.objects.get()
    shown = duplicate_groups(cohort)
    page = client.get(reverse("participants:duplicate_list", args=[cohort.pk])).content.decode()
    client.post(url("duplicate_reconsider", second, first))

    assert (stored.first, stored.second, stored.stored_by) == (first, second, organiser)
    assert shown == []
    assert "Als zwei Personen festgehalten" in page
    assert len(duplicate_groups(cohort)) == 1


@pytest.mark.parametrize("name", ["duplicate_compare", "duplicate_merge", "duplicate_dismiss"])
def test_two_of_different_cohorts_are_no_pair(client, cohort, organiser, name):
    first, second = half_in(cohort), half_in(CohortFactory())
    client.force_login(organiser)
    method = client.get if name == "duplicate_compare" else client.post

    assert method(url(name, first, second)).status_code == 404
    assert method(url(name, first, first)).status_code == 404


def test_whoever_still_looks_like_somebody_is_shown(client, cohort, organiser):
    first, second, third = (half_in(cohort) for _ in range(3))
    client.force_login(organiser)

    client.post(url("duplicate_dismiss", first, second))

    assert [{half.pk for half in group.halves} for group in duplicate_groups(cohort)] == [
        {first.pk, second.pk, third.pk}
    ]


def test_a_pair_of_two_people_is_not_compared_again_in_a_group(client, cohort, organiser):
    first, second, third = (half_in(cohort) for _ in range(3))
    client.force_login(organiser)
    client.post(url("duplicate_dismiss", first, second))

    page = client.get(reverse("participants:duplicate_list", args=[cohort.pk])).content.decode()
    detail = client.get(first.tandem.get_absolute_url()).content.decode()

    (group,) = duplicate_groups(cohort)
    assert [(twin.half, twin.like, twin.like_place) for twin in group.twins] == [
        (first, third, 3),
        (second, third, 3),
        (third, first, 1),
    ]
    assert (page.count("Mit 3. vergleichen"), page.count("Mit 1. vergleichen")) == (1, 1)
    assert f'href="{url("duplicate_compare", first, second)}"' not in page + detail
    assert url("duplicate_compare", first, third) in detail


def test_two_of_one_town_can_be_told_apart(client, cohort, organiser):
    tandem = half_in(cohort, organisation="Sozialamt").tandem
    first = tandem.registrations.get()
    second = half_in(
        cohort,
        organisation="Jugendamt",
        role=Audience.MANAGER,
        tandem__municipality=tandem.municipality,
        created_at=datetime.datetime(2026, 10, 5, 7, 30, tzinfo=datetime.UTC),
    )
    Registration.objects.filter(pk=first.pk).update(
        role=Audience.COORDINATOR, created_at=datetime.datetime(2026, 10, 4, 7, 30, tzinfo=datetime.UTC)
    )
    client.force_login(organiser)
    told = [
        "Koordinierungskraft, Sozialamt, bestätigt, Eingang So, 4. Oktober 2026, 9:30",
        "Führungskraft, Jugendamt, bestätigt, Eingang Mo, 5. Oktober 2026, 9:30",
    ]

    def page():
        text = client.get(reverse("participants:duplicate_list", args=[cohort.pk])).content.decode()
        return text.replace("\u00a0", " ")

    assert all(facts in page() for facts in told)
    client.post(url("duplicate_dismiss", first, second))
    assert all(facts in page() for facts in told)
    client.post(url("duplicate_merge", first, second), {"stays": "first", "organisation": "first"})
    assert "Führungskraft, Jugendamt, zusammengeführt, Eingang Mo, 5. Oktober 2026, 9:30" in page()


def test_merged_registrations_that_nobody_confirmed_expire_together(client, cohort, organiser):
    old = timezone.now() - timezone.timedelta(days=20)
    unconfirmed = {"confirmed_at": None, "person": None, "created_at": old}
    first = half_in(cohort, email="a@stadt.example", **unconfirmed)
    second = half_in(cohort, email="b@stadt.example", **unconfirmed)
    client.force_login(organiser)
    client.post(url("duplicate_merge", first, second), {"stays": "first"})

    discard_expired()

    assert not Registration.objects.exists()


def test_tandem_detail_leads_to_the_comparison_and_back(client, cohort, organiser):
    first, second, _ = twins(cohort)
    client.force_login(organiser)

    before = client.get(first.tandem.get_absolute_url()).content.decode()
    merge(client, first, second)
    after = client.get(second.tandem.get_absolute_url()).content.decode()

    assert url("duplicate_compare", first, second) in before
    assert "Anmeldung zusammengeführt" in after
    assert url("merge_undo", Merge.objects.get()) in after
