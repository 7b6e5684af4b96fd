"""100 phones and three screens at one card wall, on the server of docs/operation.md. Run by name:

pytest tests/benchmarks/bench_wall.py -s
"""

import contextlib
import itertools
import json
import os
import pprint
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.benchmarks import wall_room
from tests.postgres import running_server

LONGEST = 2  # seconds until a card is on every screen
SCREENS = 3  # each of which is told once what hangs
PREPARE = (
    "import django, json; django.setup(); from tests.benchmarks import wall_room; "
    "print(json.dumps(wall_room.prepare()))"
)


@contextlib.contextmanager
def database(kind, folder):
    if kind == "SQLite":
        yield f"sqlite:///{folder / 'netzkoord.sqlite3'}"
    else:
        with running_server() as address:
            yield address


@contextlib.contextmanager
def server(environment):
    """Two processes with four threads each, as in production; the one that started them, and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--interface", "wsgi", "--workers", "2", "--blocking-threads", "4", "--port", str(port)]
    command = [sys.executable, "-m", "granian", *options, "--no-access-log", "netzkoord.wsgi:application"]
    process = subprocess.Popen(command, env=environment, start_new_session=True)  # as a service has it
    try:
        wait_for(port)
        yield process, f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_for(port):
    for _ in range(240):
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.5)
    raise TimeoutError(port)


def processor_seconds(server):
    """What the processes that answer have used so far; read from Linux."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    used = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13] for pid in children]
    return sum(int(ticks) for ticks in itertools.chain(*used)) / os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize("kind", ["SQLite", "PostgreSQL"])
def test_full_room(tmp_path, kind):
    with database(kind, tmp_path) as url:
        environment = os.environ | {
            "DATABASE_URL": url,
            "VAR_DIR": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "netzkoord.settings",
            "BASE_URL": "http://127.0.0.1",
            "ALLOWED_HOSTS": "127.0.0.1,testserver",
        }
        for command in (["migrate"], ["createcachetable"], ["sync_roles"], ["collectstatic", "--no-input"]):
            manage = [sys.executable, "manage.py", *command]
            subprocess.run(manage, check=True, env=environment, capture_output=True)
        prepared = subprocess.run(
            [sys.executable, "-c", PREPARE], check=True, env=environment, capture_output=True, text=True
        )
        with server(environment) as (process, address):
            wall = json.loads(prepared.stdout.splitlines()[-1])
            wall_room.warm(address, wall)
            before = processor_seconds(process)
            result = wall_room.report(wall_room.fill(address, wall))
            filled = processor_seconds(process)
            quiet = wall_room.what_was_asked(wall_room.rest(address, wall))
            rested = processor_seconds(process)

    print(f"\n{kind}: {filled - before:.1f} s of the processors, load of the machine {os.getloadavg()[0]:.0f}")
    pprint.pp(result, width=110)
    print(f"and where nothing happens: {rested - filled:.1f} s")
    pprint.pp(quiet, width=110)
    assert quiet["errors"] == 0
    assert quiet["statuses"]["screen looks 200"] == SCREENS
    assert result["errors"] == 0
    assert result["cards"] == wall_room.PHONES * wall_room.CARDS_EACH
    assert result["on every screen after s, median and longest"][1] < LONGEST
