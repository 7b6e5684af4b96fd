"""What goes over when two registrations are put together, and comes back when they are parted again."""

import datetime

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curriculum.models import Audience, Cohort
from participants.actions.consents import give_consent, withdraw_consent
from participants.actions.duplicates import merge_registrations, undo_merge
from participants.actions.locking import RegistrationRefused
from participants.actions.places import recount
from participants.models import (
    Approval,
    Consent,
    ConsentPurpose,
    PartnerProposal,
    PoolInvitation,
    Registration,
    Tandem,
    TandemForm,
)
from participants.queries.lines import lines_of
from tests.factories import CohortFactory, RegistrationFactory, TandemFactory

pytestmark = pytest.mark.django_db

POOL, PHOTO = ConsentPurpose.POOL, ConsentPurpose.PHOTO
NOW = datetime.datetime(2026, 11, 1, 12, 0, 0, 123456, tzinfo=datetime.UTC)


def ago(hours):
    return NOW - datetime.timedelta(hours=hours)


UNCONFIRMED = {
    "person": None,
    "confirmed_at": None,
    "given_names": "Anna",
    "family_name": "Müller",
    "email": "doppelt@stadt.example",
}


def twins(**fields):
    cohort = CohortFactory()
    kept = RegistrationFactory(tandem__cohort=cohort, organisation="Stadt Ulm")
    return kept, RegistrationFactory(tandem__cohort=cohort, organisation="Stadt Ulm", **fields)


def merge(kept, merged, **values):
    return merge_registrations(kept=kept, merged=merged, values=values, by=None)


def consent(half, purpose=POOL, *, given, withdrawn=None):
    moments = {"given_at": ago(given), "withdrawn_at": None if withdrawn is None else ago(withdrawn)}
    return Consent.objects.create(registration=half, purpose=purpose, version=3, text="So stand es da.", **moments)


def approval(half, *, decided=False, email="chefin@stadt.example"):
    answer = {"name": "Chefin", "position": "Amt", "decided_at": ago(1), "is_granted": True} if decided else {}
    return Approval.objects.create(registration=half, email=email, asked_at=ago(9), **answer)


def holder(row):
    row.refresh_from_db()
    return row.registration


def valid(half):
    return list(half.consents.valid().values_list("purpose", flat=True))


def test_a_consent_goes_over_with_its_text_and_its_moment():
    kept, merged = twins()
    given_there = consent(merged, given=5)

    merge(kept, merged)

    found = kept.consents.get()
    assert (found.pk, found.version, found.text) == (given_there.pk, 3, "So stand es da.")
    assert (found.given_at, found.withdrawn_at) == (ago(5), None)


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ((5, None), (3, None), [POOL]),
        ((5, 4), (3, None), [POOL]),
        ((5, 2), (3, None), []),
        ((5, None), (4, 3), []),
        ((2, None), (4, 3), [POOL]),
        ((2, None), (9, None), [POOL]),
    ],
)
def test_of_two_consents_the_last_word_counts(ours, theirs, expected):
    kept, merged = twins()
    for half, (given_hours, withdrawn) in ((kept, ours), (merged, theirs)):
        consent(half, given=given_hours, withdrawn=withdrawn)

    merge(kept, merged)

    assert valid(kept) == expected


def test_nothing_of_an_unconfirmed_registration_goes_over():
    kept, merged = twins(**UNCONFIRMED)
    given_there, asked = consent(merged, given=5), approval(merged)

    merge(kept, merged)

    assert (holder(given_there), holder(asked)) == (merged, merged)


def test_the_approval_goes_over_and_an_answer_counts_more_than_a_question():
    kept, merged = twins()
    asked = approval(merged)
    merge(kept, merged)
    other_kept, other_merged = twins()
    question = approval(other_kept, email="alt@stadt.example")
    approval(other_merged, decided=True)
    merge(other_kept, other_merged)

    question.refresh_from_db()
    assert holder(asked) == kept
    assert (question.registration, question.email, question.is_granted) == (
        other_kept,
        "chefin@stadt.example",
        True,
    )


def test_who_was_invited_from_the_pool_stays_so():
    kept, merged = twins()
    earlier = RegistrationFactory(email=merged.email, person=merged.person)
    PoolInvitation.objects.create(registration=earlier, cohort=kept.cohort)
    to_later = PoolInvitation.objects.create(registration=merged, cohort=CohortFactory())

    merge(kept, merged)

    assert holder(to_later) == kept
    assert [line.is_from_pool for line in lines_of(kept.cohort) if line.pk == kept.tandem_id] == [True]


def proposal(half):
    other = RegistrationFactory(
        tandem=TandemFactory(cohort=half.cohort, form=TandemForm.SEEKING), role=Audience(half.role).other
    )
    halves = {half.role: half, other.role: other}
    return PartnerProposal.objects.create(
        manager=halves[Audience.MANAGER], coordinator=halves[Audience.COORDINATOR], is_same_municipality=True
    )


def test_open_proposals_end_and_begin_anew_only_where_both_are_still_free():
    kept, merged = twins()
    first = proposal(merged)
    done = merge(kept, merged)
    first.refresh_from_db()
    assert first.closed_at == done.merged_at

    PartnerProposal.objects.create(
        manager=first.manager if first.manager != merged else RegistrationFactory(),
        coordinator=first.coordinator if first.coordinator != merged else RegistrationFactory(),
        is_same_municipality=True,
    )
    undo_merge(merge=done, by=None)

    first.refresh_from_db()
    assert first.closed_at


