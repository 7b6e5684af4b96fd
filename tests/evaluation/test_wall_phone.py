import datetime
import re
import uuid

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from evaluation.actions.hanging import SAME
from evaluation.actions.polls import close_poll, open_poll
from evaluation.actions.walls import ask as ask_question
from evaluation.actions.walls import open_column
from evaluation.models import Card, Dot, Hand
from evaluation.queries.walls import signed_code
from evaluation.views.wall_phone import COOKIE, SAID
from tests.evaluation.workshops import ask, guiding_question, open_columns

pytestmark = pytest.mark.django_db


@pytest.fixture
def question():
    return ask(guiding_question(cards_each=2))


def address(question, name="wall_phone"):
    """As the QR code leads to it."""
    return reverse(f"evaluation:{name}", args=[signed_code(question.workshop)])


def hang(client, question, text="Rolle klären", **sent):
    fields = {"text": text, "key": str(uuid.uuid4()), "question": question.pk} | sent
    return client.post(address(question, "wall_card_add"), fields, follow=True)


def test_code_is_typed_with_blanks_and_small_letters(client, question):
    code = question.workshop.code

    response = client.post(reverse("evaluation:wall_join"), {"code": f" {code[:3].lower()}-{code[3:]} "})

    assert response.url == address(question)


@pytest.mark.parametrize("code", ["AAAAAA", "x" * 20, "💥", "' OR 1=1"])
def test_unknown_code_is_said_and_kept(client, db, code):
    page = client.post(reverse("evaluation:wall_join"), {"code": code})
    scanned = client.get(reverse("evaluation:wall_phone", args=["AAAAAA"]))

    assert "Diesen Code gibt es nicht" in page.content.decode()
    assert scanned.status_code == 404
    assert "Diesen Code gibt es nicht" in scanned.content.decode()


def test_card_hangs_without_account_and_script(client, question):
    page = client.get(address(question))

    response = hang(client, question)

    assert question.text in page.content.decode()
    assert "Ihre Karte hängt." in response.content.decode()
    assert "noch 1 Karte aufhängen" in response.content.decode()
    assert Card.objects.get().text == "Rolle klären"


def test_nothing_is_stored_of_a_visit(client, question, organiser):
    """A session would say at which moment a phone was there."""
    hang(client, question)
    open_columns(question, "Rolle", "Zeit", by=organiser)
    poll = open_poll(question=question, people=3, may_accumulate=False)
    points = {"poll": poll.pk, f"c{question.clusters.first().pk}": 1}

    client.post(address(question, "wall_points_add"), points)
    close_poll(poll=poll)
    late = client.post(address(question, "wall_points_add"), points, follow=True)

    assert "Ihre Punkte sind gezählt" in late.content.decode()
    assert not Session.objects.exists()
    assert set(client.cookies) == {COOKIE, SAID}


def test_phone_is_known_by_a_cookie_of_these_pages_only(client, question):
    cookie = client.get(address(question)).cookies[COOKIE]

    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/wand/", True, "Lax")
    hang(client, question)
    assert cookie.value not in {Hand.objects.get().phone, ""}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Schreiben Sie einen Gedanken"),
        ("   ", "Schreiben Sie einen Gedanken"),
        ("x" * 201, "Ihr Text hat 201"),
        ("😀" * 500, "Ihr Text hat 500"),
        ("Null\0zeichen", "Nullzeichen"),
    ],
)
def test_what_is_no_card_is_refused_and_kept(client, question, text, sentence):
    response = hang(client, question, text)

    assert sentence in response.content.decode()
    assert text.strip("\0")[:4] in response.content.decode()
    assert not Card.objects.exists()


@pytest.mark.parametrize("fields", [{"question": "x"}, {"question": 10**19}, {"key": "x"}, {"question": ""}])
def test_what_no_page_sends_hangs_nothing(client, question, fields):
    sent = {"text": "Rolle", "key": str(uuid.uuid4()), "question": question.pk} | fields

    assert client.post(address(question, "wall_card_add"), sent).status_code == 200
    assert not Card.objects.exists()


def test_third_card_is_one_too_many(client, question):
    hang(client, question, "eine")
    hang(client, question, "zweite")

    response = hang(client, question, "Und noch eine")

    assert "schon alle Ihre Karten" in response.content.decode()
    assert "Und noch eine" in response.content.decode()
    assert Card.objects.count() == 2


def test_card_for_a_question_that_was_closed_meanwhile_keeps_its_text(client, question):
    ask_question(question=question, in_round=None)

    response = hang(client, question, "Zu spät")

    page = response.content.decode()
    assert "nicht mehr offen" in page
    assert f"Zur Frage: {question}" in page
    assert "readonly>\nZu spät</textarea>" in page
    assert "Karte aufhängen" not in page
    assert "Nachsehen" in page


