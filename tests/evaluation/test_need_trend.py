"""The needs of all cohorts side by side: the share that was covered, and what recurs."""

import datetime

import pytest
from django.db.models import Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import timezone

from curriculum.models import Cohort
from evaluation.judgements import Share
from evaluation.queries.recurrence import need_trend, recurrences
from netzkoord import overview
from tests import factories
from tests.evaluation import themes
from tests.pdf import pdf_text

THIRD = "Im dritten Durchgang in Folge genannt und nie gedeckt."
SECOND = "Im zweiten Durchgang in Folge genannt und nie gedeckt."


@pytest.fixture
def edition(db):
    return factories.EditionFactory()


def cohort_in(year, edition, **session):
    cohort = factories.CohortFactory(title=f"Durchgang {year}", edition=edition)
    factories.SessionFactory(cohort=cohort, days=[datetime.date(year, 3, 1)], **session)
    return cohort


def three(edition, title="Rolle", **session):
    """The same need of three cohorts in a row; those first that were made last."""
    return [themes.need(cohort_in(year, edition, **session), title) for year in (2026, 2025, 2024)][::-1]


def said_of(need):
    found = recurrences(Cohort.objects.all()).get(need.pk)
    return found.sentence if found else ""


def test_a_need_is_recurring_in_the_order_of_the_first_sessions(edition):
    first, second, third = three(edition)

    assert [said_of(need) for need in (first, second, third)] == ["", SECOND, THIRD]


def test_the_same_topic_of_another_edition_is_the_same_need(edition):
    older, newer = themes.need(cohort_in(2024, edition), "Streit"), themes.need(cohort_in(2025, edition), "Macht")
    topic = older.cohort.edition.topics.create(position=90, name="Konflikte")
    later = factories.EditionFactory(programme=edition.programme)
    older.sources.create(topic=topic)
    newer.sources.create(topic=later.topics.create(position=90, name="Konflikte und Macht", key=topic.key))

    assert said_of(newer) == SECOND


def test_a_cohort_without_needs_does_not_end_the_row_and_one_with_others_does(edition):
    first, last = themes.need(cohort_in(2023, edition)), themes.need(cohort_in(2025, edition))
    between = cohort_in(2024, edition)
    assert said_of(last) == SECOND

    themes.need(between, "Etwas anderes")

    assert (said_of(first), said_of(last)) == ("", "")


def test_a_cancelled_cohort_and_one_of_another_programme_do_not_count(edition):
    themes.need(cohort_in(2023, edition))
    last = themes.need(cohort_in(2026, edition))
    themes.need(cohort_in(2024, factories.EditionFactory()), "Fremd")
    cancelled = themes.need(cohort_in(2025, edition), "Abgesagt").cohort
    Cohort.objects.filter(pk=cancelled.pk).update(cancelled_at=timezone.now())

    assert said_of(last) == SECOND


def test_the_judgement_goes_before_the_plan(edition):
    first, second, third = three(edition)
    for need in (first, second):
        need.coverages.create(module=factories.ModuleFactory(edition=edition), degree="FULL")
    assert said_of(third) == ""

    themes.judged(second, 0, 0, 6)
    assert said_of(third) == SECOND

    themes.judged(first, 0, 6, 0)
    assert said_of(third) == THIRD


def test_the_page_tells_shares_in_time_and_what_recurs(client, organiser, edition):
    first, second, _ = three(edition)
    themes.judged(first, 0, 0, 6)
    themes.judged(second, 0, 0, 6)
    themes.judged(themes.need(second.cohort, "Gedeckt"), 6, 0, 0)
    client.force_login(organiser)

    page = client.get(reverse("evaluation:need_trend")).content.decode()

    assert need_trend(Cohort.objects.all()).share == Share(1, 3, 0)
    assert "1 von 3 beurteilten Bedarfen ist gedeckt." in page
    assert page.count(THIRD) == 1
    assert SECOND not in page
    assert [str(naming) for naming in need_trend(Cohort.objects.all()).recurring[0].before] == [
        "Durchgang 2024",
        "Durchgang 2025",
    ]
    shares = page.partition("Anteil je Durchgang")[2]
    places = [shares.index(f">Durchgang {year}</a>") for year in (2024, 2025, 2026)]
    assert places == sorted(places)
    assert "keine Abschlusserhebung" in page


def test_each_cohort_in_the_row_is_told_with_the_name_under_which_it_has_the_need(client, organiser, edition):
    older, newer = (
        themes.need(cohort_in(year, edition), title) for year, title in ((2024, "Streit"), (2025, "Macht"))
    )
    topic = edition.topics.create(position=90, name="Konflikte")
    for need in (older, newer):
        need.sources.create(topic=topic)
    client.force_login(organiser)
    told = f'<a href="{older.get_absolute_url()}">Durchgang 2024</a> (dort „Streit“)'

    addresses = [newer.get_absolute_url(), reverse("evaluation:need_trend")] + [
        reverse(f"evaluation:{name}", args=[newer.cohort_id]) for name in ("need_list", "need_judgements")
    ]

    assert all(told in client.get(address).content.decode() for address in addresses)


