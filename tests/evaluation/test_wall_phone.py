import uuid

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from evaluation.actions.polls import close_poll, open_poll
from evaluation.actions.walls import ask as ask_question
from evaluation.actions.walls import open_column
from evaluation.models import Card, Dot, Hand
from evaluation.queries.walls import WALL, signed_code
from evaluation.views.wall_phone import COOKIE
from netzkoord.lib import codes
from tests.evaluation.workshops import ask, guiding_question

pytestmark = pytest.mark.django_db


@pytest.fixture
def question():
    return ask(guiding_question(cards_each=2))


def address(question, name="wall_phone"):
    """As the QR code leads to it."""
    return reverse(f"evaluation:{name}", args=[signed_code(question.workshop)])


def typed(question):
    """As somebody would type it who puts the code into the address."""
    return reverse("evaluation:wall_phone", args=[question.workshop.code])


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
    for title in ("Rolle", "Zeit"):
        open_column(question=question, title=title, by=organiser)
    poll = open_poll(question=question, people=3, may_accumulate=False)
    points = {"poll": poll.pk, f"c{question.clusters.first().pk}": 1}

    client.post(address(question, "wall_points_add"), points)
    close_poll(poll=poll)
    late = client.post(address(question, "wall_points_add"), points, follow=True)

    assert "Ihre Punkte sind gezählt" in late.content.decode()
    assert not Session.objects.exists()
    assert set(client.cookies) == {COOKIE}


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
    hang(client, question)
    hang(client, question)

    response = hang(client, question, "Und noch eine")

    assert "schon alle Ihre Karten" in response.content.decode()
    assert "Und noch eine" in response.content.decode()
    assert Card.objects.count() == 2


def test_card_for_a_question_that_was_closed_meanwhile_keeps_its_text(client, question):
    ask_question(question=question, in_round=None)

    response = hang(client, question, "Zu spät")

    assert "nicht mehr offen" in response.content.decode()
    assert "Zu spät" in response.content.decode()


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


def guess_codes(times=31, network="198.51.100.1"):
    """Wrong ones within a minute; the last is one more than a network is allowed."""
    joker = Client(REMOTE_ADDR=network)
    url = reverse("evaluation:wall_phone", args=["ZZZZZZ"])
    return [joker.get(url).status_code for _ in range(times)]


@pytest.fixture
def beside(question, time_machine):
    """A phone in the network from which somebody guesses; a minute has an end."""
    time_machine.move_to(timezone.now(), tick=False)
    return Client(REMOTE_ADDR="198.51.100.1")


def test_typed_codes_are_refused_after_thirty_wrong_ones_whether_right_or_wrong(question, beside):
    assert guess_codes() == [404] * 30 + [429]
    url = reverse("evaluation:wall_join")
    refused = [beside.get(typed(question)), beside.post(url, {"code": question.workshop.code})]
    wrong = beside.post(url, {"code": "ZZZZZZ"})

    assert {answer.status_code for answer in [*refused, wrong]} == {429}
    assert wrong.headers["Retry-After"] == "60"
    page = refused[1].content.decode()
    assert page.replace(question.workshop.code, "ZZZZZZ") == wrong.content.decode().replace(
        csrf_of(wrong), csrf_of(refused[1])
    )
    assert f'value="{question.workshop.code}"' in page
    assert "Scannen Sie den QR-Code" in page
    assert "Konto" not in page.partition("<main")[2].partition("</main")[0]


def csrf_of(response):
    return response.content.decode().partition('csrfmiddlewaretoken" value="')[2].partition('"')[0]


def test_who_scans_the_code_gets_in_while_somebody_beside_guesses(question, beside):
    guess_codes()

    assert beside.get(address(question)).status_code == 200
    assert "Ihre Karte hängt." in hang(beside, question).content.decode()


def test_who_typed_the_code_goes_on_while_somebody_beside_guesses(question, beside):
    page = beside.post(reverse("evaluation:wall_join"), {"code": question.workshop.code}, follow=True)
    guess_codes()
    [form] = [line for line in page.content.decode().splitlines() if "data-card" in line]
    url = form.partition('action="')[2].partition('"')[0]

    told = beside.post(url, {"text": "Rolle", "question": question.pk}, follow=True)

    assert "Ihre Karte hängt." in told.content.decode()
    assert beside.get(address(question, "wall_phone_state")).status_code == 200


def test_one_network_does_not_keep_another_out(question, beside):
    guess_codes()

    assert Client(REMOTE_ADDR="203.0.113.7").get(typed(question)).status_code == 200


