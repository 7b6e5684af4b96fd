"""Runs every check of the project: style, types, directions of import, tests, on one database or both."""

import contextlib
import os
import re
import signal
import subprocess
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

DESCRIPTION = """Alle Prüfungen: Format, Stil, Typen, Importrichtungen, Tests.

  manage.py test                          auf SQLite, ohne Browser, ohne veraPDF und ohne was Sekunden dauert
  manage.py test --all                    alles, auf SQLite
  manage.py test --postgres               erst die Datenbanktests auf PostgreSQL, dann alles auf SQLite
  manage.py test -- tests/test_worker.py  nur das; was nach -- steht, geht unverändert an pytest
  manage.py test --postgres -- -k Tandem  nur das, auf PostgreSQL

PostgreSQL kommt aus einem Python-Paket, läuft in einem vorübergehenden Ordner und wird danach gelöscht.
Fehlt ein Browser, werden seine Tests mit Begründung übersprungen; ist CI gesetzt, ist das ein Fehler."""
# In their order, so that what the tests of a module share is built once; who is done takes over from the other.
EVERYTHING = ["-n", "2", "--dist", "worksteal"]
SHORT = [*EVERYTHING, "-m", "not browser and not verapdf and not slow"]
LEFT_OUT = (
    "Ausgelassen: Browser, veraPDF und was Sekunden dauert (Zugriffsmatrix, gefüllte Demo, eigene Prozesse, "
    "viele zugleich). "
    "Alles: python3 manage.py test --all"
)
# Whatever asks the database, save what a browser and veraPDF see of it: that is the same page and the same paper.
ON_POSTGRES = [*EVERYTHING, "-m", "database and not browser and not verapdf"]
SUMMARY = re.compile(r"^=+ .*\b(?:passed|failed|errors?|skipped|no tests ran)\b.* in ([\d.]+)s")
COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped|xfailed|xpassed|deselected)")


class Command(BaseCommand):
    help = "Alle Prüfungen und Tests ausführen"
    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        # Keeps the lines of the description as they are written.
        formatter = RawDescriptionHelpFormatter
        parser = super().create_parser(prog_name, subcommand, formatter_class=formatter, **kwargs)
        parser.description = DESCRIPTION
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", dest="everything", help="nichts auslassen")
        parser.add_argument("--postgres", action="store_true", help="die Datenbanktests auf PostgreSQL ausführen")
        parser.add_argument("pytest_arguments", nargs="*", metavar="-- …", help="Argumente für pytest")

    def handle(self, *, everything: bool, postgres: bool, pytest_arguments: list[str], **options: Any) -> None:
        is_short = not (everything or postgres or pytest_arguments)
        results = []
        if postgres:
            self.stdout.write("PostgreSQL wird gestartet …")
            with postgres_environment() as environment:
                results.append(run_pytest(pytest_arguments or ON_POSTGRES, environment))
        if not (postgres and pytest_arguments):
            results.append(run_pytest(pytest_arguments or (SHORT if is_short else EVERYTHING), dict(os.environ)))
        if len(results) > 1:
            self.stdout.write(closing_line([output for _, output in results]))
        if is_short:
            self.stdout.write(LEFT_OUT)
        sys.exit(next((code for code, _ in results if code), 0))


@contextlib.contextmanager
def postgres_environment() -> Iterator[dict[str, str]]:
    # Only the tests' own packages know it, and only this option needs it.
    from tests.postgres import running_server  # noqa: PLC0415

    # An end by signal unwinds like any other, so that the server does not stay behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with running_server() as url:
        yield {**os.environ, "DATABASE_URL": url}


def run_pytest(arguments: list[str], environment: dict[str, str]) -> tuple[int, str]:
    """Run pytest and show what it writes as it comes; its exit code and its closing line."""
    color = ["--color=yes"] if sys.stdout.isatty() else []
    # To compile the tests takes longer than to import them: also where Python is told to leave nothing behind.
    environment = {name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}
    closing = ""
    with subprocess.Popen(  # noqa: S603 -- our own interpreter
        [sys.executable, "-m", "pytest", *color, *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        for line in process.stdout or ():
            sys.stdout.write(line)
            sys.stdout.flush()
            plain = re.sub(r"\x1b\[[\d;]*m", "", line)
            closing = plain if SUMMARY.match(plain) else closing
    return process.returncode, closing


def closing_line(lines: list[str]) -> str:
    """One line for several runs, in the words of pytest."""
    counts: Counter[str] = Counter()
    for line in lines:
        for number, word in COUNT.findall(line):
            counts[word.replace("errors", "error")] += int(number)
    counts.pop("deselected", None)
    seconds = sum(float(match[1]) for line in lines if (match := SUMMARY.match(line)))
    order = ["failed", "error", "passed", "skipped", "xfailed", "xpassed"]
    text = ", ".join(f"{counts[word]} {word}" for word in order if counts[word]) or "no tests ran"
    return f" {text} in {seconds:.2f}s (PostgreSQL + SQLite) ".center(80, "=")
