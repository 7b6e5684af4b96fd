"""Never overbooked: 50 people at the same instant, the job beside them, and the database's own rule."""

import random
from collections import Counter

import pytest
from django.db import IntegrityError, transaction

from curriculum.models import Audience, Cohort
from participants.actions.joining import confirm_registration
from participants.actions.locking import RegistrationRefused
from participants.actions.partners import complete_tandem as complete_by_partner
from participants.actions.places import recount
from participants.actions.registrations import Particulars
from participants.actions.selection import decide
from participants.actions.waiting import OfferRefused, accept_offer, keep_waiting_lists
from participants.models import Offer, Registration, Selection, Tandem
from participants.queries.places import places_taken
from tests.factories import CohortFactory, RegistrationFactory, complete_tandem
from tests.participants.forms import mails
from tests.participants.waiting import closed_cohort, half_of, taken, waiting_single, waiting_tandem

pytestmark = pytest.mark.slow

AT_ONCE = 50


@pytest.fixture
def patient_at_once(at_once):
    """As `at_once`; an exception of one call is its result, so that none gets lost."""

    def guarded(call):
        def run():
            try:
                return call()
            except (RegistrationRefused, OfferRefused) as refusal:
                return str(refusal)
            except Exception as error:
                return error

        return run

    return lambda *calls: at_once(*[guarded(call) for call in calls])


def particulars(number):
    return Particulars(
        email=f"zweite{number}@stadt.example",
        salutation="",
        title="",
        given_names="Ben",
        family_name=f"Roth{number}",
        organisation="Stadt",
        organisation_type="",
    )


def people_in(cohort):
    return Registration.objects.accepted().filter(cohort=cohort).count()


def test_places_beyond_the_last_cannot_be_stored(db):
    cohort = CohortFactory(places=4)
    Cohort.objects.filter(pk=cohort.pk).update(places_taken=4)

    with pytest.raises(IntegrityError, match="cohort_not_overbooked"), transaction.atomic():
        Cohort.objects.filter(pk=cohort.pk).update(places_taken=5)
    with pytest.raises(IntegrityError, match="cohort_not_overbooked"), transaction.atomic():
        Cohort.objects.filter(pk=cohort.pk).update(places=3)


def test_whoever_takes_a_place_too_many_takes_everything_back(db):
    cohort = CohortFactory(places=2)
    complete_tandem(cohort=cohort, selection=Selection.ACCEPTED)
    recount(cohort)

    def take_one_too_many():
        with transaction.atomic():
            RegistrationFactory(tandem__cohort=cohort, accepted=True)
            recount(cohort)

    with pytest.raises(IntegrityError, match="cohort_not_overbooked"):
        take_one_too_many()

    assert people_in(cohort) == 2


def test_fifty_decisions_at_once_fill_exactly_the_places(patient_at_once, organiser):
    cohort = CohortFactory(places=9)
    tandems = [complete_tandem(cohort=cohort) for _ in range(AT_ONCE)]

    def accept(tandem):
        return lambda: decide(cohort=cohort, seen={tandem.pk: "OPEN"}, selection=Selection.ACCEPTED, by=organiser)

    plans = patient_at_once(*[accept(tandem) for tandem in tandems])

    assert Counter(len(plan.ready) for plan in plans) == {1: 4, 0: 46}
    assert Counter(len(plan.without_room) for plan in plans) == {0: 4, 1: 46}
    assert people_in(cohort) == taken(cohort) == 8
    assert len(mails()) == 8


