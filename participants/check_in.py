"""The code with which people in the room enter themselves: stored nowhere, another one every two minutes.

It follows from the row's nonce, the time and the secret of this installation, so that nobody who reads the database
can make one. A code is good for as long as it is shown and two minutes more.
"""

import datetime

from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from participants.halves import HalfDay
from participants.models import CheckIn

STEP_SECONDS = 120
STEPS_ACCEPTED = 2
LENGTH = 8
# No letter that looks like a digit.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
BEFORE = datetime.timedelta(minutes=60)
AFTER = datetime.timedelta(minutes=15)


def code_at(check_in: CheckIn, moment: datetime.datetime) -> str:
    """Eight letters, 40 bits."""
    step = int(moment.timestamp()) // STEP_SECONDS
    message = f"{check_in.pk}.{check_in.nonce}.{step}"
    number = int.from_bytes(salted_hmac("netzkoord.check-in", message, algorithm="sha256").digest()[:5])
    return "".join(ALPHABET[number >> (5 * place) & 31] for place in range(LENGTH))


def is_good(check_in: CheckIn, code: str, moment: datetime.datetime) -> bool:
    """Whether the code is shown now, or was just before."""
    steps = (moment - datetime.timedelta(seconds=STEP_SECONDS * back) for back in range(STEPS_ACCEPTED))
    return any(constant_time_compare(code_at(check_in, step), code) for step in steps)


def find(code: str) -> CheckIn | None:
    """The running check-in that shows this code; one query."""
    typed, now = normalised(code), timezone.now()
    running = CheckIn.objects.running().select_related("day__session__cohort", "day__session__module")
    return next((each for each in running if is_good(each, typed, now)), None)


def normalised(code: str) -> str:
    """As it is compared: without blanks and hyphens, in capitals."""
    return "".join(character for character in code.upper() if character.isalnum())[:40]


def grouped(code: str) -> str:
    return f"{code[:4]}-{code[4:]}"


def window(span: HalfDay) -> tuple[datetime.datetime, datetime.datetime]:
    """From an hour before the half begins to a quarter of an hour after it has ended."""
    begin, end = (
        timezone.make_aware(datetime.datetime.combine(span.day.date, moment))
        for moment in (span.starts_at, span.ends_at)
    )
    return begin - BEFORE, end + AFTER
