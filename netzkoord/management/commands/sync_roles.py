"""Writes the roles of `netzkoord.roles` into the database."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand
from django.db import transaction

from netzkoord import roles


class Command(BaseCommand):
    help = "Rollen und ihre Rechte in die Datenbank schreiben (nach jeder Aktualisierung; mehrfach möglich)"

    def handle(self, *args: Any, **options: Any) -> None:
        permissions = {f"{p.content_type.app_label}.{p.codename}": p for p in all_permissions()}
        with transaction.atomic():
            for role, labels in roles.PERMISSIONS.items():
                group, _ = Group.objects.get_or_create(name=role)
                group.permissions.set([permissions[label] for label in labels])
        if options["verbosity"]:
            self.stdout.write(f"Rollen: {', '.join(roles.PERMISSIONS)}")


def all_permissions() -> list[Permission]:
    return list(Permission.objects.select_related("content_type"))
