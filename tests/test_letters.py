"""Every letter of DIN 91379 can be printed; what cannot is named."""

import pytest

from netzkoord.lib import pdf
from netzkoord.lib.letters import missing_letters, missing_letters_sentence, printable
from tests.pdf import assert_pdf_ua_and_a, pdf_text

# DIN SPEC 91379, group of normative letters: single code points and the sequences that have none of their own.
DIN_91379_RANGES = [
    (0x41, 0x5A), (0x61, 0x7A), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x17E), (0x187, 0x188), (0x18F, 0x18F),
    (0x197, 0x197), (0x19A, 0x19A), (0x19F, 0x1A1), (0x1AF, 0x1B0), (0x1B7, 0x1B7), (0x1CD, 0x1DC),
    (0x1DE, 0x1DF), (0x1E2, 0x1F0), (0x1F4, 0x1F5), (0x1F8, 0x1FF), (0x212, 0x213), (0x218, 0x21B),
    (0x21E, 0x21F), (0x227, 0x233), (0x259, 0x259), (0x268, 0x268), (0x292, 0x292), (0x1E02, 0x1E03),
    (0x1E06, 0x1E07), (0x1E0A, 0x1E11), (0x1E17, 0x1E17), (0x1E1C, 0x1E2B), (0x1E2F, 0x1E37),
    (0x1E3A, 0x1E3B), (0x1E40, 0x1E49), (0x1E52, 0x1E5B), (0x1E5E, 0x1E63), (0x1E6A, 0x1E6F),
    (0x1E80, 0x1E87), (0x1E8C, 0x1E96), (0x1E97, 0x1E97), (0x1E9E, 0x1E9E), (0x1EA0, 0x1EF9),
]  # fmt: skip
DIN_91379_SEQUENCES = (
    "A̋ C̀ C̄ C̆ C̈ C̕ C̣ C̦ C̨̆ D̂ F̀ F̄ G̀ H̄ H̦ H̱ J́ J̌ K̀ K̂ K̄ K̇ K̕ K̛ K̦ K͟H K͟h L̂ L̥ L̥̄ L̦ M̀ M̂ M̆ M̐ "
    "N̂ N̄ N̆ N̦ P̀ P̄ P̕ P̣ R̆ R̥ R̥̄ S̀ S̄ S̛̄ S̱ T̀ T̄ T̈ T̕ T̛ U̇ Z̀ Z̄ Z̆ Z̈ Z̧ "
    "a̋ c̀ c̄ c̆ c̈ c̕ c̣ c̦ c̨̆ d̂ f̀ f̄ g̀ h̄ h̦ j́ k̀ k̂ k̄ k̇ k̕ k̛ k̦ k͟h l̂ l̥ l̥̄ l̦ m̀ m̂ m̆ m̐ "
    "n̂ n̄ n̆ n̦ p̀ p̄ p̕ p̣ r̆ r̥ r̥̄ s̀ s̄ s̛̄ s̱ t̀ t̄ t̕ t̛ u̇ z̀ z̄ z̆ z̈ z̧ Ç̆ ç̆ Û̄ û̄ ß"
)
DIN_91379 = [
    *(chr(code) for first, last in DIN_91379_RANGES for code in range(first, last + 1)),
    *DIN_91379_SEQUENCES.split(),
]


def test_every_letter_of_din_91379_has_a_font():
    assert [letter for letter in DIN_91379 if missing_letters(letter)] == []


@pytest.mark.verapdf
def test_every_letter_of_din_91379_prints_and_validates(settings, tmp_path):
    (tmp_path / "letters.html").write_text(
        "{% extends 'pdf/base.html' %}{% block content %}<h1>Zeichen</h1><p>{{ t }}</p>"
        "<p><strong>{{ t }}</strong></p><p><em>{{ t }}</em></p>{% endblock content %}"
    )
    options = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**options, "DIRS": [*options["DIRS"], tmp_path]}]

    paper = pdf.render("letters.html", {"t": " ".join(DIN_91379)}, title="Zeichen")

    text = pdf_text(paper)
    assert "\ufffd" not in text
    assert_pdf_ua_and_a(paper)


@pytest.mark.parametrize(
    "name",
    [
        "Prof. Dr. Łucja von und zu Größenwahn-Şahin",
        "Nguyễn Thị Ánh",
        "Mu\u0308ller",  # NFD
        "O’Connor-Đorđević ẞ",
        "Анна Παπαδοπούλου",
        "",
    ],
)
def test_names_of_europe_can_be_printed(name):
    assert missing_letters(name) == []
    assert missing_letters_sentence(name) == ""


