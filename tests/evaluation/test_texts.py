"""Releasing free texts: nobody else reads what no organiser has looked at, and nothing of a blackened word."""

import pytest
from django.urls import reverse

from evaluation.actions.texts import hold_text, release_text, release_texts
from evaluation.models import Answer, TextState
from evaluation.queries.results import survey_result
from evaluation.queries.sittings import names_of
from evaluation.queries.texts import readable_texts
from netzkoord.models import AuditAction, AuditEvent
from participants.models import Registration
from tests import factories
from tests.evaluation import counted as made
from tests.evaluation import scenes

TEXT = "Frau Zimmermann hat gut moderiert"


@pytest.fixture
def survey(db):
    """Counted, with six texts to each of the three open questions."""
    return made.counted_survey(text=TEXT)


@pytest.fixture
def as_organiser(client, organiser):
    client.force_login(organiser)
    return client


def one_of(survey):
    return readable_texts(survey).first()


def edit(survey, answer):
    return reverse("evaluation:text_edit", args=[survey.pk, answer.pk])


def shown_texts(survey):
    return [str(text) for part in survey_result(survey).texts for text in part.texts]


def test_nothing_is_shown_before_it_is_released(survey):
    assert shown_texts(survey) == []
    assert sum(part.pending for part in survey_result(survey).texts) == 18


def test_release_blackens_words_and_keeps_the_text(survey, organiser):
    answer = one_of(survey)

    release_text(survey=survey, answer=answer, blackened={1}, by=organiser)

    answer.refresh_from_db()
    assert (answer.text, answer.text_state, answer.redactions) == (TEXT, TextState.RELEASED, [[5, 15]])
    assert shown_texts(survey) == ["Frau [geschwärzt] hat gut moderiert"]


def test_released_text_can_be_held_back_again(survey, organiser):
    answer = one_of(survey)
    release_text(survey=survey, answer=answer, blackened=set(), by=organiser)

    hold_text(survey=survey, answer=answer, by=organiser)

    assert shown_texts(survey) == []
    assert sum(part.held for part in survey_result(survey).texts) == 1


def test_audit_line_carries_no_text_and_names_no_answer(survey, organiser):
    answer = one_of(survey)
    release_text(survey=survey, answer=answer, blackened={1}, by=organiser)
    hold_text(survey=survey, answer=answer, by=organiser)

    lines = AuditEvent.objects.filter(action__in=[AuditAction.TEXTS_RELEASED, AuditAction.TEXT_HELD])
    assert [line.details for line in lines.order_by("pk")] == [{"texts": 1, "blackened": 1}, {}]
    assert {line.target_id for line in lines} == {str(survey.pk)}
    assert str(answer.pk) not in str(list(lines.values()))


def test_release_of_many_leaves_alone_what_was_decided_and_blackens_what_is_proposed(survey, organiser):
    survey.invitations.first().registration.__class__.objects.filter(cohort=survey.cohort_id).update(
        family_name="Zimmermann"
    )
    held, *others = list(readable_texts(survey))
    hold_text(survey=survey, answer=held, by=organiser)

    number = release_texts(survey=survey, answers=[a.pk for a in [held, *others]], by=organiser)

    assert number == 17
    assert set(shown_texts(survey)) == {"Frau [geschwärzt] hat gut moderiert"}
    held.refresh_from_db()
    assert held.text_state == TextState.HELD


def test_release_of_many_takes_no_text_of_another_survey(survey, organiser):
    other = made.counted_survey(text="Anderswo")

    number = release_texts(survey=survey, answers=[a.pk for a in readable_texts(other)], by=organiser)

    assert number == 0
    assert shown_texts(other) == []


def test_text_edit_releases_what_was_chosen_and_goes_to_the_next(as_organiser, survey):
    answer = one_of(survey)

    response = as_organiser.post(edit(survey, answer), {"words": ["1", "4"], "decision": "release"})

    answer.refresh_from_db()
    following = readable_texts(survey).filter(text_state=TextState.PENDING).first()
    assert response.url == edit(survey, following)
    assert answer.redactions == [[5, 15], [24, 33]]


def test_text_edit_after_the_last_one_says_so(as_organiser, survey):
    answer = one_of(survey)
    Answer.objects.exclude(pk=answer.pk).update(text_state=TextState.HELD)

    response = as_organiser.post(edit(survey, answer), {"decision": "hold"}, follow=True)

    assert "Über alle Texte ist entschieden." in response.content.decode()


