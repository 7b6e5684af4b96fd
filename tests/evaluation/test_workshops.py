import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from curriculum.models import Cohort
from evaluation.actions.polls import close_poll, open_poll, set_points
from evaluation.demo.workshop import fill_workshop
from evaluation.models import Card, CardSource, Recommendation, RecommendationState, Workshop
from netzkoord.templatetags.german import german_date
from tests import factories
from tests.evaluation.workshops import ask, guiding_question
from tests.factories import EditionFactory, SessionFactory

SCRIPT = '"><script>alert(1)</script>'


@pytest.fixture
def workshop(db):
    return fill_workshop(EditionFactory())


def wall(workshop, **rounds):
    """Rounds with so many cards each, all in one cluster."""
    question = workshop.guiding_questions.create(position=1, purpose="NEED", text="Was brauchen Sie?")
    cluster = question.clusters.create(position=1, title="Rolle")
    for position, count in enumerate(rounds.values(), start=1):
        in_round = workshop.rounds.create(position=position, people_present=count)
        for number in range(count):
            Card.objects.create(
                guiding_question=question, round=in_round, cluster=cluster, text=f"Karte {position}-{number}"
            )
    return question


@pytest.mark.parametrize("role", ["organiser", "trainer", "reader"])
def test_workshop_pages_are_open_to_staff(client, request, workshop, role):
    client.force_login(request.getfixturevalue(role))

    page = client.get(reverse("evaluation:workshop_list")).content.decode()
    detail = client.get(workshop.get_absolute_url()).content.decode()
    register = client.get(reverse("evaluation:recommendation_list")).content.decode()

    assert "Kompetenzen von Netzwerkkoordinatorinnen" in page
    assert "Mi, 14.\u00a0Juni 2017, Düsseldorf" in detail
    assert "Wird der Fortbildungs-Bedarf" in detail
    assert "für diese Vorführung erfunden" in detail
    assert "Möglichst Tandems" in detail
    assert "Erlebnisberichte sind eigene Bausteine" in register


def test_workshop_pages_are_forbidden_to_others(client, stranger, workshop):
    client.force_login(stranger)
    addresses = [reverse("evaluation:workshop_list"), workshop.get_absolute_url()]

    for address in [*addresses, reverse("evaluation:recommendation_list")]:
        assert client.get(address).status_code == 403


def test_workshop_that_does_not_exist_is_404(client, organiser):
    client.force_login(organiser)

    assert client.get(reverse("evaluation:workshop_detail", args=[1])).status_code == 404


def test_workshop_detail_shows_the_rounds_together_and_apart(client, organiser, workshop):
    client.force_login(organiser)
    address = workshop.get_absolute_url()

    together, first, second, nonsense = (
        client.get(address, {"runde": value}).content.decode() for value in ["", "1", "2", "x9"]
    )

    assert "mit zusammen 30 Teilnehmenden" in together
    assert "mit 22 Teilnehmenden" in first
    assert "mit 8 Teilnehmenden" in second
    assert "mit zusammen 30 Teilnehmenden" in nonsense
    assert "Abgrenzung Gremium und Netzwerk" in second
    assert "Abgrenzung Gremium und Netzwerk" not in first
    cards = [page.count('class="wall-card"') for page in (together, first, second)]
    assert cards[0] == cards[1] + cards[2] == Card.objects.count()


def test_card_from_the_needs_survey_says_so(client, organiser, db):
    workshop = Workshop.objects.create(title="Auftakt", held_on="2017-06-14", place="Düsseldorf")
    wall(workshop, first=2)
    Card.objects.filter(text="Karte 1-0").update(source=CardSource.SURVEY)
    client.force_login(organiser)

    page = client.get(workshop.get_absolute_url()).content.decode()

    assert page.count("aus der Bedarfserhebung") == 1


def test_workshop_detail_shows_how_the_columns_were_weighed(client, organiser, db):
    workshop = Workshop.objects.create(title="Auftakt", held_on="2017-06-14", place="Düsseldorf")
    question = wall(workshop, first=1)
    question.clusters.create(position=2, title="Zeit")
    poll = open_poll(question=question, people=3, may_accumulate=False)
    set_points(poll=poll, points={question.clusters.get(title="Zeit").pk: 1}, key="a")
    client.force_login(organiser)

    before = client.get(workshop.get_absolute_url()).content.decode()
    close_poll(poll=poll)
    after = client.get(workshop.get_absolute_url()).content.decode()

    assert "Gewichtet mit Punkten" not in before
    assert after.index("Gewichtet mit Punkten") < after.index("1.\u00a0Zeit") < after.index("2.\u00a0Rolle")


def test_card_without_cluster_is_shown_in_a_column_of_its_own(client, organiser, db):
    workshop = Workshop.objects.create(title="Auftakt", held_on="2017-06-14", place="Düsseldorf")
    question = wall(workshop, first=1)
    Card.objects.update(cluster=None)
    client.force_login(organiser)

    page = client.get(workshop.get_absolute_url()).content.decode()

    assert "Noch keinem Cluster zugeordnet" in page
    assert question.text in page


def test_workshop_of_a_session_leads_to_its_cohort_and_back(client, organiser, db):
    session = factories.SessionFactory()
    own = Workshop.objects.create(title="Auftakt", held_on="2017-06-14", place="Düsseldorf", session=session)
    Workshop.objects.create(title="Anderswo", held_on="2017-06-14", place="Düsseldorf")
    client.force_login(organiser)

    page = client.get(own.get_absolute_url()).content.decode()
    of_cohort, nonsense = (
        client.get(reverse("evaluation:workshop_list"), {"durchgang": number}).content.decode()
        for number in (session.cohort_id, "9" * 30)
    )

    assert reverse("evaluation:need_gather", args=[session.cohort_id]) in page
    assert session.get_absolute_url() in page
    assert "Auftakt" in of_cohort
    assert "Anderswo" not in of_cohort
    assert "Anderswo" in nonsense
    Workshop.objects.all().delete()
    assert (
        "Zu keinem Termin dieses Durchgangs"
        in client.get(reverse("evaluation:workshop_list"), {"durchgang": session.cohort_id}).content.decode()
    )


