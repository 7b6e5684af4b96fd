import datetime
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from evaluation.actions.polls import open_poll
from evaluation.models import Card, CardSource, Participation, PersonalAnswer, QuestionKind, Step, Survey
from tests import factories
from tests.evaluation import scenes
from tests.evaluation.workshops import ask, guiding_question, open_columns

pytestmark = pytest.mark.django_db


@pytest.fixture
def question():
    question = guiding_question()
    in_round = question.workshop.rounds.get()
    for text in ("Rolle klären", "Mandat", "Zeit"):
        Card.objects.create(guiding_question=question, round=in_round, text=text)
    return question


def address(question, name="wall_board"):
    return reverse(f"evaluation:{name}", args=[question.pk])


def press(client, question, do, **fields):
    return client.post(address(question, "wall_step"), {"do": do} | fields, follow=True).content.decode()


def keys():
    return {card.text: card.pk for card in Card.objects.all()}


def column(question, title):
    return question.clusters.get(title=title).pk


def test_cards_are_sorted_by_buttons_alone(staff, question):
    press(staff, question, "new", title="Auftrag", card=[keys()["Mandat"]])
    press(staff, question, f"move:{keys()['Rolle klären']}:{column(question, 'Auftrag')}")
    press(staff, question, "new", title="Zeit")
    press(staff, question, "move", card=[keys()["Zeit"]], column=column(question, "Zeit"))
    press(staff, question, f"rename:{column(question, 'Zeit')}", **{f"title-{column(question, 'Zeit')}": "Dauer"})
    page = press(staff, question, f"shift:{column(question, 'Dauer')}:{column(question, 'Auftrag')}")

    assert page.index("Dauer <span") < page.index("Auftrag <span")
    assert Card.objects.get(text="Rolle klären").cluster.title == "Auftrag"
    assert Step.objects.count() == 6


def test_step_that_was_named_is_undone_once(staff, question):
    page = press(staff, question, "new", title="Auftrag", card=[keys()["Mandat"]])
    step = Step.objects.get()

    assert "Rückgängig: Spalte „Auftrag“ angelegt" in page
    press(staff, question, f"undo:{step.pk}")
    press(staff, question, f"undo:{step.pk}")
    assert Card.objects.get(text="Mandat").cluster is None


def test_two_moderators_do_not_undo_each_other(staff, question):
    press(staff, question, "new", title="Auftrag")
    seen = Step.objects.get()
    press(staff, question, "new", title="Zeit")

    page = press(staff, question, f"undo:{seen.pk}")

    assert "Inzwischen kam ein anderer Schritt dazu" in page
    assert question.clusters.filter(is_dropped=False).count() == 2


def test_hidden_card_is_gone_from_the_wall_and_can_come_back(staff, question):
    card = keys()["Zeit"]

    page = press(staff, question, f"hide:{card}")
    screen = staff.get(reverse("evaluation:wall_screen", args=[question.workshop_id])).content.decode()

    assert "Verdeckt (1)" in page
    assert "Zeit" not in screen
    assert "Verdeckt" not in press(staff, question, f"show:{card}")


@pytest.mark.parametrize(
    ("do", "fields", "sentence"),
    [
        ("new", {"title": " "}, "Geben Sie der Spalte eine Überschrift."),
        ("new", {"title": "x" * 121}, "höchstens 120 Zeichen"),
        ("move", {"column": "0"}, "Wählen Sie zuerst Karten aus"),
        ("move", {"card": ["x"]}, "kein Knopf dieser Seite"),
        ("move:1", {}, "kein Knopf dieser Seite"),
        ("move:99999:0", {}, "nicht zu dieser Wand"),
        ("merge:1:2", {}, "gibt es nicht mehr"),
        ("explode", {}, "kein Knopf dieser Seite"),
        ("", {}, "kein Knopf dieser Seite"),
        ("move:1:2:3:4", {}, "kein Knopf dieser Seite"),
        ("undo:1", {}, "keinen Schritt mehr"),
    ],
)
def test_what_is_no_step_is_said_in_a_sentence_and_changes_nothing(staff, question, do, fields, sentence):
    page = press(staff, question, do, **fields)
    alone = staff.post(address(question, "wall_step"), {"do": do} | fields, headers={"accept": "text/plain"})

    assert sentence in page
    assert alone.status_code == 409
    assert sentence in alone.content.decode()
    assert not Step.objects.exists()


