"""What docs/operation.md tells an operator fits the product."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.urls import get_resolver

from netzkoord.lib.uploads import MAX_MB

DOCUMENT = (settings.BASE_DIR / "docs" / "operation.md").read_text()
UNLOGGED = re.compile(re.search(r"~(\S+) 0;", DOCUMENT)[1])
# What says nothing about who may do what: names of legal pages, of texts of mails, of what a survey is for, and of
# a kept list that opens for nobody but the one who tried it out.
PLAIN = (
    "mailtexte/",
    "rechtliches/",
    "frageboegen/vorschlag/",
    "durchgaenge/<int:pk>/erhebungen/<str:slug>/",
    "durchgaenge/<int:pk>/anmeldungen/einlesen/fehler/",
)


def routes(patterns=None, prefix=""):
    for pattern in patterns or get_resolver().url_patterns:
        route = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


def keyed_routes():
    """Addresses that hold a key: a text, not a number."""
    return [route for route in routes() if "<str:" in route and not route.startswith(PLAIN)]


def test_addresses_that_are_keys_are_found():
    assert "kalender/<str:key>.ics" in keyed_routes()


@pytest.mark.parametrize("route", keyed_routes())
def test_the_log_of_the_proxy_leaves_out_addresses_that_are_keys(route):
    assert UNLOGGED.match(f"/{route}")


def test_the_proxy_lets_the_largest_file_through():
    assert int(re.search(r"client_max_body_size (\d+)m;", DOCUMENT)[1]) > MAX_MB


@pytest.mark.parametrize(("demo", "folder"), [("true", "demo/files"), ("false", "files")])
def test_files_of_the_demo_are_apart(tmp_path, demo, folder):
    """Otherwise each worker would delete what the other's database knows."""
    code = "import netzkoord.settings as found; print(found.STORAGES['private']['OPTIONS']['location'])"

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DEMO": demo, "VAR_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == str(tmp_path / folder)