def test_text_edit_marks_names_of_the_cohort_as_a_proposal(as_organiser, survey):
    invitation = survey.invitations.select_related("registration").first()
    invitation.registration.family_name = "Zimmermann"
    invitation.registration.save()

    page = as_organiser.get(edit(survey, one_of(survey))).content.decode()

    assert 'id="word-1" checked><label for="word-1" class="proposed">Zimmermann' in page
    assert page.count(" checked") == 1


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"decision": "publish"},
        {"decision": "release", "words": ["99"]},
        {"decision": "release", "words": ["-1"]},
        {"decision": "release", "words": ["Frau"]},
        {"decision": "release", "words": ["\x00"]},
    ],
)
def test_text_edit_refuses_nonsense_and_changes_nothing(as_organiser, survey, data):
    answer = one_of(survey)

    response = as_organiser.post(edit(survey, answer), data)

    answer.refresh_from_db()
    assert response.status_code == 200
    assert "error-summary" in response.content.decode()
    assert answer.text_state == TextState.PENDING


@pytest.mark.parametrize("texts", [[], ["kein Schlüssel"], ["\x00"], ["00000000-0000-0000-0000-000000000000"]])
def test_release_of_nonsense_says_that_there_was_nothing(as_organiser, survey, texts):
    address = reverse("evaluation:text_release_many", args=[survey.pk])

    response = as_organiser.post(address, {"texts": texts}, follow=True)

    assert "Es gab nichts freizugeben" in response.content.decode()


def test_text_of_another_survey_is_unknown(as_organiser, survey):
    other = made.counted_survey(text="Anderswo")

    assert as_organiser.get(edit(survey, one_of(other))).status_code == 404


def test_texts_of_an_open_survey_are_nowhere(as_organiser):
    survey = scenes.open_survey(people=6)

    page = as_organiser.get(reverse("evaluation:text_list", args=[survey.pk])).content.decode()

    assert "Hier steht kein Text." in page


@pytest.mark.parametrize("stand", ["PENDING", "RELEASED", "unfug", "\x00"])
def test_text_list_filters_by_state_and_survives_nonsense(as_organiser, survey, organiser, stand):
    release_text(survey=survey, answer=one_of(survey), blackened=set(), by=organiser)

    page = as_organiser.get(
        reverse("evaluation:text_list", args=[survey.pk]), {"stand": stand, "seite": "x"}
    ).content.decode()

    assert page.count("free-text") == {"PENDING": 17, "RELEASED": 1}.get(stand, 18)


def test_page_and_list_release_all_that_stand_on_the_page(as_organiser, survey):
    page = as_organiser.get(reverse("evaluation:text_list", args=[survey.pk])).content.decode()
    assert "Alle 18 freigeben" in page

    as_organiser.post(
        reverse("evaluation:text_release_many", args=[survey.pk]),
        {"texts": [str(answer.pk) for answer in readable_texts(survey)]},
    )

    assert len(shown_texts(survey)) == 18


@pytest.mark.parametrize("count", [1, 3])
def test_text_list_query_count(as_organiser, django_assert_num_queries, count):
    survey = made.counted_survey(answers=5 * count)

    with django_assert_num_queries(16):
        as_organiser.get(reverse("evaluation:text_list", args=[survey.pk]))


@pytest.mark.parametrize("role", ["trainer", "reader"])
def test_only_organisers_read_what_is_not_released(client, request, survey, role):
    user = request.getfixturevalue(role)
    survey.session.trainers.add(user)
    client.force_login(user)

    assert client.get(reverse("evaluation:text_list", args=[survey.pk])).status_code == 403
    assert client.get(edit(survey, one_of(survey))).status_code == 403
    page = client.get(reverse("evaluation:survey_detail", args=[survey.pk])).content.decode()
    assert "6 Texte noch nicht freigegeben." in page
    assert TEXT not in page


def test_markup_in_a_text_stays_text(as_organiser):
    survey = made.counted_survey(text="<b>fett</b> <script>alert(1)</script>")
    made.release_all(survey)

    for address in (
        reverse("evaluation:text_list", args=[survey.pk]),
        edit(survey, one_of(survey)),
        reverse("evaluation:survey_detail", args=[survey.pk]),
    ):
        page = as_organiser.get(address).content.decode()
        assert "<script>alert" not in page
        assert "&lt;b&gt;fett" in page


def test_first_names_are_proposed(survey):
    Registration.objects.filter(cohort=survey.cohort).update(given_names="Anna-Lena Sofie")

    given = {name.text for name in names_of(survey.cohort) if name.is_given}
    assert {"Anna-Lena", "Anna", "Lena", "Sofie"} <= given


def test_names_of_trainers_and_towns_are_proposed(survey, as_organiser):
    survey.session.trainers.add(factories.UserFactory(family_name="Zimmermann"))

    page = as_organiser.get(reverse("evaluation:text_list", args=[survey.pk])).content.decode()

    assert page.count('<mark class="proposed">Zimmermann</mark>') == 18
