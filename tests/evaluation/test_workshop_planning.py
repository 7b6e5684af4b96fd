"""Planning a workshop: what is sent twice is stored once, and two who edit at once lose nothing."""

import uuid

import pytest
from django.urls import reverse

from evaluation.models import GuidingQuestion, Round, Workshop
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
