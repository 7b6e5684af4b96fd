"""What a need weighs while the wall goes on: later cards, merged columns, and words that hang as cards, too."""

import pytest
from django.urls import reverse

from evaluation.actions.needs import take_up
from evaluation.actions.walls import hide_cards, merge_columns, move_cards, open_column, undo_step
from evaluation.boards import Open, Place
from evaluation.merging import column_of_most, last_cards
from evaluation.models import Card, Need, NeedSource
from evaluation.queries.candidates import candidates_of
from evaluation.queries.coverage import matrix_of
from evaluation.queries.sources import weighed
from evaluation.queries.walls import survey_statements
from tests import factories
from tests.evaluation import themes

WORDS = "Koordinieren ohne Weisungsrecht."


@pytest.fixture
def cohort(db):
    return factories.CohortFactory()


@pytest.fixture
def wall(cohort):
    return themes.wall_of(
        cohort, ("Rolle", ["Mandat", "Auftrag"]), ("Haltung", ["Nein sagen"]), ("Ziele", ["Wozu?"])
    )


@pytest.fixture
def by(organiser):
    return organiser


def column(wall, title):
    return wall.clusters.get(title=title)


def hang(wall, title, text, **fields):
    return Card.objects.create(
        guiding_question=wall, round=wall.workshop.rounds.get(), cluster=column(wall, title), text=text, **fields
    )


def taken_up(wall, *titles, name=""):
    """A need of these columns."""
    cohort = wall.workshop.session.cohort
    keys = [NeedSource(cluster=column(wall, title)).key for title in titles]
    return take_up(need=Need(cohort=cohort, title=name or titles[0]), keys=keys)


def weights():
    return {need.title: need.weight for need in weighed(Need.objects.all())}


def offered(cohort):
    return [candidate.title or candidate.source.text for candidate in candidates_of(cohort).all]


def merge(wall, column_title, into, by):
    merge_columns(into=column(wall, into), column=column(wall, column_title), by=by)


def test_cards_that_come_go_or_are_hidden_later_count_from_then_on(wall, by):
    taken_up(wall, "Rolle")
    hang(wall, "Rolle", "Rückhalt")
    assert weights() == {"Rolle": 3}

    hide_cards(question=wall, cards=[Card.objects.get(text="Mandat").pk], by=by)
    move_cards(question=wall, cards=[Card.objects.get(text="Auftrag").pk], column=column(wall, "Haltung"), by=by)

    assert weights() == {"Rolle": 1}


def test_the_part_of_a_column_that_was_split_off_is_offered_and_counted_once(cohort, wall, by):
    taken_up(wall, "Rolle")
    open_column(question=wall, title="Aufträge", cards=[Card.objects.get(text="Auftrag").pk], by=by)

    assert "Aufträge" in offered(cohort)
    taken_up(wall, "Aufträge")
    assert weights() == {"Aufträge": 1, "Rolle": 1}


def test_a_column_with_which_a_source_was_merged_counts_there_and_is_not_offered_again(cohort, wall, by):
    taken_up(wall, "Rolle")
    merge(wall, "Rolle", "Haltung", by)

    assert weights() == {"Rolle": 3}
    assert offered(cohort) == ["Ziele"]

    merge(wall, "Haltung", "Ziele", by)
    assert weights() == {"Rolle": 4}
    assert offered(cohort) == []


def test_two_sources_of_which_one_was_merged_with_the_other_count_once(cohort, wall, by):
    taken_up(wall, "Rolle", "Haltung", name="Zusammen")
    taken_up(wall, "Ziele")
    merge(wall, "Rolle", "Haltung", by)
    assert weights() == {"Zusammen": 3, "Ziele": 1}

    merge(wall, "Haltung", "Ziele", by)
    assert weights() == {"Ziele": 4, "Zusammen": 0}


def test_two_sources_that_were_merged_with_a_third_column_count_once(cohort, wall, by):
    taken_up(wall, "Rolle")
    taken_up(wall, "Haltung")
    merge(wall, "Rolle", "Ziele", by)
    merge(wall, "Haltung", "Ziele", by)

    assert weights() == {"Rolle": 4, "Haltung": 0}


def test_a_merge_that_is_undone_counts_and_offers_as_before(cohort, wall, by):
    taken_up(wall, "Rolle")
    merge(wall, "Rolle", "Haltung", by)

    undo_step(question=wall)

    assert weights() == {"Rolle": 2}
    assert sorted(offered(cohort)) == ["Haltung", "Ziele"]


def test_the_matrix_and_the_list_tell_the_same_weight(client, cohort, wall, by):
    need = taken_up(wall, "Rolle")
    merge(wall, "Rolle", "Haltung", by)
    client.force_login(by)

    page = client.get(reverse("evaluation:need_list", args=[cohort.pk])).content.decode()

    assert [row.need.weight for row in matrix_of(cohort).rows] == [3]
    assert "Nennungen</span>3</td>" in page
    assert "3 Nennungen aus 1 Quelle" in client.get(need.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("also", "note", "named"),
    [
        ([], "Mit „Haltung“ zusammengelegt; es zählen die Karten dort.", "3 Nennungen"),
        (["Haltung"], "Mit „Haltung“ zusammengelegt; dort schon gezählt.", "0 Nennungen"),
    ],
)
def test_the_page_of_a_need_says_what_became_of_a_column(client, wall, by, also, note, named):
    need = taken_up(wall, "Rolle", *also)
    merge(wall, "Rolle", "Haltung", by)
    client.force_login(by)

    page = client.get(need.get_absolute_url()).content.decode()

    assert f"{named}. {note}" in page
    assert page.count("<li>Mandat</li>") == 1


