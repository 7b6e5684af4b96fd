import ast
import errno
import json
import os
import runpy
import socket
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from django.conf import settings

from netzkoord import addresses, bootstrap, libraries

MANAGE = settings.BASE_DIR / "manage.py"
NOBODY = 65534


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project folder with two locks that hold nothing."""
    (tmp_path / "requirements.txt").write_text("# production\n")
    (tmp_path / "requirements-dev.txt").write_text("# production and tests\n")
    monkeypatch.setattr(bootstrap, "BASE", tmp_path)
    return tmp_path


@pytest.fixture
def environment(monkeypatch):
    """The process's environment, put back afterwards."""
    before = dict(os.environ)
    for name in ("VAR_DIR", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    yield os.environ
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def taken_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


@pytest.fixture
def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fake_environment(project, *, stamp):
    """A virtual environment whose Python is the one that runs the tests."""
    venv = project / ".venv"
    (venv / "bin").mkdir(parents=True)
    python = venv / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    (venv / bootstrap.STAMP).write_text(stamp)
    return venv


def stamp_of(project, lock):
    return json.dumps(bootstrap.stamp_for(project / lock))


# --- The first line of defence: the interpreter -------------------------------------------------------------------


def test_manage_can_be_read_by_an_old_python():
    assert ast.parse(MANAGE.read_text(), feature_version=(3, 4))


def test_manage_refuses_an_old_python_with_one_sentence(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))

    with pytest.raises(SystemExit, match=r"^netzkoord braucht Python 3\.11 oder neuer, hier ist Python 3\.10\. "):
        runpy.run_path(str(MANAGE), run_name="__main__")


