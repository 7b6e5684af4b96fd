"""A second half that confirms when its tandem was offered a place already, or has lost the one it had."""

import pytest
from django.urls import reverse

from curriculum.models import Audience, Cohort
from participants import tokens
from participants.actions.joining import confirm_registration
from participants.actions.registrations import withdraw_registration
from participants.actions.waiting import OfferRefused, accept_offer, decline_offer, keep_waiting_lists
from participants.models import Offer, Registration, Selection, StatusChange
from tests.factories import RegistrationFactory, complete_tandem
from tests.participants.forms import mails
from tests.participants.waiting import closed_cohort, half_of, taken, waiting_single

pytestmark = pytest.mark.django_db

TOO_FEW = "Angeboten ist ein Platz, Sie brauchen inzwischen 2, und mehr ist nicht frei."


@pytest.fixture
def cohort(db):
    """One place is free."""
    return closed_cohort(places=3)


@pytest.fixture
def single(cohort):
    """Waits alone and was offered the last place; the second half has not confirmed yet."""
    tandem = waiting_single(cohort, role=Audience.MANAGER)
    RegistrationFactory(tandem=tandem, role=Audience.COORDINATOR, confirmed_at=None)
    keep_waiting_lists()
    return tandem


def partner_of(tandem):
    return tandem.registrations.get(role=Audience.COORDINATOR)


def test_the_partner_confirms_while_the_last_place_is_offered_and_takes_nothing_away(cohort, single):
    confirm_registration(registration=partner_of(single))

    assert partner_of(single).confirmed_at
    assert (Offer.objects.open().get().places, taken(cohort)) == (1, 3)


def test_two_on_one_place_read_what_they_can_do(client, single):
    confirm_registration(registration=partner_of(single))
    url = reverse("participants:offer_show", args=[tokens.status_token(half_of(single))])

    page = client.get(url).content.decode()

    assert TOO_FEW in page
    assert "annehmen</button>" not in page
    assert "Ablehnen …" in page
    with pytest.raises(OfferRefused, match=TOO_FEW):
        accept_offer(registration=half_of(single))


def test_when_one_of_the_two_steps_back_the_other_takes_the_place(cohort, single):
    confirm_registration(registration=partner_of(single))

    withdraw_registration(registration=partner_of(single))
    accept_offer(registration=half_of(single))

    single.refresh_from_db()
    assert (single.selection, taken(cohort)) == (Selection.ACCEPTED, 3)


def test_a_place_that_becomes_free_goes_to_the_open_offer_first(cohort, single):
    confirm_registration(registration=partner_of(single))
    following = waiting_single(cohort)
    Cohort.objects.filter(pk=cohort.pk).update(places=4)

    keep_waiting_lists()

    assert (Offer.objects.open().get().places, taken(cohort)) == (2, 4)
    assert not following.offers.exists()
    accept_offer(registration=half_of(single))
    assert taken(cohort) == 4


def test_who_declined_a_single_place_is_asked_once_more_as_a_tandem(cohort, single):
    confirm_registration(registration=partner_of(single))
    decline_offer(registration=half_of(single))
    Cohort.objects.filter(pk=cohort.pk).update(places=4)

    assert [keep_waiting_lists(), keep_waiting_lists()] == [1, 0]

    assert (Offer.objects.open().get().tandem, Offer.objects.open().get().places) == (single, 2)


def test_who_confirms_after_all_others_have_left_an_accepted_tandem_waits(cohort):
    tandem = complete_tandem(cohort=cohort)
    Registration.objects.filter(tandem=tandem, role=Audience.COORDINATOR).update(confirmed_at=None, person=None)
    tandem.selection = Selection.ACCEPTED
    tandem.save()
    withdraw_registration(registration=half_of(tandem))
    half = partner_of(tandem)

    for _ in range(2):
        confirm_registration(registration=half)

    tandem.refresh_from_db()
    change = StatusChange.objects.get(tandem=tandem)
    assert (tandem.selection, taken(cohort)) == (Selection.WAITING, 2)
    assert (change.from_selection, change.reason) == ("ACCEPTED", "Wer den Platz hatte, ist nicht mehr dabei")
    assert [subject for email, subject in mails() if email == half.email] == [
        "Warteliste",
        "Ihre Anmeldung ist bestätigt",
    ]
