"""Planning a workshop: what is sent twice is stored once, and two who edit at once lose nothing."""

import uuid

import pytest
from django.urls import reverse

from evaluation.models import Card, CardSource, GuidingQuestion, Need, Recommendation, Round, Workshop
from tests import factories
from tests.evaluation.workshops import guiding_question

pytestmark = pytest.mark.django_db

WORKSHOP = {"title": "Auftakt", "held_on": "2026-11-20", "place": "Ulm"}
QUESTION = {"purpose": "FREE", "text": "Und sonst?"}


@pytest.fixture
def question():
    return guiding_question()


def keyed(**fields):
    return fields | {"key": str(uuid.uuid4())}


def test_workshop_that_is_sent_twice_is_stored_once(staff):
    fields = keyed(**WORKSHOP)

    first, again = (staff.post(reverse("evaluation:workshop_add"), fields) for _ in range(2))

    assert first.url == again.url == Workshop.objects.get().get_absolute_url()
    assert GuidingQuestion.objects.count() == 3


def test_second_workshop_of_the_same_day_is_another_one(staff):
    staff.post(reverse("evaluation:workshop_add"), keyed(**WORKSHOP, abstract="Für Führungskräfte"))
    staff.post(reverse("evaluation:workshop_add"), keyed(**WORKSHOP, abstract="Für Koordinierende"))

    assert set(Workshop.objects.values_list("abstract", flat=True)) == {"Für Führungskräfte", "Für Koordinierende"}


@pytest.mark.parametrize(
    ("name", "fields", "model"),
    [("round_add", {"people_present": 5}, Round), ("guiding_question_add", QUESTION, GuidingQuestion)],
)
def test_part_that_is_sent_twice_is_stored_once(staff, question, name, fields, model):
    sent = keyed(**fields)
    address = reverse(f"evaluation:{name}", args=[question.workshop_id])

    for _ in range(2):
        staff.post(address, sent)
    staff.post(address, keyed(**fields))

    assert list(model.objects.values_list("position", flat=True)) == [1, 2, 3]


@pytest.mark.parametrize("people", ["0", "-1", "1000", "viele", ""])
def test_round_has_people(staff, question, people):
    address = reverse("evaluation:round_add", args=[question.workshop_id])

    page = staff.post(address, keyed(people_present=people)).content.decode()

    assert "Geben Sie eine Zahl von 1 bis 999 an." in page
    assert Round.objects.count() == 1


def hung_and_taken_up(question):
    column = question.clusters.create(title="Rolle", position=1)
    Card.objects.create(
        guiding_question=question, round=question.workshop.rounds.get(), text="Rolle", cluster=column
    )
    Need.objects.create(cohort=question.workshop.session.cohort, title="Rolle").sources.create(cluster=column)


def recommended(question):
    Recommendation.objects.create(workshop=question.workshop, text="Mehr Praxis")


def brought_from_survey(question):
    in_round = question.workshop.rounds.get()
    Card.objects.create(guiding_question=question, round=in_round, text="Rolle", source=CardSource.SURVEY)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (hung_and_taken_up, "1 Bedarf"),
        (recommended, "1 Empfehlung"),
        (brought_from_survey, "1 Karte aus der Bedarfserhebung"),
    ],
)
@pytest.mark.parametrize("to_another", [True, False])
def test_workshop_keeps_its_cohort_once_something_rests_on_its_words(staff, question, given, words, to_another):
    own, other = factories.SessionFactory(), factories.SessionFactory()
    Workshop.objects.update(session=own)
    question.workshop.session = own
    given(question)
    address = reverse("evaluation:workshop_edit", args=[question.workshop_id])
    fields = WORKSHOP | {"seen": staff.get(address).context["form"]["seen"].value()}

    refused = staff.post(address, fields | {"session": other.pk if to_another else ""}).content.decode()

    assert f"gehören aus diesem Workshop schon: {words}." in refused
    assert Workshop.objects.get().session == own
    within = factories.SessionFactory(cohort=own.cohort)
    assert staff.post(address, fields | {"session": within.pk}).status_code == 302


def test_workshop_on_which_nothing_rests_moves_to_another_cohort(staff, question):
    Workshop.objects.update(session=factories.SessionFactory())
    other = factories.SessionFactory()
    address = reverse("evaluation:workshop_edit", args=[question.workshop_id])
    seen = staff.get(address).context["form"]["seen"].value()

    staff.post(address, WORKSHOP | {"seen": seen, "session": other.pk})

    assert Workshop.objects.get().session == other


def test_edition_that_is_a_draft_is_no_link_for_those_who_may_not_read_it(client, organiser, reader, question):
    edition = factories.EditionFactory(status="DRAFT")
    Workshop.objects.update(edition=edition)
    pages = {}
    for user in (organiser, reader):
        client.force_login(user)
        pages[user] = client.get(question.workshop.get_absolute_url()).content.decode()

    link = f'href="{edition.get_absolute_url()}"'
    assert [link in pages[user] for user in (organiser, reader)] == [True, False]
    assert str(edition) in pages[reader]


def test_two_who_edit_a_question_at_once_keep_what_both_have_changed(staff, question):
    address = reverse("evaluation:guiding_question_edit", args=[question.pk])
    sent = {"purpose": "NEED", "text": question.text, "seen": staff.get(address).context["form"]["seen"].value()}

    staff.post(address, sent | {"text": "Was fehlt Ihnen?"})
    page = staff.post(address, sent | {"cards_each": 3}, follow=True).content.decode()

    question.refresh_from_db()
    assert (question.text, question.cards_each) == ("Was fehlt Ihnen?", 3)
    assert "Inzwischen hat jemand anderes etwas geändert" in page


def test_round_that_somebody_else_has_counted_anew_is_said(staff, question):
    address = reverse("evaluation:round_edit", args=[question.workshop.rounds.get().pk])
    seen = staff.get(address).context["form"]["seen"].value()

    staff.post(address, {"people_present": 9, "seen": seen})
    page = staff.post(address, {"people_present": 7, "seen": seen}).content.decode()

    assert "Dort steht jetzt: „9“" in page
    assert Round.objects.get().people_present == 9


@pytest.mark.parametrize("name", ["workshop_add", "round_add", "guiding_question_add"])
def test_page_that_sends_nothing_at_all_is_told_what_is_missing(staff, question, name):
    arguments = [] if name == "workshop_add" else [question.workshop_id]

    assert "error-summary" in staff.post(reverse(f"evaluation:{name}", args=arguments), {}).content.decode()


def test_purpose_is_asked_for_in_words(staff):
    workshop = guiding_question().workshop

    page = staff.get(reverse("evaluation:guiding_question_add", args=[workshop.pk])).content.decode()

    assert '<option value="" selected>Bitte wählen</option>' in page
    assert "-----" not in page
