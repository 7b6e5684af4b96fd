"""The test database as the migrations make it: built once, then copied by every process and every later run.

SQLite keeps it as a file in `var/tests`, PostgreSQL as a template. Its name changes with the migrations, and
Django's own `migrate` follows on each copy. `python -m tests.prepared` builds it where it is missing; two at once
wait for each other.
"""

import fcntl
import hashlib
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.db import connection

BUILD = [sys.executable, "-m", "tests.prepared"]


def name() -> str:
    found = hashlib.sha256(f"{django.VERSION} {sqlite3.sqlite_version}".encode())
    for app in apps.get_app_configs():
        for file in sorted(Path(app.path, "migrations").glob("*.py")):
            found.update(file.read_bytes())
    return f"prepared_{found.hexdigest()[:16]}"


def folder() -> Path:
    return settings.VAR_DIR / "tests"


def file() -> Path:
    return folder() / f"{name()}.sqlite3"


def is_there() -> bool:
    if connection.vendor == "sqlite":
        return file().exists()
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name()])
        return cursor.fetchone() is not None


def start_building(at_the_end: Callable[[Callable[[], object]], None]) -> None:
    """Beside whatever else is to be done first, such as to read the tests, which may not ask a database yet."""
    if connection.vendor == "postgresql" or not is_there():
        at_the_end(subprocess.Popen(BUILD, cwd=settings.BASE_DIR).wait)


@contextmanager
def provided() -> Iterator[None]:
    """What Django creates next is a copy."""
    if not is_there():
        subprocess.run(BUILD, cwd=settings.BASE_DIR, check=True)
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["TEMPLATE"] = name()
        yield
        return
    # In memory it lives as long as anybody is connected.
    with closing(sqlite3.connect(connection.creation._get_test_db_name(), uri=True)) as memory:
        with closing(sqlite3.connect(file())) as prepared:
            prepared.backup(memory)
        yield


def build() -> None:
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["NAME"] = f"{name()}_unfinished"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    if connection.vendor == "sqlite":
        store_as_file()
    else:
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{name()}_unfinished" RENAME TO "{name()}"')


def store_as_file() -> None:
    for old in folder().glob("prepared_*"):
        old.unlink()
    unfinished = file().with_suffix(".unfinished")
    with closing(sqlite3.connect(unfinished)) as target:
        connection.connection.backup(target)
    unfinished.rename(file())


def main() -> None:
    folder().mkdir(parents=True, exist_ok=True)
    with (folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_there():
            build()


if __name__ == "__main__":
    django.setup()
    main()
