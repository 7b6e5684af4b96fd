"""What holds for every page: headers, cookies, no inline code; limits; the check for production."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import path, reverse

from netzkoord.lib.http import client_ip, client_network
from netzkoord.lib.limits import forget_expired_counters, limit_guesses, limit_submissions
from netzkoord.settings import CACHES

ROOT = Path(settings.BASE_DIR)
PRODUCTION = {
    "BASE_URL": "https://netzkoord.example",
    "ALLOWED_HOSTS": "netzkoord.example",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "BALLOT_SECRET": "zyxwvutsrqponmlkjihgfedcba9876543210",
    "DJANGO_SETTINGS_MODULE": "netzkoord.settings",
    "DEBUG": "false",
    "DEMO": "false",
    "DATABASE_URL": "sqlite:///:memory:",
}


def run_in_production(code: str) -> str:
    """The product's own settings, in a process of their own: as it would start on a server."""
    environment = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG")}
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{code}"],
        env=environment | PRODUCTION,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_check_for_production_finds_nothing():
    """Takes a process of its own: the settings read the environment once."""
    run_in_production(
        "from django.core.management import call_command\ncall_command('check', deploy=True, fail_level='WARNING')"
    )


@pytest.mark.slow
def test_production_redirects_to_https_and_marks_its_cookies():
    printed = run_in_production(
        """
from django.test import Client
plain = Client(headers={"host": "netzkoord.example"})
answer = plain.get("/konto/abmelden/")
print(answer.status_code, answer["Location"])
from django.conf import settings as s
print(s.SESSION_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.CSRF_COOKIE_SECURE, s.CSRF_COOKIE_HTTPONLY)
print(plain.get("/gesundheit/", secure=True)["Strict-Transport-Security"])
"""
    )

    assert printed.splitlines() == [
        "301 https://netzkoord.example/konto/abmelden/",
        "True True True True",
        "max-age=63072000; includeSubDomains; preload",
    ]


def test_foreign_host_is_refused(client, db):
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


def test_forwarded_host_changes_no_link(client, db):
    page = client.get(reverse("account_login"), headers={"x-forwarded-host": "evil.example"})

    assert "evil.example" not in page.content.decode()


def test_public_page_sends_the_headers_that_protect_it(client, db):
    response = client.get(reverse("account_login"))

    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    for directive in ["object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"]:
        assert directive in policy
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


@pytest.mark.parametrize("address", ["mfa_index", "account_list", "outbox", "legal_page_edit"])
def test_page_of_a_signed_in_person_is_kept_by_no_cache(client, organiser, address):
    client.force_login(organiser)

    response = client.get(reverse(address, args=["impressum"] if "legal" in address else []))

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert "Cookie" in response["Vary"]


def test_public_page_says_that_it_depends_on_the_cookie(client, db):
    """Its menu shows who is signed in."""
    assert "Cookie" in client.get(reverse("legal_page", args=["impressum"]))["Vary"]


def test_only_the_cookies_that_the_privacy_page_names_are_set(client, organiser):
    client.get(reverse("account_login"))
    client.post(reverse("account_request_login_code"), {"email": organiser.email}, follow=True)

    assert set(client.cookies) == {"csrftoken", "sessionid"}
    assert all(cookie["httponly"] for cookie in client.cookies.values())


def test_message_for_a_person_stays_in_the_session(client, organiser):
    client.force_login(organiser)

    response = client.post(reverse("legal_page_edit", args=["impressum"]), {"text": "x"})

    assert "messages" not in client.cookies
    assert list(get_messages(response.wsgi_request))


# Templates

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
NOT_ALLOWED = {
    "an inline style": re.compile(r"\sstyle\s*="),
    "an event attribute": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b"),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")"),
    "a foreign host": re.compile(r"(src|href)=\"(https?:)?//"),
    "an unescaped variable": re.compile(r"(?<!help_text)\|\s*safe\b"),  # hints are written by us
}
# A page that another program reads, never a browser of ours.
WITHOUT_POLICY = ("templates/mail/", "/pdf/")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: str(template.relative_to(ROOT)))
def test_template_has_no_inline_code(template):
    if any(place in str(template) for place in WITHOUT_POLICY):
        return
    text = template.read_text(encoding="utf-8")

    assert [name for name, pattern in NOT_ALLOWED.items() if pattern.search(text)] == []


