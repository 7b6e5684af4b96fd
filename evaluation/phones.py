"""What stands for a phone on a wall: it counts cards and points, and never the same in two places.

The value in its cookie is random. It is hashed together with the place, so that what is stored of a phone under one
question joins neither what is stored of it under another nor its points, except for whoever holds the phone.
"""

import hashlib

from evaluation.models import GuidingQuestion, Poll, Round


def mark_in_round(phone: str, question: GuidingQuestion, in_round: Round) -> str:
    return hashed(phone, "round", question.pk, in_round.pk)


def mark_of_words(text: str, phone: str, question: GuidingQuestion, in_round: Round) -> str:
    """What the phone itself remembers of a card, to hang up the same words once; stored nowhere else."""
    return hashed(f"{mark_in_round(phone, question, in_round)}:{text.casefold()}", "words")[:12]


def mark_in_poll(phone: str, poll: Poll) -> str:
    return hashed(phone, "poll", poll.pk)


def hashed(phone: str, place: str, *keys: int) -> str:
    return hashlib.sha256(":".join([phone, place, *map(str, keys)]).encode()).hexdigest()
