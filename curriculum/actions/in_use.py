"""Deleting a row, or saying who needs it."""

from typing import Any

from django.db.models import SET_NULL, Model, ProtectedError, QuerySet

from netzkoord.lib.sentences import rows_in_words


class InUse(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """Something refers to what was to be deleted; `users` says what, in words."""

    def __init__(self, *users: str) -> None:
        super().__init__(", ".join(users))
        self.users = users


def losing(row: Model) -> tuple[str, ...]:
    """In words, the rows of whichever app that refer to this one, and stay without it when it is deleted."""
    relations = [each for each in row._meta.related_objects if each.on_delete is SET_NULL]
    return rows_in_words(
        one for each in relations for one in each.field.model._base_manager.filter(**{each.field.name: row})
    )


def delete_unused(rows: Model | QuerySet[Any]) -> None:
    """Delete a row, or several, with all that is part of them. Raises `InUse`."""
    try:
        rows.delete()
    except ProtectedError as error:
        raise InUse(*rows_in_words(error.protected_objects)) from error