def test_cards_from_paper_are_typed_one_per_line(staff, question):
    page = staff.get(address(question, "wall_paper")).context["form"]
    sent = {
        "lines": "Geld\n\n  Anerkennung  \n",
        "round": question.workshop.rounds.get().pk,
        "key": page["key"].value(),
    }

    response = staff.post(address(question, "wall_paper"), sent, follow=True)
    staff.post(address(question, "wall_paper"), sent)

    assert "2 Karten hängen." in response.content.decode()
    assert set(keys()) == {"Rolle klären", "Mandat", "Zeit", "Geld", "Anerkennung"}
    assert Card.objects.count() == 5


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("", "eigene Zeile"),
        (" \n ", "eigene Zeile"),
        ("kurz\n" + "x" * 201, "In Zeile 2 stehen 201 Zeichen"),
        ("Karte\n" * 61, "es sind 61"),
    ],
)
def test_lines_that_are_no_cards_are_refused_and_kept(staff, question, lines, sentence):
    key = staff.get(address(question, "wall_paper")).context["form"]["key"].value()
    sent = {"lines": lines, "round": question.workshop.rounds.get().pk, "key": key}

    page = staff.post(address(question, "wall_paper"), sent).content.decode()

    assert sentence in page
    assert Card.objects.count() == 3


def test_question_is_opened_in_a_round_and_closed(staff, question):
    in_round = question.workshop.rounds.get()

    staff.post(address(question, "wall_ask"), {"round": in_round.pk})
    question.workshop.refresh_from_db()
    assert (question.workshop.asked, question.workshop.asked_in) == (question, in_round)

    for nonsense in ("x", "99999", "9" * 30):
        page = staff.post(address(question, "wall_ask"), {"round": nonsense}, follow=True).content.decode()
        question.workshop.refresh_from_db()
        assert "Diese Runde gibt es nicht mehr" in page
        assert question.workshop.asked == question

    staff.post(address(question, "wall_ask"), {"round": ""})
    question.workshop.refresh_from_db()
    assert question.workshop.asked is None


def test_screen_that_has_seen_everything_costs_one_query_of_the_wall(staff, question, django_assert_num_queries):
    for name, key in (("wall_board_state", question.pk), ("wall_screen_state", question.workshop_id)):
        url = reverse(f"evaluation:{name}", args=[key])
        tag = staff.get(url).headers["ETag"]

        with django_assert_num_queries(5):  # session, user, permissions of user and groups, revision
            response = staff.get(url, headers={"if-none-match": tag})

        assert response.status_code == 304
    press(staff, question, "new", title="Auftrag")
    assert staff.get(url, headers={"if-none-match": tag}).status_code == 200


def test_first_look_after_the_page_brings_nothing_again(staff, question):
    press(staff, question, "new", title="Auftrag")
    for name, key in (("wall_board", question.pk), ("wall_screen", question.workshop_id)):
        tag = staff.get(reverse(f"evaluation:{name}", args=[key])).context["tag"]

        response = staff.get(reverse(f"evaluation:{name}_state", args=[key]), headers={"if-none-match": tag})

        assert response.status_code == 304


def test_menu_of_a_card_names_the_other_columns(staff, question):
    press(staff, question, "new", title="Auftrag", card=[keys()["Zeit"]])
    press(staff, question, "new", title="Geld")
    press(staff, question, f"drop:{column(question, 'Geld')}")
    press(staff, question, "new", title="Mandat")

    loose = staff.get(reverse("evaluation:wall_card", args=[question.pk, keys()["Mandat"]])).content.decode()
    sorted_ = staff.get(reverse("evaluation:wall_card", args=[question.pk, keys()["Zeit"]])).content.decode()

    assert [name in loose for name in (">Auftrag<", ">Mandat<", ">Geld<", "keine Spalte")] == [
        True,
        True,
        False,
        False,
    ]
    assert [name in sorted_ for name in (">Auftrag<", ">Mandat<", "keine Spalte")] == [False, True, True]


def test_card_goes_up_and_down_in_its_column_by_its_menu(staff, question):
    press(staff, question, "new", title="Auftrag", card=list(keys().values()))
    place = column(question, "Auftrag")
    rolle, mandat, zeit = (keys()[text] for text in ("Rolle klären", "Mandat", "Zeit"))

    def menu(card):
        return staff.get(reverse("evaluation:wall_card", args=[question.pk, card])).content.decode()

    def order():
        return list(question.cards.order_by("position").values_list("text", flat=True))

    assert "nach oben" not in menu(rolle)
    assert "nach unten" not in menu(zeit)
    assert f'value="move:{mandat}:{place}:{rolle}">in der Spalte nach oben' in menu(mandat)
    assert f'value="move:{mandat}:{place}:0">in der Spalte nach unten' in menu(mandat)
    assert f'value="move:{rolle}:{place}:{zeit}">in der Spalte nach unten' in menu(rolle)
    press(staff, question, f"move:{mandat}:{place}:{rolle}")
    assert order() == ["Mandat", "Rolle klären", "Zeit"]
    press(staff, question, f"move:{mandat}:{place}:{zeit}")
    assert order() == ["Rolle klären", "Mandat", "Zeit"]