def test_the_evaluation_report_names_what_recurs_and_where(client, organiser, edition):
    *_, third = three(edition)
    client.force_login(organiser)

    page = client.get(reverse("evaluation:cohort_report", args=[third.cohort_id])).content.decode()

    assert f"Rolle: {THIRD} Davor: Durchgang 2024, Durchgang 2025." in page


def test_the_evaluation_report_shows_names_as_they_are_written(client, organiser, edition):
    *_, third = three(edition, "Rolle \N{THUMBS UP SIGN}")
    Cohort.objects.update(title=Concat("title", Value(" & Co")))
    client.force_login(organiser)

    page = client.get(reverse("evaluation:cohort_report", args=[third.cohort_id])).content.decode()

    told = f"Rolle \N{THUMBS UP SIGN}: {THIRD} Davor: Durchgang 2024 &amp; Co, Durchgang 2025 &amp; Co."
    assert told in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (None, "keine Abschlusserhebung"),
        ({"outcome": "DESTROYED"}, "kein Ergebnis: zu wenige Antworten"),
        ({"outcome": "COUNTED"}, "nicht danach gefragt"),
    ],
)
def test_a_cohort_without_a_share_says_why(client, organiser, edition, fields, words):
    need = themes.need(cohort_in(2024, edition))
    if fields:
        themes.coverage_survey(need.cohort, **fields)
    client.force_login(organiser)

    page = client.get(reverse("evaluation:need_trend")).content.decode()

    assert f'<span class="muted">{words}</span>' in page


def test_a_need_that_was_covered_at_last_recurs_no_more(client, organiser, edition):
    *_, third = three(edition)
    themes.judged(third, 6, 0, 0)
    client.force_login(organiser)

    assert need_trend(Cohort.objects.all()).recurring == []
    assert "Kein Bedarf wurde in zwei" in client.get(reverse("evaluation:need_trend")).content.decode()


def test_without_any_need_the_page_leads_to_the_cohorts(client, organiser):
    client.force_login(organiser)

    page = client.get(reverse("evaluation:need_trend")).content.decode()

    assert "Noch in keinem Durchgang" in page
    assert "<table" not in page


def test_the_sentence_stands_with_the_need_wherever_it_is_shown(client, organiser, edition):
    *_, third = three(edition)
    client.force_login(organiser)

    addresses = [third.get_absolute_url()] + [
        reverse(f"evaluation:{name}", args=[third.cohort_id]) for name in ("need_list", "need_judgements")
    ]

    assert all(THIRD in client.get(address).content.decode() for address in addresses)


def test_trainers_are_told_of_their_own_cohorts_only(client, trainer, edition):
    own_first = themes.need(cohort_in(2024, edition, trainers=[trainer]))
    themes.need(cohort_in(2025, edition))
    own_last = themes.need(cohort_in(2026, edition, trainers=[trainer]))
    client.force_login(trainer)

    page = client.get(reverse("evaluation:need_trend")).content.decode()

    assert said_of(own_last) == THIRD
    assert recurrences(Cohort.objects.visible_to(trainer)) == {}
    assert [each in page for each in (str(own_first.cohort), "Durchgang 2025", str(own_last.cohort))] == [
        True,
        False,
        True,
    ]


def test_the_bedarfsbericht_tells_the_training_what_recurs(client, trainer, edition):
    *_, third = three(edition, trainers=[trainer])
    client.force_login(trainer)

    paper = client.get(reverse("evaluation:needs_report", args=[third.cohort.sessions.get().pk])).content

    assert THIRD in " ".join(pdf_text(paper).split())


def test_the_start_page_says_what_recurs_until_it_is_held_what_became_of_it(edition):
    *_, third = three(edition)

    def dues():
        return [(due.text, due.url) for due in overview.strip_of(third.cohort).due if "in Folge" in due.text]

    address = reverse("evaluation:need_judgements", args=[third.cohort_id])
    assert dues() == [("„Rolle“: im dritten Durchgang in Folge genannt und nie gedeckt", address)]

    third.outcome = "Kommt in die nächste Fassung."
    third.save()
    assert dues() == []


def test_several_needs_that_recur_are_one_sentence_on_the_start_page(edition):
    needs = three(edition)
    for need in needs:
        themes.need(need.cohort, "Mittel")

    texts = [due.text for due in overview.strip_of(needs[-1].cohort).due]

    assert "2 Bedarfe sind wiederholt in Folge genannt und nie gedeckt" in texts


@pytest.mark.parametrize("count", [1, 3])
def test_need_trend_query_count(client, organiser, edition, django_assert_num_queries, count):
    for number in range(count):
        need = themes.need(cohort_in(2024 + number, edition), f"Bedarf {number}")
        themes.judged(need, 6, 0, 0)
    client.force_login(organiser)

    with django_assert_num_queries(16):
        response = client.get(reverse("evaluation:need_trend"))

    assert response.content.decode().count("von 1 Bedarfen gedeckt") == count
