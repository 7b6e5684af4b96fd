"""Addresses that were mistyped, and what was meant; nobody's real address is called a slip."""

import pytest

from netzkoord.lib.address_slips import PROVIDERS, meant_address


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("anna@gmial.com", "anna@gmail.com"),
        ("anna@gmal.com", "anna@gmail.com"),
        ("anna@gmaill.com", "anna@gmail.com"),
        ("anna@gmail.co", "anna@gmail.com"),
        ("anna@gmail.con", "anna@gmail.com"),
        ("anna@gnail.com", "anna@gmail.com"),
        ("anna@gmailcom", "anna@gmail.com"),
        ("anna@gmail", "anna@gmail.com"),
        ("anna@web.ed", "anna@web.de"),
        ("anna@webde", "anna@web.de"),
        ("anna@web,de", "anna@web.de"),
        ("anna@web..de", "anna@web.de"),
        ("anna@web.de.", "anna@web.de"),
        ("anna@wbe.de", "anna@web.de"),
        ("anna@gxm.de", "anna@gmx.de"),
        ("anna@gmx", "anna@gmx.de"),
        ("anna@tonline.de", "anna@t-online.de"),
        ("anna@t-onlien.de", "anna@t-online.de"),
        ("Anna@Stadt-Ulm.ed", "anna@stadt-ulm.de"),
        ("anna@stadt-ulmde", "anna@stadt-ulm.de"),
        ("anna@traeger.ogr", "anna@traeger.org"),
        (" anna@hotmial.de ", "anna@hotmail.de"),
    ],
)
def test_a_slip_is_told(typed, meant):
    assert meant_address(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        *[f"anna@{provider}" for provider in PROVIDERS],
        "anna@stadt-ulm.de",
        "anna@gmk.de",  # an office of three letters
        "anna@awo.de",
        "anna@wer.de",
        "anna@drk.org",
        "anna@web.com",
        "anna@gmx.eu",
        "anna@bund.de",
        "anna@mail.stadt.de",
        "anna@stadt.example",
        "anna@uni-köln.de",
        "anna@stadt.bayern",
        "anna@live.example",
        "",
        "@",
        "anna",
        "anna@",
        "@gmial.com",
        "anna@@gmial.com",
        "anna gmial.com",
        "anna b@gmial.com",
        "\u202eanna@gmial.com\n\n",
        "@" * 500,
        "a" * 10_000 + "@gmial.com",
    ],
)
def test_what_is_right_or_beyond_help_is_left_alone(typed):
    assert meant_address(typed) == ""


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_is_meant_needs_no_second_help(provider):
    for place in range(len(provider) - 1):
        swapped = provider[:place] + provider[place + 1] + provider[place] + provider[place + 2 :]
        meant = meant_address(f"anna@{swapped}")

        assert meant_address(meant) == ""
