"""Keys of rows as they come in addresses and forms."""

import pytest

from netzkoord.lib.fields import LARGEST_KEY, row_key


@pytest.mark.parametrize("key", [1, 47, LARGEST_KEY])
def test_row_key_reads_plain_digits(key):
    assert row_key(str(key)) == key


@pytest.mark.parametrize(
    "text", ["", "x", "-1", "+1", "1.0", "1 ", "²", "١", "1_0", str(LARGEST_KEY + 1), "9" * 30, "9" * 5000]
)
def test_row_key_of_anything_else_is_none(text):
    assert row_key(text) is None