def test_card_for_the_question_before_stands_beside_the_one_that_is_open_now(client, question):
    other = question.workshop.guiding_questions.create(position=2, purpose="FREE", text="Und sonst?")
    ask_question(question=other, in_round=question.workshop.rounds.get())

    page = hang(client, question, "Zu spät").content.decode()

    assert "readonly>\nZu spät</textarea>" in page
    assert f'name="question" value="{other.pk}"' in page
    assert "Zu spät" not in page.partition("data-card")[2]
    assert "error-summary" not in page


@pytest.mark.parametrize("has_poll", [True, False])
def test_text_that_is_no_card_is_kept_also_where_none_can_be_hung(client, question, organiser, has_poll):
    if has_poll:
        open_columns(question, "Rolle", "Zeit", by=organiser)
        open_poll(question=question, people=3, may_accumulate=False)
    else:
        ask_question(question=question, in_round=None)

    assert f"readonly>\n{'x' * 201}</textarea>" in hang(client, question, "x" * 201).content.decode()


def test_same_words_of_one_phone_hang_once_and_it_is_said(client, question):
    """Also where the moderator has set no limit."""
    question.cards_each = None
    question.save()
    hang(client, question, "Mehr Zeit")

    for text in ("Mehr Zeit", "mehr  zeit"):
        page = hang(client, question, text).content.decode()
        assert "Diese Karte von Ihnen hängt schon." in page
    hang(Client(), question, "Mehr Zeit")
    hang(client, question, "Mehr Geld")

    assert [card.text for card in Card.objects.all()] == ["Mehr Zeit", "Mehr Zeit", "Mehr Geld"]
    assert Hand.objects.order_by("pk").first().cards == 2


def test_same_words_hang_under_every_question_and_in_every_round(client, question):
    other = question.workshop.guiding_questions.create(position=2, purpose="FREE", text="Und sonst?")
    second = question.workshop.rounds.create(position=2, people_present=4)
    for asked, in_round in ((question, None), (question, second), (other, second)):
        hang(client, ask(asked, in_round), "Mehr Zeit")

    assert Card.objects.count() == 3


def test_script_is_told_how_many_cards_are_left_when_one_was_refused(client, question):
    url, headers = address(question, "wall_card_add"), {"accept": "application/json"}
    sent = {"text": "Mandat", "question": question.pk}
    client.post(url, sent, headers=headers)

    refused = client.post(url, sent, headers=headers)

    assert refused.json() == {"error": SAME, "left": 1}


def test_script_is_told_how_many_cards_are_left_when_one_hangs(client, question):
    """Of a card that is sent again, because its answer was lost, too."""
    sent = {"text": "Mandat", "question": question.pk, "key": uuid.uuid4()}

    for _ in range(2):
        hung = client.post(address(question, "wall_card_add"), sent, headers={"accept": "application/json"})
        assert (hung.status_code, hung.json()) == (201, {"left": 1})


def test_text_that_is_no_card_is_kept_to_copy_where_none_is_left(client, question):
    for text in ("eine", "zweite"):
        hang(client, question, text)

    page = hang(client, question, "x" * 201).content.decode()

    assert f"readonly>\n{'x' * 201}</textarea>" in page
    assert "Karte aufhängen" not in page


def test_what_a_phone_remembers_of_its_words_tells_nobody_which(client, question):
    client.cookies[SAID] = ".".join(f"{number:012x}" for number in range(120))

    hang(client, question, "Mehr Zeit")

    marks = client.cookies[SAID].value.split(".")
    assert len(marks) == 100
    assert marks[-2] == f"{119:012x}"
    assert "Zeit" not in client.cookies[SAID].value
    assert client.cookies[SAID]["path"] == "/wand/"


