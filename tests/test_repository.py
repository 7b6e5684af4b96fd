"""What holds for the repository as a whole."""

import re
import subprocess

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

APPS = ("netzkoord", "curriculum", "participants", "evaluation")
LONGEST_FILE = 500
# Written in two halves, so that this file does not find itself.
FORBIDDEN = ("/wo" + "rk/", "py" + "pi.org", "python" + "hosted.org", "/ro" + "ot/")
TEXTS = {".py", ".html", ".css", ".js", ".md", ".toml", ".txt", ".sh", ".svg", ".yml", ".json", ".ini", ""}


def own_models():
    return [model for app in APPS for model in apps.get_app_config(app).get_models()]


def tracked_files():
    """The files of the repository; outside of a clone (a package, a container) there is nothing to look at."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    listing = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, check=True).stdout
    paths = [settings.BASE_DIR / name for name in listing.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]


@pytest.mark.django_db
def test_migrations_are_complete(capsys):
    call_command("makemigrations", *APPS, check=True, dry_run=True, verbosity=1)

    assert "No changes" in capsys.readouterr().out


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model._meta.label)
def test_model_is_described(model):
    generated = f"{model.__name__}("

    assert model.__doc__
    assert not model.__doc__.startswith(generated)


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model._meta.label)
def test_model_has_german_names(model):
    options = model._meta.original_attrs

    assert options.get("verbose_name", "")[:1].isupper()
    assert options.get("verbose_name_plural", "")[:1].isupper()


def test_every_dependency_has_its_reason():
    text = (settings.BASE_DIR / "pyproject.toml").read_text()
    blocks = re.findall(r"^(?:dependencies|signatur|dev) = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if line.strip()]

    assert len(blocks) == 3
    assert [line for line in lines if not re.search(r'",?\s+# \w.{5,}', line)] == []


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-signatur.txt", "requirements-dev.txt"])
def test_lock_has_a_hash_for_every_package(lock):
    text = (settings.BASE_DIR / lock).read_text()
    packages = re.findall(r"^[a-z0-9].*?(?=^\S|\Z)", text, re.MULTILINE | re.DOTALL)

    assert len(packages) > 20
    assert [package.splitlines()[0] for package in packages if "--hash=sha256:" not in package] == []


@pytest.mark.parametrize(
    ("small", "large"),
    [
        ("requirements.txt", "requirements-signatur.txt"),
        ("requirements-signatur.txt", "requirements-dev.txt"),
    ],
)
def test_lock_contains_the_smaller_one(small, large):
    def pins(name):
        return set(re.findall(r"^[a-z0-9\-.\[\]]+==\S+", (settings.BASE_DIR / name).read_text(), re.MULTILINE))

    assert pins(small) - pins(large) == set()


def test_no_file_names_a_machine_or_a_registry():
    found = [
        f"{path.relative_to(settings.BASE_DIR)}: {word}"
        for path in tracked_files()
        if path.suffix in TEXTS
        for word in FORBIDDEN
        if word in path.read_text(errors="replace")
    ]

    assert found == []


def test_no_file_is_too_long():
    lengths = {
        str(path.relative_to(settings.BASE_DIR)): len(path.read_text().splitlines())
        for path in tracked_files()
        if path.suffix in {".py", ".html", ".css", ".js"} and settings.BASE_DIR / "tests" not in path.parents
    }

    assert len(lengths) > 20
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}