@pytest.mark.parametrize(
    ("loose", "sentence"),
    [
        (["Auftrag"], "1 Karte hängt noch in keiner Spalte."),
        (["Auftrag", "Mandat"], "2 Karten hängen noch in keiner Spalte."),
    ],
)
def test_cards_in_no_column_are_said(client, wall, by, loose, sentence):
    cards = Card.objects.filter(text__in=loose)
    move_cards(question=wall, cards=[card.pk for card in cards], column=None, by=by)
    client.force_login(by)

    page = client.get(reverse("evaluation:need_gather", args=[wall.workshop.session.cohort_id])).content.decode()

    assert sentence in page


def test_a_column_without_cards_says_so(client, wall, by):
    need = taken_up(wall, "Ziele")
    move_cards(question=wall, cards=[Card.objects.get(text="Wozu?").pk], column=None, by=by)
    client.force_login(by)

    assert (
        "0 Nennungen. In der Spalte hängt keine Karte mehr." in client.get(need.get_absolute_url()).content.decode()
    )


def survey_wall():
    """The needs survey has closed, and what one person wrote hangs as a card beside another."""
    survey = themes.closed_survey(texts=[WORDS, "Etwas anderes."])
    wall = themes.wall_of(survey.cohort, ("Rolle", ["Mandat"]))
    return survey.cohort, wall


def test_words_that_hang_as_a_card_in_a_column_are_offered_with_it_only(db):
    cohort, wall = survey_wall()
    assert sorted(offered(cohort)) == ["Etwas anderes.", WORDS, "Rolle"]

    card = hang(wall, "Rolle", WORDS, source="SURVEY")
    assert sorted(offered(cohort)) == ["Etwas anderes.", "Rolle"]

    Card.objects.filter(pk=card.pk).update(is_hidden=True)
    assert WORDS in offered(cohort)


def test_words_that_hang_in_shorter_ones_are_offered_with_the_column_only(db):
    survey = themes.closed_survey(texts=["Koordinieren " * 20])
    wall = themes.wall_of(survey.cohort, ("Rolle", ["Mandat"]))
    [statement] = survey_statements(wall)
    assert sorted(offered(survey.cohort)) == [statement.text, "Rolle"]

    card = hang(wall, "Rolle", "Koordinieren, immer wieder", source="SURVEY", key=statement.key)
    assert offered(survey.cohort) == ["Rolle"]

    Card.objects.filter(pk=card.pk).update(is_hidden=True)
    assert statement.text in offered(survey.cohort)


def test_words_that_were_taken_up_and_hang_as_a_card_later_count_once(client, by):
    cohort, wall = survey_wall()
    take_up(need=Need(cohort=cohort, title="Weisung"), keys=[NeedSource(text=WORDS).key])
    need = taken_up(wall, "Rolle")
    hang(wall, "Rolle", WORDS, source="SURVEY")
    client.force_login(by)

    assert weights() == {"Rolle": 1, "Weisung": 1}
    page = client.get(need.get_absolute_url()).content.decode()
    assert "1 Nennung. 1 davon zählt schon als eigene Worte der Bedarfserhebung." in page


def test_the_same_words_on_a_card_that_somebody_wrote_are_another_naming(db):
    cohort, wall = survey_wall()
    take_up(need=Need(cohort=cohort, title="Weisung"), keys=[NeedSource(text=WORDS).key])
    taken_up(wall, "Rolle")

    hang(wall, "Rolle", WORDS, source="PHONE")

    assert weights() == {"Rolle": 2, "Weisung": 1}


@pytest.mark.parametrize("count", [1, 3])
def test_merged_sources_query_count(cohort, by, django_assert_num_queries, count):
    for number in range(count):
        wall = themes.wall_of(cohort, (f"Eins {number}", ["A", "B"]), (f"Zwei {number}", ["C"]))
        taken_up(wall, f"Eins {number}")
        merge(wall, f"Eins {number}", f"Zwei {number}", by)

    with django_assert_num_queries(8):
        found = weighed(cohort.needs.all())

    assert [need.weight for need in found] == [3] * count


def test_the_last_time_that_a_column_was_dropped_counts():
    first = [Open(7, "Rolle"), Place((1,), 7), Place((2,), 7, 1)]
    last = [Open(7, "Rolle"), Place((3,), 7)]

    assert last_cards([first, [Place((9,), 8)], last]) == {7: (3,)}
    assert last_cards([[Open(7, "Leer")]]) == {7: ()}


@pytest.mark.parametrize(
    ("columns", "found"), [({1: 5, 2: 6, 3: 6}, 6), ({1: 6, 2: 5}, 5), ({3: 6}, 6), ({9: 6}, None), ({}, None)]
)
def test_a_column_is_followed_to_where_most_of_its_cards_hang(columns, found):
    assert column_of_most((1, 2, 3), columns) == found