def test_loose_card_has_no_place_in_a_column(staff, question):
    page = staff.get(reverse("evaluation:wall_card", args=[question.pk, keys()["Mandat"]])).content.decode()

    assert "in der Spalte" not in page


def test_menu_of_a_column_offers_what_is_possible(staff, question):
    press(staff, question, "new", title="Auftrag", card=[keys()["Zeit"]])
    alone = staff.get(reverse("evaluation:wall_column", args=[question.pk, column(question, "Auftrag")]))
    press(staff, question, "new", title="Geld")
    empty = staff.get(reverse("evaluation:wall_column", args=[question.pk, column(question, "Geld")]))

    offers = ("Umbenennen", "zusammenlegen", "leere Spalte abnehmen")
    assert [words in alone.content.decode() for words in offers] == [True, False, False]
    assert [words in empty.content.decode() for words in offers] == [True, True, True]


def test_menu_of_what_hangs_elsewhere_is_not_found(staff, question):
    other = guiding_question(text="Anderswo")
    press(staff, other, "new", title="Fremd")
    hidden = keys()["Zeit"]
    press(staff, question, f"hide:{hidden}")

    for name, key in (("wall_card", hidden), ("wall_card", 99999), ("wall_column", column(other, "Fremd"))):
        assert staff.get(reverse(f"evaluation:{name}", args=[question.pk, key])).status_code == 404


@pytest.mark.parametrize("verb", ["merge", "shift"])
def test_column_is_merged_with_or_put_before_the_chosen_one(staff, question, verb):
    for title in ("Auftrag", "Geld"):
        press(staff, question, "new", title=title)

    page = press(staff, question, f"{verb}:{column(question, 'Geld')}", column=column(question, "Auftrag"))

    assert {"merge": "„Geld“ mit „Auftrag“ zusammengelegt", "shift": "„Geld“ umgestellt"}[verb] in page


def test_script_is_told_what_was_done(staff, question):
    def send(do, **fields):
        sent = {"do": do} | fields
        return staff.post(address(question, "wall_step"), sent, headers={"accept": "text/plain"}).content.decode()

    assert send("new", title="Auftrag") == "Spalte „Auftrag“ angelegt"
    assert send("new", title="Auftrag") == ""
    assert send(f"undo:{Step.objects.get().pk}") == "Rückgängig gemacht: Spalte „Auftrag“ angelegt"


@pytest.mark.parametrize("count", [1, 3])
def test_board_takes_as_many_queries_for_many_cards_as_for_few(staff, count, django_assert_num_queries):
    question = guiding_question()
    in_round = question.workshop.rounds.get()
    for number in range(count):
        column = question.clusters.create(position=number, title=f"Spalte {number}")
        for text in range(count):
            Card.objects.create(guiding_question=question, round=in_round, text=f"{text}", cluster=column)

    with django_assert_num_queries(13):
        staff.get(address(question))


def test_board_leads_to_the_other_questions_of_its_workshop(staff, question):
    other = question.workshop.guiding_questions.create(position=2, purpose="FREE", text="Und sonst?")
    guiding_question(text="Anderswo")

    page = staff.get(address(question)).content.decode()

    assert f'href="{address(other)}">Leitfrage 2<' in page
    assert page.count(">Leitfrage ") == 1


