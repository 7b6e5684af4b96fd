"""The web server of the demo: `python -m netzkoord.web 127.0.0.1 8000`; for production see docs/operation.md."""

import os
import sys
from collections.abc import Callable
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from netzkoord.lib import processes

THREADS = 8


def load_application(_target: str) -> Callable[..., Any]:
    """Runs in the process that answers: it must not outlive the one that started it."""
    processes.end_with_parent(parent=os.getppid())
    from netzkoord.wsgi import application  # noqa: PLC0415 -- Django is set up in the process that answers only

    return application


def serve(host: str, port: int) -> None:
    processes.end_with_parent()
    Granian(
        "netzkoord.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        log_level=LogLevels.error,
        log_access=False,
        workers_kill_timeout=5,
    ).serve(target_loader=load_application)


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
