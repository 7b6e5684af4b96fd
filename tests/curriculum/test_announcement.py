"""What anyone reads about a cohort."""

import datetime

import pytest
from django.utils import timezone

from curriculum.models import Audience
from curriculum.queries import open_announcements
from tests import factories

TODAY = datetime.date(2027, 1, 15)


def url(cohort):
    return f"/angebote/{cohort.pk}/"


@pytest.mark.parametrize("count", [1, 3])
def test_announcement_query_count(client, db, django_assert_num_queries, count):
    cohort = factories.CohortFactory()
    for _ in range(count):
        factories.SessionFactory(cohort=cohort)

    with django_assert_num_queries(16):
        page = client.get(url(cohort)).content.decode()

    assert page.count("Tagungshaus") == 2 * count


def test_announcement_says_what_for_whom_when_and_where(client, db):
    cohort = factories.CohortFactory(title="Durchgang 2027", places=24, contact_email="kursbuero@stadt.example")
    module = factories.ModuleFactory(edition=cohort.edition, audiences=[Audience.MANAGER], title="Netzwerke führen")
    factories.UnitFactory.create_batch(4, module=module, minutes=90)
    venue = factories.VenueFactory(name="Bürgerhaus", city="Dresden")
    factories.SessionFactory(cohort=cohort, module=module, venue=venue, days=[datetime.date(2027, 2, 1)])

    page = client.get(url(cohort)).content.decode()

    for text in (
        cohort.edition.title,
        "Durchgang 2027",
        "Netzwerke führen",
        "8\u00a0UE",
        "Mo, 1.\u00a0Februar 2027",
        "Bürgerhaus, Dresden",
        "24 Personen, also 12 Tandems",
        "Vollständige Tandems kommen zuerst, danach",
        "mailto:kursbuero@stadt.example",
    ):
        assert text in page


def test_announcement_names_no_trainer(client, trainer):
    session = factories.SessionFactory(trainers=[trainer])

    page = client.get(url(session.cohort)).content.decode()

    assert trainer.family_name not in page


def test_announcement_offers_registration_until_the_closing_date(client, db, time_machine):
    cohort = factories.CohortFactory(registration_closes_on=TODAY)
    link = f'href="/angebote/{cohort.pk}/anmelden/"'

    time_machine.move_to(datetime.datetime(2027, 1, 15, 22, 59, tzinfo=datetime.UTC), tick=False)
    assert link in client.get(url(cohort)).content.decode()

    time_machine.move_to(datetime.datetime(2027, 1, 15, 23, 0, tzinfo=datetime.UTC), tick=False)
    page = client.get(url(cohort)).content.decode()

    assert link not in page
    assert "Die Anmeldung ist geschlossen." in page


def test_announcement_follows_a_changed_session_at_once(client, db):
    day = factories.SessionFactory(days=[datetime.date(2027, 2, 1)]).days.get()
    cohort = day.session.cohort
    assert "Mo, 1.\u00a0Februar 2027" in client.get(url(cohort)).content.decode()

    day.date = datetime.date(2027, 2, 4)
    day.save()

    page = client.get(url(cohort)).content.decode()
    assert "Do, 4.\u00a0Februar 2027" in page
    assert "Mo, 1.\u00a0Februar 2027" not in page


def test_announcement_of_a_module_without_a_session_says_that_a_date_follows(client, db):
    cohort = factories.CohortFactory()
    factories.ModuleFactory(edition=cohort.edition)

    assert "Termin folgt" in client.get(url(cohort)).content.decode()


@pytest.mark.parametrize("cancelled_at", [None, timezone.now()])
def test_announcement_does_not_exist_before_the_cohort_is_announced(client, organiser, cancelled_at):
    cohort = factories.CohortFactory(announced_at=None, cancelled_at=cancelled_at)
    client.force_login(organiser)

    assert client.get(url(cohort)).status_code == 404


@pytest.mark.parametrize(
    ("cities", "sentence"),
    [
        (["Hannover"], "Durchgang 2027 findet in Hannover statt."),
        (["Hannover", "Dresden"], "Durchgang 2027 findet in Hannover und Dresden statt."),
        ([None], "Durchgang 2027 findet online statt."),
        ([None, "Hannover"], "Durchgang 2027 findet in Hannover und online statt."),
        ([], "Durchgang 2027."),
    ],
)
def test_announcement_says_in_a_sentence_where_it_is(client, db, cities, sentence):
    cohort = factories.CohortFactory(title="Durchgang 2027")
    for city in cities:
        place = {"venue__city": city} if city else {"venue": None, "online_url": "https://treffen.example/1"}
        factories.SessionFactory(cohort=cohort, **place)

    page = client.get(url(cohort)).content.decode()

    assert f"aus einer Kommune. {sentence}</p>" in page


@pytest.fixture
def cancelled(db):
    session = factories.SessionFactory(
        cohort__title="Durchgang 2027",
        cohort__cancelled_at=timezone.now(),
        cohort__cancellation_reason="Die Trainerin ist krank.",
    )
    return session.cohort


def test_announcement_of_a_cancelled_cohort_says_so_without_the_reason(client, cancelled):
    page = client.get(url(cancelled)).content.decode()

    assert "Dieser Durchgang ist abgesagt." in page
    assert "Durchgang 2027" in page
    assert "krank" not in page
    assert f"{url(cancelled)}anmelden/" not in page
    assert "Zurzeit ist kein anderer Durchgang ausgeschrieben." in page


def test_announcement_of_a_cancelled_cohort_leads_to_the_other_offers(client, cancelled):
    other = factories.CohortFactory(title="Durchgang 2028")

    page = client.get(url(cancelled)).content.decode()

    assert f'<a href="/angebote/{other.pk}/">Durchgang 2028</a>' in page
    assert "Durchgang 2027" not in client.get("/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_announcement_of_a_cancelled_cohort_query_count(client, cancelled, django_assert_num_queries, count):
    factories.CohortFactory.create_batch(count)

    with django_assert_num_queries(2):
        page = client.get(url(cancelled)).content.decode()

    assert page.count('<li><a href="/angebote/') == count


def test_announcement_refuses_post(client, db):
    assert client.post(url(factories.CohortFactory())).status_code == 405


def test_announcement_prints_markup_literally(client, db):
    cohort = factories.CohortFactory(title='"><script>alert(1)</script>')

    page = client.get(url(cohort)).content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_open_announcements_are_those_that_are_not_over(db, django_assert_num_queries):
    today = timezone.localdate()
    yesterday, tomorrow = today - datetime.timedelta(days=1), today + datetime.timedelta(days=1)
    late = factories.CohortFactory(registration_closes_on=tomorrow)
    running = factories.SessionFactory(cohort__registration_closes_on=yesterday, days=[yesterday, today]).cohort
    factories.CohortFactory(registration_closes_on=yesterday)
    factories.SessionFactory(cohort__registration_closes_on=yesterday, days=[yesterday])
    factories.CohortFactory(announced_at=None)
    factories.CohortFactory(cancelled_at=timezone.now())

    with django_assert_num_queries(1):
        cohorts = list(open_announcements())

    assert cohorts == [running, late]
    assert (cohorts[0].first_on, cohorts[0].last_on) == (yesterday, today)
