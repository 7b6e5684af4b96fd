"""The file GV100AD of the Statistisches Bundesamt: one line of fixed width for each Land, Kreis and Gemeinde.

The package `gv100ad` knows the places of the fields. It takes one line at a time here, so that every line that is
not as it must be can be named.
"""

import io
import re

from gv100ad import District, DistrictType, FederalState, GV100ADReader
from gv100ad import Municipality as Gemeinde

from netzkoord.lib.sentences import listed
from participants.imports.municipality_rows import NotAList, Reading, Row, check, missing_states, row_of, titled
from participants.models.places import KREIS_DIGITS

# Satzart and Gebietsstand.
START = re.compile(r"[1-6]0[12][0-9]{7}")
# Regierungsbezirk, Region and Gemeindeverband say nothing that is needed here.
PASSED_OVER = ("20", "30", "50")
MAX_LINES = 50_000
# A Kreis that is a town: its Gemeinde stands for it.
TOWNS = (DistrictType.KREISFREIE_STADT, DistrictType.STADTKREIS)
KINDS = {
    DistrictType.KREIS: "Kreis",
    DistrictType.LANDKREIS: "Landkreis",
    DistrictType.REGIONALVERBAND: "Regionalverband",
}
NOT_AS_DESCRIBED = (
    "Die Zeile ist nicht so aufgebaut wie in GV100AD. Ist die Datei abgeschnitten, oder hat ein Programm sie "
    "umgebrochen?"
)


def is_gv100ad(text: str) -> bool:
    return bool(START.match(text.lstrip("\r\n")))


def read_gv100ad(text: str) -> Reading:
    """Raises `NotAList`."""
    lines = text.splitlines()
    if len(lines) > MAX_LINES:
        raise NotAList(f"Die Datei hat mehr als {MAX_LINES} Zeilen. So viele Kommunen gibt es nicht.")
    reader = LineReader()
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.startswith(PASSED_OVER):
            reader.take(number, line)
    return reader.finished()


class LineReader:
    """Takes the lines one after the other: a Kreis before its Gemeinden, as the file has them."""

    def __init__(self) -> None:
        self.reading = Reading("GV100AD", has_counties=True)
        self.states: list[str] = []
        # Key of each Kreis → what its Gemeinden call it; a town that is its own has no name here.
        self.counties: dict[str, str] = {}
        self.with_towns: set[str] = set()

    def take(self, number: int, line: str) -> None:
        try:
            record = next(iter(GV100ADReader(io.StringIO(line)).read()))
        except ValueError:  # what the package raises over a line that is too short, or means nothing
            self.reading.object(number, NOT_AS_DESCRIBED)
            return
        self.reading.as_of = self.reading.as_of or record.timestamp
        if isinstance(record, FederalState):
            self.states.append(record.regional_code)
        elif isinstance(record, District):
            self.take_county(number, record)
        elif isinstance(record, Gemeinde):
            self.take_town(number, record)

    def take_county(self, number: int, record: District) -> None:
        title = "" if record.type in TOWNS else county_title(record)
        self.counties[record.regional_code] = title
        if title:
            self.reading.rows.append(Row(number, record.regional_code, title, "", ""))

    def take_town(self, number: int, record: Gemeinde) -> None:
        county = record.regional_code[:KREIS_DIGITS]
        self.with_towns.add(county)
        if county not in self.counties:
            self.reading.object(number, f"Der Kreis {county} steht nicht in der Datei.")
        self.reading.rows.append(row_of(number, record.regional_code, record.name, self.counties.get(county, "")))

    def finished(self) -> Reading:
        """With what is missing as a whole: this file is always that of all Länder."""
        if states := missing_states(self.states):
            self.reading.object(None, f"Die Datei ist unvollständig: Es fehlt {listed(states)}.")
        if empty := [name or key for key, name in self.counties.items() if key not in self.with_towns]:
            self.reading.object(
                None, f"Die Datei ist unvollständig: Es fehlen die Gemeinden von {listed(empty[:5])}."
            )
        return check(self.reading)


def county_title(record: District) -> str:
    return titled(record.name, KINDS.get(record.type, "Kreis"))
