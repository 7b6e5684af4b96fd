import pytest

from evaluation.actions.polls import close_poll, open_poll, set_points
from evaluation.actions.walls import hide_cards, open_column
from evaluation.models import Card, CardSource
from evaluation.queries.workshops import record_of
from evaluation.workshop_records import workshop_record
from tests.evaluation.workshops import guiding_question
from tests.pdf import assert_pdf_ua, pdf_text

pytestmark = pytest.mark.django_db
SCRIPT = '"><script>alert(1)</script>'


@pytest.fixture
def question(organiser):
    """Two rounds, two columns, one card that was hidden, and points."""
    question = guiding_question(people=22)
    rounds = [question.workshop.rounds.get(), question.workshop.rounds.create(position=2, people_present=8)]
    texts = [("Rolle klären", 0), ("Ohne Weisungsrecht", 1), ("Wer zahlt das?", 1), (SCRIPT, 0), ("Verdeckt", 0)]
    cards = {
        text: Card.objects.create(guiding_question=question, round=rounds[number], text=text).pk
        for text, number in texts
    }
    open_column(
        question=question, title="Auftrag", cards=[cards["Rolle klären"], cards["Ohne Weisungsrecht"]], by=organiser
    )
    open_column(question=question, title="Geld", cards=[cards["Wer zahlt das?"]], by=organiser)
    hide_cards(question=question, cards=[cards["Verdeckt"]], by=organiser)
    Card.objects.filter(text="Wer zahlt das?").update(source=CardSource.SURVEY)
    poll = open_poll(question=question, people=22, may_accumulate=False)
    set_points(poll=poll, points={question.clusters.get(title="Geld").pk: 1}, key="a")
    close_poll(poll=poll)
    question.workshop.recommendations.create(text="Möglichst Tandems aufnehmen")
    return question


def test_record_tells_each_round_with_its_columns(question):
    [recorded] = record_of(question.workshop)

    told = [
        (str(part.round), [(column.title, [card.text for card in column.cards]) for column in part.columns])
        for part in recorded.rounds
    ]
    assert told == [
        ("1. Runde", [("Auftrag", ["Rolle klären"]), ("Noch keinem Cluster zugeordnet", [SCRIPT])]),
        ("2. Runde", [("Auftrag", ["Ohne Weisungsrecht"]), ("Geld", ["Wer zahlt das?"])]),
    ]


def test_record_is_a_paper_that_everyone_can_read(question):
    paper = workshop_record(question.workshop)
    text = pdf_text(paper)

    assert "1. Runde (22 Teilnehmende)" in text
    assert "Wer zahlt das? (aus der Bedarfserhebung)" in text
    assert "Gewichtet mit Punkten" in text
    assert "Möglichst Tandems aufnehmen" in text
    assert SCRIPT in text
    assert "Verdeckt" not in text
    assert paper == workshop_record(question.workshop)


def test_record_tells_the_recommendations_by_audience_and_feature(question):
    question.workshop.recommendations.create(text="Den Rat einladen", audience="MANAGER")
    question.workshop.recommendations.create(text="Vorlagen mitgeben", audience="COORDINATOR")
    question.workshop.recommendations.filter(text="Möglichst Tandems aufnehmen").update(feature="TANDEMS")

    told = pdf_text(workshop_record(question.workshop)).partition("Empfehlungen")[2]

    places = [
        told.index(text)
        for text in [
            "Für Führungskräfte",
            "Den Rat einladen",
            "Für Koordinierungskräfte",
            "Vorlagen mitgeben",
            "Für Führungs- und Koordinierungskräfte",
            "Möglichst Tandems aufnehmen",
            "Merkmal Tandems; offen",
        ]
    ]
    assert places == sorted(places)


@pytest.mark.verapdf
def test_record_is_valid(question):
    assert_pdf_ua(workshop_record(question.workshop))


@pytest.mark.parametrize("count", [1, 3])
def test_record_takes_as_many_queries_for_many_cards_as_for_few(count, django_assert_num_queries):
    question = guiding_question()
    for number in range(count):
        in_round = question.workshop.rounds.create(position=number + 2, people_present=3)
        cluster = question.clusters.create(position=number, title=f"Spalte {number}")
        Card.objects.create(guiding_question=question, round=in_round, text=f"{number}", cluster=cluster)

    with django_assert_num_queries(4):
        record_of(question.workshop)