def test_codes_guessed_from_many_networks_are_refused_everywhere(question, beside):
    answers = [guess_codes(30, f"198.51.100.{network}") for network in range(2, 12)]
    fresh = Client(REMOTE_ADDR="203.0.113.7")

    assert answers == [[404] * 30] * 10
    assert fresh.get(typed(question)).status_code == 429
    assert fresh.get(address(question)).status_code == 200


def test_after_a_minute_typed_codes_are_looked_up_again(question, beside, time_machine):
    guess_codes()
    time_machine.shift(60)

    assert beside.get(typed(question)).status_code == 200


@pytest.mark.parametrize("forged", ["{code}.x", "{code}.", "{code}:{signature}", "{other}.{signature}", "{room}"])
def test_forged_signature_is_no_scan(question, beside, forged):
    code, signature = signed_code(question.workshop).split(".")
    other = ask(guiding_question()).workshop.code
    guess_codes()

    text = forged.format(code=code, signature=signature, other=other, room=codes.signed(code, place="room"))

    assert beside.get(reverse("evaluation:wall_phone", args=[text])).status_code == 429


def test_scanned_code_of_a_wall_that_is_gone_counts_as_no_guess(question, beside):
    url = reverse("evaluation:wall_phone", args=[codes.signed("ZZZZZZ", place=WALL)])

    pages = [beside.get(url) for _ in range(40)]

    assert {page.status_code for page in pages} == {404}
    assert 'value="ZZZZZZ"' in pages[0].content.decode()
    assert beside.get(typed(question)).status_code == 200


def test_moderators_are_told_while_codes_are_refused(client, organiser, question, beside, time_machine):
    client.force_login(organiser)
    url = reverse("evaluation:wall_board_state", args=[question.pk])
    before = client.get(url)
    guess_codes(30)

    during = client.get(url, headers={"if-none-match": before.headers["ETag"]})
    time_machine.shift(60)
    after = client.get(url, headers={"if-none-match": during.headers["ETag"]})

    told = "keinen getippten Code an"
    assert [told in page.content.decode() for page in (before, during, after)] == [False, True, False]


def test_state_changes_with_what_is_asked_and_not_with_cards(client, question, django_assert_num_queries):
    url = address(question, "wall_phone_state")
    before = client.get(url).content
    hang(client, question)

    with django_assert_num_queries(2):  # workshop, open points
        assert client.get(url).content == before
    ask_question(question=question, in_round=None)
    assert client.get(url).content != before


def test_look_of_a_phone_reads_two_rows_and_writes_nothing(question, settings, django_assert_num_queries):
    """With the cache of a real installation, which is a table: a hundred phones look every two seconds."""
    location = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "netzkoord_cache"}
    settings.CACHES = {"default": location}
    call_command("createcachetable", verbosity=0)

    with django_assert_num_queries(2) as queries:  # workshop, open points
        Client().get(address(question, "wall_phone_state"))

    assert {query["sql"].split()[0] for query in queries.captured_queries} == {"SELECT"}


def test_points_are_set_once_and_shown_to_nobody_before_the_end(client, question, organiser):
    for title in ("Rolle", "Zeit", "Geld"):
        open_column(question=question, title=title, by=organiser)
    poll = open_poll(question=question, people=3, may_accumulate=False)
    columns = {cluster.title: cluster.pk for cluster in question.clusters.all()}
    page = client.get(address(question)).content.decode()
    url = address(question, "wall_points_add")

    def send(client, *titles):
        return client.post(url, {"poll": poll.pk} | {f"c{columns[title]}": 1 for title in titles}, follow=True)

    too_many = send(client, "Rolle", "Zeit")
    send(client, "Rolle")
    again = send(client, "Zeit")

    assert "Sie haben <strong>1 Punkt</strong>" in page
    assert "höchstens 1" in too_many.content.decode()
    assert "Ihre Punkte sind gezählt" in again.content.decode()
    assert sum(Dot.objects.values_list("points", flat=True)) == 1
    close_poll(poll=poll)
    late = send(Client(), "Rolle")
    assert "beendet" in late.content.decode()


@pytest.mark.parametrize("value", ["-1", "2", "x", "9" * 30, "1.5"])
def test_nonsense_for_points_is_refused(client, question, organiser, value):
    for title in ("Rolle", "Zeit"):
        open_column(question=question, title=title, by=organiser)
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

    assert page.count('type="number"') == count