def test_taken_port_is_named_before_anything_is_set_up(taken_port):
    """Takes two seconds: a demo that was just killed gets as long to let go of its port."""
    result = subprocess.run(
        [getattr(sys, "_base_executable", sys.executable), str(MANAGE), "demo", "--port", str(taken_port)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(f"Port {taken_port} ist schon belegt. Bitte einen anderen wählen")


def test_missing_setting_is_one_sentence():
    environment = {key: value for key, value in os.environ.items() if key != "SECRET_KEY"}
    environment["DJANGO_SETTINGS_MODULE"] = "netzkoord.settings"

    result = subprocess.run(
        [sys.executable, str(MANAGE), "migrate"], capture_output=True, text=True, check=False, env=environment
    )

    assert result.returncode == 1
    assert result.stderr.splitlines() == [
        "Die Einstellungen sind unvollständig (siehe docs/operation.md): Set the SECRET_KEY environment variable"
    ]


# --- Packages ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("installed", "command", "is_current"),
    [
        ("requirements.txt", "demo", True),
        ("requirements.txt", "test", False),
        ("requirements-dev.txt", "test", True),
        ("requirements-dev.txt", "demo", True),
    ],
)
def test_environment_is_current_for_the_lock_of_the_command(project, installed, command, is_current):
    venv = fake_environment(project, stamp=stamp_of(project, installed))

    assert bootstrap.is_current(venv, command) == is_current


def test_changed_lock_is_installed_again(project):
    venv = fake_environment(project, stamp=stamp_of(project, "requirements.txt"))

    (project / "requirements.txt").write_text("# production, changed\n")

    assert not bootstrap.is_current(venv, "demo")


@pytest.mark.parametrize("stamp", ["", "{", "[]", "null"])
def test_half_made_environment_is_not_current(project, stamp):
    assert not bootstrap.is_current(fake_environment(project, stamp=stamp), "demo")


def test_environment_without_its_python_is_not_current(project):
    venv = fake_environment(project, stamp=stamp_of(project, "requirements.txt"))

    (venv / "bin" / "python").unlink()

    assert not bootstrap.is_current(venv, "demo")


def test_half_made_environment_is_made_anew(project, tmp_path_factory, monkeypatch, capsys):
    """With a stand-in for uv, which tells what it was asked for; the environment itself is a real one."""
    tools = tmp_path_factory.mktemp("tools")
    (tools / "uv").write_text(f'#!/bin/sh\necho "$@" > {tools}/asked\n')
    (tools / "uv").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    venv = fake_environment(project, stamp="")
    (venv / "left-over").touch()

    bootstrap.install(venv, "migrate")

    assert not (venv / "left-over").exists()
    assert bootstrap.read_stamp(venv) == bootstrap.stamp_for(project / "requirements.txt")
    assert bootstrap.runs(venv, "import sys; assert sys.prefix != sys.base_prefix")
    assert capsys.readouterr().out.startswith("Die virtuelle Umgebung .venv ist unvollständig")
    assert (tools / "asked").read_text().split() == [
        *("pip", "install", "--quiet", "--python", f"{venv}/bin/python"),
        *("--require-hashes", "-r", f"{project}/requirements.txt"),
    ]


def test_environment_stays_half_made_when_packages_cannot_be_installed(project, tmp_path_factory, monkeypatch):
    tools = tmp_path_factory.mktemp("tools")
    (tools / "uv").write_text("#!/bin/sh\necho 'error: dns error' >&2\nexit 2\n")
    (tools / "uv").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")

    with pytest.raises(SystemExit, match="keine Verbindung"):
        bootstrap.install(project / ".venv", "migrate")

    assert bootstrap.read_stamp(project / ".venv") == {}
    assert (project / ".venv" / bootstrap.STAMP).exists()


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        (
            "WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError'\n"
            "ERROR: No matching distribution found for django==5.2",
            "Die Pakete konnten nicht geladen werden: keine Verbindung zum Paketverzeichnis. ",
        ),
        (
            "error: Failed to fetch: `https://example.org/simple/django/`\n  Caused by: dns error",
            "Die Pakete konnten nicht geladen werden: keine Verbindung zum Paketverzeichnis. ",
        ),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
            "Ein Paket stimmt nicht mit der gesperrten Fassung überein",
        ),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "Die Pakete konnten nicht installiert werden: Der Datenträger ist voll.",
        ),
        (
            "ERROR: Could not build wheels for x\n[notice] A new release of pip is available\n",
            "Die Pakete konnten nicht installiert werden: ERROR: Could not build wheels for x",
        ),
        ("", "Die Pakete konnten nicht installiert werden: ohne Angabe eines Grundes"),
    ],
)
def test_packages_that_cannot_be_had_are_one_sentence(output, sentence):
    assert bootstrap.sentence_for_packages(output).startswith(sentence)
    assert "\n" not in bootstrap.sentence_for_packages(output)


# --- Folders ----------------------------------------------------------------------------------------------------


def test_read_only_folder_is_refused():
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o555)
    # For root everything is writable; the check asks for the real user, who is somebody else for a moment.
    as_root = os.getuid() == 0
    if as_root:
        os.setreuid(NOBODY, 0)
    try:
        with pytest.raises(PermissionError) as caught:
            bootstrap.require_writable(folder)
    finally:
        if as_root:
            os.setreuid(0, 0)
        folder.rmdir()

    sentence = f"Hier darf nicht geschrieben werden: {folder}. Bitte netzkoord in einen eigenen Ordner kopieren."
    assert bootstrap.sentence_for(caught.value) == sentence


def test_writable_folder_is_accepted(tmp_path):
    assert bootstrap.require_writable(tmp_path) is None


@pytest.mark.parametrize(
    ("number", "beginning"),
    [
        (errno.EROFS, "Hier darf nicht geschrieben werden: /somewhere."),
        (errno.ENOSPC, "Der Datenträger ist voll: /somewhere."),
        (errno.EIO, "Die Einrichtung ist gescheitert: "),
    ],
)
def test_trouble_with_a_folder_is_one_sentence(number, beginning):
    assert bootstrap.sentence_for(OSError(number, os.strerror(number), "/somewhere")).startswith(beginning)


# --- The operating system's part --------------------------------------------------------------------------------


