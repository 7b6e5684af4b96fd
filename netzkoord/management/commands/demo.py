"""Starts the platform with invented people: database, web server and worker in one go."""

import contextlib
import fcntl
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from evaluation.models import Workshop
from evaluation.queries.room import grouped
from evaluation.traces import forget_traces
from netzkoord import addresses, demo
from netzkoord.bootstrap import add_address_arguments
from netzkoord.lib import links
from netzkoord.lib.processes import Child, Supervisor
from netzkoord.models import Installation, User

START_SECONDS = 60


class Command(BaseCommand):
    help = "Die Demo starten: alles einrichten, mit erfundenen Personen füllen, Webserver und Worker starten"
    # The database is migrated first; what the checks ask of it would fail before.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_address_arguments(parser)
        parser.add_argument("--reset", action="store_true", help="die Demo leeren und neu füllen")
        parser.add_argument(
            "--attack",
            action="store_true",
            help="nichts starten, sondern an den Daten der Demo Angriffe auf die Anonymität versuchen",
        )

    def handle(self, *, host: str, port: int, reset: bool, attack: bool, **options: Any) -> None:
        if not attack:
            addresses.require_free_port(host, port)
        refuse_real_people()
        with opened_lock() as lock:
            if reset:
                self.reset(lock)
            fcntl.flock(lock, fcntl.LOCK_SH)
            self.fill()
            if attack:
                call_command("attack_anonymity", stdout=self.stdout)
            else:
                self.run(host, port)

    def reset(self, lock: IO[str]) -> None:
        refuse_what_no_demo_filled()
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit("Die Demo läuft noch. Bitte erst beenden (Strg+C), dann mit --reset neu starten.")
        empty_database()
        self.stdout.write("Die Demo ist geleert.")

    def fill(self) -> None:
        # WhiteNoise warns about a missing folder; the demo serves the files from where they are.
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        call_command("sync_roles", verbosity=0)
        if not User.objects.exists():
            self.stdout.write("Die Demo wird mit erfundenen Personen gefüllt …")
            self.stdout.flush()
            demo.fill()
            forget_traces()

    def run(self, host: str, port: int) -> None:
        connection.close()
        web = Child("Der Webserver", [sys.executable, "-m", "netzkoord.web", host, str(port)])
        worker = Child("Der Worker", [sys.executable, str(settings.BASE_DIR / "manage.py"), "worker"])
        with Supervisor([web, worker], say=self.say) as supervisor:
            if not wait_until_up(settings.BASE_URL, supervisor):
                sys.exit("Der Webserver antwortet nicht; die Ursache steht weiter oben.")
            if not supervisor.stopping.is_set():
                self.say(greeting())
            kept_alive = supervisor.watch()
        if not kept_alive:
            sys.exit(1)
        self.say("Die Demo ist beendet.")

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def refuse_real_people() -> None:
    """End with a sentence when the database holds people who are not invented; before it is changed in any way."""
    tables = connection.introspection.table_names()
    if User._meta.db_table not in tables:
        return
    try:
        demo.refuse_real_people()
    except demo.NotADemo as refusal:
        sys.exit(str(refusal))


def refuse_what_no_demo_filled() -> None:
    """End with a sentence unless the database is empty or was filled by the demo: emptying deletes all of it."""
    tables = connection.introspection.table_names()
    is_ours = Installation._meta.db_table in tables and Installation.objects.current().is_demo
    if tables and not is_ours:
        sys.exit(
            "Diese Datenbank hat nicht die Demo gefüllt; sie wird nicht geleert. Bitte prüfen Sie DATABASE_URL."
        )


@contextlib.contextmanager
def opened_lock() -> Iterator[IO[str]]:
    """Held by every running demo of this folder, so that none is emptied under its feet."""
    folder = settings.VAR_DIR / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        yield lock


def empty_database() -> None:
    if connection.vendor != "sqlite":
        call_command("migrate", verbosity=0, interactive=False)
        call_command("flush", verbosity=0, interactive=False)
        return
    connection.close()
    name = str(connection.settings_dict["NAME"])
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(name + suffix).unlink(missing_ok=True)


def wait_until_up(url: str, supervisor: Supervisor) -> bool:
    """Wait for the first answer, whatever it is; True too when the end was asked for meanwhile."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if supervisor.stopping.wait(0.1) or answers(url):
            return True
        if not all(supervisor.keep_alive(child) for child in supervisor.children):
            return False
    return False


def answers(url: str) -> bool:
    try:
        # The local address even where a proxy is set in the environment.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        opener.open(f"{url}/konto/anmelden/", timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def wall_hint() -> str:
    """Where phones hang up cards, as long as a question is open: on the day on which the demo was filled."""
    workshop = Workshop.objects.filter(asked__isnull=False).first()
    if workshop is None or workshop.is_over:
        return ""
    address = links.absolute("evaluation:wall_phone", workshop.code)
    return f"  Kartenwand mit offener Frage (ohne Konto, Code {grouped(workshop.code)}):\n    {address}\n\n"


def greeting() -> str:
    accounts = "\n".join(f"    {email}" for email, *_ in demo.ACCOUNTS)
    return (
        f"\nDie Demo läuft: {settings.BASE_URL}\n\n"
        f"  Konten (Passwort überall {demo.PASSWORD}):\n{accounts}\n\n"
        f"{wall_hint()}"
        "  Alle Personen sind erfunden; E-Mails bleiben im Postausgang. Beenden mit Strg+C.\n"
    )
