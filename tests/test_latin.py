"""What names and texts on certificates may be written with: DIN 91379, and nothing else."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from netzkoord.lib.fields import LatinField, LatinNameField, PersonNameField, PersonTitleField
from netzkoord.lib.latin import FULL_NAME, LETTERS, NAME, SEQUENCES, TEXT
from netzkoord.lib.letters import missing_letters
from tests import din_91379
from tests.din_91379 import BETWEEN_LETTERS, COMBINED, DIN_91379


def test_letters_and_sequences_are_those_of_the_standard():
    assert set(LETTERS) == set(din_91379.LETTERS)
    assert set(SEQUENCES.split()) == set(COMBINED)
    assert set(BETWEEN_LETTERS) == set(NAME.signs) - {" "}


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_every_name_of_the_standard_is_welcome_composed_or_not(form):
    names = [unicodedata.normalize(form, f"An{letter}na") for letter in [*DIN_91379, *BETWEEN_LETTERS]]

    assert [name for name in names if NAME.foreign(name) or FULL_NAME.foreign(name) or TEXT.foreign(name)] == []


def test_what_a_text_may_have_can_be_printed():
    assert [sign for sign in TEXT.signs if missing_letters(sign)] == []


@pytest.mark.parametrize(
    ("text", "foreign"),
    [
        ("Иван", ["И", "в", "а", "н"]),
        ("Γιώργος", ["Γ", "ι", "ώ", "ρ", "γ", "ο", "ς"]),
        ("محمد", ["م", "ح", "د"]),
        ("שרה", ["ש", "ר", "ה"]),
        ("李雷", ["李", "雷"]),
        ("\u0410nna", ["\u0410"]),  # looks like an A
        ("ﬁ", ["ﬁ"]),
        ("Anna\ufffd", ["\ufffd"]),
        ("\u0301Anna", ["\u0301"]),
        ("A" + "\u0301" * 30, ["Á" + "\u0301" * 29]),
        ("Q\u0302", ["Q\u0302"]),  # no sequence of the standard
        ("K\u035fX", ["K\u035f"]),  # a part of one
        ("K\u035fh\u0330", ["K\u035f", "h\u0330"]),
        ("Anna 👍", ["👍"]),
        ("An\u200bna", ["\u200b"]),
        ("An\u202ena", ["\u202e"]),
        ("A\ufe0f", ["\ufe0f"]),
        ("ʃ", ["ʃ"]),
    ],
)
def test_everything_else_is_foreign_to_names_and_texts(text, foreign):
    assert NAME.foreign(text) == FULL_NAME.foreign(text) == TEXT.foreign(text) == foreign


@given(st.characters(exclude_characters=[*LETTERS, *TEXT.signs]))
def test_no_other_character_at_all_is_welcome(character):
    composed = unicodedata.normalize("NFC", character)
    is_a_letter_of_two = composed in SEQUENCES.split() or all(each in LETTERS + TEXT.signs for each in composed)

    assert bool(TEXT.foreign(character)) is not is_a_letter_of_two


@pytest.mark.parametrize(
    ("text", "in_a_name", "in_a_full_name", "in_a_text"),
    [
        ("Müller-Lüdenscheidt", True, True, True),
        ("Dipl.-Ing. (FH)", False, True, True),
        ("Anna 2", False, True, True),
        ("„Netzwerk“ – 50\u00a0%", False, False, True),
        ("Zeile\nZeile", False, False, True),
    ],
)
def test_a_name_has_fewer_signs_than_a_text(text, in_a_name, in_a_full_name, in_a_text):
    assert [not each.foreign(text) for each in (NAME, FULL_NAME, TEXT)] == [in_a_name, in_a_full_name, in_a_text]


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        (
            PersonNameField,
            "\u0410nna",
            "Das Zeichen „\u0410“ (U+0410, CYRILLIC CAPITAL LETTER A) kann auf der Bescheinigung in keinem "
            "Namen stehen. "
            "Bitte schreiben Sie in lateinischen Buchstaben, so wie der Name im Pass steht.",
        ),
        (
            PersonNameField,
            "Петров",
            "Die Zeichen „П“ (U+041F, CYRILLIC CAPITAL LETTER PE), „е“ (U+0435, CYRILLIC SMALL LETTER IE), "
            "„т“ (U+0442, CYRILLIC SMALL LETTER TE) und 3 weitere können auf der Bescheinigung in keinem "
            "Namen stehen. "
            "Bitte schreiben Sie in lateinischen Buchstaben, so wie der Name im Pass steht.",
        ),
        (
            PersonNameField,
            "Müller–Lüdenscheidt",
            "Das Zeichen „–“ (U+2013, EN DASH) kann auf der Bescheinigung in keinem Namen stehen. "
            "Bitte schreiben Sie stattdessen „-“.",
        ),
        (
            PersonNameField,
            "Bo" + "\u0301" * 30 + "hme",
            "Das Zeichen „ó\u0301\u0301“ (U+00F3 U+0301 U+0301 … mit 29 Zusätzen) kann auf der Bescheinigung in "
            "keinem Namen stehen. Bitte lassen Sie bei „ó“ weg, was nicht dazugehört.",
        ),
        (
            PersonNameField,
            "An\u202ena",
            "Das Zeichen U+202E (RIGHT-TO-LEFT OVERRIDE) ändert die Schreibrichtung. "
            "Bitte löschen Sie es oder tippen Sie die Angabe neu.",
        ),
        (
            PersonTitleField,
            "Dr. 李",
            "Das Zeichen „李“ (U+674E) kann nicht gedruckt werden. "
            "Bitte schreiben Sie in lateinischen Buchstaben, so wie der Name im Pass steht.",
        ),
        (
            LatinNameField,
            "Κύθηρα",
            "Die Zeichen „Κ“ (U+039A, GREEK CAPITAL LETTER KAPPA), „ύ“ (U+03CD, GREEK SMALL LETTER UPSILON WITH "
            "TONOS), „θ“ (U+03B8, GREEK SMALL LETTER THETA) und 3 weitere können nicht gedruckt werden. "
            "Bitte schreiben Sie in lateinischen Buchstaben.",
        ),
        (
            LatinField,
            "Durchgang 😀",
            "Das Zeichen „😀“ (U+1F600, GRINNING FACE) kann nicht gedruckt werden. "
            "Bitte löschen oder ersetzen Sie es.",
        ),
        (
            LatinField,
            "Pro\ufb01l",
            "Das Zeichen „ﬁ“ (U+FB01, LATIN SMALL LIGATURE FI) kann nicht gedruckt werden. "
            "Bitte schreiben Sie stattdessen „fi“.",
        ),
        (
            LatinField,
            "Zwei\u2003Wörter",
            "Das Zeichen U+2003 (EM SPACE, unsichtbar) kann nicht gedruckt werden. "
            "Bitte schreiben Sie ein gewöhnliches Leerzeichen.",
        ),
        (
            LatinField,
            "Netz\u00adwerk",
            "Das Zeichen U+00AD (SOFT HYPHEN, unsichtbar) kann nicht gedruckt werden. "
            "Bitte löschen Sie es oder tippen Sie die Angabe neu.",
        ),
    ],
)
def test_a_field_says_which_character_it_is_and_what_to_do(field, typed, sentence):
    with pytest.raises(ValidationError) as refused:
        field().clean(typed)

    assert refused.value.messages == [sentence]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        (PersonNameField, "O’Connor-Đorđević"),
        (PersonNameField, "Nguyễn Thị Ánh"),
        (PersonTitleField, "Prof. Dr. h. c. (TU Sofia)"),
        (LatinNameField, "Frankfurt (Oder)"),
        (LatinField, "Von A – Z: „Netze“ & Köpfe, Teil\u00a02 …"),
    ],
)
def test_a_field_takes_what_is_written_in_latin_letters(field, typed):
    assert field().clean(typed) == typed


def test_a_field_keeps_composed_letters():
    assert LatinField().clean("Mu\u0308ller") == "Müller"


def test_a_long_text_of_foreign_letters_is_looked_through_quickly():
    assert len(TEXT.foreign("И" * 20_000 + "й" * 20_000)) == 2
    assert TEXT.refusal("a" * 100_000) == ""
