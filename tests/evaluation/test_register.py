"""The register against itself: what stands in it twice, and what is said in it and withheld elsewhere."""

import uuid

import pytest
from django.urls import reverse

from evaluation.actions.texts import hold_text, release_text
from evaluation.models import Answer, Recommendation
from netzkoord.models import AuditAction, AuditEvent
from tests import factories
from tests.evaluation import themes
from tests.evaluation.counted import counted_survey
from tests.evaluation.workshops import guiding_question

pytestmark = pytest.mark.django_db

TWICE = "Das steht schon im Register"
STILL_THERE = "derselbe Wortlaut steht im Register"


@pytest.fixture
def survey(organiser):
    return counted_survey(text="Frau Klug soll mehr Zeit bekommen", organiser=organiser)


@pytest.fixture
def answer(survey):
    return Answer.objects.filter(response__survey=survey).exclude(text="").order_by("pk").first()


def entry(**fields):
    return Recommendation.objects.create(**({"text": "Mehr Zeit"} | fields))


def sent(**fields):
    return {"text": "Mehr Zeit", "source": "Gespräch", "audience": "BOTH", "key": str(uuid.uuid4())} | fields


def add(client, **fields):
    return client.post(reverse("evaluation:recommendation_add"), sent(**fields))


def from_text(survey, answer):
    return reverse("evaluation:recommendation_from_text", args=[survey.pk, answer.pk])


def edit(survey, answer):
    return reverse("evaluation:text_edit", args=[survey.pk, answer.pk])


def texts(client, survey):
    return client.get(reverse("evaluation:text_list", args=[survey.pk])).content.decode()


# What stands in it already


def test_open_answer_is_entered_again_only_on_purpose(staff, survey, answer, organiser):
    release_text(survey=survey, answer=answer, blackened=[1], by=organiser)
    fields = sent(text="Frau [geschwärzt] soll mehr Zeit bekommen", cohort=survey.cohort_id)
    staff.post(from_text(survey, answer), fields)
    [first] = Recommendation.objects.all()

    offered = staff.get(from_text(survey, answer)).content.decode()
    refused = staff.post(from_text(survey, answer), fields | {"key": str(uuid.uuid4())}).content.decode()

    for page in (offered, refused):
        assert TWICE in page
        assert f'href="{first.get_absolute_url()}"' in page
        assert "Trotzdem eintragen" in page
    assert Recommendation.objects.count() == 1
    staff.post(from_text(survey, answer), fields | {"key": str(uuid.uuid4()), "anyway": "on"})
    assert Recommendation.objects.count() == 2


def test_first_entry_is_not_called_a_second_one_when_it_is_sent_twice(staff):
    fields = sent()

    for _ in range(2):
        response = staff.post(reverse("evaluation:recommendation_add"), fields)

    assert response.url == Recommendation.objects.get().get_absolute_url()


def test_same_words_are_found_however_they_are_written(staff):
    cohort = factories.CohortFactory()
    entry(text="Längere Pausen!", cohort=cohort)

    assert TWICE in add(staff, text="längere  pausen", cohort=cohort.pk).content.decode()


def test_same_words_of_another_cohort_are_another_recommendation(staff):
    entry(cohort=factories.CohortFactory())
    add(staff, cohort=factories.CohortFactory().pk)
    add(staff)

    assert Recommendation.objects.count() == 3


def test_card_in_the_words_of_another_one_says_so(staff):
    question = guiding_question(purpose="RECOMMENDATION", text="Was raten Sie?")
    first, second = (
        question.cards.create(round=question.workshop.rounds.get(), text="Mehr Praxis", position=place)
        for place in (1, 2)
    )
    entry(text="Mehr Praxis", card=first, workshop=question.workshop)

    page = staff.get(reverse("evaluation:recommendation_from_card", args=[second.pk])).content.decode()

    assert TWICE in page


def test_need_is_recommended_to_the_next_edition_once(staff):
    need = themes.need(factories.CohortFactory(), "Rolle klären")
    entry(text="Den Bedarf „Rolle klären“ ganz decken.", cohort=need.cohort)

    page = staff.get(reverse("evaluation:recommendation_from_need", args=[need.pk])).content.decode()

    assert TWICE in page


def test_page_of_one_that_is_new_says_nothing_of_others(staff):
    entry(text="Etwas anderes")

    page = staff.get(reverse("evaluation:recommendation_add")).content.decode()

    assert TWICE not in page
    assert "Trotzdem" not in page


# What is said in it and withheld elsewhere


def test_withholding_a_text_names_the_entry_that_still_says_it(staff, survey, answer, organiser):
    release_text(survey=survey, answer=answer, blackened=[], by=organiser)
    told = entry(text="Frau Klug soll mehr Zeit bekommen.", cohort=survey.cohort)

    page = staff.post(edit(survey, answer), {"decision": "hold"}, follow=True)

    assert page.redirect_chain == [(edit(survey, answer), 302)]
    for shown in (page.content.decode(), texts(staff, survey)):
        assert STILL_THERE in shown
        assert f'href="{told.get_absolute_url()}"' in shown


def test_text_that_the_register_had_without_its_blackened_words_is_found(staff, survey, answer, organiser):
    entry(text="Frau [geschwärzt] soll mehr Zeit bekommen", cohort=survey.cohort)
    hold_text(survey=survey, answer=answer, by=organiser)

    assert STILL_THERE in texts(staff, survey)


