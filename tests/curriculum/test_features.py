"""The three features of delivery: how far a cohort fulfils them, and what is missing."""

import datetime

import pytest
from django.utils import timezone

from curriculum.models import PracticeReport
from curriculum.queries.features import delivery_features
from netzkoord import overview
from participants.models import Selection
from tests import factories

YESTERDAY = datetime.timedelta(days=-1)
NEXT_MONTH = datetime.timedelta(days=30)


@pytest.fixture
def cohort(db):
    return factories.CohortFactory()


def add_module(cohort, code="K1", **fields):
    return factories.ModuleFactory(edition=cohort.edition, code=code, **fields)


def add_session(cohort, module, when=NEXT_MONTH, **fields):
    return factories.SessionFactory(cohort=cohort, module=module, days=[timezone.localdate() + when], **fields)


def add_report(session, *, text="", released=False):
    return PracticeReport.objects.create(
        session=session,
        practitioner="Petra Praxis",
        email=f"praxis{session.practice_reports.count()}@stadt.example",
        municipality="Musterstadt",
        title="Ein Jahr Koordination",
        text=text,
        released_at=timezone.now() if released else None,
    )


def feature_of(cohort, label):
    return next(feature for feature in overview.strip_of(cohort).features if feature.label == label)


def missing(cohort, label="Erlebnisberichte"):
    return [due.text for due in feature_of(cohort, label).missing]


@pytest.mark.parametrize("count", [1, 3])
def test_delivery_features_query_count(db, django_assert_num_queries, count):
    cohorts = factories.CohortFactory.create_batch(count)
    for cohort in cohorts:
        for number in range(count):
            add_report(add_session(cohort, add_module(cohort, f"K{number}", requires_practice_report=True)))

    with django_assert_num_queries(4):
        features = delivery_features(cohorts)

    assert [features[cohort.pk].reports_planned for cohort in cohorts] == [count] * count


def test_delivery_features_count_each_module_once(cohort):
    both, _ = add_module(cohort, "K1"), add_module(cohort, "K2")
    factories.UnitFactory.create_batch(2, module=both, has_practice_report=True, is_about_attitude=True)

    mine = delivery_features([cohort])[cohort.pk]

    assert (mine.modules, mine.practice_reports, mine.attitude) == (2, 1, 1)


def test_features_that_no_module_requires_are_said_to_be_so(cohort):
    add_module(cohort)

    assert [feature.text for feature in overview.strip_of(cohort).features] == [
        "noch offen",
        "nicht verlangt",
        "nicht verlangt",
    ]


def test_module_without_a_session_has_no_report(cohort):
    module = add_module(cohort, requires_practice_report=True)

    feature = feature_of(cohort, "Erlebnisberichte")

    assert (feature.kind, feature.text) == ("due", "0 von 1 Modulen")
    assert [due.text for due in feature.missing] == ["K1: Ohne Termin ist auch kein Erlebnisbericht geplant."]
    assert feature.missing[0].url == f"/durchgaenge/{cohort.pk}/termine/neu/?modul={module.pk}"


def test_session_without_a_report_leads_to_where_one_is_planned(cohort):
    session = add_session(cohort, add_module(cohort, requires_practice_report=True))

    due = feature_of(cohort, "Erlebnisberichte").missing[0]

    assert due.text == "K1: Es ist noch kein Erlebnisbericht geplant."
    assert due.url == f"/durchgaenge/{cohort.pk}/erlebnisberichte/neu/?termin={session.pk}"


def test_planned_report_is_enough_before_the_session(cohort):
    add_report(add_session(cohort, add_module(cohort, requires_practice_report=True)))

    feature = feature_of(cohort, "Erlebnisberichte")

    assert (feature.kind, feature.text) == ("done", "1 von 1 Modulen, 0 freigegeben")
    assert feature.missing == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "K1: Der Erlebnisbericht von Petra Praxis ist noch nicht geschrieben."),
        ("Geheim", "K1: Der Erlebnisbericht von Petra Praxis liegt vor, ist aber noch nicht freigegeben."),
    ],
)
def test_report_is_to_be_released_once_the_session_is_over(cohort, text, sentence):
    report = add_report(
        add_session(cohort, add_module(cohort, requires_practice_report=True), YESTERDAY), text=text
    )

    feature = feature_of(cohort, "Erlebnisberichte")

    assert [(due.text, due.url) for due in feature.missing] == [(sentence, report.get_absolute_url())]


def test_released_report_fulfils_the_feature(cohort):
    session = add_session(cohort, add_module(cohort, requires_practice_report=True), YESTERDAY)
    add_report(session)
    add_report(session, text="Was war.", released=True)

    feature = feature_of(cohort, "Erlebnisberichte")

    assert (feature.kind, feature.text) == ("done", "1 von 1 Modulen")


def test_report_of_a_cancelled_session_does_not_count(cohort):
    module = add_module(cohort, requires_practice_report=True)
    add_report(add_session(cohort, module, cancelled_at=timezone.now()), text="Was war.", released=True)

    assert missing(cohort) == ["K1: Ohne Termin ist auch kein Erlebnisbericht geplant."]


def test_report_of_another_cohort_does_not_count(cohort):
    module = add_module(cohort, requires_practice_report=True)
    add_session(cohort, module)
    other = factories.CohortFactory(edition=cohort.edition)
    add_report(add_session(other, module))

    assert missing(cohort) == ["K1: Es ist noch kein Erlebnisbericht geplant."]


