"""The rule by which a cohort gives its places: put together, published, fixed, and its lot."""

import datetime
from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils import timezone

from curriculum.actions.cohorts import create_cohort
from curriculum.actions.copy_cohort import copy_cohort
from curriculum.actions.selection_rule import LotRefused, draw_lot, store_rule
from curriculum.announcement import announcement_paper
from curriculum.models import Cohort, Criterion, RuleMethod, SelectionRule, TieBreak
from curriculum.queries.selection_rules import rule_of
from curriculum.rules import ARRIVAL_ALONE, USUAL_RULE, Rule, Weighted, in_words
from netzkoord.models import AuditEvent
from tests.factories import CohortFactory, EditionFactory
from tests.pdf import assert_pdf_ua_and_a, pdf_text
from tests.rewriting import rewrite

pytestmark = pytest.mark.django_db

BY_WEIGHT = Rule(
    RuleMethod.WEIGHT,
    (Weighted(Criterion.STATE_SPREAD, 3), Weighted(Criterion.DECLINED_BEFORE, 10)),
    TieBreak.LOT,
)


@pytest.fixture
def planned(db):
    return CohortFactory(announced_at=None)


@pytest.fixture
def closed(db):
    """Announced with a lot, and nobody can register any more."""
    cohort = CohortFactory(registration_closes_on=timezone.localdate() - datetime.timedelta(days=1))
    store_rule(cohort, BY_WEIGHT)
    return cohort


def address(cohort, name="selection_rule_edit"):
    return reverse(f"curriculum:{name}", args=[cohort.pk])


def fields_of(client, cohort):
    """What the page would send if nothing were changed."""
    form = client.get(address(cohort)).context["form"]
    return {name: form[name].value() or "" for name in form.fields}


def post(client, cohort, **changes):
    return client.post(address(cohort), fields_of(client, cohort) | changes, follow=True)


def test_a_new_cohort_prefers_new_municipalities_then_arrival(organiser):
    cohort = create_cohort(cohort=CohortFactory.build(edition=EditionFactory()), by=organiser)

    assert rule_of(cohort) == USUAL_RULE


def test_a_cohort_without_a_rule_goes_by_arrival(planned):
    assert rule_of(planned) == ARRIVAL_ALONE


def test_a_copied_cohort_has_the_rule_of_its_source_without_the_lot(closed, organiser):
    draw_lot(cohort=closed, by=organiser)
    new = CohortFactory.build(edition=closed.edition, title="Neu", announced_at=None)

    copied = copy_cohort(source=closed, cohort=new, weeks=52, by=organiser)

    assert rule_of(copied.cohort) == BY_WEIGHT


