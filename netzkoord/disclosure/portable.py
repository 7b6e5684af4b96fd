"""The information as a machine-readable file (Art. 20 DSGVO): JSON, every row of every table."""

import datetime
import json
from typing import Any

from django.utils import timezone

from netzkoord.disclosure import Disclosure
from netzkoord.disclosure.shapes import Section, Table, Told

FORMAT = "netzkoord-auskunft"
VERSION = 1
CONTENT_TYPE = "application/json"


def disclosure_file(disclosure: Disclosure) -> bytes:
    """UTF-8. Moments are ISO 8601 in local time with their offset, days ISO 8601."""
    return json.dumps(content_of(disclosure), ensure_ascii=False, indent=2, default=iso).encode()


def content_of(disclosure: Disclosure) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "made_at": disclosure.made_at,
        "person": disclosure.person.get_full_name(),
        "sections": [section_content(section) for section in disclosure.sections],
        "not_included": [{"what": what, "why": why} for what, why in disclosure.untold],
    }


def section_content(section: Section) -> dict[str, Any]:
    return {
        "key": section.key,
        "title": section.title,
        "origin": section.origin,
        "tables": [table_content(table) for table in section.tables],
    }


def table_content(table: Table) -> dict[str, Any]:
    keys = [column.key for column in table.columns]
    return {
        "key": table.key,
        "title": table.title,
        "note": table.note,
        "columns": {column.key: column.label for column in table.columns},
        "rows": [dict(zip(keys, row, strict=True)) for row in table.rows],
    }


def iso(value: object) -> Any:
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, Told):
        return value.stored
    raise TypeError(f"No JSON for {value!r}")
