"""Does the work that nobody waits for: the queue, the outbox, closing surveys, housekeeping."""

import importlib
import signal
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from curriculum.actions.materials import remove_orphans
from evaluation.actions.counting import count_due_surveys
from evaluation.actions.inviting import invite_missing, remind_missing
from evaluation.actions.timetable import keep_timetables
from netzkoord.lib import links
from netzkoord.lib.jobs import Job, Loop, beat, return_abandoned_tasks
from netzkoord.lib.limits import forget_expired_counters
from netzkoord.lib.outbox import Postman
from netzkoord.lib.processes import end_with_parent
from participants.actions.housekeeping import discard_expired
from participants.actions.invitations import invite_latecomers
from participants.actions.mail_rules import send_due_mails
from participants.actions.matching import propose_partners
from participants.actions.partners import remind_partners
from participants.actions.transfer import remind_of_agreements
from participants.actions.waiting import keep_waiting_lists
from participants.tasks import make_forgotten_papers

KEEP_FINISHED_TASKS = timedelta(days=30)


def periodic_jobs() -> list[Job]:
    """Everything that recurs, but for the mail."""
    return [
        Job("liegengebliebenes", return_abandoned_tasks, every_seconds=15),
        Job("erhebungen", count_due_surveys, every_seconds=10),
        Job("erhebungsplan", keep_timetables, every_seconds=60),
        Job("einladungen", invite_missing, every_seconds=30),
        Job("erinnerungen", remind_missing, every_seconds=600),
        Job("warteliste", keep_waiting_lists, every_seconds=60),
        Job("regeln", send_due_mails, every_seconds=60),
        Job("nachzuegler", invite_latecomers, every_seconds=60),
        Job("tandempartner", remind_partners, every_seconds=600),
        Job("vorschlaege", propose_partners, every_seconds=60),
        Job("bescheinigungen", make_forgotten_papers, every_seconds=60),
        Job("vereinbarungen", remind_of_agreements, every_seconds=60),
        Job("aufraeumen", tidy_up, every_seconds=3600),
    ]


def with_postman(loop: Loop) -> Loop:
    """The mail, too: its sender signs with the name of its worker. The mail of the demo stays in its outbox."""
    if not settings.DEMO:
        postman = Postman(loop.worker_id, loop.stopping)
        loop.jobs.append(Job("postausgang", postman.round, every_seconds=5))
    return loop


def tidy_up() -> None:
    """Forget expired sessions, counters and registrations, files without a row, and tasks that are long done."""
    discard_expired()
    remove_orphans()
    forget_expired_counters()
    links.forget_expired()
    importlib.import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - KEEP_FINISHED_TASKS).delete()


class Command(BaseCommand):
    help = (
        "Die Arbeit im Hintergrund: Warteschlange, E-Mails, abgelaufene Erhebungen; endet mit Strg+C oder SIGTERM"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="alles Fällige einmal tun und enden")

    def handle(self, *, once: bool, **options: Any) -> None:
        loop = with_postman(Loop(periodic_jobs()))
        if once:
            beat(loop.worker_id)
            loop.round()
            return
        # The first signal lets the task in hand finish; the second one ends at once.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda number, _: self.finish(loop, number))
        end_with_parent()
        loop.run()

    def finish(self, loop: Loop, number: int) -> None:
        signal.signal(number, signal.SIG_DFL)
        loop.stopping.set()
