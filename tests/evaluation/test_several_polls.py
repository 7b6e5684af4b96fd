"""Points set more than once on one wall: each result stays readable, and one of them counts."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from evaluation.actions.polls import choose_poll, close_poll, open_poll, set_points
from evaluation.actions.walls import merge_columns, open_column, rename_column, undo_step
from evaluation.models import Dot, Poll
from evaluation.queries.workshops import record_of
from evaluation.workshop_records import workshop_record
from tests.evaluation.workshops import ask, guiding_question, open_columns
from tests.pdf import pdf_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def question(organiser):
    question = guiding_question(people=2)
    open_columns(question, "Rolle", "Zeit", by=organiser)
    in_round = question.workshop.rounds.get()
    question.cards.create(round=in_round, text="Rolle klären", cluster=question.clusters.get(title="Rolle"))
    return question


def vote(poll, *titles):
    """One person for each title."""
    for number, title in enumerate(titles):
        column = poll.guiding_question.clusters.get(title=title)
        set_points(poll=poll, points={column.pk: 1}, key=f"{poll.pk}-{number}")


def weigh(question, *titles, people=2, in_round=None):
    """A poll that is over, with one person for each title."""
    poll = open_poll(question=question, people=people, may_accumulate=False, in_round=in_round)
    vote(poll, *titles)
    close_poll(poll=poll)
    poll.refresh_from_db()
    return poll


def address(question, name="wall_poll"):
    return reverse(f"evaluation:{name}", args=[question.pk])


def page_of(client, question, name="wall_poll"):
    return client.get(address(question, name)).content.decode()


def screen_of(client, question):
    return client.get(reverse("evaluation:wall_screen", args=[question.workshop_id])).content.decode()


def test_last_poll_with_votes_counts_and_one_without_replaces_nothing(question):
    first = weigh(question, "Rolle", "Rolle")
    weigh(question)
    assert Poll.objects.get(is_chosen=True) == first

    second = weigh(question, "Zeit")
    assert Poll.objects.get(is_chosen=True) == second

    choose_poll(poll=first)
    assert Poll.objects.get(is_chosen=True) == first


def test_poll_that_runs_or_got_no_vote_cannot_be_chosen(question):
    first = weigh(question, "Rolle")
    empty = weigh(question)
    running = open_poll(question=question, people=2, may_accumulate=False)

    for poll in (empty, running):
        choose_poll(poll=poll)

    assert Poll.objects.get(is_chosen=True) == first


def test_poll_that_is_ended_twice_keeps_its_moment_and_the_choice(question):
    first = weigh(question, "Rolle")
    second = weigh(question, "Zeit")
    choose_poll(poll=first)

    close_poll(poll=second)

    ended_at = second.ended_at
    second.refresh_from_db()
    assert ended_at is not None
    assert second.ended_at == ended_at
    assert not second.is_chosen


def test_page_lists_every_result_and_says_which_one_counts(staff, question):
    weigh(question, "Rolle", "Rolle")
    weigh(question, "Zeit")

    page = page_of(staff, question)

    assert page.index("2. Abfrage (gilt)") < page.index("1. Abfrage")
    assert "2 von 2 Personen haben Punkte gesetzt" in page
    assert "1 von 2 Personen hat Punkte gesetzt" in page
    assert page.count("Diese Abfrage gelten lassen") == 1


def test_moderator_chooses_which_result_counts(staff, question):
    first = weigh(question, "Rolle", "Rolle")
    weigh(question, "Zeit")

    page = staff.post(reverse("evaluation:wall_poll_choose", args=[first.pk]), follow=True).content.decode()

    assert "Es gilt jetzt die 1. Abfrage" in page
    assert "1. Abfrage (gilt)" in page
    screen = screen_of(staff, question)
    assert screen.index("1.\u00a0Rolle") < screen.index("2.\u00a0Zeit")
    assert "1. Abfrage: 2 von 2 Personen haben Punkte gesetzt" in screen


def heading_of(question, title):
    return question.clusters.get(title=title)


def test_result_keeps_the_words_that_people_voted_on(staff, question, organiser):
    """A column that is renamed afterwards says something else than what got the points."""
    weigh(question, "Zeit", "Rolle")
    rename_column(column=heading_of(question, "Zeit"), title="Mehr Zeit", by=organiser)
    merge_columns(into=heading_of(question, "Mehr Zeit"), column=heading_of(question, "Rolle"), by=organiser)

    paper = " ".join(pdf_text(workshop_record(question.workshop)).split())
    pages = [
        page_of(staff, question),
        screen_of(staff, question),
        staff.get(question.workshop.get_absolute_url()).content.decode(),
        staff.get(reverse("evaluation:workshop_record_page", args=[question.workshop_id])).content.decode(),
        paper,
    ]
    for page in pages:
        assert "Zeit (heißt jetzt „Mehr Zeit“)" in page
        assert "Rolle (steht nicht mehr an der Wand)" in page


def test_result_remarks_nothing_where_the_columns_are_as_they_were(staff, question, organiser):
    weigh(question, "Zeit", "Rolle")
    rename_column(column=heading_of(question, "Zeit"), title="Mehr Zeit", by=organiser)
    undo_step(question=question)

    assert "heißt jetzt" not in page_of(staff, question)
    assert "nicht mehr an der Wand" not in page_of(staff, question)


def test_before_beginning_anew_the_page_says_what_becomes_of_the_result(staff, question):
    assert "bleibt" not in page_of(staff, question)
    weigh(question, "Rolle", "Rolle")

    assert "Das bisherige Ergebnis (2 von 2 Personen) bleibt als 1. Abfrage stehen" in page_of(staff, question)


def test_after_the_day_points_are_those_of_all_rounds_unless_one_is_chosen(staff, question):
    workshop = ask(question).workshop
    workshop.rounds.create(position=2, people_present=3)
    workshop.held_on = timezone.localdate() - datetime.timedelta(days=1)
    workshop.save()

    form = staff.get(address(question)).context["form"]

    assert (form["people"].value(), form["in_round"].value()) == (5, None)


def test_poll_that_ends_without_a_vote_says_so_and_leaves_the_result(staff, question):
    weigh(question, "Rolle", "Rolle")
    staff.post(address(question), {"people": 2})

    page = staff.post(address(question, "wall_poll_close"), follow=True).content.decode()

    assert "Niemand hat Punkte gesetzt" in page
    assert "1.\u00a0Rolle" in page
    assert "1.\u00a0Rolle" in screen_of(staff, question)


def test_first_poll_that_ends_without_a_vote_leaves_no_result(staff, question):
    weigh(question)

    assert "Ergebnis" not in page_of(staff, question).partition("<main")[2]
    assert "1.\u00a0Rolle" not in screen_of(staff, question)
    [recorded] = record_of(question.workshop)
    assert recorded.weighings == []


def test_earlier_results_stay_on_the_page_while_points_are_set_and_leave_the_screen(staff, question):
    weigh(question, "Rolle", "Rolle")
    vote(open_poll(question=question, people=2, may_accumulate=False), "Zeit")

    page = page_of(staff, question)

    assert "1.\u00a0Rolle" in page
    assert "1.\u00a0Zeit" not in page
    assert "1.\u00a0Rolle" not in screen_of(staff, question)


def test_workshop_and_record_tell_every_poll(staff, question):
    second_round = question.workshop.rounds.create(position=2, people_present=1)
    weigh(question, "Rolle", "Rolle", in_round=question.workshop.rounds.get(position=1))
    weigh(question, "Zeit", people=1, in_round=second_round)

    page = staff.get(question.workshop.get_absolute_url()).content.decode()
    record = staff.get(reverse("evaluation:workshop_record_page", args=[question.workshop_id])).content.decode()
    paper = " ".join(pdf_text(workshop_record(question.workshop)).split())

    for told in (page, record, paper):
        assert "2. Abfrage (gilt)" in told
        assert "2 von 2 Personen haben Punkte gesetzt; jede Person hatte 1 Punkt." in told
        assert "1. Runde, beendet am Mo, 2." in told.replace("\u00a0", " ")
        assert "1 von 1 Person hat Punkte gesetzt; jede Person hatte 1 Punkt. 2. Runde" in told.replace(
            "\u00a0", " "
        )


def test_one_poll_needs_no_number(staff, question):
    weigh(question, "Rolle", "Rolle", people=9)

    paper = " ".join(pdf_text(workshop_record(question.workshop)).split())
    screen = screen_of(staff, question)

    assert "2 von 9 Personen haben Punkte gesetzt; jede Person hatte 1 Punkt." in paper
    assert "2 von 9 Personen haben Punkte gesetzt" in screen
    assert "Abfrage" not in paper + screen


def test_round_is_asked_for_where_there_are_several(staff, question):
    assert "in_round" not in staff.get(address(question)).context["form"].fields
    staff.post(address(question), {"people": 2})
    assert Poll.objects.get().round == question.workshop.rounds.get()
    staff.post(address(question, "wall_poll_close"))

    second = question.workshop.rounds.create(position=2, people_present=5)
    ask(question, second)
    form = staff.get(address(question)).context["form"]
    assert (form["in_round"].value(), form["people"].value()) == (second.pk, 5)
    staff.post(address(question), {"people": 5, "in_round": second.pk})
    assert Poll.objects.last().round == second


def test_round_of_another_workshop_is_refused(staff, question):
    question.workshop.rounds.create(position=2, people_present=5)
    other = guiding_question().workshop.rounds.get()

    page = staff.post(address(question), {"people": 5, "in_round": other.pk}).content.decode()

    assert "Wählen Sie eine Runde dieses Workshops" in page
    assert not Poll.objects.exists()


def test_round_in_which_points_were_set_is_not_deleted(staff, question):
    second = question.workshop.rounds.create(position=2, people_present=5)
    weigh(question, "Rolle", in_round=second)

    page = staff.post(reverse("evaluation:round_delete", args=[second.pk]), follow=True).content.decode()

    assert "Punkte gesetzt" in page
    assert question.workshop.rounds.count() == 2


def test_second_poll_of_a_workshop_waits_for_the_first(staff, question, organiser):
    """Phones show one poll; of a second nobody would know."""
    other = question.workshop.guiding_questions.create(position=2, purpose="FREE", text="Und sonst?")
    for title in ("Ja", "Nein"):
        open_column(question=other, title=title, by=organiser)
    open_poll(question=question, people=2, may_accumulate=False)

    page = staff.post(address(other), {"people": 2}).content.decode()

    assert "läuft noch eine Punktabfrage" in page
    assert "Was brauchen Sie?" in page
    assert not other.polls.exists()


def test_moderator_is_told_when_the_points_reach_for_every_column(staff, question):
    """By the formula few people have many points; one on each column weighs nothing."""
    poll = open_poll(question=question, people=2, may_accumulate=False)
    assert "Das reicht für jede Spalte" not in page_of(staff, question)

    Poll.objects.filter(pk=poll.pk).update(points_each=2)

    assert "Das reicht für jede Spalte" in page_of(staff, question)


@pytest.fixture
def surplus(question):
    """Three have set points, and two were said to be in the room."""
    poll = open_poll(question=question, people=2, may_accumulate=False)
    vote(poll, "Rolle", "Rolle", "Zeit")
    return poll


def test_more_votes_than_people_are_remarked_while_points_are_set(staff, question, surplus):
    page = page_of(staff, question)

    assert "3 Personen statt der angegebenen 2 sind fertig" in page
    assert "Stimmt die Zahl der Personen im Raum?" in page
    assert "3 Personen statt der angegebenen 2" in page_of(staff, question, "wall_board")
    assert "3 Personen sind fertig" in screen_of(staff, question)


def test_more_votes_than_people_are_remarked_in_the_result(staff, question, surplus):
    close_poll(poll=surplus)

    assert "Stimmt die Zahl der Personen im Raum?" in page_of(staff, question)
    paper = " ".join(pdf_text(workshop_record(question.workshop)).split())
    assert "3 Personen statt der angegebenen 2 haben Punkte gesetzt" in paper


def test_one_stated_person_is_counted_in_the_singular():
    poll = Poll(people=1)
    poll.voters = 2

    assert poll.turnout == "2 Personen statt der einen angegebenen"


@pytest.mark.parametrize("is_over", [False, True])
def test_number_of_people_is_corrected_and_the_points_of_each_stay(staff, question, surplus, is_over):
    if is_over:
        close_poll(poll=surplus)

    page = staff.post(reverse("evaluation:wall_poll_people", args=[surplus.pk]), {"people": 4}, follow=True)

    surplus.refresh_from_db()
    assert (surplus.people, surplus.points_each) == (4, 1)
    assert "3 von 4 Personen" in page.content.decode()
    assert "Stimmt die Zahl der Personen im Raum?" not in page.content.decode()


@pytest.mark.parametrize("people", ["", "0", "-3", "x", "1000", "9" * 30])
def test_nonsense_for_the_number_of_people_is_refused_and_kept(staff, question, surplus, people):
    answer = staff.post(reverse("evaluation:wall_poll_people", args=[surplus.pk]), {"people": people})

    surplus.refresh_from_db()
    assert surplus.people == 2
    assert "Geben Sie an, wie viele Personen Punkte setzen" in answer.content.decode()
    assert "error-summary" in answer.content.decode()
    assert f'value="{people}"' in answer.content.decode() or people == ""


def sheet_of(client, question, title):
    """The sheet of the page with one point, as a browser would send it."""
    page = client.get(address(question))
    column = question.clusters.get(title=title)
    return {
        "poll": page.context["page"].poll.pk,
        "key": page.context["sheet"]["key"].value(),
        f"c{column.pk}": 1,
    }


def test_sheet_that_comes_after_the_end_is_kept_and_told(staff, question):
    poll = open_poll(question=question, people=2, may_accumulate=False)
    sheet = sheet_of(staff, question, "Zeit")
    vote(poll, "Rolle")
    close_poll(poll=poll)

    answer = staff.post(address(question, "wall_poll_sheet"), sheet)
    page = answer.content.decode()

    assert answer.status_code == 200
    assert "inzwischen beendet" in page
    assert "Nicht gezählt: Zeit 1. Soll er zählen, braucht es eine neue Abfrage" in page
    assert Dot.objects.get(cluster__title="Zeit").points == 0


def test_sheet_that_was_counted_before_the_end_and_comes_again_is_told_to_be_counted(staff, question):
    poll = open_poll(question=question, people=2, may_accumulate=False)
    sheet = sheet_of(staff, question, "Zeit")
    staff.post(address(question, "wall_poll_sheet"), sheet)
    close_poll(poll=poll)

    page = staff.post(address(question, "wall_poll_sheet"), sheet, follow=True).content.decode()

    assert "Die Punkte sind gezählt." in page
    assert Dot.objects.get(cluster__title="Zeit").points == 1


def test_sheet_of_an_ended_poll_does_not_count_in_the_next(staff, question):
    poll = open_poll(question=question, people=2, may_accumulate=False)
    sheet = sheet_of(staff, question, "Zeit")
    close_poll(poll=poll)
    new = open_poll(question=question, people=2, may_accumulate=False)

    page = staff.post(address(question, "wall_poll_sheet"), sheet).content.decode()

    assert "inzwischen beendet" in page
    assert f'name="poll" value="{new.pk}"' in page
    assert not Dot.objects.filter(points__gt=0).exists()


@pytest.mark.parametrize("poll", ["", "x", "99999", "9" * 30])
def test_sheet_of_no_poll_is_told_and_not_counted(staff, question, poll):
    open_poll(question=question, people=2, may_accumulate=False)
    sheet = sheet_of(staff, question, "Zeit") | {"poll": poll}

    answer = staff.post(address(question, "wall_poll_sheet"), sheet)

    assert answer.status_code == 200
    assert not Dot.objects.filter(points__gt=0).exists()


def test_points_of_a_phone_do_not_count_in_the_next_poll(client, question):
    poll = open_poll(question=question, people=2, may_accumulate=False)
    code = question.workshop.code
    client.get(reverse("evaluation:wall_phone", args=[code]))
    sent = {"poll": poll.pk, f"c{question.clusters.get(title='Zeit').pk}": 1}
    close_poll(poll=poll)
    new = open_poll(question=question, people=2, may_accumulate=False)

    page = client.post(reverse("evaluation:wall_points_add", args=[code]), sent).content.decode()

    assert "neue Abfrage" in page
    assert f'name="poll" value="{new.pk}"' in page
    assert not Dot.objects.filter(points__gt=0).exists()


def test_phone_whose_points_were_counted_is_not_told_the_contrary_after_the_end(client, question):
    poll = open_poll(question=question, people=2, may_accumulate=False)
    code = question.workshop.code
    client.get(reverse("evaluation:wall_phone", args=[code]))
    sent = {"poll": poll.pk, f"c{question.clusters.get(title='Zeit').pk}": 1}
    url = reverse("evaluation:wall_points_add", args=[code])
    client.post(url, sent)
    close_poll(poll=poll)

    page = client.post(url, sent, follow=True).content.decode()

    assert "nicht mehr gezählt" not in page
    assert "Ihre Punkte sind gezählt" in page


@pytest.mark.parametrize("count", [1, 3])
def test_pages_take_as_many_queries_for_many_polls_as_for_few(staff, question, count, django_assert_num_queries):
    for _ in range(count):
        weigh(question, "Rolle")

    with django_assert_num_queries(10):
        page = page_of(staff, question)
    with django_assert_num_queries(5):
        record_of(question.workshop)

    assert page.count("1 von 2 Personen hat Punkte gesetzt") == count
