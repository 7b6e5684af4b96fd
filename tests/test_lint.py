"""The tools that read the whole repository; part of the suite, so that one line at its end says everything."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.lint

SCRIPTS = Path(sys.executable).parent


def run(*command: str) -> str:
    """What the tool complains about; empty when it is content."""
    result = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    return "" if result.returncode == 0 else result.stdout + result.stderr


# The longest comes first, so that the other core is not idle at the end.
def test_types_hold():
    assert run(sys.executable, "-m", "mypy") == ""


def test_imports_keep_their_direction():
    assert run(str(SCRIPTS / "lint-imports"), "--no-cache") == ""


def test_code_is_formatted():
    assert run(sys.executable, "-m", "ruff", "format", "--check", ".") == ""


def test_code_keeps_the_rules():
    assert run(sys.executable, "-m", "ruff", "check", ".") == ""


def test_templates_are_formatted():
    templates = sorted(str(path) for path in (settings.BASE_DIR / "templates").rglob("*.html"))

    assert run(str(SCRIPTS / "djade"), "--check", "--target-version", "5.2", *templates) == ""
