"""Answering a survey behind a personal link, anonymous or by name: steps, drafts, sending once, the receipt."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from curriculum.models import Audience, Topic
from evaluation import ballots, drafts
from evaluation.actions.answering import AlreadyAnsweredError, SurveyNotOpenError
from evaluation.actions.counting import count_due_surveys
from evaluation.ballots import TEXT_LIMIT
from evaluation.forms.answering import AnswerStepForm
from evaluation.models import (
    Draft,
    Envelope,
    Option,
    Participation,
    PersonalAnswer,
    Question,
    QuestionKind,
    Questionnaire,
    Response,
    Survey,
)
from evaluation.queries.asking import sheet_of
from evaluation.queries.fingerprints import fingerprint_of, fingerprints_of
from evaluation.queries.sittings import Sitting
from evaluation.said import Said
from evaluation.tokens import answer_token
from netzkoord.lib import links
from netzkoord.models import PersonalLink
from participants.models import Registration
from tests.conftest import thaw
from tests.evaluation import scenes

RECEIPT = "ABCD-EFGH-JKLM-2345"
SCRIPT = '"><script>alert(1)</script>{{7*7}}'


@pytest.fixture
def survey(db):
    return scenes.open_survey(6)


@pytest.fixture
def invitation(survey):
    return survey.invitations.order_by("pk").first()


@pytest.fixture
def link(invitation):
    return scenes.link_of(invitation)


@pytest.fixture
def step(survey, link):
    """The step with the first agreement."""
    return f"{link}{scenes.step_with(survey, QuestionKind.AGREEMENT)}/"


@pytest.fixture
def texts(survey, link):
    """The step with the open questions."""
    return f"{link}{scenes.step_with(survey, QuestionKind.TEXT)}/"


@pytest.fixture
def needs(db):
    """A person in front of a personal survey."""
    survey = scenes.needs_survey()
    Topic.objects.create(edition=survey.cohort.edition, position=1, name="Rolle & Mandat")
    return survey.invitations.get()


def main_of(response):
    return response.content.decode().split("<main")[1].split("</main>")[0]


# The first page


def test_anonymous_survey_says_first_that_it_is(client, link):
    page = main_of(client.get(link))

    assert page.index("Diese Erhebung ist anonym.") < page.index("Beginnen")


def test_personal_survey_says_first_that_it_is(client, needs):
    page = main_of(client.get(scenes.link_of(needs)))

    assert page.index("Diese Erhebung ist persönlich") < page.index("Beginnen")


def test_every_question_is_asked_in_some_step_and_nothing_is_chosen_beforehand(client, survey, invitation, link):
    steps = Sitting(invitation, "").steps
    pages = [main_of(client.get(f"{link}{step.number}/")) for step in steps]

    for question in survey.questionnaire.questions():
        assert sum(question.text in page for page in pages) == 1
    chosen = [value for page in pages for _, value in checked(page)]
    assert set(chosen) <= {""}


def checked(page):
    inputs = [tag for tag in re.findall(r"<input [^>]*>", page) if " checked" in tag]
    return {(re.search(r'name="([^"]*)"', tag)[1], re.search(r'value="([^"]*)"', tag)[1]) for tag in inputs}


@pytest.mark.parametrize("state", ["open", "scheduled", "closed", "done"])
def test_page_of_somebody_signed_in_is_that_of_a_stranger(client, survey, invitation, link, state):
    set_state(survey, invitation, state)
    to_stranger = Client().get(link, follow=True).content.decode()
    person = invitation.registration.person
    client.force_login(person)

    response = client.get(link, follow=True)

    assert person.get_short_name() not in response.content.decode()
    assert invitation.registration.family_name not in response.content.decode()
    assert response.content.decode() == to_stranger
    assert "no-store" in response["Cache-Control"]


def set_state(survey, invitation, state):
    if state == "scheduled":
        Survey.objects.update(opens_at=timezone.now() + scenes.DAY)
    elif state == "closed":
        scenes.end(survey)
    elif state == "done":
        scenes.send(invitation, {scenes.question(survey, QuestionKind.GRADE).pk: 1})


def test_pages_set_no_cookie_and_need_no_script(client, link, texts):
    for url in (link, texts, f"{link}pruefen/"):
        response = client.get(url)

        assert response.cookies == {}
        assert "<script" not in main_of(response)
        assert re.findall(r"\son\w+=|\sstyle=", main_of(response)) == []


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_a_page_changes_nothing(client, link, step, method):
    for url in (link, step, f"{link}pruefen/", f"{link}fertig/"):
        getattr(client, method)(url)

    assert not Participation.objects.exists()
    assert not Envelope.objects.exists()
    assert not Draft.objects.exists()


# Steps and drafts


def test_step_is_kept_and_read_on_another_device(client, survey, step):
    name = scenes.field(survey, QuestionKind.AGREEMENT)

    client.post(step, {name: "5"})

    page = main_of(Client().get(step))
    assert (name, "5") in checked(page)
    assert "gespeichert" in page


def test_page_before_sending_says_what_the_ends_of_the_scale_mean(client, survey, link, step):
    client.post(step, {scenes.field(survey, QuestionKind.AGREEMENT): "5"})

    page = main_of(client.get(f"{link}pruefen/"))

    assert '5 <span class="muted">(1 trifft nicht zu, 6 trifft voll zu)</span>' in page


def test_draft_is_read_through_every_link_of_the_invitation(client, survey, invitation, step):
    client.post(step, {scenes.field(survey, QuestionKind.AGREEMENT): "5"})
    reminder = scenes.link_of(invitation)

    page = main_of(client.get(reminder))

    assert "Zuletzt gespeichert" in page
    assert "Weiter mit Schritt" in page


def test_draft_is_read_by_nobody_else(client, survey, step):
    client.post(step, {scenes.field(survey, QuestionKind.AGREEMENT): "5"})
    other = survey.invitations.order_by("pk").last()

    page = main_of(client.get(f"{scenes.link_of(other)}{scenes.step_with(survey, QuestionKind.AGREEMENT)}/"))

    assert "noch nichts gespeichert" in page


def test_draft_in_the_table_tells_neither_what_nor_whose(client, survey, invitation, texts):
    client.post(texts, {scenes.field(survey, QuestionKind.TEXT): "Unverwechselbar"})

    draft = Draft.objects.get()

    assert b"Unverwechselbar" not in bytes(draft.sealed)
    assert invitation.link_key not in draft.pk


def test_all_drafts_of_a_survey_have_one_length(survey):
    text = scenes.question(survey, QuestionKind.TEXT).pk
    for invitation, said in zip(survey.invitations.all(), ["x", "ß" * TEXT_LIMIT, "\n" * 3], strict=False):
        scenes.save(invitation, {(text, None): Said(text=said)})

    assert len({len(bytes(draft.sealed)) for draft in Draft.objects.all()}) == 1


def test_saving_a_step_again_replaces_it(client, survey, invitation, step):
    name = scenes.field(survey, QuestionKind.AGREEMENT)
    client.post(step, {name: "5"})

    client.post(step, {name: ""})

    assert drafts.load(invitation).answers == {}


@pytest.mark.parametrize(
    ("button", "leads_to"),
    [("next", "{step}"), ("back", "{before}"), ("pause", ""), ("check", "pruefen/"), ("", "{step}")],
)
def test_each_button_saves_and_leads_on(client, survey, invitation, link, button, leads_to):
    name = scenes.field(survey, QuestionKind.GRADE)
    number = scenes.step_with(survey, QuestionKind.GRADE)

    response = client.post(f"{link}{number}/", {name: "1", "then": button})

    assert response.url == link + leads_to.format(step=f"{number + 1}/", before=f"{number - 1}/")
    assert drafts.load(invitation).answers != {}


def test_post_needs_no_token_against_forgery_for_the_link_is_the_proof(survey, step):
    client = Client(enforce_csrf_checks=True)

    response = client.post(step, {scenes.field(survey, QuestionKind.AGREEMENT): "5"})

    assert response.status_code == 302


def test_what_was_typed_is_kept_beside_the_error(client, survey, texts):
    name = scenes.field(survey, QuestionKind.TEXT)

    response = client.post(texts, {name: SCRIPT + "x" * (TEXT_LIMIT + 1)})

    page = response.content.decode()
    assert "Bitte prüfen Sie Ihre Angaben" in page
    assert f'href="#id_{name}"' in page
    assert "x" * (TEXT_LIMIT + 1) in page
    assert "<script>alert(1)" not in page
    assert "{{7*7}}" in page
    assert not Draft.objects.exists()


@pytest.mark.parametrize("value", ["0", "7", "-1", "1.5", "sechs", "6\x00", "٣"])
def test_value_off_the_scale_is_refused(client, survey, step, value):
    response = client.post(step, {scenes.field(survey, QuestionKind.AGREEMENT): value})

    assert "Bitte prüfen Sie Ihre Angaben" in response.content.decode()
    assert not Draft.objects.exists()


def test_line_break_counts_as_one_character_as_in_the_browser(client, survey, texts):
    text = "a\r\n" * (TEXT_LIMIT // 2)

    response = client.post(texts, {scenes.field(survey, QuestionKind.TEXT): text.strip()})

    assert response.status_code == 302


def test_what_turns_the_direction_of_writing_is_taken_out(survey):
    step = Sitting(survey.invitations.first(), "").steps[scenes.step_with(survey, QuestionKind.TEXT) - 1]
    question = scenes.question(survey, QuestionKind.TEXT)
    data = {f"q{question.pk}": "Gut\u202eetrhekeg\u2066 und\u200f klar"}

    form = AnswerStepForm(data, step=step, answers={}, text_limit=TEXT_LIMIT)

    assert form.is_valid()
    assert form.said()[question.pk, None].text == "Gutetrhekeg und klar"


def test_step_that_does_not_exist_leads_to_the_first_page(client, link):
    assert client.get(f"{link}99/").url == link


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(text=st.text(max_size=1100), number=st.one_of(st.text(max_size=5), st.integers().map(str)))
def test_whatever_is_typed_is_refused_or_fits_into_ballot_and_draft(survey, text, number):
    invitation = survey.invitations.order_by("pk").first()
    for kind, value in ((QuestionKind.TEXT, text), (QuestionKind.AGREEMENT, number)):
        step = Sitting(invitation, "").steps[scenes.step_with(survey, kind) - 1]
        data = {scenes.field(survey, kind): value}
        form = AnswerStepForm(data, step=step, answers={}, text_limit=TEXT_LIMIT)
        if form.is_valid():
            Participation.objects.all().delete()
            scenes.save(invitation, form.said())
            assert drafts.load(invitation).answers.items() >= form.said().items()
            ballots.seal(survey, ballots.Ballot(form.said()))


def test_with_another_secret_of_the_operator_nothing_is_lost_and_a_sentence_says_so(
    client, survey, link, texts, settings, caplog
):
    field = scenes.field(survey, QuestionKind.TEXT)
    client.post(texts, {field: "Gespeichert."})
    right, settings.BALLOT_SECRET = settings.BALLOT_SECRET, "another one"

    first, sent = client.get(link), client.post(texts, {field: "Getippt."})

    settings.BALLOT_SECRET = right
    assert (first.status_code, sent.status_code) == (409, 409)
    assert "es liegt nicht an Ihnen" in main_of(first)
    assert "Getippt." in main_of(sent)
    assert f"Survey {survey.pk} cannot be opened" in caplog.text
    assert "Gespeichert." in main_of(client.get(texts))


# Sending


def test_answers_are_stored_sealed_and_the_page_shows_the_receipt(client, survey, invitation, link, step, texts):
    client.post(step, {scenes.field(survey, QuestionKind.AGREEMENT): "6"})
    client.post(texts, {scenes.field(survey, QuestionKind.TEXT): " Sehr gut.\r\nDanke! "})

    page = main_of(client.post(f"{link}pruefen/", {"receipt": RECEIPT}))

    assert "Erst dann werden alle Antworten zusammen geöffnet" in page
    assert RECEIPT in page
    assert ballots.open_all(survey)[0].receipt == RECEIPT
    assert scenes.opened(survey) == [
        {
            scenes.question(survey, QuestionKind.AGREEMENT).pk: 6,
            scenes.question(survey, QuestionKind.TEXT).pk: "Sehr gut.\nDanke!",
        }
    ]
    assert list(Participation.objects.values_list("pk", flat=True)) == [invitation.pk]
    assert not Draft.objects.exists()


def test_role_is_sealed_with_the_answers_and_nothing_else_of_the_person(survey, invitation):
    scenes.send(invitation, {scenes.question(survey, QuestionKind.GRADE).pk: 1})

    ballot = ballots.open_all(survey)[0]

    assert ballot.role == invitation.registration.role
    assert ballot.receipt == scenes.receipt_of(invitation)


def test_sending_twice_stores_one_ballot_and_shows_the_same_receipt(client, survey, link, step):
    client.post(step, {scenes.field(survey, QuestionKind.AGREEMENT): "6"})
    receipt = hidden_receipt(client, link)
    client.post(f"{link}pruefen/", {"receipt": receipt})

    second = client.post(f"{link}pruefen/", {"receipt": receipt})

    assert receipt in main_of(second)
    assert [ballot.receipt for ballot in ballots.open_all(survey)] == [receipt]


def hidden_receipt(client, link):
    return re.search(r'name="receipt" value="([A-Z2-7-]{19})"', main_of(client.get(f"{link}pruefen/")))[1]


def test_receipt_is_another_one_on_every_page_and_nobody_finds_it_behind_the_link_later(client, survey, link, step):
    client.post(step, {scenes.field(survey, QuestionKind.AGREEMENT): "6"})
    receipt, other = hidden_receipt(client, link), hidden_receipt(client, link)
    client.post(f"{link}pruefen/", {"receipt": receipt})

    pages = [main_of(client.get(link, follow=True)), main_of(client.post(f"{link}pruefen/", follow=True))]

    assert receipt != other
    assert not any("Beleg" in page or receipt in page for page in pages)


@pytest.mark.parametrize(
    "nonsense", ["", "x" * 5000, "AAAA-BBBB-CCCC-DDD1", "ẞẞẞẞ-ẞẞẞẞ-ẞẞẞẞ-ẞẞẞẞ", "AAAA-BBBB-CCCC-DDDD\n"]
)
def test_nonsense_for_a_receipt_becomes_a_new_one(client, survey, link, step, nonsense):
    client.post(step, {scenes.field(survey, QuestionKind.AGREEMENT): "6"})

    page = main_of(client.post(f"{link}pruefen/", {"receipt": nonsense}))

    [ballot] = ballots.open_all(survey)
    assert re.fullmatch(r"(?:[A-Z2-7]{4}-){3}[A-Z2-7]{4}", ballot.receipt)
    assert ballot.receipt in page


def test_after_sending_every_page_leads_to_the_last(client, survey, invitation, link, step):
    scenes.send(invitation, {scenes.question(survey, QuestionKind.GRADE).pk: 1})

    for url in (link, step, f"{link}pruefen/", f"{link}gesendet/"):
        assert client.get(url, follow=True).redirect_chain[-1][0] == f"{link}fertig/"


def test_last_page_is_not_shown_before(client, link):
    assert client.get(f"{link}fertig/").url == link


def test_nothing_at_all_cannot_be_sent(client, link, step):
    client.post(step, {})

    page = main_of(client.post(f"{link}pruefen/"))

    assert "Bitte beantworten Sie mindestens eine Frage" in page
    assert not Participation.objects.exists()


def test_draft_after_sending_is_refused(survey, invitation):
    number = scenes.question(survey, QuestionKind.GRADE).pk
    scenes.send(invitation, {number: 1})

    with pytest.raises(AlreadyAnsweredError):
        scenes.save(invitation, {(number, None): Said(2)})

    assert not Draft.objects.exists()


def test_what_comes_too_late_is_told_so_and_not_stored(client, survey, invitation, link, step):
    client.post(step, {scenes.field(survey, QuestionKind.AGREEMENT): "6"})
    scenes.end(survey)

    shown = main_of(client.get(link))
    sent = [main_of(client.post(url, {})) for url in (step, f"{link}pruefen/")]

    assert "Die Erhebung ist geschlossen" in shown
    assert "nicht gespeichert" not in shown
    assert all("Ihre Antworten sind nicht gespeichert" in page for page in sent)
    assert not Participation.objects.exists()
    with pytest.raises(SurveyNotOpenError):
        scenes.save(invitation, {})


def test_survey_that_is_not_open_yet_says_when_it_opens(client, survey, link):
    Survey.objects.filter(pk=survey.pk).update(opens_at=survey.closes_at - scenes.DAY)

    page = main_of(client.get(link))

    assert "Die Erhebung ist noch nicht offen" in page
    assert "<form" not in page


# By name


def test_personal_answers_are_stored_by_name_and_can_be_read_again(client, needs):
    link = scenes.link_of(needs)
    question = scenes.question(needs.survey, QuestionKind.TOPICS)
    topic = Topic.objects.get()
    step = question.section.position
    client.post(f"{link}{step}/", {f"q{question.pk}-{topic.pk}-importance": "4"})

    done = client.post(f"{link}pruefen/", follow=True)

    assert "Fertig" in done.content.decode()
    answer = PersonalAnswer.objects.get()
    assert (answer.topic, answer.number, answer.skill) == (topic, 4, None)
    sent = main_of(client.get(f"{link}gesendet/"))
    assert "sehr wichtig" in sent
    assert "Ändern" not in sent


@pytest.mark.parametrize("value", ["0", "5", "x", "1.5"])
def test_rating_off_the_scale_is_refused(client, needs, value):
    question, topic = scenes.question(needs.survey, QuestionKind.TOPICS), Topic.objects.get()
    url = f"{scenes.link_of(needs)}{question.section.position}/"

    response = client.post(url, {f"q{question.pk}-{topic.pk}-skill": value})

    assert "Bitte prüfen Sie Ihre Angaben" in response.content.decode()
    assert not Draft.objects.exists()


def test_link_of_a_person_who_withdrew_is_unknown(client, needs):
    link = scenes.link_of(needs)
    Registration.objects.update(withdrawn_at=timezone.now())

    assert client.get(link).status_code == 404


# Kinds of questions, conditions, audiences


@pytest.fixture
def questionnaire(survey):
    """The survey's questionnaire, not released: for tests that change it."""
    unfreeze()
    return Questionnaire.objects.get(pk=survey.questionnaire_id)


