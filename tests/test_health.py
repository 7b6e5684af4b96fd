"""The health page: what a probe must know, and nothing else."""

import shutil
from collections import namedtuple
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.urls import reverse
from django.utils import timezone

from netzkoord.models import Heartbeat


@pytest.fixture
def beating(db):
    Heartbeat.objects.create(process="worker")


def test_health_is_public_and_well(client, beating):
    response = client.get(reverse("health"))

    assert response.status_code == 200
    body = response.json()
    assert list(body) == ["ok", "database", "unapplied_migrations", "worker_silent_seconds", "disk_free_share"]
    assert body | {"disk_free_share": 0, "worker_silent_seconds": 0} == {
        "ok": True,
        "database": True,
        "unapplied_migrations": 0,
        "worker_silent_seconds": 0,
        "disk_free_share": 0,
    }
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(("seconds", "status"), [(100, 200), (600, 503)])
def test_health_notices_a_silent_worker(client, beating, seconds, status):
    Heartbeat.objects.update(beat_at=timezone.now() - timedelta(seconds=seconds))

    response = client.get(reverse("health"))

    assert response.status_code == status
    assert response.json()["worker_silent_seconds"] == seconds


def test_health_notices_a_worker_that_never_ran(client, db):
    response = client.get(reverse("health"))

    assert response.status_code == 503
    assert response.json()["worker_silent_seconds"] is None


def test_health_notices_an_unapplied_migration(client, beating):
    MigrationRecorder.Migration.objects.filter(app="sessions").delete()

    response = client.get(reverse("health"))

    assert response.status_code == 503
    assert response.json()["unapplied_migrations"] == 1


def test_health_notices_a_full_disk(client, beating, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(100, 96, 4))

    response = client.get(reverse("health"))

    assert response.status_code == 503
    assert response.json()["disk_free_share"] == 0.04


def test_health_notices_a_database_without_tables(client, beating):
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {Heartbeat._meta.db_table}")

    response = client.get(reverse("health"))

    assert response.status_code == 503
    assert response.json()["database"] is False


@pytest.mark.parametrize("method", ["post", "delete"])
def test_health_refuses_other_methods(client, db, method):
    assert getattr(client, method)(reverse("health")).status_code == 405


def test_check_command_finds_nothing_wrong(db):
    call_command("check", fail_level="WARNING")