def full_wall(count):
    """A wall with so many columns of so many cards, as many similar loose ones, and points that are counted."""
    question = guiding_question()
    in_round = question.workshop.rounds.get()
    poll = question.polls.create(people=8, points_each=3, is_open=False, is_chosen=True)
    poll.sheets.create(key="a")
    for number in range(count):
        column = question.clusters.create(position=number, title=f"Spalte {number}")
        poll.dots.create(cluster=column, points=number)
        for text in range(count):
            Card.objects.create(guiding_question=question, round=in_round, text=f"{text}", cluster=column)
        Card.objects.create(guiding_question=question, round=in_round, text=f"Rolle klären {number}")
        Card.objects.create(guiding_question=question, round=in_round, text=f"Rolle {number}")
    return question


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("wall_similar", 6), ("wall_poll", 10), ("wall_screen", 13)])
def test_pages_of_a_wall_take_as_many_queries_for_many_cards(
    staff, count, name, queries, django_assert_num_queries
):
    question = full_wall(count)
    key = question.workshop_id if name == "wall_screen" else question.pk

    with django_assert_num_queries(queries):
        page = staff.get(reverse(f"evaluation:{name}", args=[key])).content.decode()

    shown = {
        "wall_similar": (page.count('type="checkbox"'), 2 * count),
        "wall_poll": (sum(page.count(f"Spalte {number}") for number in range(count)), count),
        "wall_screen": (page.count('class="wall-card"'), count * count + 2 * count),
    }
    assert shown[name][0] == shown[name][1]


@pytest.fixture
def said(question):
    """The wall of a session's workshop, and what its cohort said in the closed needs survey."""
    words = ["Rolle klären", "Wer zahlt das?", " ".join(["lang"] * 60)]
    survey = scenes.needs_survey(len(words))
    asked = scenes.question(survey, QuestionKind.TEXT)
    for invitation, text in zip(survey.invitations.all(), words, strict=True):
        Participation.objects.create(invitation=invitation)
        PersonalAnswer.objects.create(invitation=invitation, question=asked, text=text)
    Survey.objects.filter(pk=survey.pk).update(closes_at=timezone.now())
    question.workshop.session = factories.SessionFactory(cohort=survey.cohort)
    question.workshop.save()
    return question


def take(client, question, *begin, **shortened):
    """Chosen are the statements that begin so; in `shortened` what goes on the card instead."""
    form = client.get(address(question, "wall_survey")).context["form"]
    return client.post(
        address(question, "wall_survey"), chosen(form, begin, **shortened), follow=True
    ).content.decode()


def chosen(form, begin, **shortened):
    sent = {"round": form.fields["round"].queryset.get().pk}
    for name, field in form.fields.items():
        if name.startswith("take_") and field.label.startswith(begin):
            sent |= {name: "on"} | {name.replace("take_", "text_"): text for text in shortened.values()}
    return sent


def test_words_of_the_needs_survey_become_cards_that_say_where_they_come_from(staff, said):
    page = take(staff, said, "Wer zahlt")

    assert "aus der Bedarfserhebung" in page
    assert Card.objects.get(source=CardSource.SURVEY).text == "Wer zahlt das?"
    offered = staff.get(address(said, "wall_survey")).content.decode()
    assert "Wer zahlt das?" not in offered
    assert "Rolle klären" not in offered  # hangs from the beginning


def test_words_that_are_too_long_for_a_card_are_shortened_by_the_moderator(staff, said):
    refused = take(staff, said, "lang")
    hung = take(staff, said, "lang", shorter="Lange Rede")
    offered = staff.get(address(said, "wall_survey")).content.decode()

    assert "Auf eine Karte passen 200 Zeichen; hier stehen 299." in refused
    assert "Lange Rede" in hung
    assert "lang lang" not in offered  # hangs in its shorter words


def test_what_hangs_is_what_was_chosen_whatever_others_hang_up_meanwhile(staff, said):
    """The words are a person's: none may be hung up because another one left the list."""
    form = staff.get(address(said, "wall_survey")).context["form"]
    take(staff, said, "lang", shorter="Lange Rede")

    for _ in range(2):
        staff.post(address(said, "wall_survey"), chosen(form, ("Wer zahlt",)))

    assert [card.text for card in Card.objects.filter(source=CardSource.SURVEY)] == ["Lange Rede", "Wer zahlt das?"]


def test_nothing_chosen_hangs_nothing(staff, said):
    assert "Wählen Sie mindestens eine Aussage" in take(staff, said)
    assert not Card.objects.filter(source=CardSource.SURVEY).exists()


def test_while_the_needs_survey_is_open_there_is_nothing_to_take(staff, said):
    Survey.objects.update(closes_at=timezone.now() + datetime.timedelta(days=1))

    assert "noch nicht geschlossen" in staff.get(address(said, "wall_survey")).content.decode()


