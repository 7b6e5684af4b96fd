"""Fields drawn in Python look exactly like those that Django draws by template."""

import datetime

import pytest
from django import forms
from django.test.html import parse_html

from netzkoord.lib import widgets
from netzkoord.lib.fields import DateInput, TimeInput

STRANGE = '"><script>'
CHOICES = [("", "noch offen"), ("1", STRANGE), ("2", "zwei")]


@pytest.mark.parametrize(
    ("drawn", "usual", "value"),
    [
        (widgets.DrawnDate(), DateInput(), datetime.date(2027, 3, 1)),
        (widgets.DrawnDate(), DateInput(), STRANGE),
        (widgets.DrawnTime(), TimeInput(), datetime.time(9)),
        (widgets.DrawnNumber(), forms.NumberInput(), 90),
        (widgets.DrawnNumber(), forms.NumberInput(), None),
        (widgets.DrawnUrl(), forms.URLInput(), f"https://stadt.example/{STRANGE}"),
        (widgets.DrawnHidden(), forms.HiddenInput(), "a|b"),
        (widgets.DrawnCheckbox(), forms.CheckboxInput(), True),
        (widgets.DrawnCheckbox(), forms.CheckboxInput(), False),
        (widgets.DrawnSelect(choices=CHOICES), forms.Select(choices=CHOICES), "2"),
        (widgets.DrawnSelect(choices=CHOICES), forms.Select(choices=CHOICES), STRANGE),
    ],
)
def test_drawn_fields_are_the_same(drawn, usual, value):
    attrs = {"id": "id_x", "aria-invalid": "true", "required": False, "data-word": STRANGE}

    found, expected = (widget.render("x", value, attrs) for widget in (drawn, usual))

    assert parse_html(found) == parse_html(expected)


@pytest.mark.parametrize("drawn", [None, forms.Textarea(), widgets.DrawnUrl()])
def test_no_field_lets_the_browser_cut_what_is_pasted(drawn):
    class Sample(forms.Form):
        note = forms.CharField(max_length=3, widget=drawn)

    form = Sample({"note": "zu lang"})

    assert form.fields["note"].widget.attrs["maxlength"] == "3"
    assert "maxlength" not in str(form)
    assert "zu lang" in str(form)
    assert form.errors["note"]


def test_drawn_checkboxes_are_the_same_one_by_one():
    class Form(forms.Form):
        drawn = forms.MultipleChoiceField(choices=CHOICES, widget=widgets.DrawnCheckboxes)
        usual = forms.MultipleChoiceField(choices=CHOICES, widget=forms.CheckboxSelectMultiple)

    form = Form(initial={"drawn": ["2"], "usual": ["2"]})

    found = [option.tag().replace("drawn", "usual") for option in form["drawn"]]

    assert [parse_html(tag) for tag in found] == [parse_html(option.tag()) for option in form["usual"]]
