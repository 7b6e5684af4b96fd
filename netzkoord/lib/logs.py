"""What no log may carry."""

import logging
import re

# The token of a personal link is 32 hexadecimal digits (`lib.links`). Who is signed in opens a survey by the 16 of
# the own invitation. The address of a calendar feed is 43 letters of base64 and then `.ics`.
PERSONAL_LINK = re.compile(r"/(?:[0-9a-f]{32}|[0-9a-f]{16}|[\w-]{43}\.ics)(?=[/\s?]|$)")


class WithoutPersonalLinks(logging.Filter):
    """Takes the key out of every line: whoever holds a personal link acts as its owner, and the time of a
    request next to it would tell when that person answered."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = PERSONAL_LINK.sub("/…", record.getMessage()), ()
        return True
