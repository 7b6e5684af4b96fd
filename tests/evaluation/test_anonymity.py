"""Promise 1: nobody can join who answered and what was answered – not even with the whole database in hand."""

import io
import logging
import random
import time
import uuid

import pytest
from django.apps import apps
from django.db import connection, models
from django.test import Client
from django.urls import reverse

from curriculum.models import Competence, EditionPart, Topic
from evaluation import ballots, drafts
from evaluation.actions.counting import count_due_surveys, count_survey
from evaluation.actions.surveys import close_survey, invite
from evaluation.models import (
    Answer,
    Draft,
    Envelope,
    Invitation,
    Option,
    Outcome,
    Participation,
    Question,
    QuestionKind,
    Response,
    ResponsePair,
    SealedCodes,
    Survey,
    SurveyPool,
)
from evaluation.traces import forget_traces
from netzkoord.lib.logs import WithoutPersonalLinks
from tests.evaluation import scenes
from tests.evaluation.databases import dump, physical_order, rows

PEOPLE = 8
SLICE = 24
PATIENCE_SECONDS = 120


def said_by(number):
    """What one person says, to be recognised anywhere."""
    return f"Erkennbar-{number:02}-{number * 7919:08}"


def hand_in_distinguishable(survey, order=None):
    text = text_of(survey)
    invitations = list(survey.invitations.order_by("pk"))
    for number in order or range(len(invitations)):
        scenes.send(invitations[number], {text: said_by(number)})


def text_of(survey):
    return scenes.question(survey, QuestionKind.TEXT).pk


def fragments(data):
    """Pieces by which bytes are recognised wherever they are stored, split over pages or not."""
    return [data[start : start + SLICE] for start in range(0, len(data) - SLICE, 500)]


def is_in(data, raw):
    return any(piece in raw for piece in fragments(data))


def test_nothing_said_can_be_read_anywhere_before_closing(database):
    survey = scenes.open_survey(PEOPLE)
    hand_in_distinguishable(survey)

    shown, raw = str(dump(database)), database.raw()

    for number in range(PEOPLE):
        assert said_by(number) not in shown
        assert said_by(number).encode() not in raw
    assert len({len(sealed) for sealed in ballots.sealed_ballots(survey)}) == 1
    assert all(is_in(sealed, raw) for sealed in ballots.sealed_ballots(survey))


