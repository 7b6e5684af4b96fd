"""What no log may carry."""

import logging
import re

# A personal link is a key and its signature (`lib.links`): 43 letters of base64 after the last dot. The address of
# a calendar feed is as many letters, and then `.ics`.
PERSONAL_LINK = re.compile(r"/(?:[^/\s]+\.[\w-]{43}|[\w-]{43}\.ics)(?=[/\s?]|$)")


class WithoutPersonalLinks(logging.Filter):
    """Takes the key out of every line: whoever holds a personal link acts as its owner, and the time of a
    request next to it would tell when that person answered."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = PERSONAL_LINK.sub("/…", record.getMessage()), ()
        return True
