import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from netzkoord.lib.fields import AddressField, NameField, PersonNameField
from netzkoord.lib.folding import file_name
from netzkoord.lib.names import normalise_name, validate_name
from participants.queries.search import fold, matches


@pytest.mark.parametrize(
    "name",
    [
        "Prof. Dr. Łucja von und zu Größenwahn-Şahin",
        "李雷",
        '"><script>alert(1)</script>',
        "{{7*7}} {% load %} {0.__class__} %s ${{}}",
        "'; DROP TABLE participants_registration; --",
        "Ngọc Ánh",
        "محمد",
        "O’Connor-D'Arc",
        "Müllerová-" * 10 + "Schmidtmann",
        "ẞ ß ł ş ğ ĳ",
    ],
)
def test_a_name_is_kept_literally(name):
    assert NameField(max_length=300).clean(name) == unicodedata.normalize("NFC", name)


def test_a_double_name_of_120_characters_fits():
    name = "A" * 59 + "-" + "B" * 60

    assert NameField(max_length=120).clean(name) == name


def test_decomposed_letters_are_composed_before_they_are_counted():
    assert NameField(max_length=6).clean("Mu\u0308ller") == "Müller"


def test_spaces_of_every_kind_become_one():
    assert normalise_name(" Dr.\u00a0\u2009Anna  Maria\u3000") == "Dr. Anna Maria"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Anna\u202egnuK", "Das Zeichen U+202E (RIGHT-TO-LEFT OVERRIDE) ändert die Schreibrichtung."),
        ("Anna\u2066B", "Das Zeichen U+2066 (LEFT-TO-RIGHT ISOLATE) ändert die Schreibrichtung."),
        ("An\u200bna", "Das Zeichen U+200B (ZERO WIDTH SPACE) ist unsichtbar."),
        ("An\ufeffna", "Das Zeichen U+FEFF (ZERO WIDTH NO-BREAK SPACE) ist unsichtbar."),
        ("An\u00adna", "Das Zeichen U+00AD (SOFT HYPHEN) ist unsichtbar."),
        ("An\u3164na", "Das Zeichen U+3164 (HANGUL FILLER) ist unsichtbar."),
        ("An\U000e0041na", "Das Zeichen U+E0041 (TAG LATIN CAPITAL LETTER A) ist unsichtbar."),
        ("An\0na", "Das Zeichen U+0000 (NUL) ist ein Steuerzeichen."),
        ("An\r\nBcc: x@y.example", "Das Zeichen U+000D (Zeilenumbruch) ist ein Steuerzeichen."),
        ("An\x1bna", "Das Zeichen U+001B ist ein Steuerzeichen."),
        ("Anna 🙂", "Das Zeichen „🙂“ (U+1F642) ist ein Bildzeichen."),
        ("An\ud800na", "Das Zeichen U+D800 ist unsichtbar."),
    ],
)
def test_a_character_that_nobody_can_check_is_refused_by_name(name, sentence):
    with pytest.raises(ValidationError) as refusal:
        NameField().clean(name)

    assert refusal.value.messages[0].startswith(sentence)


@pytest.mark.parametrize("name", ["-", "12345", "…", "’", "０１", "\u0301", "+49 30 1"])
def test_a_person_is_not_called_by_signs_and_digits_alone(name):
    with pytest.raises(ValidationError) as refusal:
        PersonNameField().clean(name)

    assert refusal.value.messages == [f"„{name}“ enthält keinen Buchstaben. Bitte schreiben Sie den Namen aus."]


@pytest.mark.parametrize("name", ["A", "Þ", "ʿO", "C̨̆", "M̂", "X Æ A-Xii", *"ÄäÖöÜüẞßŁłŞşĞğĲĳŊŋŦŧƏəǤǥǮǯȞȟḐḑẀẁẆẇẠạỸỹ"])
def test_one_letter_is_a_name(name):
    assert PersonNameField().clean(name) == unicodedata.normalize("NFC", name)


def test_what_is_no_name_of_a_person_needs_no_letter():
    assert NameField().clean("0228 123") == "0228 123"
    assert PersonNameField(required=False).clean("") == ""


@given(st.text())
def test_what_passes_is_composed_and_has_no_hidden_character(text):
    name = normalise_name(text)
    try:
        validate_name(name)
    except ValidationError:
        return

    assert unicodedata.is_normalized("NFC", name)
    assert "  " not in name
    assert name == name.strip(" ")
    assert not {unicodedata.category(character) for character in name} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@given(st.text())
def test_normalising_twice_changes_nothing(text):
    assert normalise_name(normalise_name(text)) == normalise_name(text)


@given(st.characters(categories=["Lu", "Ll", "Lt", "Lm", "Nd", "Pd", "Po", "Sm"]))
def test_letters_digits_and_signs_of_any_script_are_welcome(character):
    validate_name(character)


def test_an_address_is_kept_in_small_letters():
    assert AddressField().clean(" Anna.Müller-Test@STADT.Example ".replace("ü", "ue")) == (
        "anna.mueller-test@stadt.example"
    )


def test_an_address_with_capital_umlaut_in_its_domain_is_one_address():
    assert AddressField().clean("anna@MÜNCHEN.example") == AddressField().clean("anna@mu\u0308nchen.example")


@pytest.mark.parametrize(
    ("needle", "text"),
    [
        ("Muller", "Müller"),
        ("müller", "MU\u0308LLER"),
        ("lukasik", "Łukasik"),
        ("sahin", "Şahin"),
        ("strasse", "Straße"),
        ("cottbus chose", "Cottbus/Chóśebuz"),
        ("李", "李雷"),
    ],
)
def test_search_finds_without_accents(needle, text):
    assert matches(needle, text)


def test_search_needs_every_word():
    assert not matches("Müller Köln", "Anna Müller", "Bonn")


@given(st.text())
def test_folding_never_fails(text):
    fold(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [("Rückmeldung für Köln", "rueckmeldung-fuer-koeln"), ("Größe u\u0308ber/2", "groesse-ueber2"), ("李", "")],
)
def test_file_is_named_in_plain_letters(text, name):
    assert file_name(text) == name


@pytest.mark.parametrize(
    "text", ["anna", "anna@stadt", "a b@stadt.example", "Anna <anna@stadt.example>", "a@x.de,b@x.de"]
)
def test_what_is_no_address_is_refused_with_an_example(text):
    with pytest.raises(ValidationError, match=r"keine gültige E-Mail-Adresse\..*name@stadt\.example"):
        AddressField().clean(text)
