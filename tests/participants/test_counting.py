"""Tandems and single registrations are counted alike on dashboard, list and desk, and called what they are."""

import datetime
import html
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from netzkoord import overview
from participants.actions.places import recount
from participants.counting import RegistrationCounts, in_words
from participants.models import Offer, Selection
from participants.queries.selection_desk import desk_of
from participants.selection import Group
from tests.factories import CohortFactory, RegistrationFactory, complete_tandem

COMPLETE, HALF = Group.COMPLETE, Group.HALF


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ([], "keine Anmeldung"),
        ([HALF], "1 Einzelanmeldung"),
        ([HALF, COMPLETE, COMPLETE], "2 Tandems und 1 Einzelanmeldung"),
        (
            [*Group, Group.UNCONFIRMED],
            "1 Tandem, 1 Einzelanmeldung, 2 unbestätigte Anmeldungen und 1 zurückgezogene Anmeldung",
        ),
    ],
)
def test_each_is_called_what_it_is(groups, words):
    assert in_words(groups) == words


def test_who_has_not_confirmed_waits_for_no_decision():
    counts = RegistrationCounts()
    counts.add(selection="OPEN", group=Group.UNCONFIRMED, confirmed=0)

    assert (counts.open_sentence, counts.waiting_sentence) == ("", "")


@pytest.fixture
def cohort(db):
    """Two tandems and a single one wait for a decision; one tandem has a place, one waits for one."""
    cohort = CohortFactory(places=8)
    for selection in (Selection.OPEN, Selection.OPEN, Selection.ACCEPTED, Selection.WAITING, Selection.DECLINED):
        complete_tandem(cohort=cohort, selection=selection)
    RegistrationFactory(tandem__cohort=cohort)
    RegistrationFactory(tandem__cohort=cohort, confirmed_at=None)
    RegistrationFactory(tandem__cohort=cohort, withdrawn_at=timezone.now())
    recount(cohort)
    return cohort


def test_dashboard_list_and_desk_say_the_same(client, organiser, cohort):
    client.force_login(organiser)
    pages = {
        name: client.get(reverse(f"participants:{name}", args=[cohort.pk])).content.decode()
        for name in ("tandem_list", "selection_desk")
    }
    start = client.get(reverse("start")).content.decode()

    waiting = "2 Tandems und 1 Einzelanmeldung warten auf Entscheidung"
    assert waiting in start
    assert waiting in pages["tandem_list"]
    assert "1 Tandem auf der Warteliste" in pages["tandem_list"]
    registered = "5 Tandems, 1 Einzelanmeldung"
    assert f"{registered}, 1 unbestätigte Anmeldung und 1 zurückgezogene Anmeldung" in pages["tandem_list"]
    assert f"{registered} und 1 unbestätigte Anmeldung nach der Auswahlregel" in pages["selection_desk"]
    figures = {figure.label: figure.value for figure in overview.strip_of(cohort).counts}
    assert figures == {
        "Personen bestätigt": 11,
        "Plätze belegt": 2,
        "Tandems": 4,
        "Einzelanmeldungen": 1,
        "Auf der Warteliste": 1,
    }


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("2 Tandems und 1 Einzelanmeldung warten auf Entscheidung", "2 Tandems und 1 Einzelanmeldung"),
        ("1 Tandem auf der Warteliste", "1 Tandem"),
    ],
)
def test_a_figure_leads_to_just_those_that_it_counts(client, organiser, cohort, sentence, found):
    client.force_login(organiser)
    address = reverse("participants:tandem_list", args=[cohort.pk])
    links = dict(re.findall(r'<a href="(\?[^"]*)">([^<]*)</a>', client.get(address).content.decode()))
    query = next(query for query, text in links.items() if text == sentence)

    response = client.get(address + html.unescape(query))

    assert response.context["in_words"] == found


def test_a_line_beyond_the_places_stands_where_they_end_and_the_page_says_so(client, organiser, cohort):
    client.force_login(organiser)
    address = reverse("participants:selection_line", args=[cohort.pk])
    fields = {"line": "", "waiting_count": "10", "rest": "OPEN"}
    cohort.places = 4
    cohort.save()

    response = client.post(address, fields | {"here": "5"}, follow=True)

    desk = response.context["desk"]
    assert (desk.draft.line, desk.proposal.up_to) == (2, 2)
    assert "Bis Rang 5 reichen die freien Plätze nicht." in response.content.decode()
    assert response.redirect_chain[-1][0] == reverse("participants:selection_desk", args=[cohort.pk])
    within = client.post(address, fields | {"here": "1"})
    assert within.url.endswith("#rang-1")


def test_an_offered_place_is_taken_and_not_given(client, organiser, cohort):
    tandem = complete_tandem(cohort=cohort, selection=Selection.WAITING)
    Offer.objects.create(tandem=tandem, places=2, expires_at=timezone.now() + datetime.timedelta(days=3))
    recount(cohort)

    places = desk_of(cohort).quotas[0].quotas

    assert [(one.label, one.before, one.after) for one in places] == [
        ("vergeben", 2, 6),
        ("angeboten", 2, 2),
        ("frei", 4, 0),
    ]
    assert desk_of(cohort).sum_text == "8 von 8 Plätzen belegt, 3 auf der Warteliste"
