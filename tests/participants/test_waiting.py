"""The waiting list: offered, kept, reminded, accepted, declined, expired and offered to the next."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from curriculum.models import Audience, Cohort
from netzkoord.models import AuditEvent
from participants.actions.matching import join_proposed
from participants.actions.registrations import withdraw_registration
from participants.actions.selection import decide
from participants.actions.waiting import (
    OfferRefused,
    accept_offer,
    decline_offer,
    keep_waiting_lists,
    offer_free_places,
    offer_to,
    revoke_offer,
)
from participants.models import Offer, PartnerProposal, Registration, Selection, StatusChange, Tandem
from participants.queries.offers import free_and_waiting, offers_ending_by
from participants.queries.waiting import waiting_list
from participants.queries.waiting_reasons import (
    reasons_for_organiser,
    reasons_for_person,
    standings,
    waiting_note,
)
from tests.conftest import TODAY
from tests.factories import CohortFactory, RegistrationFactory, SessionFactory, complete_tandem
from tests.participants.forms import last_mail, mails
from tests.participants.waiting import closed_cohort, days, half_of, taken, waiting_single, waiting_tandem

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(db):
    return closed_cohort(places=4)


def test_the_job_offers_free_places_to_the_next_tandem_and_mails_both(cohort):
    first, second = waiting_tandem(cohort), waiting_tandem(cohort)

    made = keep_waiting_lists()

    offer = Offer.objects.get()
    assert made == 1
    assert (offer.tandem, offer.places, offer.made_by) == (first, 2, None)
    assert timezone.localtime(offer.expires_at).isoformat(" ", "minutes") == "2026-11-07 23:59+01:00"
    assert mails() == [(half.email, "Zwei Plätze für Ihr Tandem") for half in first.registrations.all()]
    assert taken(cohort) == 4
    second.refresh_from_db()
    assert second.selection == Selection.WAITING


def test_the_job_twice_offers_once(cohort):
    waiting_tandem(cohort)

    assert [keep_waiting_lists(), keep_waiting_lists()] == [1, 0]
    assert len(mails()) == 2


def test_the_mail_says_until_when_and_that_one_answer_is_enough(cohort):
    tandem = waiting_tandem(cohort, name="Moers")

    keep_waiting_lists()

    text = last_mail(half_of(tandem).email).message
    assert "Sa, 7.\u00a0November 2026, 23:59\u00a0Uhr" in text
    assert "Eine Antwort genügt. Sie gilt für das ganze Tandem" in text
    assert half_of(tandem, Audience.COORDINATOR).full_name in text
    assert text.count("http://testserver/anmeldung/") == 1


def test_a_single_gets_the_place_that_no_tandem_can_take():
    cohort = closed_cohort(places=3)
    waiting_tandem(cohort)
    single = waiting_single(cohort)

    keep_waiting_lists()

    assert [(offer.tandem, offer.places) for offer in Offer.objects.all()] == [(single, 1)]
    assert mails() == [(single.registrations.get().email, "Ein Platz für Sie")]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"moves_up_automatically": False}, "Freie Plätze bietet die Organisation selbst an."),
        ({"registration_closes_on": TODAY.date()}, "Die Anmeldung läuft noch bis Mo, 2.\u00a0November 2026."),
        ({"cancelled_at": TODAY}, "Der Durchgang ist abgesagt."),
    ],
)
def test_the_job_offers_nothing_while(cohort, change, reason):
    waiting_tandem(cohort)
    Cohort.objects.filter(pk=cohort.pk).update(**change)
    cohort.refresh_from_db()

    assert keep_waiting_lists() == 0
    assert waiting_list(cohort).hindrance == reason
    assert mails() == []


def test_the_job_offers_nothing_while_somebody_is_undecided(cohort):
    waiting_tandem(cohort)
    complete_tandem(cohort=cohort)

    assert keep_waiting_lists() == 0
    assert waiting_list(cohort).hindrance == "Über 1 Anmeldung ist noch nicht entschieden."


def test_the_job_offers_nothing_before_the_first_decision():
    cohort = closed_cohort(places=4, accepted=0)
    waiting_tandem(cohort)

    assert keep_waiting_lists() == 0
    assert waiting_list(cohort).hindrance == "Über die Plätze ist noch nicht entschieden."


@pytest.mark.parametrize("begins_in", [0, 1])
def test_the_job_offers_nothing_when_there_is_no_time_to_answer(cohort, begins_in):
    SessionFactory(cohort=cohort, days=[TODAY.date() + days(begins_in)])
    waiting_tandem(cohort)

    assert keep_waiting_lists() == 0
    assert waiting_list(cohort).hindrance == "Bis zum ersten Termin bleibt keine Zeit mehr für ein Angebot."


def test_one_half_accepts_for_both(cohort):
    tandem = waiting_tandem(cohort)
    keep_waiting_lists()

    accept_offer(registration=half_of(tandem))

    tandem.refresh_from_db()
    change = StatusChange.objects.get()
    assert tandem.selection == Selection.ACCEPTED
    assert (change.from_selection, change.to_selection) == ("WAITING", "ACCEPTED")
    assert change.changed_by == half_of(tandem).person
    assert Offer.objects.get().answered_by == half_of(tandem)
    assert mails()[2:] == [(half.email, "Zusage") for half in tandem.registrations.all()]
    assert taken(cohort) == 4


@pytest.mark.parametrize("answer", [accept_offer, decline_offer])
def test_to_answer_again_changes_nothing(cohort, answer):
    tandem = waiting_tandem(cohort)
    keep_waiting_lists()

    for role in (Audience.MANAGER, Audience.MANAGER, Audience.COORDINATOR):
        answer(registration=half_of(tandem, role))

    assert len(mails()) == 4
    assert Offer.objects.get().answered_by == half_of(tandem)
    assert AuditEvent.objects.filter(action__startswith="OFFER").count() == 2


def test_one_half_declines_for_both_and_the_other_learns_who(cohort):
    tandem, following = waiting_tandem(cohort), waiting_tandem(cohort)
    keep_waiting_lists()

    decline_offer(registration=half_of(tandem))

    tandem.refresh_from_db()
    assert tandem.selection == Selection.WAITING
    assert taken(cohort) == 2
    own, other = (last_mail(half_of(tandem, role).email).message for role in Audience)
    assert "Sie haben das Angebot" in own
    assert f"{half_of(tandem).full_name} hat das Angebot" in other
    assert keep_waiting_lists() == 1
    assert Offer.objects.open().get().tandem == following


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        (accept_offer, decline_offer, "Der Platz ist schon angenommen."),
        (decline_offer, accept_offer, "Das Angebot ist schon abgelehnt."),
    ],
)
def test_the_first_answer_counts(cohort, first, second, sentence):
    tandem = waiting_tandem(cohort)
    keep_waiting_lists()
    first(registration=half_of(tandem))

    with pytest.raises(OfferRefused, match=sentence):
        second(registration=half_of(tandem, Audience.COORDINATOR))


def test_an_expired_offer_moves_on_and_is_not_made_again_by_itself(cohort):
    tandem, following = waiting_tandem(cohort, name="Moers"), waiting_tandem(cohort)
    keep_waiting_lists()

    with time_machine.travel(TODAY + days(6)):
        keep_waiting_lists()

        assert Offer.objects.open().get().tandem == following
        assert last_mail(half_of(tandem).email).subject.startswith("Das Angebot ist abgelaufen")
        assert (
            "Das Angebot vom Mo, 2.\u00a0November 2026 ist abgelaufen; von selbst folgt kein zweites."
            in reasons(cohort, tandem, reasons_for_organiser)
        )
    with time_machine.travel(TODAY + days(12)):
        assert keep_waiting_lists() == 0
        assert taken(cohort) == 2


def test_an_expired_offer_cannot_be_accepted_even_before_the_job_comes(cohort):
    tandem = waiting_tandem(cohort)
    keep_waiting_lists()

    with time_machine.travel(TODAY + days(6)), pytest.raises(OfferRefused, match="Das Angebot ist abgelaufen"):
        accept_offer(registration=half_of(tandem))


def test_the_reminder_comes_once_and_a_day_before(cohort):
    tandem = waiting_tandem(cohort)
    keep_waiting_lists()

    with time_machine.travel(TODAY + days(4)):
        keep_waiting_lists()
        assert len(mails()) == 2
    for hours in (24 + 9 + 6, 24 + 10 + 6):
        with time_machine.travel(TODAY + days(3) + datetime.timedelta(hours=hours)):
            keep_waiting_lists()

    assert [subject.partition(" bis")[0] for _, subject in mails()[2:]] == ["Bitte antworten Sie"] * 2
    assert mails()[2][0] == half_of(tandem).email


def test_the_organiser_offers_in_turn_where_nothing_moves_by_itself(organiser):
    cohort = closed_cohort(places=4, moves_up_automatically=False)
    tandem = waiting_tandem(cohort)

    offers = [offer_free_places(cohort=cohort, by=organiser) for _ in range(2)]

    assert [len(made) for made in offers] == [1, 0]
    assert (Offer.objects.get().tandem, Offer.objects.get().made_by) == (tandem, organiser)
    assert len(mails()) == 2


def test_out_of_turn_the_organiser_gives_a_reason(cohort, organiser):
    waiting_tandem(cohort)
    second = waiting_tandem(cohort)

    with pytest.raises(OfferRefused, match="Bitte nennen Sie den Grund"):
        offer_to(tandem=second, reason="", by=organiser)
    offer_to(tandem=second, reason="Einziges Tandem aus Thüringen", by=organiser)
    offer_to(tandem=second, reason="Einziges Tandem aus Thüringen", by=organiser)

    offer = Offer.objects.get()
    assert (offer.tandem, offer.reason, offer.made_by) == (second, "Einziges Tandem aus Thüringen", organiser)
    assert len(mails()) == 2


def test_the_organiser_asks_again_after_an_offer_has_expired(cohort, organiser):
    tandem = waiting_tandem(cohort)
    keep_waiting_lists()

    with time_machine.travel(TODAY + days(6)):
        keep_waiting_lists()
        offer_to(tandem=tandem, reason="", by=organiser)

        assert Offer.objects.open().get().made_by == organiser


def test_to_a_tandem_no_single_place_is_offered(organiser):
    cohort = closed_cohort(places=3)
    tandem = waiting_tandem(cohort)

    with pytest.raises(
        OfferRefused, match=r"Es ist ein Platz frei; gebraucht werden 2\. Es ist nichts angeboten\."
    ):
        offer_to(tandem=tandem, reason="x", by=organiser)


def test_a_revoked_offer_frees_its_places_once(cohort, organiser):
    tandem = waiting_tandem(cohort)
    keep_waiting_lists()
    offer = Offer.objects.select_related("tandem__cohort").get()

    assert [revoke_offer(offer=offer, by=organiser) for _ in range(2)] == [True, False]
    assert taken(cohort) == 2
    assert mails()[2:] == [(half.email, "Wir nehmen unser Angebot zurück") for half in tandem.registrations.all()]
    with pytest.raises(OfferRefused, match="zurückgenommen"):
        accept_offer(registration=half_of(tandem))


def test_an_accepted_offer_is_not_revoked(cohort, organiser):
    tandem = waiting_tandem(cohort)
    keep_waiting_lists()
    offer = Offer.objects.select_related("tandem__cohort").get()
    accept_offer(registration=half_of(tandem))

    assert not revoke_offer(offer=offer, by=organiser)
    assert taken(cohort) == 4


def test_offered_places_are_taken_for_everybody_else(cohort, organiser):
    waiting_tandem(cohort)
    other = complete_tandem(cohort=cohort, selection=Selection.DECLINED)
    keep_waiting_lists()

    plan = decide(cohort=cohort, seen={other.pk: "DECLINED"}, selection=Selection.ACCEPTED, by=organiser)

    assert plan.without_room == [other]


def test_an_offer_shrinks_with_its_tandem_and_ends_with_it(cohort):
    tandem = waiting_tandem(cohort)
    keep_waiting_lists()

    withdraw_registration(registration=half_of(tandem))
    assert (Offer.objects.get().places, taken(cohort)) == (1, 3)
    withdraw_registration(registration=half_of(tandem, Audience.COORDINATOR))

    assert (Offer.objects.get().answer, taken(cohort)) == ("DECLINED", 2)


def test_who_has_withdrawn_answers_no_more(cohort):
    tandem = waiting_tandem(cohort)
    keep_waiting_lists()
    half = half_of(tandem)
    withdraw_registration(registration=half)

    with pytest.raises(OfferRefused, match="Ihre Anmeldung gilt nicht mehr"):
        accept_offer(registration=half)


def test_an_offer_grows_with_two_who_come_together():
    cohort = closed_cohort(places=4)
    first, second = waiting_single(cohort, role=Audience.MANAGER), waiting_single(cohort)
    keep_waiting_lists()
    assert [offer.places for offer in Offer.objects.open()] == [1, 1]
    manager, coordinator = half_of(first), half_of(second, Audience.COORDINATOR)
    proposal = PartnerProposal.objects.create(
        manager=manager, coordinator=coordinator, is_same_municipality=True, coordinator_agreed=True
    )
    Cohort.objects.update(places=5)

    join_proposed(proposal)

    assert (Offer.objects.open().get().places, taken(cohort)) == (2, 4)
    accept_offer(registration=half_of(first))
    assert taken(cohort) == 4


def test_two_tandems_that_share_a_half_are_offered_places_together():
    cohort = closed_cohort(places=4)
    shared = waiting_tandem(cohort)
    neighbour = RegistrationFactory(
        tandem__cohort=cohort,
        tandem__selection=Selection.WAITING,
        tandem__shared_half=half_of(shared, Audience.COORDINATOR),
        tandem__exception_reason="Nachbarn",
        role=Audience.MANAGER,
    ).tandem
    single = waiting_single(cohort)

    keep_waiting_lists()
    assert [offer.tandem for offer in Offer.objects.all()] == [single]
    Cohort.objects.filter(pk=cohort.pk).update(places=6)
    keep_waiting_lists()

    assert {(offer.tandem, offer.places) for offer in Offer.objects.open()} == {
        (single, 1),
        (shared, 2),
        (neighbour, 1),
    }


def reasons(cohort, tandem, words):
    return words(next(row for row in standings(waiting_list(cohort)) if row.tandem == tandem))


def test_why_not_yet_is_answered_for_everybody():
    cohort = closed_cohort(places=3, moves_up_automatically=False)
    first, second = waiting_tandem(cohort), waiting_tandem(cohort)
    single = waiting_single(cohort)
    by_hand = "Freie Plätze bietet die Organisation selbst an."

    assert reasons(cohort, first, reasons_for_person) == (
        "Es ist ein Platz frei; Ihr Tandem braucht zwei.",
        "Sie stehen an erster Stelle.",
        by_hand,
    )
    assert reasons(cohort, second, reasons_for_person)[1] == "Vor Ihnen steht eine andere Anmeldung."
    assert reasons(cohort, single, reasons_for_organiser) == (
        "Es ist ein Platz frei.",
        "Davor stehen 2 andere Anmeldungen.",
        "Vollständige Tandems rücken zuerst nach.",
    )


def test_why_not_yet_without_a_free_place():
    cohort = closed_cohort(places=2)
    tandem = waiting_tandem(cohort)

    assert reasons(cohort, tandem, reasons_for_person)[0] == "Es ist kein Platz frei."


def test_since_when_somebody_waits_is_when_it_was_decided(cohort, organiser):
    tandem = complete_tandem(cohort=cohort)
    with time_machine.travel(TODAY - days(3), tick=False):
        decide(cohort=cohort, seen={tandem.pk: "OPEN"}, selection=Selection.WAITING, by=organiser)

    tandem = Tandem.objects.select_related("cohort").get(pk=tandem.pk)
    assert waiting_note(tandem).since == TODAY - days(3)


def test_an_open_offer_is_what_the_note_says(cohort):
    tandem = waiting_tandem(cohort)
    keep_waiting_lists()

    note = waiting_note(Tandem.objects.select_related("cohort").get(pk=tandem.pk))

    assert note.has_offer
    assert note.sentences == (
        "Für Ihr Tandem ist bis Sa, 7.\u00a0November 2026, 23:59\u00a0Uhr Platz für beide reserviert.",
    )


def test_who_does_not_wait_has_no_note(cohort):
    assert waiting_note(Registration.objects.accepted().first().tandem) is None


@pytest.mark.parametrize("count", [1, 3])
def test_waiting_list_query_count(django_assert_num_queries, count):
    cohort = closed_cohort(places=2)
    for _ in range(count):
        waiting_tandem(cohort)

    with django_assert_num_queries(10):
        assert len(standings(waiting_list(cohort))) == count


def test_free_and_waiting_counts_what_nobody_has_taken_up(cohort, django_assert_num_queries):
    keys = [cohort.pk, CohortFactory().pk]
    assert free_and_waiting(keys) == {}
    waiting_tandem(cohort)

    with django_assert_num_queries(2):
        assert free_and_waiting(keys) == {cohort.pk: 2}
    keep_waiting_lists()
    assert free_and_waiting(keys) == {}


def test_offers_ending_by_counts_open_offers(cohort, django_assert_num_queries):
    waiting_tandem(cohort)
    keep_waiting_lists()
    end = TODAY.date() + days(5)

    with django_assert_num_queries(1):
        assert offers_ending_by([cohort.pk], day=end) == {cohort.pk: 1}
    assert offers_ending_by([cohort.pk], day=end - days(1)) == {}


def test_a_cohort_that_is_overbooked_by_hand_holds_up_no_other(cohort, caplog):
    for _ in range(2):
        complete_tandem(cohort=cohort, selection=Selection.ACCEPTED)
    waiting_tandem(cohort)
    other = waiting_tandem(closed_cohort(places=4))

    assert keep_waiting_lists() == 1
    assert Offer.objects.get().tandem == other
    assert f"The waiting list of cohort {cohort.pk} cannot be kept." in caplog.text


def test_an_idle_job_costs_one_query(cohort, django_assert_num_queries):
    waiting_tandem(cohort)
    keep_waiting_lists()

    with django_assert_num_queries(1):
        keep_waiting_lists()
