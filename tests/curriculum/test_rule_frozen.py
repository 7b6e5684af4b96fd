"""The rule for certificates stands from the announcement on: the database itself refuses."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from curriculum.models import Cohort
from tests import factories

pytestmark = [pytest.mark.database, pytest.mark.django_db]

SENTENCE = "The rule of an announced cohort is never changed"
UNTIL = datetime.date(2027, 6, 30)
CHANGES = [
    {"attendance_threshold_percent": 70},
    {"attendance_threshold_percent": 90},
    {"grants_certificate": False},
    {"certificate_threshold_percent": 79},
    {"needs_project": False},
    {"needs_colloquium": False},
    {"make_up_until": UNTIL - datetime.timedelta(days=1)},
    {"make_up_until": None},
    {"announced_at": None},
    {"announced_at": None, "needs_project": False},
]


def names(change):
    return "-".join(change)


@pytest.fixture
def announced():
    return factories.CohortFactory(make_up_until=UNTIL)


def refused(change):
    """Whether the database refuses, and does so for our reason and no other."""
    with pytest.raises(IntegrityError, match=SENTENCE), transaction.atomic():
        change()


@pytest.mark.parametrize("change", CHANGES, ids=names)
def test_rule_of_an_announced_cohort_is_not_changed_by_any_way(announced, change):
    rows = Cohort.objects.filter(pk=announced.pk)
    before = rows.values().get()
    changed = rows.get()
    for name, value in change.items():
        setattr(changed, name, value)

    refused(changed.save)
    refused(lambda: changed.save(update_fields=list(change)))
    refused(lambda: rows.update(**change))
    refused(lambda: Cohort.objects.bulk_update([changed], list(change)))

    assert rows.values().get() == before


def test_not_by_hand_either(announced):
    def by_hand():
        with connection.cursor() as cursor:
            cursor.execute("UPDATE curriculum_cohort SET certificate_threshold_percent = 10")

    refused(by_hand)


@pytest.mark.parametrize("change", CHANGES, ids=names)
def test_before_it_is_announced_everything_may_be_changed(change):
    cohort = factories.CohortFactory(announced_at=None, make_up_until=UNTIL)

    Cohort.objects.filter(pk=cohort.pk).update(**change)

    assert Cohort.objects.filter(pk=cohort.pk, **change).exists()


def test_a_rule_may_be_changed_together_with_announcing():
    cohort = factories.CohortFactory(announced_at=None)

    Cohort.objects.filter(pk=cohort.pk).update(
        announced_at=datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC), needs_project=False
    )

    assert not Cohort.objects.get(pk=cohort.pk).needs_project


@pytest.mark.parametrize("before", [None, UNTIL])
def test_time_limit_may_be_set_later(before):
    """In favour of those who take part, also where there was none."""
    cohort = factories.CohortFactory(make_up_until=before)
    later = UNTIL + datetime.timedelta(days=30)

    Cohort.objects.filter(pk=cohort.pk).update(make_up_until=later)

    assert Cohort.objects.get(pk=cohort.pk).make_up_until == later


def test_everything_else_of_an_announced_cohort_may_change(announced):
    announced.title, announced.places, announced.offer_days = "Anders", 30, 3
    announced.save()

    assert Cohort.objects.get(pk=announced.pk).title == "Anders"


def test_trigger_is_there_after_the_last_migration():
    """A migration that alters the table of SQLite drops it."""
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'curriculum_cohort'",
        "postgresql": (
            "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
            "WHERE NOT tgisinternal AND relname = 'curriculum_cohort'"
        ),
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        found = [row[0] for row in cursor.fetchall()]

    assert found == ["frozen_cohort_update"]
