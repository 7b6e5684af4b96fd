"""Browser tests: Chromium as it is found, a phone's viewport where a participant acts."""

import os

import pytest
import time_machine
from playwright.sync_api import expect

from netzkoord import roles
from tests import factories
from tests.browser.chromium import MISSING, chromium_path
from tests.browser.site import PASSWORD

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in the test's thread

expect.set_options(timeout=20_000)  # on a busy machine; what comes at once costs nothing


def pytest_collection_modifyitems(items):
    for item in items:
        if "/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(autouse=True)
def pages_are_closed(request):
    """A page that was left open would go on asking the server, in the middle of the next test.

    Closed before the tables are emptied, since what is set up first ends last.
    """
    if "live_server" in request.fixturenames:
        request.getfixturevalue("transactional_db")
    yield
    if "browser" in request.fixturenames:
        for context in request.getfixturevalue("browser").contexts:
            context.close()


@pytest.fixture(autouse=True)
def clock_of_the_browser():
    """Cookies and the day on the page are the browser's, whose clock nobody sets."""
    with time_machine.travel(time_machine.escape_hatch.time.time()):
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    path = chromium_path()
    if path is None:
        pytest.skip(MISSING)
    return browser_type_launch_args | {"executable_path": path, "args": ["--no-sandbox", "--disable-gpu"]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return browser_context_args | {"locale": "de-DE", "timezone_id": "Europe/Berlin"}


@pytest.fixture
def organiser(transactional_db):
    """Somebody who can sign in with a password."""
    user = factories.staff(roles.ORGANISATION, email="organisation@stadt.example")
    user.set_password(PASSWORD)
    user.save()
    return user
