"""Presses: processes that make PDFs, started when first needed and ended when one takes too long.

Some documents would take hours or all memory, and nothing inside can interrupt their layout; a process can be ended
from outside whatever it is doing. What happens inside stands in `netzkoord.lib.typesetting`; nothing here imports
WeasyPrint, so that only a press spends the time and the memory for it. Decision 26.
"""

import atexit
import datetime
import json
import logging
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Pipe
from pathlib import Path

logger = logging.getLogger(__name__)

CODE = Path(__file__).resolve().parent.parent
# A request waits for its turn, for the start of a press and for its document; after a minute a proxy gives it up.
QUEUE_SECONDS = 12.0
REQUEST_SECONDS = 55.0
# At work and waiting, and reports that are still collected (`limit_reports`): of the eight threads of a web process
# (docs/operation.md) two are always left for pages.
MOST_AT_ONCE, REPORTS_AT_ONCE = 4, 2
MEMORY_BYTES = 1536 * 1024 * 1024
# From so much on a document is long, and only one such is made at a time.
LONG_CHARACTERS = 150_000
# No settings and no secrets: where Python and the fonts are is all that a press needs of its surroundings.
PASSED_ON = frozenset(
    {"PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "PYTHONHOME"}
)
PASSED_ON_PREFIXES = ("DYLD_", "FONTCONFIG_", "XDG_")

SHORTEN = "Bitte kürzen Sie die Texte oder teilen Sie das Dokument auf."
TOO_SLOW = "Das Dokument ist zu aufwendig: Es ist nach {} Sekunden noch nicht fertig. " + SHORTEN
TOO_MUCH = f"Das Dokument ist zu aufwendig: Es braucht zu viel Arbeitsspeicher. {SHORTEN}"
LATER = "Bitte versuchen Sie es in einer Minute noch einmal."
BUSY = f"Gerade werden andere Dokumente erstellt. {LATER}"
OVERLOADED = f"Der Server ist gerade zu sehr ausgelastet, um das Dokument zu erstellen. {LATER}"
ENDED = (
    f"Das Programm, das PDF erstellt, ist zweimal abgebrochen; vielleicht fehlt dem Server Arbeitsspeicher. {LATER}"
)
# Codes of a press that wanted more than it may have. By any other it was ended from outside.
OUT_OF_MEMORY = {-signal.SIGABRT, -signal.SIGTRAP, -signal.SIGSEGV}


class DocumentTooLarge(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """The document would not be made in reasonable time or memory; its text is a sentence for the user."""


class PressesBusy(Exception):  # noqa: N818 -- the same
    """Now it cannot be made, for others are, or the machine is too busy. A page of its own says so (503)."""


class ForbiddenResource(Exception):  # noqa: N818 -- the same
    """A template asked for something that is neither a static file of ours nor a picture handed over."""


class PressFailed(Exception):  # noqa: N818 -- the same
    """A mistake of ours; the text is the traceback inside the press."""


@dataclass(frozen=True)
class Label:
    """What a document says of itself."""

    title: str
    author: str
    description: str


@dataclass(frozen=True)
class DataFile:
    """What a document says, once more for machines: a file inside of it.

    Its moment is in UTC, for a press cannot look up any other zone.
    """

    name: str
    content: bytes
    description: str
    made_at: datetime.datetime


@dataclass(frozen=True)
class Order:
    """What a press shall make: of the versions the first that keeps to `most_pages`, or the first of all."""

    versions: Sequence[str]
    label: Label
    styles: Sequence[str]
    pictures: Mapping[str, str | bytes] = field(default_factory=dict)
    data: DataFile | None = None
    most_pages: int | None = None
    is_only_counted: bool = False
    max_pages: int = 300
    seconds: float = 40

    @property
    def is_long(self) -> bool:
        return sum(map(len, self.versions)) > LONG_CHARACTERS


@dataclass(frozen=True)
class Printed:
    """A paper, or nothing but the number of its pages."""

    paper: bytes
    pages: int


class Press:
    """One process and the line to it; used by one thread at a time."""

    def __init__(self, folders: Sequence[tuple[str, str]], *, memory_bytes: int = MEMORY_BYTES) -> None:
        """Static files come from these folders, each with the prefix of its names."""
        self.folders = folders
        self.memory_bytes = memory_bytes
        self.process: subprocess.Popen[bytes] | None = None
        self.line: Connection | None = None
        self.temporary = ""

    def make(self, order: Order, *, until: float | None = None) -> Printed:
        """At the latest `until`, in `time.monotonic`; a press that is ended from outside is replaced once.

        Raises DocumentTooLarge, ForbiddenResource, PressesBusy, PressFailed; the press can be used again in any
        case.
        """
        until = until or time.monotonic() + REQUEST_SECONDS
        printed = self.printed(order, until) or self.printed(order, until)
        if printed is None:
            raise PressesBusy(ENDED)
        return printed

    def printed(self, order: Order, until: float) -> Printed | None:
        """None where the press was ended from outside."""
        try:
            line = self.running_line(until)
            line.send(order)
            return self.read(line, order.seconds, until)
        except (EOFError, OSError) as error:
            code = self.stop()
            logger.error("A press ended by itself while making a document: code %s", code)
            if code in OUT_OF_MEMORY:
                raise DocumentTooLarge(TOO_MUCH) from error
            return None
        except (DocumentTooLarge, ForbiddenResource, PressesBusy, PressFailed):
            raise
        except BaseException:
            self.stop()  # what it would still say belongs to nobody
            raise

    def read(self, line: Connection, seconds: float, until: float) -> Printed:
        left = max(0, until - time.monotonic())
        if not line.poll(min(seconds, left)):
            self.stop()
            logger.warning("A document was given up after %.0f seconds.", min(seconds, left))
            if left < seconds:
                raise PressesBusy(OVERLOADED)
            raise DocumentTooLarge(TOO_SLOW.format(round(seconds)))
        answer = json.loads(line.recv_bytes())
        paper = line.recv_bytes()
        if answer["is_last"]:
            self.stop()
        if answer["refusal"]:
            raise REFUSALS[answer["refusal"]](answer["text"])
        return Printed(paper, answer["pages"])

    def running_line(self, until: float) -> Connection:
        if self.line is None or self.process is None or self.process.poll() is not None:
            self.stop()
            self.line = self.start(until)
        return self.line

    def start(self, until: float) -> Connection:
        ours, theirs = Pipe()
        self.temporary = tempfile.mkdtemp(prefix="netzkoord-press-")
        arguments = [str(theirs.fileno()), str(self.memory_bytes), json.dumps(self.folders)]
        command = [sys.executable, "-c", "from netzkoord.lib.typesetting import main; main()", *arguments]
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 -- ourselves
                command,
                cwd=self.temporary,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        seconds = max(0, until - time.monotonic())
        if not ours.poll(seconds):
            self.stop()
            logger.error("A press did not start within %.0f seconds.", seconds)
            raise PressesBusy(OVERLOADED)
        ours.recv_bytes()
        return ours

    def environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if name in PASSED_ON or name.startswith(PASSED_ON_PREFIXES)
        }
        return kept | {"PYTHONPATH": str(CODE.parent), "TMPDIR": self.temporary}

    def stop(self) -> int | None:
        """End the process at once; how it ended."""
        code = None
        if self.process is not None:
            self.process.kill()
            code = self.process.wait()
        if self.line is not None:
            self.line.close()
        if self.temporary:
            shutil.rmtree(self.temporary, ignore_errors=True)
        self.process, self.line, self.temporary = None, None, ""
        return code


REFUSALS: dict[str, type[Exception]] = {
    "too large": DocumentTooLarge,
    "forbidden": ForbiddenResource,
    "failed": PressFailed,
}


class Presses:
    """A few presses for all threads of this process; who finds none free waits, but not for ever.

    A long document never takes the last one: short ones go past it. Only so many wait that threads are left for
    pages.
    """

    def __init__(self, folders: Sequence[tuple[str, str]], *, count: int) -> None:
        self.all = [Press(folders) for _ in range(count)]
        self.free: queue.LifoQueue[Press] = queue.LifoQueue()
        for press in reversed(self.all):
            self.free.put(press)
        self.places = threading.Semaphore(MOST_AT_ONCE)
        self.long_ones = threading.Semaphore(max(1, count - 1))
        atexit.register(self.stop)

    def make(self, order: Order) -> Printed:
        """Raises what `Press.make` raises."""
        began = time.monotonic()
        with ExitStack() as held:
            held.enter_context(turn(self.places, 0))
            if order.is_long:
                held.enter_context(turn(self.long_ones, QUEUE_SECONDS))
            press = held.enter_context(self.one(began + QUEUE_SECONDS - time.monotonic()))
            return press.make(order, until=began + REQUEST_SECONDS)

    @contextmanager
    def one(self, seconds: float = QUEUE_SECONDS) -> Iterator[Press]:
        """A press, for which to wait so long."""
        try:
            press = self.free.get(timeout=max(0, seconds))
        except queue.Empty:
            raise PressesBusy(BUSY) from None
        try:
            yield press
        finally:
            self.free.put(press)

    def stop(self) -> None:
        for press in self.all:
            press.stop()


@contextmanager
def turn(places: threading.Semaphore, seconds: float) -> Iterator[None]:
    """One of several places, for which to wait so long. Raises PressesBusy."""
    if not places.acquire(timeout=seconds):
        raise PressesBusy(BUSY)
    try:
        yield
    finally:
        places.release()
