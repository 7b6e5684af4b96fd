"""Photos of a paper wall: taken into the record of a workshop, and out of it."""

import hashlib

from django.db import transaction

from evaluation.actions.walls import ROUND_GONE, lock
from evaluation.models import Round, WallPhoto, Workshop
from netzkoord.lib.ordering import next_position
from netzkoord.lib.photos import Photo
from netzkoord.lib.sorting import Sorting

MOST_PHOTOS = 20
TOO_MANY = f"Ein Workshop hat höchstens {MOST_PHOTOS} Fotos. Entfernen Sie zuerst eines."


class NotAdded(Exception):  # noqa: N818 -- says what happened, like Django's DoesNotExist
    """The message is one German sentence."""


@transaction.atomic
def add_photo(*, workshop: Workshop, photo: Photo, alt: str, in_round: Round | None) -> tuple[WallPhoto, bool]:
    """Behind the others, and whether it is new: the same photo sent twice hangs once. Raises `NotAdded`."""
    lock(workshop.pk)
    if in_round is not None and not Round.objects.filter(pk=in_round.pk).exists():
        raise NotAdded(ROUND_GONE)
    siblings = workshop.photos.all()
    digest = hashlib.sha256(photo.jpeg).hexdigest()
    if twin := siblings.defer("jpeg").filter(digest=digest).first():
        return twin, False
    if siblings.count() >= MOST_PHOTOS:
        raise NotAdded(TOO_MANY)
    added = WallPhoto.objects.create(
        workshop=workshop,
        round=in_round,
        position=next_position(siblings),
        alt=alt,
        jpeg=photo.jpeg,
        width=photo.width,
        height=photo.height,
        digest=digest,
    )
    return added, True


@transaction.atomic
def sort_photos(*, workshop: Workshop, sorting: Sorting) -> None:
    """In the order in which page and record show them. Raises `NotTheSameRows`."""
    lock(workshop.pk)
    sorting.apply(workshop.photos.defer("jpeg"))
