"""Reads the official list of municipalities into the database, as organisers do in the browser."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from participants.actions.municipality_import import Plan, import_municipalities, plan_import
from participants.imports.municipalities import read
from participants.imports.municipality_rows import MAX_BYTES, NotAList, Reading

SHOWN = 20


class Command(BaseCommand):
    help = "Kommunen aus der amtlichen Datei GV100AD oder einer CSV-Tabelle einlesen (mehrfach möglich)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="DATEI", help="GV100AD_….txt oder eine CSV mit ags und name")
        parser.add_argument("--dry-run", action="store_true", help="nur sagen, was sich ändern würde")
        parser.add_argument(
            "--complete",
            action="store_true",
            help="die Datei ist vollständig: alles, was in ihr fehlt, als aufgelöst kennzeichnen",
        )

    def handle(self, *, file: Path, dry_run: bool, complete: bool, **options: Any) -> None:
        reading = read_file(file)
        if dry_run:
            plan = plan_import(reading, is_complete=complete)
        else:
            plan = import_municipalities(reading=reading, is_complete=complete, fingerprint=None, by=None)
        self.report(plan, verbosity=options["verbosity"])
        if dry_run:
            self.stdout.write("Nur geprüft: Es ist nichts gespeichert.")

    def report(self, plan: Plan, *, verbosity: int) -> None:
        if not verbosity:
            return
        self.stdout.write(
            f"Gebietsstand {plan.as_of:%d.%m.%Y}: {len(plan.new)} neu, {len(plan.renamed)} umbenannt, "
            f"{len(plan.added_to)} ergänzt, {len(plan.revived)} wieder da, {len(plan.dissolved)} aufgelöst, "
            f"{plan.unchanged_count} unverändert."
        )
        for change in plan.renamed[:SHOWN]:
            self.stdout.write(f"  {change.before.ags} {change.before.name} → {change.after.name}")
        for known in plan.dissolved[:SHOWN]:
            self.stdout.write(f"  {known.ags} {known.name}: aufgelöst")
        if plan.asks:
            self.stdout.write(
                f"{len(plan.missing)} bekannte Kommunen stehen nicht in der Datei; sie bleiben. Ist die Datei "
                "vollständig, kennzeichnet --complete sie als aufgelöst."
            )


def read_file(file: Path) -> Reading:
    """Raises `CommandError` with everything that is wrong."""
    try:
        with file.open("rb") as opened:
            reading = read(opened.read(MAX_BYTES + 1))
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from error
    except NotAList as refusal:
        raise CommandError(str(refusal)) from refusal
    if reading.problems:
        lines = [
            f"Zeile {problem.line}: {problem.text}" if problem.line else problem.text
            for problem in reading.problems[:SHOWN]
        ]
        more = len(reading.problems) - len(lines)
        rest = [f"… und {more} weitere"] if more else []
        raise CommandError("\n".join(["Es ist nichts gespeichert.", *lines, *rest]))
    return reading
