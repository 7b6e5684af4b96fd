"""What the line proposes, as pure calculation, and the quotas that follow."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curriculum.rules import Rule
from participants.models import Selection
from participants.proposal import Line, propose
from participants.quotas import quota_groups
from participants.selection import Candidate, Group, Person, Trait, rank
from tests.participants.test_selection_rank import MORNING, PATIENT, PUBLIC, candidate

OPEN, ACCEPTED, WAITING, DECLINED = Selection.OPEN, Selection.ACCEPTED, Selection.WAITING, Selection.DECLINED
FIELD = Trait("EDUCATION", "Bildung")


def proposed(candidates, line, *, overrides=None, free_places=0):
    return propose(rank(candidates, Rule()), line, overrides=overrides or {}, free_places=free_places)


def after(proposal):
    return {outcome.candidate.key: outcome.after for outcome in proposal.outcomes}


def five():
    return [candidate(number) for number in range(1, 6)]


def test_without_a_line_as_many_are_accepted_as_fit():
    proposal = proposed(five(), Line(waiting=2), free_places=5)

    assert after(proposal) == {1: ACCEPTED, 2: ACCEPTED, 3: WAITING, 4: WAITING, 5: OPEN}
    assert (proposal.up_to, proposal.room) == (2, 1)


def test_the_rest_is_declined_where_the_organiser_says_so():
    proposal = proposed(five(), Line(up_to=1, waiting=1, declines_rest=True), free_places=10)

    assert after(proposal) == {1: ACCEPTED, 2: WAITING, 3: DECLINED, 4: DECLINED, 5: DECLINED}
    assert proposal.room == 8


def test_above_the_line_what_does_not_fit_waits_and_what_fits_is_accepted():
    single = candidate(6, group=Group.HALF, people=(PUBLIC,))
    proposal = proposed([*five(), single], Line(up_to=6, waiting=9), free_places=3)

    assert after(proposal) == {1: ACCEPTED, 2: WAITING, 3: WAITING, 4: WAITING, 5: WAITING, 6: ACCEPTED}
    assert [one.candidate.key for one in proposal.outcomes if one.lacks_room] == [2, 3, 4, 5]


def test_the_line_ends_where_the_places_end():
    single = candidate(6, group=Group.HALF, people=(PUBLIC,))
    second = candidate(7, group=Group.HALF, people=(PUBLIC,))
    beyond = proposed([*five(), single], Line(up_to=5, waiting=9), free_places=3)
    up_to_the_last_that_fits = proposed([*five(), single, second], Line(up_to=7, waiting=9), free_places=3)

    assert (beyond.up_to, [one.candidate.key for one in beyond.outcomes if one.lacks_room]) == (1, [])
    assert up_to_the_last_that_fits.up_to == 6


def test_a_line_below_the_places_stays_where_it_is_set():
    unconfirmed = candidate(3, group=Group.UNCONFIRMED, people=())

    assert proposed([*five()[:2], unconfirmed], Line(up_to=3), free_places=9).up_to == 3
    assert proposed(five(), Line(up_to=0), free_places=9).up_to == 0


def test_who_would_fit_into_a_place_that_is_left_is_named():
    single = candidate(6, group=Group.HALF, people=(PUBLIC,))

    proposal = proposed([*five(), single], Line(), free_places=3)

    assert proposal.next_fitting.candidate == single
    assert proposed(five(), Line(), free_places=3).next_fitting is None


@pytest.mark.parametrize("stays", [ACCEPTED, DECLINED])
def test_what_is_decided_stays(stays):
    decided = candidate(1, selection=stays, placed=2 if stays is ACCEPTED else 0)

    assert after(proposed([decided], Line(up_to=0, declines_rest=True)))[1] == stays
    assert after(proposed([decided], Line(up_to=9), free_places=9))[1] == stays


def test_who_waits_goes_on_waiting_and_counts_among_the_waiting():
    waiting = candidate(4, selection=WAITING)
    candidates = [candidate(1), candidate(2), candidate(3), waiting]

    proposal = proposed(candidates, Line(up_to=1, waiting=2, declines_rest=True), free_places=2)

    assert after(proposal) == {1: ACCEPTED, 2: WAITING, 3: DECLINED, 4: WAITING}


def test_an_override_counts_before_the_line():
    proposal = proposed(five(), Line(), overrides={5: ACCEPTED, 1: WAITING}, free_places=4)

    assert after(proposal) == {1: WAITING, 2: ACCEPTED, 3: OPEN, 4: OPEN, 5: ACCEPTED}
    assert proposal.room == 0


def test_an_override_that_takes_a_place_back_gives_it_to_the_next():
    placed = candidate(1, selection=ACCEPTED, placed=2)

    proposal = proposed([placed, candidate(2)], Line(), overrides={1: WAITING})

    assert after(proposal) == {1: WAITING, 2: ACCEPTED}


def test_overrides_can_ask_for_more_than_there_is():
    assert proposed(five(), Line(), overrides={4: ACCEPTED, 5: ACCEPTED}, free_places=3).room == -1


def test_who_cannot_be_decided_is_left_alone():
    offered = candidate(1, selection=WAITING, placed=2, is_offered=True)
    unconfirmed = candidate(2, group=Group.UNCONFIRMED, people=())

    proposal = proposed([offered, unconfirmed], Line(up_to=9, waiting=9, declines_rest=True), free_places=9)

    assert after(proposal) == {1: WAITING, 2: OPEN}


def test_tandems_with_a_shared_half_of_which_one_has_a_place_need_only_the_rest():
    bound = candidate(1, keys=(1, 2), people=(PUBLIC,) * 3, placed=2)

    proposal = proposed([bound], Line(), free_places=1)

    assert (after(proposal), proposal.room) == ({1: ACCEPTED}, 0)


def test_quotas_show_now_and_after():
    placed = candidate(1, "Bonn", selection=ACCEPTED, placed=2)
    new = candidate(
        2,
        "Köln",
        states=(Trait("06", "Hessen"),),
        people=(Person("MANAGER", "PUBLIC", FIELD), Person("COORDINATOR")),
    )
    proposal = proposed([placed, new], Line(), free_places=2)

    groups = quota_groups(
        proposal.outcomes,
        given=2,
        free=2,
        room=proposal.room,
        kept={"angeboten": 1, "für Vertretungen gehalten": 0},
    )

    figures = {quota.label: (quota.before, quota.after, quota.change) for group in groups for quota in group.quotas}
    assert figures == {
        "vergeben": (2, 4, "+2"),
        "angeboten": (1, 1, ""),
        "frei": (2, 0, "−2"),
        "Tandems": (1, 2, "+1"),
        "Einzelanmeldungen": (0, 0, ""),
        "Kommunen": (1, 2, "+1"),
        "Länder": (1, 2, "+1"),
        "Führungskräfte": (1, 2, "+1"),
        "Koordinierungskräfte": (1, 2, "+1"),
        "Verwaltung": (1, 2, "+1"),
        "Zivilgesellschaft": (1, 1, ""),
        "andere oder ohne Angabe": (0, 1, "+1"),
        "Bildung": (0, 1, "+1"),
        "ohne Angabe": (2, 3, "+1"),
        "Hessen": (0, 1, "+1"),
        "Nordrhein-Westfalen": (1, 1, ""),
    }


@st.composite
def desks(draw):
    candidates = []
    for key in range(1, draw(st.integers(0, 10)) + 1):
        size = draw(st.sampled_from([0, 1, 2, 3]))
        selection = draw(st.sampled_from(list(Selection))) if size else OPEN
        candidates.append(
            Candidate(
                keys=(key,),
                arrived_at=MORNING + datetime.timedelta(minutes=key),
                group={0: Group.UNCONFIRMED, 1: Group.HALF}.get(size, Group.COMPLETE),
                people=(PUBLIC,) * size,
                municipalities=(Trait("1", "Moers"),),
                selection=selection,
                placed=size if selection == ACCEPTED else 0,
            )
        )
    decidable = [one.key for one in candidates if one.people]
    choices = st.sampled_from([ACCEPTED, WAITING, DECLINED])
    overrides = draw(st.dictionaries(st.sampled_from(decidable), choices, max_size=3)) if decidable else {}
    line = Line(draw(st.none() | st.integers(0, 12)), draw(st.integers(0, 5)), draw(st.booleans()))
    return candidates, line, overrides, draw(st.integers(0, 12))


@PATIENT
@given(desks())
def test_no_line_gives_away_more_than_there_is(desk):
    candidates, line, overrides, free_places = desk
    proposal = proposed(candidates, line, overrides=overrides, free_places=free_places)

    before = sum(one.placed for one in candidates)
    used = sum(len(one.candidate.people) for one in proposal.outcomes if one.after == ACCEPTED)
    assert proposal.room == free_places - (used - before)
    forced = [key for key, selection in overrides.items() if selection == ACCEPTED]
    assert proposal.room >= 0 or forced


@PATIENT
@given(desks())
def test_nobody_who_fits_is_left_out_above_the_line(desk):
    candidates, line, overrides, free_places = desk
    proposal = proposed(candidates, line, overrides=overrides, free_places=free_places)

    left = [one for one in proposal.outcomes if one.lacks_room]
    assert all(one.candidate.needed > max(0, proposal.room) for one in left)
    assert all(one.after != ACCEPTED for one in left)
