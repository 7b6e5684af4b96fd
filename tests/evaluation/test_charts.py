import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netzkoord.lib import charts
from netzkoord.lib.charts import Segment

SVG = "{http://www.w3.org/2000/svg}"


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("tone", "letter"), list(zip(charts.TONES, charts.LETTERS, strict=True)))
def test_letters_on_every_tone_have_enough_contrast(tone, letter):
    assert contrast(tone, letter) >= 4.5


def test_lines_have_enough_contrast_on_paper():
    assert contrast(charts.LINE, "#ffffff") >= 4.5
    assert contrast(charts.MUTED, "#ffffff") >= 4.5
    assert contrast(charts.NEED, "#ffffff") >= 4.5


@given(st.lists(st.integers(0, 100), min_size=6, max_size=6).filter(any))
def test_stacked_bar_fills_the_whole_and_leaves_out_empty_parts(counts):
    segments = [Segment(str(i + 1), count, i) for i, count in enumerate(counts)]

    root = ElementTree.fromstring(charts.stacked_bar("Titel", segments))  # noqa: S314 -- our own text

    parts = [rect for rect in root.iter(f"{SVG}rect") if rect.get("fill") != "none"]
    assert len(parts) == sum(count > 0 for count in counts)
    assert sum(float(part.get("width")[:-1]) for part in parts) == pytest.approx(100, abs=0.01)
    assert [text.text for text in root.iter(f"{SVG}text") if text.get("font-weight")] == [
        str(c) for c in counts if c
    ]


@pytest.mark.parametrize(
    "chart",
    [
        charts.stacked_bar('"><script>', [Segment('"><script>', 1, 0)]),
        charts.gap_line('"><script>', skill=1, importance=4, lowest=1, highest=4),
    ],
)
def test_chart_has_its_title_literally_and_no_style_or_script(chart):
    root = ElementTree.fromstring(chart)  # noqa: S314 -- our own text

    assert root.find(f"{SVG}title").text == '"><script>'
    assert root.get("role") == "img"
    assert "<script" not in chart
    assert not re.search(r"\s(style|on\w+)=", chart)


def test_gap_line_marks_a_need_only_where_importance_exceeds_skill():
    assert charts.NEED in charts.gap_line("x", skill=1, importance=2, lowest=1, highest=4)
    assert charts.NEED not in charts.gap_line("x", skill=2, importance=2, lowest=1, highest=4)


@pytest.mark.parametrize(
    "chart",
    [
        charts.stacked_bar("x", [Segment("1", 2, 0)]),
        charts.share_bar("x", 0.5),
        charts.gap_line("x", skill=1, importance=2, lowest=1, highest=4),
        charts.gap_line("x", skill=2, importance=1, lowest=1, highest=4),
        charts.change_line("x", before=1, after=2, lowest=0, highest=4),
        charts.target_line("x", reached=1, target=2, lowest=0, highest=4),
    ],
)
def test_what_lies_on_the_page_itself_follows_its_scheme(chart):
    root = ElementTree.fromstring(chart)  # noqa: S314 -- our own text

    dark = {charts.LINE, charts.NEED}
    assert [
        part for part in root.iter() if {part.get("fill"), part.get("stroke")} & dark and not part.get("class")
    ] == []
