"""Sections and questions of a draft: added, changed, put in order, deleted, and what depends on what."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluation.actions.questions import matched_options
from evaluation.models import (
    ABSTENTION_KINDS,
    REQUIRABLE_KINDS,
    SCALE_KINDS,
    Option,
    Purpose,
    Question,
    QuestionKind,
)
from evaluation.queries.asking import sheet_of
from evaluation.said import Said
from netzkoord.models import AuditAction, AuditEvent
from tests.curriculum.parts import BAD_TEXT, changed, errors_in, page_data, text_of
from tests.evaluation.forms import ask, branching, draft, release

pytestmark = pytest.mark.django_db


def address(name, *args):
    return reverse(f"evaluation:{name}", args=args)


def lines():
    return list(AuditEvent.objects.filter(action=AuditAction.QUESTIONNAIRE_CHANGED).order_by("pk"))


@pytest.fixture
def signed_in(client, organiser):
    client.force_login(organiser)
    return client


@pytest.fixture
def questionnaire():
    return draft()


@pytest.fixture
def section(questionnaire):
    return questionnaire.sections.get(position=1)


def new_question(signed_in, section, **values):
    page = page_data(signed_in.get(address("question_add", section.pk)))
    return signed_in.post(address("question_add", section.pk), changed(page, **values))


def edited(signed_in, question, **values):
    edit = address("question_edit", question.pk)
    return signed_in.post(edit, changed(page_data(signed_in.get(edit)), **values))


def test_section_is_added_last_and_once_although_sent_twice(signed_in, questionnaire):
    for _ in range(2):
        response = signed_in.post(address("section_add", questionnaire.pk), {"title": "Dritter", "intro": "So."})

    section = questionnaire.sections.last()
    assert response.url == f"{questionnaire.get_absolute_url()}#abschnitt-{section.pk}"
    assert list(questionnaire.sections.values_list("title", flat=True)) == ["Erster", "Zweiter", "Dritter"]
    assert [line.details["added"] for line in lines()] == ["section"]


def test_section_is_changed_and_on_record(signed_in, section):
    edit = address("section_edit", section.pk)

    signed_in.post(edit, changed(page_data(signed_in.get(edit)), intro="Neu"))

    section.refresh_from_db()
    assert section.intro == "Neu"
    assert lines()[-1].details["fields"] == ["intro"]


def test_sections_and_questions_are_sorted(signed_in, questionnaire, section):
    one, two = ask(questionnaire, "Eins?"), ask(questionnaire, "Zwei?")
    first, second = questionnaire.sections.all()

    signed_in.post(address("section_order", questionnaire.pk), {"list": "sections", "order": [second.pk, first.pk]})
    response = signed_in.post(
        address("question_order", section.pk), {"list": f"questions-{section.pk}", "down": f"{one.pk}:2"}
    )

    assert response.url.endswith(f"#questions-{section.pk}-down-{one.pk}")
    assert list(questionnaire.sections.all()) == [second, first]
    assert list(section.questions.all()) == [two, one]
    assert [line.details["ordered"] for line in lines()] == ["section", "question"]


@pytest.mark.parametrize("name", ["section_order", "question_order"])
@pytest.mark.parametrize("sent", [{}, {"order": "x"}, {"up": "1"}, {"order": [1, 1]}, {"down": "9" * 40}])
def test_order_survives_nonsense(signed_in, questionnaire, section, name, sent):
    ask(questionnaire, "Eins?")
    pk = questionnaire.pk if name == "section_order" else section.pk

    response = signed_in.post(address(name, pk), sent)

    assert response.status_code in (302, 409)
    assert lines() == []


def test_order_as_it_was_leaves_no_trace(signed_in, questionnaire):
    keys = [section.pk for section in questionnaire.sections.all()]

    signed_in.post(address("section_order", questionnaire.pk), {"order": keys})

    assert lines() == []


def test_scale_gets_the_usual_words_where_none_are_chosen(signed_in, section):
    new_question(signed_in, section, kind="GRADE", text="Welche Note?", high_label="nicht gut")

    question = Question.objects.get()
    assert (question.low_label, question.high_label) == ("sehr gut", "nicht gut")


def test_question_sent_twice_is_added_once(signed_in, section):
    page = page_data(signed_in.get(address("question_add", section.pk)))

    for _ in range(2):
        signed_in.post(address("question_add", section.pk), changed(page, kind="TEXT", text="Was fehlte?"))

    assert Question.objects.count() == 1
    assert [line.details["added"] for line in lines()] == ["question"]


def test_choice_is_stored_with_one_option_a_line(signed_in, section):
    new_question(signed_in, section, kind="MULTIPLE", text="Was?", options="Zeit\r\n\r\n  viel   Geld \r\nMut")

    assert list(Option.objects.values_list("position", "label")) == [(1, "Zeit"), (2, "viel Geld"), (3, "Mut")]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"kind": "SINGLE"}, "mindestens zwei Antworten"),
        ({"kind": "SINGLE", "options": "Ja"}, "mindestens zwei Antworten"),
        ({"kind": "SINGLE", "options": "Ja\nJa\nNein"}, "„Ja“ steht zweimal da."),
        ({"kind": "SINGLE", "options": "\n".join(map(str, range(31)))}, "Es sind 31 Antworten"),
        ({"kind": "SINGLE", "options": "x" * 201 + "\nNein"}, "hat 201 Zeichen"),
        ({"kind": "TEXT", "options": "Ja\nNein"}, "nur bei „Auswahl“"),
        ({"kind": "TEXT", "can_abstain": "on"}, "gibt es nur bei"),
        (
            {"kind": "TOPICS", "is_required": "on"},
            "Jedes Thema, jede Kompetenz und jeder Bedarf darf frei bleiben.",
        ),
        (
            {"kind": "COMPETENCES", "is_required": "on"},
            "Jedes Thema, jede Kompetenz und jeder Bedarf darf frei bleiben.",
        ),
        ({"kind": "TEXT", "low_label": "nie"}, "gibt es nur bei einer Skala"),
        ({"kind": "SINGLE", "options": "Ja\nNein", "good_within": "0", "poor_beyond": "1"}, "nur bei einer Skala"),
        ({"kind": "AGREEMENT", "good_within": "2", "poor_beyond": "1"}, "„Kritisch“ beginnt frühestens dort"),
        ({"kind": "AGREEMENT", "good_within": "1"}, "beide an oder keines"),
        ({"kind": "AGREEMENT", "good_within": "viel"}, "eine Zahl"),
        ({"kind": "WETTER"}, "keine gültige Auswahl"),
        ({"kind": "AGREEMENT", "audience": "KOENIG"}, "keine gültige Auswahl"),
        ({"kind": "AGREEMENT", "text": ""}, "füllen Sie dieses Feld aus"),
    ],
)
def test_what_is_wrong_with_a_question_is_said(signed_in, section, values, sentence):
    response = new_question(signed_in, section, **({"text": "Was?"} | values))

    assert any(sentence in error for error in errors_in(response)), errors_in(response)
    assert not response.context["form"].non_field_errors()
    assert not Question.objects.exists()


@pytest.mark.parametrize(("text", "sentence"), BAD_TEXT)
@pytest.mark.parametrize("field", ["text", "hint", "low_label"])
def test_text_that_cannot_be_printed_gets_one_sentence(signed_in, section, field, text, sentence):
    response = new_question(signed_in, section, **({"kind": "AGREEMENT", "text": "Was?"} | {field: text}))

    assert len(errors_in(response)) == 1
    assert sentence in errors_in(response)[0]


def test_bands_are_read_with_a_comma(signed_in, section):
    new_question(signed_in, section, kind="MIDDLE", text="Tempo?", good_within="0,5", poor_beyond="1,0")

    question = Question.objects.get()
    assert (str(question.good_within), str(question.poor_beyond)) == ("0.5", "1.0")
    assert 'value="0,5"' in text_of(signed_in.get(address("question_edit", question.pk)))


def test_another_kind_brings_its_own_words_where_the_usual_stood(signed_in, section):
    new_question(signed_in, section, kind="AGREEMENT", text="Gut?", good_within="1", poor_beyond="2")
    question = Question.objects.get()

    edited(signed_in, question, kind="GRADE")
    question.refresh_from_db()
    assert (question.low_label, question.high_label) == ("sehr gut", "ungenügend")

    edited(signed_in, question, kind="TEXT")
    question.refresh_from_db()
    assert (question.low_label, question.high_label, question.good_within) == ("", "", None)


def test_refused_question_keeps_what_was_typed_for_another_kind(signed_in, section):
    typed = {"kind": "TEXT", "text": "Was?", "low_label": "nie", "high_label": "immer", "good_within": "1"}

    response = new_question(signed_in, section, **typed)

    assert len(errors_in(response)) == 1
    assert {name: page_data(response)[name] for name in typed} == {name: [value] for name, value in typed.items()}


def test_fields_stand_under_the_kinds_that_they_belong_to(signed_in, section):
    page = text_of(signed_in.get(address("question_add", section.pk)))

    groups = [part.partition('"')[::2] for part in page.split('data-kinds="')[1:]]
    named = {kinds: re.findall(r'name="(\w+)"', re.split("</fieldset>|<select", rest)[0]) for kinds, rest in groups}
    assert named == {
        "SINGLE MULTIPLE": ["options"],
        " ".join(SCALE_KINDS): ["low_label", "high_label", "good_within", "poor_beyond"],
        " ".join(REQUIRABLE_KINDS): ["is_required"],
        " ".join(ABSTENTION_KINDS): ["can_abstain"],
    }


def test_question_saved_unchanged_leaves_no_trace(signed_in, questionnaire):
    question = ask(questionnaire, "Umgesetzt?", kind="SINGLE", options=("Ja", "Nein"))

    edited(signed_in, question)

    assert lines() == []


def test_question_goes_to_the_end_of_another_section(signed_in, questionnaire):
    question, there = ask(questionnaire, "Hin?"), ask(questionnaire, "Da?", section=2)

    edited(signed_in, question, section=there.section_id)

    assert list(there.section.questions.all()) == [there, question]


def test_two_organisers_at_one_question_lose_nothing(organiser, questionnaire):
    question = ask(questionnaire, "Umgesetzt?", kind="SINGLE", options=("Ja", "Nein"))
    first, second = Client(), Client()
    for client in (first, second):
        client.force_login(organiser)
    edit = address("question_edit", question.pk)
    pages = [page_data(client.get(edit)) for client in (first, second)]

    first.post(edit, changed(pages[0], options="Ja\nTeils\nNein"))
    second.post(edit, changed(pages[1], hint="Seit dem Kurs"))
    third = second.post(edit, changed(pages[1], options="Ja\nNie"))

    question.refresh_from_db()
    assert question.hint == "Seit dem Kurs"
    assert [option.label for option in question.options.all()] == ["Ja", "Teils", "Nein"]
    assert "Inzwischen hat jemand anderes dieses Feld geändert." in errors_in(third)[0]


def test_question_deleted_meanwhile_shows_what_was_typed(signed_in, questionnaire):
    question = ask(questionnaire, "Gut?")
    edit = address("question_edit", question.pk)
    page = page_data(signed_in.get(edit))
    question.delete()

    response = signed_in.post(edit, changed(page, text="Mein langer Text"))

    assert response.status_code == 409
    assert "Mein langer Text" in text_of(response)


def test_condition_is_chosen_among_earlier_sections(signed_in):
    questionnaire, choice, text = branching()
    Question.objects.filter(pk=text.pk).update(condition_question=None, condition_values=[])
    later = ask(questionnaire, "Gut?", section=2)

    page = signed_in.get(address("question_condition", later.pk))
    signed_in.post(
        address("question_condition", later.pk), changed(page_data(page), **{f"q{choice.pk}": ["1", "2"]})
    )

    later.refresh_from_db()
    assert list(page.context["form"].earlier) == [f"q{choice.pk}"]
    assert (later.condition_question, later.condition_values) == (choice, [1, 2])
    assert lines()[-1].details["fields"] == ["condition"]


def test_condition_is_taken_away(signed_in):
    _, choice, text = branching()

    page = page_data(signed_in.get(address("question_condition", text.pk)))
    signed_in.post(address("question_condition", text.pk), changed(page, **{f"q{choice.pk}": []}))

    text.refresh_from_db()
    assert (page[f"q{choice.pk}"], text.condition_question, text.condition_values) == (["2"], None, [])


def test_condition_that_looks_forward_can_be_taken_away(signed_in):
    questionnaire, _, text = branching()
    first, second = questionnaire.sections.all()
    signed_in.post(address("section_order", questionnaire.pk), {"order": [second.pk, first.pk]})

    page = signed_in.get(address("question_condition", text.pk))
    signed_in.post(address("question_condition", text.pk), page_data(page))

    text.refresh_from_db()
    assert "Beim Speichern fällt sie weg." in text_of(page)
    assert text.condition_question is None


def test_condition_on_two_questions_is_refused(signed_in):
    questionnaire, _, text = branching()
    scale = ask(questionnaire, "Gut?")

    page = page_data(signed_in.get(address("question_condition", text.pk)))
    response = signed_in.post(address("question_condition", text.pk), changed(page, **{f"q{scale.pk}": ["1"]}))

    assert "Eine Frage kann nur von einer anderen abhängen." in errors_in(response)[0]


@pytest.mark.parametrize("value", ["9", "-1", "x", "\x00", "9" * 50])
def test_condition_survives_nonsense(signed_in, value):
    _, choice, text = branching()

    response = signed_in.post(address("question_condition", text.pk), {f"q{choice.pk}": [value]})

    text.refresh_from_db()
    assert response.status_code == 200
    assert text.condition_values == [2]


def test_question_without_an_earlier_section_says_why_it_has_no_condition(signed_in, questionnaire):
    question = ask(questionnaire, "Gut?")

    page = text_of(signed_in.get(address("question_condition", question.pk)))

    assert "steht keine Frage, von der diese abhängen kann" in page


def test_condition_follows_its_option_to_another_place(signed_in):
    questionnaire, choice, text = branching()

    edited(signed_in, choice, options="Nein\nTeils\nJa")

    text.refresh_from_db()
    assert text.condition_values == [1]
    no = choice.options.get(label="Nein")
    asked = sheet_of(questionnaire, 0).steps({(choice.pk, None): Said(options=(no.pk,))})
    assert [step.section.title for step in asked] == ["Erster", "Zweiter"]


def test_option_on_which_a_question_depends_is_not_taken_away(signed_in):
    _, choice, _ = branching()

    response = edited(signed_in, choice, options="Ja\nTeils\nViel")

    assert "Von „Nein“ hängt ab: „Was hindert Sie?“." in errors_in(response)[0]
    assert choice.options.count() == 2


def test_reworded_option_stays_the_same(signed_in):
    _, choice, text = branching()
    keys = list(choice.options.values_list("key", flat=True))

    edited(signed_in, choice, options="Ja, sicher\nNein")

    text.refresh_from_db()
    assert list(choice.options.values_list("key", flat=True)) == keys
    assert text.condition_values == [2]


def test_kind_stays_while_a_question_depends_on_the_answers(signed_in):
    _, choice, _ = branching()

    response = edited(signed_in, choice, kind="AGREEMENT", options="")

    assert "Von den Antworten hängt ab: „Was hindert Sie?“." in " ".join(errors_in(response))


@pytest.mark.parametrize("which", ["choice", "text"])
def test_question_does_not_pass_what_it_depends_on(signed_in, which):
    questionnaire, choice, text = branching()
    question, place = (choice, 2) if which == "choice" else (text, 1)

    response = edited(signed_in, question, section=questionnaire.sections.get(position=place).pk)

    assert len(errors_in(response)) == 1
    question.refresh_from_db()
    assert question.section.position != place


@pytest.mark.parametrize("name", ["question_delete", "section_delete"])
def test_nothing_is_deleted_on_which_something_depends(signed_in, name):
    _, choice, _ = branching()
    pk = choice.pk if name == "question_delete" else choice.section_id

    page = text_of(signed_in.post(address(name, pk)))

    assert "Davon hängt ab: „Was hindert Sie?“." in page
    assert Question.objects.filter(pk=choice.pk).exists()


def test_questions_and_sections_are_deleted_and_on_record(signed_in):
    questionnaire, choice, text = branching()

    signed_in.post(address("question_delete", text.pk))
    signed_in.post(address("section_delete", choice.section_id))

    assert not Question.objects.exists()
    assert questionnaire.sections.get().title == "Zweiter"
    assert [line.details["deleted"] for line in lines()] == ["question", "section"]


PIECES = ["section_edit", "section_delete", "question_edit", "question_condition", "question_delete"]


def addresses(questionnaire, choice):
    pks = {"section": choice.section_id, "question": choice.pk}
    return [
        address("section_add", questionnaire.pk),
        address("section_order", questionnaire.pk),
        address("question_add", choice.section_id),
        address("question_order", choice.section_id),
        *(address(name, pks[name.partition("_")[0]]) for name in PIECES),
    ]


def test_a_released_version_is_not_written_at_any_address(signed_in):
    questionnaire, choice, _ = branching(purpose=Purpose.END)
    release(questionnaire)

    for each in addresses(questionnaire, choice):
        assert signed_in.post(each, {"title": "Neu"}).status_code == 409, each


@pytest.mark.parametrize("role", ["stranger", "reader", "trainer"])
def test_who_may_not_write_is_refused_at_every_address(client, request, role):
    questionnaire, choice, _ = branching()
    client.force_login(request.getfixturevalue(role))

    for each in addresses(questionnaire, choice):
        assert client.post(each, {"title": "Neu"}).status_code == 403, each


WORDS = st.text(max_size=60)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.one_of(st.sampled_from(QuestionKind.values), WORDS),
    text=WORDS,
    options=WORDS,
    low=WORDS,
    band=WORDS,
    key=WORDS,
)
def test_question_survives_any_text(signed_in, section, kind, text, options, low, band, key):
    sent = {"kind": kind, "text": text, "options": options, "low_label": low, "good_within": band, "key": key}

    response = signed_in.post(address("question_add", section.pk), sent)

    assert response.status_code in (200, 302)


OLD = [
    Option(pk=place, position=place, label=label) for place, label in enumerate(["Ja", "Teils", "Nein"], start=1)
]


@pytest.mark.parametrize(
    ("labels", "places"),
    [
        (["Ja", "Teils", "Nein"], [1, 2, 3]),
        (["Nein", "Ja", "Teils"], [3, 1, 2]),
        (["Ja", "Zum Teil", "Nein"], [1, 2, 3]),
        (["Ja", "Nein"], [1, 3]),
        (["Ja", "Teils", "Kaum", "Nein"], [1, 2, None, 3]),
        ([], []),
    ],
)
def test_lines_continue_the_options_that_they_mean(labels, places):
    assert [option and option.position for option in matched_options(OLD, labels)] == places
