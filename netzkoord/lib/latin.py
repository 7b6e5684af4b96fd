"""What names and texts on a certificate may be written with: the Latin characters of DIN 91379:2022-08.

Source: the standard's data types as KoSIT publishes them (xoev.de, din-norm-91379-datatypes.xsd, „String.Latin+“).
Type A is for names: the letters, the sequences of a letter and its marks that have no code point of their own, and
the signs of N1. Type B adds digits and signs (N2), type C the rest of Latin-1 and ends of lines (N3, N4). A text on
paper may have besides what is set in German texts: the signs of E1, dashes and narrow blanks. Greek and Cyrillic,
which types D and E know, are left out: an office must be able to read a name.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import ValidationError

from netzkoord.lib.letters import CLUSTER, MARK
from netzkoord.lib.names import (
    BLANK,
    DIRECTION,
    INVISIBLE_CATEGORIES,
    VARIATION_SELECTORS,
    validate_letter,
    validate_name,
)

# fmt: off
LETTERS = (
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïð"
    "ñòóôõöøùúûüýþÿĀāĂăĄąĆćĈĉĊċČčĎďĐđĒēĔĕĖėĘęĚěĜĝĞğĠġĢģĤĥĦħĨĩĪīĬĭĮįİıĲĳĴĵĶķĸĹĺĻļĽľĿŀŁłŃńŅņŇňŉŊŋŌōŎŏŐőŒœŔŕ"
    "ŖŗŘřŚśŜŝŞşŠšŢţŤťŦŧŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽžƇƈƏƗƠơƯưƷǍǎǏǐǑǒǓǔǕǖǗǘǙǚǛǜǞǟǢǣǤǥǦǧǨǩǪǫǬǭǮǯǰǴǵǸǹǺǻǼǽǾǿȒȓȘșȚțȞ"
    "ȟȧȨȩȪȫȬȭȮȯȰȱȲȳəɨʒḂḃḆḇḊḋḌḍḎḏḐḑḗḜḝḞḟḠḡḢḣḤḥḦḧḨḩḪḫḯḰḱḲḳḴḵḶḷḺḻṀṁṂṃṄṅṆṇṈṉṒṓṔṕṖṗṘṙṚṛṞṟṠṡṢṣṪṫṬṭṮṯẀẁẂẃẄẅẆẇẌẍẎ"
    "ẏẐẑẒẓẔẕẖẗẞẠạẢảẤấẦầẨẩẪẫẬậẮắẰằẲẳẴẵẶặẸẹẺẻẼẽẾếỀềỂểỄễỆệỈỉỊịỌọỎỏỐốỒồỔổỖỗỘộỚớỜờỞởỠỡỢợỤụỦủỨứỪừỬửỮữỰựỲỳỴỵỶỷỸỹ"
)
SEQUENCES = (
    "A̋ C̀ C̄ C̆ C̈ C̕ C̣ C̦ C̨̆ D̂ F̀ F̄ G̀ H̄ H̦ H̱ J́ J̌ K̀ K̂ K̄ K̇ K̕ K̛ K̦ K͟H K͟h L̂ L̥ L̥̄ L̦ M̀ "
    "M̂ M̆ M̐ N̂ N̄ N̆ N̦ P̀ P̄ P̕ P̣ R̆ R̥ R̥̄ S̀ S̄ S̛̄ S̱ T̀ T̄ T̈ T̕ T̛ U̇ Z̀ Z̄ Z̆ Z̈ Z̧ a̋ c̀ c̄ c̆ "
    "c̈ c̕ c̣ c̦ c̨̆ d̂ f̀ f̄ g̀ h̄ h̦ ẖ j́ k̀ k̂ k̄ k̇ k̕ k̛ k̦ k͟h l̂ l̥ l̥̄ l̦ m̀ m̂ m̆ m̐ n̂ n̄ n̆ "
    "n̦ p̀ p̄ p̕ p̣ r̆ r̥ r̥̄ s̀ s̄ s̛̄ s̱ t̀ t̄ ẗ t̕ t̛ u̇ z̀ z̄ z̆ z̈ z̧ Ç̆ Û̄ ç̆ û̄ ÿ́ Č̕ Č̣ č̕ č̣ ē̍ "
    "Ī́ ī́ ō̍ Ž̦ Ž̧ ž̦ ž̧ Ḳ̄ ḳ̄ Ṣ̄ ṣ̄ Ṭ̄ ṭ̄ Ạ̈ ạ̈ Ọ̈ ọ̈ Ụ̄ Ụ̈ ụ̄ ụ̈"
)
# fmt: on
N1 = " ',-.`~¨´·ʹʺʾʿˈˌ’‡"
N2 = '!"#$%&()*+/0123456789:;<=>?@[\\]^_{|}¡¢£¥§©ª«¬®¯°±²³µ¶¹º»¿×÷€'
N3 = "¤¦¸¼½¾"
N4 = "\t\n\r\N{NO-BREAK SPACE}"
E1 = "ƒʰʳˆ˜ˢᵈᵗ‘‚“”„†…‰‹›⁰⁴⁵⁶⁷⁸⁹ⁿ₀₁₂₃₄₅₆₇₈₉™∞≤≥"
# The standard is about names and lets others add to it.
TYPOGRAPHIC = "–—•\N{NON-BREAKING HYPHEN}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}"

# What is typed for a sign of ours, by hand or by a program that means well.
INSTEAD = {"’": "ʼʻ‘′＇", "-": "‐‑‒–—―−"}
MOST_NAMED = 3
# More marks on one letter are looked at piece by piece.
LONGEST = 100


@dataclass(frozen=True)
class Repertoire:
    """The letters and sequences of DIN 91379, with signs: what one kind of text may be written with."""

    signs: str
    cannot: tuple[str, str]
    """What is said of one that does not belong to it, and of several."""
    where_from: str = ""
    """Where somebody who writes in another script finds it in Latin letters; begins with a comma."""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        singles = "".join(map(re.escape, LETTERS + self.signs))
        sequences = sorted(unicodedata.normalize("NFC", SEQUENCES).split(), key=len, reverse=True)
        return re.compile(f"[{singles}]+(?!{MARK})|(?:{'|'.join(sequences)})(?!{MARK})")

    def foreign(self, text: str) -> list[str]:
        """What does not belong to it, each once and in order; a letter carries its marks."""
        composed = unicodedata.normalize("NFC", text)
        found: list[str] = []
        at = 0
        while at < len(composed):
            if known := self.pattern.match(composed, at):
                at = known.end()
                continue
            cluster = CLUSTER.match(composed, at, at + LONGEST)
            found.append(cluster[0] if cluster else composed[at])
            at += len(found[-1])
        return list(dict.fromkeys(found))

    def refusal(self, text: str) -> str:
        """„Das Zeichen „И“ (U+0418, CYRILLIC CAPITAL LETTER I) kann nicht gedruckt werden.“; empty when all can."""
        foreign = self.foreign(text)
        named = [describe(cluster) for cluster in foreign[:MOST_NAMED]]
        if len(foreign) > MOST_NAMED:
            named.append(f"{len(foreign) - MOST_NAMED} weitere")
        if len(named) < 2:
            return f"Das Zeichen {named[0]} {self.cannot[0]}." if named else ""
        return f"Die Zeichen {', '.join(named[:-1])} und {named[-1]} {self.cannot[1]}."

    def validate(self, text: str) -> None:
        """Raises `ValidationError`: which character it is, and what to do."""
        if foreign := self.foreign(text):
            raise ValidationError(f"{self.refusal(text)} {self.advice(foreign[0])}", code="foreign")

    def advice(self, cluster: str) -> str:
        """What to do about one that does not belong to it."""
        if category(cluster[0]) == "Zs":
            return "Bitte schreiben Sie ein gewöhnliches Leerzeichen."
        plain = plainly(cluster)
        if plain and not self.foreign(plain):
            return f"Bitte schreiben Sie stattdessen „{plain}“."
        if is_unseen(cluster[0]):
            return "Bitte löschen Sie es oder tippen Sie die Angabe neu."
        if cluster[1:] and not self.foreign(cluster[0]):
            return f"Bitte lassen Sie bei „{cluster[0]}“ weg, was nicht dazugehört."
        if cluster[0].isalpha():
            return f"Bitte schreiben Sie in lateinischen Buchstaben{self.where_from}."
        return "Bitte löschen oder ersetzen Sie es."


AS_IN_PASSPORT = ", so wie der Name im Pass steht"
UNPRINTABLE = ("kann nicht gedruckt werden", "können nicht gedruckt werden")
NO_NAME = (
    "kann auf der Bescheinigung in keinem Namen stehen",
    "können auf der Bescheinigung in keinem Namen stehen",
)
NAME = Repertoire(N1, NO_NAME, AS_IN_PASSPORT)
# The name as it stands on paper, with titles like „Dipl.-Ing. (FH)“.
FULL_NAME = Repertoire(N1 + N2, UNPRINTABLE, AS_IN_PASSPORT)
TEXT = Repertoire(N1 + N2 + N3 + N4 + E1 + TYPOGRAPHIC, UNPRINTABLE)


def validate_person_name(text: str) -> None:
    """Each of these raises `ValidationError` with one sentence: the first thing that is wrong."""
    validate_name(text)
    validate_letter(text)
    NAME.validate(text)


def validate_title(text: str) -> None:
    validate_name(text)
    validate_letter(text)
    FULL_NAME.validate(text)


def validate_latin_name(text: str) -> None:
    """For the name of a place or an office."""
    validate_name(text)
    TEXT.validate(text)


def plainly(cluster: str) -> str:
    """„fi“ for „ﬁ“, „-“ for „–“: the same in signs that everybody has; empty where there is nothing like that."""
    instead = next((sign for sign, others in INSTEAD.items() if cluster in others), "")
    compatible = unicodedata.normalize("NFKC", cluster)
    return instead or (compatible if compatible != cluster else "")


def describe(cluster: str) -> str:
    """The sign, its code and what Unicode calls it; of a heap of marks the first ones."""
    sign, marks = cluster[0], cluster[1:]
    codes = " ".join(f"U+{ord(character):04X}" for character in cluster[:MOST_NAMED])
    if len(marks) >= MOST_NAMED:
        return f"„{cluster[:MOST_NAMED]}“ ({codes} … mit {len(marks)} Zusätzen)"
    if marks:
        return f"„{cluster}“ ({codes})"
    name = unicodedata.name(sign, "")
    said = f"{codes}, {name}" if name and not name.endswith(f"-{ord(sign):04X}") else codes
    if is_unseen(sign):
        kind = "ändert die Schreibrichtung" if sign in DIRECTION else "unsichtbar"
        return f"{said.replace(', ', ' (', 1)}, {kind})" if name else f"{codes} ({kind})"
    return f"„{sign}“ ({said})" if category(sign)[0] != "M" else f"{said.replace(', ', ' (', 1)})"


def category(character: str) -> str:
    return unicodedata.category(character)


def is_unseen(character: str) -> bool:
    return (
        category(character) in INVISIBLE_CATEGORIES | {"Cc", "Zs"}
        or character in BLANK
        or VARIATION_SELECTORS.match(character) is not None
    )