def unfreeze():
    """Take the release of all questionnaires back, which a trigger refuses; rolled back with the test."""
    statement = "UPDATE evaluation_questionnaire SET released_at = NULL"
    if connection.vendor == "sqlite":
        thaw("frozen_questionnaire_update", statement)
        return
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE evaluation_questionnaire DISABLE TRIGGER frozen_questionnaire_update")
        cursor.execute(statement)
        cursor.execute("ALTER TABLE evaluation_questionnaire ENABLE TRIGGER frozen_questionnaire_update")


def add_section(questionnaire, position=90):
    return questionnaire.sections.create(position=position, title="Mehr")


def add_question(section, kind, **fields):
    position = section.questions.count() + 1
    fields = {"text": f"Frage {kind}"} | fields
    return Question.objects.create(section=section, position=position, kind=kind, **fields)


def last_step(invitation):
    return Sitting(invitation, "").steps[-1]


def form_for(invitation, data):
    return AnswerStepForm(data, step=last_step(invitation), answers={}, text_limit=TEXT_LIMIT)


@pytest.mark.parametrize(
    ("kind", "lowest", "highest"),
    [("AGREEMENT_FIVE", 1, 5), ("TEN", 0, 10), ("TARGET", 1, 4), ("MIDDLE", 1, 5), ("GRADE", 1, 6)],
)
def test_scales_have_their_ends(questionnaire, invitation, kind, lowest, highest):
    question = add_question(add_section(questionnaire), kind)

    for value in (lowest, highest):
        form = form_for(invitation, {f"q{question.pk}": str(value)})
        assert form.is_valid()
        assert form.said() == {(question.pk, None): Said(value)}
    for value in (lowest - 1, highest + 1):
        assert not form_for(invitation, {f"q{question.pk}": str(value)}).is_valid()


