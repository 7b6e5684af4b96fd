"""Writes the table of docs/mail.md anew from the rows of all occasions: `python docs/mail_table.py`."""

import os
import sys
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from tests.test_mail_texts import HEADING, table  # noqa: PLC0415 -- needs the settings

    page = ROOT / "docs" / "mail.md"
    text, heading, _ = page.read_text().partition(HEADING)
    page.write_text(text + heading + table())


if __name__ == "__main__":
    main()