def test_similar_cards_are_proposed_and_become_a_column_where_the_moderator_says_so(staff, question):
    Card.objects.create(guiding_question=question, round=question.workshop.rounds.get(), text="Klärung der Rollen")
    page = staff.get(address(question, "wall_similar"))
    [group] = page.context["groups"]

    press(staff, question, "accept", title=group.title, card=[card.pk for card in group.cards])

    assert 'value="accept"' in page.content.decode()
    assert "Klärung der Rollen" in page.content.decode()
    assert {card.text for card in question.clusters.get().cards.all()} == {"Rolle klären", "Klärung der Rollen"}
    assert "ähneln sich keine" in staff.get(address(question, "wall_similar")).content.decode()


def test_proposal_does_not_take_cards_that_somebody_has_sorted_meanwhile(staff, question):
    proposed = [keys()["Rolle klären"], keys()["Zeit"]]
    press(staff, question, "new", title="Auftrag", card=[keys()["Rolle klären"]])

    refused = press(staff, question, "accept", title="Rolle", card=proposed)
    press(staff, question, "accept", title="Mandat", card=[keys()["Mandat"]])
    twice = press(staff, question, "accept", title="Mandat", card=[keys()["Mandat"]])

    assert "Karten dieses Vorschlags in die Spalte „Auftrag“ gehängt. Angelegt ist nichts" in refused
    assert "Getippt hatten Sie „Rolle“." in refused
    assert "Angelegt ist nichts" not in twice
    assert Card.objects.get(text="Rolle klären").cluster.title == "Auftrag"
    assert Card.objects.get(text="Zeit").cluster is None
    assert [each.title for each in question.clusters.all()] == ["Auftrag", "Mandat"]


def test_heading_typed_for_a_column_that_is_gone_is_shown(staff, question):
    gone = column_gone(staff, question)
    sent = {"do": f"rename:{gone}", f"title-{gone}": "Auftrag & Rolle"}

    page = staff.post(address(question, "wall_step"), sent, follow=True).content.decode()
    told = staff.post(address(question, "wall_step"), sent, headers={"accept": "text/plain"}).content.decode()

    assert "Getippt hatten Sie „Auftrag &amp; Rolle“." in page
    assert told.endswith("Getippt hatten Sie „Auftrag & Rolle“.")


def column_gone(staff, question):
    press(staff, question, "new", title="Auftrag")
    press(staff, question, f"drop:{column(question, 'Auftrag')}")
    return column(question, "Auftrag")


@pytest.fixture
def rounds(question):
    """The question with a second round and a card of it."""
    second = question.workshop.rounds.create(position=2, people_present=8)
    Card.objects.create(guiding_question=question, round=second, text="Aus der zweiten")
    return question


def test_board_of_several_rounds_names_them_and_shows_one_alone(staff, rounds):
    every = staff.get(address(rounds)).content.decode()
    second = staff.get(address(rounds), {"runde": "2"}).content.decode()

    assert every.count("1. Runde</p>") == 3
    assert every.count("2. Runde</p>") == 1
    assert "Zeit" in every
    assert "Aus der zweiten" in second
    assert "Zeit" not in second
    for place in ("/schritt/", "/stand/", f"/karten/{keys()['Aus der zweiten']}/"):
        assert f"{place}?runde=2" in second


def test_chosen_round_stays_after_a_step_and_in_the_menu(staff, rounds):
    card = keys()["Aus der zweiten"]
    menu = staff.get(f"{reverse('evaluation:wall_card', args=[rounds.pk, card])}?runde=2").content.decode()
    step = staff.post(f"{address(rounds, 'wall_step')}?runde=2", {"do": "new", "title": "Neu", "card": [card]})
    nonsense = staff.post(
        f"{address(rounds, 'wall_step')}?runde=//example.org", {"do": "new", "title": "Noch eine"}
    )

    assert f'action="{address(rounds, "wall_step")}?runde=2"' in menu
    assert step.url == f"{address(rounds)}?runde=2"
    assert nonsense.url == address(rounds)


@pytest.mark.parametrize("number", ["", "0", "9", "alle", "²", "1" * 40])
def test_round_that_is_none_shows_all(staff, rounds, number):
    page = staff.get(address(rounds), {"runde": number}).content.decode()

    assert "Aus der zweiten" in page
    assert "Zeit" in page


def test_board_of_one_round_does_not_speak_of_rounds(staff, question):
    page = staff.get(address(question)).content.decode()

    assert "Alle Runden" not in page
    assert "1. Runde</p>" not in page
    assert "mit allen Runden" not in page


