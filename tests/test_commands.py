import contextlib
import os
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import urllib.request

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import connection

from netzkoord import demo, roles
from netzkoord.management.commands import demo as demo_command
from netzkoord.management.commands import test as test_command
from netzkoord.models import Installation
from tests.factories import UserFactory

# --- sync_roles -------------------------------------------------------------------------------------------------


def permissions_of(role):
    rows = Permission.objects.filter(group__name=role).values_list("content_type__app_label", "codename")
    return sorted(f"{app}.{codename}" for app, codename in rows)


@pytest.mark.django_db
def test_sync_roles_gives_each_role_exactly_what_is_listed():
    call_command("sync_roles", verbosity=0)

    assert {role: permissions_of(role) for role in roles.PERMISSIONS} == {
        role: sorted(labels) for role, labels in roles.PERMISSIONS.items()
    }


@pytest.mark.django_db
def test_sync_roles_takes_back_what_is_no_longer_listed_and_keeps_the_members():
    call_command("sync_roles", verbosity=0)
    group = Group.objects.get(name=roles.READER)
    group.permissions.add(Permission.objects.get(codename="change_user"))
    person = UserFactory()
    person.groups.add(group)

    call_command("sync_roles", verbosity=0)

    assert permissions_of(roles.READER) == sorted(roles.PERMISSIONS[roles.READER])
    assert list(person.groups.all()) == [group]


# --- demo: what it refuses ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_demo_refuses_a_database_with_real_people():
    UserFactory()

    with pytest.raises(
        SystemExit, match=r"^Diese Datenbank enthält Daten echter Personen; sie wird nicht verändert\.$"
    ):
        demo_command.refuse_real_people()


@pytest.mark.django_db
def test_demo_accepts_an_empty_database_and_its_own():
    assert demo_command.refuse_real_people() is None

    Installation.objects.create(is_demo=True)
    UserFactory()

    assert demo_command.refuse_real_people() is None


@pytest.mark.django_db
def test_demo_accepts_a_database_without_tables(monkeypatch):
    monkeypatch.setattr(connection.introspection, "table_names", list)

    assert demo_command.refuse_real_people() is None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment_of_a_demo(folder):
    """Nothing of what this test run was told about its own settings."""
    inherited = (
        "DATABASE_URL",
        "DJANGO_SETTINGS_MODULE",
        "SECRET_KEY",
        "BALLOT_SECRET",
        "BASE_URL",
        "ALLOWED_HOSTS",
    )
    return {key: value for key, value in os.environ.items() if key not in inherited} | {"VAR_DIR": str(folder)}


@pytest.mark.slow
@pytest.mark.sqlite
def test_demo_reset_deletes_no_file_of_another_program(tmp_path):
    """A process of its own: the command looks at the database it is started with."""
    file = tmp_path / "buchhaltung.sqlite3"
    with contextlib.closing(sqlite3.connect(file)) as books:
        books.execute("CREATE TABLE rechnungen (nummer INTEGER)")
        books.commit()

    done = subprocess.run(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "demo", "--reset", "--port", str(free_port())],
        env={**environment_of_a_demo(tmp_path), "DATABASE_URL": f"sqlite:///{file}"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr == (
        "Diese Datenbank hat nicht die Demo gefüllt; sie wird nicht geleert. Bitte prüfen Sie DATABASE_URL.\n"
    )
    with contextlib.closing(sqlite3.connect(file)) as books:
        assert books.execute("SELECT name FROM sqlite_master").fetchall() == [("rechnungen",)]


@pytest.mark.django_db
def test_demo_reset_empties_its_own_database_only():
    with pytest.raises(SystemExit, match="nicht die Demo gefüllt"):
        demo_command.refuse_what_no_demo_filled()

    Installation.objects.create(is_demo=True)

    assert demo_command.refuse_what_no_demo_filled() is None


# --- demo: the whole ----------------------------------------------------------------------------------------------


class Demo:
    """A running demo of its own: its folder, its port, its processes."""

    def __init__(self, folder, *arguments):
        self.port = free_port()
        self.process = subprocess.Popen(
            [sys.executable, str(settings.BASE_DIR / "manage.py"), "demo", "--port", str(self.port), *arguments],
            env=environment_of_a_demo(folder),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.output = ""

    def __enter__(self):
        while "Beenden mit Strg+C" not in self.output:
            line = self.process.stdout.readline()
            assert line, f"the demo ended: {self.output}"
            self.output += line
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def page(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=60) as answer:
            return answer.read().decode()

    def end(self):
        self.process.send_signal(signal.SIGINT)
        self.output += self.process.stdout.read()
        return self.process.wait(60)


@pytest.mark.slow
@pytest.mark.sqlite
def test_demo_starts_fills_answers_and_ends(tmp_path):
    """Takes several seconds: everything in it is real."""
    with Demo(tmp_path) as first:
        page = first.page("/")
        first_code = first.end()
    with Demo(tmp_path) as second:
        second_code = second.end()

    assert (first_code, second_code) == (0, 0)
    assert "Demo" in page
    assert re.search(r"Die Demo läuft: http://127\.0\.0\.1:\d+\n", first.output)
    assert all(account[0] in first.output for account in demo.ACCOUNTS)
    assert "wird mit erfundenen Personen gefüllt" in first.output
    assert "wird mit erfundenen Personen gefüllt" not in second.output
    assert second.output.endswith("Die Demo ist beendet.\n")
    assert stat.filemode((tmp_path / "demo" / "secrets.json").stat().st_mode) == "-rw-------"


# --- test ---------------------------------------------------------------------------------------------------------


def test_closing_line_adds_up_both_runs():
    lines = [
        "=========== 1 failed, 300 passed, 20 deselected, 2 warnings in 40.50s ===========\n",
        "====== 320 passed, 2 skipped, 1 error in 70.25s (0:01:10) ======\n",
    ]

    assert test_command.closing_line(lines).strip("= ") == (
        "1 failed, 1 error, 620 passed, 2 skipped in 110.75s (PostgreSQL + SQLite)"
    )


@pytest.mark.parametrize(
    "line",
    [
        "==================== 48 passed in 36.23s ====================",
        "= 1 failed, 96 passed in 9.49s =",
        "============ no tests ran in 0.01s ============",
        "============= 3 passed, 1 warning in 75.00s (0:01:15) =============",
    ],
)
def test_closing_line_of_pytest_is_recognised(line):
    assert test_command.SUMMARY.match(line)


@pytest.mark.slow
def test_arguments_reach_pytest_untouched_and_its_exit_code_comes_back():
    """Takes some seconds: a pytest inside of pytest. 5 is its code for "nothing was selected"."""
    arguments = ["-q", "-p", "no:xdist", "tests/test_commands.py", "-k", "nonsense and not sense"]

    result = subprocess.run(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "test", "--", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")},
    )

    assert result.returncode == 5
    assert re.search(r"^\d+ deselected in ", result.stdout, re.MULTILINE)
