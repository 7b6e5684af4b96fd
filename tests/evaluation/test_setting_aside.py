"""What stands in the register by mistake or twice: taken back or merged, never deleted, and who reads it then."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.formats import date_format

from evaluation.actions.recommendations import (
    NotDecidable,
    add_recommendation,
    decide_recommendation,
    set_aside_recommendation,
)
from evaluation.models import Recommendation
from evaluation.models import RecommendationState as State
from evaluation.queries.report import cohort_report
from evaluation.queries.workshops import recommended_in
from evaluation.queries.you_said import you_said
from netzkoord.models import AuditAction, AuditEvent
from tests import factories
from tests.evaluation.workshops import guiding_question

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return factories.CohortFactory()


def entry(text="Mehr Zeit", **fields):
    return Recommendation.objects.create(text=text, **fields)


def address(recommendation, name="set_aside"):
    return reverse(f"evaluation:recommendation_{name}", args=[recommendation.pk])


def set_aside(recommendation, by, into=None, reason="Doppelt."):
    set_aside_recommendation(recommendation=recommendation, reason=reason, merged_into=into, by=by)
    recommendation.refresh_from_db()
    return recommendation


def audit_lines():
    return [
        event.details["state"]
        for event in AuditEvent.objects.filter(action=AuditAction.RECOMMENDATION_DECIDED).order_by("pk")
    ]


def listed(client, **filters):
    return client.get(reverse("evaluation:recommendation_list"), filters).content.decode()


# Taking back


def test_entry_by_mistake_is_taken_back_with_its_reason(staff, organiser, cohort):
    recommendation = entry("Nur ein Versuch", cohort=cohort)

    assert address(recommendation) in staff.get(recommendation.get_absolute_url()).content.decode()
    for _ in range(2):
        response = staff.post(address(recommendation), {"reason": "Zur Probe eingetragen."}, follow=True)

    page = response.content.decode()
    recommendation.refresh_from_db()
    assert (recommendation.state, recommendation.reason) == ("WITHDRAWN", "Zur Probe eingetragen.")
    assert (recommendation.decided_by, recommendation.decided_on is None) == (organiser, False)
    assert audit_lines() == ["WITHDRAWN"]
    assert "zurückgenommen" in page
    assert "Zur Probe eingetragen." in page
    assert "Nur die Organisation liest sie." in page


def test_what_was_taken_back_is_told_to_nobody_and_found_by_its_state(staff, organiser, cohort):
    set_aside(entry("Nur ein Versuch", cohort=cohort), organiser)

    assert you_said(cohort).is_empty
    assert cohort_report(cohort).register == []
    assert "Nur ein Versuch" not in listed(staff)
    assert "Nur ein Versuch" in listed(staff, stand="WITHDRAWN")


def test_what_was_taken_back_can_be_opened_again(staff, organiser, cohort):
    recommendation = set_aside(entry(cohort=cohort), organiser)

    staff.post(address(recommendation, "decide"), {"state": "OPEN", "reason": "Sie gilt doch."})

    recommendation.refresh_from_db()
    assert recommendation.is_open
    assert [decision.state for decision in recommendation.decisions.all()] == ["WITHDRAWN", "OPEN"]
    assert audit_lines() == ["WITHDRAWN", "OPEN"]
    assert len(you_said(cohort).open) == 1


@pytest.mark.parametrize("state", ["ACCEPTED", "DONE", "DECLINED"])
def test_what_is_decided_is_not_taken_back(staff, state):
    recommendation = entry(state=state, reason="Ja.")

    page = staff.post(address(recommendation), {"reason": "Doppelt."}).content.decode()

    recommendation.refresh_from_db()
    assert recommendation.state == state
    assert "Zurücknehmen lässt sich nur, worüber nicht entschieden ist." in page
    assert "Doppelt." in page


def test_what_a_change_is_put_down_to_is_not_taken_back(organiser):
    recommendation = entry()
    recommendation.causes.create(edition=factories.EditionFactory(), part_key=recommendation.key)

    with pytest.raises(NotDecidable, match="Anlass"):
        set_aside(recommendation, organiser)


def test_setting_aside_is_no_decision_like_others(staff):
    recommendation = entry()

    for state in ("WITHDRAWN", "MERGED"):
        page = staff.post(address(recommendation, "decide"), {"state": state, "reason": "Ja."}).content.decode()
        assert "Wählen Sie, was entschieden ist." in page

    recommendation.refresh_from_db()
    assert recommendation.is_open


@pytest.fixture
def card():
    question = guiding_question(purpose="RECOMMENDATION", text="Was raten Sie?")
    return question.cards.create(round=question.workshop.rounds.get(), text="Mehr Praxis")


def test_card_of_an_entry_taken_back_leads_to_it(staff, organiser, card):
    workshop = card.guiding_question.workshop
    recommendation = set_aside(entry("Mehr Praxis", card=card, workshop=workshop), organiser)

    board = staff.get(reverse("evaluation:wall_board", args=[card.guiding_question_id])).content.decode()
    response = staff.get(reverse("evaluation:recommendation_from_card", args=[card.pk]), follow=True)

    assert "steht im Register" not in board
    assert response.redirect_chain == [(recommendation.get_absolute_url(), 302)]
    assert "Öffnen Sie sie wieder, wenn sie doch gilt." in response.content.decode()
    assert recommended_in(workshop) == []
    assert Recommendation.objects.count() == 1


# Merging


def test_other_entries_are_told_apart_by_where_and_when_they_were_said(staff, cohort):
    question = guiding_question(purpose="RECOMMENDATION", text="Was raten Sie?")
    workshop = question.workshop
    entry(workshop=workshop, round=workshop.rounds.get())
    entry(source="Brief aus Moers", cohort=cohort)

    page = staff.get(address(entry("Längere Pausen"))).content.decode()

    day = date_format(workshop.held_on, "d.m.Y")
    assert f">Mehr Zeit (Netzwerke, 1. Runde, {day}, offen)<" in page
    assert f">Mehr Zeit (Brief aus Moers, {cohort}, offen)<" in page


def test_entry_is_merged_into_the_one_that_says_the_same(staff, organiser, cohort):
    first, second = entry("Längere Pausen", cohort=cohort), entry("längere pausen!", cohort=cohort)

    form = staff.get(address(second)).context["form"]
    staff.post(address(second), {"merged_into": first.pk, "reason": "Dasselbe."})

    second.refresh_from_db()
    assert form["merged_into"].value() == first.pk
    assert (second.state, second.merged_into) == ("MERGED", first)
    assert second.decisions.get().merged_into == first
    assert audit_lines() == ["MERGED"]
    for recommendation, other in [(first, second), (second, first)]:
        assert f'href="{other.get_absolute_url()}"' in staff.get(recommendation.get_absolute_url()).content.decode()


def test_both_words_are_read_once_with_what_became_of_them(organiser, cohort):
    first = entry("Längere Pausen", cohort=cohort, source="Gespräch")
    set_aside(entry("Mehr Zeit am Rand", cohort=cohort, source="Rückmeldung"), organiser, into=first)
    decide_recommendation(
        recommendation=first, state=State.DECLINED, reason="Keine Zeit.", edition=None, by=organiser
    )

    page = you_said(cohort)

    [said] = page.declined
    assert [voice.words for voice in said.voices] == ["Längere Pausen", "Mehr Zeit am Rand"]
    assert (said.reason, page.open) == ("Keine Zeit.", [])
    assert [each.text for each in cohort_report(cohort).register] == ["Längere Pausen"]


def test_same_words_from_the_same_place_stand_once(organiser, cohort):
    first = entry("Längere Pausen", cohort=cohort, source="Gespräch")
    set_aside(entry("Längere Pausen", cohort=cohort, source="Gespräch"), organiser, into=first)

    [said] = you_said(cohort).open

    assert len(said.voices) == 1


def test_words_that_were_merged_elsewhere_are_told_with_that_fate(organiser, cohort):
    elsewhere = entry("Den Austausch stärken", cohort=factories.CohortFactory(), source="Anderswo")
    merged = set_aside(entry("Mehr Pausen", cohort=cohort, source="Hier"), organiser, into=elsewhere)
    decide_recommendation(recommendation=elsewhere, state=State.ACCEPTED, reason="Ja.", edition=None, by=organiser)

    [said] = you_said(cohort).accepted

    assert [(voice.words, voice.origin) for voice in said.voices] == [("Mehr Pausen", "Hier")]
    assert (said.reworded, said.reason) == ("Den Austausch stärken", "Ja.")
    assert cohort_report(cohort).register == [merged]


def test_merged_entry_stands_once_in_the_list_and_is_found_by_its_state(staff, organiser):
    set_aside(entry("Noch einmal"), organiser, into=entry("Zuerst"))

    assert "Noch einmal" not in listed(staff)
    page = listed(staff, stand="MERGED")
    assert "Noch einmal" in page
    assert "Zuerst" in page
    table = staff.get(reverse("evaluation:recommendation_export", args=["csv"]), {"stand": "MERGED"})
    assert "zusammengefasst mit: Zuerst" in table.content.decode()


def test_merged_entry_that_is_opened_again_stands_for_itself(organiser):
    first = entry("Zuerst")
    second = set_aside(entry("Noch einmal"), organiser, into=first)

    decide_recommendation(
        recommendation=second, state=State.OPEN, reason="Doch anders.", edition=None, by=organiser
    )

    second.refresh_from_db()
    assert (second.state, second.merged_into) == ("OPEN", None)
    assert [decision.merged_into for decision in second.decisions.all()] == [first, None]


def test_entries_are_not_merged_in_a_row_nor_in_a_circle(organiser):
    first, second, third = entry("Eins"), entry("Zwei"), entry("Drei")
    set_aside(second, organiser, into=first)

    with pytest.raises(NotDecidable, match="andere zusammengefasst"):
        set_aside(first, organiser, into=third)
    with pytest.raises(NotDecidable, match="andere zusammengefasst"):
        set_aside(first, organiser)
    with pytest.raises(NotDecidable, match="inzwischen zusammengefasst"):
        set_aside(third, organiser, into=second)


def test_what_stands_in_the_way_is_said_before_a_reason_is_typed(staff, organiser):
    first = entry("Eins")
    set_aside(entry("Zwei"), organiser, into=first)

    response = staff.get(address(first), follow=True)

    assert response.redirect_chain == [(first.get_absolute_url(), 302)]
    assert "Öffnen Sie zuerst jene wieder." in response.content.decode()


@pytest.mark.parametrize("fields", [{"state": "MERGED", "reason": "Ja."}, {"merged": True}])
def test_merged_says_into_which_one_in_the_table(fields):
    first = entry()
    into = {"merged_into": first} if fields.pop("merged", False) else {}

    with pytest.raises(IntegrityError), transaction.atomic():
        entry(**fields, **into)


def test_nothing_is_merged_into_itself_in_the_table():
    first = entry()

    with pytest.raises(IntegrityError), transaction.atomic():
        Recommendation.objects.filter(pk=first.pk).update(state="MERGED", reason="Ja.", merged_into=first.pk)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Schreiben Sie in einem Satz"),
        ({"reason": " "}, "Schreiben Sie in einem Satz"),
        ({"reason": "x" * 1001}, "Platz ist für 1000"),
        ({"reason": "Ja.", "merged_into": "x"}, "Wählen Sie neu."),
        ({"reason": "Ja.", "merged_into": "9" * 30}, "Wählen Sie neu."),
        ({"reason": "Ja.", "merged_into": "itself"}, "Wählen Sie neu."),
    ],
)
def test_setting_aside_survives_nonsense(staff, fields, sentence):
    recommendation = entry()
    if fields.get("merged_into") == "itself":
        fields = fields | {"merged_into": recommendation.pk}

    assert sentence in staff.post(address(recommendation), fields).content.decode()
    recommendation.refresh_from_db()
    assert recommendation.is_open


def test_entry_taken_back_does_not_stand_in_the_way_of_a_right_one(staff, organiser):
    set_aside(entry(source="Gespräch"), organiser)
    fields = {"text": "Mehr Zeit", "source": "Gespräch", "audience": "BOTH"}

    new = add_recommendation(recommendation=Recommendation(text="Mehr Zeit"), by=organiser)
    staff.post(address(new, "edit"), fields)

    assert Recommendation.objects.standing().get() == new


def test_trainers_and_readers_set_nothing_aside(client, trainer, reader):
    recommendation = entry()
    for user in (trainer, reader):
        client.force_login(user)

        assert client.post(address(recommendation), {"reason": "Nein."}).status_code == 403
        assert "Zurücknehmen" not in client.get(recommendation.get_absolute_url()).content.decode()
