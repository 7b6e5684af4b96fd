"""Is it well? For probes and people; says nothing about anybody and no version of anything."""

import shutil
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from netzkoord.models import Heartbeat

WORKER_MAY_BE_SILENT_SECONDS = 120
DISK_MUST_BE_FREE_SHARE = 0.05


@require_safe
@never_cache
@login_not_required
def health(request: HttpRequest) -> JsonResponse:
    report = database_report() | {"disk_free_share": disk_free_share()}
    silence = report["worker_silent_seconds"]
    is_well = (
        report["database"]
        and report["unapplied_migrations"] == 0
        and silence is not None
        and silence <= WORKER_MAY_BE_SILENT_SECONDS
        and report["disk_free_share"] >= DISK_MUST_BE_FREE_SHARE
    )
    return JsonResponse({"ok": is_well} | report, status=200 if is_well else 503)


def database_report() -> dict[str, Any]:
    try:
        return {
            "database": True,
            "unapplied_migrations": unapplied_migrations(),
            "worker_silent_seconds": worker_silent_seconds(),
        }
    except DatabaseError:
        return {"database": False, "unapplied_migrations": None, "worker_silent_seconds": None}


def unapplied_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def worker_silent_seconds() -> int | None:
    """Since the worker's last sign of life; None when there has never been one."""
    heartbeat = Heartbeat.objects.filter(process="worker").first()
    return None if heartbeat is None else max(0, int((timezone.now() - heartbeat.beat_at).total_seconds()))


def disk_free_share() -> float:
    place = settings.VAR_DIR if settings.VAR_DIR.exists() else settings.BASE_DIR
    usage = shutil.disk_usage(place)
    return round(usage.free / usage.total, 3)
