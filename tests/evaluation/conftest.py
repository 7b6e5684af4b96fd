"""Fixtures for surveys."""

import pytest
from django.db import connection, connections

from tests.evaluation.databases import Postgres, Sqlite


@pytest.fixture
def database(transactional_db, tmp_path):
    """The database as it is in operation: PostgreSQL, or an SQLite file with its log."""
    if connection.vendor == "postgresql":
        yield Postgres()
        return
    path = tmp_path / "netzkoord.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(path)])
    in_memory, name = connections["default"], connection.settings_dict["NAME"]
    connections.settings["default"]["NAME"] = str(path)
    connections["default"] = connections.create_connection("default")
    yield Sqlite(path)
    connections["default"].close()
    connections.settings["default"]["NAME"] = name
    connections["default"] = in_memory


@pytest.fixture
def staff(client, organiser):
    """A browser of the organisation."""
    client.force_login(organiser)
    return client
