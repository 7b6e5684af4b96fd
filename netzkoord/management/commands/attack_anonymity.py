"""Attacks the promise that nobody can join a person and an anonymous answer, on the live database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from evaluation.attacks import attempt_all
from evaluation.attacks.attempts import Attempt, number_of, reading_only
from netzkoord.templatetags.german import german_datetime

LIMITS = (
    "Von hier aus nicht zu prüfen: Sicherungen und Archive der Datenbank aus der Zeit, in der eine Erhebung offen "
    "war, zusammen mit dem Geheimnis BALLOT_SECRET; Protokolle eines vorgeschalteten Servers; was Menschen selbst "
    "in freie Texte schreiben. Was dort zu tun ist, steht in docs/anonymity.md."
)


class Command(BaseCommand):
    help = "Sucht in der Datenbank Wege von einer anonymen Antwort zu einer Person; liest nur, ändert nichts"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Angriffe auf die Anonymität der Antworten, {german_datetime(timezone.now())}\n\n")
        with reading_only():
            attempts = attempt_all()
        for attempt in attempts:
            self.report(attempt)
        self.stdout.write(f"\n{LIMITS}\n\n")
        if number := sum(len(attempt.findings) for attempt in attempts):
            raise CommandError(f"{number_of(number, 'Befund', 'Befunde')}. Bitte klären, bevor Sie weiter fragen.")
        self.stdout.write("Kein Weg von einer Antwort zu einer Person gefunden.")

    def report(self, attempt: Attempt) -> None:
        verdict = "GEFUNDEN" if attempt.findings else "nichts gefunden"
        self.stdout.write(f"{attempt.title}: {verdict}\n    angesehen: {attempt.looked_at}")
        for finding in attempt.findings:
            self.stdout.write(f"    ! {finding}")