def test_projector_shows_the_round_in_which_the_question_is_open(staff, rounds):
    def shown(**query):
        return staff.get(reverse("evaluation:wall_screen", args=[rounds.workshop_id]), query).content.decode()

    closed = shown()
    ask(rounds, rounds.workshop.rounds.get(position=2))
    opened, every, first = shown(), shown(runde="alle"), shown(runde="1")

    assert "4 Karten" in closed
    assert "1 Karte der 2. Runde · offen in der 2. Runde" in opened
    assert "Zeit" not in opened
    assert "4 Karten · offen" in every
    assert every.count('note">1. Runde</p>') == 3
    assert "3 Karten der 1. Runde" in first


def test_projector_shows_the_cards_of_all_rounds_while_points_are_set(staff, rounds, organiser):
    open_columns(rounds, "Rolle", "Geld", by=organiser)
    ask(rounds, rounds.workshop.rounds.get(position=2))
    open_poll(question=rounds, people=4, may_accumulate=False)

    page = staff.get(reverse("evaluation:wall_screen", args=[rounds.workshop_id])).content.decode()

    assert "4 Karten ·" in page


def test_key_enter_opens_the_column_that_was_typed_and_else_does_nothing(staff, question):
    press(staff, question, "new", title="Auftrag")
    page = staff.get(address(question)).content.decode()

    typed = press(staff, question, "enter", title="Geld", card=[keys()["Zeit"]])
    nothing = press(staff, question, "enter", card=[keys()["Mandat"]])

    assert page.index('value="enter"') < page.index('value="undo:')
    assert "Geld <span" in typed
    assert Card.objects.get(text="Zeit").cluster.title == "Geld"
    assert "Drücken Sie den Knopf" in nothing
    assert Step.objects.count() == 2


def test_without_a_cohort_there_is_no_needs_survey_and_the_page_says_so(staff, question):
    page = staff.get(address(question, "wall_survey")).content.decode()

    assert "gehört zu keinem Termin eines Durchgangs" in page
    assert "noch nicht geschlossen" not in page


def test_what_steers_or_turns_a_line_comes_neither_from_paper_nor_into_a_heading(staff, question):
    in_round = question.workshop.rounds.get()
    sent = {"round": in_round.pk, "key": uuid.uuid4(), "lines": "\u202eRolle\u202c\n\u200b\nZeit\u0007"}

    staff.post(address(question, "wall_paper"), sent)
    press(staff, question, "new", title="\u202eAuftrag")

    assert {"Rolle", "Zeit"} <= {card.text for card in Card.objects.all()}
    assert not Card.objects.filter(text="").exists()
    assert question.clusters.get().title == "Auftrag"


# What the projector shows besides the cards


def test_projector_of_a_workshop_that_is_over_leads_nobody_to_it(staff, question):
    workshop = question.workshop
    workshop.held_on -= datetime.timedelta(days=1)
    workshop.save()
    question.cards.all().delete()

    page = staff.get(address(workshop, "wall_screen")).content.decode()

    assert "Der Tag dieses Workshops ist vorbei." in page
    for word in ("QR-Code", f"{workshop.code[:3]}-{workshop.code[3:]}", "/wand", "Scannen"):
        assert word not in page


def test_projector_names_the_address_to_type_without_a_slash_at_its_end(staff, question, settings):
    settings.BASE_URL = "https://netzwerk.langenfeld.de"

    page = staff.get(address(question.workshop, "wall_screen")).content.decode()

    assert "<span>netzwerk.langenfeld.de/</span><span>wand</span>" in page
    assert staff.get("/wand", follow=True).status_code == 200


# One heading stands once


@pytest.mark.parametrize("title", ["AUFTRAG", "auftrag", "Auftrag"])
def test_second_column_of_the_same_heading_is_refused(staff, question, title):
    press(staff, question, "new", title="Auftrag", card=[keys()["Mandat"]])
    press(staff, question, "new", title="Zeit")

    opened = press(staff, question, "new", title=title, card=[keys()["Zeit"]])
    renamed = press(
        staff, question, f"rename:{column(question, 'Zeit')}", **{f"title-{column(question, 'Zeit')}": title}
    )

    for page in (opened, renamed):
        assert "Die Spalte „Auftrag“ hängt schon." in page
    assert sorted(question.clusters.filter(is_dropped=False).values_list("title", flat=True)) == ["Auftrag", "Zeit"]
    assert Step.objects.count() == 2


def test_heading_may_be_written_with_other_capitals(staff, question):
    press(staff, question, "new", title="auftrag")
    pk = column(question, "auftrag")

    press(staff, question, f"rename:{pk}", **{f"title-{pk}": "Auftrag"})

    assert question.clusters.get(is_dropped=False).title == "Auftrag"
