"""Two tandems that share a half are asked together, and one answer counts for both."""

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from curriculum.models import Audience
from participants import tokens
from participants.actions.registrations import withdraw_registration
from participants.actions.waiting import OfferRefused, accept_offer, decline_offer, keep_waiting_lists, revoke_offer
from participants.models import Offer, Selection, Tandem
from participants.queries.offers import why_too_small
from tests.conftest import TODAY
from tests.factories import MunicipalityFactory, RegistrationFactory
from tests.participants.forms import last_mail, mails
from tests.participants.waiting import closed_cohort, days, half_of, taken, waiting_tandem

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(db):
    """Three places are free, just enough for both."""
    return closed_cohort(places=5)


@pytest.fixture
def lender(cohort):
    return waiting_tandem(cohort, name="Moers")


@pytest.fixture
def borrower(cohort, lender):
    """One manager, to whom the coordinator of the other town counts."""
    return RegistrationFactory(
        tandem__cohort=cohort,
        tandem__municipality=MunicipalityFactory(name="Kleve"),
        tandem__selection=Selection.WAITING,
        tandem__shared_half=half_of(lender, Audience.COORDINATOR),
        tandem__exception_reason="Nachbarn",
        role=Audience.MANAGER,
    ).tandem


@pytest.fixture
def offered(lender, borrower):
    """The people who were asked: two of Moers, one of Kleve."""
    keep_waiting_lists()
    return [half_of(lender), half_of(lender, Audience.COORDINATOR), half_of(borrower)]


def selections():
    return set(Tandem.objects.filter(offers__isnull=False).values_list("selection", flat=True))


def answers():
    return sorted(Offer.objects.values_list("tandem__municipality__name", "answer"))


def test_the_offers_are_one_and_everybody_reads_for_whom_an_answer_counts(offered):
    lead, joint = Offer.objects.order_by("pk")

    text = last_mail(offered[2].email).message
    assert (lead.joint_with, joint.joint_with) == (None, lead)
    assert (
        "Eine Antwort genügt. Sie gilt für Moers und Kleve gemeinsam, weil sie sich eine Person teilen; "
        f"{offered[0].full_name} und {offered[1].full_name} erfahren sie per Mail."
    ) in text
    assert len(mails()) == 3


@pytest.mark.parametrize("who", [0, 1, 2])
def test_whoever_accepts_accepts_for_all(cohort, offered, who):
    for _ in range(2):
        accept_offer(registration=offered[who])

    assert selections() == {Selection.ACCEPTED}
    assert {offer.answered_by for offer in Offer.objects.all()} == {offered[who]}
    assert taken(cohort) == 5
    assert mails()[3:] == [(half.email, "Zusage") for half in offered]


@pytest.mark.parametrize("who", [0, 2])
def test_whoever_declines_declines_for_all_and_all_read_who_and_why(cohort, offered, who):
    for _ in range(2):
        decline_offer(registration=offered[who])

    assert answers() == [("Kleve", "DECLINED"), ("Moers", "DECLINED")]
    assert selections() == {Selection.WAITING}
    assert taken(cohort) == 2
    assert sorted(email for email, _ in mails()[3:]) == sorted(half.email for half in offered)
    for half in offered:
        text = last_mail(half.email).message
        assert ("Sie haben" if half == offered[who] else f"{offered[who].full_name} hat") in text
        assert "Die Antwort gilt für Moers und Kleve gemeinsam, weil sie sich eine Person teilen." in text


def test_the_first_answer_counts_for_the_other_town_as_well(offered):
    decline_offer(registration=offered[2])

    with pytest.raises(OfferRefused, match="Das Angebot ist schon abgelehnt"):
        accept_offer(registration=offered[0])


@pytest.mark.parametrize("who", [0, 1, 2])
def test_who_alone_cannot_come_withdraws_and_leaves_the_offer_to_the_others(cohort, offered, who):
    withdraw_registration(registration=offered.pop(who))

    assert sum(offer.places for offer in Offer.objects.open()) == 2
    accept_offer(registration=offered[1])

    assert {half.tandem.selection for half in map(half_again, offered)} == {Selection.ACCEPTED}
    assert taken(cohort) == 4


def half_again(half):
    return type(half).objects.select_related("tandem").get(pk=half.pk)


@pytest.mark.parametrize("which", [0, 1])
def test_an_offer_is_taken_back_from_all(cohort, offered, organiser, which):
    offer = Offer.objects.select_related("tandem__cohort").order_by("pk")[which]

    assert [revoke_offer(offer=offer, by=organiser) for _ in range(2)] == [True, False]

    assert answers() == [("Kleve", "REVOKED"), ("Moers", "REVOKED")]
    assert len(mails()) == 6
    assert taken(cohort) == 2


def test_an_offer_reminds_and_expires_for_all_at_once(cohort, offered):
    for hours in (4.5, 4.6):
        with time_machine.travel(TODAY + days(hours)):
            keep_waiting_lists()
    assert len(mails()) == 6

    with time_machine.travel(TODAY + days(6)):
        keep_waiting_lists()

    assert answers() == [("Kleve", "EXPIRED"), ("Moers", "EXPIRED")]
    assert len(mails()) == 9
    assert taken(cohort) == 2


def test_offers_that_were_answered_since_lack_no_places(cohort):
    assert why_too_small([]) == ""


def page(client, half, name):
    response = client.get(reverse(f"participants:{name}", args=[tokens.status_token(half)]))
    return response.content.decode().replace("\u00a0", " ")


def test_the_pages_say_for_whom_the_answer_counts(client, offered):
    question, no = page(client, offered[2], "offer_show"), page(client, offered[2], "offer_decline")

    assert "<h1>3 Plätze für Moers und Kleve</h1>" in question
    assert "Alle 3 Plätze annehmen" in question
    assert all(half.full_name in question for half in offered)
    assert "Alle 3 Plätze gehen dann an die Nächsten, denn Moers und Kleve teilen sich eine Person." in no
    assert "Für die anderen gilt das Angebot weiter." in no


def test_organisers_see_which_offers_are_one(client, cohort, offered, organiser):
    client.force_login(organiser)

    rows = client.get(reverse("participants:waiting_list_show", args=[cohort.pk])).content.decode()
    question = client.get(reverse("participants:offer_revoke", args=[Offer.objects.last().pk])).content.decode()

    assert rows.count("gemeinsam mit Moers</span>") == 1
    assert "Angebot an Moers und Kleve zurücknehmen?" in question


def test_who_is_next_stands_there_as_one(client, cohort, lender, borrower, organiser):
    client.force_login(organiser)

    rows = client.get(reverse("participants:waiting_list_show", args=[cohort.pk])).content.decode()

    assert "Moers" in rows
    assert "3&nbsp;Plätze</li>" in rows


def test_the_waiting_list_says_who_waits_together_and_for_how_many_places(
    client, cohort, lender, borrower, organiser
):
    client.force_login(organiser)

    page = client.get(reverse("participants:waiting_list_show", args=[cohort.pk])).content.decode()

    assert "gemeinsam mit Kleve, zusammen&nbsp;3" in page
    assert "gemeinsam mit Moers, zusammen&nbsp;3" in page


def test_an_offer_is_not_joint_with_itself(offered):
    lead = Offer.objects.filter(joint_with=None).earliest("pk")

    with pytest.raises(IntegrityError, match="offer_not_joint_with_itself"), transaction.atomic():
        Offer.objects.filter(pk=lead.pk).update(joint_with=lead)
