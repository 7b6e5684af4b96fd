"""A list of municipalities out of a file of whichever kind."""

from participants.imports.gv100ad import is_gv100ad, read_gv100ad
from participants.imports.municipality_csv import read_csv
from participants.imports.municipality_rows import Reading, text_of


def read(content: bytes) -> Reading:
    """Raises `NotAList`."""
    text = text_of(content)
    return read_gv100ad(text) if is_gv100ad(text) else read_csv(text)
