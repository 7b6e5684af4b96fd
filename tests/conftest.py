"""Fixtures that every test module may use."""

import contextlib
import datetime
import gc
import os

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis

from netzkoord import roles
from netzkoord.lib import pdf, press
from tests import factories, prepared

# The day of all tests, so that a date of next year stays one; in a browser it is the browser's own.
TODAY = datetime.datetime(2026, 11, 2, 9, 0, tzinfo=datetime.UTC)

# That a busy machine is slow says nothing about a rule.
hypothesis.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.load_profile("patient")


def pytest_configure(config):
    if not hasattr(config, "workerinput") and not config.option.collectonly:
        prepared.start_building(config.add_cleanup)
    time_machine.travel(TODAY).start()
    pdf.SECONDS, press.REQUEST_SECONDS = 600, 700  # nor do limits of time say anything on a busy machine


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """What is read now stays to the end: to look through it for garbage takes a quarter of the time, each time.

    What tests leave behind is looked through seldom: with Python's own threshold that is a fifteenth of their time.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(50_000, 20, 20)
        gc.enable()


@pytest.fixture(scope="session")
def prepared_database(django_db_blocker):
    """Open while it is copied only: later a test that asks without saying so is refused, as it would leave rows."""
    with contextlib.ExitStack() as until_the_end:
        with django_db_blocker.unblock():
            until_the_end.enter_context(prepared.provided())
        yield


@pytest.fixture(scope="session")
def django_db_setup(prepared_database, django_db_setup, django_db_blocker):
    """The roles are there from the start, as after an installation; to build them for each test is slow."""
    with django_db_blocker.unblock():
        call_command("sync_roles", verbosity=0)


@pytest.fixture(scope="module")
def module_db(request, django_db_setup, django_db_blocker):
    """A transaction around the tests of a module, for rows they share; each rolls back only what it did itself.

    A test that commits would flush the tables inside of it: such tests belong in another module.
    """
    committing = [item.name for item in request.session.items if item.path == request.path and commits(item)]
    assert committing == []
    atomic = transaction.atomic()
    atomic._from_testcase = True  # as Django's own TestCase does: a durable block may stand inside
    with django_db_blocker.unblock(), atomic:
        yield
        transaction.set_rollback(True)


COMMITTING = {"transactional_db", "live_server"}


def asks_the_database(item):
    return item.get_closest_marker("django_db") or {"db", "module_db", *COMMITTING} & set(item.fixturenames)


def commits(item):
    marker = item.get_closest_marker("django_db")
    return bool(COMMITTING & set(item.fixturenames) or (marker and marker.kwargs.get("transaction")))


@pytest.fixture(autouse=True)
def fresh_counters():
    """All tests happen in one minute, and the limits per minute would count them together."""
    if settings.CACHES["default"]["BACKEND"].endswith("LocMemCache"):
        cache.clear()


@pytest.fixture(autouse=True)
def thaw_before_flush(request):
    """On SQLite a transactional test ends with deleting all rows, which what is frozen would refuse."""
    marker = request.node.get_closest_marker("django_db")
    is_transactional = {"transactional_db", "live_server"} & set(request.fixturenames)
    if not is_transactional and not (marker and marker.kwargs.get("transaction")):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    if connection.vendor == "sqlite":
        thaw("frozen_edition_update", "UPDATE curriculum_edition SET status = 'DRAFT', archived_on = NULL")
        # Of each questionnaire there may be one draft: each row becomes one of its own.
        drafts = "UPDATE evaluation_questionnaire SET released_at = NULL, key = lower(hex(randomblob(16)))"
        thaw("frozen_questionnaire_update", drafts)
        for table in ("certificatepictureuse", "certificatepaper", "certificate", "certificatecounter"):
            thaw(f"frozen_{table}_delete", f"DELETE FROM participants_{table}")  # noqa: S608 -- names of ours


def thaw(trigger, statement):
    """Run a statement that the trigger would refuse."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [trigger])
        definition = cursor.fetchone()[0]
        cursor.execute(f"DROP TRIGGER {trigger}")
        cursor.execute(statement)
        cursor.execute(definition)


@pytest.fixture
def pdf_template(settings, tmp_path):
    """Writes a template that fills the block `content` of pdf/base.html."""

    def write(content: str, name: str = "document.html") -> str:
        (tmp_path / name).write_text(
            "{% extends 'pdf/base.html' %}{% block content %}" + content + "{% endblock content %}"
        )
        return name

    options = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**options, "DIRS": [*options["DIRS"], tmp_path]}]
    return write


@pytest.fixture
def organiser(db):
    return factories.staff(roles.ORGANISATION, email="organisation@stadt.example")


@pytest.fixture
def trainer(db):
    return factories.staff(roles.TRAINER, email="training@stadt.example")


@pytest.fixture
def reader(db):
    return factories.staff(roles.READER, email="leitung@stadt.example")


@pytest.fixture
def stranger(db):
    """Signed in, with no role and no registration."""
    return factories.UserFactory(email="fremd@stadt.example")


def pytest_collection_modifyitems(config, items):
    """What only one of the databases can show is left out on the other; `manage.py test --postgres` runs both.

    What asks the database is marked, so that the rest need not run on both: pytest-django refuses every query of a
    test that does not say so. `one_database` takes out of it what would say the same (docs/architecture.md, Tests).
    """
    for item in items:
        if asks_the_database(item) and not item.get_closest_marker("one_database"):
            item.add_marker("database")
    other = {"sqlite": "postgres", "postgresql": "sqlite"}[connection.vendor]
    left_out = [item for item in items if item.get_closest_marker(other)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker(other)]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Under CI nothing may be skipped for want of a tool: there the tools are."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI"):
        report.outcome = "failed"
        report.longrepr = f"skipped, but CI is set: {call.excinfo.value}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    """As above, for a module that skips itself while it is read."""
    report = yield
    if report.skipped and os.environ.get("CI"):
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid} was skipped as a whole, but CI is set"
    return report