@pytest.mark.parametrize(
    ("typed_text", "hung"),
    [
        ("\u202eZeilen umdrehen\u202c", "Zeilen umdrehen"),
        ("Mehr\u0007 Zeit\u200b\ufeff", "Mehr Zeit"),
        ("Mehr\tZeit\u2028und\u0085Geld", "Mehr Zeit und Geld"),
        ("\u2066Rolle\u2069 \u00adklären", "Rolle klären"),
        ("👨\u200d👩\u200d👧 ❤\ufe0f", "👨\u200d👩\u200d👧 ❤\ufe0f"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_what_steers_or_turns_a_line_is_not_hung_up_with_it(client, question, typed_text, hung):
    hang(client, question, typed_text)

    assert Card.objects.get().text == hung


@pytest.mark.parametrize("text", ["\u200b", "\u200d\u200d", "\u202e\u0007", "\u3164 \u2800", "\ufe0f"])
def test_card_on_which_nothing_can_be_seen_is_empty(client, question, text):
    assert "Schreiben Sie einen Gedanken" in hang(client, question, text).content.decode()
    assert not Card.objects.exists()


def test_question_that_nobody_closed_ends_with_the_day_of_the_workshop(client, question, organiser, time_machine):
    open_columns(question, "Rolle", "Zeit", by=organiser)
    open_poll(question=question, people=3, may_accumulate=False)
    state = client.get(address(question, "wall_phone_state")).content
    time_machine.move_to(datetime.datetime(2026, 11, 2, 22, 59, tzinfo=datetime.UTC), tick=False)
    assert client.get(address(question, "wall_phone_state")).content == state
    time_machine.shift(60)

    page = client.get(address(question)).content.decode()
    late = hang(client, question, "Zu spät").content.decode()
    points = client.post(address(question, "wall_points_add"), {f"c{question.clusters.first().pk}": 1}, follow=True)

    assert "Dieser Workshop war am" in page
    assert question.text not in page
    assert "nicht mehr offen" in late
    assert "Die Punktabfrage ist beendet" in points.content.decode()
    assert client.get(address(question, "wall_phone_state")).content != state
    assert not Card.objects.exists()
    assert not Dot.objects.filter(points__gt=0).exists()


def test_moderators_read_that_the_day_is_over(client, organiser, question, time_machine):
    client.force_login(organiser)
    board = reverse("evaluation:wall_board", args=[question.pk])
    places = [board, reverse("evaluation:wall_screen", args=[question.workshop_id])]
    today = [client.get(place).content.decode() for place in places]
    time_machine.move_to(timezone.now() + datetime.timedelta(days=1), tick=False)

    client.force_login(organiser)
    later = [client.get(place).content.decode() for place in places]
    in_round = question.workshop.rounds.get().pk
    told = client.post(reverse("evaluation:wall_ask", args=[question.pk]), {"round": in_round}, follow=True)

    assert ["offen in der 1. Runde" in page for page in (*today, *later)] == [True, True, False, False]
    assert "Der Tag dieses Workshops ist vorbei, Telefone hängen nichts mehr auf." in later[0]
    assert "öffnen</button>" not in later[0]
    assert "geöffnet ist nichts" in told.content.decode()


def test_script_gets_the_sentence_alone(client, question):
    sent = {"text": "Mandat", "key": uuid.uuid4(), "question": question.pk}
    url, headers = address(question, "wall_card_add"), {"accept": "application/json"}

    assert client.post(url, sent, headers=headers).status_code == 201
    assert client.post(url, sent, headers=headers).status_code == 201
    refused = client.post(url, sent | {"text": ""}, headers=headers)

    assert refused.status_code == 409
    assert "Schreiben Sie einen Gedanken" in refused.json()["error"]
    assert Card.objects.count() == 1


def test_one_address_cannot_flood_the_wall(client, question, monkeypatch):
    monkeypatch.setattr("django_ratelimit.core._split_rate", lambda rate: (3, 60))

    answers = [
        client.post(address(question, "wall_card_add"), {"text": "Werbung", "question": question.pk}).status_code
        for _ in range(4)
    ]

    assert answers[-1] == 429
    assert client.get(address(question)).status_code == 200


@pytest.mark.parametrize("name", ["wall_card_add", "wall_points_add"])
def test_address_of_what_was_sent_leads_to_the_wall_when_it_is_opened(client, question, name):
    assert client.get(address(question, name)).url == address(question)


def test_state_changes_with_what_is_asked_and_not_with_cards(client, question, django_assert_num_queries):
    url = address(question, "wall_phone_state")
    before = client.get(url).content
    hang(client, question)

    with django_assert_num_queries(2):  # workshop, open points
        assert client.get(url).content == before
    ask_question(question=question, in_round=None)
    assert client.get(url).content != before


def test_question_that_is_opened_while_points_are_set_changes_no_phone(client, question, organiser):
    open_columns(question, "Rolle", "Zeit", by=organiser)
    poll = open_poll(question=question, people=3, may_accumulate=False)
    url = address(question, "wall_phone_state")
    before = client.get(url).content

    ask_question(question=question, in_round=None)
    assert client.get(url).content == before
    close_poll(poll=poll)
    assert client.get(url).content != before


@pytest.mark.parametrize(("stand", "said"), [("vorbei", "Inzwischen läuft eine neue Abfrage"), ("beendet", "")])
def test_next_poll_is_not_said_to_be_over(client, question, organiser, stand, said):
    open_columns(question, "Rolle", "Zeit", by=organiser)
    poll = open_poll(question=question, people=3, may_accumulate=False)

    during = client.get(address(question), {"stand": stand}).content.decode()
    close_poll(poll=poll)
    after = client.get(address(question), {"stand": stand}).content.decode()

    assert said in during
    assert "Die Punktabfrage ist beendet" not in during
    assert "Die Punktabfrage ist beendet" in after


def test_look_of_a_phone_reads_two_rows_and_writes_nothing(question, settings, django_assert_num_queries):
    """With the cache of a real installation, which is a table: a hundred phones look every two seconds."""
    location = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "netzkoord_cache"}
    settings.CACHES = {"default": location}
    call_command("createcachetable", verbosity=0)

    with django_assert_num_queries(2) as queries:  # workshop, open points
        Client().get(address(question, "wall_phone_state"))

    assert {query["sql"].split()[0] for query in queries.captured_queries} == {"SELECT"}


def test_points_are_set_once_and_shown_to_nobody_before_the_end(client, question, organiser):
    open_columns(question, "Rolle", "Zeit", "Geld", by=organiser)
    poll = open_poll(question=question, people=3, may_accumulate=False)
    columns = {cluster.title: cluster.pk for cluster in question.clusters.all()}
    page = client.get(address(question)).content.decode()
    url = address(question, "wall_points_add")

    def send(client, *titles):
        return client.post(url, {"poll": poll.pk} | {f"c{columns[title]}": 1 for title in titles}, follow=True)

    too_many = send(client, "Rolle", "Zeit")
    first = send(client, "Rolle")
    again = send(client, "Zeit")

    assert "Sie haben <strong>1 Punkt</strong>" in page
    assert "höchstens 1" in too_many.content.decode()
    assert "Es bleibt bei den ersten" not in first.content.decode()
    assert "Von diesem Telefon waren schon Punkte gezählt. Es bleibt bei den ersten." in again.content.decode()
    assert "Ihre Punkte sind gezählt" in again.content.decode()
    assert sum(Dot.objects.values_list("points", flat=True)) == 1
    close_poll(poll=poll)
    late = send(Client(), "Rolle")
    assert "beendet" in late.content.decode()


def fields_of(page):
    return re.findall(r'<input type="(checkbox|number)"([^>]*)>', page)


@pytest.mark.parametrize(("may_accumulate", "kind"), [(False, "checkbox"), (True, "number")])
def test_one_point_on_a_column_is_a_tick_and_several_are_a_number(
    client, question, organiser, may_accumulate, kind
):
    open_columns(question, "Rolle", "Zeit", "Geld", by=organiser)
    open_poll(question=question, people=2, may_accumulate=may_accumulate)

    page = client.get(address(question)).content.decode()

    assert [each for each, _ in fields_of(page)] == [kind] * 3


def test_ticks_stay_when_there_are_too_many(client, question, organiser):
    open_columns(question, "Rolle", "Zeit", "Geld", by=organiser)
    poll = open_poll(question=question, people=3, may_accumulate=False)
    first, second, _ = (f"c{column.pk}" for column in question.clusters.all())

    page = client.post(address(question, "wall_points_add"), {"poll": poll.pk, first: "1", second: "1"})

    ticked = [" checked" in attributes for _, attributes in fields_of(page.content.decode())]
    assert ticked == [True, True, False]
    assert all('value="1"' in attributes for _, attributes in fields_of(page.content.decode()))


@pytest.mark.parametrize("value", ["-1", "2", "x", "9" * 30, "1.5"])
def test_nonsense_for_points_is_refused(client, question, organiser, value):
    open_columns(question, "Rolle", "Zeit", by=organiser)
    poll = open_poll(question=question, people=3, may_accumulate=False)

    column = question.clusters.first()
    response = client.post(address(question, "wall_points_add"), {"poll": poll.pk, f"c{column.pk}": value})

    page = response.content.decode()
    assert "error-summary" in page
    assert "Dieser Wert" not in page
    assert "(freiwillig)" not in page
    assert not Dot.objects.filter(points__gt=0).exists()


@pytest.mark.parametrize("count", [2, 4])
def test_phone_takes_as_many_queries_for_many_columns_as_for_few(
    client, question, organiser, count, django_assert_num_queries
):
    for number in range(count):
        open_column(question=question, title=f"Spalte {number}", by=organiser)
    open_poll(question=question, people=3, may_accumulate=False)
    client.get(address(question))

    with django_assert_num_queries(5):
        page = client.get(address(question)).content.decode()

    assert page.count('type="checkbox"') == count
