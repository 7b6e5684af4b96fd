import pytest
from django.urls import reverse

from evaluation.actions.photos import add_photo
from evaluation.actions.polls import close_poll, open_poll, set_points
from evaluation.actions.walls import hide_cards, open_column
from evaluation.models import Card, CardSource
from evaluation.queries.workshop_records import whole_record
from evaluation.queries.workshops import record_of
from evaluation.workshop_records import workshop_record
from tests.evaluation.photos import photo
from tests.evaluation.workshops import guiding_question
from tests.pdf import assert_pdf_ua_and_a, pdf_text

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
    assert "1 von 22 Personen hat Punkte gesetzt" in text
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


@pytest.fixture
def whole(question):
    """Everything that a record may have."""
    workshop = question.workshop
    workshop.abstract, workshop.explanation = "Vorgestellt wurde das Konzept", "Worüber reden wir?"
    workshop.save()
    discussion = workshop.guiding_questions.create(
        position=2, purpose="COVERAGE", text="Gedeckt?", result="Meist ja"
    )
    discussion.cards.create(round=workshop.rounds.first(), text="Digitale Formate")
    workshop.recommendations.update(
        feature="TANDEMS", state="DONE", reason="Zuerst die Tandems", decided_on="2017-09-04"
    )
    add_photo(workshop=workshop, photo=photo(), alt="Drei Karten", in_round=workshop.rounds.first())
    return workshop


IN_ORDER = [
    "Vorgestellt wurde das Konzept",
    "Vorstellungsrunde unter der Leitfrage",
    "1. Runde (22 Teilnehmende)",
    "Rolle klären",
    "2. Runde (8 Teilnehmende)",
    "Wer zahlt das?",
    "Gewichtet mit Punkten",
    "Erläuterung",
    "Worüber reden wir?",
    "Diskussion unter der Leitfrage",
    "Meist ja",
    "Digitale Formate",
    "Empfehlungen",
    "Für Führungs- und Koordinierungskräfte",
    "Möglichst Tandems aufnehmen",
    "Besondere Merkmale für die Durchführung",
    "Zuerst die Tandems",
    "Fotos",
    "Foto 1, 1. Runde",
]


def test_page_and_paper_tell_the_same_in_the_order_of_the_day(client, organiser, whole):
    client.force_login(organiser)
    page = client.get(reverse("evaluation:workshop_record_page", args=[whole.pk])).content.decode()
    page = page[page.index('<div class="record">') :]

    for told in (page, pdf_text(workshop_record(whole))):
        at = 0
        for words in IN_ORDER:
            at = told.index(words, at)
    assert 'alt="Drei Karten"' in page
    assert "&lt;script&gt;" in page
    assert "Verdeckt" not in page


def test_explanation_comes_first_where_nobody_was_asked_for_needs(question):
    question.purpose = "COVERAGE"
    question.save()

    record = whole_record(question.workshop)

    assert (record.introduction, len(record.discussion)) == ([], 1)


@pytest.mark.parametrize("count", [1, 3])
def test_page_of_the_record_takes_as_many_queries_for_much_as_for_little(
    client, organiser, django_assert_num_queries, count
):
    question = guiding_question()
    for number in range(count):
        in_round = question.workshop.rounds.create(position=number + 2, people_present=3)
        question.cards.create(
            round=in_round, text=f"{number}", cluster=question.clusters.create(position=1, title="A")
        )
        question.workshop.recommendations.create(text="Tandems")
        add_photo(workshop=question.workshop, photo=photo(size=(8, 8 + number)), alt="Wand", in_round=in_round)
    client.force_login(organiser)

    with django_assert_num_queries(12):
        client.get(reverse("evaluation:workshop_record_page", args=[question.workshop_id]))


@pytest.mark.verapdf
@pytest.mark.parametrize("cards", [1, 30])
def test_record_with_everything_is_valid_however_long_its_columns(whole, cards):
    question = whole.guiding_questions.first()
    Card.objects.bulk_create(
        Card(
            guiding_question=question,
            round=whole.rounds.first(),
            cluster=question.clusters.first(),
            text="Text " * 39,
        )
        for _ in range(cards)
    )

    paper = workshop_record(whole)

    assert pdf_text(paper).count("Text " * 38) == cards
    assert_pdf_ua_and_a(paper)


@pytest.mark.verapdf
def test_record_is_valid(question):
    assert_pdf_ua_and_a(workshop_record(question.workshop))


@pytest.mark.parametrize("count", [1, 3])
def test_record_takes_as_many_queries_for_many_cards_as_for_few(count, django_assert_num_queries):
    question = guiding_question()
    for number in range(count):
        in_round = question.workshop.rounds.create(position=number + 2, people_present=3)
        cluster = question.clusters.create(position=number, title=f"Spalte {number}")
        Card.objects.create(guiding_question=question, round=in_round, text=f"{number}", cluster=cluster)

    with django_assert_num_queries(4):
        record_of(question.workshop)