def test_abstaining_is_an_answer_where_it_is_offered(questionnaire, invitation):
    offered = add_question(add_section(questionnaire), "TEN", can_abstain=True)

    form = form_for(invitation, {f"q{offered.pk}": "x"})

    assert form.is_valid()
    assert form.said() == {(offered.pk, None): Said(is_abstention=True)}


def test_abstaining_is_refused_where_it_is_not_offered(questionnaire, invitation):
    question = add_question(add_section(questionnaire), "TEN")

    assert not form_for(invitation, {f"q{question.pk}": "x"}).is_valid()


def test_several_options_are_several_answers_and_exclude_abstaining(questionnaire, invitation):
    question = add_question(add_section(questionnaire), "MULTIPLE", can_abstain=True)
    options = [Option.objects.create(question=question, position=n, label=f"Antwort {n}") for n in (1, 2)]

    both = form_for(invitation, {f"q{question.pk}": [str(option.pk) for option in options]})
    mixed = form_for(invitation, {f"q{question.pk}": [str(options[0].pk), "x"]})

    assert both.is_valid()
    assert both.said() == {(question.pk, None): Said(options=tuple(option.pk for option in options))}
    assert "nicht beides" in str(mixed.errors)


def test_option_of_another_question_is_refused(questionnaire, invitation):
    section = add_section(questionnaire)
    question, other = add_question(section, "SINGLE"), add_question(section, "SINGLE")
    Option.objects.create(question=question, position=1, label="Antwort")
    foreign = Option.objects.create(question=other, position=1, label="Andere")

    assert not form_for(invitation, {f"q{question.pk}": str(foreign.pk)}).is_valid()