def test_missing_letters_are_named_once_with_their_code_point():
    assert missing_letters("李雷 und 李") == ["李", "雷"]
    assert missing_letters_sentence("李雷") == (
        "Die Zeichen „李“ (U+674E) und „雷“ (U+96F7) können nicht gedruckt werden."
    )
    assert missing_letters_sentence("A李") == "Das Zeichen „李“ (U+674E) kann nicht gedruckt werden."


@pytest.mark.parametrize("code", [0x0, 0x7, 0xAD, 0x200B, 0x200D, 0x200F, 0x202E, 0x2066, 0x2028, 0xFEFF, 0xE000])
def test_invisible_characters_and_those_that_turn_the_text_are_refused(code):
    assert missing_letters(f"Anna{chr(code)}Berg") == [chr(code)]
    assert missing_letters_sentence(f"Anna{chr(code)}Berg") == (
        f"Das Zeichen U+{code:04X} (unsichtbar) kann nicht gedruckt werden."
    )


def test_a_letter_and_its_accent_must_come_from_one_font():
    assert missing_letters("李\u0308") == ["李\u0308"]
    assert missing_letters("M\u0302") == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Łódź\u00a0– 李\n", "Łódź\u00a0– [U+674E]\n"),
        ("An\u202ena\u200b \u0007be\u00adrät\ufeff", "Anna berät"),  # what turns the text or cannot be seen
        ("Zeile\u2028Zeile", "Zeile Zeile"),
        ("Neu\U0001f1fd \ue000", "Neu[U+1F1FD] [U+E000]"),  # half a flag, and a letter of somebody's own
        ("♥ ☺ ✓ © →", "♥ ☺ ✓ © →"),  # what DejaVu has stays a sign
        ("❤\ufe0f ☎\ufe0e", "❤ ☎"),
    ],
)
def test_printable_leaves_out_what_cannot_be_seen_and_names_what_no_font_has(text, shown):
    assert printable(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("👍", "(Daumen hoch)"),
        ("Weiter so👍!", "Weiter so (Daumen hoch)!"),
        ("So👍nicht", "So (Daumen hoch) nicht"),
        ("👍🎉", "(Daumen hoch) (Konfettibombe)"),
        ("👍👍👍", "(3 × Daumen hoch)"),
        ("👍🏽👍🏿 🏽", "(2 × Daumen hoch) "),  # the colour of a skin is nobody's business
        ("👨\u200d👩\u200d👧\u200d👦", "(Familie Mann Frau Mädchen und Junge)"),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "(Flagge England)"),
        ("🇩🇪 🇺🇸", "(Flagge Deutschland) (Flagge Vereinigte Staaten)"),
        ("1\ufe0f\u20e3", "(Taste 1)"),
        ("👩🏽\u200d💻 und 🧑\u200d🤝\u200d🧑", "(IT-Expertin) und (sich an den Händen haltende Personen)"),
        ("🙋\u200d♀\ufe0f", "(Frau mit erhobenem Arm)"),
        ("\U0001fae8", "(zitterndes Doppelgesicht)"),  # newer than Python's own table
        ("🧑\u200d🚀 ♈", "(Astronaut(in)) (Widder (Sternzeichen))"),
    ],
)
def test_emoji_is_told_in_words(text, shown):
    assert printable(text) == shown
    assert printable(shown) == shown


def test_name_of_an_emoji_is_refused_where_something_is_certified():
    assert missing_letters("Anna 👍") == ["👍"]


EVERY_KIND = "👍🏽 👨\u200d👩\u200d👧\u200d👦 🇩🇪 1\ufe0f\u20e3 ❤\ufe0f 🏴\U000e0067\U000e007f 🙂 \u202e \u200b 李"


@pytest.mark.verapdf
def test_emoji_in_a_pdf_stay_valid_and_are_read(settings, tmp_path):
    (tmp_path / "emoji.html").write_text(
        "{% extends 'pdf/base.html' %}{% block content %}<h1>{{ t }}</h1><p><strong>{{ t }}</strong></p>"
        "<p><em>{{ t }}</em></p>{% endblock content %}"
    )
    options = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**options, "DIRS": [*options["DIRS"], tmp_path]}]

    paper = pdf.render("emoji.html", {"t": EVERY_KIND}, title=EVERY_KIND)

    assert "(Daumen hoch) (Familie Mann Frau Mädchen und Junge) (Flagge Deutschland) (Taste 1) ❤" in pdf_text(paper)
    assert_pdf_ua_and_a(paper)