def test_a_rule_is_read_in_one_query(closed, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert rule_of(closed) == BY_WEIGHT


def test_selection_rule_edit_stores_criteria_in_the_order_of_their_places(client, organiser, planned):
    client.force_login(organiser)

    page = post(
        client,
        planned,
        place_FIELD_SPREAD="1",
        place_NEW_MUNICIPALITY="3",
        weight_STATE_SPREAD="9",
        tie_break="LOT",
    )

    assert rule_of(planned) == Rule(
        criteria=(Weighted(Criterion.FIELD_SPREAD), Weighted(Criterion.NEW_MUNICIPALITY)), tie_break=TieBreak.LOT
    )
    assert "Die Auswahlregel ist gespeichert." in page.content.decode()
    assert [event.action for event in AuditEvent.objects.all()] == ["RULE_CHANGED"]


def test_selection_rule_edit_stores_weights(client, organiser, planned):
    client.force_login(organiser)

    post(client, planned, method="WEIGHT", tie_break="LOT", weight_STATE_SPREAD="3", weight_DECLINED_BEFORE="10")

    assert rule_of(planned) == BY_WEIGHT


def test_selection_rule_edit_shows_what_is_stored(client, organiser, planned):
    store_rule(planned, BY_WEIGHT)
    client.force_login(organiser)

    shown = fields_of(client, planned)

    assert {name: value for name, value in shown.items() if value and name != "seen"} == {
        "method": "WEIGHT",
        "tie_break": "LOT",
        "place_STATE_SPREAD": "1",
        "weight_STATE_SPREAD": "3",
        "place_DECLINED_BEFORE": "2",
        "weight_DECLINED_BEFORE": "10",
    }


def test_selection_rule_edit_stored_again_leaves_no_trace(client, organiser, planned):
    store_rule(planned, USUAL_RULE)
    client.force_login(organiser)

    post(client, planned)

    assert not AuditEvent.objects.exists()


def test_selection_rule_edit_refuses_two_criteria_at_one_place(client, organiser, planned):
    client.force_login(organiser)

    page = post(client, planned, place_STATE_SPREAD="2", place_FIELD_SPREAD="2").content.decode()

    assert "An dieser Stelle steht schon „reihum nach Ländern“. Bitte wählen Sie eine andere." in page
    assert rule_of(planned) == ARRIVAL_ALONE


def test_selection_rule_edit_says_when_somebody_else_was_faster_and_keeps_what_was_chosen(
    client, organiser, planned
):
    client.force_login(organiser)
    fields = fields_of(client, planned) | {"place_STATE_SPREAD": "1"}
    store_rule(planned, USUAL_RULE)

    refused = client.post(address(planned), fields)

    assert "Inzwischen hat jemand anderes die Regel geändert" in refused.content.decode()
    assert "Kommunen, die noch nicht vertreten sind, haben Vorrang" in refused.content.decode()
    assert rule_of(planned) == USUAL_RULE
    again = fields | {"seen": refused.context["form"]["seen"].value()}
    client.post(address(planned), again)
    assert rule_of(planned) == Rule(criteria=(Weighted(Criterion.STATE_SPREAD),))


@pytest.mark.parametrize(
    "changes",
    [
        {"method": "nonsense"},
        {"method": ""},
        {"tie_break": ""},
        {"place_STATE_SPREAD": "99"},
        {"weight_STATE_SPREAD": "-1", "method": "WEIGHT"},
        {"weight_STATE_SPREAD": "x" * 500},
    ],
)
def test_selection_rule_edit_survives_nonsense(client, organiser, planned, changes):
    client.force_login(organiser)

    response = post(client, planned, **changes)

    assert response.context["form"].errors
    assert rule_of(planned) == ARRIVAL_ALONE


@pytest.mark.parametrize("seen", ["", "x", "[]", "{}", '["ORDER"]', "[" * 5000, '["ORDER", "LOT", [["X", 1]]]'])
def test_a_page_that_is_not_ours_replaces_no_rule(client, organiser, planned, seen):
    client.force_login(organiser)

    response = post(client, planned, seen=seen, place_STATE_SPREAD="1")

    assert response.status_code == 200
    assert rule_of(planned) == ARRIVAL_ALONE


def test_an_announced_rule_is_fixed_and_gives_back_what_was_typed(client, organiser, planned):
    client.force_login(organiser)
    fields = fields_of(client, planned) | {"place_STATE_SPREAD": "1"}
    Cohort.objects.filter(pk=planned.pk).update(announced_at=timezone.now())

    response = client.post(address(planned), fields)

    assert "Seine Auswahlregel steht damit fest" in response.content.decode()
    assert rule_of(planned) == ARRIVAL_ALONE
    assert "Auswahlregel speichern" not in client.get(address(planned)).content.decode()


@pytest.mark.parametrize("name", ["selection_rule_edit", "lot_draw"])
def test_the_rule_is_the_organisers(client, reader, trainer, stranger, closed, name):
    for user in (reader, trainer, stranger):
        client.force_login(user)
        assert client.post(address(closed, name)).status_code == 403

    assert rule_of(closed).seed == ""


def test_lot_draw_draws_once_and_shows_the_seed(client, organiser, closed):
    client.force_login(organiser)

    first = client.post(address(closed, "lot_draw"), follow=True).content.decode()
    seed = rule_of(closed).seed
    client.post(address(closed, "lot_draw"))

    stored = SelectionRule.objects.get()
    assert len(seed) == 32
    assert stored.lot_seed == seed
    assert stored.lot_drawn_by == organiser
    assert f"printf '{seed}:17' | sha256sum" in first
    event = AuditEvent.objects.get()
    assert (event.action, event.by_id, event.details) == ("LOT_DRAWN", organiser.pk, {"seed": seed})


def test_lot_draw_is_never_done_by_opening_a_page(client, organiser, closed):
    client.force_login(organiser)

    assert client.get(address(closed, "lot_draw")).status_code == 405


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"registration_closes_on": datetime.date(2026, 11, 2)}, "Das Los wird nach dem Anmeldeschluss gezogen"),
        ({"announced_at": None}, "Das Los wird nach dem Anmeldeschluss gezogen"),
    ],
)
def test_lot_draw_waits_until_nobody_can_register(closed, organiser, change, sentence):
    rewrite(closed, **change)

    with pytest.raises(LotRefused, match=sentence):
        draw_lot(cohort=closed, by=organiser)

    assert rule_of(closed).seed == ""