def test_question_that_must_be_answered_holds_the_form_back(client, questionnaire, invitation, link, step):
    question = add_question(add_section(questionnaire), "TEN", is_required=True, text="Bitte unbedingt")
    client.post(step, {scenes.field(invitation.survey, QuestionKind.AGREEMENT): "6"})

    page = main_of(client.post(f"{link}pruefen/"))

    assert "Es fehlen noch Antworten" in page
    assert "Bitte unbedingt" in page
    assert not Participation.objects.exists()
    assert not form_for(invitation, {f"q{question.pk}": ""}).is_valid()


def test_question_is_asked_only_after_the_answer_that_it_depends_on(questionnaire, invitation, survey):
    earlier = scenes.question(survey, QuestionKind.AGREEMENT)
    add_question(add_section(questionnaire), "TEXT", condition_question=earlier, condition_values=[1, 2])
    sheet = sheet_of(questionnaire, survey.cohort.edition_id, role=Audience.MANAGER)

    asked = {value: len(sheet.steps({(earlier.pk, None): Said(value)})) for value in (1, 3)}

    assert asked[1] == asked[3] + 1
    assert len(sheet.steps({})) == asked[3]


def test_condition_on_a_choice_counts_its_options_by_their_position(questionnaire, survey):
    choice = add_question(add_section(questionnaire, 90), "SINGLE")
    options = [Option.objects.create(question=choice, position=n, label=f"Antwort {n}") for n in (1, 2)]
    add_question(add_section(questionnaire, 91), "TEXT", condition_question=choice, condition_values=[2])
    sheet = sheet_of(questionnaire, survey.cohort.edition_id)

    steps = [len(sheet.steps({(choice.pk, None): Said(options=(option.pk,))})) for option in options]

    assert steps[1] == steps[0] + 1