def test_sessions_to_choose_from_are_told_apart_by_cohort_and_day(client, organiser, db):
    session = factories.SessionFactory()
    first_on = session.days.earliest("date").date
    cancelled = factories.SessionFactory(cancelled_at=timezone.now())
    later = factories.SessionFactory()
    Cohort.objects.filter(pk=session.cohort_id).update(registration_closes_on=datetime.date(2016, 9, 1))
    client.force_login(organiser)

    page = client.get(reverse("evaluation:workshop_add")).content.decode()

    assert f"{session.cohort}: {session}, {german_date(first_on)}" in page
    assert page.index(f"{later.cohort}: {later}") < page.index(f"{session.cohort}: {session}")
    assert f'value="{cancelled.pk}">{cancelled.cohort}' not in page


def test_texts_of_a_workshop_are_literal(client, organiser, db):
    workshop = Workshop.objects.create(
        title=SCRIPT, event=SCRIPT, abstract=SCRIPT, held_on="2017-06-14", place=SCRIPT
    )
    wall(workshop, first=1)
    Card.objects.update(text=SCRIPT)
    workshop.recommendations.create(text=SCRIPT)
    client.force_login(organiser)

    for address in [
        workshop.get_absolute_url(),
        reverse("evaluation:workshop_list"),
        reverse("evaluation:recommendation_list"),
    ]:
        assert "<script>" not in client.get(address).content.decode()


def test_recommendation_list_filters_by_state(client, organiser, workshop):
    workshop.recommendations.filter(feature="TANDEMS").update(state="DECLINED")
    client.force_login(organiser)

    page = client.get(reverse("evaluation:recommendation_list"), {"stand": "ACCEPTED"}).content.decode()

    assert "Herzensbildung" in page
    assert "Möglichst Tandems" not in page


def test_recommendation_list_without_entries_says_so(client, organiser):
    client.force_login(organiser)

    assert "noch keine Empfehlung" in client.get(reverse("evaluation:recommendation_list")).content.decode()


def test_fill_workshop_twice_changes_nothing(workshop):
    fill_workshop(workshop.edition)

    assert Workshop.objects.count() == 1
    assert Recommendation.objects.filter(state=RecommendationState.OPEN).count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_workshop_detail_query_count(client, organiser, db, django_assert_num_queries, count):
    workshop = Workshop.objects.create(title="Auftakt", held_on="2017-06-14", place="Düsseldorf")
    wall(workshop, first=count, second=count)
    client.force_login(organiser)

    with django_assert_num_queries(13):
        client.get(workshop.get_absolute_url())


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("workshop_list", 5), ("recommendation_list", 9)])
def test_list_query_count(client, organiser, db, django_assert_num_queries, count, name, queries):
    for number in range(count):
        workshop = Workshop.objects.create(title=f"Workshop {number}", held_on="2017-06-14", place="Düsseldorf")
        workshop.recommendations.create(text="Mehr Zeit")
    client.force_login(organiser)

    with django_assert_num_queries(queries):
        client.get(reverse(f"evaluation:{name}"))


@pytest.fixture
def elsewhere(trainer):
    """A workshop of a cohort in which the trainer does not teach; teaching in another one."""
    SessionFactory(trainers=[trainer])
    workshop = Workshop.objects.create(
        title="Anderswo", held_on="2026-11-02", place="Ulm", session=SessionFactory(), edition=None
    )
    workshop.recommendations.create(text="Mehr Zeit", workshop=workshop)
    wall(workshop, first=1)
    return workshop


@pytest.mark.parametrize("name", ["workshop_detail", "workshop_record", "wall_screen", "wall_screen_state"])
def test_cards_of_a_cohort_are_not_shown_to_trainers_of_another(client, trainer, reader, elsewhere, name):
    address = reverse(f"evaluation:{name}", args=[elsewhere.pk])

    client.force_login(reader)
    seen = client.get(address)
    client.force_login(trainer)
    hidden = client.get(address, headers={"if-none-match": seen.headers.get("ETag", "")})

    assert (seen.status_code, hidden.status_code) == (200, 404)


def test_lists_lead_trainers_to_no_workshop_of_another_cohort(client, trainer, elsewhere):
    client.force_login(trainer)

    for name in ("workshop_list", "recommendation_list"):
        assert elsewhere.get_absolute_url() not in client.get(reverse(f"evaluation:{name}")).content.decode()
    SessionFactory(cohort=elsewhere.session.cohort, trainers=[trainer])
    for name in ("workshop_list", "recommendation_list"):
        assert elsewhere.get_absolute_url() in client.get(reverse(f"evaluation:{name}")).content.decode()


@pytest.mark.parametrize("gone", ["question", "round"])
def test_what_is_deleted_is_not_asked_any_more(client, organiser, gone):
    question = ask(guiding_question())
    in_round = question.workshop.rounds.get()
    client.force_login(organiser)

    if gone == "round":
        client.post(reverse("evaluation:round_delete", args=[in_round.pk]))
    else:
        client.post(reverse("evaluation:guiding_question_delete", args=[question.pk]))

    workshop = Workshop.objects.get()
    assert (workshop.asked, workshop.asked_in) == (None, None)