def test_lot_draw_needs_a_rule_with_a_lot(closed, organiser):
    store_rule(closed, USUAL_RULE)

    with pytest.raises(LotRefused, match="entscheidet kein Los"):
        draw_lot(cohort=closed, by=organiser)


def test_the_closing_date_stays_once_the_lot_is_drawn(client, organiser, closed):
    url = reverse("curriculum:cohort_edit", args=[closed.pk])
    client.force_login(organiser)
    draw_lot(cohort=closed, by=organiser)
    form = client.get(url).context["form"]
    as_shown = {name: form[name].value() or "" for name in form.fields}

    later = client.post(url, as_shown | {"registration_closes_on": "2026-12-01"})
    other = client.post(url, as_shown | {"offer_days": "7"})

    assert later.context["form"].errors["registration_closes_on"] == [
        "Der Anmeldeschluss bleibt: Das Los ist am Mo, 2.\u00a0November 2026 gezogen. "
        "Wer sich jetzt noch anmelden könnte, wüsste vorher, wie es ausgeht."
    ]
    assert other.status_code == 302
    closed.refresh_from_db()
    assert (closed.registration_closes_on, closed.offer_days) == (datetime.date(2026, 11, 1), 7)


def test_the_announcement_says_the_rule_in_words(client, closed):
    store_rule(closed, Rule(criteria=(Weighted(Criterion.NEW_MUNICIPALITY), Weighted(Criterion.STATE_SPREAD))))

    page = client.get(reverse("curriculum:announcement", args=[closed.pk])).content.decode()

    assert "Vollständige Tandems kommen zuerst" in page
    assert page.index("<ol><li>Kommunen, die noch nicht vertreten sind") < page.index(
        "<li>Die Länder kommen reihum"
    )
    assert "Unter sonst Gleichen entscheidet, welche Anmeldung früher eingegangen ist." in page


def test_the_announcement_shows_the_seed_once_the_lot_is_drawn(client, closed, organiser):
    seed = draw_lot(cohort=closed, by=organiser).lot_seed

    page = client.get(reverse("curriculum:announcement", args=[closed.pk])).content.decode()

    assert "(Gewicht\u00a03)" in page
    assert f"Der Startwert ist <code>{seed}</code>." in page


def test_the_announcement_as_pdf_says_the_rule_in_words(closed):
    text = " ".join(pdf_text(announcement_paper(closed)).split())

    assert "Die Länder kommen reihum an die Reihe. (Gewicht 3)" in text.replace("\u00a0", " ")
    assert "entscheidet das Los" in text


@pytest.mark.verapdf
@pytest.mark.parametrize("method", RuleMethod)
def test_the_announcement_as_pdf_stays_accessible_with_a_list_and_a_seed(closed, organiser, method):
    store_rule(closed, replace(BY_WEIGHT, method=method))
    seed = draw_lot(cohort=closed, by=organiser).lot_seed

    paper = announcement_paper(closed)

    assert_pdf_ua_and_a(paper)
    assert seed in "".join(pdf_text(paper).split())


@pytest.mark.parametrize("rule", [ARRIVAL_ALONE, USUAL_RULE, BY_WEIGHT, Rule(tie_break=TieBreak.LOT)])
def test_every_rule_has_words(rule):
    words = in_words(rule)

    assert len(words.criteria) == len(rule.criteria)
    assert words.before
    assert words.after
