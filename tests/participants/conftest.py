"""Fixtures of this app's tests."""

import sqlite3
import threading

import pytest
from django.core.cache import cache
from django.db import connection


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def shared_database(transactional_db, tmp_path):
    """A database that threads can lock against each other: on SQLite a file, as in production."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    in_memory, name = connection.connection, connection.settings_dict["NAME"]
    path = tmp_path / "race.sqlite3"
    copy = sqlite3.connect(path)
    in_memory.backup(copy)
    copy.close()
    connection.connection, connection.settings_dict["NAME"] = None, str(path)
    yield
    connection.close()
    connection.connection, connection.settings_dict["NAME"] = in_memory, name


@pytest.fixture
def at_once(shared_database):
    """Calls functions at the same instant, each on a connection of its own; their results in their order."""

    def call_all(*calls):
        results = [None] * len(calls)
        start = threading.Barrier(len(calls))

        def run(number, call):
            try:
                start.wait(60)
                results[number] = call()
            finally:
                connection.close()

        threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        return results

    return call_all