def test_answer_to_a_question_that_is_not_asked_any_more_is_not_sent(questionnaire, survey):
    earlier = scenes.question(survey, QuestionKind.AGREEMENT)
    later = add_question(add_section(questionnaire), "TEN", condition_question=earlier, condition_values=[1])
    sheet = sheet_of(questionnaire, survey.cohort.edition_id)

    answers = {(earlier.pk, None): Said(6), (later.pk, None): Said(3)}

    assert sheet.relevant(answers) == {(earlier.pk, None): Said(6)}


@pytest.mark.parametrize(("audience", "is_asked"), [("MANAGER", True), ("COORDINATOR", False), ("", True)])
def test_question_for_one_role_is_asked_only_of_it(questionnaire, survey, audience, is_asked):
    question = add_question(add_section(questionnaire), "TEXT", audience=audience)
    sheet = sheet_of(questionnaire, survey.cohort.edition_id, role=Audience.MANAGER)

    asked = [one.question for _, questions in sheet.sections for one in questions]

    assert (question in asked) is is_asked


@pytest.mark.parametrize(("typed", "code"), [("MA07KO", "MA07KO"), (" ma 07-kö ", "MA07KO")])
def test_code_is_brought_into_one_form(questionnaire, invitation, typed, code):
    question = add_question(add_section(questionnaire), "CODE")

    form = form_for(invitation, {f"q{question.pk}": typed})

    assert form.is_valid()
    assert form.said() == {(question.pk, None): Said(text=code)}