def test_what_a_person_has_said_since_goes_back_with_it():
    kept, merged = twins()
    consent(merged, POOL, given=5)
    consent(kept, PHOTO, given=5)
    consent(merged, PHOTO, given=4, withdrawn=3)
    done = merge(kept, merged)
    withdraw_consent(registration=kept, purpose=POOL)
    give_consent(registration=kept, purpose=PHOTO)

    undo_merge(merge=done, by=None)

    assert (valid(merged), valid(kept)) == ([], [PHOTO])


def test_the_later_merge_is_undone_first():
    kept, merged = twins()
    third = RegistrationFactory(tandem__cohort=kept.cohort)
    first = merge(kept, merged)
    merge(third, kept)

    with pytest.raises(RegistrationRefused, match="zuerst das rückgängig"):
        undo_merge(merge=first, by=None)


def accepted_pair(places):
    cohort = CohortFactory(places=places)
    kept = RegistrationFactory(tandem__cohort=cohort)
    tandem = TandemFactory(cohort=cohort, selection="ACCEPTED")
    merged = RegistrationFactory(tandem=tandem, role=Audience.COORDINATOR)
    RegistrationFactory(tandem=tandem, role=Audience.MANAGER)
    recount(cohort)
    return kept, merged


def test_who_comes_back_takes_the_place_that_was_kept_meanwhile():
    kept, merged = accepted_pair(places=2)
    done = merge(kept, merged)
    Tandem.objects.filter(pk=merged.tandem_id).update(place_held_until=timezone.now() + datetime.timedelta(days=3))
    recount(kept.cohort)

    undo_merge(merge=done, by=None)

    tandem = Tandem.objects.get(pk=merged.tandem_id)
    assert (tandem.place_held_until, Cohort.objects.get(pk=kept.cohort_id).places_taken) == (None, 2)


@pytest.mark.parametrize(("places", "comes_back"), [(3, True), (2, False)])
def test_an_offer_made_meanwhile_grows_where_there_is_room(places, comes_back):
    kept, merged = accepted_pair(places)
    Tandem.objects.filter(pk=merged.tandem_id).update(selection="WAITING")
    done = merge(kept, merged)
    offer = merged.tandem.offers.create(places=1, expires_at=timezone.now() + datetime.timedelta(days=3))
    if not comes_back:
        RegistrationFactory(tandem__cohort=kept.cohort, accepted=True)
    recount(kept.cohort)

    if comes_back:
        undo_merge(merge=done, by=None)
    else:
        with pytest.raises(RegistrationRefused, match="inzwischen vergeben"):
            undo_merge(merge=done, by=None)

    offer.refresh_from_db()
    assert offer.places == (2 if comes_back else 1)


WORDS = st.none() | st.tuples(st.integers(3, 9), st.none() | st.integers(0, 2))
ASKED = st.sampled_from([None, "asked", "answered"])
WORLDS = st.fixed_dictionaries(
    {
        "consents": st.tuples(WORDS, WORDS),
        "approvals": st.tuples(ASKED, ASKED),
        "selections": st.tuples(*[st.sampled_from(["OPEN", "WAITING", "ACCEPTED", "DECLINED"])] * 2),
        "has_partner": st.booleans(),
        "is_held": st.booleans(),
        "is_proposed": st.booleans(),
        "is_confirmed": st.booleans(),
        "invited": st.tuples(st.booleans(), st.booleans()),
        "organisation": st.sampled_from(["Stadt Ulm", "Stadt Neu-Ulm"]),
    }
)
TABLES = (Cohort, Registration, Tandem, Consent, Approval, PoolInvitation, PartnerProposal)


def world(wanted):
    """Two registrations of one cohort with all that may belong to them."""
    kept, merged = twins(**({} if wanted["is_confirmed"] else UNCONFIRMED))
    later = CohortFactory()
    lists = (wanted["consents"], wanted["approvals"], wanted["selections"], wanted["invited"])
    for half, word, asked, selection, is_invited in zip((kept, merged), *lists, strict=True):
        if word:
            consent(half, given=word[0], withdrawn=word[1])
        if asked:
            approval(half, decided=asked == "answered", email=f"chefin-{half.pk}@stadt.example")
        if is_invited:
            PoolInvitation.objects.create(registration=half, cohort=later)
        Tandem.objects.filter(pk=half.tandem_id).update(selection=selection)
    if wanted["has_partner"]:
        RegistrationFactory(tandem=merged.tandem, role=Audience(merged.role).other)
    elif wanted["is_held"] and wanted["is_confirmed"]:
        until = timezone.now() + datetime.timedelta(days=3)
        Tandem.objects.filter(pk=merged.tandem_id).update(place_held_until=until)
    if wanted["is_proposed"] and wanted["is_confirmed"]:
        proposal(merged)
    recount(kept.cohort)
    return kept, merged


def snapshot():
    return {table: list(table.objects.order_by("pk").values()) for table in TABLES}


# Some twenty worlds of a dozen rows each: longer than other tests.
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(WORLDS)
def test_merging_and_undoing_it_leaves_everything_as_it_was(wanted):
    kept, merged = world(wanted)
    before = snapshot()

    done = merge(kept, merged, organisation=wanted["organisation"])
    assert snapshot() != before
    undo_merge(merge=done, by=None)

    assert snapshot() == before
