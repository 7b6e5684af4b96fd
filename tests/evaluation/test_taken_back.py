"""What was taken back, often because it points to a person: read by those alone who may change the register."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from evaluation.actions.recommendations import decide_recommendation, set_aside_recommendation
from evaluation.actions.texts import hold_text, release_text
from evaluation.models import Answer, Recommendation
from evaluation.models import RecommendationState as State
from tests.evaluation.counted import counted_survey
from tests.evaluation.workshops import guiding_question

pytestmark = pytest.mark.django_db

WORDS = "Frau Klug soll mehr Zeit bekommen"
REASON = "Der Text zeigt auf eine Person."


@pytest.fixture(params=["trainer", "reader"])
def other(request, client):
    """Everybody in the house who reads the register and does not keep it."""
    client.force_login(request.getfixturevalue(request.param))
    return client


def taken_back(by, text=WORDS, **fields):
    entry = Recommendation.objects.create(text=text, **fields)
    set_aside_recommendation(recommendation=entry, reason=REASON, by=by)
    entry.refresh_from_db()
    return entry


def table(client, kind, **filters):
    content = client.get(reverse("evaluation:recommendation_export", args=[kind]), filters).content
    if kind == "csv":
        return content.decode("utf-8-sig")
    rows = load_workbook(BytesIO(content)).active.iter_rows(values_only=True)
    return "\n".join(str(row) for row in rows)


def listed(client, **filters):
    return client.get(reverse("evaluation:recommendation_list"), filters).content.decode()


@pytest.mark.parametrize("filters", [{}, {"stand": "WITHDRAWN"}])
def test_taken_back_words_stand_in_no_list_of_others(other, organiser, filters):
    taken_back(organiser)
    Recommendation.objects.create(text="Mehr Praxis")

    shown = [listed(other, **filters), *(table(other, kind, **filters) for kind in ("csv", "xlsx"))]

    for each in shown:
        assert "Klug" not in each
        assert REASON not in each
        assert "Mehr Praxis" in each


def test_others_are_not_offered_what_they_may_not_read(other):
    assert "zurückgenommen" not in listed(other)


def test_page_of_a_taken_back_entry_is_none_for_others(other, organiser):
    entry = taken_back(organiser)

    assert other.get(entry.get_absolute_url()).status_code == 404


def test_history_of_another_entry_tells_others_nothing_of_one_taken_back(other, organiser):
    first, second = (Recommendation.objects.create(text=text) for text in (WORDS, "Mehr Zeit"))
    set_aside_recommendation(recommendation=second, reason="Dasselbe.", merged_into=first, by=organiser)
    decide_recommendation(
        recommendation=second, state=State.OPEN, reason="Doch anders.", edition=None, by=organiser
    )
    set_aside_recommendation(recommendation=first, reason=REASON, by=organiser)

    page = other.get(second.get_absolute_url()).content.decode()

    assert "Doch anders." in page
    assert "Klug" not in page
    assert first.get_absolute_url() not in page


def test_entry_that_is_opened_again_is_read_by_all(other, organiser):
    entry = taken_back(organiser, "Mehr Praxis")
    decide_recommendation(recommendation=entry, state=State.OPEN, reason="Sie gilt.", edition=None, by=organiser)

    assert "Mehr Praxis" in listed(other)
    assert "Mehr Praxis" in other.get(entry.get_absolute_url()).content.decode()


def test_who_keeps_the_register_reads_what_was_taken_back(staff, organiser):
    entry = taken_back(organiser)

    shown = [
        listed(staff, stand="WITHDRAWN"),
        *(table(staff, kind, stand="WITHDRAWN") for kind in ("csv", "xlsx")),
        staff.get(entry.get_absolute_url()).content.decode(),
    ]

    for each in shown:
        assert WORDS in each
        assert REASON in each
    assert "Nur die Organisation liest sie." in shown[-1]


# What the page of the withheld text says


@pytest.fixture
def survey(organiser):
    return counted_survey(text=WORDS, organiser=organiser)


@pytest.fixture
def answer(survey):
    return Answer.objects.filter(response__survey=survey).exclude(text="").order_by("pk").first()


def pages_of(client, survey, answer):
    return [
        client.get(reverse("evaluation:text_edit", args=[survey.pk, answer.pk])).content.decode(),
        client.get(reverse("evaluation:text_list", args=[survey.pk])).content.decode(),
    ]


def test_withheld_text_names_the_taken_back_entry_as_long_as_it_has_its_words(staff, survey, answer, organiser):
    entry = taken_back(organiser, cohort=survey.cohort)
    hold_text(survey=survey, answer=answer, by=organiser)

    for page in pages_of(staff, survey, answer):
        assert "Derselbe Wortlaut steht noch in einer zurückgenommenen Empfehlung" in page
        assert f'href="{entry.get_absolute_url()}"' in page
        assert "auf der Seite der Teilnehmenden" not in page

    Recommendation.objects.filter(pk=entry.pk).update(text="Mehr Zeit")
    for page in pages_of(staff, survey, answer):
        assert "Derselbe Wortlaut" not in page


def test_blackened_text_names_the_taken_back_entry_that_tells_more(staff, survey, answer, organiser):
    taken_back(organiser, cohort=survey.cohort)
    release_text(survey=survey, answer=answer, blackened=[1], by=organiser)

    for page in pages_of(staff, survey, answer):
        assert "Was hier geschwärzt ist, steht noch in einer zurückgenommenen Empfehlung" in page


def test_released_text_says_that_its_entry_was_taken_back(staff, survey, answer, organiser):
    taken_back(organiser, cohort=survey.cohort)
    release_text(survey=survey, answer=answer, blackened=[], by=organiser)

    for page in pages_of(staff, survey, answer):
        assert "war im Register, zurückgenommen" in page
        assert "steht im Register" not in page


# What the wall says of its card


@pytest.fixture
def card():
    question = guiding_question(purpose="RECOMMENDATION", text="Was raten Sie?")
    return question.cards.create(round=question.workshop.rounds.get(), text="Mehr Praxis")


def walls_of(client, card):
    workshop = card.guiding_question.workshop
    return [
        client.get(reverse("evaluation:wall_board", args=[card.guiding_question_id])).content.decode(),
        client.get(workshop.get_absolute_url()).content.decode(),
    ]


def test_card_of_an_entry_taken_back_says_so_and_offers_no_second_one(staff, organiser, card):
    entry = taken_back(organiser, "Mehr Praxis", card=card, workshop=card.guiding_question.workshop)

    for page in walls_of(staff, card):
        assert f'<a href="{entry.get_absolute_url()}">war im Register, zurückgenommen</a>' in page
        assert "als Empfehlung aufnehmen" not in page


def test_others_are_led_from_a_card_to_no_page_they_may_not_read(client, reader, organiser, card):
    workshop = card.guiding_question.workshop
    entry = taken_back(organiser, "Mehr Praxis", card=card, workshop=workshop)
    client.force_login(reader)

    page = client.get(workshop.get_absolute_url()).content.decode()

    assert "Mehr Praxis" in page
    assert entry.get_absolute_url() not in page
    assert "im Register" not in page


def test_words_of_a_hidden_card_are_read_by_those_alone_who_keep_the_register(client, reader, organiser, card):
    entry = Recommendation.objects.create(text="Mehr Beispiele", card=card, workshop=card.guiding_question.workshop)
    shown = {}
    for is_hidden in (False, True):
        card.is_hidden = is_hidden
        card.save()
        for user in (reader, organiser):
            client.force_login(user)
            shown[is_hidden, user] = client.get(entry.get_absolute_url()).content.decode()

    assert [key for key, page in shown.items() if "Mehr Praxis" in page] == [
        (False, reader),
        (False, organiser),
        (True, organiser),
    ]
    assert "verdeckt" in shown[True, organiser]
    assert "<dt>Auf der Karte</dt><dd>Die Karte ist verdeckt.</dd>" in shown[True, reader]


# Before it is opened again


def test_words_are_corrected_before_others_read_them_again(staff, organiser, survey):
    entry = taken_back(organiser, cohort=survey.cohort)
    edit, decide = (reverse(f"evaluation:recommendation_{name}", args=[entry.pk]) for name in ("edit", "decide"))

    assert f'href="{edit}"' in staff.get(entry.get_absolute_url()).content.decode()
    warned = staff.get(decide).content.decode()
    form = staff.get(edit).context["form"]
    fields = {"text": "Mehr Zeit", "source": "", "cohort": survey.cohort_id, "audience": "BOTH"}
    staff.post(edit, fields | {"seen": form["seen"].value()})

    assert "Wieder geöffnet lesen diese Worte alle im Haus und die Teilnehmenden" in warned
    entry.refresh_from_db()
    assert (entry.text, entry.state) == ("Mehr Zeit", State.WITHDRAWN)


def test_merged_words_are_not_corrected(staff, organiser):
    first, second = (Recommendation.objects.create(text=text) for text in ("Zuerst", "Noch einmal"))
    set_aside_recommendation(recommendation=second, reason="Dasselbe.", merged_into=first, by=organiser)

    response = staff.get(reverse("evaluation:recommendation_edit", args=[second.pk]))

    assert response.url == second.get_absolute_url()
