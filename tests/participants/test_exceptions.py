"""A neighbour's half counts in a second tandem: the organiser's reasoned exception."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from curriculum.models import Audience
from netzkoord.models import AuditEvent
from netzkoord.overview.facts import tandem_counts
from participants import tokens
from participants.actions.exceptions import revoke_exception
from participants.actions.locking import RegistrationRefused
from participants.models import Offer, Registration, Selection, Tandem, TandemState
from participants.queries.lines import lines_of
from participants.selection import Group
from tests.factories import CohortFactory, RegistrationFactory, TandemFactory, complete_tandem

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return CohortFactory()


def single(cohort, role=Audience.MANAGER, **fields):
    return RegistrationFactory(tandem=TandemFactory(cohort=cohort, **fields), role=role).tandem


def sharing(cohort):
    """A tandem of one manager that shares the coordinator of another, and that coordinator."""
    coordinator = complete_tandem(cohort=cohort).registrations.get(role=Audience.COORDINATOR)
    tandem = single(cohort, shared_half=coordinator, exception_reason="Beide Städte teilen sich die Stelle.")
    return tandem, coordinator


def read(tandem):
    return Tandem.objects.with_people().get(pk=tandem.pk)


def test_a_shared_half_completes_the_tandem_and_takes_no_second_place(cohort):
    tandem, coordinator = sharing(cohort)

    found = read(tandem)

    assert (found.state, found.people, found.shared) == (TandemState.COMPLETE, 1, coordinator)


def withdraw(half):
    Registration.objects.filter(pk=half.pk).update(withdrawn_at=timezone.now())


def decline(half):
    Tandem.objects.filter(pk=half.tandem_id).update(selection=Selection.DECLINED)


@pytest.mark.parametrize("change", [withdraw, decline])
def test_the_exception_ends_with_the_shared_half(cohort, change):
    tandem, coordinator = sharing(cohort)

    change(coordinator)

    assert (read(tandem).state, read(tandem).shared) == (TandemState.SEEKING, None)


def test_the_exception_is_needed_no_more_once_there_is_a_second_half(cohort):
    tandem, _ = sharing(cohort)
    RegistrationFactory(tandem=tandem, role=Audience.COORDINATOR)

    assert (read(tandem).state, read(tandem).people, read(tandem).shared) == (TandemState.COMPLETE, 2, None)


def test_a_tandem_is_read_with_its_people_in_two_queries(cohort, django_assert_num_queries):
    sharing(cohort)

    with django_assert_num_queries(2):
        assert [tandem.state for tandem in cohort.tandems.with_people()] == [TandemState.COMPLETE] * 2


def test_the_own_page_names_the_shared_half_and_asks_for_nobody(client, cohort):
    tandem, coordinator = sharing(cohort)
    token = tokens.status_token(tandem.registrations.get())

    page = client.get(reverse("participants:registration_status", args=[token])).content.decode()

    town = coordinator.tandem.municipality.name
    assert f"<dd>{coordinator.full_name} aus {town}, gehört zu beiden Tandems</dd>" in page
    assert "Zweite Person einladen" not in page
    assert "Niemand gefunden?" not in page


def test_the_page_of_the_lender_says_for_whom_the_half_counts_too(client, cohort, organiser):
    tandem, coordinator = sharing(cohort)
    client.force_login(organiser)

    page = client.get(coordinator.get_absolute_url()).content.decode()

    borrower = f'<a href="{tandem.get_absolute_url()}">{tandem.municipality.name}</a>'
    assert page.count(f"<dd>zählt auch für {borrower}</dd>") == 1


def url(name, tandem):
    return reverse(f"participants:{name}", args=[tandem.pk])


def test_exception_add_makes_the_tandem_complete_and_says_why(client, cohort, organiser):
    coordinator = complete_tandem(cohort=cohort).registrations.get(role=Audience.COORDINATOR)
    tandem = single(cohort)
    client.force_login(organiser)

    for _ in range(2):
        response = client.post(
            url("exception_add", tandem), {"shared_half": coordinator.pk, "reason": "Eine Stelle."}, follow=True
        )

    page = response.content.decode()
    event = AuditEvent.objects.get()
    assert read(tandem).state is TandemState.COMPLETE
    assert "vollständig durch Ausnahme" in page
    assert "Grund: Eine Stelle." in page
    assert (event.action, event.by_id, event.details) == (
        "EXCEPTION_GRANTED",
        organiser.pk,
        {"shared_half": coordinator.pk},
    )


def test_the_exception_is_counted_and_found_in_the_list(client, cohort, organiser):
    tandem, _ = sharing(cohort)
    complete_tandem(cohort=cohort)
    client.force_login(organiser)

    response = client.get(reverse("participants:tandem_list", args=[cohort.pk]), {"flags": "exception"})

    assert [row.tandem for row in response.context["rows"]] == [tandem]
    assert (
        response.context["counts"].exceptions,
        response.context["counts"].registered.running[Group.COMPLETE],
    ) == (
        1,
        3,
    )
    assert "1 Ausnahme</a>" in response.content.decode()


def test_the_list_the_dashboard_and_the_tandem_agree(cohort):
    """One rule, asked for models, for slim rows and for counts."""
    states = [sharing(cohort)[0] for _ in range(5)]
    withdraw(states[0].shared_half)
    decline(states[1].shared_half)
    RegistrationFactory(tandem=states[2], role=Audience.COORDINATOR, confirmed_at=None)
    RegistrationFactory(tandem=TandemFactory(cohort=cohort), confirmed_at=None)
    Registration.objects.filter(tandem=states[3]).update(role=Audience.COORDINATOR)

    found = {tandem.pk: tandem.state for tandem in cohort.tandems.with_people()}

    complete = [key for key, state in found.items() if state is TandemState.COMPLETE]
    assert {line.pk: line.state for line in lines_of(cohort)} == found
    assert states[4].pk in complete
    assert not {state.pk for state in states[:4]} & set(complete)
    not_declined = cohort.tandems.filter(pk__in=complete).exclude(selection=Selection.DECLINED)
    assert tandem_counts([cohort.pk])[cohort.pk].running[Group.COMPLETE] == not_declined.count()


def test_exception_revoke_leaves_the_tandem_incomplete(client, cohort, organiser):
    tandem, _ = sharing(cohort)
    client.force_login(organiser)

    for _ in range(2):
        client.post(url("exception_revoke", tandem))

    assert (read(tandem).state, read(tandem).exception_reason) == (TandemState.SEEKING, "")
    assert [event.action for event in AuditEvent.objects.all()] == ["EXCEPTION_REVOKED"]


def test_the_lost_exception_says_so(client, cohort, organiser):
    tandem, coordinator = sharing(cohort)
    withdraw(coordinator)
    client.force_login(organiser)

    assert "Ausnahme gilt nicht mehr" in client.get(tandem.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    "choice", ["", "x", "0", "9" * 30, "manager", "own", "withdrawn", "declined", "by exception"]
)
def test_exception_add_offers_only_who_can_be_shared(client, cohort, organiser, choice):
    tandem = single(cohort)
    other = complete_tandem(cohort=cohort)
    sharer, _ = sharing(cohort)
    lonely, gone = sharing(cohort)[1], sharing(cohort)[1]
    withdraw(gone)
    decline(lonely)
    people = {
        "manager": other.registrations.get(role=Audience.MANAGER).pk,
        "own": tandem.registrations.get().pk,
        "withdrawn": gone.pk,
        "declined": lonely.pk,
        "by exception": sharer.registrations.get().pk,
    }
    client.force_login(organiser)

    response = client.post(
        url("exception_add", tandem), {"shared_half": people.get(choice, choice), "reason": "Darum."}
    )

    assert response.context["form"].errors["shared_half"]
    assert response.context["form"]["reason"].value() == "Darum."
    assert read(tandem).shared_half is None


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_exception_add_wants_a_reason(client, cohort, organiser, reason):
    coordinator = complete_tandem(cohort=cohort).registrations.get(role=Audience.COORDINATOR)
    tandem = single(cohort)
    client.force_login(organiser)

    response = client.post(url("exception_add", tandem), {"shared_half": coordinator.pk, "reason": reason})

    assert response.context["form"].errors["reason"]
    assert read(tandem).shared_half is None


def test_exception_add_is_refused_where_both_roles_are_taken(client, cohort, organiser):
    tandem = complete_tandem(cohort=cohort)
    client.force_login(organiser)

    page = client.get(url("exception_add", tandem), follow=True).content.decode()

    assert "genau eine bestätigte Person" in page


@pytest.mark.parametrize("which", ["tandem", "lender"])
def test_an_exception_waits_for_the_answer_to_an_open_offer(cohort, organiser, which):
    tandem, coordinator = sharing(cohort)
    offered = tandem if which == "tandem" else coordinator.tandem
    Offer.objects.create(tandem=offered, places=1, expires_at=timezone.now() + datetime.timedelta(days=2))

    with pytest.raises(RegistrationRefused, match="gerade ein Platz angeboten"):
        revoke_exception(tandem=tandem, by=organiser)

    tandem.refresh_from_db()
    assert tandem.shared_half == coordinator