def test_code_of_another_length_is_refused_with_a_sentence(questionnaire, invitation):
    question = add_question(add_section(questionnaire), "CODE")

    form = form_for(invitation, {f"q{question.pk}": "MA7"})

    assert "Der Code hat 6 Zeichen, hier sind es 3" in str(form.errors)


# Names in texts


def test_names_and_towns_of_the_cohort_are_pointed_out(client, survey, invitation, link, texts):
    town = invitation.registration.tandem.municipality.name
    client.post(texts, {scenes.field(survey, QuestionKind.TEXT): f"In {town} ist es anders."})

    page = main_of(client.get(f"{link}pruefen/"))
    found = client.post(f"{link}hinweis/", {"text": f"Bei uns in {town.upper()}"}).json()
    nothing = client.post(f"{link}hinweis/", {"text": "Bei uns ist es anders"}).json()

    assert "In Ihrem Text steht: " in page
    assert len(found["found"]) == 1
    assert nothing == {"found": []}
    assert Draft.objects.count() == 1


# Links


@pytest.mark.parametrize("is_answered", [True, False])
def test_a_renewed_link_tells_nothing_of_whether_somebody_had_answered(client, invitation, link, is_answered):
    if is_answered:
        Participation.objects.create(invitation=invitation)
    before = PersonalLink.objects.count()

    client.post(reverse("link_renew"), {"token": link.strip("/").split("/")[-1]})

    assert PersonalLink.objects.count() == before + 1


