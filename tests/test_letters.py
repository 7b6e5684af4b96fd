"""Every letter of DIN 91379 can be printed; what cannot is named."""

import unicodedata

import pytest

from netzkoord.lib import pdf
from netzkoord.lib.letters import charsets, missing_letters, missing_letters_sentence, needs_fallback, printable
from netzkoord.templatetags.typefaces import one_face
from tests.din_91379 import BETWEEN_LETTERS, COMBINED, DIN_91379, LETTERS
from tests.pdf import assert_pdf_ua_and_a, pdf_reader, pdf_text


def test_every_letter_of_din_91379_has_a_font():
    assert (len(LETTERS), len(COMBINED)) == (500, 151)
    assert [letter for letter in [*DIN_91379, *BETWEEN_LETTERS] if missing_letters(letter)] == []


def test_every_letter_of_din_91379_may_come_decomposed():
    decomposed = [unicodedata.normalize("NFD", letter) for letter in DIN_91379]

    assert [letter for letter in decomposed if missing_letters(letter)] == []


def fonts_on_paper(names):
    """The fonts by name that names take, as a certificate sets them."""
    styles = ["css/pdf/certificate.css"]
    found = set()
    for start in range(0, len(names), pdf.MAX_PAGES):
        part = names[start : start + pdf.MAX_PAGES]
        for page in pdf_reader(pdf.render("names.html", {"names": part}, title="Namen", styles=styles)).pages:
            fonts = page["/Resources"]["/Font"].values()
            found |= {str(font.get_object()["/BaseFont"]).partition("+")[2] for font in fonts}
    return found


def test_a_name_stands_in_one_font_whatever_letter_of_din_91379_it_has(settings, tmp_path):
    (tmp_path / "names.html").write_text(
        "{% extends 'pdf/base.html' %}{% load typefaces %}{% block content %}{% for name in names %}"
        "<p class='certificate'>{{ name|one_face }}</p>{% endfor %}{% endblock content %}"
    )
    options = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**options, "DIRS": [*options["DIRS"], tmp_path]}]
    names = [f"An{letter}na" for letter in DIN_91379]
    at_home = [name for name in names if not needs_fallback(name)]

    assert len(at_home) > 500
    assert fonts_on_paper(at_home) == {"Source-Sans"}
    assert fonts_on_paper([name for name in names if needs_fallback(name)]) == {"Noto-Sans"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Anna Größenwahn-Şahin Nguyễn M̂arija", False),
        ("Ȟaǧim", True),  # a letter that Source Sans lacks
        ("R̥̄ta", True),  # two accents: it sets the second one beside the first
        ("K̛im Z̧", True),  # the horn and the cedilla likewise
        ("Ķ̇ Ộ", True),
        ("Ộ ế ǘ", False),  # two accents in one letter of its own
        ("", False),
    ],
)
def test_whole_text_is_set_in_the_other_font_when_one_letter_needs_it(text, expected):
    assert needs_fallback(text) is expected
    assert one_face(text) == (f'<span class="face">{text}</span>' if expected else text)


def test_what_is_set_in_another_font_is_escaped_all_the_same():
    assert one_face("<b>Ȟ") == '<span class="face">&lt;b&gt;Ȟ</span>'


@pytest.mark.parametrize("code", [0x34F, 0x180B, 0xFE00, 0xFE0F, 0x2800, 0x3164, 0x115F, 0xE0100])
def test_characters_without_any_ink_are_refused(code):
    assert missing_letters(f"Anna{chr(code)}") != []


def test_no_font_counts_a_letter_without_ink():
    ours, fallback = charsets()

    assert not {0x20, 0xA0, 0x200B, 0x202E, 0x2066, 0x34F} & (ours | fallback)


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


@pytest.mark.parametrize(
    "code", [0x0, 0x7, 0xAD, 0x61C, 0x200B, 0x200D, 0x200F, 0x202E, 0x2060, 0x2066, 0x2069, 0x2028, 0xFEFF, 0xE000]
)
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