@pytest.mark.parametrize(
    ("bad", "name"),
    [
        ('<p style="x">', "an inline style"),
        ('<a href="/" onclick="x">', "an event attribute"),
        ("<script>x</script>", "an inline script"),
        ('<script type="module">x</script>', "an inline script"),
        ('<img src="//evil.example/x">', "a foreign host"),
        ("{{ x|safe }}", "an unescaped variable"),
    ],
)
def test_scan_of_templates_finds(bad, name):
    assert NOT_ALLOWED[name].search(bad)


# Who is asking


def request_from(peer, forwarded=None) -> HttpRequest:
    extra = {"REMOTE_ADDR": peer} | ({"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {})
    return RequestFactory().get("/", **extra)


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "expected"),
    [
        ([], "192.0.2.1", None, "192.0.2.1"),
        ([], "192.0.2.1", "198.51.100.7", "192.0.2.1"),
        (["10.0.0.1"], "192.0.2.1", "198.51.100.7", "192.0.2.1"),
        (["10.0.0.1"], "10.0.0.1", "198.51.100.7", "198.51.100.7"),
        (["10.0.0.1"], "10.0.0.1", "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        (["10.0.0.0/8"], "10.9.9.9", "2001:db8::7", "2001:db8::7"),
        (["10.0.0.1"], "10.0.0.1", "nonsense", "10.0.0.1"),
        (["10.0.0.1"], "10.0.0.1", "198.51.100.7,", "10.0.0.1"),
        (["10.0.0.1"], "10.0.0.1", None, "10.0.0.1"),
        (["10.0.0.1"], "", "198.51.100.7", ""),
    ],
)
def test_client_address_is_believed_from_a_trusted_proxy_only(settings, proxies, peer, forwarded, expected):
    settings.TRUSTED_PROXIES = proxies

    request = request_from(peer, forwarded)

    assert client_ip(request) == expected
    assert get_adapter().get_client_ip(request) == expected


@pytest.mark.parametrize(
    ("peer", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("", ""),
    ],
)
def test_limits_count_one_customer_as_one(peer, network):
    assert client_network(request_from(peer)) == network


@limit_guesses
def guess(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Antwort")


@limit_submissions
def submit(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Antwort")


guess.login_required = submit.login_required = False  # type: ignore[attr-defined]
urlpatterns = [path("raten/", guess), path("senden/", submit)]
handler403 = "netzkoord.views.errors.permission_denied"


@pytest.fixture
def limited_urls(db):
    cache.clear()
    with override_settings(ROOT_URLCONF="tests.test_security"):
        yield


def test_guesses_are_limited_per_client(client, limited_urls):
    answers = [client.get("/raten/", REMOTE_ADDR="192.0.2.1") for _ in range(31)]

    assert [answer.status_code for answer in answers] == [200] * 30 + [429]
    assert answers[-1]["Retry-After"] == "60"
    assert "<h1>" in answers[-1].content.decode()
    assert client.get("/raten/", REMOTE_ADDR="192.0.2.2").status_code == 200


def test_guesses_cannot_be_spread_over_invented_addresses(client, limited_urls):
    answers = [
        client.get("/raten/", REMOTE_ADDR="192.0.2.1", headers={"x-forwarded-for": f"198.51.100.{n}"}).status_code
        for n in range(31)
    ]

    assert answers[-1] == 429


def test_submissions_are_limited_and_reading_is_not(client, limited_urls):
    assert {client.get("/senden/").status_code for _ in range(40)} == {200}
    assert [client.post("/senden/").status_code for _ in range(31)] == [200] * 30 + [429]


# Counters


@pytest.fixture
def real_counters(db, settings):
    """The cache of production in the database, in place of the tests' own in memory."""
    settings.CACHES = CACHES
    call_command("createcachetable", verbosity=0)


def test_counters_outlive_a_flood_of_others(real_counters):
    cache.set("guesses", 5, 300)

    for number in range(310):
        cache.set(f"invented-{number}", 1, 300)

    assert cache.get("guesses") == 5
    assert cache.get("invented-0") == 1


def test_expired_counters_are_deleted_and_living_ones_stay(real_counters):
    cache.set("expired", 5, -60)
    cache.set("alive", 5, 300)

    forget_expired_counters()

    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM netzkoord_cache")
        assert cursor.fetchall() == [(":1:alive",)]


def test_forgetting_needs_no_table_when_the_cache_is_another(db):
    assert forget_expired_counters() is None