@pytest.mark.parametrize("token", ["x", "x.y", "{key}", "{key}.AAAA", "{other}", "{stranger}"])
def test_unknown_token_is_not_found(client, invitation, token):
    token = token.format(
        key=invitation.link_key,
        other=links.create("status", invitation.link_key, email="a@stadt.example", expires_at=links.in_days(1)),
        stranger="0123456789abcdef0123456789abcdef",
    )

    assert client.get(f"/erhebung/{token}/").status_code == 404
    assert client.post(f"/erhebung/{token}/1/", {}).status_code == 409


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client, link, step, method):
    assert getattr(client, method)(link).status_code == 405
    assert getattr(client, method)(step).status_code == 405


@pytest.mark.parametrize("people", [1, 3])
def test_step_query_count(client, django_assert_num_queries, db, people):
    survey = scenes.open_survey(people)
    link = f"/erhebung/{answer_token(survey.invitations.first())}/1/"

    with django_assert_num_queries(8):
        client.get(link)


# Receipts


@pytest.fixture
def counted(survey):
    """Six people have answered with six marks, each with a receipt; the survey is counted."""
    grade = scenes.question(survey, QuestionKind.GRADE).pk
    receipts = [scenes.receipt_of(i) for i in survey.invitations.order_by("pk")]
    scenes.hand_in(survey, [{grade: mark} for mark in range(1, 7)])
    scenes.end(survey)
    count_due_surveys()
    survey.refresh_from_db()
    survey.receipts = receipts
    return survey