def wait_until_forgotten():
    """As the worker does: try again while a transaction of another test, on the same server, is in the way."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not forget_traces() and time.monotonic() < until:
        time.sleep(0.1)


def test_no_ballot_and_no_key_can_be_found_after_closing(database):
    survey = scenes.open_survey(PEOPLE)
    hand_in_distinguishable(survey)
    sealed = ballots.sealed_ballots(survey)
    late = scenes.attend(survey.session)
    invite(survey)
    scenes.save(survey.invitations.get(registration=late), scenes.said({text_of(survey): "Noch nicht fertig"}))
    drafts = {bytes(draft) for draft in Draft.objects.values_list("sealed", flat=True)}
    keys = [bytes(survey.public_key), bytes(survey.wrapped_private_key)]
    envelopes = [key.bytes for key in Envelope.objects.values_list("pk", flat=True)]
    names = [uuid.UUID(bytes=key).hex.encode() for key in envelopes]
    before = database.raw()

    close_survey(survey=survey, by=scenes.author())
    wait_until_forgotten()

    after = database.raw()
    assert all(key in before for key in keys)
    assert len(drafts) == 1
    assert all(is_in(data, before) for data in [*sealed, *drafts])
    assert any(name in before for name in [*envelopes, *names])
    assert not [key for key in keys if key in after]
    assert not [data for data in [*sealed, *drafts] if is_in(data, after)]
    assert not [name for name in [*envelopes, *names] if name in after]
    assert all(said_by(number).encode() in after for number in range(PEOPLE))
    survey.refresh_from_db()
    assert (survey.outcome, survey.must_forget) == (Outcome.COUNTED, False)


def test_no_ballot_can_be_found_after_it_was_destroyed_unopened(database):
    survey = scenes.open_survey(4)
    hand_in_distinguishable(survey)
    sealed, key = ballots.sealed_ballots(survey), bytes(survey.wrapped_private_key)

    close_survey(survey=survey, by=scenes.author())
    wait_until_forgotten()

    raw = database.raw()
    assert not [data for data in [*sealed, key] if is_in(data, raw) or data in raw]
    assert not [number for number in range(4) if said_by(number).encode() in raw]


def test_withheld_ballots_lie_in_another_order_than_they_came(database):
    """Sealed for good, but for who has the secret: he must not find out from their order whose they are."""
    chance = random.Random(2)  # noqa: S311 -- the order in which people answer in this test
    orders = []
    for _ in range(8):
        survey = scenes.open_survey(4)
        handed_in = chance.sample(range(4), 4)
        hand_in_distinguishable(survey, handed_in)
        keys = set(survey.envelopes.values_list("pk", flat=True))
        scenes.end(survey)

        count_survey(survey)

        survey.refresh_from_db()
        assert survey.outcome == Outcome.WITHHELD
        assert keys.isdisjoint(survey.envelopes.values_list("pk", flat=True))
        where = f"SELECT sealed FROM evaluation_envelope WHERE survey_id = %s ORDER BY {database.place}"  # noqa: S608
        orders.append((handed_in, [person_in(sealed, survey) for (sealed,) in rows(where, survey.pk)]))

    assert all(sorted(lying) == [0, 1, 2, 3] for _, lying in orders)
    assert any(lying != handed_in for handed_in, lying in orders)


def person_in(sealed, survey):
    private = ballots.unwrapped_private_key(survey)
    content = ballots.SUITE.decrypt(bytes(sealed), private, info=ballots.purpose_of(survey)).decode()
    return next(number for number in range(PEOPLE) if said_by(number) in content)


@pytest.mark.postgres
def test_no_transaction_tells_the_order_after_closing(database):
    survey = scenes.open_survey(PEOPLE)
    hand_in_distinguishable(survey, [5, 2, 7, 0, 3, 6, 1])
    before = rows("SELECT DISTINCT xmin::text FROM evaluation_participation")

    close_survey(survey=survey, by=scenes.author())
    wait_until_forgotten()

    assert len(before) == 7
    for table in ("participation", "invitation", "response", "answer"):
        hidden = rows(f"SELECT DISTINCT xmin::text, xmax::text FROM evaluation_{table}")  # noqa: S608
        assert len(hidden) == 1, f"{table}: {hidden}"


def test_place_in_the_file_tells_the_order_of_the_invitations_only(database):
    """SQLite numbers even the rows of a table that has a key of its own."""
    survey = scenes.open_survey(PEOPLE)
    hand_in_distinguishable(survey, [5, 2, 7, 0, 3, 6, 1])

    close_survey(survey=survey, by=scenes.author())
    wait_until_forgotten()

    lying = physical_order(database, "evaluation_participation", "invitation_id")
    assert lying == sorted(lying)
    assert len(lying) == 7


def test_no_counter_runs_along_with_the_answers(database):
    scenes.open_survey(1)

    assert not database.counters() & {
        "evaluation_answer",
        "evaluation_response",
        "evaluation_envelope",
        "evaluation_participation",
    }


WHAT = (Draft, Envelope, SealedCodes, Response, ResponsePair, Answer)
# The same for all who answered: where a path from an answer may end. From here every person of a survey is reached
# alike, and no row among them is nearer to one answer than to another.
SHARED = (Survey, SurveyPool, Question, Option, Topic, Competence)


def test_columns_hold_no_person_no_time_and_no_order():
    columns = {model: {field.column for field in model._meta.get_fields() if field.concrete} for model in WHAT}
    said = {"question_id", "option_id", "topic_id", "competence_id", "number", "skill", "text", "is_abstention"}

    assert columns == {
        Draft: {"id", "survey_id", "sealed"},
        Envelope: {"id", "survey_id", "sealed"},
        SealedCodes: {"survey_id", "sealed"},
        Response: {"id", "survey_id", "pool_id", "role", "fingerprint", "receipt_print"},
        ResponsePair: {"id", "before_id", "after_id", "role"},
        Answer: {"id", "response_id", "text_state", "redactions", *said},
    }
    assert {field.column for field in Participation._meta.get_fields()} == {"invitation_id"}
    for model in (Envelope, Response, ResponsePair, Answer):
        assert isinstance(model._meta.pk, models.UUIDField)
        assert model._meta.pk.default is uuid.uuid4


def test_no_path_leads_from_an_answer_to_a_person_but_through_its_survey_as_a_whole():
    reached, waiting = set(), list(WHAT)
    while waiting:
        model = waiting.pop()
        if model in reached:
            continue
        reached.add(model)
        if model not in SHARED:
            relations = model._meta.get_fields(include_hidden=True)
            waiting += [relation.related_model for relation in relations if relation.is_relation]

    assert reached == {*WHAT, *SHARED}


def test_key_of_a_draft_is_not_made_of_what_the_database_knows(database):
    """Whoever has the database alone cannot tell whose a draft is; with another secret the key is another one."""
    survey = scenes.open_survey(2)
    first, second = survey.invitations.order_by("pk")
    scenes.save(first, scenes.said({scenes.question(survey, QuestionKind.AGREEMENT).pk: 3}))

    draft = Draft.objects.get()

    assert draft.pk == drafts.draft_id(first)
    assert draft.pk != drafts.draft_id(second)
    for name, content in dump(database).items():
        if name != "evaluation_draft":
            assert draft.pk not in str(content)


def test_nothing_names_answers_without_a_foreign_key():
    """No other model has a column that could hold the key of a response, an envelope or an answer."""
    uuid_columns = {
        (model._meta.label, field.name)
        for model in apps.get_models()
        if model._meta.app_label in {"netzkoord", "curriculum", "participants", "evaluation"}
        for field in model._meta.get_fields()
        if isinstance(field, models.UUIDField) and model not in WHAT and not issubclass(model, EditionPart)
    }

    assert uuid_columns <= {
        ("participants.Certificate", "id"),
        ("participants.Certificate", "code"),
        ("curriculum.PracticeReport", "link_key"),
        ("curriculum.SessionDay", "uid"),
        ("curriculum.RemovedDay", "uid"),
        ("evaluation.Card", "key"),
        ("evaluation.GuidingQuestion", "key"),
        ("evaluation.Round", "key"),
        ("evaluation.Workshop", "key"),
        ("evaluation.ChangeCause", "part_key"),
        ("evaluation.Questionnaire", "key"),
        ("evaluation.Recommendation", "key"),
        ("evaluation.Recommendation", "module_key"),
        ("evaluation.Question", "key"),
        ("evaluation.Option", "key"),
    }


def test_saving_a_step_writes_a_draft_and_nothing_else(database, caplog):
    survey = scenes.open_survey(3)
    invitation = survey.invitations.order_by("pk")[1]
    client, link = signed_in(invitation)
    question = scenes.question(survey, QuestionKind.TEXT)
    client.get(f"{link}1/")
    before = dump(database)

    with caplog.at_level(logging.DEBUG):
        client.post(f"{link}{step_of(question)}/", {f"q{question.pk}": said_by(1)}, follow=True)

    assert changed_tables(before, dump(database)) == {"evaluation_draft"}
    assert said_by(1) not in str(dump(database))
    assert said_by(1).encode() not in database.raw()
    assert_nothing_is_told(caplog, client, invitation, link)


def test_handing_in_writes_two_rows_deletes_the_draft_and_does_nothing_else(database, caplog):
    """No session, no audit line, no mail, no task, no log: not even for somebody who is signed in."""
    survey = scenes.open_survey(3)
    invitation = survey.invitations.order_by("pk")[1]
    client, link = signed_in(invitation)
    scenes.save(invitation, scenes.said({scenes.question(survey, QuestionKind.TEXT).pk: said_by(1)}))
    client.get(f"{link}pruefen/")
    before = dump(database)

    with caplog.at_level(logging.DEBUG):
        response = client.post(f"{link}pruefen/", follow=True)

    after = dump(database)
    assert response.status_code == 200
    assert changed_tables(before, after) == {
        "evaluation_participation",
        "evaluation_envelope",
        "evaluation_draft",
    }
    assert after["evaluation_participation"] == [(invitation.pk,)]
    assert after["evaluation_draft"] == []
    assert_nothing_is_told(caplog, client, invitation, link)


def signed_in(invitation):
    client = Client()
    client.force_login(invitation.registration.person)
    return client, scenes.link_of(invitation)


def step_of(question):
    """With the default questionnaire every section is a step."""
    return question.section.position


def changed_tables(before, after):
    return {table for table in after if after[table] != before[table]}


def assert_nothing_is_told(caplog, client, invitation, link):
    for secret in (link, link.split("/")[2], invitation.link_key, said_by(1)):
        assert secret not in caplog.text
        assert secret not in str(client.session.items())


def test_counting_mentions_nobody(database, caplog):
    survey = scenes.open_survey(PEOPLE)
    hand_in_distinguishable(survey)
    before = dump(database)

    with caplog.at_level(logging.DEBUG):
        close_survey(survey=survey, by=scenes.author())

    after = dump(database)
    new_lines = [row for row in after["netzkoord_auditevent"] if row not in before["netzkoord_auditevent"]]
    assert len(new_lines) == 2
    assert "Erkennbar" not in str(new_lines) + caplog.text
    assert after["post_office_email"] == before["post_office_email"]


@pytest.fixture
def console(caplog):
    """What the configured log handler writes, were it to write every refused request."""
    caplog.set_level(logging.WARNING, "django.request")
    handlers = logging.getLogger().handlers
    handler = next(h for h in handlers if any(isinstance(f, WithoutPersonalLinks) for f in h.filters))
    written = io.StringIO()
    before = handler.setStream(written)
    yield written
    handler.setStream(before)


@pytest.mark.parametrize(("method", "status"), [("put", 405), ("post", 405), ("get", 404)])
def test_log_of_a_refused_request_does_not_carry_the_link(db, method, status, console):
    survey = scenes.open_survey(1)
    link = scenes.link_of(survey.invitations.get())
    client = Client()
    if status == 404:
        survey.invitations.all().delete()

    response = getattr(client, method)(link)

    assert response.status_code == status
    assert "/erhebung/…/" in console.getvalue()
    assert link.split("/")[2] not in console.getvalue()


def test_log_does_not_carry_the_invitation_of_who_is_signed_in(db, console):
    invitation = scenes.open_survey(1).invitations.get()
    client = Client()
    client.force_login(invitation.registration.person)

    response = client.put(f"/erhebung/{invitation.link_key}/")

    assert response.status_code == 405
    assert "/erhebung/…/" in console.getvalue()
    assert invitation.link_key not in console.getvalue()


def test_trainer_sees_only_how_many_answered_before_closing(client, trainer):
    session = scenes.held_session(trainers=[trainer])
    survey = scenes.open_survey(PEOPLE, session=session)
    hand_in_distinguishable(survey)
    client.force_login(trainer)

    page = client.get(reverse("evaluation:feedback_list", args=[session.cohort_id])).content.decode()

    assert f"{PEOPLE} von {PEOPLE}" in page
    assert "Erkennbar" not in page
    for registration in survey.invitations.values_list("registration__family_name", flat=True):
        assert registration not in page


def test_traces_that_could_not_be_erased_are_erased_later(database):
    survey = scenes.open_survey(PEOPLE)
    hand_in_distinguishable(survey)
    scenes.end(survey)
    count_survey(survey)  # killed here: the count is committed, the traces are still there
    survey.refresh_from_db()
    was_left = survey.must_forget

    count_due_surveys()
    wait_until_forgotten()

    survey.refresh_from_db()
    assert (was_left, survey.must_forget) == (True, False)
    assert Invitation.objects.count() == PEOPLE


@pytest.mark.postgres
def test_traces_are_not_called_erased_while_an_older_transaction_can_see_them(database):
    survey = scenes.open_survey(PEOPLE)
    hand_in_distinguishable(survey)
    older = connection.copy()
    older.set_autocommit(False)
    with older.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT count(*) FROM django_migrations")

    close_survey(survey=survey, by=scenes.author())
    survey.refresh_from_db()
    was_left = survey.must_forget
    older.rollback()
    older.close()
    count_due_surveys()
    wait_until_forgotten()

    survey.refresh_from_db()
    assert (was_left, survey.must_forget) == (True, False)
