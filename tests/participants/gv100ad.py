"""Lines as they stand in the file GV100AD: fixed places, counted from 1 in its description."""

from netzkoord.lib.states import State

AS_OF = "20240131"
COUNTY, TOWN = "44", "64"
INDEPENDENT_COUNTY, INDEPENDENT_TOWN = "41", "61"


def line(kind, key, name, sign="  ", *, association="    ", as_of=AS_OF):
    """Satzart 1–2, Gebietsstand 3–10, key 11–18, Verband 19–22, name 23–72, seat 73–122, Kennzeichen 123–124, …"""
    numbers = f"{1234:011d}{5678:011d}{2800:011d}" if kind == "60" else " " * 33
    postal_code = "29386" if kind == "60" else ""
    text = f"{kind}{as_of}{key:<8}{association}{name:<50}{'':<50}{sign}    {numbers}    {postal_code}"
    return f"{text:<220}"


def land(state, *lines):
    return [line("10", state, State(state).label), *lines]


def county(key, name, *towns, sign=COUNTY):
    """A Kreis with its towns, each as (three digits, name) or (three digits, name, Kennzeichen)."""
    return [
        line("40", key, name, sign),
        *(line("60", key + town[0], town[1], *town[2:] or [TOWN]) for town in towns),
    ]


def independent(key, name):
    """A town that is its own Kreis."""
    return county(key, name, ("000", name, INDEPENDENT_TOWN), sign=INDEPENDENT_COUNTY)


def whole_country(**lands):
    """A file with all Länder, one town in each; `lands` replaces the lines of some: `l03=[…]`."""
    lines = []
    for state in State.values:
        lines += land(state, *lands.get(f"l{state}", independent(f"{state}001", f"Stadt {state}, Stadt")))
    return lines


def content(lines, encoding="utf-8", end="\r\n"):
    return (end.join(lines) + end).encode(encoding)