def test_everybody_finds_the_own_fingerprint_in_the_published_list(client, counted):
    url = reverse("evaluation:survey_fingerprints", args=[counted.pk])

    pages = [
        main_of(client.post(url, {"receipt": receipt.lower().replace("-", " ")})) for receipt in counted.receipts
    ]

    listed = [response.fingerprint[:16] for response in Response.objects.order_by("fingerprint")]
    assert re.findall(r'<li class="fingerprint">(\w+)</li>', pages[0]) == listed
    assert all("Ihre Antworten sind gezählt" in page for page in pages)


@pytest.mark.parametrize("receipt", ["", "AAAA-BBBB-CCCC-DDDD", "x" * 41, SCRIPT])
def test_wrong_receipt_gets_a_sentence(client, counted, receipt):
    response = client.post(reverse("evaluation:survey_fingerprints", args=[counted.pk]), {"receipt": receipt})

    page = main_of(response)
    assert "sind gezählt, so wie" not in page
    assert "<script>alert" not in page


def test_changed_answer_is_not_found_any_more(client, counted):
    Response.objects.first().answers.update(number=7)
    url = reverse("evaluation:survey_fingerprints", args=[counted.pk])

    found = [
        "sind gezählt, so wie" in main_of(client.post(url, {"receipt": receipt})) for receipt in counted.receipts
    ]

    assert found.count(True) in (5, 6)  # the changed one may have been a 3 before


@pytest.mark.parametrize("others", [0, 3])
def test_receipt_is_looked_up_without_reading_the_answers_of_others(counted, django_assert_num_queries, others):
    for number in range(others):
        Response.objects.create(survey=counted, fingerprint=str(number), receipt_print=str(number))

    with django_assert_num_queries(2):
        found = fingerprint_of(counted, counted.receipts[0])
    with django_assert_num_queries(1):
        assert fingerprint_of(counted, "AAAA-BBBB-CCCC-DDDD") == ""

    assert found in fingerprints_of(counted)


def test_receipt_of_a_survey_that_was_counted_earlier_is_found(counted):
    Response.objects.update(receipt_print="")

    assert fingerprint_of(counted, counted.receipts[0]) in fingerprints_of(counted)


@pytest.mark.parametrize("state", ["open", "few"])
def test_list_says_why_it_is_empty(client, survey, state):
    if state == "few":
        scenes.hand_in(survey, [{scenes.question(survey, QuestionKind.GRADE).pk: 1}] * 4)
        scenes.end(survey)
        count_due_surveys()

    page = main_of(client.get(reverse("evaluation:survey_fingerprints", args=[survey.pk])))

    assert {"open": "noch nicht geschlossen", "few": "weniger als 5 Personen"}[state] in page


def test_personal_survey_has_no_list(client, needs):
    assert client.get(reverse("evaluation:survey_fingerprints", args=[needs.survey_id])).status_code == 404