def test_what_is_needed_for_documents_is_here():
    assert [part for part in libraries.FOR_DOCUMENTS if not part.is_there()] == []


@pytest.mark.parametrize("part", [{"library": "nonsense"}, {"font": "Nonsense.ttf"}, {"module": "nonsense"}])
def test_missing_part_is_noticed(part):
    assert not libraries.Part("d", "f", "b", **part).is_there()


def test_missing_part_is_named_for_each_system_where_it_cannot_be_installed(monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    missing = libraries.Part("libnonsense0", "nonsense-fedora", "nonsense-brew", library="nonsense")

    with pytest.raises(SystemExit) as caught:
        libraries.require([*libraries.FOR_DOCUMENTS, missing])

    assert str(caught.value).splitlines() == [
        "Es fehlt das Systempaket libnonsense0. Bitte installieren und den Befehl wiederholen:",
        "  Debian, Ubuntu:  sudo apt-get install libnonsense0",
        "  Fedora:          sudo dnf install nonsense-fedora",
        "  macOS:           brew install nonsense-brew",
    ]


# --- Address ----------------------------------------------------------------------------------------------------


def test_free_port_is_accepted(free_port):
    assert addresses.listen_error("127.0.0.1", free_port) is None


def test_taken_port_is_refused(taken_port):
    with pytest.raises(SystemExit, match=rf"^Port {taken_port} ist schon belegt\."):
        addresses.require_free_port("127.0.0.1", taken_port, patience=0)


def test_foreign_address_is_refused():
    with pytest.raises(SystemExit, match=r"^Auf der Adresse 192\.0\.2\.1 kann dieser Rechner nicht antworten\."):
        addresses.require_free_port("192.0.2.1", 8000, patience=0)


@pytest.mark.parametrize("text", ["0", "65536", "-1", "achttausend", "80.5", "", "8000\n"])
def test_nonsense_is_no_port(text):
    with pytest.raises(Exception, match="ist kein Port"):
        addresses.port_number(text)


@pytest.mark.parametrize(
    ("host", "url", "hosts"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000", "127.0.0.1,localhost,[::1]"),
        ("localhost", "http://localhost:8000", "localhost,127.0.0.1,[::1]"),
        ("::1", "http://[::1]:8000", "::1,127.0.0.1,localhost,[::1]"),
    ],
)
def test_address_for_links(host, url, hosts):
    assert (addresses.base_url(host, 8000), addresses.allowed_hosts(host)) == (url, hosts)


def test_address_for_links_is_never_the_wildcard():
    assert "0.0.0.0" not in addresses.base_url("0.0.0.0", 8000)
    assert addresses.allowed_hosts("0.0.0.0") == "*"


# --- Settings of the demo ---------------------------------------------------------------------------------------


def test_demo_makes_its_secrets_once_and_for_itself(tmp_path):
    made = bootstrap.demo_secrets(tmp_path)

    assert made == bootstrap.demo_secrets(tmp_path)
    assert sorted(made) == ["BALLOT_SECRET", "SECRET_KEY"]
    assert min(map(len, made.values())) >= 50
    assert [stat.filemode(path.stat().st_mode) for path in tmp_path.iterdir()] == ["-rw-------"]


def test_demo_keeps_everything_in_its_folder(project, environment):
    bootstrap.set_demo_environment("127.0.0.1", 8123)

    assert environment["DATABASE_URL"] == f"sqlite:///{project}/var/demo/netzkoord.sqlite3"
    assert environment["BASE_URL"] == "http://127.0.0.1:8123"
    assert environment["DEMO"] == "true"
    assert [
        path.name for path in project.iterdir() if path.name not in ("requirements.txt", "requirements-dev.txt")
    ] == ["var"]


def test_demo_uses_the_database_it_is_given(project, environment):
    environment["DATABASE_URL"] = "postgres://somewhere/demo"

    bootstrap.set_demo_environment("127.0.0.1", 8123)

    assert environment["DATABASE_URL"] == "postgres://somewhere/demo"
