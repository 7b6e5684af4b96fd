"""Sentences that several apps say in the same way."""

import pytest
from django import forms
from django.core.exceptions import ValidationError

from netzkoord.lib.sentences import spans


@pytest.mark.parametrize(
    ("numbers", "words"),
    [([], ""), ([7], "7"), ([1, 2], "1–2"), ([9, 1, 2, 3, 7, 9], "1–3, 7, 9")],
)
def test_numbers_that_follow_each_other_are_said_as_a_span(numbers, words):
    assert spans(numbers) == words


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        (
            forms.CharField(max_length=3),
            "Netz",
            "Das sind 4 Zeichen, Platz ist für 3. Bitte kürzen Sie die Angabe.",
        ),
        (
            forms.CharField(min_length=3),
            "ja",
            "Das sind 2 Zeichen, nötig sind mindestens 3. Bitte ergänzen Sie die Angabe.",
        ),
        (
            forms.IntegerField(max_value=3),
            "4",
            "Das ist zu viel: Möglich ist höchstens 3. Bitte geben Sie weniger an.",
        ),
        (
            forms.IntegerField(min_value=3),
            "2",
            "Das ist zu wenig: Möglich ist mindestens 3. Bitte geben Sie mehr an.",
        ),
    ],
)
def test_every_field_says_what_to_do_where_a_limit_is_passed(field, value, sentence):
    with pytest.raises(ValidationError) as refused:
        field.clean(value)

    assert refused.value.messages == [sentence]
