"""The register of recommendations for spreadsheet programs."""

from collections.abc import Iterable, Iterator

from evaluation.queries.causes import Consequence, RecommendationRow
from netzkoord.lib.spreadsheets import Value, csv_bytes, xlsx_bytes

COLUMNS = (
    ("Empfehlung", 70),
    ("Woher", 40),
    ("Durchgang", 30),
    ("Angebot für", 24),
    ("Modul", 30),
    ("Merkmal", 18),
    ("Stand", 14),
    ("Begründung", 60),
    ("entschieden am", 14),
    ("entschieden von", 24),
    ("geschuldet von", 30),
    ("führte zu", 60),
    ("vorgesehen", 60),
)


def csv_table(rows: Iterable[RecommendationRow]) -> bytes:
    return csv_bytes([heading for heading, _ in COLUMNS], lines(rows))


def xlsx_table(rows: Iterable[RecommendationRow]) -> bytes:
    return xlsx_bytes("Empfehlungen", COLUMNS, lines(rows))


def parts_of(consequences: Iterable[Consequence]) -> str:
    return "; ".join(f"{each.part_name} ({each.edition_words})" for each in consequences)


def lines(rows: Iterable[RecommendationRow]) -> Iterator[tuple[Value, ...]]:
    for row in rows:
        entry = row.recommendation
        yield (
            entry.text,
            entry.origin,
            str(entry.cohort or ""),
            entry.get_audience_display(),
            row.module,
            entry.get_feature_display(),
            f"{entry.get_state_display()} mit: {entry.merged_into}"
            if entry.merged_into
            else entry.get_state_display(),
            entry.reason,
            entry.decided_on,
            entry.decided_by.get_full_name() if entry.decided_by else "",
            str(entry.edition or ""),
            parts_of(row.changed),
            parts_of(row.planned),
        )