def test_blackening_more_names_the_entry_that_tells_more(staff, survey, answer, organiser):
    entry(text="Frau Klug soll mehr Zeit bekommen", cohort=survey.cohort)

    staff.post(edit(survey, answer), {"decision": "release", "words": ["1"]})

    shown = texts(staff, survey)
    assert "steht auch, was hier geschwärzt ist" in shown
    assert STILL_THERE not in shown


@pytest.mark.parametrize(
    "words", ["Frau Klug soll mehr Zeit bekommen", "Frau [geschwärzt] soll mehr Zeit bekommen"]
)
def test_released_text_says_that_it_stands_in_the_register(staff, survey, answer, organiser, words):
    told = entry(text=words, cohort=survey.cohort)
    release_text(survey=survey, answer=answer, blackened=[], by=organiser)

    shown = texts(staff, survey)

    assert "steht im Register" in shown
    assert f'href="{told.get_absolute_url()}"' in shown
    assert "geschwärzt ist" not in shown


def test_entry_of_another_cohort_or_in_other_words_is_not_meant(staff, survey, answer, organiser):
    entry(text="Frau Klug soll mehr Zeit bekommen", cohort=factories.CohortFactory())
    entry(text="Mehr Zeit", cohort=survey.cohort)
    hold_text(survey=survey, answer=answer, by=organiser)

    assert "steht im Register" not in texts(staff, survey)


def test_text_that_nobody_has_looked_at_is_not_compared(staff, survey):
    entry(text="Frau Klug soll mehr Zeit bekommen", cohort=survey.cohort)

    assert "im Register" not in texts(staff, survey)


def test_nothing_of_the_comparison_is_stored(staff, survey, answer, organiser):
    release_text(survey=survey, answer=answer, blackened=[], by=organiser)
    entry(text="Frau Klug soll mehr Zeit bekommen", cohort=survey.cohort)
    staff.post(edit(survey, answer), {"decision": "hold"})

    event = AuditEvent.objects.filter(action=AuditAction.TEXT_HELD).get()
    assert (event.target_id, event.details) == (str(survey.pk), {})


@pytest.mark.parametrize(
    ("before", "sentence"),
    [
        ("PENDING", "Der Text ist zurückgehalten."),
        ("RELEASED", "Andere lesen ihn von jetzt an nicht mehr."),
        ("HELD", "Der Text bleibt zurückgehalten."),
    ],
)
def test_withholding_says_what_it_changes(staff, survey, answer, before, sentence):
    Answer.objects.filter(pk=answer.pk).update(text_state=before)

    assert sentence in staff.post(edit(survey, answer), {"decision": "hold"}, follow=True).content.decode()


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("PENDING", "Noch liest ihn nur die Organisation."),
        ("RELEASED", "Andere lesen den Text."),
        ("HELD", "Nur die Organisation liest den Text."),
    ],
)
def test_page_of_a_text_says_who_reads_it(staff, survey, answer, state, sentence):
    Answer.objects.filter(pk=answer.pk).update(text_state=state)

    assert sentence in staff.get(edit(survey, answer)).content.decode()


# What is withheld while somebody enters it


def test_text_that_is_withheld_meanwhile_is_not_entered_and_the_typed_words_stay(staff, survey, answer, organiser):
    release_text(survey=survey, answer=answer, blackened=[], by=organiser)
    assert staff.get(from_text(survey, answer)).status_code == 200
    hold_text(survey=survey, answer=answer, by=organiser)

    response = staff.post(from_text(survey, answer), sent(text="Allen mehr Zeit geben", source="Woher"))

    page = response.content.decode()
    assert "Der Text ist inzwischen zurückgehalten." in page
    assert "Allen mehr Zeit geben" in page
    assert 'value="Woher"' in page
    assert "Frau Klug" not in page
    assert not Recommendation.objects.exists()


@pytest.mark.parametrize(
    ("words", "is_entered"),
    [
        ("Frau Klug soll mehr Zeit bekommen!", False),
        ("Frau [geschwärzt] soll mehr Zeit bekommen", True),
        ("Allen mehr Zeit geben", True),
    ],
)
def test_text_in_which_more_is_blackened_meanwhile_is_entered_without_that(
    staff, survey, answer, organiser, words, is_entered
):
    release_text(survey=survey, answer=answer, blackened=[1], by=organiser)

    page = staff.post(from_text(survey, answer), sent(text=words), follow=True).content.decode()

    assert Recommendation.objects.exists() is is_entered
    assert ("Im Text ist inzwischen mehr geschwärzt." in page) is not is_entered
    assert words in page


@pytest.mark.parametrize(("state", "word"), [("HELD", "zurückgehalten"), ("PENDING", "nicht angesehen")])
def test_text_that_is_not_released_leads_to_its_own_page(staff, survey, answer, state, word):
    Answer.objects.filter(pk=answer.pk).update(text_state=state)

    response = staff.get(from_text(survey, answer), follow=True)

    assert response.redirect_chain == [(edit(survey, answer), 302)]
    page = response.content.decode()
    assert word in page
    assert "Nur aus einem freigegebenen Text wird eine Empfehlung." in page
