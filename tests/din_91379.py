"""Letters of DIN 91379:2022-08 as data: what a name of a natural person may be written with.

Source: the standard's data types as KoSIT publishes them (xoev.de, din-norm-91379-datatypes.xsd): the normative
Latin letters, the sequences that have no code point of their own, and the signs that stand between letters.
"""

RANGES = (
    "41-5A 61-7A C0-D6 D8-F6 F8-17E 187-188 18F 197 1A0-1A1 1AF-1B0 1B7 1CD-1DC 1DE-1DF 1E2-1F0 1F4-1F5 1F8-1FF "
    "212-213 218-21B 21E-21F 227-233 259 268 292 1E02-1E03 1E06-1E07 1E0A-1E11 1E17 1E1C-1E2B 1E2F-1E37 1E3A-1E3B "
    "1E40-1E49 1E52-1E5B 1E5E-1E63 1E6A-1E6F 1E80-1E87 1E8C-1E97 1E9E 1EA0-1EF9"
)
# The letter, then each of its accents; several code points of one accent are joined by a plus sign.
SEQUENCES = """
A 30B | C 300 304 306 308 315 323 326 328+306 | D 302 | F 300 304 | G 300 | H 304 326 331 | J 301 30C
K 300 302 304 307 315 31B 326 35F+48 35F+68 | L 302 325 325+304 326 | M 300 302 306 310 | N 302 304 306 326
P 300 304 315 323 | R 306 325 325+304 | S 300 304 31B+304 331 | T 300 304 308 315 31B | U 307
Z 300 304 306 308 327 | a 30B | c 300 304 306 308 315 323 326 328+306 | d 302 | f 300 304 | g 300 | h 304 326 331
j 301 | k 300 302 304 307 315 31B 326 35F+68 | l 302 325 325+304 326 | m 300 302 306 310 | n 302 304 306 326
p 300 304 315 323 | r 306 325 325+304 | s 300 304 31B+304 331 | t 300 304 308 315 31B | u 307
z 300 304 306 308 327 | Ç 306 | Û 304 | ç 306 | û 304 | ÿ 301 | Č 315 323 | č 315 323 | ē 30D | Ī 301 | ī 301
ō 30D | Ž 326 327 | ž 326 327 | Ḳ 304 | ḳ 304 | Ṣ 304 | ṣ 304 | Ṭ 304 | ṭ 304 | Ạ 308 | ạ 308 | Ọ 308 | ọ 308
Ụ 304 308 | ụ 304 308
"""
BETWEEN_LETTERS = ["'", ",", "-", ".", "`", "~", "¨", "´", "·", "ʹ", "ʺ", "ʾ", "ʿ", "ˈ", "ˌ", "’", "‡"]


def letters_of(ranges: str) -> list[str]:
    """Each letter between the ends of the ranges, which are hexadecimal."""
    ends = [part.split("-") for part in ranges.split()]
    return [chr(code) for first, *last in ends for code in range(int(first, 16), int((last or [first])[0], 16) + 1)]


def sequences_of(table: str) -> list[str]:
    rows = [row.split() for line in table.splitlines() for row in line.split("|") if row.strip()]
    return [
        letter + "".join(chr(int(code, 16)) for code in accent.split("+"))
        for letter, *accents in rows
        for accent in accents
    ]


LETTERS = letters_of(RANGES)
COMBINED = sequences_of(SEQUENCES)
DIN_91379 = [*LETTERS, *COMBINED]