def test_attitude_is_missing_where_it_is_required_only(cohort):
    with_unit, without = (add_module(cohort, code, requires_attitude_unit=True) for code in ("K1", "K2"))
    add_module(cohort, "K3")
    factories.UnitFactory(module=with_unit, is_about_attitude=True)

    feature = feature_of(cohort, "Haltung")

    assert (feature.kind, feature.text) == ("due", "1 von 2 Modulen")
    assert [(due.text, due.url) for due in feature.missing] == [
        (
            "K2: Das Modul verlangt einen Baustein zur Haltung, hat aber keinen.",
            f"/programm/{without.edition_id}/luecken/#merkmale",
        )
    ]


def add_course(session, *units, kind="UNIT", title=""):
    """The course of the session; without a unit it has one point of this kind."""
    for position, unit in enumerate(units or [None], start=1):
        session.days.first().agenda.create(position=position, kind=kind, unit=unit, title=title, minutes=60)


@pytest.fixture
def attitude_module(cohort):
    module = add_module(cohort, requires_attitude_unit=True)
    factories.UnitFactory(module=module, is_about_attitude=True)
    factories.UnitFactory(module=module)
    return module


def test_attitude_that_the_course_leaves_out_is_missing(cohort, attitude_module):
    session = add_session(cohort, attitude_module)
    add_course(session, attitude_module.units.get(is_about_attitude=False))

    feature, mine = feature_of(cohort, "Haltung"), delivery_features([cohort])[cohort.pk]

    assert (feature.kind, feature.text) == ("due", "0 von 1 Modulen")
    assert [(due.text, due.url) for due in feature.missing] == [
        (
            "K1: Im Ablauf vom Mi, 2.\xa0Dezember 2026 fehlt der Baustein zur Haltung, den das Modul verlangt.",
            f"/termine/{session.pk}/ablauf/",
        )
    ]
    assert (mine.attitude, mine.attitude_left_out) == (0, ("K1",))


def test_attitude_in_the_course_or_without_a_course_is_there(cohort, attitude_module):
    session = add_session(cohort, attitude_module)

    planned = feature_of(cohort, "Haltung").text
    add_course(session, attitude_module.units.get(is_about_attitude=True))

    assert (planned, feature_of(cohort, "Haltung").text) == ("1 von 1 Modulen", "1 von 1 Modulen")


def test_attitude_is_missing_for_the_audience_whose_course_leaves_it_out(cohort, attitude_module):
    managers = add_session(cohort, attitude_module, audience="MANAGER")
    coordinators = add_session(cohort, attitude_module, audience="COORDINATOR")
    add_course(managers, attitude_module.units.get(is_about_attitude=True))
    add_course(coordinators, attitude_module.units.get(is_about_attitude=False))

    due = feature_of(cohort, "Haltung").missing[0]

    assert due.url == f"/termine/{coordinators.pk}/ablauf/"


def test_attitude_in_one_of_the_sessions_of_an_audience_is_enough(cohort, attitude_module):
    for audience, is_about_attitude in (("MANAGER", False), ("BOTH", True)):
        session = add_session(cohort, attitude_module, audience=audience)
        add_course(session, attitude_module.units.get(is_about_attitude=is_about_attitude))

    assert feature_of(cohort, "Haltung").text == "1 von 1 Modulen"


def test_course_of_a_cancelled_session_does_not_count(cohort, attitude_module):
    add_course(
        add_session(cohort, attitude_module, cancelled_at=timezone.now()),
        attitude_module.units.get(is_about_attitude=False),
    )

    assert feature_of(cohort, "Haltung").text == "1 von 1 Modulen"


def test_report_in_the_course_asks_who_reports(cohort):
    session = add_session(cohort, add_module(cohort))
    add_course(session, kind="REPORT", title="Erlebnisbericht aus Musterstadt")

    feature, places = (
        feature_of(cohort, "Erlebnisberichte"),
        delivery_features([cohort])[cohort.pk].practice_reports,
    )

    assert (feature.kind, feature.text, places) == ("due", "0 von 1 Modulen", 1)
    assert [(due.text, due.url) for due in feature.missing] == [
        (
            "K1: Im Ablauf steht ein Erlebnisbericht, aber noch nicht, wer berichtet.",
            f"/durchgaenge/{cohort.pk}/erlebnisberichte/neu/?termin={session.pk}",
        )
    ]
    add_report(session)
    assert feature_of(cohort, "Erlebnisberichte").text == "1 von 1 Modulen, 0 freigegeben"


def test_place_for_a_report_that_the_course_leaves_out_does_not_count(cohort):
    module = add_module(cohort)
    factories.UnitFactory(module=module, has_practice_report=True)
    add_course(add_session(cohort, module), factories.UnitFactory(module=module))

    mine = delivery_features([cohort])[cohort.pk]

    assert (mine.practice_reports, mine.reports_left_out) == (0, ("K1",))


def test_accepted_tandem_with_one_person_is_missing_the_other(cohort):
    factories.complete_tandem(cohort=cohort, selection=Selection.ACCEPTED)
    factories.RegistrationFactory(tandem__cohort=cohort, accepted=True)

    feature = feature_of(cohort, "Tandems")

    assert (feature.kind, feature.text) == ("due", "1 von 2 vollständig")
    assert [due.text for due in feature.missing] == ["1 angenommener Einzelanmeldung fehlt die zweite Person."]


def test_cohort_page_leads_organisers_to_what_is_missing_and_tells_readers(client, organiser, reader, cohort):
    session = add_session(cohort, add_module(cohort, requires_practice_report=True))
    shown = {}
    for user in (organiser, reader):
        client.force_login(user)
        shown[user] = client.get(cohort.get_absolute_url()).content.decode()

    assert all("K1: Es ist noch kein Erlebnisbericht geplant." in page for page in shown.values())
    address = f'href="/durchgaenge/{cohort.pk}/erlebnisberichte/neu/?termin={session.pk}"'
    assert [address in shown[user] for user in (organiser, reader)] == [True, False]