def test_fifty_second_halves_at_once_take_the_five_places_that_are_left(patient_at_once):
    cohort = closed_cohort(places=AT_ONCE + 5, accepted=0)
    halves = [
        RegistrationFactory(
            tandem__cohort=cohort,
            tandem__selection=Selection.ACCEPTED,
            tandem__partner_email=f"zweite{number}@stadt.example",
            role=Audience.MANAGER,
        )
        for number in range(AT_ONCE)
    ]
    recount(cohort)

    def join(number, half):
        return lambda: complete_by_partner(tandem=half.tandem, particulars=particulars(number))

    results = patient_at_once(*[join(number, half) for number, half in enumerate(halves)])

    refused = "Im Durchgang ist kein Platz mehr frei. Bitte wenden Sie sich an die Organisation."
    assert Counter(results) == {True: 5, refused: 45}
    assert people_in(cohort) == taken(cohort) == cohort.places


def test_fifty_answers_decisions_and_confirmations_with_the_job_beside_them(patient_at_once, organiser):
    """Every way to a place at once, in a mixed order; the job comes three times in between."""
    cohort = closed_cohort(places=24, accepted=2)
    waiting = [waiting_tandem(cohort) for _ in range(20)] + [waiting_single(cohort) for _ in range(6)]
    keep_waiting_lists()
    offered = [offer.tandem for offer in Offer.objects.open()]
    others = [complete_tandem(cohort=cohort, selection=Selection.DECLINED) for _ in range(10)]
    alone = [
        RegistrationFactory(
            tandem=tandem,
            role=Audience.MANAGER,
            person=None,
            email=f"m{tandem.pk}@stadt.example",
            given_names="M",
            family_name="N",
            confirmed_at=None,
        )
        for tandem in waiting[20:]
    ]
    both = [half_of(tandem, role) for tandem in offered for role in Audience]
    calls = [lambda half=half: accept_offer(registration=half) for half in both]
    calls += [
        lambda tandem=tandem: decide(
            cohort=cohort, seen={tandem.pk: "DECLINED"}, selection=Selection.ACCEPTED, by=organiser
        )
        for tandem in others
    ]
    calls += [lambda half=half: confirm_registration(registration=half) for half in alone]
    calls += [keep_waiting_lists] * (AT_ONCE - len(calls))
    random.Random(7).shuffle(calls)  # noqa: S311 -- a mixed order that can be repeated

    results = patient_at_once(*calls)

    assert len(calls) == AT_ONCE
    assert [result for result in results if isinstance(result, Exception) or result is None] == []
    assert len(offered) == 10
    assert people_in(cohort) == taken(cohort) == places_taken(cohort) == 24
    assert set(Tandem.objects.filter(selection=Selection.ACCEPTED, offers__isnull=False)) == set(offered)
    assert Counter(subject for _, subject in mails())["Zusage"] == 20


def test_the_last_place_goes_to_one_of_offer_and_substitute(patient_at_once, organiser):
    """A place that was kept too long: the job gives it away while the substitute comes."""
    cohort = closed_cohort(places=2)
    tandem = cohort.tandems.get()
    single = waiting_single(cohort, role=Audience.MANAGER)
    left = half_of(tandem)
    Registration.objects.filter(pk=left.pk).update(withdrawn_at=left.confirmed_at)
    Tandem.objects.filter(pk=tandem.pk).update(
        place_held_until=left.confirmed_at, partner_email="zweite1@stadt.example"
    )

    results = patient_at_once(
        lambda: complete_by_partner(tandem=tandem, particulars=particulars(1)),
        *[keep_waiting_lists] * 3,
        *[lambda: decide(cohort=cohort, seen={single.pk: "WAITING"}, selection=Selection.ACCEPTED, by=organiser)]
        * 2,
    )

    assert [result for result in results if isinstance(result, Exception)] == []
    assert taken(cohort) == places_taken(cohort) == 2
    has_joined, has_moved = results[0] is True, Offer.objects.exists() or people_in(cohort) == 2
    assert has_joined or has_moved


def test_two_jobs_at_once_offer_and_mail_once(patient_at_once):
    cohort = closed_cohort(places=6)
    for _ in range(5):
        waiting_tandem(cohort)

    results = patient_at_once(*[keep_waiting_lists] * 4)

    assert sum(results) == 2
    assert Offer.objects.count() == 2
    assert len(mails()) == 4
