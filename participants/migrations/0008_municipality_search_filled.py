"""Municipalities are found by their folded names: every row gets its search text.

A copy of how the model writes it at this point, so that the migration stays the same.
"""

import re
import unicodedata

from django.db import migrations

LANDS = {
    "01": "Schleswig-Holstein",
    "02": "Hamburg",
    "03": "Niedersachsen",
    "04": "Bremen",
    "05": "Nordrhein-Westfalen",
    "06": "Hessen",
    "07": "Rheinland-Pfalz",
    "08": "Baden-Württemberg",
    "09": "Bayern",
    "10": "Saarland",
    "11": "Berlin",
    "12": "Brandenburg",
    "13": "Mecklenburg-Vorpommern",
    "14": "Sachsen",
    "15": "Sachsen-Anhalt",
    "16": "Thüringen",
}
PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}
)
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
SAINT = {"st": "sankt", "sankt": "st"}


def joined(text):
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return "-".join(re.findall(r"[^\W_]+", plain.translate(PLAIN)))


def search_text(name, surroundings):
    composed = unicodedata.normalize("NFC", name.casefold())
    ways = [joined(composed), joined(composed.translate(UMLAUTS))]
    ways += ["-".join(SAINT.get(word, word) for word in way.split("-")) for way in ways]
    return f" {' '.join(dict.fromkeys(ways))} #{joined(surroundings)}"


def fill(apps, schema_editor):
    municipality = apps.get_model("participants", "Municipality")
    rows = list(municipality.objects.all())
    for row in rows:
        kind = "Landkreis" if len(row.ags) == 5 else "Gemeinde"
        row.search_text = search_text(row.name, f"{LANDS.get(row.state, '')} {kind}")
    municipality.objects.bulk_update(rows, ["search_text"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("participants", "0007_municipality_search_and_written_in")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
